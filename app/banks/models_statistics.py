"""What is known of a question version from the exams that held it; written by a job, read by pages and by the draw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.banks.models import QuestionVersion
from app.core.db import Base


class ItemStatistics(Base):
    """The figures of one question version over all its closed sittings.

    n: answers that count; below the minimum of question_bank.statistics every figure is empty. exposure: papers that
    held the version. facility: 0..1. discrimination: -1..1. median_seconds: time spent. option_counts, best_counts:
    what a response counts for (question_bank.statistics.answered.taken_by) -> people, of all and of the `best` people.
    drift: question_bank.statistics.items.Drift against the version before, as JSON.
    sums: question_bank.statistics.sums.ItemSums, what all this follows from.
    """

    __tablename__ = "item_statistics"
    __table_args__ = (
        sa.CheckConstraint("n >= 0 AND exposure >= n", name="answers_within_papers"),
        sa.CheckConstraint("facility BETWEEN 0 AND 1", name="facility_is_share"),
        sa.CheckConstraint("discrimination BETWEEN -1 AND 1", name="discrimination_is_correlation"),
    )

    question_version_id: Mapped[int] = mapped_column(sa.ForeignKey(QuestionVersion.id), primary_key=True)
    n: Mapped[int]
    exposure: Mapped[int]
    facility: Mapped[float | None] = mapped_column(sa.Double)
    discrimination: Mapped[float | None] = mapped_column(sa.Double)
    median_seconds: Mapped[float | None] = mapped_column(sa.Double)
    option_counts: Mapped[dict[str, Any]]
    best: Mapped[int]
    best_counts: Mapped[dict[str, Any]]
    drift: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    sums: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
    version: Mapped[QuestionVersion] = relationship()
    reasons: Mapped[list[AttentionReason]] = relationship(order_by="AttentionReason.rank", viewonly=True)


class AttentionReason(Base):
    """One reason why a question version needs attention: a code of question_bank.statistics.attention and its figures.

    rank: place of the code among all, 0 for the most serious.
    """

    __tablename__ = "attention_reason"
    __table_args__ = (sa.Index("ix_attention_reason_code", "code"),)

    question_version_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ItemStatistics.question_version_id), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    rank: Mapped[int]
    figures: Mapped[dict[str, Any]]
