"""A draft that is discarded while somebody else decides, on PostgreSQL, held apart by locks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import discarding, queries, service
from app.banks.models import Bank, Question, QuestionState
from app.banks.models_documents import LegalDocument
from app.core.clock import now, today
from app.core.db import db
from tests.app.banks.samples import LI, SOURCED, WANG, single_choice
from tests.app.banks.test_across_races import creating, is_refused
from tests.app.banks.test_discarding import edited
from tests.app.banks.test_lifecycle import approved
from tests.app.banks.test_source_races import behind, repeal
from tests.app.sittings.test_races import at_once

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)


def discards(question_id: int, seen: str) -> Callable[[], QuestionState]:
    def act() -> QuestionState:
        question = queries.question_to_change(question_id)
        found = discarding.effect(question, today(), is_held=True)
        return discarding.discard(question, found, seen=seen, actor=LI, now=now()).state

    return act


def drafted(bank: Bank) -> tuple[int, str]:
    """Return id and digest of the draft of a question that was approved."""
    question = edited(approved(bank))
    return question.id, queries.current_of(question).digest


def document() -> int:
    wanted = LegalDocument.name == SOURCED["source_document"]
    return db.session.scalars(sa.select(LegalDocument.id).where(wanted)).one()


def state_of(question_id: int) -> QuestionState:
    db.session.rollback()
    return db.session.get_one(Question, question_id).state


def test_a_mark_behind_it_suspends_what_has_just_come_back(app: Flask, bank: Bank) -> None:
    question_id, seen = drafted(bank)
    document_id = document()
    assert behind(app, discards(question_id, seen), lambda: repeal(document_id)) == 1
    assert state_of(question_id) is QuestionState.SUSPENDED


def test_behind_a_mark_the_question_comes_back_suspended(app: Flask, bank: Bank) -> None:
    question_id, seen = drafted(bank)
    document_id = document()
    assert behind(app, lambda: repeal(document_id), discards(question_id, seen)) is QuestionState.SUSPENDED


def test_behind_a_sending_to_review_it_is_refused(app: Flask, bank: Bank) -> None:
    question_id, seen = drafted(bank)

    def send() -> None:
        question = queries.question_to_change(question_id)
        service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=WANG, now=now())

    assert is_refused(behind(app, send, discards(question_id, seen)), "question_discard_in_review")
    assert state_of(question_id) is QuestionState.IN_REVIEW


def editing(question_id: int, seen: str) -> Callable[[], Any]:
    def act() -> int:
        question = queries.question_to_change(question_id)
        content = replace(queries.content_of(queries.current_of(question)), stem="另一个窗口的题干（　　）。")
        return service.edit(question, content, seen=seen, actor=WANG, now=now()).current_version

    return act


def test_an_edit_of_the_draft_behind_it_is_refused_and_the_other_way_round(app: Flask, bank: Bank) -> None:
    question_id, seen = drafted(bank)
    assert is_refused(
        behind(app, editing(question_id, seen), discards(question_id, seen)), "question_changed_meanwhile"
    )
    newest = queries.current_of(queries.question_by_id(question_id)).digest
    db.session.rollback()
    refused = behind(app, discards(question_id, newest), editing(question_id, newest))
    assert is_refused(refused, "question_changed_meanwhile")
    assert state_of(question_id) is QuestionState.APPROVED


def test_of_two_who_discard_it_at_once_one_is_told_that_there_is_nothing_left(app: Flask, bank: Bank) -> None:
    question_id, seen = drafted(bank)
    found = at_once(app, discards(question_id, seen), discards(question_id, seen))
    assert QuestionState.APPROVED in found
    assert [is_refused(one, "question_discard_nothing") for one in found].count(True) == 1


def test_of_the_same_question_brought_meanwhile_and_the_one_that_comes_back_one_stays(app: Flask, bank: Bank) -> None:
    question_id, seen = drafted(bank)
    twin = creating(bank.id, single_choice("sc-2"))
    db.session.rollback()
    assert is_refused(behind(app, twin, discards(question_id, seen)), "question_duplicate_meanwhile")
    assert state_of(question_id) is QuestionState.DRAFT
    db.session.execute(sa.update(Question).where(Question.code == "sc-2").values(state=QuestionState.RETIRED))
    db.session.commit()
    again = creating(bank.id, single_choice("sc-3"))
    db.session.rollback()
    assert is_refused(behind(app, discards(question_id, seen), again), "question_duplicate_meanwhile")
    assert state_of(question_id) is QuestionState.APPROVED
