"""A document that was marked while a question stood as a draft: as what the approved version comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.banks import queries, sources, submitting
from app.banks.models import Bank
from app.core.clock import now, today
from app.core.db import db
from tests.app.banks.samples import LI, WANG
from tests.app.banks.test_discarding import APPROVED, IN_REVIEW, SUSPENDED, discard, edited, last
from tests.app.banks.test_lifecycle import move
from tests.app.banks.test_source_marks import ahead, comes, drawn
from tests.app.banks.test_sources import LAW, law, marked, withdrawn
from tests.app.banks.test_sources import approved as approved_on
from tests.conftest import Clock


@pytest.mark.parametrize(("standing", "word"), [("changed", "修改"), ("repealed", "废止")])
def test_a_mark_that_came_meanwhile_lets_it_come_back_suspended(
    app: Flask, bank: Bank, clock: Clock, standing: str, word: str
) -> None:
    question = approved_on(bank, "a-1")
    clock.advance(hours=1)
    edited(question, source_document="另一示例法")
    assert marked(standing) == 0, "the draft rests on another document"
    discard(question)
    assert question.state is SUSPENDED
    day = today().isoformat()
    assert last(question) == f"放弃第 2 版草稿，恢复为第 1 版；“{LAW}”自 {day} 起{word}，暂停使用"
    assert submitting.count_of(submitting.taken_out_by(law())) == 1
    clock.advance(hours=1)
    withdrawn()
    edited(question)
    assert discard(question).state is SUSPENDED, "until somebody approves it again, whatever became of the mark"
    move(question, IN_REVIEW, WANG)
    clock.advance(hours=1)
    move(question, APPROVED, LI)
    assert submitting.count_of(submitting.taken_out_by(law())) == 0


def test_what_its_document_suspended_before_comes_back_suspended_though_the_mark_was_withdrawn(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question = approved_on(bank, "a-1")
    clock.advance(hours=1)
    marked("changed")
    edited(queries.question_by_id(question.id))
    withdrawn()
    assert submitting.count_of(submitting.taken_out_by(law())) == 0
    assert discard(question).state is SUSPENDED
    assert submitting.count_of(submitting.taken_out_by(law())) == 1


def test_a_mark_on_other_articles_or_one_it_was_compared_with_changes_nothing(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question = approved_on(bank, "a-1")
    clock.advance(hours=1)
    marked("changed")
    move(queries.question_by_id(question.id), IN_REVIEW, WANG)
    clock.advance(hours=1)
    move(question, APPROVED, LI, compared=[one.id for one in law().marks])
    clock.advance(hours=1)
    edited(question)
    marked("changed", articles=("第九条",))
    assert discard(question).state is APPROVED


def test_a_change_to_come_that_was_recorded_meanwhile_ends_it_the_day_before(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question, day = approved_on(bank, "a-1"), ahead()
    clock.advance(hours=1)
    edited(question)
    marked("changed", changed_on=day)
    discard(question)
    assert (question.state, question.source_to) == (APPROVED, day - timedelta(days=1))
    assert (drawn(today()), drawn(day)) == (1, 0)
    comes(clock, day)
    db.session.refresh(question)
    assert question.state is SUSPENDED


def test_a_day_that_has_come_suspends_it_before_the_worker_has_seen_it(app: Flask, bank: Bank, clock: Clock) -> None:
    question, day = approved_on(bank, "a-1"), ahead(1)
    marked("changed", changed_on=day)
    edited(queries.question_by_id(question.id))
    clock.advance(days=2)
    assert discard(question).state is SUSPENDED
    assert sources.due(now())
