"""What is known of the exams of a session: one result for each enrolment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.core.db import db
from app.sittings.models import Attempt, AttemptState, Candidate, Sitting, SittingState
from app.training.models import Enrolment

AWAITED = (SittingState.SCHEDULED, SittingState.OPEN)


@dataclass(frozen=True)
class ExamResult:
    """Where one enrolment stands with its exam.

    state: "none" (no sitting yet), "admitted" (has an admission number), "in_progress", "absent" (every sitting closed
    and never begun), "failed", "passed". score: of the attempt that decides, 0..its maximum, None before it is
    finished. attempts: how many were begun. sitting_id, attempt_id: of what decides the state, None if nothing does.
    """

    state: str
    score: Decimal | None = None
    attempts: int = 0
    sitting_id: int | None = None
    attempt_id: int | None = None

    @property
    def is_examined(self) -> bool:
        """Whether there is a result, good or bad."""
        return self.state in ("failed", "passed")


NOTHING = ExamResult("none")


def results(session_id: int) -> dict[int, ExamResult]:
    """Return the result of every enrolment of a training session, the withdrawn too, by enrolment id; one query."""
    query = (
        sa.select(Enrolment.id, Sitting.id, Sitting.state, Attempt)
        .outerjoin(Candidate, Candidate.enrolment_id == Enrolment.id)
        .outerjoin(Sitting, Sitting.id == Candidate.sitting_id)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .options(defer(Attempt.paper), defer(Attempt.marks))
        .where(Enrolment.training_session_id == session_id)
        .order_by(Enrolment.id, Attempt.number, Sitting.starts_at, Sitting.id)
    )
    rows: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        rows.setdefault(row[0], []).append(row)
    return {enrolment_id: _result(found) for enrolment_id, found in rows.items()}


def result_of(enrolment: Enrolment) -> ExamResult:
    """Return the result of one enrolment."""
    return results(enrolment.training_session_id).get(enrolment.id, NOTHING)


def _result(rows: Iterable[Any]) -> ExamResult:
    """Weigh the sittings of one enrolment: a pass, else an exam under way, else a failure, else what is to come."""
    found = [row for row in rows if row[1] is not None]
    attempts = [(sitting_id, attempt) for _, sitting_id, _, attempt in found if attempt is not None]
    count = len(attempts)
    for state, decides in _STATES.items():
        for sitting_id, attempt in reversed(attempts):
            if decides(attempt):
                return ExamResult(state, attempt.score, count, sitting_id, attempt.id)
    for _, sitting_id, sitting_state, _attempt in found:
        if sitting_state in AWAITED:
            return ExamResult("admitted", sitting_id=sitting_id)
    closed = [row[1] for row in found if row[2] is SittingState.CLOSED]
    return ExamResult("absent", sitting_id=closed[-1]) if closed else NOTHING


_STATES: dict[str, Callable[[Attempt], bool]] = {
    "passed": lambda attempt: attempt.passed is True,
    "in_progress": lambda attempt: attempt.state is AttemptState.OPEN,
    "failed": lambda attempt: attempt.passed is False,
}
