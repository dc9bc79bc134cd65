"""A question from draft to retirement: versions, two people, what may be changed when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.service import faults
from app.banks import documents, pool, queries, service
from app.banks.history import history
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Actor
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import MESSAGES, ServiceError, worded
from tests.app.banks.samples import LI, WANG, single_choice, true_false
from tests.conftest import Clock


def move(question: Question, target: QuestionState, actor: Actor, **kwargs: Any) -> Question:
    seen = queries.current_of(question).digest
    return service.move(question, target, seen=seen, actor=actor, now=now(), **kwargs)


def compared(question: Question) -> list[int]:
    """Return what a reviewer says who has compared *question* with every mark of its document, as `move` takes it."""
    return [mark.id for mark in documents.marks_of(question.legal_document)]


def edit(question: Question, actor: Actor, **changes: Any) -> Question:
    current = queries.current_of(question)
    content = replace(queries.content_of(current), **changes)
    return service.edit(question, content, seen=current.digest, actor=actor, now=now())


def approved(bank: Bank) -> Question:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    return move(question, QuestionState.APPROVED, LI)


def refusal(code: str) -> Any:
    assert code in MESSAGES
    return pytest.raises(ServiceError, match=f"^{code}")


def test_a_new_question_is_a_draft_that_no_paper_draws(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    assert (question.state, question.current_version) == (QuestionState.DRAFT, 1)
    assert pool.current_versions(["general"], today()) == []


def test_the_author_cannot_approve(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    with refusal("question_author_approves"):
        move(question, QuestionState.APPROVED, WANG)
    assert question.state is QuestionState.IN_REVIEW


def test_another_person_approves_and_papers_draw_the_question(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    version = question.versions[0]
    assert (version.approved_by_id, version.approved_by_name) == (LI.user_id, LI.name)
    assert pool.current_versions(["general"], today()) == [version.id]


@pytest.mark.parametrize("field", ["explanation", "knowledge_point", "source_document", "source_article"])
def test_a_question_without_its_source_stays_a_draft(app: Flask, bank: Bank, field: str) -> None:
    question = service.create(bank, single_choice(**{field: ""}), actor=WANG, now=now())
    with refusal(f"question_needs_{field}"):
        move(question, QuestionState.IN_REVIEW, WANG)


def test_a_draft_cannot_be_approved_without_review(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    with refusal("question_move_not_allowed"):
        move(question, QuestionState.APPROVED, LI)


def test_editing_an_approved_question_makes_a_draft_and_keeps_what_papers_hold(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    before = dict(question.versions[0].payload)
    edit(question, WANG, stem="改过的示例题干（　　）。")
    assert (question.state, question.current_version) == (QuestionState.DRAFT, 2)
    assert question.versions[0].payload == before
    assert question.versions[1].payload["version"] == 2
    assert pool.current_versions(["general"], today()) == []


def test_the_author_rewrites_a_draft_in_place(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    edit(question, WANG, stem="改过的示例题干（　　）。")
    assert question.current_version == 1
    assert question.versions[0].stem == "改过的示例题干（　　）。"


def test_a_version_that_was_once_approved_is_never_rewritten(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    move(question, QuestionState.SUSPENDED, LI, reason="示例原因")
    move(question, QuestionState.IN_REVIEW, WANG)
    move(question, QuestionState.DRAFT, LI, reason="示例原因")
    edit(question, WANG, stem="改过的示例题干（　　）。")
    assert question.current_version == 2


def test_who_helped_to_write_cannot_approve(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    edit(question, LI, stem="别人改过的示例题干（　　）。")
    move(question, QuestionState.IN_REVIEW, WANG)
    for author in (WANG, LI):
        with refusal("question_author_approves"):
            move(question, QuestionState.APPROVED, author)


def test_who_wrote_only_what_was_approved_earlier_may_approve_a_later_version(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    edit(question, LI, stem="别人改过的示例题干（　　）。")
    move(question, QuestionState.IN_REVIEW, LI)
    assert move(question, QuestionState.APPROVED, WANG).state is QuestionState.APPROVED


def test_a_suspended_question_is_drawn_again_only_after_review(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    move(question, QuestionState.SUSPENDED, LI, reason="示例原因")
    assert pool.current_versions(["general"], today()) == []
    with refusal("question_move_not_allowed"):
        move(question, QuestionState.APPROVED, LI)
    move(question, QuestionState.IN_REVIEW, LI)
    with refusal("question_author_approves"):
        move(question, QuestionState.APPROVED, WANG)
    move(question, QuestionState.APPROVED, LI)


def test_a_retired_question_is_not_edited(app: Flask, bank: Bank) -> None:
    question = move(approved(bank), QuestionState.RETIRED, LI, reason="示例原因")
    with refusal("question_retired"):
        edit(question, WANG, stem="改过的示例题干（　　）。")


def test_saving_without_a_change_makes_no_version(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    with refusal("question_unchanged"):
        edit(question, WANG)
    assert question.state is QuestionState.APPROVED


def test_what_another_tab_changed_meanwhile_is_neither_overwritten_nor_approved(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    seen = queries.current_of(question).digest
    edit(question, WANG, stem="另一个窗口改过的题干（　　）。")
    with refusal("question_changed_meanwhile"):
        service.edit(question, single_choice(stem="旧窗口的题干（　　）。"), seen=seen, actor=WANG, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    with refusal("question_changed_meanwhile"):
        service.move(question, QuestionState.APPROVED, seen=seen, actor=LI, now=now())


def test_the_same_question_twice_is_refused_naming_the_other(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    again = single_choice("sc-2", stem="下列哪一项是示例( )", key=("C",))
    with pytest.raises(ServiceError, match="question_duplicate") as refused:
        service.create(bank, again, actor=LI, now=now())
    assert "sc-1" in worded(refused.value)


def test_numbers_that_differ_by_a_decimal_point_are_two_questions(app: Flask, bank: Bank) -> None:
    service.create(bank, true_false("tf-1", "净高不应低于3.5米。"), actor=WANG, now=now())
    service.create(bank, true_false("tf-2", "净高不应低于35米。"), actor=WANG, now=now())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 2


def test_a_code_is_used_once_over_all_banks(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=WANG, now=now())
    with refusal("question_code_taken"):
        service.create(bank, true_false("sc-1"), actor=WANG, now=now())


def test_several_are_approved_together_or_none(app: Flask, bank: Bank) -> None:
    first = service.create(bank, single_choice(), actor=WANG, now=now())
    second = service.create(bank, true_false(), actor=LI, now=now())
    for question, author in ((first, WANG), (second, LI)):
        move(question, QuestionState.IN_REVIEW, author)
    db.session.commit()
    both = [(question.id, queries.current_of(question).digest) for question in (first, second)]
    with refusal("question_author_approves"):
        service.approve_selected(both, actor=LI, now=now())
    db.session.rollback()
    assert {first.state, second.state} == {QuestionState.IN_REVIEW}
    assert service.approve_selected(both[:1], actor=LI, now=now()) == 1
    with refusal("nothing_selected"):
        service.approve_selected([], actor=LI, now=now())


def test_the_history_tells_each_step_by_whom_and_why_and_the_chain_holds(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank)
    clock.advance(hours=1)
    move(question, QuestionState.SUSPENDED, LI, reason="条文已修订")
    assert [(sentence, by) for _at, sentence, by in history(question)] == [
        ("新建草稿", WANG.name),
        ("第 1 版送审", WANG.name),
        ("第 1 版审定通过", LI.name),
        ("暂停使用：条文已修订", LI.name),
    ]
    db.session.commit()
    assert list(faults()) == []
