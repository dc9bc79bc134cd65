"""The trainee's home: what is due and why, the next exam in words, hours and results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.core.actors import SYSTEM, Role
from app.core.clock import SHANGHAI, now, today
from app.core.db import db
from app.desk.duties import dues_of
from app.registry.models import Person
from app.sittings.models import Candidate, SittingState
from app.sittings.waiting import countdown
from app.training.models import Attendance, AttendanceMethod, Enrolment
from tests import sample
from tests.conftest import STARTED, Clock
from tests.page import Browser


def home_of(app: Flask, person: Person) -> str:
    assert person.user is not None
    accounts.set_password(person.user, sample.PASSWORD, actor=SYSTEM, now=now())
    number = person.document_number
    db.session.commit()
    browser = Browser(app)
    browser.sign_in(number, sample.PASSWORD)
    text: str = browser.open("/me").text
    return text


def admitted(person: Person, minutes: int) -> None:
    session = sample.training_session()
    sitting = sample.sitting(session, starts_at=now() + timedelta(minutes=minutes))
    sitting.state = SittingState.SCHEDULED
    enrolment = sample.enrolment(session, person)
    sample.added(Candidate(sitting=sitting, enrolment=enrolment, admission_number="1" * 12, created_at=now()))


def test_somebody_without_posts_owes_nothing(app: Flask) -> None:
    page = home_of(app, sample.person())
    assert "目前没有要完成的培训任务" in page and "今年没有条款要求您参加培训考试" in page


def test_a_post_brings_the_clauses_that_bind_it_with_quotation_and_day(app: Flask) -> None:
    person = sample.person()
    sample.appointment(person, sample.enterprise("示例冶炼厂"))
    page = home_of(app, person)
    assert "逢培必考" in page and "2026-12-31 前" in page and "示例冶炼厂" in page and "浙安委〔2024〕4号" in page
    due = dues_of(person, [], today())
    assert due and not any(each.is_done for each in due)
    assert all(each.until >= today() for each in due)


def test_a_post_that_has_ended_or_lies_in_another_region_is_bound_by_other_clauses(app: Flask) -> None:
    gone, elsewhere = sample.person("甲示例"), sample.person("乙示例")
    sample.appointment(gone, sample.enterprise()).valid_to = today()
    sample.appointment(elsewhere, sample.enterprise(region="320102"))
    assert dues_of(gone, [], today()) == []
    assert {each.mandate.region for each in dues_of(elsewhere, [], today())} <= {"000000"}


def test_a_passed_exam_settles_what_it_serves(app: Flask) -> None:
    person, enterprise = sample.person(), sample.enterprise()
    sample.appointment(person, enterprise)
    before = dues_of(person, [], today())
    enrolment = sample.enrolment(sample.training_session(), person, enterprise)
    _attended(enrolment)
    sample.attempt(enrolment, 90)
    after = dues_of(person, [], today())
    assert {each.mandate.code for each in after} == {each.mandate.code for each in before}
    assert any(each.is_done for each in after)


def _attended(enrolment: Enrolment) -> None:
    sample.added(
        Attendance(
            enrolment_id=enrolment.id,
            classroom_id=enrolment.classroom_id,
            starts_at=now() - timedelta(hours=12),
            ends_at=now(),
            method=AttendanceMethod.CARD,
            recorded_at=now(),
        )
    )


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (26, "今天 09:26 考试，还有 26 分钟"),
        (0, "考试入场中，可以开始答题"),
        (60 * 24 * 3, "2026-03-05 09:00 考试，还有 3 天"),
    ],
)
def test_the_next_exam_is_the_headline(app: Flask, minutes: int, words: str) -> None:
    person = sample.person()
    admitted(person, minutes)
    page = home_of(app, person)
    assert words in page and page.count("btn primary") == 1 and "进入考试" in page


def test_hours_results_and_the_resit_are_said_in_words(app: Flask) -> None:
    person = sample.person()
    session = sample.training_session()
    enrolment = sample.enrolment(session, person, hours=Decimal("3.5"))
    page = home_of(app, person)
    assert "学时 3.5 / 16" in page and "培训还差 12.5 学时" in page
    enrolment.credited_hours = Decimal(16)
    sample.attempt(enrolment, 55)
    page = home_of(app, person)
    assert "考试未合格，55 分" in page and "等待安排补考" in page


def test_nothing_is_called_done_while_a_course_is_under_way(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    person, enterprise = sample.person(), sample.enterprise()
    sample.appointment(person, enterprise)
    settled = [replace(each, is_done=True) for each in dues_of(person, [], today())]
    monkeypatch.setattr("app.desk.trainee.dues_of", lambda *asked: settled)
    assert "今年对您的要求都已完成" in home_of(app, person)
    sample.enrolment(sample.training_session(), person, enterprise)
    page = home_of(app, person)
    assert "今年对您的要求都已完成" not in page and "上面的培训或考试还要参加" in page


def test_others_have_no_trainees_home(app: Flask) -> None:
    sample.user("wang", Role.ADMINISTRATOR)
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("wang", sample.PASSWORD)
    browser.web.get("/me", status=403)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=1), "还有 1 分钟"),
        (timedelta(minutes=59, seconds=30), "还有 1 小时"),
        (timedelta(hours=2, minutes=5), "还有 2 小时 5 分钟"),
        (timedelta(hours=20), "明天"),
        (timedelta(days=2), "还有 2 天"),
        (timedelta(0), "现在"),
        (timedelta(minutes=-5), "现在"),
    ],
)
def test_a_countdown_is_rounded_up_and_counts_days_in_shanghai(app: Flask, ahead: timedelta, words: str) -> None:
    assert countdown(STARTED + ahead, STARTED) == words


def test_the_year_of_duties_is_the_year_in_shanghai(app: Flask, clock: Clock) -> None:
    clock.set(STARTED.astimezone(SHANGHAI).replace(month=1, day=1, hour=1))
    assert today() == date(2026, 1, 1)
    person = sample.person()
    sample.appointment(person, sample.enterprise())
    assert all(each.until.year >= 2026 for each in dues_of(person, [], today()))
