from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Id, choice
from question_bank.sources import LONGEST_KEY, Standing


class LegalDocument(Base):
    """A law, regulation or standard that questions rest on.

    key: question_bank.sources.source_key of the name: one row whatever way it is spelled. name: as first written.
    standing, changed_on: as it stands today and since when, which follows from the marks that have taken effect (sums
    them up for lists); changed_on is None while it is in force.
    """

    __tablename__ = "legal_document"
    __table_args__ = (sa.CheckConstraint("(standing = 'in_force') = (changed_on IS NULL)", name="changed_with_day"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(LONGEST_KEY), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    standing: Mapped[Standing] = mapped_column(choice(Standing, "legal_document_standing"), default=Standing.IN_FORCE)
    changed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    marks: Mapped[list[LegalDocumentMark]] = relationship(order_by="LegalDocumentMark.id", lazy="selectin")


class LegalDocumentMark(Base):
    """That a document was changed or repealed: one row a notice, in the order recorded; none is ever overwritten.

    since: the day from which it holds, which may lie ahead. articles: of a change, those it touches, as questions write
    them; empty for the whole document. note, document_number, replaced_by: why, by which document, what takes its
    place. carried_out_at: when the questions left the pool; None while the day lies ahead. withdrawn_at: when it was
    taken back, with the reason; the reason is empty where a later record of the repeal took its place.
    """

    __tablename__ = "legal_document_mark"
    __table_args__ = (
        sa.CheckConstraint("standing <> 'in_force'", name="changed_or_repealed"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_name IS NULL)", name="withdrawn_by_somebody"),
        sa.Index(None, "legal_document_id"),
        sa.Index(None, "carried_out_at", "since"),
    )

    id: Mapped[Id]
    legal_document_id: Mapped[int] = mapped_column(sa.ForeignKey(LegalDocument.id))
    standing: Mapped[Standing] = mapped_column(choice(Standing, "legal_document_mark_standing"))
    since: Mapped[date]
    articles: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(sa.String(500))
    document_number: Mapped[str] = mapped_column(sa.String(80))
    replaced_by: Mapped[str] = mapped_column(sa.String(200))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    recorded_by_name: Mapped[str] = mapped_column(sa.String(100))
    recorded_at: Mapped[datetime]
    carried_out_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    withdrawn_by_name: Mapped[str | None] = mapped_column(sa.String(100))
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(sa.String(500), default="")

    def is_in_effect(self, day: date) -> bool:
        """Whether it holds on *day*, though the questions may leave the pool a moment later."""
        return self.carried_out_at is not None or self.since <= day
