"""What the mandates ask of one person this year, until when, and whether it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.certification.models import Certificate, CertificateState
from app.core.clock import local_day
from app.core.db import UTCDateTime, db
from app.registry.models import Appointment, Enterprise, Person
from app.sittings.models import Attempt, AttemptState
from app.training.models import Attendance, CourseVersion, Enrolment, EnrolmentState, TrainingSession
from courses.mandates import Mandate, binding
from courses.standing import Achievement, Duty, Rule
from courses.windows import windows


@dataclass(frozen=True)
class Due:
    """One clause that binds one of the person's posts. until: the last day of the window that runs on *today*."""

    mandate: Mandate
    enterprise: Enterprise
    role_code: str
    until: date
    is_done: bool


def dues_of(person: Person, certificates: Iterable[Certificate], today: date) -> list[Due]:
    """Return what binds the posts that *person* holds today: the open ones first, the nearest deadline first.

    Only clauses whose fulfilment is counted from the registry. The same figures as on the regulators' coverage pages,
    for one person (courses.standing).
    """
    done = _achievements(person, certificates, today)
    found = [due for post in _posts(person, today) for due in _dues(post, done, today)]
    return sorted(found, key=lambda due: (due.is_done, due.until, due.mandate.code, due.enterprise.id))


def _posts(person: Person, today: date) -> list[Appointment]:
    query = (
        sa.select(Appointment)
        .where(
            Appointment.person_id == person.id,
            Appointment.valid_from <= today,
            sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > today),
        )
        .options(joinedload(Appointment.enterprise).selectinload(Enterprise.memberships))
        .order_by(Appointment.id)
    )
    return list(db.session.scalars(query))


def _dues(post: Appointment, done: list[Achievement], today: date) -> list[Due]:
    duty = _duty(post, today)
    found = []
    for mandate in binding(duty.region, today.year):
        running = [each for each in windows(mandate.period, today.year) if each.contains(today)]
        if not (mandate.is_counted and running):
            continue
        standing = Rule(mandate, today.year, today).standing(duty, done)
        if standing.is_due:
            until = mandate.period.deadline or running[0].end
            found.append(Due(mandate, post.enterprise, post.role_code, until, standing.status == "covered"))
    return found


def _duty(post: Appointment, today: date) -> Duty:
    sectors = frozenset(
        each.sector_code
        for each in post.enterprise.memberships
        if each.valid_from <= today and (each.valid_to is None or today < each.valid_to)
    )
    return Duty(
        post.person_id, post.enterprise_id, post.role_code, sectors, post.enterprise.region_code, post.valid_from
    )


def _achievements(person: Person, certificates: Iterable[Certificate], today: date) -> list[Achievement]:
    """One for each finished exam of the person, and one for each enrolment without."""
    issued = {each.attempt_id: each.issued_on for each in certificates if each.state is CertificateState.VALID}
    last = sa.select(sa.func.max(Attendance.ends_at)).where(Attendance.enrolment_id == Enrolment.id).scalar_subquery()
    query = (
        sa.select(
            Enrolment.role_code,
            Enrolment.credited_hours,
            CourseVersion.sector_code,
            CourseVersion.hours,
            TrainingSession.mandate_code,
            Attempt.id.label("attempt_id"),
            Attempt.passed,
            Attempt.finished_at,
            sa.type_coerce(last, UTCDateTime()).label("last"),
        )
        .join(Enrolment.training_session)
        .join(TrainingSession.course_version)
        .outerjoin(Attempt, sa.and_(Attempt.enrolment_id == Enrolment.id, Attempt.state == AttemptState.FINISHED))
        .where(Enrolment.person_id == person.id, Enrolment.state == EnrolmentState.ENROLLED)
        .order_by(Enrolment.id, Attempt.number)
    )
    return [_achievement(person, row, issued) for row in db.session.execute(query)]


def _achievement(person: Person, row: Any, issued: Mapping[int, date]) -> Achievement:
    examined_on = local_day(row.finished_at) if row.finished_at else None
    is_trained = row.last is not None and row.credited_hours >= row.hours
    return Achievement(
        person_id=person.id,
        role=row.role_code,
        sector=row.sector_code,
        trained_on=local_day(row.last - timedelta(microseconds=1)) if is_trained else None,
        examined_on=examined_on,
        passed_on=examined_on if row.passed else None,
        certified_on=issued.get(row.attempt_id),
        mandate=row.mandate_code,
        hours=float(row.credited_hours),
    )
