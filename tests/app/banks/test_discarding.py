"""Giving up an edit: what comes back, as what, and what stands in the way."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.audit.service import faults
from app.banks import comments, discarding, duplicates, pool, queries, service, submitting, two_people
from app.banks.history import history, returned
from app.banks.models import Bank, Question, QuestionState, QuestionTag, QuestionVersion, QuestionWording
from app.core.actors import Actor, Role
from app.core.clock import now, today
from app.core.db import db
from tests.app.banks.counts import miscounted
from tests.app.banks.samples import LI, WANG, single_choice
from tests.app.banks.test_across import crime, practice
from tests.app.banks.test_lifecycle import approved, edit, move, refusal
from tests.conftest import Clock

APPROVED, SUSPENDED = QuestionState.APPROVED, QuestionState.SUSPENDED
DRAFT, IN_REVIEW = QuestionState.DRAFT, QuestionState.IN_REVIEW
NEW = "改过的示例题干（　　）。"
CHEN = Actor(103, "陈示例", Role.REGULATOR, "330000")
__all__ = ["practice"]


def discard(question: Question, actor: Actor = WANG, seen: str = "") -> Question:
    held = queries.question_to_change(question.id)
    found = discarding.effect(held, today(), is_held=True)
    seen = seen or queries.current_of(held).digest
    discarding.discard(held, found, seen=seen, actor=actor, now=now())
    db.session.commit()
    return held


def edited(question: Question, actor: Actor = WANG, stem: str = NEW, **changes: Any) -> Question:
    edit(question, actor, stem=stem, **changes)
    db.session.commit()
    return question


def last(question: Question) -> str:
    return history(queries.question_by_id(question.id))[-1][1]


def found_by(word: str) -> list[str]:
    return list(db.session.scalars(sa.select(Question.code).where(Question.search_text.contains(word))))


def test_the_question_stands_again_on_its_approved_version_and_is_drawn(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank)
    before = {name: getattr(question, name) for name in [one.key for one in Question.__table__.columns]}
    clock.advance(hours=1)
    edited(question, LI, difficulty=3, knowledge_point="别的知识点", tags=("新标签",), source_document="另一示例法")
    assert pool.current_versions(["general"], today()) == []
    discard(question, LI)
    assert {name: getattr(question, name) for name in before} == before
    assert pool.current_versions(["general"], today()) == [question.versions[0].id]
    assert (found_by("改过"), found_by("下列哪一项")) == ([], ["sc-1"])
    assert list(db.session.scalars(sa.select(QuestionTag.tag))) == []
    assert duplicates.same_as(single_choice("sc-9")) is not None
    assert duplicates.same_as(single_choice("sc-9", NEW)) is None
    own = {one.digest for one in single_choice().wordings.own}
    assert set(db.session.scalars(sa.select(QuestionWording.digest))) == own
    assert miscounted() == []


def test_what_was_discarded_is_kept_told_and_never_used_again(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    edited(question)
    edited(question, LI, "又改过的示例题干（　　）。")
    comments.comment(question, "示例意见", actor=LI, now=now())
    clock.advance(hours=1)
    discard(question)
    assert last(question) == "放弃第 2、3 版草稿，恢复为已审定的第 1 版"
    assert [one.discarded_at for one in question.versions] == [None, now(), now()]
    assert [one.version for one in comments.comments_on(question.id)] == [3]
    clock.advance(hours=1)
    edited(question, CHEN)
    assert (question.state, question.current_version) == (DRAFT, 4)
    assert queries.approved_before(question) is question.versions[0]
    move(question, IN_REVIEW, CHEN)
    move(question, APPROVED, LI)
    assert question.versions[3].payload["version"] == 4
    assert list(faults()) == []


def test_who_wrote_only_what_was_discarded_may_approve_what_comes_after(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    edited(question, LI)
    discard(question, LI)
    assert two_people.authors(question) == {two_people.identity(WANG)}
    edited(question, WANG)
    move(question, IN_REVIEW, WANG)
    assert move(question, APPROVED, LI).state is APPROVED


def test_the_next_draft_was_not_sent_back_because_the_discarded_one_was(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    edited(question)
    move(question, IN_REVIEW, WANG)
    move(question, DRAFT, LI, reason="示例原因")
    assert returned([question.id])
    discard(question)
    clock.advance(hours=1)
    edited(question)
    assert returned([question.id]) == {}


def test_history_says_which_version_was_sent_with_others_before_and_after(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    move(question, SUSPENDED, LI, reason="示例原因")
    edited(question)
    clock.advance(hours=1)
    submitting.submit(submitting.chosen(bank, [question.id]), actor=WANG, now=now())
    db.session.refresh(question)
    move(question, DRAFT, LI, reason="示例原因")
    clock.advance(hours=1)
    discard(question)
    clock.advance(hours=1)
    submitting.submit(submitting.chosen(bank, [question.id]), actor=WANG, now=now())
    told = [sentence for _at, sentence, _by in history(queries.question_by_id(question.id))]
    assert [one for one in told if "一并送审" in one] == ["第 2 版与其他试题一并送审", "第 1 版与其他试题一并送审"]


def test_what_was_suspended_before_it_was_edited_comes_back_suspended(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    move(question, SUSPENDED, LI, reason="条文已修订")
    edited(question)
    found = discarding.effect(question, today())
    assert (found.state, found.suspended is not None, found.marks) == (SUSPENDED, True, ())
    discard(question)
    assert (question.state, pool.current_versions(["general"], today())) == (SUSPENDED, [])
    assert last(question) == "放弃第 2 版草稿，恢复为第 1 版，仍暂停使用"
    clock.advance(hours=1)
    move(question, IN_REVIEW, WANG)
    move(question, APPROVED, LI)
    clock.advance(hours=1)
    edited(question)
    assert discard(question).state is APPROVED, "it was approved again since it was suspended"


def test_a_suspended_question_that_was_sent_back_and_then_edited_comes_back_suspended(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    for state in (SUSPENDED, IN_REVIEW, DRAFT):
        move(question, state, LI, reason="示例原因")
    with refusal("question_discard_nothing"):
        discarding.effect(question, today())
    edited(question)
    assert discard(question).state is SUSPENDED


@pytest.mark.parametrize("state", [None, IN_REVIEW, QuestionState.RETIRED])
def test_there_is_nothing_to_discard_of_a_question_that_was_never_approved(
    app: Flask, bank: Bank, state: QuestionState | None
) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    edited(question, LI)
    if state:
        move(question, state, WANG, reason="示例原因")
    codes = {None: "question_discard_nothing", IN_REVIEW: "question_discard_in_review"}
    with refusal(codes.get(state, "question_retired")):
        discarding.effect(question, today())


def test_what_is_approved_suspended_or_in_review_is_not_discarded(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    with refusal("question_discard_nothing"):
        discarding.effect(question, today())
    move(question, SUSPENDED, LI, reason="示例原因")
    with refusal("question_discard_nothing"):
        discarding.effect(question, today())
    edited(question)
    move(question, IN_REVIEW, WANG)
    with refusal("question_discard_in_review"):
        discarding.effect(question, today())


def test_what_another_tab_wrote_meanwhile_is_not_discarded_unread(app: Flask, bank: Bank) -> None:
    question = edited(approved(bank))
    seen = queries.current_of(question).digest
    edited(question, LI, "别人改过的示例题干（　　）。")
    with refusal("question_changed_meanwhile"):
        discard(question, seen=seen)


def test_it_does_not_come_back_beside_the_same_question(app: Flask, bank: Bank, practice: Bank) -> None:
    question = edited(approved(bank))
    twin = service.create(bank, single_choice("sc-2"), actor=LI, now=now())
    db.session.commit()
    with refusal("question_discard_twin"):
        discard(question)
    db.session.rollback()
    move(twin, QuestionState.RETIRED, LI, reason="示例原因")
    assert discard(question).state is APPROVED


def test_nor_beside_the_same_one_for_the_other_purpose(app: Flask, bank: Bank, practice: Bank) -> None:
    question = service.create(bank, crime("sc-1"), actor=WANG, now=now())
    move(question, IN_REVIEW, WANG)
    edited(move(question, APPROVED, LI))
    service.create(practice, crime("sc-2", stem=crime("x").stem + "。"), actor=LI, now=now())
    db.session.commit()
    with refusal("question_discard_twin"):
        discard(question)


def test_the_database_discards_nothing_that_was_approved(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    statement = sa.update(QuestionVersion).where(QuestionVersion.question_id == question.id).values(discarded_at=now())
    with pytest.raises(IntegrityError, match="discarded_unapproved"):
        db.session.execute(statement)
