"""A document that is marked while somebody decides on its questions, on PostgreSQL, held apart by locks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import queries, service, sources
from app.banks.models import Bank, Question, QuestionState
from app.banks.models_documents import LegalDocument
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError
from question_bank.sources import Standing
from tests.app.banks.samples import LI, WANG, true_false
from tests.app.banks.test_pages import approved, waiting
from tests.app.sittings.test_races import WAIT, at_once, waits_for_lock

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)


def repeal(document_id: int) -> int:
    notice = sources.Notice(Standing.REPEALED, today(), "示例说明")
    return sources.mark(document_id, notice, actor=LI, now=now())


def approve(question_id: int) -> Question:
    question = queries.question_to_change(question_id)
    seen = queries.current_of(question).digest
    return service.move(question, QuestionState.APPROVED, seen=seen, actor=LI, now=now())


def waiting_elsewhere(app: Flask, act: Callable[[], Any]) -> Callable[[], Any]:
    """Run *act* elsewhere until it waits for a lock; return what waits for its end and gives what came of it."""
    outcome: list[Any] = []
    pid: list[int] = []

    def run() -> None:
        with app.app_context():
            pid.append(db.session.scalar(sa.text("SELECT pg_backend_pid()")) or 0)
            try:
                outcome.append(act())
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                outcome.append(error)
            finally:
                db.session.remove()

    def ended() -> Any:
        thread.join(WAIT)
        assert not thread.is_alive()
        return outcome[0]

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and not (pid and waits_for_lock(pid[0])):
        thread.join(0.01)
    return ended


def behind(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Run *first*, then *second* elsewhere until it waits for a lock, then commit *first*; return what second gave."""
    first()
    ended = waiting_elsewhere(app, second)
    db.session.commit()
    return ended()


def test_an_approval_behind_the_mark_is_refused(app: Flask, bank: Bank) -> None:
    question_id = waiting(bank)[0].id
    document_id = db.session.scalars(sa.select(LegalDocument.id)).one()
    refused = behind(app, lambda: repeal(document_id), lambda: approve(question_id))
    assert isinstance(refused, ServiceError) and refused.code == "question_source_repealed"


def test_a_mark_behind_an_approval_suspends_what_was_just_approved(app: Flask, bank: Bank) -> None:
    question_id = waiting(bank)[0].id
    document_id = db.session.scalars(sa.select(LegalDocument.id)).one()
    assert behind(app, lambda: approve(question_id), lambda: repeal(document_id)) == 1
    assert db.session.scalar(sa.select(Question.state)) is QuestionState.SUSPENDED


@pytest.mark.parametrize("is_marked", [True, False])
def test_who_approves_several_and_who_comes_between_do_not_wait_for_each_other(
    app: Flask, bank: Bank, monkeypatch: pytest.MonkeyPatch, is_marked: bool
) -> None:
    """Once the first is moved, the other one comes for the second: a mark of its document, or its approval."""
    contents = (true_false(f"a-{one}", f"第{one}道示例题。", source_document=f"示例法{one}") for one in (1, 2))
    wanted = [(one.id, queries.current_of(one).digest) for one in waiting(bank, *contents)]
    document_id = db.session.scalars(sa.select(Question.legal_document_id).where(Question.id == wanted[1][0])).one()
    assert document_id
    between: list[Callable[[], Any]] = []
    move = service.move

    def moved(*args: Any, **kwargs: Any) -> Question:
        question = move(*args, **kwargs)
        if not between:
            monkeypatch.setattr(service, "move", move)
            other = (lambda: repeal(document_id)) if is_marked else (lambda: approve(wanted[1][0]))
            between.append(waiting_elsewhere(app, other))
        return question

    monkeypatch.setattr(service, "move", moved)
    assert service.approve_selected(wanted, actor=LI, now=now()) == 2
    db.session.commit()
    outcome = between[0]()
    if is_marked:
        assert outcome == 1
    else:
        assert isinstance(outcome, ServiceError) and outcome.code == "question_move_not_allowed"


def test_a_bank_that_arrives_as_a_whole_behind_the_mark_leaves_its_questions_out(app: Flask, bank: Bank) -> None:
    question_id = waiting(bank)[0].id
    document_id = db.session.scalars(sa.select(LegalDocument.id)).one()

    def approve_all() -> int:
        found = db.session.get_one(Question, question_id)
        assert found.legal_document is not None and not found.legal_document.marks  # read before it is marked
        return service.approve_where_possible([found], actor=LI, now=now())

    assert behind(app, lambda: repeal(document_id), approve_all) == 0


def test_a_mark_waits_for_who_edits_one_of_the_questions(app: Flask, bank: Bank) -> None:
    question_id = approved(bank)[0].id
    document_id = db.session.scalars(sa.select(LegalDocument.id)).one()

    def edit() -> None:
        question = queries.question_to_change(question_id)
        seen = queries.current_of(question).digest
        changed = true_false("sc-1", "改成另一份依据的示例题干。", source_document="示例新法")
        service.edit(question, changed, seen=seen, actor=WANG, now=now())

    assert behind(app, edit, lambda: repeal(document_id)) == 0
    assert db.session.scalar(sa.select(Question.state)) is QuestionState.DRAFT


def test_two_people_who_name_a_new_document_at_once_mean_one(app: Flask, bank: Bank) -> None:
    bank_id = bank.id
    db.session.rollback()

    def write(number: int) -> Callable[[], int]:
        def act() -> int:
            content = true_false(f"a-{number}", f"第{number}道示例判断题。", source_document="示例新法")
            found = db.session.get_one(Bank, bank_id)
            return service.create(found, content, actor=WANG, now=now()).id

        return act

    found = at_once(app, *(write(number) for number in range(3)))
    assert all(isinstance(one, int) for one in found), found
    assert db.session.scalars(sa.select(LegalDocument.name)).all() == ["示例新法"]
    linked = db.session.scalars(sa.select(Question.legal_document_id).distinct()).all()
    assert len(linked) == 1 and linked[0] is not None
