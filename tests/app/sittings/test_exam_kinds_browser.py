"""Every kind of question in a real browser: typed without a network, found again, kept from scripts, handed in."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Browser, BrowserContext, Page, expect

from question_bank.kinds.numeric import number_in
from question_bank.options import Option
from question_bank.papers import Paper
from tests.app.sittings.browsing import KILLED, entered, held
from tests.app.sittings.exam import opened
from tests.app.sittings.kinds import give, model_answers, paper_of_every_kind
from tests.app.sittings.test_exam_kinds import kept_picture
from tests.browser.conftest import shoot
from tests.question_bank import samples
from tests.question_bank.typed_numbers import COMBINED, WRITTEN
from tests.serving import DESKTOP, SCRIPTS

pytestmark = SCRIPTS
NUMERIC, SHORT, CASE = 4, 5, 6


def begun(site: str, device: BrowserContext, paper: Paper | None = None) -> tuple[Page, Paper]:
    """A candidate in front of the first question of a paper, the whole of it already on the device."""
    exam = opened()
    paper = give(exam.start(), paper or paper_of_every_kind())
    page = entered(site, device, exam.candidates[0])
    page.wait_for_url("**/exam/**")
    expect(page.locator("#flag")).to_be_visible()
    return page, paper


def to(page: Page, position: int) -> None:
    """Turn to a question by the answer sheet."""
    if page.locator("details.sheet[open]").count() == 0:
        page.locator("#tally").click()
    page.locator(f"#grid button[value='{position}']").click()
    expect(page.locator("#place")).to_contain_text(f"第 {position} /")


def answer(page: Page, response: list[str]) -> None:
    """Put *response* into the question on the page: rows are chosen by their letter, typed answers key by key."""
    units = page.locator("[data-answer]")
    is_of_parts = page.locator("[data-input=parts]").count() == 1
    for place, own in enumerate(response if is_of_parts else ["\n".join(response)]):
        unit = units.nth(place)
        if unit.locator("input[type=text]").count():
            unit.locator("input[type=text]").press_sequentially(own)
        else:
            for letter in own.replace("\n", ""):
                unit.locator("label", has=page.locator(f"input[value='{letter}']")).click()


def test_every_kind_is_answered_and_looks_right_on_a_phone(site: str, device: BrowserContext) -> None:
    page, paper = begun(site, device)
    right = model_answers(paper)
    for position in right:
        answer(page, right[position])
        shoot(page, f"exam-kind-{position}")
        page.locator("#next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("全部 6 题已作答")
    assert held() == right, "the last answer, typed just before, has arrived too"
    page.get_by_role("button", name="确认交卷").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("合格，30 分")


def test_every_kind_looks_right_on_a_desktop(site: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=DESKTOP, locale="zh-CN")
    page, _paper = begun(site, context)
    for position in (NUMERIC, SHORT, CASE):
        to(page, position)
        shoot(page, f"exam-kind-{position}-desktop")
    context.close()


def test_what_was_typed_without_a_network_is_sent_when_the_closed_page_is_opened_again(
    site: str, device: BrowserContext
) -> None:
    device.add_init_script(KILLED)
    page, paper = begun(site, device)
    right = model_answers(paper)
    device.set_offline(True)
    for position in right:
        to(page, position)
        answer(page, right[position])
    to(page, 1)
    expect(page.locator("#saved")).to_contain_text("6 题暂存在本机")
    page.close()
    assert held() == {}
    device.set_offline(False)
    again = device.new_page()
    again.goto(site)
    expect(again.locator("#saved")).to_contain_text("已保存 6 题")
    assert held() == right
    for position, response in right.items():
        to(again, position)
        assert shown(again) == response


def shown(page: Page) -> list[str]:
    """What the inputs on the page say, read anew."""
    found: list[str] = page.evaluate(
        """() => {
          const asked = document.querySelector("[data-input]");
          const own = (unit) => [...unit.querySelectorAll("input")]
            .filter((one) => one.type === "text" || one.checked).map((one) => one.value);
          const units = [...asked.querySelectorAll("[data-answer]")].map(own);
          return asked.dataset.input === "parts" ? units.map((one) => one.join("")) : units[0];
        }"""
    )
    return found


def test_a_typed_answer_is_saved_in_a_pause_without_leaving_the_field(site: str, device: BrowserContext) -> None:
    page, _paper = begun(site, device)
    to(page, SHORT)
    page.locator("#answer").press_sequentially("干粉灭火器")
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    assert held() == {SHORT: ["干粉灭火器"]}
    assert page.evaluate("document.activeElement.id") == "answer"


def test_nothing_typed_is_lost_by_turning_the_page_at_once_or_going_back(site: str, device: BrowserContext) -> None:
    page, _paper = begun(site, device)
    to(page, NUMERIC)
    page.locator("#answer").fill("12.5")
    page.locator("#next").click()
    page.locator("#answer").fill("灭火器")
    page.go_back()
    expect(page.locator("#answer")).to_have_value("12.5")
    page.go_forward()
    expect(page.locator("#answer")).to_have_value("灭火器")
    expect(page.locator("#saved")).to_contain_text("已保存 2 题")
    assert held() == {NUMERIC: ["12.5"], SHORT: ["灭火器"]}


def test_the_enter_key_saves_and_stays(site: str, device: BrowserContext) -> None:
    page, _paper = begun(site, device)
    to(page, NUMERIC)
    page.locator("#answer").fill("12.5")
    page.locator("#answer").press("Enter")
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    expect(page.locator("#place")).to_contain_text(f"第 {NUMERIC} /")


def test_a_phone_whose_keys_lack_the_minus_has_a_button_for_it(site: str, device: BrowserContext) -> None:
    page, _paper = begun(site, device)
    to(page, NUMERIC)
    page.locator("#answer").fill("12.5")
    page.get_by_role("button", name="改变正负号").click()
    expect(page.locator("#answer")).to_have_value("-12.5")
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    page.get_by_role("button", name="改变正负号").click()
    expect(page.locator("#answer")).to_have_value("12.5")


def test_what_is_no_number_is_said_beside_the_field_and_saved_as_it_is(site: str, device: BrowserContext) -> None:
    """The words follow from what is typed and the unit alone: right and wrong numbers look the same."""
    page, _paper = begun(site, device)
    to(page, NUMERIC)
    said = page.locator("#answer-odd")
    expect(said).to_have_text("")
    for typed in ("安全第一", "30万", "3e2", "12。", "1,2"):
        page.locator("#answer").fill(typed)
        expect(said).to_contain_text("请填数字")
    page.locator("#answer").press("Enter")  # saves at once: from here the page says what became of this answer
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    assert held() == {NUMERIC: ["1,2"]}
    assert page.locator("#answer").get_attribute("aria-describedby") == "answer-hint answer-odd"
    shoot(page, "exam-no-number")
    for typed in ("12.5", "-3", "1,234", "1 234", ".5", "12.", "９９９", "-0.5米", ""):
        page.locator("#answer").fill(typed)
        expect(said).to_have_text("")
    to(page, CASE)
    page.locator("#answer-3").fill("三十")
    expect(page.locator("#answer-3-odd")).to_contain_text("请填数字")
    to(page, NUMERIC)
    to(page, CASE)
    expect(page.locator("#answer-3-odd")).to_contain_text("请填数字")
    expect(page.locator("#saved")).to_contain_text("已保存 1 题，全部在服务器")
    page.goto(page.url.rsplit("/", 1)[0] + "/hand-in")
    expect(page.get_by_text("1 道题要填数字，填的却不是数字")).to_be_visible()
    shoot(page, "exam-hand-in-no-number")


def test_the_page_reads_numbers_as_the_marking_does(site: str, device: BrowserContext) -> None:
    page, _paper = begun(site, device)
    pairs = [*((typed, unit) for typed, unit, _number in WRITTEN), *COMBINED]
    said = page.evaluate(
        """async (pairs) => {
            const { isNumber } = await import("/static/exam-answer.js");
            return pairs.map(([typed, unit]) => isNumber(typed, unit));
        }""",
        pairs,
    )
    read = [number_in(typed, unit) is not None for typed, unit in pairs]
    assert [pair for pair, one, other in zip(pairs, said, read, strict=True) if one != other] == []


def test_an_answer_that_was_cleared_is_none(site: str, device: BrowserContext) -> None:
    page, _paper = begun(site, device)
    to(page, CASE)
    page.locator("#answer-3").fill("30")
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    page.locator("#answer-3").fill(" ")
    expect(page.locator("#saved")).to_contain_text("作答后立即保存")
    assert held() == {}


def test_many_long_answers_written_offline_travel_in_requests_that_the_server_takes(
    site: str, device: BrowserContext
) -> None:
    questions = [samples.short_answer(f"s-{number}", "示") for number in range(60)]
    page, _paper = begun(site, device, paper_of_every_kind(questions))
    device.set_offline(True)
    for position in range(1, 61):
        page.locator("#answer").fill(f"{position}" + "示" * 195)
        if position < 60:
            page.locator("#next").click()
    page.locator("#prev").click()
    expect(page.locator("#saved")).to_contain_text("60 题暂存在本机")
    device.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#saved")).to_contain_text("已保存 60 题")
    assert set(held()) == set(range(1, 61))


EVIL = '<img src="x" onerror="window.hurt = 1"><script>window.hurt = 2</script><b>甲</b>'


def test_neither_a_stem_nor_an_answer_runs_anything(site: str, device: BrowserContext) -> None:
    plain = replace(samples.single_choice(stem=EVIL), options=(Option("A", EVIL), Option("B", "乙")), key=("A",))
    page, _paper = begun(site, device, paper_of_every_kind([plain, samples.short_answer()]))
    page.locator("#next").click()
    page.locator("#answer").fill(EVIL)
    page.locator("#prev").click()
    expect(page.locator("#stem")).to_have_text(EVIL)
    page.locator("#next").click()
    expect(page.locator("#answer")).to_have_value(EVIL)
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    page.reload()
    expect(page.locator("#answer")).to_have_value(EVIL)
    assert page.evaluate("window.hurt") is None
    assert page.locator("#question img, #question script").count() == 0


def test_pictures_of_questions_to_come_are_there_when_the_network_is_not(site: str, device: BrowserContext) -> None:
    digest = kept_picture("red")
    stem = f'<p>见图，CO<sub>2</sub>。</p><img src="picture:{digest}" alt="示例图">'
    rich = samples.single_choice("s-rich", markup="html", stem=stem)
    page, paper = begun(site, device, paper_of_every_kind([samples.true_false(), rich]))
    page.wait_for_load_state("networkidle")
    device.set_offline(True)
    page.locator("#next").click()
    picture = page.locator("#stem img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") == 8 and len(paper.slots) == 2
    shoot(page, "exam-rich")
