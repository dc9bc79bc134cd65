"""Opening and closing a sitting at its site. The draw's seed is revealed when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.banks.pool import current_versions, exposure_of
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.sittings.finishing import finish_overdue
from app.sittings.locking import locked
from app.sittings.models import Attempt, AttemptState, Candidate, Sitting, SittingState
from app.sittings.requesting import draw_by
from app.sittings.rules import banks_of
from app.sittings.statistics import ask_for_statistics
from question_bank.blueprint import Blueprint

OPENS_BEFORE = timedelta(minutes=60)


def open_sitting(sitting: Sitting, *, actor: Actor, now: datetime) -> None:
    """Let candidates begin from the starting time on.

    If a question of the frozen pool has been suspended, retired or edited since the request, the pool is frozen anew,
    before anybody has seen a paper; the new digest is written down and public.
    Raises ServiceError: "sitting_not_scheduled", "too_early_to_open", "too_late_to_open", "bank_short".
    """
    locked(sitting)
    if sitting.state is not SittingState.SCHEDULED:
        raise ServiceError("sitting_not_scheduled")
    if now < sitting.starts_at - OPENS_BEFORE:
        raise ServiceError("too_early_to_open", minutes=int(OPENS_BEFORE.total_seconds() // 60))
    if now > sitting.entry_until:
        raise ServiceError("too_late_to_open")
    _renew_pool(sitting)
    sitting.state, sitting.opened_at = SittingState.OPEN, now
    event = events.SittingOpened(sitting.id, pool_digest=sitting.pool_digest, seed_commitment=sitting.seed_commitment)
    record(event, actor=actor, now=now)


def close_sitting(sitting: Sitting, *, actor: Actor, now: datetime) -> None:
    """End a sitting: nobody begins any more, and its seed becomes public.

    Attempts past their deadline are finished at it. Raises ServiceError: "sitting_not_open"; "still_writing" with
    count while an attempt runs; the board names them, an error names nobody.
    """
    locked(sitting)  # a start takes this row too: none slips in behind
    if sitting.state is not SittingState.OPEN:
        raise ServiceError("sitting_not_open")
    finish_overdue(now, sitting_id=sitting.id)
    writing = _still_writing(sitting)
    if writing:
        raise ServiceError("still_writing", count=writing)
    sitting.state, sitting.closed_at = SittingState.CLOSED, now
    record(events.SeedRevealed(sitting.id, seed=sitting.seed, attempts=_begun(sitting)), actor=actor, now=now)
    ask_for_statistics(sitting, now=now)


def _renew_pool(sitting: Sitting) -> None:
    """The blueprint stays as it was frozen, whatever is in use for the course by now."""
    blueprint, day = Blueprint.from_payload(sitting.blueprint), local_day(sitting.starts_at)
    if set(sitting.pool) <= set(current_versions(banks_of(blueprint), day)):
        return
    drawn = draw_by(blueprint, day)
    sitting.pool, sitting.pool_digest = drawn.versions, drawn.pool.digest
    sitting.exposure = exposure_of(drawn.pool)


def _begun(sitting: Sitting) -> tuple[int, ...]:
    query = sa.select(Attempt.id).join(Attempt.candidate).where(Candidate.sitting_id == sitting.id)
    return tuple(db.session.scalars(query.order_by(Attempt.id)))


def _still_writing(sitting: Sitting) -> int:
    query = (
        sa.select(sa.func.count(Candidate.id))
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.sitting_id == sitting.id, Attempt.state == AttemptState.OPEN)
    )
    return db.session.scalar(query) or 0
