"""Scheduling a training session from a course (安排培训班)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.institutions.service import require_active
from app.training.models import Classroom, CourseVersion, Mode, SessionState, TrainingSession
from app.training.permissions import own_institution
from app.training.serving import served_by
from courses.hours import crediting

BRANCH_LIMIT = 8
LONGEST_DAYS = 366
CODE_TRIES = 5


class Place(NamedTuple):
    """A classroom: its name within the session and where it is (an address, or a link for online teaching)."""

    name: str
    place: str


@dataclass(frozen=True)
class SessionPlan:
    """What an institution asks for.

    starts_on, ends_on: first and last day, both included; main, branches: the main classroom and at most
    BRANCH_LIMIT branch classrooms; mandate_code: the clause that the session serves, or None.
    accept_short: the institution has seen that the days cannot hold the course's hours and wants them all the same.
    """

    title: str
    mode: Mode
    starts_on: date
    ends_on: date
    capacity: int
    main: Place
    branches: tuple[Place, ...] = ()
    mandate_code: str | None = None
    accept_short: bool = False


def schedule(course: CourseVersion, plan: SessionPlan, *, actor: Actor, now: datetime) -> TrainingSession:
    """Schedule a session of *course* for the actor's institution and return it.

    Raises Forbidden for anybody but institution staff, and ServiceError: "institution_suspended",
    "institution_removed", or the first of `problems`.
    """
    institution = own_institution(actor)
    require_active(institution)
    for problem in problems(course, plan, institution.region_code, local_day(now)):
        raise problem
    session = TrainingSession(
        title=plan.title,
        institution=institution,
        course_version=course,
        mandate_code=plan.mandate_code,
        mode=plan.mode,
        region_code=institution.region_code,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        capacity=plan.capacity,
        state=SessionState.SCHEDULED,
        created_by_id=actor.user_id,
        created_at=now,
    )
    session.classrooms = [Classroom(name=plan.main.name, place=plan.main.place, is_main=True)]
    session.classrooms += [Classroom(name=each.name, place=each.place, is_main=False) for each in plan.branches]
    _save_under_new_code(session)
    event = events.TrainingSessionScheduled(session.id, course=course.code, mandate=plan.mandate_code or "")
    record(event, actor=actor, now=now)
    return session


def hours_that_fit(starts_on: date, ends_on: date) -> int:
    """Return the most hours (学时) that the days from first to last, both included, can credit to one person."""
    return ((ends_on - starts_on).days + 1) * crediting().daily_cap_hours


def problems(course: CourseVersion, plan: SessionPlan, region: str, today: date) -> Iterator[ServiceError]:
    """Yield everything that keeps *plan* from being scheduled in *region* on the day *today*, each with its field.

    Codes: "starts_in_past", "course_not_open", "ends_before_start", "session_too_long", "days_too_few",
    "branches_too_many", "classroom_twice", "mandate_not_served".
    """
    if plan.starts_on < today:
        yield ServiceError("starts_in_past", field="starts_on")
    elif plan.starts_on < course.valid_from or (course.valid_to is not None and plan.starts_on >= course.valid_to):
        yield ServiceError("course_not_open", field="starts_on")
    yield from _wrong_length(course, plan)
    yield from _wrong_classrooms((plan.main, *plan.branches))
    offered = {each.code for each in served_by(course, region, plan.starts_on.year)}
    if plan.mandate_code is not None and plan.mandate_code not in offered:
        yield ServiceError("mandate_not_served", field="mandate_code", year=plan.starts_on.year)


def _wrong_length(course: CourseVersion, plan: SessionPlan) -> Iterator[ServiceError]:
    fitting, cap = hours_that_fit(plan.starts_on, plan.ends_on), crediting().daily_cap_hours
    if plan.ends_on < plan.starts_on:
        yield ServiceError("ends_before_start", field="ends_on")
    elif (plan.ends_on - plan.starts_on).days >= LONGEST_DAYS:
        yield ServiceError("session_too_long", field="ends_on", days=LONGEST_DAYS)
    elif fitting < course.hours and not plan.accept_short:
        yield ServiceError("days_too_few", field="ends_on", hours=f"{course.hours:g}", fitting=fitting, cap=cap)


def _wrong_classrooms(classrooms: Sequence[Place]) -> Iterator[ServiceError]:
    if len(classrooms) > BRANCH_LIMIT + 1:
        yield ServiceError("branches_too_many", field="branches", limit=BRANCH_LIMIT)
    names = [each.name for each in classrooms]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        yield ServiceError("classroom_twice", field="branches", name=twice)


def _save_under_new_code(session: TrainingSession) -> None:
    """Number the session within its year. Two institutions may reach for the same serial: the slower one tries on."""
    for attempt in range(CODE_TRIES):
        session.code = _next_code(session.starts_on.year)
        try:
            with db.session.begin_nested():
                db.session.add(session)
                db.session.flush()
        except IntegrityError:
            if attempt == CODE_TRIES - 1:
                raise
        else:
            return


def _next_code(year: int) -> str:
    prefix = f"PX{year}-"
    of_year = sa.select(TrainingSession.code).where(TrainingSession.code.startswith(prefix, autoescape=True))
    last = db.session.scalar(of_year.order_by(sa.func.length(TrainingSession.code).desc(), TrainingSession.code.desc()))
    serial = int(last.removeprefix(prefix)) if last and last.removeprefix(prefix).isdecimal() else 0
    return f"{prefix}{serial + 1:04d}"
