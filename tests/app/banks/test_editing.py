"""Who may edit which question, and what becomes of a form that somebody else was faster than."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.banks import queries, service
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from tests.app.banks.samples import LI, WANG, entered, single_choice, true_false
from tests.page import Browser, check_page

OLD, NEW = "改过的示例题干（　　）。", "又改过的示例题干（　　）。"


def saved(bank: Bank, *states: QuestionState) -> Question:
    """Return a question that went through *states*."""
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    for state in states:
        by = LI if state is QuestionState.APPROVED else WANG
        service.move(question, state, seen=queries.current_of(question).digest, reason="示例", actor=by, now=now())
    db.session.commit()
    return question


def approved(bank: Bank) -> Question:
    return saved(bank, QuestionState.IN_REVIEW, QuestionState.APPROVED)


def form_of(page: Any) -> Any:
    return next(form for form in page.forms.values() if "stem" in form.fields)


def posted(form: Any, do: str = "save", **values: str) -> Any:
    for name, value in values.items():
        form[name] = value
    return check_page(form.submit("do", value=do, expect_errors=True))


def current(question: Question) -> tuple[QuestionState, int, str]:
    db.session.rollback()
    return question.state, question.current_version, queries.current_of(question).stem


@pytest.mark.parametrize(
    ("role", "scope", "allowed"),
    [
        (Role.REGULATOR, "330000", True),
        (Role.ADMINISTRATOR, "", True),
        (Role.REGULATOR, "330100", False),
        (Role.REGULATOR, "330106", False),
    ],
)
def test_an_approved_question_is_edited_by_those_who_may_suspend_it(
    app: Flask, bank: Bank, role: Role, scope: str, allowed: bool
) -> None:
    question = approved(bank)
    browser = entered(app, "somebody", role, scope)
    suspended = browser.web.get(f"/questions/{question.id}/suspend", expect_errors=True)
    assert suspended.status_int == (200 if allowed else 403)
    page = browser.open(f"/questions/{question.id}/edit", status=200 if allowed else 403)
    assert any("stem" in form.fields for form in page.forms.values()) is allowed
    if not allowed:
        assert "编辑会让它退出题库" in page
        assert page.html.select_one(f'main a[href="/questions/{question.id}/comments"]')


@pytest.mark.parametrize("do", ["save", "preview", "options", "upload"])
def test_what_was_opened_as_a_draft_is_refused_once_it_is_approved_and_nothing_typed_is_lost(
    app: Flask, bank: Bank, do: str
) -> None:
    question = saved(bank, QuestionState.IN_REVIEW)
    browser = entered(app, "city", Role.REGULATOR, "330100")
    form = form_of(browser.open(f"/questions/{question.id}/edit"))
    seen = queries.current_of(question).digest
    service.move(question, QuestionState.APPROVED, seen=seen, actor=LI, now=now())
    db.session.commit()
    page = posted(form, do, stem=NEW)
    assert page.status_int == 403
    assert "编辑会让它退出题库" in page.html.find(id="errors").get_text()
    assert form_of(page)["stem"].value == NEW
    assert current(question)[:2] == (QuestionState.APPROVED, 1)


@pytest.mark.parametrize("states", [(), (QuestionState.IN_REVIEW,)])
def test_what_is_not_approved_is_edited_by_every_regulator(
    app: Flask, bank: Bank, states: tuple[QuestionState, ...]
) -> None:
    question = saved(bank, *states)
    browser = entered(app, "city", Role.REGULATOR, "330100")
    assert "退出题库" not in browser.open(f"/questions/{question.id}/edit")
    browser.submit(posting(form_of(browser.open(f"/questions/{question.id}/edit")), NEW))
    assert current(question) == (QuestionState.DRAFT, 2, NEW)


def posting(form: Any, stem: str) -> Any:
    form["stem"] = stem
    return form


def test_the_form_of_an_approved_question_says_what_saving_does_and_how_many_are_left(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    for content in (single_choice("sc-2", "另一道示例题（　　）。"), true_false()):
        other = service.create(bank, content, actor=WANG, now=now())
        for state, by in ((QuestionState.IN_REVIEW, WANG), (QuestionState.APPROVED, LI)):
            service.move(other, state, seen=queries.current_of(other).digest, actor=by, now=now())
    db.session.commit()
    page = entered(app, "province", Role.REGULATOR, "330000").open(f"/questions/{question.id}/edit")
    assert "保存后退出题库" in page and "还有 1 道同题型的已审定试题" in page


def test_a_retired_question_says_so_when_its_form_is_opened_and_offers_a_copy(app: Flask, bank: Bank) -> None:
    question = saved(bank, QuestionState.RETIRED)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    page = browser.open(f"/questions/{question.id}/edit", status=409)
    assert "已停用，不能再修改" in page
    form = form_of(browser.open(page.html.select_one("main a.primary")["href"]))
    assert (form["stem"].value, form["option_B"].value, form["code"].value) == (
        "下列哪一项是示例（　　）。",
        "示例乙",
        "",
    )
    page = browser.submit(form)
    assert "草稿已保存" in page
    assert db.session.query(Question).count() == 2


@pytest.mark.parametrize("copied", ["x", "%C2%B2", "-1", "9" * 30])
def test_a_made_up_copy_is_an_empty_form(app: Flask, bank: Bank, copied: str) -> None:
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    form = form_of(browser.open(f"/banks/general/questions/new/single_choice?copy={copied}"))
    assert form["stem"].value == ""


def two_tabs(browser: Browser, question: Question) -> Any:
    """Open the form twice, save the first; return the form of the second."""
    forms = [form_of(browser.open(f"/questions/{question.id}/edit")) for _tab in range(2)]
    browser.submit(posting(forms[0], OLD))
    return forms[1]


def test_who_was_overtaken_keeps_what_was_typed_compares_and_may_then_save(app: Flask, bank: Bank) -> None:
    question = saved(bank)
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = posted(two_tabs(browser, question), stem=NEW)
    assert "在您打开页面之后被修改过" in page and "示例city" in page
    links = [link["href"] for link in page.html.select("form.writing .note a")]
    assert links == [f"/questions/{question.id}/compare?from=1&to=2", f"/questions/{question.id}"]
    assert "改过的示例题干" in browser.open(links[0])
    form = form_of(page)
    assert form["stem"].value == NEW
    assert "在您打开页面之后被修改过" in posted(form), "not before it was said that the newest was read"
    form["has_read_newest"] = True
    browser.submit(form)
    assert current(question)[2] == NEW


def test_who_is_overtaken_twice_reads_twice(app: Flask, bank: Bank) -> None:
    question = saved(bank)
    browser = entered(app, "city", Role.REGULATOR, "330100")
    form = form_of(posted(two_tabs(browser, question), stem=NEW))
    browser.submit(posting(form_of(browser.open(f"/questions/{question.id}/edit")), "第三次改过的题干（　　）。"))
    form["has_read_newest"] = True
    page = posted(form)
    assert "在您打开页面之后被修改过" in page
    assert not form_of(page)["has_read_newest"].checked
    assert current(question)[2] == "第三次改过的题干（　　）。"


def test_a_draft_that_was_rewritten_in_place_has_nothing_to_compare_with(app: Flask, bank: Bank) -> None:
    browser = entered(app, "city", Role.REGULATOR, "330100")
    question = saved(bank)
    browser.submit(posting(form_of(browser.open(f"/questions/{question.id}/edit")), "自己的题干（　　）。"))
    page = posted(two_tabs(browser, question), stem=NEW)
    assert [link["href"] for link in page.html.select("form.writing .note a")] == [f"/questions/{question.id}"]


def test_a_step_on_the_way_says_too_that_somebody_was_faster(app: Flask, bank: Bank) -> None:
    question = saved(bank)
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = posted(two_tabs(browser, question), "preview", stem=NEW)
    assert page.html.select("form.writing .note.warn")
