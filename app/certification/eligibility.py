"""What the database knows about whether an attempt may carry a certificate, asked of courses.eligibility."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.institutions.models import Standing
from app.registry.bars import bars_of, decision_against
from app.sittings.models import Attempt, AttemptState
from app.training.enrolling import sectors_at_stake
from app.training.models import Enrolment, SessionState
from courses.eligibility import AttemptFacts, CertificationFacts, Refusal, may_be_certified


def require_eligible(attempt: Attempt, *, now: datetime) -> None:
    """Raise ServiceError for the first reason against a certificate on *attempt*.

    Codes: those of courses.eligibility.may_be_certified, with "certify_" before them.
    """
    require_not_barred(attempt, now=now)
    refusals = may_be_certified(certification_facts(attempt, on=local_day(now)))
    if refusals:
        raise _refused(refusals[0])
    if not attempt.passed:  # another attempt of the enrolment was passed, this one was not
        raise ServiceError("certify_failed")


def require_not_barred(attempt: Attempt, *, now: datetime) -> None:
    """Raise ServiceError "certify_barred" if the holder is barred from this office today (禁任; register, trap 20).

    Bars are asked in the sectors of the enterprise as well as in the sector that was taught.
    """
    enrolment, on = attempt.enrolment, local_day(now)
    sectors = sectors_at_stake(enrolment.enterprise, enrolment.training_session.course_version.sector_code, on)
    bars = bars_of([enrolment.person_id]).get(enrolment.person_id, [])
    decision = decision_against(bars, enrolment.role_code, sectors, on)
    if decision is not None:
        raise ServiceError("certify_barred", decision=decision)


def certification_facts(attempt: Attempt, *, on: date) -> CertificationFacts:
    """Return what is known of *attempt* on the day of issue *on*.

    A trainee's training is finished when the course's hours are complete or the session's last day has come.
    """
    enrolment, sitting = attempt.enrolment, attempt.candidate.sitting
    training = enrolment.training_session
    required, credited = training.course_version.hours, enrolment.credited_hours
    return CertificationFacts(
        on=on,
        sector=training.course_version.sector_code,
        required_hours=float(required),
        credited_hours=float(credited),
        is_training_finished=training.state is not SessionState.CANCELLED
        and (training.ends_on <= on or credited >= required),
        attempts=_attempts(enrolment),
        resits=int(sitting.rule["resits"]),
        pass_valid_months=int(sitting.rule["pass_valid_months"]),
        institution_code=training.institution.credit_code,
        exam_site_code=sitting.exam_site.credit_code,
        is_institution_suspended=training.institution.standing is not Standing.ACTIVE,
    )


def _attempts(enrolment: Enrolment) -> tuple[AttemptFacts, ...]:
    query = sa.select(Attempt).where(Attempt.enrolment_id == enrolment.id).order_by(Attempt.number)
    attempts = db.session.scalars(query)
    return tuple(AttemptFacts(_outcome(each), local_day(each.finished_at or each.started_at)) for each in attempts)


def _outcome(attempt: Attempt) -> str:
    if attempt.state is AttemptState.OPEN:
        return "open"
    return "passed" if attempt.passed else "failed"


def _refused(refusal: Refusal) -> ServiceError:
    """Word-ready data only: days and figures as text, so that a job can keep them as JSON."""
    return ServiceError(f"certify_{refusal.code}", **{name: _text(value) for name, value in refusal.data.items()})


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
