"""Recording attendance (考勤) and crediting hours from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.training.enrolling import open_session
from app.training.models import Attendance, AttendanceMethod, Enrolment, EnrolmentState, TrainingSession
from courses.attendance import AttendanceRecord, Flag, SessionDates, class_flags, flags
from courses.hours import Interval, credited_hours


@dataclass(frozen=True)
class Stretch:
    """One trainee was there from *starts_at* to *ends_at* (aware, the end later than the start)."""

    enrolment_id: int
    starts_at: datetime
    ends_at: datetime


def record_attendance(
    session: TrainingSession,
    classroom_id: int,
    stretches: Sequence[Stretch],
    method: AttendanceMethod,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Write *stretches* of presence in one classroom, credit the hours anew and return how many were written.

    Raises ServiceError: "session_not_open", "classroom_unknown", "attendance_empty" or the first of `faults`. Presence
    in another session at the same time is written and flagged: which of the two is wrong, a person must find out.
    """
    open_session(session.id)
    if classroom_id not in {each.id for each in session.classrooms}:
        raise ServiceError("classroom_unknown")
    if not stretches:
        raise ServiceError("attendance_empty")
    enrolled = _enrolled(session, {each.enrolment_id for each in stretches})
    known = _intervals(enrolled)
    for fault in _faults(session, stretches, enrolled, known, now):
        raise fault
    db.session.add_all(_row(each, classroom_id, method, actor, now) for each in stretches)
    _credit(enrolled.values(), known, session)
    record(events.AttendanceRecorded(session.id, records=len(stretches)), actor=actor, now=now)
    return len(stretches)


def faults(session: TrainingSession, stretches: Sequence[Stretch], *, now: datetime) -> list[ServiceError]:
    """Return everything that keeps *stretches* from being recorded, with field "row-<enrolment id>" for one trainee.

    Codes: "attendance_not_enrolled", "attendance_times" (the end is not after the start), "attendance_outside" (not
    within the session's days), "attendance_future", "attendance_overlap" (the same trainee is down for that time in
    this session already, or twice in *stretches*). Nothing is written.
    """
    enrolled = _enrolled(session, {each.enrolment_id for each in stretches})
    return list(_faults(session, stretches, enrolled, _intervals(enrolled), now))


def remove_attendance(stretch: Attendance, *, actor: Actor, now: datetime) -> None:
    """Take away a stretch that was recorded wrongly and credit the hours anew; the audit chain keeps what it said.

    Raises ServiceError("session_not_open").
    """
    enrolment = db.session.get_one(Enrolment, stretch.enrolment_id)
    session = open_session(enrolment.training_session_id)
    event = events.AttendanceRemoved(
        session.id,
        enrolment_id=enrolment.id,
        starts_at=stretch.starts_at.isoformat(),
        ends_at=stretch.ends_at.isoformat(),
    )
    db.session.delete(stretch)
    db.session.flush()
    enrolled = {enrolment.id: enrolment}
    _credit(enrolled.values(), _intervals(enrolled), session)
    record(event, actor=actor, now=now)


def flags_of(session: TrainingSession) -> tuple[dict[int, tuple[Flag, ...]], tuple[Flag, ...]]:
    """Return what looks wrong in the attendance of a session: by enrolment, and for the class as a whole.

    Each trainee's stretches in other sessions of the same days are looked at too: nobody sits in two places at once
    (register, trap 14).
    """
    rows = _stretches_of_people(session)
    dates = {str(each.id): SessionDates(each.starts_on, each.ends_on) for _row, _enrolment, each in rows}
    of_person: dict[int, list[AttendanceRecord]] = defaultdict(list)
    own: list[AttendanceRecord] = []
    enrolment_of: dict[int, int] = {}
    for stretch, enrolment, held in rows:
        item = _record_of(stretch, enrolment)
        of_person[enrolment.person_id].append(item)
        if held.id == session.id:
            own.append(item)
            enrolment_of[enrolment.person_id] = enrolment.id
    mine = {item.record for item in own}
    found = {
        enrolment_of[person_id]: tuple(flag for flag in flags(items, dates) if mine.intersection(flag.records))
        for person_id, items in of_person.items()
    }
    return {enrolment_id: each for enrolment_id, each in found.items() if each}, class_flags(own)


def _enrolled(session: TrainingSession, ids: set[int]) -> dict[int, Enrolment]:
    query = sa.select(Enrolment).where(
        Enrolment.id.in_(ids),
        Enrolment.training_session_id == session.id,
        Enrolment.state == EnrolmentState.ENROLLED,
    )
    return {each.id: each for each in db.session.scalars(query)}


def _intervals(enrolled: Mapping[int, Enrolment]) -> dict[int, list[Interval]]:
    found: dict[int, list[Interval]] = defaultdict(list)
    for each in db.session.scalars(sa.select(Attendance).where(Attendance.enrolment_id.in_(enrolled))):
        found[each.enrolment_id].append(Interval(each.starts_at, each.ends_at))
    return found


def _faults(
    session: TrainingSession,
    stretches: Sequence[Stretch],
    enrolled: Mapping[int, Enrolment],
    known: dict[int, list[Interval]],
    now: datetime,
) -> Iterator[ServiceError]:
    """Yield what is wrong, and add every stretch that is right to *known*."""
    for each in stretches:
        fault = _fault(each, session, enrolled, known, now)
        if fault is not None:
            yield fault
        else:
            known[each.enrolment_id].append(Interval(each.starts_at, each.ends_at))


def _fault(
    stretch: Stretch,
    session: TrainingSession,
    enrolled: Mapping[int, Enrolment],
    known: Mapping[int, Sequence[Interval]],
    now: datetime,
) -> ServiceError | None:
    field = f"row-{stretch.enrolment_id}"
    if stretch.enrolment_id not in enrolled:
        return ServiceError("attendance_not_enrolled", field=field)
    if stretch.ends_at <= stretch.starts_at:
        return ServiceError("attendance_times", field=field)
    first, last = local_day(stretch.starts_at), local_day(stretch.ends_at)
    if first < session.starts_on or last > session.ends_on:
        first_day, last_day = session.starts_on.isoformat(), session.ends_on.isoformat()
        return ServiceError("attendance_outside", field=field, first=first_day, last=last_day)
    if stretch.ends_at > now:
        return ServiceError("attendance_future", field=field)
    if any(Interval(stretch.starts_at, stretch.ends_at).overlaps(each) for each in known.get(stretch.enrolment_id, ())):
        return ServiceError("attendance_overlap", field=field)
    return None


def _row(stretch: Stretch, classroom_id: int, method: AttendanceMethod, actor: Actor, now: datetime) -> Attendance:
    return Attendance(
        enrolment_id=stretch.enrolment_id,
        classroom_id=classroom_id,
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        method=method,
        recorded_by_id=actor.user_id,
        recorded_at=now,
    )


def _credit(enrolments: Iterable[Enrolment], known: Mapping[int, Sequence[Interval]], session: TrainingSession) -> None:
    most = float(session.course_version.hours)
    for each in enrolments:
        each.credited_hours = Decimal(str(credited_hours(known.get(each.id, ()), at_most=most)))


def _stretches_of_people(session: TrainingSession) -> list[tuple[Attendance, Enrolment, TrainingSession]]:
    people = sa.select(Enrolment.person_id).where(Enrolment.training_session_id == session.id)
    query = (
        sa.select(Attendance, Enrolment, TrainingSession)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_session_id)
        .where(
            Enrolment.person_id.in_(people),
            Enrolment.state == EnrolmentState.ENROLLED,
            TrainingSession.starts_on <= session.ends_on,
            TrainingSession.ends_on >= session.starts_on,
        )
        .order_by(Attendance.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def _record_of(stretch: Attendance, enrolment: Enrolment) -> AttendanceRecord:
    return AttendanceRecord(
        record=str(stretch.id),
        person=str(enrolment.person_id),
        session=str(enrolment.training_session_id),
        classroom=str(stretch.classroom_id),
        interval=Interval(stretch.starts_at, stretch.ends_at),
    )
