from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.banks.models_documents import LegalDocument
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
    """A question, whatever its versions say.

    kind..fingerprint are copies of what the current version says, so that lists of 100,000 questions are filtered and
    sorted from one index each; app/banks/copies.py writes them. fingerprint is null only for a question that was there
    twice before fingerprints were: of two that are in use, only one can have it.
    author_id: who wrote the current version, the newest that was not discarded. submitted_at: when it was last sent to
    review, None again once a version that was sent is discarded. legal_document_id, source_from, source_to: what the
    current version rests on, and the first and last day on which that is in force (None: open). Of an approved question
    source_to is also the day before a change that was recorded ahead.
    """

    __tablename__ = "question"
    __table_args__ = (
        sa.Index(None, "bank_id", "code"),
        sa.Index(None, "bank_id", "state", "code"),
        sa.Index(None, "bank_id", "kind", "code"),
        sa.Index(None, "bank_id", "difficulty", "code"),
        sa.Index(None, "bank_id", "knowledge_point", "code"),
        sa.Index(None, "bank_id", "source_document", "code"),
        sa.Index(None, "bank_id", "current_version", "code"),
        sa.Index(None, "bank_id", "state", "kind", "difficulty"),
        sa.Index(None, "bank_id", "state", "knowledge_point"),
        sa.Index(None, "state", "submitted_at", "code"),
        sa.Index(None, "state", "author_id"),
        sa.Index(None, "legal_document_id", "state"),
        sa.Index(None, "legal_document_id", "code"),
        sa.Index(
            "uq_question_fingerprint",
            "fingerprint",
            unique=True,
            sqlite_where=sa.text("state <> 'retired'"),
            postgresql_where=sa.text("state <> 'retired'"),
        ),
    )

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey(Bank.id))
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState, "question_state"), default=QuestionState.DRAFT)
    current_version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(sa.String(40))
    difficulty: Mapped[int]
    knowledge_point: Mapped[str] = mapped_column(sa.String(80))
    source_document: Mapped[str] = mapped_column(sa.String(200))
    search_text: Mapped[str] = mapped_column(sa.Text)
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64))
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Import.id), index=True)
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    submitted_at: Mapped[datetime | None]
    legal_document_id: Mapped[int | None] = mapped_column(sa.ForeignKey(LegalDocument.id))
    source_from: Mapped[date | None]
    source_to: Mapped[date | None] = mapped_column(index=True)
    bank: Mapped[Bank] = relationship()
    legal_document: Mapped[LegalDocument | None] = relationship()
    versions: Mapped[list[QuestionVersion]] = relationship(
        back_populates="question", order_by="QuestionVersion.number", cascade="all, delete-orphan"
    )


class QuestionTag(Base):
    """A tag of the current version of a question; bank_id is the question's."""

    __tablename__ = "question_tag"
    __table_args__ = (sa.Index(None, "bank_id", "tag", "question_id"),)

    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.BigInteger)


class QuestionBand(Base):
    """A band of the MinHash signature of the current stem (question_bank.similarity.bands): who shares one reads alike.

    Neither a foreign key, which would cost an import more than the bands themselves, nor ever read alone: a trigger
    takes the bands of a deleted question away.
    """

    __tablename__ = "question_band"
    __table_args__ = (sa.Index(None, "question_id"), {"sqlite_with_rowid": False})

    value: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)


class QuestionWording(Base):
    """What the current version of a question is known by (question_bank.wording): no bank of the other purpose may have
    a question that looks for it.

    part: of a case study, 0 for a question without parts. digest: 64 hexadecimal digits.
    """

    __tablename__ = "question_wording"
    __table_args__ = (sa.Index(None, "question_id"), {"sqlite_with_rowid": False})

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)


class QuestionCount(Base):
    """How many questions a bank has of a state, kind and difficulty, kept by triggers (migration 0003).

    The sum over the rows of a group is the count. On PostgreSQL a group may have several rows: who changes it folds in
    those that nobody else holds and waits for nobody, so that an import does not stop the authors of the bank.
    """

    __tablename__ = "question_count"
    __table_args__ = (sa.Index(None, "bank_id", "state", "kind", "difficulty"),)

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState, "question_count_state"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    difficulty: Mapped[int]
    questions: Mapped[int]


class QuestionVersion(Base):
    """What a question says at one version; papers point at versions, never at questions.

    payload: question_bank.questions.Question.to_payload(). The columns beside it are copies to filter by.
    source_checked_at, source_checked_to: when a reviewer who approved it said to have compared it with its document as
    changed, and as that reads on which day (question_bank.sources.Comparison).
    approved_at: set before the question may say that it is approved, and never taken back. Triggers hold that, and on
    SQLite the two people as well (migration 0010).
    discarded_at: when it was given up for the last approved version before it; it keeps its number and is never used
    again (app/banks/discarding.py).
    """

    __tablename__ = "question_version"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "number"),
        sa.CheckConstraint(
            "author_id IS NULL OR approved_by_id IS NULL OR author_id <> approved_by_id", name="two_people"
        ),
        sa.CheckConstraint("discarded_at IS NULL OR approved_at IS NULL", name="discarded_unapproved"),
    )

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
    source_checked_at: Mapped[datetime | None]
    source_checked_to: Mapped[date | None]
    discarded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    question: Mapped[Question] = relationship(back_populates="versions")


class Picture(Base):
    """A picture that questions show, kept once.

    digest: SHA-256 of content, 64 hexadecimal digits. width, height: in pixels. size: in bytes.
    unclaimed_since: when somebody last brought it in the form of a question, as long as no version has shown it; None
    for good once one has.
    """

    __tablename__ = "picture"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(sa.String(40))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime]
    unclaimed_since: Mapped[datetime | None] = mapped_column(index=True)
