"""What the pages of a reviewer say of changed documents, and the ticks by which they say to have compared."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Role
from app.core.clock import today
from app.core.db import db
from tests.app.banks.samples import entered, true_false
from tests.app.banks.test_pages import posted, state_of
from tests.app.banks.test_pages import waiting as waiting_questions
from tests.app.banks.test_source_pages import LAW, approved, confirmed, looked_at
from tests.page import Browser


def two_waiting(bank: Bank) -> tuple[Question, Question]:
    kept, other = waiting_questions(
        bank,
        true_false("a-3", "待审定的示例题干。", source_document=LAW),
        true_false("a-4", "另一待审定的示例题干。", source_document=LAW),
    )
    return kept, other


def test_a_reviewer_may_compare_with_a_text_that_takes_effect_later(app: Flask, bank: Bank) -> None:
    kept, other = two_waiting(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    day = today() + timedelta(days=60)
    confirmed(browser, looked_at(browser, standing="changed", changed_on=day.isoformat()))
    form = browser.form(browser.open(f"/questions/{kept.id}"), "/approve")
    form["checked"] = True
    browser.submit(form)
    browser.submit(browser.form(browser.open(f"/questions/{other.id}"), "/approve"))
    db.session.rollback()
    last = {one.code: one.source_to for one in db.session.scalars(sa.select(Question))}
    assert last == {"a-3": None, "a-4": day - timedelta(days=1)}


def test_the_queue_warns_of_a_changed_document_and_asks_for_the_tick(app: Flask, bank: Bank) -> None:
    approved(bank)
    question = waiting_questions(bank, true_false("a-3", "待审定的示例题干。", source_document=LAW))[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, standing="changed"))
    page = browser.open("/banks/review")
    assert f"“{LAW}”自 2026-03-02 起修改" in page
    form = browser.form(page, "/banks/review/approve")
    for box in form.fields["question"]:
        box.checked = True
    assert "请对照修改后的条文核对" in browser.submit(form, status=409)
    form.fields["checked"][0].checked = True
    browser.submit(form)
    assert state_of(question.id) is QuestionState.APPROVED


def test_a_question_on_a_repealed_document_has_no_button_to_approve(app: Flask, bank: Bank) -> None:
    question = waiting_questions(bank, true_false("a-3", "待审定的示例题干。", source_document=LAW))[0]
    seen = question.versions[0].digest
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, standing="repealed"))
    page = browser.open("/banks/review")
    assert "不能审定通过" in page and not page.html.find_all(attrs={"name": "one"})
    assert not browser.open(f"/questions/{question.id}").html.find(id="approve")
    refused = posted(browser, f"/questions/{question.id}/approve", {"seen": seen, "checked": f"{question.id}:1"}, 409)
    assert "已废止，不能审定通过" in refused.text


def test_the_page_of_a_question_approves_with_the_tick(app: Flask, bank: Bank) -> None:
    question = waiting_questions(bank, true_false("a-3", "待审定的示例题干。", source_document=LAW))[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, standing="changed"))
    form = browser.form(browser.open(f"/questions/{question.id}"), "/approve")
    form["checked"] = True
    assert "已按修改后的条文核对" in browser.submit(form)
    assert state_of(question.id) is QuestionState.APPROVED


def both_marked(browser: Browser) -> date:
    """Record a change of today and one of a day to come; return that day."""
    day = today() + timedelta(days=60)
    confirmed(browser, looked_at(browser, standing="changed"))
    confirmed(browser, looked_at(browser, standing="changed", changed_on=day.isoformat(), note="再次修改"))
    return day


def test_both_changes_are_shown_each_with_its_tick(app: Flask, bank: Bank) -> None:
    kept, other = two_waiting(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    day = both_marked(browser)
    for question, ticks in ((kept, 2), (other, 1)):
        page = browser.open(f"/questions/{question.id}")
        assert f"“{LAW}”自 {today()} 起修改" in page and f"“{LAW}”将自 {day} 起修改" in page
        assert f"已按 {day} 起施行的条文核对（可不勾选）" in page
        form = browser.form(page, "/approve")
        for box in form.fields["checked"][:ticks]:
            box.checked = True
        browser.submit(form)
    db.session.rollback()
    last = {one.code: one.source_to for one in db.session.scalars(sa.select(Question))}
    assert last == {"a-3": None, "a-4": day - timedelta(days=1)}


def test_the_queue_keeps_the_two_ticks_apart(app: Flask, bank: Bank) -> None:
    question = waiting_questions(bank, true_false("a-3", "待审定的示例题干。", source_document=LAW))[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    day = both_marked(browser)
    form = browser.form(browser.open("/banks/review"), "/banks/review/approve")
    form.fields["question"][0].checked = True
    form.fields["checked"][1].checked = True
    refused = browser.submit(form, status=409)
    assert "请对照修改后的条文核对" in refused
    form = browser.form(refused, "/banks/review/approve")
    assert [box.checked for box in form.fields["checked"]] == [False, True]
    form.fields["checked"][0].checked, form.fields["checked"][1].checked = True, False
    browser.submit(form)
    assert state_of(question.id) is QuestionState.APPROVED
    db.session.rollback()
    assert db.session.scalar(sa.select(Question.source_to)) == day - timedelta(days=1)


def test_a_change_recorded_while_the_page_was_read_is_not_ticked_with_it(app: Flask, bank: Bank) -> None:
    question = waiting_questions(bank, true_false("a-3", "待审定的示例题干。", source_document=LAW))[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, standing="changed"))
    form = browser.form(browser.open(f"/questions/{question.id}"), "/approve")
    confirmed(browser, looked_at(browser, standing="changed", note="再次修改"))
    form["checked"] = True
    assert "请对照修改后的条文核对" in browser.submit(form, status=409)
    assert state_of(question.id) is QuestionState.IN_REVIEW
