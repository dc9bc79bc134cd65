"""Writing a question of every kind in its form, step by step and without a script."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given

from app.banks import queries, service
from app.banks.filling import filled_in, filled_question
from app.banks.forms import QuestionForm
from app.banks.models import Bank, Question
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from question_bank.options import Option
from question_bank.questions import Question as Content
from tests.app.banks.samples import SOURCED, WANG, entered
from tests.conftest import Clock, make_app
from tests.page import Browser, check_page
from tests.question_bank import samples

NEW = "/banks/general/questions/new"
WEIGHTED = (
    Option("A", "干粉灭火器", "100", "完全正确"),
    Option("B", "灭火器", "50", "没有说出种类"),
)
EVERY_FORM = {
    "true_false": samples.true_false(**SOURCED),
    "single_choice": samples.single_choice(**SOURCED),
    "multiple_choice": samples.multiple_choice(options=9, **SOURCED),
    "numeric": samples.numeric(**SOURCED),
    "short_answer": samples.short_answer("s-sa", is_case_sensitive=True, **SOURCED),
    "case_study": samples.case_study(source_from="2021-09-01", source_to="2026-12-31", **SOURCED),
    "weighted": samples.short_answer("s-w", options=WEIGHTED, key=("A",), **SOURCED),
    "rich": samples.single_choice(
        markup="html",
        stem="<p>10<sup>3</sup> &lt; x</p>",
        options=(Option("A", "<b>甲</b>", "", "甲<br>不对"), Option("B", "乙")),
        **SOURCED,
    ),
}


def writer(app: Flask) -> Browser:
    return entered(app, "city", Role.REGULATOR, "330100")


def form_of(page: Any) -> Any:
    return next(form for form in page.forms.values() if "stem" in form.fields)


def press(browser: Browser, form: Any, do: str) -> Any:
    """Press the button that asks for *do*, and follow where it leads."""
    return browser.submit(_pressing(form, do))


def _pressing(form: Any, do: str) -> Any:
    class Pressed:
        def submit(self, _name: str | None, **kwargs: Any) -> Any:
            return form.submit("do", value=do, **kwargs)

    return Pressed()


def demanded(form: Any, do: str) -> Any:
    """Send the form with a "do" that no button of the page has."""
    return check_page(form.response.goto(form.action, method="POST", params=[*form.submit_fields(), ("do", do)]))


def fill(form: Any, **values: str | list[str]) -> Any:
    for name, value in values.items():
        form[name.replace("__", "-")] = value
    return form


def saved() -> Content:
    db.session.rollback()
    question = db.session.scalars(sa.select(Question)).one()
    return queries.content_of(queries.current_of(question))


def errors(page: Any) -> dict[str, str]:
    return {tag["id"].removesuffix("-error"): tag.get_text() for tag in page.html.select("p.error")}


@pytest.mark.parametrize("content", EVERY_FORM.values(), ids=EVERY_FORM)
def test_the_form_of_a_question_says_what_the_question_says(app: Flask, bank: Bank, content: Content) -> None:
    """Opened and saved with another difficulty, everything else is as it was."""
    question = service.create(bank, content, actor=WANG, now=now())
    db.session.commit()
    browser = writer(app)
    form = form_of(browser.open(f"/questions/{question.id}/edit"))
    form["difficulty"] = "3"
    page = press(browser, form, "save")
    assert "草稿已保存" in page
    assert saved() == replace(content, difficulty=3, version=2)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose forms are read without a database behind them."""
    return make_app("sqlite://", tmp_path_factory.mktemp("pages"), Clock())


ONE_LINE = ("knowledge_point", "source_document", "source_article")  # fields that no browser lets a line end into


@samples.thorough
@given(content=samples.questions())
def test_any_question_comes_back_from_its_form_as_it_went_in(pages: Flask, content: Content) -> None:
    content = replace(content, **{name: " ".join(getattr(content, name).split()) for name in ONE_LINE})
    with pages.test_request_context():
        shown = QuestionForm(content.kind, is_new=False, formdata=None, data=filled_in(content))
        posted = [(field.name, field.data) for form in (shown, *shown.parts) for field in form if field.data]
    lines = {name: [str(one).replace("\n", "\r\n") for one in listed(value)] for name, value in posted}
    with pages.test_request_context(method="POST", data=lines):
        form = QuestionForm(content.kind, is_new=False)
        back = filled_question(form, content.kind, content.bank, content.code)
    assert back is not None, (form.errors, [part.errors for part in form.parts])
    assert replace(back, version=content.version) == content


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_a_number_is_written_with_its_tolerance_and_its_unit(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/numeric")), stem="示例数值题（　　）。", unit="米")
    form = form_of(press(browser, fill(form, option_A="１２．５", tolerance_A=" ±0.1"), "options"))
    form = form_of(press(browser, fill(form, option_B="20～30"), "options"))
    page = press(browser, fill(form, option_C="-5 +- 1"), "save")
    assert [option.text for option in saved().options] == ["12.5±0.1", "20..30", "-5±1"]
    key = page.html.find("section", attrs={"aria-labelledby": "with-key"}).get_text()
    assert "12.5±0.1 米" in key
    assert "12.5" not in page.html.find("section", attrs={"aria-labelledby": "as-seen"}).get_text()


def test_a_weight_goes_with_the_answer_it_stands_beside_and_an_empty_card_is_passed_over(
    app: Flask, bank: Bank
) -> None:
    question = service.create(bank, EVERY_FORM["weighted"], actor=WANG, now=now())
    db.session.commit()
    browser = writer(app)
    form = form_of(browser.open(f"/questions/{question.id}/edit"))
    for _times in range(2):
        form = form_of(press(browser, form, "options"))
    form = form_of(press(browser, fill(form, option_B="灭火器具", option_D="消火栓"), "raise_option-B"))
    press(browser, form, "save")
    assert saved().options == (
        Option("A", "灭火器具", "50", "没有说出种类"),
        Option("B", "干粉灭火器", "100", "完全正确"),
        Option("C", "消火栓", "100"),
    )


def test_one_weight_makes_the_empty_ones_nothing_and_weights_that_say_nothing_are_left_out(
    app: Flask, bank: Bank
) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/multiple_choice")), stem="示例多选题（　　）。", key=["A", "B"])
    fill(form, option_A="甲", option_B="乙", option_C="丙", weight_A=" 60.0 %", weight_B="40")
    press(browser, form, "save")
    assert [option.weight for option in saved().options] == ["60", "40", "0"]
    question = db.session.scalars(sa.select(Question)).one()
    form = form_of(browser.open(f"/questions/{question.id}/edit"))
    press(browser, fill(form, weight_A="50", weight_B="50"), "save")
    assert [option.weight for option in saved().options] == ["", "", ""]


def test_options_are_added_up_to_twenty_six_and_nothing_is_lost(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(
        form_of(browser.open(f"{NEW}/multiple_choice")), stem="示例多选题（　　）。", option_A="甲", tags="一 二"
    )
    form["is_major_hazard"] = True
    for _times in range(22):
        form = form_of(press(browser, form, "options"))
    assert (form["stem"].value, form["option_A"].value, form["tags"].value) == ("示例多选题（　　）。", "甲", "一 二")
    assert form["is_major_hazard"].checked
    assert "option_Z" in form.fields and 'value="options"' not in form.text
    for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=1):
        form[f"option_{letter}"] = f"选项{place}"
    press(browser, fill(form, key=["A", "Z"]), "save")
    assert len(saved().options) == 26 and saved().key == ("A", "Z")


def test_a_case_study_is_put_together_without_a_script(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = form_of(browser.open(f"{NEW}/case_study"))
    fill(form, stem="示例案例。", explanation="示例解析", part__1__stem="第一问", part__1__kind="numeric")
    fill(form, part__2__stem="第二问", part__2__option_A="甲", part__2__option_B="乙", part__2__key="B")
    form = form_of(press(browser, form, "refresh"))
    fill(form, part__1__option_A="30", part__1__unit="日", part_kind="true_false")
    form = form_of(press(browser, form, "add_part"))
    assert (form["part-1-option_A"].value, form["part-2-option_B"].value) == ("30", "乙")
    form = form_of(press(browser, fill(form, part__3__stem="第三问", part__3__truth="B"), "raise_part-3"))
    assert [form[f"part-{number}-stem"].value for number in (1, 2, 3)] == ["第一问", "第三问", "第二问"]
    form = form_of(press(browser, form, "options-3"))
    form = form_of(press(browser, fill(form, part__3__option_C="丙"), "add_part"))
    form = form_of(press(browser, form, "remove_part-4"))
    page = press(browser, form, "save")
    content = saved()
    assert [(part.kind, part.stem, part.key, part.unit) for part in content.parts] == [
        ("numeric", "第一问", ("A",), "日"),
        ("true_false", "第三问", ("B",), ""),
        ("single_choice", "第二问", ("B",), ""),
    ]
    assert [option.text for option in content.parts[2].options] == ["甲", "乙", "丙"]
    key = " ".join(page.html.find("section", attrs={"aria-labelledby": "with-key"}).get_text().split())
    assert "(1) 答案 30 日" in key and "(2) 答案 错误" in key and "(3) 答案 B" in key


def test_what_is_wrong_with_a_part_stands_beside_its_field(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = form_of(browser.open(f"{NEW}/case_study"))
    fill(
        form,
        stem="示例案例。",
        part__1__stem="第一问",
        part__1__kind="numeric",
        part__2__stem="第二问",
        part__2__key="D",
    )
    form = form_of(press(browser, form, "refresh"))
    page = press(browser, form, "save")
    found = errors(page)
    assert found.keys() == {"part-1-option_A", "part-2-option_A", "part-2-key"}
    assert found["part-1-option_A"] == "此项必填。"
    form = fill(form_of(page), part__1__option_A="三十", part__2__option_A="甲", part__2__option_B="甲")
    page = press(browser, form, "save")
    found = errors(page)
    assert "不是可接受的数" in found["part-1-option_A"]
    assert "与前面的选项相同" in found["part-2-option_B"]
    assert "D 不在选项里" in found["part-2-key"]
    links = [link["href"] for link in page.html.select("#errors a")]
    assert set(links) == {"#part-1-option_A", "#part-2-option_B", "#part-2-key"}
    assert "第 2 小题" in page.html.find(id="errors").get_text()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0


def test_a_case_study_wants_two_parts(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/case_study")), stem="示例案例。")
    for _times in range(2):
        form = form_of(press(browser, form, "remove_part-1"))
    page = press(browser, form, "save")
    assert "有 0 个小题；应有 2 至 20 个" in page.html.find(id="errors").get_text()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"option_A": "十二"}, "option_A", "不是可接受的数"),
        ({"option_A": ""}, "option_A", "此项必填"),
        ({"option_A": "", "tolerance_A": "1"}, "option_A", "此项必填"),
        ({"option_A": "1±1", "tolerance_A": "1"}, "option_A", "不是可接受的数"),
        ({"weight_A": "50"}, "weight_A", "至少一个答案的权重应为 100"),
        ({"weight_A": "全部"}, "weight_A", "权重“全部”不对"),
        ({"weight_A": "101"}, "weight_A", "权重“101”不对"),
        ({"source_from": "2021/9/1"}, "source_from", "不是日期"),
        ({"source_from": "2026-01-02", "source_to": "2026-01-01"}, "source_to", "失效日期早于施行日期"),
        ({"unit": "很" * 21}, "unit", "超过上限 20 字"),
    ],
)
def test_what_is_wrong_with_a_number_stands_beside_its_field(
    app: Flask, bank: Bank, values: dict[str, str], field: str, words: str
) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/numeric")), stem="示例数值题。", option_A="1")
    page = press(browser, fill(form, **values), "save")
    assert list(errors(page)) == [field]
    assert words in errors(page)[field]


def test_a_preview_shows_what_a_candidate_will_see_and_saves_nothing(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(
        form_of(browser.open(f"{NEW}/numeric")),
        stem="两座设施的间距（　　）。",
        option_A="12.5",
        tolerance_A="0.1",
        unit="米",
    )
    page = press(browser, form, "preview")
    seen = page.html.find("section", attrs={"aria-labelledby": "preview"}).get_text()
    assert "两座设施的间距" in seen and "米" in seen and "12.5" not in seen
    assert (form_of(page)["option_A"].value, form_of(page)["tolerance_A"].value) == ("12.5", "0.1")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0


def test_plain_text_becomes_rich_text_that_looks_the_same_and_back(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(
        form_of(browser.open(f"{NEW}/single_choice")), stem="1 < 2 & 3\n第二行", option_A="<b>", option_B="乙", key="A"
    )
    form = form_of(press(browser, form, "to_html"))
    assert (form["markup"].value, form["option_A"].value) == ("html", "&lt;b&gt;")
    page = press(browser, form, "save")
    seen = page.html.find("section", attrs={"aria-labelledby": "as-seen"})
    assert seen.find("div", class_="stem").find("br") and "1 < 2 & 3" in seen.get_text() and seen.find("b") is None
    question = db.session.scalars(sa.select(Question)).one()
    form = form_of(press(browser, form_of(browser.open(f"/questions/{question.id}/edit")), "to_plain"))
    assert (form["markup"].value, form["stem"].value.split("\n"), form["option_A"].value) == (
        "plain",
        ["1 < 2 & 3", "第二行"],
        "<b>",
    )


def test_what_rich_text_may_not_hold_is_taken_away_and_said_before_anything_is_saved(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    evil = '<p onclick="x()">题干</p><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>'
    form = fill(form_of(browser.open(f"{NEW}/true_false")), markup="html", stem=evil, truth="A")
    page = press(browser, form, "save")
    assert "已去掉" in errors(page)["stem"]
    form = form_of(page)
    assert form["stem"].value == "<p>题干</p>"
    page = press(browser, form, "save")
    assert saved().stem == "<p>题干</p>" and "草稿已保存" in page


def test_needless_variety_in_rich_text_is_no_fault(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(
        form_of(browser.open(f"{NEW}/true_false")), markup="html", stem="<P>一<BR/>二&nbsp;3 < 4</P>", truth="A"
    )
    press(browser, form, "save")
    assert saved().plain_stem == "一\n二 3 < 4"


def test_knowledge_points_of_the_syllabus_and_of_the_bank_are_suggested(app: Flask, bank: Bank) -> None:
    service.create(
        bank, samples.true_false(**{**SOURCED, "knowledge_point": "本题库用过的知识点"}), actor=WANG, now=now()
    )
    db.session.commit()
    page = writer(app).open(f"{NEW}/single_choice")
    offered = [option["value"] for option in page.html.select("#knowledge-points option")]
    assert "本题库用过的知识点" in offered and len(offered) > 3 and len(set(offered)) == len(offered)


def test_the_page_of_a_bank_leads_to_a_form_for_every_kind(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    links = [link["href"] for link in browser.open("/banks/general").html.select("details.menu a")]
    assert len(links) == 6
    for link in links:
        assert form_of(browser.open(link))["stem"].value == ""


@pytest.mark.parametrize(
    "do", ["add_part-x", "remove_part-99", "raise_part-1", "options-99", "nothing", "options-²", ""]
)
def test_a_made_up_step_changes_nothing(app: Flask, bank: Bank, do: str) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/case_study")), stem="示例案例。", part__2__stem="第二问")
    page = demanded(form, do)
    again = form_of(page)
    assert (again["stem"].value, again["part-2-stem"].value) == ("示例案例。", "第二问")
    assert not page.html.find(id="errors")


def test_a_made_up_number_of_parts_is_bounded(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = form_of(browser.open(f"{NEW}/case_study"))
    for count, most in (("999", 20), ("99999", 0), ("-1", 0), ("x", 0)):
        form["part_count"] = count
        page = form.submit("do", value="refresh")
        assert len(BeautifulSoup(page.text, "html.parser").select("fieldset.part")) == most
