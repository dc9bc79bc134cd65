"""The page of a question: what author and reviewer are told and offered, in words that fit what its bank is for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.banks import queries, service, sources, submitting
from app.banks.history import history, returned
from app.banks.models import Bank, BankPurpose, Question, QuestionState
from app.core.actors import Actor, Role
from app.core.clock import now, today
from app.core.db import db
from question_bank.sources import Standing
from tests import sample
from tests.app.banks.samples import LI, WANG, entered, single_choice, true_false
from tests.app.banks.test_lifecycle import edit, move, refusal
from tests.app.banks.test_pages import approved, posted, state_of, waiting
from tests.conftest import Clock
from tests.page import Browser

STEM = "生产经营单位的主要负责人对本单位安全生产工作全面负责。"


@pytest.fixture
def practice(app: Flask) -> Bank:
    names = {"name_zh": "通用题库（练习）", "name_en": "General (practice)"}
    found: Bank = sample.added(Bank(code="general_practice", purpose=BankPurpose.PRACTICE, created_at=now(), **names))
    db.session.commit()
    return found


def reviewer(app: Flask) -> Browser:
    return entered(app, "province", Role.REGULATOR, "330000")


def account(login: str) -> Actor:
    return sample.actor_of(db.session.scalars(sa.select(User).where(User.login == login)).one())


def sent_back(bank: Bank) -> Question:
    question = waiting(bank)[0]
    move(question, QuestionState.DRAFT, LI, reason="选项C表述不准确")
    db.session.commit()
    return question


def test_why_a_question_came_back_stands_on_top_until_it_is_sent_again(app: Flask, bank: Bank, clock: Clock) -> None:
    question = sent_back(bank)
    browser = reviewer(app)
    note = browser.open(f"/questions/{question.id}").html.find(class_="note")
    assert "李示例 退回修改" in note.get_text() and "选项C表述不准确" in note.get_text()
    edit(question, WANG, stem="改过的示例题干（　　）。")
    assert returned([question.id])
    clock.advance(minutes=1)
    move(question, QuestionState.IN_REVIEW, WANG)
    assert returned([question.id]) == {}
    edit(question, WANG, stem="又改过的示例题干（　　）。")
    assert (question.state, returned([question.id])) == (QuestionState.DRAFT, {})


def test_an_author_takes_the_own_question_back_from_review(app: Flask, bank: Bank) -> None:
    browser = entered(app, "county", Role.REGULATOR, "330102")
    question = service.create(bank, single_choice(), actor=account("county"), now=now())
    move(question, QuestionState.IN_REVIEW, account("county"))
    db.session.commit()
    page = browser.open(f"/questions/{question.id}")
    page = browser.submit(browser.form(page, "/recall"))
    assert "是草稿" in page.html.h1.get_text()
    assert history(queries.question_by_id(question.id))[-1][1] == "撤回送审"
    assert returned([question.id]) == {}


def test_nobody_takes_back_what_another_sent_or_what_is_not_in_review(app: Flask, bank: Bank) -> None:
    question = waiting(bank)[0]
    browser = entered(app, "county", Role.REGULATOR, "330102")
    assert "/recall" not in browser.open(f"/questions/{question.id}")
    seen = question.versions[0].digest
    assert "不是由您编写的" in posted(browser, f"/questions/{question.id}/recall", {"seen": seen}, 409)
    with refusal("question_changed_meanwhile"):
        submitting.recall(question, seen="x", actor=WANG, now=now())
    move(question, QuestionState.APPROVED, LI)
    with refusal("question_move_not_allowed"):
        submitting.recall(question, seen=seen, actor=WANG, now=now())


def test_a_draft_on_a_repealed_document_is_not_offered_for_review(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    assert question.legal_document_id is not None
    sources.mark(question.legal_document_id, sources.Notice(Standing.REPEALED, today(), "示例"), actor=LI, now=now())
    db.session.commit()
    page = reviewer(app).open(f"/questions/{question.id}")
    assert "/submit" not in page and "不能送审" in page
    assert "primary" in page.html.find("a", string="编辑")["class"]


def test_a_reviewer_sees_the_key_in_the_options_and_one_bar_with_the_decision(app: Flask, bank: Bank) -> None:
    question = waiting(bank)[0]
    page = reviewer(app).open(f"/questions/{question.id}")
    assert "示例乙" in page.html.select_one(".offered li.right").get_text()
    bar = page.html.find(class_="decide")
    assert [one.get_text(strip=True) for one in bar.select(".btn")] == ["审定通过", "退回修改"]
    assert "意见 0 条" in bar.get_text()
    assert (
        not entered(app, "county", Role.REGULATOR, "330102")
        .open(f"/questions/{question.id}")
        .html.find(class_="decide")
    )


def test_a_near_copy_of_an_exam_question_is_named_as_such(app: Flask, bank: Bank, practice: Bank) -> None:
    approved(bank, true_false("live-1", STEM))
    near = waiting(practice, true_false("near-1", STEM.replace("全面负责", "全面地负责")))[0]
    page = reviewer(app).open(f"/questions/{near.id}")
    note = page.html.find(class_="note").get_text()
    assert "与考试用题库的试题相近" in note and "live-1" in note
    alike = page.html.find("section", attrs={"aria-labelledby": "alike"}).get_text()
    assert "通用题库 · 考试用题库" in alike and "已审定" in alike


def test_similar_questions_for_the_same_purpose_give_no_such_warning(app: Flask, bank: Bank) -> None:
    approved(bank, true_false("live-1", STEM))
    near = waiting(bank, true_false("near-1", STEM.replace("全面负责", "全面地负责")))[0]
    page = reviewer(app).open(f"/questions/{near.id}")
    assert "live-1" in page and "题库的试题相近" not in page


def test_a_practice_question_is_not_said_to_be_for_exams(app: Flask, practice: Bank) -> None:
    question = waiting(practice)[0]
    browser = reviewer(app)
    page = browser.submit(browser.form(browser.open(f"/questions/{question.id}"), "/approve"))
    assert "已审定通过，可用于练习" in page and "可用于练习，不会被抽入试卷" in page
    assert "可用于考试" not in page
    assert state_of(question.id) is QuestionState.APPROVED
    assert "不再用于练习" in browser.open(f"/questions/{question.id}/suspend")


def test_versions_are_compared_with_an_approved_one_only_where_there_is_one(app: Flask, bank: Bank) -> None:
    question = waiting(bank)[0]
    edit(question, LI, stem="别人改过的示例题干（　　）。")
    db.session.commit()
    browser = reviewer(app)
    page = browser.open(f"/questions/{question.id}")
    assert page.html.find("a", string="与上一版对照") and "与上一审定版对照" not in page
