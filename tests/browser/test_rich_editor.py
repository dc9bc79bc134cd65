"""The editor of a question's texts: what it shows, what it sends, what it takes from elsewhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import Opened, Site, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORD = (
    "<html><head><style>p { margin: 0 }</style></head><body><p class='MsoNormal'><span lang='EN-US'>第一段</span></p>\n"
    "<p class='MsoNormal'>第二段</p></body></html>"
)
DOCUMENT = (
    '<b style="font-weight:normal"><p><span style="font-weight:700">重</span>点 <a href="javascript:alert(1)">链接</a>'
    '<script>document.title = "x"</script><img src="x" onerror="document.title = \'x\'"></p>'
    '<table onclick="x()"><tr><td colspan="2" width="9">格</td></tr></table></b>'
)
PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const pasted = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(pasted);
}"""


@pytest.fixture
def writing(desktop: Opened) -> Page:
    """The form of a new single choice."""
    return opened(desktop, "/banks/general/questions/new/single_choice")


def opened(desktop: Opened, address: str) -> Page:
    page = desktop()
    sign_in(page, "province")
    page.goto(address)
    expect(page.locator("form.enhanced")).to_be_attached()
    return page


def sent(page: Page, name: str = "stem") -> tuple[str, str]:
    """Return the markup and the text that the form would send."""
    value = "name => document.querySelector(`form.writing [name=${name}]`).value"
    return page.evaluate(value, "markup"), page.evaluate(value, name)


def tool(page: Page, name: str) -> Locator:
    return page.locator(".editor").first.get_by_role("button", name=name, exact=True)


def test_plain_text_stays_plain_until_something_is_formatted(writing: Page) -> None:
    writing.locator("#option_A").fill("甲 & 乙")
    stem = writing.locator("#stem")
    stem.click()
    writing.keyboard.type("1 < 2  ")
    writing.keyboard.press("Enter")
    writing.keyboard.type("第二行")
    assert sent(writing) == ("plain", "1 < 2  \n第二行")
    writing.keyboard.press("Control+b")
    writing.keyboard.type("重点")
    assert sent(writing) == ("html", "1 &lt; 2&nbsp; <br>第二行<b>重点</b>")
    assert sent(writing, "option_A") == ("html", "甲 &amp; 乙")
    stem.fill("又是普通的文字")
    assert sent(writing) == ("plain", "又是普通的文字")
    assert sent(writing, "option_A") == ("plain", "甲 & 乙")


def test_what_is_saved_is_what_was_seen_and_comes_back_unchanged(writing: Page) -> None:
    writing.locator("#stem").click()
    for text, key in (
        ("CO", "Control+Shift+Comma"),
        ("2", "Control+Shift+Comma"),
        (" 与 10", "Control+Shift+Period"),
        ("3", "Control+Shift+Period"),
        ("？", ""),
    ):
        writing.keyboard.type(text)
        if key:
            writing.keyboard.press(key)
    for letter, text in zip("ABC", ("甲", "乙", "丙"), strict=True):
        writing.locator(f"#option_{letter}").fill(text)
    writing.get_by_role("group", name="选项B").get_by_role("radio").check()
    writing.get_by_role("button", name="保存草稿").last.click()
    stem = writing.locator("section[aria-labelledby=as-seen] .stem")
    expect(stem).to_have_text("CO2 与 103？")
    assert stem.inner_html() == "CO<sub>2</sub> 与 10<sup>3</sup>？"
    writing.get_by_role("link", name="编辑", exact=True).click()
    expect(writing.locator("#stem sub")).to_have_text("2")
    writing.get_by_role("button", name="保存草稿").last.click()
    expect(writing.locator("#errors")).to_contain_text("内容没有变化")


def test_lists_and_tables_are_made_and_changed(writing: Page) -> None:
    writing.locator("#stem").click()
    tool(writing, "项目列表").click()
    writing.keyboard.type("甲")
    writing.keyboard.press("Enter")
    writing.keyboard.type("乙")
    assert sent(writing) == ("html", "<ul><li>甲</li><li>乙</li></ul>")
    expect(tool(writing, "项目列表")).to_have_attribute("aria-pressed", "true")
    writing.locator("#explanation").click()
    explanation = writing.locator(".editor", has=writing.locator("#explanation"))
    explanation.get_by_role("button", name="插入表格").click()
    explanation.locator("th").first.click()
    for text in ("设施", "间距", "煤气柜", "12.5"):
        writing.keyboard.type(text)
        if text != "12.5":
            writing.keyboard.press("Tab")
    explanation.get_by_role("button", name="加行").click()
    writing.keyboard.type("新")
    head, row = "<tr><th>设施</th><th>间距</th></tr>", "<tr><td>煤气柜</td><td>12.5</td></tr>"
    added = "<tr><td><br></td><td>新</td></tr>"
    assert sent(writing, "explanation")[1] == f"<table><tbody>{head}{row}{added}</tbody></table>"
    explanation.get_by_role("button", name="删行").click()
    assert sent(writing, "explanation")[1] == f"<table><tbody>{head}{row}</tbody></table>"
    for _cell in range(2):
        writing.keyboard.press("Tab")
    assert writing.evaluate("document.activeElement.id") != "explanation", "no cell holds the keyboard"


@pytest.mark.parametrize(
    ("html", "text", "expected"),
    [
        (WORD, "", ("plain", "第一段\n第二段")),
        ("", "普通\r\n<b>文字</b>", ("plain", "普通\n<b>文字</b>")),
        (
            DOCUMENT,
            "",
            ("html", '<p><b>重</b>点 链接</p><table><tbody><tr><td colspan="2">格</td></tr></tbody></table>'),
        ),
    ],
)
def test_what_is_pasted_is_reduced_to_what_a_question_may_hold(
    writing: Page, html: str, text: str, expected: tuple[str, str]
) -> None:
    writing.locator("#stem").click()
    writing.evaluate(PASTE, [html, text])
    assert sent(writing) == expected
    assert writing.title() != "x"
    if html == DOCUMENT:
        expect(writing.locator("[role=status]", has_text="图片没有带过来")).to_be_visible()


def test_the_source_can_be_written_too_and_shows_no_more_than_is_allowed(writing: Page) -> None:
    tool(writing, "源码").click()
    source = writing.locator(".editor .source").first
    expect(source).to_be_focused()
    source.fill('<p onclick="x()">一</p><script>1</script><p>10<sup>3</sup></p>')
    assert sent(writing) == ("html", "<p>一</p><p>10<sup>3</sup></p>")
    expect(tool(writing, "加粗")).to_have_attribute("aria-disabled", "true")
    tool(writing, "源码").click()
    expect(writing.locator("#stem sup")).to_have_text("3")


def test_the_toolbar_is_one_stop_of_the_keyboard_and_says_what_it_belongs_to(writing: Page) -> None:
    toolbar = writing.get_by_role("toolbar").first
    expect(toolbar).to_have_attribute("aria-label", "排版： 题干")
    expect(toolbar).to_have_attribute("aria-controls", "stem")
    assert toolbar.locator("button[tabindex='0']").count() == 1
    writing.locator("#stem").focus()
    writing.keyboard.press("Shift+Tab")
    expect(tool(writing, "加粗")).to_be_focused()
    writing.keyboard.press("ArrowRight")
    writing.keyboard.press("Enter")
    writing.keyboard.type("斜")
    assert sent(writing)[1] == "<i>斜</i>"
    expect(tool(writing, "斜体")).to_have_attribute("aria-pressed", "true")
    expect(writing.get_by_role("textbox", name="题干", exact=True)).to_be_focused()


def test_without_a_script_the_fields_take_the_text(site: Site, desktop: Opened) -> None:
    page = desktop()
    context = page.context.browser.new_context(base_url=site.url, locale="zh-CN", java_script_enabled=False)
    try:
        page = context.new_page()
        sign_in(page, "province")
        page.goto("/banks/general/questions/new/true_false")
        page.get_by_label("题干", exact=True).fill("没有脚本也能写的示例判断题。")
        page.get_by_role("button", name="多选题").click()
        expect(page.get_by_label("题干", exact=True)).to_have_value("没有脚本也能写的示例判断题。")
        page.get_by_label("选项A", exact=True).fill("甲")
        page.get_by_role("button", name="增加选项").click()
        expect(page.get_by_label("选项E", exact=True)).to_be_visible()
        expect(page.get_by_label("选项A", exact=True)).to_have_value("甲")
    finally:
        context.close()


def test_who_leaves_with_something_unsaved_is_asked_and_who_saves_is_not(writing: Page) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    writing.on("dialog", answer)
    writing.locator("#stem").fill("没有保存的题干")
    writing.get_by_role("button", name="预览").click()
    expect(writing.locator("#errors")).to_be_focused()  # the page's script has run
    assert asked == []
    writing.get_by_role("link", name="取消").click()
    expect(writing).to_have_url(re.compile("/banks/general$"))
    assert asked == ["beforeunload"]
