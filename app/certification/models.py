from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Id, choice
from app.core.personal import EncryptedText
from app.registry.models import Person
from app.sittings.models import Attempt


class CertificateState(enum.StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"


class SigningKey(Base):
    """A key of the issuer. The algorithm is bound to the key; the private half is encrypted.

    Of each algorithm one key signs at a time: two first certificates at once must not make two.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        sa.Index(
            "uq_signing_key_active",
            "algorithm",
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    kid: Mapped[str] = mapped_column(sa.String(40), unique=True)
    algorithm: Mapped[str] = mapped_column(sa.String(20))
    public_key: Mapped[str] = mapped_column(sa.Text)
    private_key: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class NumberSeries(Base):
    """The last serial given in a region and year: locked while one is taken, so that numbers have no gaps."""

    __tablename__ = "number_series"
    __table_args__ = (sa.UniqueConstraint("prefix", "year"),)

    id: Mapped[Id]
    prefix: Mapped[str] = mapped_column(sa.String(10))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Certificate(Base):
    """A certificate of training and examination (培训考试合格证明).

    facts: CertificateFacts.to_payload(), frozen; a later change of name changes no certificate.
    attempt_passed is always true, and (attempt_id, attempt_passed) must exist in attempt: the database refuses a
    certificate without a passed exam.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["attempt_id", "attempt_passed"], ["attempt.id", "attempt.passed"], name="fk_certificate_passed_attempt"
        ),
        sa.CheckConstraint("attempt_passed", name="attempt_passed_true"),
        sa.Index(
            "uq_certificate_live_attempt",
            "attempt_id",
            unique=True,
            sqlite_where=sa.text("state IN ('valid', 'suspended')"),
            postgresql_where=sa.text("state IN ('valid', 'suspended')"),
        ),
        sa.CheckConstraint("valid_until > issued_on", name="dates_in_order"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    token: Mapped[str] = mapped_column(sa.String(60), unique=True)
    attempt_id: Mapped[int] = mapped_column(sa.BigInteger)
    attempt_passed: Mapped[bool] = mapped_column(default=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey(Person.id), index=True)
    region_code: Mapped[str] = mapped_column(sa.String(6), index=True)
    facts: Mapped[dict[str, Any]]
    holder_name: Mapped[str] = mapped_column(sa.String(100), index=True)
    signed: Mapped[str] = mapped_column(sa.Text)
    signing_key_id: Mapped[int] = mapped_column(sa.ForeignKey(SigningKey.id))
    template: Mapped[str] = mapped_column(sa.String(40))
    pdf_digest: Mapped[str | None] = mapped_column(sa.String(64))
    issued_on: Mapped[date]
    valid_until: Mapped[date]
    issued_at: Mapped[datetime]
    state: Mapped[CertificateState] = mapped_column(
        choice(CertificateState, "certificate_state"), default=CertificateState.VALID
    )
    state_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
    attempt: Mapped[Attempt] = relationship(
        foreign_keys=[attempt_id], primaryjoin=lambda: Certificate.attempt_id == Attempt.id, viewonly=True
    )
    signing_key: Mapped[SigningKey] = relationship()
    events: Mapped[list[CertificateEvent]] = relationship(back_populates="certificate", order_by="CertificateEvent.id")


class CertificateEvent(Base):
    """A change of a certificate's state: reason, document number, who and when. Appended only."""

    __tablename__ = "certificate_event"

    id: Mapped[Id]
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey(Certificate.id), index=True)
    state: Mapped[CertificateState] = mapped_column(choice(CertificateState, "certificate_event_state"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    document_number: Mapped[str] = mapped_column(sa.String(80))
    by_name: Mapped[str] = mapped_column(sa.String(100))
    at: Mapped[datetime]
    certificate: Mapped[Certificate] = relationship(back_populates="events")
