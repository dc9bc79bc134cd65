"""The board of a sitting: who waits, writes, has finished or gives no sign of life; what needs somebody comes first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer

from app.core.db import db
from app.sittings.answers import seconds_left
from app.sittings.models import Answer, Attempt, AttemptState, Candidate, FinishedBy, Sitting, SittingState
from app.training.models import Enrolment
from question_bank.blueprint import Blueprint

SILENT_AFTER = timedelta(minutes=5)
STATES = ("silent", "overdue", "writing", "waiting", "expected", "absent", "finished")
"""In the order of the board: incidents first."""


@dataclass(frozen=True)
class Place:
    """One candidate on the board.

    state: "silent" (writing, but nothing was saved for SILENT_AFTER: derived, never stored), "overdue" (the deadline
    has passed, the sweep has not come yet), "writing", "waiting" (has come, may still begin), "expected" (has not come,
    may still begin), "absent" (never began and no longer may), "finished". seen_at: last sign of life; answered:
    questions with an entry in the log.
    """

    candidate: Candidate
    state: str
    answered: int
    seen_at: datetime | None
    minutes_left: int | None
    finished_at: datetime | None
    by_clock: bool


@dataclass(frozen=True)
class Board:
    """places: incidents first, then by admission number. counts: state -> how many, each of STATES."""

    places: list[Place]
    counts: dict[str, int]
    questions: int


def board_of(sitting: Sitting, now: datetime) -> Board:
    """Return the board of *sitting* in two queries, however many candidates."""
    signs = _signs(sitting.id)
    rows = db.session.execute(_candidates(sitting.id)).all()
    places = [_place(sitting, candidate, attempt, signs, now) for candidate, attempt in rows]
    places.sort(key=lambda place: (STATES.index(place.state), place.candidate.admission_number))
    found = Counter(place.state for place in places)
    questions = Blueprint.from_payload(sitting.blueprint).count if sitting.blueprint else 0
    return Board(places, {state: found[state] for state in STATES}, questions)


def _candidates(sitting_id: int) -> sa.Select[Candidate, Attempt]:
    return (
        sa.select(Candidate, Attempt)
        .join(Candidate.enrolment)
        .join(Enrolment.person)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .options(
            contains_eager(Candidate.enrolment).contains_eager(Enrolment.person),
            defer(Attempt.paper),
            defer(Attempt.marks),
        )
        .where(Candidate.sitting_id == sitting_id)
        .order_by(Candidate.id)
    )


def _signs(sitting_id: int) -> dict[int, tuple[int, datetime]]:
    """Return by attempt how many questions have an entry in the log, and when the last one came."""
    query = (
        sa.select(Answer.attempt_id, sa.func.count(sa.distinct(Answer.slot)), sa.func.max(Answer.saved_at))
        .join(Attempt, Answer.attempt_id == Attempt.id)
        .join(Candidate, Attempt.candidate_id == Candidate.id)
        .where(Candidate.sitting_id == sitting_id)
        .group_by(Answer.attempt_id)
    )
    return {attempt_id: (slots, seen) for attempt_id, slots, seen in db.session.execute(query)}


def _place(
    sitting: Sitting,
    candidate: Candidate,
    attempt: Attempt | None,
    signs: dict[int, tuple[int, datetime]],
    now: datetime,
) -> Place:
    if attempt is None:
        may_begin = sitting.state in (SittingState.SCHEDULED, SittingState.OPEN) and now <= sitting.entry_until
        state = "absent" if not may_begin else "waiting" if candidate.entered_at else "expected"
        return Place(candidate, state, 0, candidate.entered_at, None, None, by_clock=False)
    answered, seen_at = signs.get(attempt.id, (0, attempt.started_at))
    by_clock = attempt.finished_by is FinishedBy.CLOCK
    minutes = -(-seconds_left(attempt.deadline_at, now) // 60) if attempt.state is AttemptState.OPEN else None
    return Place(
        candidate, _state(attempt, seen_at, now), answered, seen_at, minutes, attempt.finished_at, by_clock=by_clock
    )


def _state(attempt: Attempt, seen_at: datetime, now: datetime) -> str:
    if attempt.state is AttemptState.FINISHED:
        return "finished"
    if now > attempt.deadline_at:
        return "overdue"
    return "silent" if now - seen_at > SILENT_AFTER else "writing"
