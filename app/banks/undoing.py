"""Undoing an import of questions: what would be removed, what somebody has built on since, and the step itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.banks import queries
from app.banks.models import Question, QuestionState, QuestionVersion
from app.banks.models_review import QuestionComment
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError
from app.core.imports import Import

LISTED = 50


@dataclass(frozen=True)
class Effect:
    """What undoing an import would do.

    by_state: state -> questions that would be removed. kept: how many cannot be; first_kept: some of them, by code.
    """

    by_state: dict[QuestionState, int]
    kept: int
    first_kept: Sequence[QuestionVersion]

    @property
    def questions(self) -> int:
        """How many questions the import brought that are still there."""
        return sum(self.by_state.values())


def effect(imported: Import) -> Effect:
    """Return what undoing *imported* would do."""
    own = Question.import_id == imported.id
    counted = sa.select(Question.state, sa.func.count()).where(own).group_by(Question.state)
    kept = _built_on(imported)
    listed = queries.current_versions().where(Question.id.in_(kept)).order_by(Question.code).limit(LISTED)
    by_state = dict(db.session.execute(counted).all())
    ordered = {state: by_state[state] for state in QuestionState if state in by_state}
    return Effect(ordered, _count(kept), queries.versions_of(listed))


def undo(imported: Import, actor: Actor, now: datetime) -> None:
    """Remove the questions of *imported*. Raises ServiceError("question_import_in_use") once one was approved, has
    a second version or a comment: somebody has built on it.

    Who is deciding on one of them is waited for, and seen; who comes later finds no question any more.
    """
    db.session.execute(_of(imported).order_by(Question.id).with_for_update())
    if count := _count(_built_on(imported)):
        raise ServiceError("question_import_in_use", count=count)
    db.session.execute(sa.delete(QuestionVersion).where(QuestionVersion.question_id.in_(_of(imported))))
    db.session.execute(sa.delete(Question).where(Question.import_id == imported.id))
    record(events.ImportUndone(imported.id, import_kind=imported.kind), actor=actor, now=now)


def _of(imported: Import) -> sa.Select[Any]:
    """Select the ids of the questions of *imported*."""
    return sa.select(Question.id).where(Question.import_id == imported.id)


def _built_on(imported: Import) -> sa.Select[Any]:
    """Select the ids of the questions of *imported* that were approved, changed or commented on."""
    own = _of(imported)
    said = QuestionVersion.question_id.in_(sa.select(QuestionComment.question_id))
    touched = sa.or_(QuestionVersion.approved_at.is_not(None), QuestionVersion.number > 1, said)
    return sa.select(QuestionVersion.question_id).where(QuestionVersion.question_id.in_(own), touched).distinct()


def _count(ids: sa.Select[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(ids.subquery())) or 0
