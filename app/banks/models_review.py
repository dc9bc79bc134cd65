from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.models import AuditEvent
from app.banks.models import Question
from app.core.db import Base, Id


class QuestionComment(Base):
    """What somebody said about one version of a question: appended only (a trigger refuses UPDATE and DELETE)."""

    __tablename__ = "question_comment"

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id), index=True)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    author_name: Mapped[str] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]


class SourceSuspension(Base):
    """One question that left the pool because its document changed: which event of the audit chain took it out.

    Appended only. One event stands for all questions of the step, so that each question's timeline can tell it.
    """

    __tablename__ = "source_suspension"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(AuditEvent.id), primary_key=True, index=True)
    version: Mapped[int]
