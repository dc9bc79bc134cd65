"""What the pages of training show: lists, one sheet of attendance, what a session has recorded."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.core.actors import Actor
from app.core.clock import end_of_day, local_day, start_of_day
from app.core.db import db
from app.institutions.models import Institution
from app.training.models import (
    Attendance,
    Classroom,
    CourseVersion,
    Enrolment,
    EnrolmentState,
    Exemption,
    SessionState,
    TrainingSession,
)
from app.training.permissions import visible_sessions

PHASES = ("coming", "running", "ended", "closed", "cancelled")


def current_courses(on: date) -> sa.Select[Any]:
    """Return the course versions that a session can still be scheduled from on the day *on* or later."""
    return sa.select(CourseVersion).where(sa.or_(CourseVersion.valid_to.is_(None), CourseVersion.valid_to > on))


def enrolled_in(session_id: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """Return the number of trainees, not withdrawn, as a column beside a session."""
    return (
        sa.select(sa.func.count(Enrolment.id))
        .where(Enrolment.training_session_id == session_id, Enrolment.state == EnrolmentState.ENROLLED)
        .correlate(TrainingSession)
        .scalar_subquery()
    )


ENROLLED = enrolled_in(TrainingSession.id.expression)


def sessions_of(actor: Actor) -> sa.Select[Any]:
    """Return the sessions that *actor* may see, each with its number of trainees; course and institution loaded."""
    query = (
        sa.select(TrainingSession, ENROLLED.label("enrolled"))
        .join(TrainingSession.institution)
        .join(TrainingSession.course_version)
        .options(
            contains_eager(TrainingSession.institution).defer(Institution.credit_code),
            contains_eager(TrainingSession.course_version).defer(CourseVersion.definition),
        )
        .where(visible_sessions(actor))
    )
    return cast("sa.Select[Any]", query)


def phase(session: TrainingSession, today: date) -> str:
    """Return where a session stands: one of PHASES."""
    if session.state is not SessionState.SCHEDULED:
        return session.state.value
    if today < session.starts_on:
        return "coming"
    return "running" if today <= session.ends_on else "ended"


def in_phase(name: str, today: date) -> sa.ColumnElement[bool]:
    """Return the condition on TrainingSession that `phase` gives *name*."""
    if name in ("closed", "cancelled"):
        return TrainingSession.state == SessionState(name)
    when = {
        "coming": TrainingSession.starts_on > today,
        "running": sa.and_(TrainingSession.starts_on <= today, TrainingSession.ends_on >= today),
        "ended": TrainingSession.ends_on < today,
    }[name]
    return sa.and_(TrainingSession.state == SessionState.SCHEDULED, when)


def in_month(month: str) -> sa.ColumnElement[bool]:
    """Return the condition that a session begins in *month*, written 2026-03."""
    year, number = (int(part) for part in month.split("-"))
    first = date(year, number, 1)
    following = date(year + number // 12, number % 12 + 1, 1)
    return sa.and_(TrainingSession.starts_on >= first, TrainingSession.starts_on < following)


def trainees(session_id: int) -> list[Enrolment]:
    """Return every enrolment of a session, the withdrawn last, with person, enterprise and classroom; one query."""
    query = (
        sa.select(Enrolment)
        .where(Enrolment.training_session_id == session_id)
        .options(joinedload(Enrolment.person), joinedload(Enrolment.enterprise), joinedload(Enrolment.classroom))
        .order_by(sa.case((Enrolment.state == EnrolmentState.WITHDRAWN, 1), else_=0), Enrolment.id)
    )
    return list(db.session.scalars(query))


def exemptions(session_id: int) -> dict[int, Exemption]:
    """Return the exemptions of a session by enrolment id."""
    query = sa.select(Exemption).join(Enrolment).where(Enrolment.training_session_id == session_id)
    return {each.enrolment_id: each for each in db.session.scalars(query)}


def stretches_on(session_id: int, day: date) -> dict[int, list[tuple[Attendance, Classroom]]]:
    """Return the stretches of one day (Asia/Shanghai) with their classrooms, by enrolment id, in order of time."""
    query = (
        sa.select(Attendance, Classroom)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(Classroom, Classroom.id == Attendance.classroom_id)
        .where(
            Enrolment.training_session_id == session_id,
            Attendance.starts_at >= start_of_day(day),
            Attendance.starts_at < end_of_day(day),
        )
        .order_by(Attendance.starts_at, Attendance.id)
    )
    found: dict[int, list[tuple[Attendance, Classroom]]] = defaultdict(list)
    for stretch, classroom in db.session.execute(query):
        found[stretch.enrolment_id].append((stretch, classroom))
    return found


def days_recorded(session_ids: list[int]) -> dict[int, set[date]]:
    """Return for each session the days (Asia/Shanghai) on which any attendance is recorded."""
    query = (
        sa.select(Enrolment.training_session_id, Attendance.starts_at)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(Enrolment.training_session_id.in_(session_ids))
        .distinct()
    )
    found: dict[int, set[date]] = defaultdict(set)
    for session_id, starts_at in db.session.execute(query):
        found[session_id].add(local_day(starts_at))
    return found


def days_without_attendance(session: TrainingSession, recorded: set[date], today: date) -> list[date]:
    """Return the days of a session that are over and have no attendance, as far as its hours still need days."""
    last = min(session.ends_on, today - timedelta(days=1))
    days = (last - session.starts_on).days + 1
    return [day for day in (session.starts_on + timedelta(days=n) for n in range(days)) if day not in recorded]
