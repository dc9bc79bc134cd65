"""What a closed sitting adds to the statistics: the sums of each question, and the figures of the sitting itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.banks.models import QuestionVersion
from app.core.db import Base
from app.sittings.models import Sitting


class SittingItem(Base):
    """The sums of one question version in one sitting: question_bank.statistics.sums.ItemSums as JSON. n: answers."""

    __tablename__ = "sitting_item"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey(Sitting.id), primary_key=True)
    question_version_id: Mapped[int] = mapped_column(sa.ForeignKey(QuestionVersion.id), primary_key=True, index=True)
    n: Mapped[int]
    sums: Mapped[dict[str, Any]]


class SittingStatistics(Base):
    """The figures of one sitting, in points: question_bank.statistics.reliability.SittingStatistics.

    n: papers on which something was answered; below the minimum everything else is empty.
    """

    __tablename__ = "sitting_statistics"
    __table_args__ = (
        sa.CheckConstraint("n >= 0", name="n_from_0"),
        sa.CheckConstraint("reliability <= 1", name="reliability_up_to_1"),
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey(Sitting.id), primary_key=True)
    n: Mapped[int]
    mean: Mapped[float | None] = mapped_column(sa.Double)
    deviation: Mapped[float | None] = mapped_column(sa.Double)
    reliability: Mapped[float | None] = mapped_column(sa.Double)
    standard_error: Mapped[float | None] = mapped_column(sa.Double)
    computed_at: Mapped[datetime]
