"""Cards of answers on the form of a question, and what changes with its kind."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.banks import service
from app.banks.models import Bank
from app.core.clock import now
from app.core.db import db
from question_bank.options import Option
from tests.app.banks.samples import WANG, single_choice
from tests.app.banks.test_writing import NEW, demanded, errors, fill, form_of, press, saved, writer

FOUR = {"option_A": "甲", "option_B": "乙", "option_C": "丙", "option_D": "丁"}


def texts(form: Any, count: int = 4) -> list[str]:
    return [form[f"option_{letter}"].value for letter in "ABCDEFGH"[:count]]


def test_an_answer_moves_with_all_that_stands_on_its_card(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/multiple_choice")), stem="示例多选题（　　）。", key=["B", "D"], **FOUR)
    fill(form, weight_B="60", weight_D="40", feedback_B="乙的反馈")
    form = form_of(press(browser, form, "raise_option-B"))
    assert texts(form) == ["乙", "甲", "丙", "丁"]
    form = form_of(press(browser, form, "lower_option-A"))
    form = form_of(press(browser, form, "lower_option-B"))
    form = form_of(press(browser, form, "remove_option-A"))
    assert "option_D" not in form.fields
    press(browser, form, "save")
    assert saved().options == (Option("A", "丙", "0"), Option("B", "乙", "60", "乙的反馈"), Option("C", "丁", "40"))
    assert saved().key == ("B", "C")


def test_the_right_option_of_a_single_choice_moves_along_and_goes_with_its_card(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/single_choice")), stem="示例单选题（　　）。", key="D", **FOUR)
    form = form_of(press(browser, form, "raise_option-D"))
    assert form["key"].value == "C"
    form = form_of(press(browser, form, "remove_option-C"))
    assert form["key"].value is None and texts(form, 3) == ["甲", "乙", "丙"]


def test_cards_of_a_part_change_in_that_part_only(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    values = {f"part__{number}__{name}": text for number in (1, 2) for name, text in FOUR.items()}
    form = fill(form_of(browser.open(f"{NEW}/case_study")), **values)
    form = form_of(press(browser, form, "remove_option-2-A"))
    form = form_of(press(browser, form, "lower_option-1-A"))
    assert [form[f"part-1-option_{letter}"].value for letter in "ABCD"] == ["乙", "甲", "丙", "丁"]
    assert [form[f"part-2-option_{letter}"].value for letter in "ABC"] == ["乙", "丙", "丁"]
    assert "part-2-option_D" not in form.fields


@pytest.mark.parametrize(
    "do",
    ["raise_option-A", "lower_option-D", "remove_option-E", "remove_option-9-A", "remove_option-", "lower_option-AB"],
)
def test_a_step_beyond_the_cards_changes_nothing(app: Flask, bank: Bank, do: str) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/single_choice")), **FOUR)
    assert texts(form_of(demanded(form, do))) == list(FOUR.values())


def test_a_question_that_is_edited_has_a_card_for_each_answer_and_never_less_than_it_needs(
    app: Flask, bank: Bank
) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    db.session.commit()
    browser = writer(app)
    form = form_of(browser.open(f"/questions/{question.id}/edit"))
    assert "option_D" in form.fields and "option_E" not in form.fields
    for _times in range(3):
        form = form_of(demanded(form, "remove_option-A"))
    assert texts(form, 2) == ["示例丁", ""] and 'value="remove_option' not in form.text


def test_feedback_of_an_empty_option_is_not_lost_without_a_word(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/single_choice")), stem="示例单选题（　　）。", key="A")
    page = press(browser, fill(form, option_A="甲", option_B="乙", feedback_D="反馈"), "save")
    assert errors(page).keys() == {"option_C", "option_D"}


def test_a_single_choice_takes_every_option_that_weighs_all_as_right(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/single_choice")), stem="示例单选题（　　）。", key="A", **FOUR)
    press(browser, fill(form, weight_B="100", weight_C="50"), "save")
    assert saved().key == ("A", "B")
    assert [option.weight for option in saved().options] == ["100", "100", "50", "0"]


def test_everything_that_is_wrong_is_said_at_once(app: Flask, bank: Bank) -> None:
    """What the form finds, what cannot be read, and what the library finds in the rest."""
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/multiple_choice")), option_A="甲", option_B="甲", weight_A="多")
    fill(form, source_document="法" * 201, code="示例", source_from="昨天")
    page = press(browser, form, "save")
    wrong = {"stem", "key", "option_B", "weight_A", "source_document", "code", "source_from"}
    assert errors(page).keys() == wrong
    assert len(page.html.select("#errors li")) == len(wrong)


SINGLE = {**FOUR, "key": "B", "feedback_A": "反馈"}
COMMON = {
    "stem": "示例题干。",
    "explanation": "示例解析。",
    "source_document": "示例法规",
    "source_article": "第一条",
    "knowledge_point": "示例知识点",
    "tags": "一 二",
    "difficulty": "3",
    "code": "s-1",
}


def change_kind(form: Any, kind: str, do: str = "kind") -> Any:
    """Press the button of another kind, which posts to the form of that kind."""
    form.action = f"{NEW}/{kind}"
    return form.submit("do", value=do)


@pytest.mark.parametrize("kind", ["true_false", "multiple_choice", "numeric", "short_answer", "case_study"])
def test_what_every_kind_has_goes_along_to_another_kind(app: Flask, bank: Bank, kind: str) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/single_choice")), **COMMON)
    page = change_kind(form, kind)
    again = form_of(page)
    assert again.action == f"{NEW}/{kind}"
    assert {name: again[name].value for name in COMMON} == COMMON


def test_options_go_from_choice_to_choice(app: Flask, bank: Bank) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/single_choice")), **SINGLE)
    again = form_of(change_kind(form, "multiple_choice"))
    assert texts(again) == list(FOUR.values())
    assert again["feedback_A"].value == "反馈"
    assert [box.value for box in again.fields["key"] if box.checked] == ["B"]


def test_an_answer_becomes_the_first_part_of_a_case_study(app: Flask, bank: Bank) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/single_choice")), **SINGLE)
    again = form_of(change_kind(form, "case_study"))
    assert (again["part-1-option_D"].value, again["part-1-key"].value) == ("丁", "B")


@pytest.mark.parametrize(
    ("was", "values", "kind", "lost"),
    [
        ("single_choice", SINGLE, "true_false", "选项、反馈、答案"),
        ("single_choice", {"option_A": "甲"}, "numeric", "选项"),
        ("single_choice", {**FOUR, "weight_A": "50"}, "multiple_choice", "权重"),
        ("multiple_choice", {**FOUR, "key": ["A", "B"]}, "single_choice", "答案"),
        ("true_false", {"truth": "A"}, "short_answer", "答案"),
        ("numeric", {"option_A": "1", "tolerance_A": "0.1", "unit": "米"}, "short_answer", "允许误差、计量单位"),
        ("short_answer", {"option_A": "甲", "is_case_sensitive": True}, "true_false", "区分大小写、可接受的答案"),
        ("case_study", {"part__1__stem": "第一问"}, "numeric", "小题"),
    ],
)
def test_what_another_kind_has_no_place_for_is_said_before_it_is_left_out(
    app: Flask, bank: Bank, was: str, values: dict[str, Any], kind: str, lost: str
) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/{was}")), **values)
    page = change_kind(form, kind)
    note = page.html.select_one("form.writing .note.warn").get_text()
    assert set(lost.split("、")) == set(note.split("会丢掉：")[1].split("。")[0].split("、"))
    kept = form_of(page)
    assert kept.action == f"{NEW}/{was}"
    for name, value in values.items():
        if isinstance(value, str):
            assert kept[name.replace("__", "-")].value == value
    again = form_of(change_kind(kept, kind, "kind_anyway"))
    assert again.action == f"{NEW}/{kind}"


def test_a_made_up_kind_changes_nothing(app: Flask, bank: Bank) -> None:
    form = fill(form_of(writer(app).open(f"{NEW}/single_choice")), **FOUR)
    form["was"].force_value("essay")
    assert texts(form_of(change_kind(form, "single_choice"))) == list(FOUR.values())


def test_a_part_says_what_another_kind_would_lose_and_loses_it_only_then(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    values = {f"part__1__{name}": text for name, text in FOUR.items()}
    form = fill(form_of(browser.open(f"{NEW}/case_study")), part__1__kind="numeric", **values)
    fill(form, part__2__kind="multiple_choice", part__2__option_A="戊")
    page = press(browser, form, "refresh")
    assert "会丢掉：选项" in page.html.select_one("fieldset.part .note.warn").get_text()
    form = form_of(page)
    assert form["part-1-option_D"].value == "丁", "nothing is lost yet"
    assert form["part-2-option_A"].value == "戊" and len(form.fields["part-2-key"]) == 4
    form = form_of(press(browser, form, "recast-1"))
    assert "part-1-tolerance_A" in form.fields and form["part-1-option_A"].value == ""


def test_a_part_whose_kind_was_changed_is_shown_before_it_is_saved(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/case_study")), stem="示例案例。", part__1__kind="numeric")
    page = press(browser, form, "save")
    assert "换了题型" in page.html.find(id="errors").get_text()
    assert "part-1-tolerance_A" in form_of(page).fields


def test_a_made_up_kind_of_a_part_is_refused(app: Flask, bank: Bank) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/case_study")), stem="示例案例。")
    form["part-1-kind"].force_value("essay")
    assert "part-1-kind" in errors(press(browser, form, "save"))
    form["part-1-shown"].force_value("essay")
    press(browser, form, "refresh")
