"""The pictures of Moodle XML: files beside the texts that show them; nothing else is looked for."""

import base64
import hashlib

import pytest

from question_bank.formats import FORMATS, Reading
from tests.question_bank.drawn import picture

MOODLE = FORMATS["moodle_xml"]
STEM = "<questiontext format='html'><text><![CDATA[<p>示例</p>]]></text></questiontext>"
ANSWERS = (
    "<answer fraction='100'><text>甲</text></answer><answer fraction='0'><text>乙</text></answer><single>true</single>"
)


def read(inner: str) -> Reading:
    return MOODLE.read(f"<quiz><question type='multichoice'>{inner}</question></quiz>".encode(), "general")


def picture_file(data: bytes, name: str = "a b.png", path: str = "/") -> str:
    return f"<file name='{name}' path='{path}' encoding='base64'>{base64.b64encode(data).decode()}</file>"


def shown(address: str, *files: str) -> Reading:
    text = f"<text><![CDATA[看<img src='{address}' alt='阀门'>]]></text>"
    return read(f"<questiontext format='html'>{text}{''.join(files)}</questiontext>{ANSWERS}")


@pytest.mark.parametrize(
    ("address", "name", "path"),
    [
        ("@@PLUGINFILE@@/a%20b.png", "a b.png", "/"),
        ("@@PLUGINFILE@@/a%20b.png?time=1", "a b.png", "/"),
        ("@@PLUGINFILE@@/dir/阀.png", "阀.png", "/dir/"),
    ],
)
def test_pictures_come_in_from_the_files_beside_the_text(address: str, name: str, path: str) -> None:
    reading = shown(address, picture_file(picture(), name, path))
    digest = hashlib.sha256(picture()).hexdigest()
    assert reading.questions[0].stem == f'看<img src="picture:{digest}" alt="阀门">'
    assert list(reading.pictures) == [digest]
    assert "picture_left_out" not in {remark.code for remark in reading.remarks}


@pytest.mark.parametrize(
    ("address", "data", "reason"),
    [
        ("@@PLUGINFILE@@/other.png", picture(), "missing"),
        ("https://example.org/a.png", picture(), "picture_elsewhere"),
        ("file:///etc/passwd", picture(), "picture_elsewhere"),
        ("/etc/passwd", picture(), "missing"),
        ("@@PLUGINFILE@@/../../etc/passwd", picture(), "missing"),
        ("@@PLUGINFILE@@/a%20b.png", b"<svg/>", "picture_of_other_type"),
        ("@@PLUGINFILE@@/a%20b.png", picture("PNG", (90, 90))[:100], "picture_broken"),
        ("@@PLUGINFILE@@/a%20b.png", bytes(4 * 1024 * 1024), "picture_too_large"),
        ("picture:" + "0" * 64, picture(), "missing"),
        ("data:image/png;base64,!!!", picture(), "picture_broken"),
    ],
)
def test_a_picture_that_does_not_come_in_is_named_and_its_text_stands_there(
    address: str, data: bytes, reason: str
) -> None:
    reading = shown(address, picture_file(data))
    assert reading.questions[0].stem == "看[图：阀门]"
    told = [remark.data["reason"] for remark in reading.remarks if remark.code == "picture_left_out"]
    assert told == [reason]
    assert reading.pictures == {}


def test_pictures_of_one_name_stay_with_the_texts_that_they_stand_beside() -> None:
    """Every picture that is pasted into Moodle is called image.png."""
    drawn = [picture("PNG", (size, size)) for size in (10, 20, 30)]
    shows = '<text>&lt;img src="@@PLUGINFILE@@/image.png" alt=""&gt;</text>'
    stem, right, wrong = (f"{shows}{picture_file(data, 'image.png')}" for data in drawn)
    inner = f"<answer fraction='100'>{right}<feedback>{shows}</feedback></answer><answer fraction='0'>{wrong}</answer>"
    (question,) = read(f"<questiontext format='html'>{stem}</questiontext><single>true</single>{inner}").questions
    digests = [hashlib.sha256(data).hexdigest() for data in drawn]
    texts = [question.stem, *(option.text for option in question.options)]
    assert [f"picture:{digest}" in text for digest, text in zip(digests, texts, strict=True)] == [True, True, True]
    assert "<img" in question.options[0].feedback


def test_files_that_no_text_shows_are_told() -> None:
    link = f"<text>&lt;a href='@@PLUGINFILE@@/plan.png'&gt;图&lt;/a&gt;</text>{picture_file(picture(), 'plan.png')}"
    hint = f"<hint><text>想</text>{picture_file(picture(), 'b.png', '/x/')}</hint>"
    reading = read(f"<questiontext format='html'>{link}</questiontext>{ANSWERS}{hint}")
    (told,) = [remark.data for remark in reading.remarks if remark.code == "file_left_out"]
    assert told == {"count": 2, "names": ("/plan.png", "/x/b.png")}
    assert "file_left_out" not in {
        one.code for one in shown("@@PLUGINFILE@@/a%20b.png", picture_file(picture())).remarks
    }


def test_a_picture_of_old_that_the_file_only_names_is_told() -> None:
    reading = read(f"{STEM}{ANSWERS}<image>a/b c.gif</image>")
    (told,) = [remark.data for remark in reading.remarks if remark.code == "picture_left_out"]
    assert told == {"reason": "missing", "name": "@@PLUGINFILE@@/1.x/a/b%20c.gif"}
    assert reading.questions[0].stem == "示例\n[图]"
    assert read(f"{STEM}{ANSWERS}<image></image>").questions[0].stem == "示例"


def test_a_picture_beside_the_text_as_files_of_old_have_it() -> None:
    data = base64.b64encode(picture()).decode()
    more = f"<image>a/b.png</image><image_base64>{data}</image_base64>"
    reading = read(f"{STEM}{ANSWERS}{more}")
    assert "<img src=" in reading.questions[0].stem
    assert len(reading.pictures) == 1
