"""The attendance page of a session: one day, one classroom, every trainee of it."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core.actors import Role
from app.core.clock import local_day, now, today
from app.core.db import db
from app.core.errors import NotFound, ServiceError
from app.core.forms import refusals_on
from app.training import attending, sheet, words
from app.training.blueprint import bp
from app.training.forms import AttendanceForm
from app.training.models import (
    Attendance,
    AttendanceMethod,
    Classroom,
    Enrolment,
    EnrolmentState,
    SessionState,
    TrainingSession,
)
from app.training.permissions import READERS, own_enrolment, own_session, session_in_scope
from app.training.queries import days_recorded, stretches_on, trainees
from app.training.trail import places


@bp.get("/sessions/<int:session_id>/attendance")
@requires(*READERS)
def attendance(session_id: int) -> str:
    session = session_in_scope(session_id, actor())
    day, classroom = _day(session, request.args.get("day")), _classroom(session, request.args.get("classroom"))
    recorded = stretches_on(session_id, day)
    rows = sheet.blank(_of(classroom, session_id), recorded, day, all_present=request.args.get("all") == "yes")
    return _page(session, day, classroom, rows, AttendanceForm())


@bp.post("/sessions/<int:session_id>/attendance")
@requires(Role.INSTITUTION)
def record_attendance(session_id: int) -> Response | str:
    session = own_session(session_id, actor())
    day, classroom = _day(session, request.form.get("day")), _classroom(session, request.form.get("classroom"))
    form = AttendanceForm()
    if form.validate_on_submit():
        with refusals_on(form):
            if request.form.get("day") != day.isoformat():
                raise ServiceError("attendance_day")
            rows = sheet.filled(_of(classroom, session_id), {}, request.form)
            found, unread = sheet.stretches(rows, day)
            for error in (*unread, *attending.faults(session, found, now=now())):
                form.refuse(error)
            if form.refused:
                return _page(session, day, classroom, _written(session, day, classroom), form)
            method = AttendanceMethod(form.method.data)
            attending.record_attendance(session, classroom.id, found, method, actor=actor(), now=now())
            db.session.commit()
            flash(_("已记录 %(count)s 段考勤，学时已重新计算。", count=len(found)))
            return redirect(_address(session_id, day, classroom.id))
    session = own_session(session_id, actor())
    classroom = _classroom(session, request.form.get("classroom"))
    return _page(session, day, classroom, _written(session, day, classroom), form)


@bp.post("/attendance/<int:attendance_id>/remove")
@requires(Role.INSTITUTION)
def remove_attendance(attendance_id: int) -> Response:
    stretch = db.session.get(Attendance, attendance_id)
    if stretch is None:
        raise NotFound("not_found")
    session_id = own_enrolment(stretch.enrolment_id, actor()).training_session_id
    day, classroom_id = stretch.starts_at, stretch.classroom_id
    attending.remove_attendance(stretch, actor=actor(), now=now())
    db.session.commit()
    flash(_("已删除这段考勤，学时已重新计算；删除已记入档案。"))
    return redirect(_address(session_id, local_day(day), classroom_id))


def _written(session: TrainingSession, day: date, classroom: Classroom) -> list[sheet.SheetRow]:
    """The sheet as it was sent, to be shown again beside what is recorded."""
    return sheet.filled(_of(classroom, session.id), stretches_on(session.id, day), request.form)


def _page(
    session: TrainingSession, day: date, classroom: Classroom, rows: list[sheet.SheetRow], form: AttendanceForm
) -> str:
    by_enrolment, of_class = attending.flags_of(session)
    return render_template(
        "training/attendance.html",
        session=session,
        day=day,
        days=_days(session),
        recorded_days=days_recorded([session.id]).get(session.id, set()),
        classroom=classroom,
        rows=rows,
        form=form,
        flags=by_enrolment,
        class_flags=of_class,
        words=words,
        places=places(session, _("考勤")),
        may_record=actor().role is Role.INSTITUTION and session.state is SessionState.SCHEDULED and day <= today(),
        today=today(),
        hours=session.course_version.hours,
    )


def _days(session: TrainingSession) -> list[date]:
    return [session.starts_on + timedelta(days=n) for n in range((session.ends_on - session.starts_on).days + 1)]


def _day(session: TrainingSession, asked: str | None) -> date:
    """The day asked for if it is one of the session's; else today or the session's nearest day."""
    try:
        day = date.fromisoformat(asked or "")
    except ValueError:
        day = today()
    return min(max(day, session.starts_on), session.ends_on)


def _classroom(session: TrainingSession, asked: str | None) -> Classroom:
    main = next(each for each in session.classrooms if each.is_main)
    return next((each for each in session.classrooms if str(each.id) == asked), main)


def _of(classroom: Classroom, session_id: int) -> list[Enrolment]:
    return [
        each
        for each in trainees(session_id)
        if each.classroom_id == classroom.id and each.state is EnrolmentState.ENROLLED
    ]


def _address(session_id: int, day: date, classroom_id: int) -> str:
    return url_for(".attendance", session_id=session_id, day=day.isoformat(), classroom=classroom_id)
