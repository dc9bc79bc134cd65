from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Hundredths, Id, choice
from app.core.personal import EncryptedText
from app.institutions.models import ExamSite
from app.training.models import Enrolment, TrainingSession


class SittingState(enum.StrEnum):
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AttemptState(enum.StrEnum):
    OPEN = "open"
    FINISHED = "finished"


class FinishedBy(enum.StrEnum):
    CANDIDATE = "candidate"
    CLOCK = "clock"


class Sitting(Base):
    """A sitting (考试场次) of one session at one exam site.

    rule: the frozen exam rule. blueprint: the frozen blueprint. pool: ids of the question versions that the papers are
    drawn from; exposure: question code -> papers that had held the question when the pool was frozen; pool_digest: the
    digest of both, public.
    seed_commitment: SHA-256 of the seed, public before the sitting opens; seed: encrypted, shown after it closes.
    starts_at..entry_until: when a candidate may begin. Every attempt has a deadline of its own.
    """

    __tablename__ = "sitting"
    __table_args__ = (sa.CheckConstraint("entry_until > starts_at", name="times_in_order"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    training_session_id: Mapped[int] = mapped_column(sa.ForeignKey(TrainingSession.id), index=True)
    exam_site_id: Mapped[int] = mapped_column(sa.ForeignKey(ExamSite.id), index=True)
    is_resit: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    entry_until: Mapped[datetime]
    duration_minutes: Mapped[int]
    rule: Mapped[dict[str, Any]]
    blueprint: Mapped[dict[str, Any]]
    pool: Mapped[list[Any]] = mapped_column(default=list)
    exposure: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pool_digest: Mapped[str] = mapped_column(sa.String(64))
    seed_commitment: Mapped[str] = mapped_column(sa.String(64))
    seed: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[SittingState] = mapped_column(choice(SittingState, "sitting_state"), default=SittingState.SCHEDULED)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    training_session: Mapped[TrainingSession] = relationship()
    exam_site: Mapped[ExamSite] = relationship()


class Candidate(Base):
    """An enrolment admitted to a sitting, with its admission number (准考证号).

    entered_at: when the candidate first opened the page of the sitting; None for who has not come.
    """

    __tablename__ = "candidate"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "enrolment_id"),)

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey(Sitting.id))
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey(Enrolment.id), index=True)
    admission_number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    created_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]
    sitting: Mapped[Sitting] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class Attempt(Base):
    """One answering of one frozen paper under an absolute deadline. A finished attempt never goes back.

    number: 1 for the first exam of the enrolment, 2 for its resit. passed is set when the attempt is finished.
    (id, passed) is what a certificate's foreign key points at: only a passed attempt can carry one.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("enrolment_id", "number"),
        sa.UniqueConstraint("id", "passed", name="uq_attempt_id_passed"),
        sa.CheckConstraint("number >= 1", name="number_from_1"),
        sa.CheckConstraint("deadline_at > started_at", name="times_in_order"),
        sa.CheckConstraint(
            "(state = 'finished') = (finished_at IS NOT NULL AND passed IS NOT NULL AND score IS NOT NULL)",
            name="finished_with_result",
        ),
        sa.Index("ix_attempt_state_deadline_at", "state", "deadline_at"),
    )

    id: Mapped[Id]
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey(Candidate.id), unique=True)
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey(Enrolment.id))
    number: Mapped[int]
    state: Mapped[AttemptState] = mapped_column(choice(AttemptState, "attempt_state"), default=AttemptState.OPEN)
    paper: Mapped[dict[str, Any]]
    paper_digest: Mapped[str] = mapped_column(sa.String(64))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    finished_by: Mapped[FinishedBy | None] = mapped_column(choice(FinishedBy, "attempt_finished_by"))
    score: Mapped[Decimal | None] = mapped_column(Hundredths)
    maximum: Mapped[Decimal] = mapped_column(Hundredths)
    passed: Mapped[bool | None]
    marks: Mapped[list[Any] | None] = mapped_column(sa.JSON)
    answers_digest: Mapped[str | None] = mapped_column(sa.String(64))
    candidate: Mapped[Candidate] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class Answer(Base):
    """The answer log: appended only (a trigger refuses UPDATE and DELETE). The highest sequence of a slot counts.

    sequence: counted by the page from 1 within the attempt; a page that is behind is refused, a repeat is recognised.
    """

    __tablename__ = "answer"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id", "sequence"),
        sa.CheckConstraint("sequence >= 1", name="sequence_from_1"),
    )

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey(Attempt.id))
    sequence: Mapped[int]
    slot: Mapped[int]
    response: Mapped[list[Any]]
    saved_at: Mapped[datetime]
