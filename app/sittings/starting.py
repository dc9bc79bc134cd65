"""Beginning an exam: one row that freezes the paper and the deadline, however often the button is pressed."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit import events
from app.audit.service import record
from app.banks.pool import frozen_pool
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.core.i18n import listed
from app.sittings.eligibility import standpoints
from app.sittings.locking import locked
from app.sittings.models import Attempt, Candidate, Sitting, SittingState
from app.sittings.wording import reason
from app.training.models import EnrolmentState, SessionState
from courses.eligibility import Refusal
from question_bank.blueprint import Blueprint
from question_bank.fairness import candidate_seed
from question_bank.papers import Paper, assemble


def start(candidate: Candidate, *, actor: Actor, now: datetime) -> Attempt:
    """Return the attempt of *candidate*, begun now if it was not before; a second device gets the same one.

    Raises ServiceError: "sitting_not_begun", "entry_over", "sitting_over", "may_not_sit" with the reasons.
    """
    # Locked first: a second device waits here and then finds what the first has begun.
    locked(candidate)
    earlier = attempt_of(candidate)
    if earlier is not None:
        return earlier
    sitting = locked(candidate.sitting, shared=True)  # starts run side by side; closing waits for them
    _check_window(sitting, now)
    _check_candidate(candidate, now)
    attempt = _attempt(candidate, sitting, now)
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError as error:  # the same enrolment began in another sitting: unique (enrolment, number)
        raise ServiceError("may_not_sit", reasons=reason(Refusal("attempt_open"))) from error
    event = events.AttemptStarted(
        attempt.id,
        paper_digest=attempt.paper_digest,
        started_at=attempt.started_at.isoformat(),
        deadline_at=attempt.deadline_at.isoformat(),
    )
    record(event, actor=actor, now=now)
    return attempt


def attempt_of(candidate: Candidate) -> Attempt | None:
    """Return the attempt that *candidate* has begun, or None."""
    return db.session.scalar(sa.select(Attempt).where(Attempt.candidate_id == candidate.id))


def paper_of(attempt: Attempt) -> Paper:
    """Return the frozen paper; raises question_bank.errors.PaperError if one byte of it was changed."""
    return Paper.from_payload(attempt.paper)


def _check_window(sitting: Sitting, now: datetime) -> None:
    if sitting.state in (SittingState.CLOSED, SittingState.CANCELLED):
        raise ServiceError("sitting_over")
    if sitting.state is not SittingState.OPEN or now < sitting.starts_at:
        raise ServiceError("sitting_not_begun")
    if now > sitting.entry_until:
        raise ServiceError("entry_over")


def _check_candidate(candidate: Candidate, now: datetime) -> None:
    """Ask again: hours may have been taken back, the institution suspended, since the admission number was given."""
    enrolment, sitting = candidate.enrolment, candidate.sitting
    session = sitting.training_session
    if enrolment.state is not EnrolmentState.ENROLLED or session.state is not SessionState.SCHEDULED:
        raise ServiceError("candidate_withdrawn")
    [found] = standpoints(session, sitting.exam_site, local_day(now), [enrolment.id])
    if not found.may_sit:
        raise ServiceError("may_not_sit", reasons=listed((reason(each) for each in found.refusals), clauses=True))


def _attempt(candidate: Candidate, sitting: Sitting, now: datetime) -> Attempt:
    paper = draw_paper(sitting, candidate.admission_number)
    earlier = sa.select(sa.func.count(Attempt.id)).where(Attempt.enrolment_id == candidate.enrolment_id)
    return Attempt(
        candidate=candidate,
        enrolment=candidate.enrolment,
        number=(db.session.scalar(earlier) or 0) + 1,
        paper=paper.to_payload(),
        paper_digest=paper.digest,
        started_at=now,
        deadline_at=now + timedelta(minutes=sitting.duration_minutes),
        maximum=paper.points,
    )


def draw_paper(sitting: Sitting, admission_number: str) -> Paper:
    """Return the paper that the sitting's seed draws for one admission number from the frozen pool."""
    pool = frozen_pool(sitting.pool, sitting.exposure, sitting.pool_digest)
    seed = candidate_seed(bytes.fromhex(sitting.seed), admission_number)
    return assemble(Blueprint.from_payload(sitting.blueprint), pool, seed)
