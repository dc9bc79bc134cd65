from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Id, choice


class Standing(enum.StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Institution(Base):
    """A training institution. credit_code: the organisation behind it; it may not also run the exam."""

    __tablename__ = "institution"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    credit_code: Mapped[str] = mapped_column(sa.String(18))
    name: Mapped[str] = mapped_column(sa.String(200))
    region_code: Mapped[str] = mapped_column(sa.String(6), index=True)
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    standing: Mapped[Standing] = mapped_column(choice(Standing, "institution_standing"), default=Standing.ACTIVE)
    created_at: Mapped[datetime]
    standing_events: Mapped[list[StandingEvent]] = relationship(
        back_populates="institution", order_by="StandingEvent.id"
    )


class ExamSite(Base):
    """An exam site (考试点). credit_code: the organisation that runs it."""

    __tablename__ = "exam_site"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    credit_code: Mapped[str] = mapped_column(sa.String(18))
    name: Mapped[str] = mapped_column(sa.String(200))
    region_code: Mapped[str] = mapped_column(sa.String(6), index=True)
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    seats: Mapped[int] = mapped_column(default=30)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class StandingEvent(Base):
    """Why an institution's standing changed: the reason and the number of the document that says so."""

    __tablename__ = "standing_event"

    id: Mapped[Id]
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey(Institution.id), index=True)
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing_event_standing"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    document_number: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(100))
    at: Mapped[datetime]
    institution: Mapped[Institution] = relationship(back_populates="standing_events")
