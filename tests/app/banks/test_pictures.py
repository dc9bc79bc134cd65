"""Pictures of questions: brought in the form, kept once, refused with words."""

from __future__ import annotations

import io
import re
import threading
import zlib
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from webtest import Upload

from app.banks import pictures, queries
from app.banks.models import Bank, Picture, Question
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from tests.app.banks.samples import entered
from tests.app.banks.test_writing import NEW, errors, fill, form_of, press
from tests.page import Browser, check_page


def png(colour: str = "white", size: tuple[int, int] = (8, 8), form: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, form)
    return buffer.getvalue()


def uploaded(form: Any, content: bytes | None, alternative: str = "平面图", place: str = "stem") -> Any:
    """Choose a file, say what it shows and where it goes, and press the button."""
    form.enctype = "multipart/form-data"
    if content is not None:
        form["picture"] = Upload("plan.png", content)
    form["picture_alt"] = alternative
    form["picture_place"].force_value(place)
    return check_page(form.submit("do", value="upload"))


def writer(app: Flask) -> Browser:
    return entered(app, "city", Role.REGULATOR, "330100")


def kept() -> list[Picture]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Picture).order_by(Picture.digest)))


def test_a_picture_is_put_where_it_is_asked_for_and_shown(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/single_choice")), stem="见图 1 < 2（　　）。", option_A="甲", key="A")
    page = uploaded(form, png(), alternative='"平面"图 <1>')
    form = form_of(page)
    assert form["markup"].value == "html", "plain text becomes rich text, for only that shows pictures"
    found = re.search(r'<img src="picture:([0-9a-f]{64})"', form["stem"].value)
    assert found and form["stem"].value.startswith("见图 1 &lt; 2（　　）。")
    [picture] = kept()
    assert (picture.digest, picture.media_type, picture.width, picture.size) == (found[1], "image/png", 8, len(png()))
    assert page.html.select_one(".used img")["src"] == f"/banks/pictures/{found[1]}"
    form = form_of(uploaded(form, png("red"), place="option_B"))
    page = press(browser, form, "save")
    seen = page.html.find("section", attrs={"aria-labelledby": "as-seen"})
    addresses = [image["src"] for image in seen.find_all("img")]
    assert len(addresses) == 2 and seen.find("img")["alt"] == '"平面"图 <1>'
    assert [browser.web.get(address).content_type for address in addresses] == ["image/png"] * 2
    question = db.session.scalars(sa.select(Question)).one()
    assert len(queries.content_of(queries.current_of(question)).pictures) == 2


def test_a_picture_goes_into_a_part_of_a_case_study(app: Flask, bank: Bank) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/case_study")), stem="示例案例。", part__2__stem="第二问")
    form = form_of(uploaded(form, png(), place="part-2-stem"))
    assert "picture:" in form["part-2-stem"].value and "picture:" not in form["stem"].value


@pytest.mark.parametrize("place", ["part-9-stem", "part-x", "nowhere", ""])
def test_a_made_up_place_does_no_harm(app: Flask, bank: Bank, place: str) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/case_study")), stem="示例案例。")
    assert form_of(uploaded(form, png(), place=place))["stem"].value.startswith("示例案例。")


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        (None, "picture", "请选择一个图片文件"),
        (b"", "picture", "图片文件是空的"),
        (b"<svg onload='alert(1)'/>", "picture", "这不是 PNG、JPEG、GIF 或 WebP 图片"),
        (b"<html><script>alert(1)</script>", "picture", "这不是 PNG、JPEG、GIF 或 WebP 图片"),
        (png(form="BMP"), "picture", "这不是 PNG、JPEG、GIF 或 WebP 图片"),
        (png(size=(300, 300))[:-40], "picture", "图片已损坏"),
        (png() + b"\0" * 2 * 1024 * 1024, "picture", "图片超过 2 MB"),
        (png(size=(6000, 1)), "picture", "边长超过 5000"),
        (png(size=(4900, 4900)), "picture", "超过两千万像素"),
    ],
)
def test_what_is_no_good_picture_is_refused_and_nothing_that_was_filled_in_is_lost(
    app: Flask, bank: Bank, content: bytes | None, field: str, words: str
) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/single_choice")), stem="示例题干。", option_A="甲")
    page = uploaded(form, content)
    assert words in errors(page)[field]
    again = form_of(page)
    assert (again["stem"].value, again["option_A"].value, again["picture_alt"].value) == ("示例题干。", "甲", "平面图")
    assert kept() == []


def test_a_picture_wants_words_for_who_cannot_see_it(app: Flask, bank: Bank) -> None:
    form = form_of(writer(app).open(f"{NEW}/single_choice"))
    assert "说明图片的内容" in errors(uploaded(form, png(), alternative=" "))["picture_alt"]
    assert kept() == []


def test_the_same_bytes_are_kept_once(app: Flask) -> None:
    assert pictures.keep(png(), now=now()) == pictures.keep(png(), now=now())
    db.session.commit()
    assert len(kept()) == 1


def test_two_who_bring_the_same_picture_at_once_do_not_disturb_each_other(app: Flask) -> None:
    db.session.rollback()
    failed: list[Exception] = []
    gate = threading.Barrier(2)

    def bring() -> None:
        with app.app_context():
            try:
                gate.wait(timeout=30)
                pictures.keep(png("blue"), now=now())
                db.session.commit()
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=bring) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and len(kept()) == 1


def test_a_question_cannot_show_a_picture_that_nobody_has_brought(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    stem = f'<img src="picture:{"0" * 64}" alt="图">题干'
    form = fill(form_of(browser.open(f"{NEW}/true_false")), markup="html", stem=stem, truth="A")
    page = press(browser, form, "save")
    assert "不在题库里" in errors(page)["stem"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(app: Flask) -> None:
    header = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", b"\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00")
    bomb = header + _chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)) + _chunk(b"IEND", b"")
    with pytest.raises(ServiceError, match="picture_too_many_pixels"):
        pictures.keep(bomb, now=now())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
