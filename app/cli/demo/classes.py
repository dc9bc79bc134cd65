"""One sample class, from the course to the closing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from app.cli.demo.clock import StoryClock, at
from app.core import imports
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.tables import workbook_bytes
from app.institutions.models import ExamSite
from app.registry.models import Appointment, Enterprise, SectorMembership
from app.sittings.models import Sitting
from app.sittings.requesting import request_sitting
from app.sittings.running import close_sitting, open_sitting
from app.training.attending import Stretch, record_attendance
from app.training.models import AttendanceMethod, CourseVersion, Enrolment, Mode, TrainingSession
from app.training.scheduling import Place, SessionPlan, hours_that_fit, schedule
from app.training.trainee_file import TRAINEES

PRESENT = (("09:00", "12:00"), ("14:00", "17:00"))


@dataclass(frozen=True)
class Plan:
    """A class of the story: course code, the mandate it serves (None: none), title, first day, most trainees."""

    course: str
    mandate: str | None
    title: str
    starts_on: date
    capacity: int = 40


def scheduled(plan: Plan, teacher: Actor, clock: StoryClock) -> TrainingSession:
    """Schedule the class and enrol everybody of the registry whom its course is for. Commits."""
    course = db.session.scalars(sa.select(CourseVersion).where(CourseVersion.code == plan.course)).one()
    days = math.ceil(float(course.hours) / hours_that_fit(plan.starts_on, plan.starts_on))
    clock.move(plan.starts_on - timedelta(days=14), "10:00")
    session = schedule(
        course,
        SessionPlan(
            title=plan.title,
            mode=Mode.ONSITE,
            starts_on=plan.starts_on,
            ends_on=plan.starts_on + timedelta(days=days - 1),
            capacity=plan.capacity,
            main=Place("主课堂", "杭州市示例培训楼 201 室"),
            branches=(Place("温州分课堂", "温州市示例学校报告厅"),),
            mandate_code=plan.mandate,
        ),
        actor=teacher,
        now=clock(),
    )
    _enrol_from_file(session, appointed(course, plan.starts_on), teacher, clock)
    db.session.commit()
    return session


def _enrol_from_file(
    session: TrainingSession, appointments: Sequence[Appointment], teacher: Actor, clock: StoryClock
) -> None:
    """Bring the trainees in as an institution does: an .xlsx, its dry run, then all of it."""
    header, _example = imports.template_rows(TRAINEES.columns)
    rooms = [classroom.name for classroom in session.classrooms]
    rows = []
    for place, one in enumerate(appointments):
        given = {
            "name": one.person.name,
            "number": one.person.document_number,
            "credit_code": one.enterprise.credit_code,
            "classroom": rooms[place % len(rooms)],
        }
        rows.append([given.get(column.key, "") for column in TRAINEES.columns])
    content, context = workbook_bytes("trainees", header, rows), {"session_id": session.id}
    checked = imports.check_file(TRAINEES, "trainees.xlsx", content, context, actor=teacher, now=clock())
    imports.load(TRAINEES, checked, actor=teacher, now=clock())


def appointed(course: CourseVersion, on: date) -> list[Appointment]:
    """Return one appointment a person, in Zhejiang, that the course is for on that day."""
    in_force = sa.and_(Appointment.valid_from <= on, sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > on))
    query = (
        sa.select(Appointment)
        .join(Enterprise)
        .join(SectorMembership)
        .where(Appointment.role_code == course.role_code, SectorMembership.sector_code == course.sector_code)
        .where(Enterprise.region_code.startswith("33"), in_force)
        .order_by(Appointment.id)
    )
    by_person = {found.person_id: found for found in reversed(db.session.scalars(query).unique().all())}
    return sorted(by_person.values(), key=lambda found: found.id)


def attended(session: TrainingSession, teacher: Actor, clock: StoryClock) -> list[Enrolment]:
    """Record that everybody was there on every day. Commits."""
    enrolments = list(
        db.session.scalars(
            sa.select(Enrolment).where(Enrolment.training_session_id == session.id).order_by(Enrolment.id)
        )
    )
    for day in days_of(session):
        clock.move(day, "17:30")
        for classroom in session.classrooms:
            present = [one for one in enrolments if one.classroom_id == classroom.id]
            stretches = [Stretch(one.id, at(day, begins), at(day, ends)) for one in present for begins, ends in PRESENT]
            if stretches:
                record_attendance(session, classroom.id, stretches, AttendanceMethod.CARD, actor=teacher, now=clock())
    db.session.commit()
    return enrolments


def days_of(session: TrainingSession) -> Iterator[date]:
    """Yield each day of the session."""
    for number in range((session.ends_on - session.starts_on).days + 1):
        yield session.starts_on + timedelta(days=number)


def sitting_asked(
    session: TrainingSession, site: ExamSite, days_later: int, teacher: Actor, clock: StoryClock
) -> Sitting:
    """Ask for a sitting so many days after the last day of the session, at 14:00. Commits."""
    day = session.ends_on + timedelta(days=days_later)
    clock.move(max(local_day(clock()), session.ends_on), "18:00")
    sitting = request_sitting(session.id, site, at(day, "14:00"), actor=teacher, now=clock())
    db.session.commit()
    return sitting


def opened(sitting: Sitting, invigilator: Actor, clock: StoryClock) -> None:
    """Open the sitting at its starting time. Commits."""
    clock.moment = sitting.starts_at
    open_sitting(sitting, actor=invigilator, now=clock())
    db.session.commit()


def over(sitting: Sitting, invigilator: Actor, clock: StoryClock) -> None:
    """Close the sitting. Commits."""
    close_sitting(sitting, actor=invigilator, now=clock())
    db.session.commit()
