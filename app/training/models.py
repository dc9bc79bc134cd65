from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Hundredths, Id, choice
from app.core.imports import Import
from app.institutions.models import Institution
from app.registry.models import Enterprise, Person


class Mode(enum.StrEnum):
    ONSITE = "onsite"
    ONLINE = "online"
    MIXED = "mixed"


class SessionState(enum.StrEnum):
    SCHEDULED = "scheduled"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class EnrolmentState(enum.StrEnum):
    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"


class AttendanceMethod(enum.StrEnum):
    SIGNATURE = "signature"
    CARD = "card"
    FACE = "face"
    ONLINE = "online"


class CourseVersion(Base):
    """A course as it was offered: copied from courses/data so that a later edition changes no past session.

    definition: hours, syllabus and the frozen exam rule with its strata.
    """

    __tablename__ = "course_version"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(80))
    version: Mapped[str] = mapped_column(sa.String(20))
    title_zh: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200))
    sector_code: Mapped[str] = mapped_column(sa.String(60), index=True)
    role_code: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(20))
    hours: Mapped[Decimal] = mapped_column(Hundredths)
    definition: Mapped[dict[str, Any]]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class TrainingSession(Base):
    """A training session (培训班). mandate_code: the clause it serves, from courses.mandates."""

    __tablename__ = "training_session"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        sa.CheckConstraint("capacity > 0", name="capacity_positive"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_with_date"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey(Institution.id), index=True)
    course_version_id: Mapped[int] = mapped_column(sa.ForeignKey(CourseVersion.id))
    mandate_code: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    mode: Mapped[Mode] = mapped_column(choice(Mode, "training_session_mode"))
    region_code: Mapped[str] = mapped_column(sa.String(6), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int]
    state: Mapped[SessionState] = mapped_column(
        choice(SessionState, "training_session_state"), default=SessionState.SCHEDULED
    )
    created_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    institution: Mapped[Institution] = relationship()
    course_version: Mapped[CourseVersion] = relationship()
    classrooms: Mapped[list[Classroom]] = relationship(
        back_populates="training_session", order_by="Classroom.id", cascade="all, delete-orphan"
    )


class Classroom(Base):
    """The main classroom or a branch classroom (主课堂/分课堂) of a session; online sessions have one too."""

    __tablename__ = "classroom"
    __table_args__ = (
        sa.UniqueConstraint("training_session_id", "name"),
        sa.Index(
            "uq_classroom_main",
            "training_session_id",
            unique=True,
            sqlite_where=sa.text("is_main"),
            postgresql_where=sa.text("is_main"),
        ),
    )

    id: Mapped[Id]
    training_session_id: Mapped[int] = mapped_column(sa.ForeignKey(TrainingSession.id))
    name: Mapped[str] = mapped_column(sa.String(100))
    place: Mapped[str] = mapped_column(sa.String(200))
    is_main: Mapped[bool]
    training_session: Mapped[TrainingSession] = relationship(back_populates="classrooms")


class Enrolment(Base):
    """A person in a session, for one enterprise and role. One row a person and session: withdrawing and enrolling
    again is the same course cycle, so the resit limit survives it (register, trap 9)."""

    __tablename__ = "enrolment"
    __table_args__ = (
        sa.UniqueConstraint("training_session_id", "person_id"),
        sa.CheckConstraint("credited_hours >= 0", name="credited_hours_not_negative"),
        sa.Index("ix_enrolment_person_id", "person_id"),
    )

    id: Mapped[Id]
    training_session_id: Mapped[int] = mapped_column(sa.ForeignKey(TrainingSession.id))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey(Person.id))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey(Enterprise.id), index=True)
    role_code: Mapped[str] = mapped_column(sa.String(40))
    classroom_id: Mapped[int] = mapped_column(sa.ForeignKey(Classroom.id))
    state: Mapped[EnrolmentState] = mapped_column(
        choice(EnrolmentState, "enrolment_state"), default=EnrolmentState.ENROLLED
    )
    credited_hours: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Import.id), index=True)
    created_at: Mapped[datetime]
    training_session: Mapped[TrainingSession] = relationship()
    person: Mapped[Person] = relationship()
    enterprise: Mapped[Enterprise] = relationship()
    classroom: Mapped[Classroom] = relationship()


class Exemption(Base):
    """免考: the only way besides an exam result in which a trainee lets a session close."""

    __tablename__ = "exemption"

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey(Enrolment.id), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    document_number: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(100))
    at: Mapped[datetime]


class Attendance(Base):
    """One stretch of presence of one trainee; hours are credited from the stretches by courses.hours."""

    __tablename__ = "attendance"
    __table_args__ = (
        sa.UniqueConstraint("enrolment_id", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="times_in_order"),
    )

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey(Enrolment.id))
    classroom_id: Mapped[int] = mapped_column(sa.ForeignKey(Classroom.id))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    method: Mapped[AttendanceMethod] = mapped_column(choice(AttendanceMethod, "attendance_method"))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    recorded_at: Mapped[datetime]
