"""Questions that came by the command line without an account: who sends them to review does not approve them alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import service as accounts
from app.banks import queries, queue, service, submitting, two_people
from app.banks.importing import QUESTIONS
from app.banks.models import Bank, Question, QuestionState
from app.core import imports
from app.core.actors import SYSTEM, Actor, Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from tests.app.banks.samples import LI, WANG, entered, row, single_choice, workbook_of
from tests.conftest import Clock

SOURCED = {"解析": "示例解析", "知识点": "示例知识点", "法规依据": "示例法规", "条款": "第一条"}


def brought(actor: Actor = SYSTEM, *stems: str) -> list[Question]:
    """Import questions that are ready for review, by default without an account."""
    content = workbook_of([row(stem, **SOURCED) for stem in stems or ("示例题干甲（　　）。", "示例题干乙（　　）。")])
    kept = imports.check_file(QUESTIONS, "示例.xlsx", content, {"bank": "general"}, actor=actor, now=now())
    imports.load(QUESTIONS, kept, actor=actor, now=now())
    return list(db.session.scalars(sa.select(Question).order_by(Question.id)))


def move(question: Question, target: QuestionState, actor: Actor, **more: Any) -> Question:
    return service.move(question, target, seen=queries.current_of(question).digest, actor=actor, now=now(), **more)


def refusal(code: str) -> Any:
    return pytest.raises(ServiceError, match=code)


def test_who_sent_it_alone_does_not_approve_it(app: Flask, bank: Bank) -> None:
    question = brought()[0]
    move(question, QuestionState.IN_REVIEW, WANG)
    with refusal("question_sender_approves"):
        move(question, QuestionState.APPROVED, WANG)
    assert move(question, QuestionState.APPROVED, LI).state is QuestionState.APPROVED


def test_who_sent_it_with_others_does_not_approve_it(app: Flask, bank: Bank) -> None:
    question, other = brought()
    submitting.submit(submitting.of_import(question.import_id or 0), actor=WANG, now=now())
    db.session.expire_all()
    picked = [(one.id, queries.current_of(one).digest) for one in (question, other)]
    with refusal("question_sender_approves"):
        service.approve_selected(picked, actor=WANG, now=now())
    db.session.rollback()


def test_only_the_last_sending_counts(app: Flask, bank: Bank, clock: Clock) -> None:
    question = brought()[0]
    move(question, QuestionState.IN_REVIEW, WANG)
    clock.advance(minutes=1)
    move(question, QuestionState.DRAFT, LI, reason="示例原因")
    clock.advance(minutes=1)
    move(question, QuestionState.IN_REVIEW, LI)
    with refusal("question_sender_approves"):
        move(question, QuestionState.APPROVED, LI)
    move(question, QuestionState.APPROVED, WANG)


def test_once_somebody_has_written_in_it_the_author_is_kept_out_instead(app: Flask, bank: Bank) -> None:
    question = brought()[0]
    content = queries.content_of(queries.current_of(question))
    changed = single_choice(content.code, stem="改过的示例题干（　　）。")
    service.edit(question, changed, seen=queries.current_of(question).digest, actor=LI, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    with refusal("question_author_approves"):
        move(question, QuestionState.APPROVED, LI)
    move(question, QuestionState.APPROVED, WANG)


def test_who_brought_them_under_an_account_is_their_author(app: Flask, bank: Bank) -> None:
    question = brought(WANG)[0]
    move(question, QuestionState.IN_REVIEW, LI)
    with refusal("question_author_approves"):
        move(question, QuestionState.APPROVED, WANG)
    move(question, QuestionState.APPROVED, LI)


def test_a_whole_bank_is_approved_without_them(app: Flask, bank: Bank) -> None:
    questions = [*brought(), service.create(bank, single_choice(), actor=WANG, now=now())]
    assert service.approve_where_possible(questions, actor=LI, now=now()) == 1
    assert [one.state for one in questions] == [QuestionState.DRAFT, QuestionState.DRAFT, QuestionState.APPROVED]


def test_who_sent_it_takes_it_back(app: Flask, bank: Bank) -> None:
    question = brought()[0]
    move(question, QuestionState.IN_REVIEW, WANG)
    seen = queries.current_of(question).digest
    with refusal("question_recalled_by_author"):
        submitting.recall(question, seen=seen, actor=LI, now=now())
    assert submitting.recall(question, seen=seen, actor=WANG, now=now()).state is QuestionState.DRAFT


def test_the_walk_through_the_queue_passes_over_what_the_reader_has_sent(app: Flask, bank: Bank, clock: Clock) -> None:
    first, second, third = brought(SYSTEM, "示例题干甲（　　）。", "示例题干乙（　　）。", "示例题干丙（　　）。")
    move(first, QuestionState.IN_REVIEW, WANG)
    clock.advance(seconds=1)
    move(second, QuestionState.IN_REVIEW, LI)
    clock.advance(seconds=1)
    submitting.submit(submitting.chosen(bank, [third.id]), actor=WANG, now=now())
    assert queue.next_waiting(queue.queue_table(WANG), {}, WANG, None) == second.id
    assert queue.next_waiting(queue.queue_table(WANG), {}, WANG, second.id) is None
    assert queue.next_waiting(queue.queue_table(LI), {}, LI, None) == first.id
    assert queue.next_waiting(queue.queue_table(LI), {}, LI, first.id) == third.id


def sent_to_review(bank: Bank, clock: Clock) -> list[Question]:
    """Bring questions and let each have its own way to where it is; return all of the bank."""
    stems = [f"示例题干第{sign}种情形（　　）。" for sign in "甲乙丙丁戊己庚辛"]
    draft, single, together, again, edited, back, approved, other = brought(SYSTEM, *stems)
    clock.advance(seconds=1)
    for question in (single, again, edited, back, approved):
        move(question, QuestionState.IN_REVIEW, WANG)
    move(draft, QuestionState.RETIRED, WANG)
    submitting.submit(submitting.chosen(bank, [together.id]), actor=WANG, now=now())
    db.session.expire_all()
    clock.advance(seconds=1)
    move(other, QuestionState.IN_REVIEW, SYSTEM)
    move(approved, QuestionState.APPROVED, LI)
    for question in (again, back):
        move(question, QuestionState.DRAFT, LI, reason="示例原因")
    clock.advance(seconds=1)
    move(again, QuestionState.IN_REVIEW, LI)
    move(edited, QuestionState.DRAFT, LI, reason="示例原因")
    for stem, editor in (("改过一次的示例题干（　　）。", LI), ("改过两次的示例题干（　　）。", SYSTEM)):
        content = single_choice(queries.content_of(queries.current_of(edited)).code, stem=stem)
        service.edit(edited, content, seen=queries.current_of(edited).digest, actor=editor, now=now())
    move(edited, QuestionState.IN_REVIEW, WANG)
    written = service.create(bank, single_choice(stem="亲手写的示例题干（　　）。"), actor=LI, now=now())
    move(written, QuestionState.IN_REVIEW, WANG)
    db.session.flush()
    return list(db.session.scalars(sa.select(Question)))


def test_in_lists_and_for_one_question_the_same_people_have_sent_it(app: Flask, bank: Bank, clock: Clock) -> None:
    questions = sent_to_review(bank, clock)
    for actor, count in ((WANG, 2), (LI, 1), (SYSTEM, 1), (replace(SYSTEM, name="另一个"), 0)):
        listed = set(db.session.scalars(sa.select(Question.id).where(two_people.sent_by(actor))))
        assert listed == {one.id for one in questions if two_people.is_sender(one, actor)}
        assert len(listed) == count


def test_other_steps_of_the_same_moment_are_no_sending(app: Flask, bank: Bank) -> None:
    question = brought()[0]
    move(question, QuestionState.IN_REVIEW, WANG)
    move(question, QuestionState.DRAFT, LI, reason="示例原因")
    assert not two_people.is_sender(question, LI)
    question.state = QuestionState.IN_REVIEW
    db.session.flush()
    for actor, is_sender in ((WANG, True), (LI, False)):
        assert two_people.is_sender(question, actor) is is_sender
        found = db.session.scalar(sa.select(Question.id).where(two_people.sent_by(actor)))
        assert found == (question.id if is_sender else None)


def test_the_queue_and_the_page_offer_no_approval_to_who_sent_it(app: Flask, bank: Bank) -> None:
    question, other = brought()
    browser = entered(app, "sender", Role.ADMINISTRATOR)
    account = accounts.acting("sender", [Role.ADMINISTRATOR])
    move(question, QuestionState.IN_REVIEW, account)
    move(other, QuestionState.IN_REVIEW, WANG)
    versions = queries.versions_by_question([question.id, other.id])
    said = {one.version.question_id: one for one in queue.described(versions, account)}
    assert [(said[one.id].may_approve, said[one.id].is_sender) for one in (question, other)] == [
        (False, True),
        (True, False),
    ]
    db.session.commit()
    page = browser.open(f"/questions/{question.id}")
    assert "没有编写人" in page and "审定通过" not in page and "撤回送审" in page
    assert "没有编写人" in browser.open("/banks/review")
    assert "审定通过" in browser.open(f"/questions/{other.id}")
