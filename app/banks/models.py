from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Id, choice
from app.core.imports import Import


class BankPurpose(enum.StrEnum):
    LIVE = "live"
    PRACTICE = "practice"


class QuestionState(enum.StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Bank(Base):
    """A question bank: "general" or a sector's. Practice and live banks never share a question."""

    __tablename__ = "bank"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    sector_code: Mapped[str | None] = mapped_column(sa.String(60))
    purpose: Mapped[BankPurpose] = mapped_column(choice(BankPurpose, "bank_purpose"), default=BankPurpose.LIVE)
    created_at: Mapped[datetime]


class Question(Base):
    __tablename__ = "question"
    __table_args__ = (sa.Index("ix_question_bank_id_state", "bank_id", "state"),)

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey(Bank.id))
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState, "question_state"), default=QuestionState.DRAFT)
    current_version: Mapped[int] = mapped_column(default=1)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Import.id), index=True)
    created_at: Mapped[datetime]
    bank: Mapped[Bank] = relationship()
    versions: Mapped[list[QuestionVersion]] = relationship(
        back_populates="question", order_by="QuestionVersion.number", cascade="all, delete-orphan"
    )


class QuestionVersion(Base):
    """What a question says at one version; papers point at versions, never at questions.

    payload: question_bank.questions.Question.to_payload(). The columns beside it are copies to filter by.
    """

    __tablename__ = "question_version"
    __table_args__ = (sa.UniqueConstraint("question_id", "number"),)

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(40))
    stem: Mapped[str] = mapped_column(sa.Text)
    difficulty: Mapped[int]
    knowledge_point: Mapped[str] = mapped_column(sa.String(80))
    source_document: Mapped[str] = mapped_column(sa.String(200))
    source_article: Mapped[str] = mapped_column(sa.String(100))
    payload: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(sa.String(64))
    author_name: Mapped[str] = mapped_column(sa.String(100))
    author_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    approved_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    approved_by_name: Mapped[str | None] = mapped_column(sa.String(100))
    approved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    question: Mapped[Question] = relationship(back_populates="versions")
