"""What holds for every format: round trip, recognition by content, limits, and no fault but a refusal."""

import random
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Format, Reading, left_out, limits, recognise
from question_bank.formats.markup.without import as_plain, without_pictures
from question_bank.formats.texts import decoded
from question_bank.questions import Option, Question
from tests.question_bank.recognising import recognised
from tests.question_bank.rich import PICTURES, full_lists, full_questions
from tests.question_bank.samples import (
    case_study,
    folded,
    multiple_choice,
    numeric,
    quick,
    short_answer,
    single_choice,
    thorough,
    true_false,
)

every_format = pytest.mark.parametrize("code", sorted(FORMATS))
BINARY = {"xlsx", "qti21", "qti22", "qti30"}
DIGEST = next(iter(PICTURES))
FULL = [
    single_choice("s-7", stem=f'<p>看<img src="picture:{DIGEST}" alt="阀门"><b>粗</b></p>', markup="html"),
    numeric("s-4", accepted="1..5", explanation="示例解析"),
    short_answer("s-5", "灭火器", "手提*灭火器", is_case_sensitive=True, source_from="2021-09-01"),
    case_study("s-6", source_to="2026-12-31"),
    true_false("s-1", key=("B",), explanation="示例解析", knowledge_point="法律/责任", difficulty=3),
    single_choice("s-2", stem="a < b & c {=~#:} \\n 50%", tags=("major_hazard_criteria", "x"), version=4),
    multiple_choice("s-3", source_document="《示例法》", source_article="第一条", difficulty=1),
]


def kept(question: Question, lost: tuple[str, ...]) -> dict[str, object]:
    """Return *question* without its bank and the fields *lost* (left_out)."""
    payload = question.to_payload()
    payload["options"] = [
        replace(
            option,
            weight="" if "weights" in lost else option.weight,
            feedback="" if "feedback" in lost else option.feedback,
        )
        for option in question.options
    ]
    return {name: value for name, value in payload.items() if name not in (*lost, "bank")}


def check_round_trip(form: Format, own: list[Question], reading: Reading) -> None:
    """Check that *reading* gives *own* back but for what left_out names."""
    assert reading.errors == ()
    lost = [left_out(form, question) for question in own]
    expected = [kept(question, fields) for question, fields in zip(own, lost, strict=True)]
    assert [kept(question, fields) for question, fields in zip(reading.questions, lost, strict=True)] == expected


def fit_for(form: Format, questions: list[Question]) -> list[Question]:
    """Return the questions that *form* carries; for Aiken in plain lines, each stem once."""
    own = [question for question in questions if form.carries(question)]
    if form.code != "aiken":
        return own
    plain = (as_plain(question) for question in own)
    return [
        replace(question, stem=f"示例{number} {' '.join(question.stem.split())}", options=in_lines(question))
        for number, question in enumerate(plain)
        if len({folded(option.text) for option in question.options}) == len(question.options)
    ]


def in_lines(question: Question) -> tuple[Option, ...]:
    return tuple(replace(option, text=" ".join(option.text.split())) for option in question.options)


def outcome(form: Format, data: bytes) -> Reading | FileRefusedError:
    """Return what reading *data* comes to; anything but a reading or a refusal is raised."""
    try:
        return form.read(data, "general")
    except FileRefusedError as refusal:
        return refusal


@every_format
@quick
@given(data=st.data())
def test_what_is_written_comes_back_equal(code: str, data: st.DataObject) -> None:
    """Export then import gives equal questions: for every format and kind, with weights, feedback, HTML, pictures."""
    form = FORMATS[code]
    own = fit_for(form, data.draw(full_lists(tuple(sorted(form.kinds)), "pictures" in form.fields)))
    if not own:
        return
    written = form.write(own, pictures=PICTURES)
    reading = form.read(written, "general")
    check_round_trip(form, own, reading)
    assert recognise(written).code == code
    shown = {digest for question in own if "pictures" in form.fields for digest in question.pictures}
    assert dict(reading.pictures) == {digest: PICTURES[digest] for digest in shown}


@every_format
@quick
@given(data=st.data())
def test_a_question_that_a_format_does_not_carry_is_refused_and_no_other(code: str, data: st.DataObject) -> None:
    form = FORMATS[code]
    question = data.draw(full_questions())
    if left_out(form, question) != ("kind",):
        assert form.write([question], pictures=PICTURES)
        return
    with pytest.raises(FileRefusedError) as refusal:
        form.write([question], pictures=PICTURES)
    assert refusal.value.code == "not_carried"


@every_format
def test_a_question_of_every_kind_comes_back_with_all_that_the_format_carries(code: str) -> None:
    form = FORMATS[code]
    own = [question for question in FULL if form.carries(question) and "markup" not in left_out(form, question)]
    without = [question if "pictures" in form.fields else without_pictures(question) for question in own]
    check_round_trip(form, without, form.read(form.write(own, pictures=PICTURES), "general"))


@every_format
def test_a_kind_that_the_format_cannot_carry_is_refused_by_name_and_never_dropped(code: str) -> None:
    form = FORMATS[code]
    for question in FULL:
        if question.kind in form.kinds:
            assert "kind" not in left_out(form, question)
            continue
        assert left_out(form, question) == ("kind",)
        with pytest.raises(FileRefusedError) as refusal:
            form.write([question])
        assert (refusal.value.code, refusal.value.data["question"]) == ("not_carried", question.code)


def test_fields_that_would_be_lost_are_told_unless_they_hold_their_default() -> None:
    assert left_out(FORMATS["aiken"], single_choice("s-9", explanation="示例", difficulty=3)) == (
        "code",
        "version",
        "explanation",
        "difficulty",
    )
    weighted = single_choice("s-9", options=tuple(
        replace(one, weight="100" if one.key == "B" else "0", feedback="示例") for one in single_choice().options
    ))  # fmt: skip
    assert left_out(FORMATS["aiken"], weighted) == ("code", "version", "weights", "feedback")
    digest = next(iter(PICTURES))
    shown = single_choice("s-9", stem=f'看<img src="picture:{digest}">', markup="html")
    assert left_out(FORMATS["aiken"], shown) == ("code", "version", "markup", "pictures")
    assert left_out(FORMATS["csv"], shown) == left_out(FORMATS["gift"], shown) == ("pictures",)
    assert left_out(FORMATS["moodle_xml"], shown) == left_out(FORMATS["qti30"], shown) == ()
    assert all(left_out(FORMATS[code], case_study()) == () for code in ("xlsx", "csv", "qti21", "qti22", "qti30"))
    assert left_out(FORMATS["gift"], case_study()) == left_out(FORMATS["moodle_xml"], case_study()) == ("kind",)
    several = single_choice("s-9", key=("A", "B"), options=tuple(
        replace(one, weight="100" if one.key in "AB" else "0") for one in single_choice().options
    ))  # fmt: skip
    assert left_out(FORMATS["aiken"], several) == ("kind",)


@every_format
def test_the_template_is_recognised_and_reads_without_errors(code: str) -> None:
    form = FORMATS[code]
    template = form.template()
    assert recognise(template) is form
    reading = form.read(template, "general")
    assert reading.errors == ()
    assert {question.kind for question in reading.questions} == form.kinds
    assert all("示例" in question.stem and question.code.startswith("general-") for question in reading.questions)


@every_format
def test_a_file_beyond_the_limit_is_refused_by_its_size(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = FORMATS[code]
    template = form.template()
    monkeypatch.setattr(limits, "MOST_BYTES", len(template) - 1)
    monkeypatch.setattr("question_bank.formats.xlsx.MOST_BYTES", len(template) - 1)
    for reading in (lambda: form.read(template, "general"), lambda: recognise(template)):
        with pytest.raises(FileRefusedError) as refusal:
            reading()
        assert refusal.value.code == "file_too_large"


@every_format
def test_an_empty_file_is_refused(code: str) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        FORMATS[code].read(b"", "general")
    assert refusal.value.code == "empty_file"


@every_format
def test_more_questions_than_allowed_are_not_written(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 2)
    monkeypatch.setattr("question_bank.formats.xlsx.MOST_ROWS", 2)
    with pytest.raises(FileRefusedError) as refusal:
        FORMATS[code].write([single_choice(f"s-{number}") for number in range(3)])
    assert refusal.value.code == "too_many_rows"


def mangled(data: bytes, seed: int) -> bytes:
    """Return *data* with up to eight pieces removed, doubled, changed or put elsewhere."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(made) + 1)
        piece = made[start : start + chance.choice([1, 2, 5, 40])]
        action = chance.randrange(5)
        if action == 0:
            del made[start : start + len(piece)]
        elif action == 1:
            made[start:start] = piece * chance.choice([1, 3, 50])
        elif action == 2:
            made[start:start] = chance.choice(
                [b"\x00", b"{", b"}", b"<", b">", b'"', b"&#x0;", b"\xff", b"~%9%", b"\n"]
            )
        elif action == 3:
            made[start : start + len(piece)] = bytes(chance.randrange(256) for _ in piece)
        else:
            goal = chance.randrange(len(made) + 1)
            made[goal:goal] = piece
    return bytes(made)


@every_format
@thorough
@given(seed=st.integers(0, 2**32))
def test_a_mangled_file_is_read_or_refused_and_nothing_else(code: str, seed: int) -> None:
    form = FORMATS[code]
    data = mangled(form.write([one for one in FULL if form.carries(one)], pictures=PICTURES), seed)
    result = outcome(form, data)
    if code in BINARY:
        return
    if isinstance(result, FileRefusedError):
        assert result.data["line"] >= 1 or result.code == "file_too_large"  # type: ignore[operator]
    else:
        assert all(place.line >= 1 for place in (*result.errors, *result.rows, *result.remarks))


def mangled_inside(data: bytes, seed: int) -> bytes:
    """Return the archive *data* with one of its files mangled, so that what is read is not the archive's own check."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        names = [name for name in source.namelist() if name.endswith((".xml", ".rels", ".png"))]
        chosen = random.Random(seed).choice(names)
        for name in source.namelist():
            content = source.read(name)
            made.writestr(name, mangled(content, seed) if name == chosen else content)
    return target.getvalue()


@pytest.mark.parametrize("code", sorted(BINARY))
@thorough
@given(seed=st.integers(0, 2**32))
def test_an_archive_with_a_mangled_file_is_read_or_refused_and_nothing_else(code: str, seed: int) -> None:
    form = FORMATS[code]
    data = mangled_inside(form.write([one for one in FULL if form.carries(one)], pictures=PICTURES), seed)
    result = outcome(form, data)
    if code != "xlsx" and isinstance(result, Reading):
        assert all(place.line >= 1 for place in (*result.errors, *result.rows, *result.remarks))


@every_format
@quick
@given(seed=st.integers(0, 2**32))
def test_a_mangled_file_is_recognised_as_something_or_refused(code: str, seed: int) -> None:
    form = FORMATS[code]
    data = mangled(form.template(), seed)
    is_known = recognised(data) not in ("unknown_format", "broken_archive")
    assert any(one.recognises(data) for one in FORMATS.values()) == is_known


@every_format
@quick
@given(data=st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(code: str, data: bytes) -> None:
    result = outcome(FORMATS[code], data)
    assert isinstance(result, FileRefusedError) or result.rows or result.errors


TEXTS = [code for code in sorted(FORMATS) if code in ("csv", "gift", "aiken", "moodle_xml")]


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_questions(code: str, encoding: str, line_end: str) -> None:
    form = FORMATS[code]
    text = form.template().decode("utf-8-sig").replace("\r\n", "\n")
    text = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    data = text.replace("\n", line_end).encode(encoding)
    assert recognise(data) is form
    assert form.read(data, "general").questions == form.read(form.template(), "general").questions


@pytest.mark.parametrize("code", TEXTS)
def test_a_character_that_no_text_holds_is_named_with_its_line(code: str) -> None:
    lines = FORMATS[code].template().decode("utf-8-sig").split("\n")
    for sign in ("\x00", "\ufdd0"):
        broken = "\n".join([*lines[:2], f"{sign}", *lines[2:]]).encode()
        with pytest.raises(FileRefusedError) as refusal:
            FORMATS[code].read(broken, "general")
        assert (refusal.value.code, refusal.value.data["line"]) == ("forbidden_character", 3)


@pytest.mark.parametrize("code", TEXTS)
def test_bytes_that_are_no_text_are_named_with_their_line(code: str) -> None:
    lines = FORMATS[code].template().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    broken = b"\n".join([*lines[:2], b"\xff\xff\xff", *lines[2:]])
    with pytest.raises(FileRefusedError) as refusal:
        FORMATS[code].read(broken, "general")
    assert (refusal.value.code, refusal.value.data["line"]) == ("unreadable_text", 3)


@pytest.mark.parametrize("code", TEXTS)
def test_western_text_of_old_is_not_taken_for_chinese(code: str) -> None:
    """Windows-1252 decodes as GB18030, to characters that nobody uses: such a file is refused, with the line."""
    lines = FORMATS[code].template().decode("utf-8-sig").encode("ascii", "ignore").split(b"\n")
    western = b"\n".join([*lines[:2], "// déjà aödf für naïve".encode("cp1252"), *lines[2:]])
    with pytest.raises(FileRefusedError) as refusal:
        FORMATS[code].read(western.replace(b'encoding="UTF-8"', b""), "general")
    assert (refusal.value.code, refusal.value.data["line"]) == ("unreadable_text", 3)


@pytest.mark.parametrize("text", ["朱镕基", "題庫管理與電動車變換", "€ 5", "plain"])
def test_chinese_with_rare_and_with_traditional_characters_is_read(text: str) -> None:
    assert decoded(text.encode("gb18030")) == text
