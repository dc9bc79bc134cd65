"""The home of institution staff: what needs me today, the sessions of this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import render_template
from sqlalchemy.orm import joinedload

from app.accounts.access import actor, requires
from app.core.actors import Role
from app.core.clock import today
from app.core.db import db
from app.desk.blueprint import bp
from app.institutions.models import Institution, Standing
from app.sittings.models import Attempt, AttemptState
from app.training.models import CourseVersion, Enrolment, EnrolmentState, Exemption, SessionState, TrainingSession
from app.training.permissions import own_institution
from app.training.queries import days_recorded, days_without_attendance, phase

SHOWN = 50  # sessions that are open at once; more are reached through the list
EMPTY_WARNING = timedelta(days=7)


@dataclass(frozen=True)
class Counts:
    """Trainees of one session, the withdrawn left out. unexamined: with neither a result nor an exemption."""

    enrolled: int = 0
    short: int = 0
    unexamined: int = 0


@dataclass(frozen=True)
class Task:
    """A session that needs somebody today, and why. days: past days of training without attendance."""

    session: TrainingSession
    counts: Counts
    days: tuple[date, ...]
    phase: str

    @property
    def is_empty(self) -> bool:
        return not self.counts.enrolled

    @property
    def is_ready_to_close(self) -> bool:
        return self.phase == "ended" and not self.is_empty and not self.counts.unexamined

    @property
    def lacks_exams(self) -> bool:
        return self.phase == "ended" and bool(self.counts.unexamined)

    @property
    def lacks_hours(self) -> bool:
        return self.phase == "ended" and bool(self.counts.short)


@bp.get("/desk/institution")
@requires(Role.INSTITUTION)
def institution() -> str:
    own, day = own_institution(actor()), today()
    open_sessions = _open_sessions(own, day)
    tasks = [task for task in _tasks(open_sessions, day) if needs_somebody(task, day)]
    monday = day - timedelta(days=day.weekday())
    week = [each for each in open_sessions if each.starts_on <= monday + timedelta(days=6) and each.ends_on >= monday]
    return render_template(
        "desk/institution.html",
        institution=own,
        is_active=own.standing is Standing.ACTIVE,
        standing=own.standing_events[-1] if own.standing_events else None,
        tasks=tasks,
        week=week,
        counts=_counts([each.id for each in week]),
        no_counts=Counts(),
        phase=phase,
        today=day,
        has_sessions=bool(open_sessions) or _has_sessions(own),
    )


def needs_somebody(task: Task, day: date) -> bool:
    """Whether a session needs its institution today: exams, hours or attendance are missing, or nobody is enrolled."""
    starts_soon = task.session.starts_on <= day + EMPTY_WARNING
    return bool(task.days) or task.phase == "ended" or (task.is_empty and starts_soon)


def _open_sessions(own: Institution, day: date) -> list[TrainingSession]:
    query = (
        sa.select(TrainingSession)
        .where(
            TrainingSession.institution_id == own.id,
            TrainingSession.state == SessionState.SCHEDULED,
            TrainingSession.starts_on <= day + EMPTY_WARNING,
        )
        .options(joinedload(TrainingSession.course_version).load_only(CourseVersion.title_zh, CourseVersion.title_en))
        .order_by(TrainingSession.ends_on, TrainingSession.id)
    )
    return list(db.session.scalars(query.limit(SHOWN)))


def _tasks(sessions: list[TrainingSession], day: date) -> list[Task]:
    ids = [each.id for each in sessions]
    counts, recorded = _counts(ids), days_recorded(ids)
    found = []
    for each in sessions:
        own = counts.get(each.id, Counts())
        days = days_without_attendance(each, recorded.get(each.id, set()), day) if own.short else []
        found.append(Task(each, own, tuple(days), phase(each, day)))
    return found


def _counts(session_ids: list[int]) -> dict[int, Counts]:
    """Count the trainees of many sessions in one query."""
    has_result = sa.exists().where(Attempt.enrolment_id == Enrolment.id, Attempt.state == AttemptState.FINISHED)
    is_exempt = sa.exists().where(Exemption.enrolment_id == Enrolment.id)
    query = (
        sa.select(
            Enrolment.training_session_id,
            sa.func.count(),
            sa.func.sum(sa.case((Enrolment.credited_hours < CourseVersion.hours, 1), else_=0)),
            sa.func.sum(sa.case((sa.or_(has_result, is_exempt), 0), else_=1)),
        )
        .select_from(Enrolment)
        .join(Enrolment.training_session)
        .join(TrainingSession.course_version)
        .where(Enrolment.training_session_id.in_(session_ids), Enrolment.state == EnrolmentState.ENROLLED)
        .group_by(Enrolment.training_session_id)
    )
    return {row[0]: Counts(row[1], int(row[2]), int(row[3])) for row in db.session.execute(query)}


def _has_sessions(own: Institution) -> bool:
    query = sa.select(TrainingSession.id).where(TrainingSession.institution_id == own.id).limit(1)
    return db.session.scalar(query) is not None
