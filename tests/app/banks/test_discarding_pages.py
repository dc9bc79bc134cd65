"""The page on which a draft is discarded: who sees the way there, what it says, what follows."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.banks import comments, queries
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from tests.app.banks.samples import LI, WANG, entered
from tests.app.banks.test_across import practice
from tests.app.banks.test_discarding import CHEN, NEW, edited
from tests.app.banks.test_editing import form_of, posted, saved
from tests.app.banks.test_lifecycle import approved, edit, move
from tests.app.banks.test_own import listed
from tests.app.banks.test_sources import LAW, marked
from tests.app.banks.test_sources import approved as approved_on
from tests.conftest import Clock
from tests.page import Browser

__all__ = ["practice"]


def reviewer(app: Flask) -> Browser:
    return entered(app, "province", Role.REGULATOR, "330000")


def offered(browser: Browser, question: Question) -> bool:
    page = browser.open(f"/questions/{question.id}")
    return page.html.select_one(f'a[href="/questions/{question.id}/discard"]') is not None


def discarded(browser: Browser, question: Question) -> Any:
    page = browser.open(f"/questions/{question.id}/discard")
    return browser.submit(next(form for form in page.forms.values() if "seen" in form.fields))


def test_the_page_says_what_is_lost_and_what_comes_back_and_leads_to_the_question(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question = approved(bank)
    clock.advance(days=1)
    edited(question, LI, difficulty=3)
    comments.comment(question, "示例意见", actor=LI, now=now())
    db.session.commit()
    browser = reviewer(app)
    assert offered(browser, question)
    page = browser.open(f"/questions/{question.id}/discard")
    assert "恢复后可被抽入试卷，不需要重新审定" in page
    assert "恢复第 1 版" in page and "下列哪一项是示例" in page and NEW in page
    assert "不再采用的改动：题干、难度" in page and "1 条意见保留" in page
    assert browser.open(page.html.select_one('main a[href*="/compare"]')["href"])
    page = discarded(browser, question)
    assert "试题 sc-1 已审定" in page.html.h1.get_text()
    assert "已放弃第 2 版草稿。试题 sc-1 恢复为第 1 版，可用于考试。" in page
    assert [one.get_text(strip=True) for one in page.html.select(".versions .tag")] == ["已放弃", "✓审定于 2026-03-02"]
    assert "放弃第 2 版草稿，恢复为已审定的第 1 版" in page.html.select(".timeline li")[-1].get_text()
    old = browser.open(f"/questions/{question.id}?version=2")
    assert "这是第 2 版，2026-03-03 已放弃" in old and NEW in old
    against = browser.open(page.html.find("a", string="与放弃的草稿对照")["href"])
    assert "第 1 版与第 2 版" in against.html.h1.get_text() and "已放弃" in against


def test_a_suspended_one_says_why_before_and_after(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved_on(bank, "a-1")
    clock.advance(hours=1)
    edited(question, source_document="另一示例法")
    marked("repealed")
    browser = reviewer(app)
    page = browser.open(f"/questions/{question.id}/discard")
    note = page.html.select_one(".note.warn").get_text()
    assert "恢复后不能直接使用" in note and f"“{LAW}”自 2026-03-02 起废止" in note
    page = discarded(browser, question)
    assert "已暂停使用" in page.html.h1.get_text() and "恢复为第 1 版，暂停使用" in page


def test_what_was_suspended_by_hand_tells_the_reason(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    move(question, QuestionState.SUSPENDED, LI, reason="答案有争议")
    edited(question)
    page = reviewer(app).open(f"/questions/{question.id}/discard")
    assert "编辑之前已经暂停。 暂停使用：答案有争议" in page.html.select_one(".note.warn").get_text()


def test_a_question_for_practice_says_so(app: Flask, bank: Bank, practice: Bank) -> None:
    question = approved(practice)
    edited(question)
    browser = reviewer(app)
    assert "恢复后可用于练习，不需要重新审定" in browser.open(f"/questions/{question.id}/discard")
    assert "可用于练习" in discarded(browser, question)


@pytest.mark.parametrize(
    ("role", "scope"), [(Role.REGULATOR, "330000"), (Role.ADMINISTRATOR, ""), (Role.REGULATOR, "320000")]
)
def test_who_may_edit_what_is_approved_may_discard(app: Flask, bank: Bank, role: Role, scope: str) -> None:
    question = edited(approved(bank))
    browser = entered(app, "somebody", role, scope)
    assert offered(browser, question)
    assert "已放弃" in discarded(browser, question)


@pytest.mark.parametrize("scope", ["330100", "330106"])
def test_below_the_province_nobody_puts_a_question_back_into_the_pool(app: Flask, bank: Bank, scope: str) -> None:
    question = edited(approved(bank))
    browser = entered(app, "city", Role.REGULATOR, scope)
    assert not offered(browser, question)
    page = browser.open(f"/questions/{question.id}/discard", status=403)
    assert "由省级部门或系统管理员办理" in page
    assert refused(browser, question, 403)
    assert queries.question_by_id(question.id).current_version == 2


def test_below_the_province_they_discard_the_draft_of_what_stays_suspended(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    move(question, QuestionState.SUSPENDED, LI, reason="示例原因")
    edited(question)
    browser = entered(app, "city", Role.REGULATOR, "330100")
    assert offered(browser, question)
    assert "暂停使用" in discarded(browser, question)


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.INSTITUTION, "P-1"), (Role.EXAM_SITE, "S-1"), (Role.ENTERPRISE, "E-1"), (Role.TRAINEE, "")],
)
def test_nobody_else_comes_near(app: Flask, bank: Bank, role: Role, scope: str) -> None:
    question = edited(approved(bank))
    browser = entered(app, "other", role, scope)
    assert browser.web.get(f"/questions/{question.id}/discard", expect_errors=True).status_int == 403
    assert refused(browser, question, 403)
    assert queries.question_by_id(question.id).current_version == 2


def refused(browser: Browser, question: Question, status: int, seen: str = "x") -> Any:
    """Post straight to the step, as one whose page was opened before; return the answer."""
    page = browser.open("/password")
    token = page.html.find("input", attrs={"name": "csrf_token"})["value"]
    address = f"/questions/{question.id}/discard"
    return browser.web.post(address, {"csrf_token": token, "seen": seen}, status=status)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), "没有可以放弃的草稿"),
        ((QuestionState.IN_REVIEW,), "正在等待审定，不能放弃新版本"),
        ((QuestionState.RETIRED,), "已停用"),
    ],
)
def test_what_was_never_approved_waits_or_is_retired_is_refused_in_words(
    app: Flask, bank: Bank, states: tuple[QuestionState, ...], said: str
) -> None:
    question = edited(approved(bank) if states else saved(bank))
    for state in states:
        move(question, state, WANG, reason="示例原因")
    db.session.commit()
    browser = reviewer(app)
    assert not offered(browser, question)
    assert said in browser.open(f"/questions/{question.id}/discard", status=409)
    assert said in refused(browser, question, 409)


def test_what_changed_since_the_page_was_opened_is_shown_anew(app: Flask, bank: Bank) -> None:
    question = edited(approved(bank))
    browser = reviewer(app)
    page = browser.open(f"/questions/{question.id}/discard")
    edited(question, LI, "别人改过的示例题干（　　）。")
    page = browser.submit(next(form for form in page.forms.values() if "seen" in form.fields))
    assert "在您打开页面之后被修改过" in page.html.find(id="errors").get_text()
    assert "别人改过的示例题干" in page
    assert queries.question_by_id(question.id).state is QuestionState.DRAFT


def test_who_fills_in_the_form_while_it_is_discarded_is_told_and_keeps_what_was_typed(app: Flask, bank: Bank) -> None:
    question = edited(approved(bank))
    browser = reviewer(app)
    form = form_of(browser.open(f"/questions/{question.id}/edit"))
    discarded(browser, question)
    page = posted(form, stem="还在填写的题干（　　）。")
    assert "第 2 版草稿在" in page and "试题恢复为第 1 版" in page
    assert form_of(page)["stem"].value == "还在填写的题干（　　）。"
    form = form_of(page)
    form["has_read_newest"] = True
    browser.submit(form)
    assert queries.question_by_id(question.id).current_version == 3


def test_the_lists_are_right_afterwards(app: Flask, bank: Bank, clock: Clock) -> None:
    browser = reviewer(app)
    question = approved(bank)
    db.session.commit()
    clock.advance(hours=1)
    form = form_of(browser.open(f"/questions/{question.id}/edit"))
    form["stem"] = NEW
    browser.submit(form)
    assert listed(browser.open("/banks/own")) == ["sc-1"]
    discarded(browser, question)
    assert listed(browser.open("/banks/own")) == []
    assert "sc-1" not in browser.open("/banks/review").html.main.get_text()
    assert "下列哪一项是示例" in browser.open("/banks/general?state=approved").html.main.get_text()
    edit(queries.question_by_id(question.id), CHEN, stem="第三版示例题干（　　）。")
    move(queries.question_by_id(question.id), QuestionState.IN_REVIEW, CHEN)
    db.session.commit()
    shown = browser.open("/banks/review").html.main.get_text()
    assert "第三版示例题干" in shown


def test_the_form_of_an_approved_question_says_that_there_is_a_way_back(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    db.session.commit()
    assert "可在试题页面放弃草稿" in reviewer(app).open(f"/questions/{question.id}/edit")
