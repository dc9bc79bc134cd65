"""An import that is undone while somebody decides on its questions, on PostgreSQL, held apart by locks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import comments, queries, service
from app.banks.importing import QUESTIONS
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.core import imports
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.core.imports import Import, ImportState
from tests.app.banks.files import count, loaded
from tests.app.banks.samples import LI, WANG, row, workbook_of
from tests.app.banks.test_source_races import approve, behind
from tests.app.sittings.test_races import at_once

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)
FULL = {"解析": "示例", "知识点": "示例", "法规依据": "示例法规", "条款": "第一条"}


def waiting_import() -> tuple[int, int]:
    """Return the ids of an import of two questions and of the one of them that waits for approval."""
    imported = loaded(workbook_of([row("示例题干甲（　　）。", **FULL), row("示例题干乙（　　）。", **FULL)]))
    question = db.session.scalars(sa.select(Question).order_by(Question.id)).all()[0]
    seen = queries.current_of(question).digest
    service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=WANG, now=now())
    db.session.commit()
    return imported.id, question.id


def undoing(import_id: int) -> Callable[[], ImportState]:
    def act() -> ImportState:
        found = db.session.get_one(Import, import_id)
        return imports.undo(QUESTIONS, found, actor=WANG, now=now()).state

    return act


def test_an_undo_behind_an_approval_is_refused_and_deletes_nothing(app: Flask, bank: Bank) -> None:
    import_id, question_id = waiting_import()
    refused = behind(app, lambda: approve(question_id), undoing(import_id))
    assert isinstance(refused, ServiceError) and refused.code == "question_import_in_use"
    assert count() == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionVersion)) == 2
    assert db.session.get_one(Question, question_id).state is QuestionState.APPROVED


def test_an_approval_behind_an_undo_finds_no_question(app: Flask, bank: Bank) -> None:
    import_id, question_id = waiting_import()
    refused = behind(app, undoing(import_id), lambda: approve(question_id))
    assert isinstance(refused, ServiceError) and refused.code == "question_unknown"
    assert count() == 0


def test_an_undo_behind_a_comment_is_refused(app: Flask, bank: Bank) -> None:
    import_id, question_id = waiting_import()

    def comment() -> None:
        question = db.session.get_one(Question, question_id)
        comments.comment(question, "示例意见", actor=LI, now=now())

    refused = behind(app, comment, undoing(import_id))
    assert isinstance(refused, ServiceError) and refused.code == "question_import_in_use"
    assert count() == 2


def test_of_two_who_undo_an_import_at_once_one_is_told_that_it_is_undone(app: Flask, bank: Bank) -> None:
    import_id, _question_id = waiting_import()
    found = at_once(app, undoing(import_id), undoing(import_id))
    assert ImportState.UNDONE in found
    (refused,) = [one for one in found if isinstance(one, ServiceError)]
    assert refused.code == "import_not_loaded"
