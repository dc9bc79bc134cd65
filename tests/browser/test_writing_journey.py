"""A regulator writes a case study with rich text and a picture; another looks at it as a candidate will."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Opened, shoot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def picture() -> FilePayload:
    image = Image.new("RGB", (640, 360), "white")
    ImageDraw.Draw(image).rectangle((80, 60, 560, 300), outline="black", width=6)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return {"name": "plan.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def test_a_case_study_with_rich_text_and_a_picture_is_written_step_by_step(desktop: Opened) -> None:
    page = desktop()
    sign_in(page, "province")
    page.goto("/banks/metal_smelting")
    page.get_by_text("新建试题").click()
    shoot(page, "bank-new-question")
    page.get_by_role("link", name="案例题").click()
    write_stem(page)
    add_picture(page)
    first_part(page)
    second_part(page)
    page.get_by_label("法规依据").fill("示例标准")
    page.get_by_label("条文").fill("第 4.1 条")
    page.get_by_label("知识点").fill("示例知识点")
    page.locator("#explanation").fill("示例解析。")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("heading", name="预览：考生看到的样子")).to_be_visible()
    shoot(page, "write-case-study")
    page.get_by_role("button", name="保存草稿").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("是草稿")
    shoot(page, "question-case-study")
    assert page.locator(".stem img").first.evaluate("image => image.naturalWidth") == 640


def write_stem(page: Page) -> None:
    """A sentence, a table and a sentence with sub- and superscripts."""
    expect(page.locator("form.enhanced")).to_be_attached()
    editor = page.locator(".editor").first
    page.locator("#stem").click()
    page.keyboard.type("某金属冶炼企业的煤气柜区（见图）布置如下：")
    editor.get_by_role("button", name="插入表格").click()
    editor.locator("th").first.click()
    for text in ("设施", "间距（m）", "煤气柜", "12.5"):
        page.keyboard.type(text)
        if text != "12.5":
            page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    for text, key in (
        ("柜内 CO", "Control+Shift+Comma"),
        ("2", "Control+Shift+Comma"),
        (" 含量超过 10", "Control+Shift+Period"),
        ("3", "Control+Shift+Period"),
    ):
        page.keyboard.type(text)
        page.keyboard.press(key)
    page.keyboard.type(" mg/m³。")


def add_picture(page: Page) -> None:
    page.locator(".editor").first.get_by_role("button", name="插入图片").click()
    expect(page.locator("#picture")).to_be_focused()
    expect(page.locator("#picture_place")).to_have_value("stem")
    page.get_by_label("图片文件").set_input_files(picture())
    page.get_by_role("button", name="上传并插入").click()
    expect(page.locator("#picture_alt-error")).to_contain_text("说明图片的内容")
    page.get_by_label("图片文件").set_input_files(picture())
    page.get_by_label("图片说明").fill("煤气柜区平面图")
    page.get_by_role("button", name="上传并插入").click()
    expect(page.locator("#stem img")).to_have_attribute("alt", "煤气柜区平面图")
    expect(page.locator("form.writing code")).to_be_hidden()
    page.get_by_label("这张图片的说明").fill("煤气柜区平面图，标有两座设施")
    field = page.locator("form.writing textarea[name=stem]")
    expect(field).to_have_value(re.compile(r'<img src="picture:[0-9a-f]{64}" alt="煤气柜区平面图，标有两座设施">'))


def first_part(page: Page) -> None:
    page.locator("#part-1-stem").fill("两座设施的间距应不小于多少？")
    page.locator("#part-1-kind").select_option("numeric")
    page.get_by_role("button", name="更换题型").first.click()
    expect(page.locator("#part-1-stem")).to_have_text("两座设施的间距应不小于多少？")
    page.locator("#part-1-option_A").fill("12.5")
    page.locator("#part-1-tolerance_A").fill("0.1")
    page.locator("#part-1-unit").fill("米")


def second_part(page: Page) -> None:
    page.locator("#part-2-stem").fill("下列哪一项是示例？")
    for letter, text in zip("ABC", ("示例甲", "示例乙", "示例丙"), strict=True):
        page.locator(f"#part-2-option_{letter}").fill(text)
    page.locator("[name=part-2-key][value=B]").check()


@pytest.mark.parametrize("kind", ["single_choice", "numeric", "case_study"])
def test_the_form_fits_a_phone(phone: Opened, kind: str) -> None:
    page = phone()
    sign_in(page, "province")
    page.goto(f"/banks/general/questions/new/{kind}")
    for more in page.locator("form.writing details > summary").all():
        more.click()
    shoot(page, f"write-{kind}-phone")
    page.get_by_role("button", name="保存草稿").last.click()
    expect(page.locator("#errors")).to_be_visible()
    shoot(page, f"write-{kind}-errors")
