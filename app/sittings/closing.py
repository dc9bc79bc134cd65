"""Closing a training session: refused while one trainee has neither an exam result nor a recorded exemption."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError
from app.sittings.locking import locked
from app.sittings.models import Sitting
from app.sittings.queries import AWAITED, NOTHING, results
from app.training.models import Enrolment, EnrolmentState, Exemption, SessionState, TrainingSession
from courses.eligibility import EnrolmentFacts, may_close


def missing(session: TrainingSession) -> list[Enrolment]:
    """Return the enrolments that keep *session* open, by id, their people loaded; empty if it may be closed."""
    enrolments = _enrolments(session)
    known, reasons = results(session.id), _exemptions(session)
    facts = [
        EnrolmentFacts(
            enrolment=str(each.id),
            has_exam_result=known.get(each.id, NOTHING).is_examined,
            exemption_reason=reasons.get(each.id),
            is_withdrawn=each.state is EnrolmentState.WITHDRAWN,
        )
        for each in enrolments
    ]
    lacking = {found.enrolment for found in may_close(facts)}
    return [each for each in enrolments if str(each.id) in lacking]


def close(session: TrainingSession, *, actor: Actor, now: datetime) -> None:
    """Close *session* (结班).

    Raises ServiceError: "closing_not_open"; "exam_missing" with the count of who has neither an exam result nor
    an exemption (逢培必考); "sitting_awaited" while a sitting of the session is still to come or under way.
    """
    locked(session)
    if session.state is not SessionState.SCHEDULED:
        raise ServiceError("closing_not_open")
    lacking = missing(session)
    if lacking:
        raise ServiceError("exam_missing", count=len(lacking))
    _refuse_awaited_sittings(session)
    session.state, session.closed_at = SessionState.CLOSED, now
    trainees = sum(each.state is EnrolmentState.ENROLLED for each in _enrolments(session))
    record(events.TrainingSessionClosed(session.id, trainees=trainees), actor=actor, now=now)


def _refuse_awaited_sittings(session: TrainingSession) -> None:
    query = sa.select(Sitting.code).where(Sitting.training_session_id == session.id, Sitting.state.in_(AWAITED))
    code = db.session.scalar(query.order_by(Sitting.id).limit(1))
    if code is not None:
        raise ServiceError("sitting_awaited", sitting=code)


def _enrolments(session: TrainingSession) -> list[Enrolment]:
    query = sa.select(Enrolment).where(Enrolment.training_session_id == session.id)
    return list(db.session.scalars(query.options(joinedload(Enrolment.person)).order_by(Enrolment.id)))


def _exemptions(session: TrainingSession) -> dict[int, str]:
    query = sa.select(Exemption.enrolment_id, Exemption.reason).join(Enrolment)
    rows = db.session.execute(query.where(Enrolment.training_session_id == session.id))
    return {row.enrolment_id: row.reason for row in rows}
