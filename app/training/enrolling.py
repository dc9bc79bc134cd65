"""Enrolling, withdrawing and exempting trainees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.accounts import service as accounts
from app.audit import events
from app.audit.service import record
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.registry.bars import bars_of, decision_against
from app.registry.documents import checked, checked_credit_code
from app.registry.models import Appointment, Enterprise, Person
from app.registry.service import person_by_number
from app.training.models import Classroom, Enrolment, EnrolmentState, Exemption, SessionState, TrainingSession
from courses.sectors import GENERAL, is_within, sector


@dataclass(frozen=True)
class Seat:
    """Who is to be enrolled, where the person answers for what, and in which classroom."""

    person: Person
    enterprise: Enterprise
    role_code: str
    classroom: Classroom


def open_session(session_id: int) -> TrainingSession:
    """Return the session, locked until the commit, so that nobody closes or fills it meanwhile.

    Raises ServiceError("session_not_open") if it is closed or cancelled.
    """
    query = sa.select(TrainingSession).where(TrainingSession.id == session_id).with_for_update(of=TrainingSession)
    session = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if session.state is not SessionState.SCHEDULED:
        raise ServiceError("session_not_open")
    return session


def enrolled_count(session_id: int) -> int:
    """Return how many trainees are enrolled and not withdrawn."""
    query = sa.select(sa.func.count(Enrolment.id)).where(
        Enrolment.training_session_id == session_id, Enrolment.state == EnrolmentState.ENROLLED
    )
    return db.session.scalar(query) or 0


def enrol_by_numbers(
    session: TrainingSession, document: str, credit_code: str, classroom_id: int, *, actor: Actor, now: datetime
) -> Enrolment:
    """Enrol the person with this document number for the enterprise with this credit code, in the course's role.

    Raises ServiceError: "session_not_open", those of the two numbers (app.registry.documents), "trainee_unknown",
    "trainee_enterprise_unknown", "classroom_unknown", "trainee_enrolled", "trainee_not_appointed", "trainee_sector",
    "trainee_barred" and "session_full".
    """
    open_session(session.id)
    today = local_day(now)
    _kind, number = checked(None, document, on=today)
    person = person_by_number(number)
    if person is None:
        raise ServiceError("trainee_unknown", field="document_number")
    code = checked_credit_code(credit_code)
    enterprise = db.session.scalar(sa.select(Enterprise).where(Enterprise.credit_code == code))
    if enterprise is None:
        raise ServiceError("trainee_enterprise_unknown", field="credit_code")
    classroom = next((each for each in session.classrooms if each.id == classroom_id), None)
    if classroom is None:
        raise ServiceError("classroom_unknown", field="classroom_id")
    seat = Seat(person, enterprise, session.course_version.role_code, classroom)
    _check_one(session, seat, today)
    enrolment = enrol(session, seat, now=now)
    record(events.TraineesEnrolled(session.id, count=1), actor=actor, now=now)
    return enrolment


def enrol(session: TrainingSession, seat: Seat, *, import_id: int | None = None, now: datetime) -> Enrolment:
    """Write one enrolment whose seat was checked, and give the person an account. The caller records the event.

    Somebody who withdrew comes back under the same row: it is the same course cycle, with the same resit (trap 9).
    """
    enrolment = db.session.scalar(
        sa.select(Enrolment).where(Enrolment.training_session_id == session.id, Enrolment.person_id == seat.person.id)
    )
    if enrolment is None:
        enrolment = Enrolment(training_session=session, person=seat.person, created_at=now)
        db.session.add(enrolment)
    enrolment.enterprise, enrolment.role_code = seat.enterprise, seat.role_code
    enrolment.classroom, enrolment.state, enrolment.import_id = seat.classroom, EnrolmentState.ENROLLED, import_id
    person = seat.person
    if person.user_id is None:
        person.user = accounts.trainee_account(person.document_index, person.name, now=now)
    db.session.flush()
    return enrolment


def withdraw(enrolment: Enrolment, reason: str, *, actor: Actor, now: datetime) -> None:
    """Withdraw a trainee, with the reason.

    Raises ServiceError: "session_not_open", "already_withdrawn", and "withdraw_trained" once the hours are complete:
    whoever was trained must be examined or exempted (逢培必考). That nobody withdraws after an exam is checked
    by the caller, who knows the attempts.
    """
    session = open_session(enrolment.training_session_id)
    if enrolment.state is EnrolmentState.WITHDRAWN:
        raise ServiceError("already_withdrawn")
    if enrolment.credited_hours >= session.course_version.hours:
        raise ServiceError("withdraw_trained")
    enrolment.state = EnrolmentState.WITHDRAWN
    record(events.EnrolmentWithdrawn(enrolment.id, reason=reason), actor=actor, now=now)


def exempt(enrolment: Enrolment, reason: str, document_number: str, *, actor: Actor, now: datetime) -> Exemption:
    """Record that a trainee need not sit the exam (免考), by a decision with a number.

    Raises ServiceError: "session_not_open", "already_withdrawn", "already_exempt".
    """
    open_session(enrolment.training_session_id)
    if enrolment.state is EnrolmentState.WITHDRAWN:
        raise ServiceError("already_withdrawn")
    if db.session.scalar(sa.select(Exemption.id).where(Exemption.enrolment_id == enrolment.id)):
        raise ServiceError("already_exempt")
    exemption = Exemption(
        enrolment_id=enrolment.id, reason=reason, document_number=document_number, by_name=actor.name, at=now
    )
    db.session.add(exemption)
    event = events.ExemptionRecorded(enrolment.id, reason=reason, document_number=document_number)
    record(event, actor=actor, now=now)
    return exemption


def holds_role(person_id: int, enterprise_id: int, role_code: str, on: date) -> bool:
    """Whether the registry knows this person in this role at this enterprise on the day *on*."""
    query = sa.select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.enterprise_id == enterprise_id,
        Appointment.role_code == role_code,
        held_on(on),
    )
    return db.session.scalar(query.limit(1)) is not None


def held_on(day: date) -> sa.ColumnElement[bool]:
    """Return the condition that an Appointment is in force on *day*."""
    return sa.and_(Appointment.valid_from <= day, sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > day))


def sectors_at_stake(enterprise: Enterprise, course_sector: str, on: date) -> set[str]:
    """Return the sector that is taught and those to which the enterprise belongs on the day *on*."""
    return {course_sector} | sectors_of(enterprise, on)


def sectors_of(enterprise: Enterprise, on: date) -> set[str]:
    """Return the sectors to which the enterprise belongs on the day *on*."""
    return {
        each.sector_code
        for each in enterprise.memberships
        if each.valid_from <= on and (each.valid_to is None or on < each.valid_to)
    }


def is_taught(enterprise: Enterprise, course_sector: str, on: date) -> bool:
    """Whether a course of *course_sector* is for people of this enterprise on the day *on*.

    A general course is for everybody. Any other pass would count for nothing: a mandate asks for training in the
    enterprise's own sector.
    """
    return course_sector == GENERAL or any(is_within(code, course_sector) for code in sectors_of(enterprise, on))


def teaching(course_sector: str) -> dict[str, str]:
    """Return what the sentence of "trainee_sector" needs: the name of the sector that is taught."""
    return {"sector": sector(course_sector).name_zh}


def _check_one(session: TrainingSession, seat: Seat, today: date) -> None:
    person, enterprise, role = seat.person, seat.enterprise, seat.role_code
    enrolled = sa.select(Enrolment.id).where(
        Enrolment.training_session_id == session.id,
        Enrolment.person_id == person.id,
        Enrolment.state == EnrolmentState.ENROLLED,
    )
    if db.session.scalar(enrolled):
        raise ServiceError("trainee_enrolled", field="document_number")
    if not holds_role(person.id, enterprise.id, role, today):
        raise ServiceError("trainee_not_appointed", field="credit_code")
    taught = session.course_version.sector_code
    if not is_taught(enterprise, taught, today):
        raise ServiceError("trainee_sector", field="credit_code", **teaching(taught))
    bars, at_stake = bars_of([person.id]), sectors_at_stake(enterprise, taught, today)
    decision = decision_against(bars.get(person.id, []), role, at_stake, today)
    if decision is not None:
        raise ServiceError("trainee_barred", field="document_number", decision=decision)
    if enrolled_count(session.id) >= session.capacity:
        raise ServiceError("session_full", capacity=session.capacity)
