"""Comments on a question: said once, kept for good, so that a decision can be understood years later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.banks.models import Question
from app.banks.models_review import QuestionComment
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError

LONGEST = 2000
MOST_SHOWN = 200


def comment(question: Question, text: str, *, actor: Actor, now: datetime) -> QuestionComment:
    """Add a comment on the current version of *question*.

    text: 1..LONGEST characters once trimmed. Raises ServiceError: "comment_empty", "comment_too_long" (field "text").
    """
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise ServiceError("comment_empty", field="text")
    if len(said) > LONGEST:
        raise ServiceError("comment_too_long", field="text", length=len(said), most=LONGEST)
    version = question.current_version
    row = QuestionComment(
        question_id=question.id,
        version=version,
        text=said,
        author_id=actor.user_id,
        author_name=actor.name[:100],
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(events.QuestionCommented(question.id, comment_id=row.id, version=version), actor=actor, now=now)
    return row


def comments_on(question_id: int) -> list[QuestionComment]:
    """Return the comments on a question, oldest first; the latest MOST_SHOWN."""
    query = sa.select(QuestionComment).where(QuestionComment.question_id == question_id)
    latest = db.session.scalars(query.order_by(QuestionComment.id.desc()).limit(MOST_SHOWN)).all()
    return list(reversed(latest))


def counts(question_ids: Collection[int]) -> dict[int, int]:
    """Return how many comments these questions have; those without are left out."""
    query = (
        sa.select(QuestionComment.question_id, sa.func.count())
        .where(QuestionComment.question_id.in_(question_ids))
        .group_by(QuestionComment.question_id)
    )
    return dict(db.session.execute(query).all())
