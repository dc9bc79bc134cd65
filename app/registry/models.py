from __future__ import annotations

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, Id, choice
from app.core.imports import Import
from app.core.personal import EncryptedText


class Scale(enum.StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class DocumentKind(enum.StrEnum):
    """GB 11643 identity number, residence permit of Hong Kong, Macao and Taiwan, foreigner's permit, passport."""

    IDENTITY_CARD = "identity_card"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_PERMIT = "foreign_permit"
    PASSPORT = "passport"


class BarScope(enum.StrEnum):
    ALL_TRADES = "all_trades"
    ONE_TRADE = "one_trade"


class Enterprise(Base):
    __tablename__ = "enterprise"
    __table_args__ = (sa.CheckConstraint("length(region_code) = 6", name="region_code_length"),)

    id: Mapped[Id]
    credit_code: Mapped[str] = mapped_column(sa.String(18), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    region_code: Mapped[str] = mapped_column(sa.String(6), index=True)
    scale: Mapped[Scale] = mapped_column(choice(Scale, "enterprise_scale"))
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Import.id), index=True)
    created_at: Mapped[datetime]
    memberships: Mapped[list[SectorMembership]] = relationship(
        back_populates="enterprise", order_by="SectorMembership.valid_from", cascade="all, delete-orphan"
    )


class SectorMembership(Base):
    """An enterprise belongs to a sector, or bears a risk trait, from a day until valid_to, the first day that no longer
    counts (None: still). Every period in the database and in courses/ is half-open like this."""

    __tablename__ = "sector_membership"
    __table_args__ = (
        sa.UniqueConstraint("enterprise_id", "sector_code", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates_in_order"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey(Enterprise.id))
    sector_code: Mapped[str] = mapped_column(sa.String(60), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    enterprise: Mapped[Enterprise] = relationship(back_populates="memberships")


class Person(Base):
    """A person is one row for one identity document, found by the blind index; the number itself is encrypted."""

    __tablename__ = "person"
    __table_args__ = (sa.UniqueConstraint("document_index", name="uq_person_document_index"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.String(100), index=True)
    document_kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind, "person_document_kind"))
    document_number: Mapped[str] = mapped_column(EncryptedText)
    document_index: Mapped[str] = mapped_column(sa.String(64))
    document_last4: Mapped[str] = mapped_column(sa.String(4))
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id), unique=True)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Import.id), index=True)
    created_at: Mapped[datetime]
    user: Mapped[User | None] = relationship()


class Appointment(Base):
    """A person answers for an enterprise in a role, from a day until valid_to, the first day that no longer counts.

    form: for principals, one of courses.roles' forms (legal representative, actual controller, chair, manager).
    """

    __tablename__ = "appointment"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "enterprise_id", "role_code", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates_in_order"),
        sa.Index("ix_appointment_enterprise_id", "enterprise_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey(Person.id))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey(Enterprise.id))
    role_code: Mapped[str] = mapped_column(sa.String(40))
    form: Mapped[str | None] = mapped_column(sa.String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Import.id), index=True)
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
    enterprise: Mapped[Enterprise] = relationship()


class Bar(Base):
    """禁任: a decision that keeps a person from answering for an enterprise; lifelong where until is None."""

    __tablename__ = "bar"
    __table_args__ = (
        sa.CheckConstraint("scope <> 'one_trade' OR sector_code IS NOT NULL", name="trade_named"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates_in_order"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey(Person.id), index=True)
    scope: Mapped[BarScope] = mapped_column(choice(BarScope, "bar_scope"))
    sector_code: Mapped[str | None] = mapped_column(sa.String(60))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    decision_number: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
