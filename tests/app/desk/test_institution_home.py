"""The home of institution staff: what needs them today, and nothing that does not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flask import Flask

from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from app.institutions.models import Institution, Standing, StandingEvent
from app.training.models import Attendance, AttendanceMethod, CourseVersion, Enrolment, TrainingSession
from tests import sample
from tests.page import Browser
from tests.queries import counted


def home(app: Flask) -> str:
    db.session.commit()
    page = Browser(app).sign_in("staff", sample.PASSWORD)
    assert page.request.path == "/desk/institution"
    return page.html.find("main").get_text(" ", strip=True)


def centre() -> Institution:
    found = sample.institution("PX01")
    sample.user("staff", Role.INSTITUTION, "PX01", "林老师")
    return found


def session(of: Institution, starts: int, ends: int, course: CourseVersion | None = None) -> TrainingSession:
    """A session from *starts* to *ends*, in days from today."""
    found = sample.training_session(of, course)
    found.starts_on, found.ends_on = today() + timedelta(days=starts), today() + timedelta(days=ends)
    return found


def attended(enrolment: Enrolment, days_ago: int) -> None:
    start = now() - timedelta(days=days_ago)
    row = Attendance(
        enrolment_id=enrolment.id,
        classroom_id=enrolment.classroom_id,
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        method=AttendanceMethod.CARD,
        recorded_at=now(),
    )
    sample.added(row)


def test_a_new_institution_is_led_to_the_catalogue(app: Flask) -> None:
    centre()
    text = home(app)
    assert "从第一个培训班开始" in text
    assert "打开课程目录" in text


def test_an_ended_session_without_exams_is_what_needs_somebody_first(app: Flask) -> None:
    found = session(centre(), -5, -3)
    sample.attempt(sample.enrolment(found))
    sample.enrolment(found, sample.person("周样本"), hours=Decimal(8))
    text = home(app)
    assert "今天有 1 个培训班需要处理" in text
    assert "1 人未考试，不能结班" in text
    assert "1 人学时未满" in text
    assert "3 天没有考勤" in text


def test_days_with_attendance_are_not_asked_for_again(app: Flask) -> None:
    found = session(centre(), -2, 0)
    attended(sample.enrolment(found, hours=Decimal(8)), 2)
    assert "1 天没有考勤" in home(app)


def test_full_hours_ask_for_no_more_attendance(app: Flask) -> None:
    sample.enrolment(session(centre(), -2, 0))
    text = home(app)
    assert "今天没有待办" in text
    assert "本周的培训班" in text


def test_a_session_that_begins_soon_without_trainees_asks_for_them(app: Flask) -> None:
    own = centre()
    course = sample.course_version()
    session(own, 3, 4, course)
    session(own, 30, 31, course)
    text = home(app)
    assert "今天有 1 个培训班需要处理" in text
    assert "导入学员" in text


def test_a_session_with_all_results_asks_to_be_closed(app: Flask) -> None:
    found = session(centre(), -5, -3)
    sample.attempt(sample.enrolment(found), 60)
    assert "可以结班" in home(app)


def test_a_suspended_institution_reads_why_and_is_offered_no_scheduling(app: Flask) -> None:
    own = centre()
    own.standing = Standing.SUSPENDED
    sample.added(
        StandingEvent(
            institution=own,
            standing=Standing.SUSPENDED,
            reason="示例理由",
            document_number="示例应急〔2026〕1 号",
            by_name="王示例",
            at=now(),
        )
    )
    text = home(app)
    assert "本机构已停训" in text
    assert "示例理由（示例应急〔2026〕1 号）" in text
    assert "安排培训班" not in text.replace("不能安排新的培训班", "")


def test_sessions_of_other_institutions_are_not_shown(app: Flask) -> None:
    centre()
    session(sample.institution("PX02"), -5, -3).title = "别家的培训班"
    assert "别家的培训班" not in home(app)


def test_only_institution_staff_have_this_desk(app: Flask) -> None:
    sample.user("wang", Role.REGULATOR, "330000")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("wang", sample.PASSWORD)
    browser.open("/desk/institution", status=403)


def test_the_desk_asks_the_database_as_often_for_many_sessions_as_for_one(app: Flask) -> None:
    own, course = centre(), sample.course_version()
    sample.enrolment(session(own, -5, -3, course))
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    with counted() as few:
        browser.open("/desk/institution")
    for _number in range(20):
        sample.enrolment(session(own, -5, -3, course))
    db.session.commit()
    with counted() as many:
        browser.open("/desk/institution")
    assert len(many) == len(few)
