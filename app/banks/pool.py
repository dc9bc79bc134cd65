"""The pool that papers are drawn from: the current versions of the approved questions of live banks, as far as what
they rest on is in force on the day of the draw.

With a pool goes its exposure, in how many papers each question stood so far: what was used less comes up more often.
Both are frozen when a sitting is scheduled, for the digest of the pool covers both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.banks.models import Bank, BankPurpose, Question, QuestionState, QuestionVersion
from app.banks.models_statistics import ItemStatistics
from app.core.db import db, portions
from app.core.errors import ServiceError
from question_bank.pool import Pool
from question_bank.questions import Question as FrozenQuestion
from question_bank.sources import is_in_force

POOLS_KEPT = 8
READ_AT_ONCE = 5_000


@dataclass(frozen=True)
class Drawable:
    """A question version of a live bank that may be drawn while its source is in force. None: open on that side."""

    version_id: int
    bank: str
    source_from: date | None
    source_to: date | None

    def is_drawn_on(self, day: date) -> bool:
        """Whether its source is in force on *day*."""
        return is_in_force(day, self.source_from, self.source_to)


def drawable(bank_codes: Collection[str]) -> list[Drawable]:
    """Return the approved current versions of the live banks with *bank_codes*, ids ascending."""
    query = (
        sa.select(QuestionVersion.id, Bank.code, Question.source_from, Question.source_to)
        .join(Question, QuestionVersion.question_id == Question.id)
        .join(Bank, Question.bank_id == Bank.id)
        .where(
            Bank.code.in_(sorted(bank_codes)),
            Bank.purpose == BankPurpose.LIVE,
            Question.state == QuestionState.APPROVED,
            QuestionVersion.number == Question.current_version,
        )
        .order_by(QuestionVersion.id)
    )
    return [Drawable(*row) for row in db.session.execute(query)]


def current_versions(bank_codes: Collection[str], day: date) -> list[int]:
    """Return the ids of the question versions that may be drawn on *day* from the live banks with *bank_codes*,
    ascending."""
    return [one.version_id for one in drawable(bank_codes) if one.is_drawn_on(day)]


def pool(bank_codes: Collection[str], day: date) -> Pool:
    """Return the pool of the live banks with *bank_codes* on *day*; a code without a bank adds nothing."""
    return pool_for(current_versions(bank_codes, day))


def pool_for(version_ids: Collection[int]) -> Pool:
    """Return the pool of these question versions with the exposure that they have now."""
    return pool_of(version_ids, exposures(version_ids))


def exposures(version_ids: Collection[int]) -> dict[str, int]:
    """Return by question code how many papers have held any version of it; those that none has held are left out.

    An older version counts: who saw it knows what the newer one asks.
    """
    found: dict[str, int] = {}
    older = aliased(QuestionVersion)
    query = (
        sa.select(Question.code, sa.func.sum(ItemStatistics.exposure))
        .join(older, older.question_id == Question.id)
        .join(ItemStatistics, ItemStatistics.question_version_id == older.id)
        .where(ItemStatistics.exposure > 0)
        .group_by(Question.code)
    )
    for part in portions(version_ids, READ_AT_ONCE):
        asked = sa.select(QuestionVersion.question_id).where(QuestionVersion.id.in_(part))
        found.update((code, int(times)) for code, times in db.session.execute(query.where(Question.id.in_(asked))))
    return found


def exposure_of(pool: Pool) -> dict[str, int]:
    """Return the exposure that the digest of *pool* covers, as `pool_of` takes it; empty if all are used alike."""
    used = zip(pool.questions, pool.exposure or (), strict=False)
    return {question.code: times for question, times in used if times}


def pool_of(version_ids: Collection[int], exposure: Mapping[str, int] | None = None) -> Pool:
    """Return the pool of exactly these question versions, whatever their state is today.

    exposure: question code -> papers that have held it; a code that is left out counts as held by none.
    """
    return Pool((FrozenQuestion.from_payload(payload) for payload in _payloads(version_ids)), exposure)


def frozen_pool(version_ids: Collection[int], exposure: Mapping[str, int], digest: str) -> Pool:
    """Return the pool of these versions with this exposure, kept in memory: reading it takes far longer than drawing.

    Raises ServiceError("pool_changed") if they no longer have *digest*: somebody wrote to the database by hand.
    """
    return _kept(tuple(version_ids), tuple(sorted(exposure.items())), digest)


def _payloads(version_ids: Collection[int]) -> Iterator[dict[str, Any]]:
    for some in portions(version_ids, READ_AT_ONCE):
        yield from db.session.scalars(sa.select(QuestionVersion.payload).where(QuestionVersion.id.in_(some)))


@lru_cache(maxsize=POOLS_KEPT)
def _kept(version_ids: tuple[int, ...], exposure: tuple[tuple[str, int], ...], digest: str) -> Pool:
    found = pool_of(version_ids, dict(exposure))
    if found.digest != digest:
        raise ServiceError("pool_changed")
    return found
