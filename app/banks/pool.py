"""The pool that papers are drawn from: the current versions of the approved questions of live banks."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import sqlalchemy as sa

from app.banks.models import Bank, BankPurpose, Question, QuestionState, QuestionVersion
from app.core.db import db
from app.core.errors import ServiceError
from question_bank.pool import Pool
from question_bank.questions import Question as FrozenQuestion

POOLS_KEPT = 8


def current_versions(bank_codes: Collection[str]) -> list[int]:
    """Return the ids of the question versions that may be drawn from the live banks with *bank_codes*, ascending."""
    query = (
        sa.select(QuestionVersion.id)
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
    return list(db.session.scalars(query))


def pool(bank_codes: Collection[str]) -> Pool:
    """Return the pool of the live banks with *bank_codes* as it is now; a code without a bank adds nothing."""
    return pool_of(current_versions(bank_codes))


def pool_of(version_ids: Collection[int]) -> Pool:
    """Return the pool of exactly these question versions, whatever their state is today."""
    query = sa.select(QuestionVersion.payload).where(QuestionVersion.id.in_(version_ids))
    return Pool(FrozenQuestion.from_payload(payload) for payload in db.session.scalars(query))


def frozen_pool(version_ids: Collection[int], digest: str) -> Pool:
    """Return the pool of these versions, kept in memory: reading it takes far longer than drawing a paper from it.

    Raises ServiceError("pool_changed") if the versions no longer have *digest*: somebody wrote to the database by hand.
    """
    return _kept(tuple(version_ids), digest)


@lru_cache(maxsize=POOLS_KEPT)
def _kept(version_ids: tuple[int, ...], digest: str) -> Pool:
    found = pool_of(version_ids)
    if found.digest != digest:
        raise ServiceError("pool_changed")
    return found
