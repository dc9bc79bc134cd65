"""Two clerks at once: the last seat is given once, two sessions never share a code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.training import enrolling, scheduling
from app.training.models import CourseVersion, TrainingSession
from tests.app.training.conftest import Centre, principal


def test_the_last_seat_is_given_once(app: Flask, centre: Centre) -> None:
    session = centre.session(capacity=1)
    seats = [(who.document_number, where.credit_code) for who, where in (principal(), principal("周样本"))]
    actor, session_id, room_id, start = centre.actor, session.id, session.classrooms[0].id, Barrier(2)
    db.session.commit()

    def enrol(seat: tuple[str, str]) -> str:
        start.wait()
        with app.app_context():
            try:
                found = db.session.get_one(TrainingSession, session_id)
                enrolling.enrol_by_numbers(found, *seat, room_id, actor=actor, now=now())
                db.session.commit()
            except ServiceError as error:
                db.session.rollback()
                return error.code
            return "enrolled"

    with ThreadPoolExecutor(2) as clerks:
        assert sorted(clerks.map(enrol, seats)) == ["enrolled", "session_full"]
    assert enrolling.enrolled_count(session_id) == 1


def test_sessions_scheduled_at_once_get_codes_of_their_own(app: Flask, centre: Centre) -> None:
    actor, course_id, plan, start = centre.actor, centre.course.id, centre.plan(), Barrier(3)
    db.session.commit()

    def schedule(_clerk: int) -> str:
        start.wait()
        with app.app_context():
            course = db.session.get_one(CourseVersion, course_id)
            code = scheduling.schedule(course, plan, actor=actor, now=now()).code
            db.session.commit()
            return code

    with ThreadPoolExecutor(3) as clerks:
        codes = list(clerks.map(schedule, range(3)))
    assert sorted(codes) == ["PX2026-0001", "PX2026-0002", "PX2026-0003"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TrainingSession)) == 3
