"""Attendance: stretches, credited hours, what is refused and what is flagged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.service import timeline
from app.core.clock import SHANGHAI, now, today
from app.core.db import db
from app.core.errors import ServiceError
from app.training import attending, sheet
from app.training.attending import Stretch
from app.training.models import Attendance, AttendanceMethod, Enrolment, SessionState, TrainingSession
from tests import sample
from tests.app.training.conftest import Centre, seats
from tests.conftest import Clock
from tests.page import Browser
from tests.queries import counted

FIRST_DAY = date(2026, 3, 2)
EVENING = datetime(2026, 3, 4, 12, 0, tzinfo=SHANGHAI)


def stretch(who: Enrolment, start: str, end: str, day: date = FIRST_DAY) -> Stretch:
    def at(text: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(text), SHANGHAI)

    return Stretch(who.id, at(start), at(end))


def attend(centre: Centre, session: TrainingSession, found: Sequence[Stretch]) -> int:
    room = session.classrooms[0].id
    return attending.record_attendance(session, room, found, AttendanceMethod.SIGNATURE, actor=centre.actor, now=now())


@pytest.fixture
def session(centre: Centre, clock: Clock) -> TrainingSession:
    """Two days of training, both over."""
    found = centre.session()
    clock.set(EVENING)
    return found


def test_a_full_day_credits_eight_hours_and_two_days_the_course(centre: Centre, session: TrainingSession) -> None:
    (who,) = seats(session, 1)
    attend(centre, session, [stretch(who, "09:00", "12:00"), stretch(who, "14:00", "17:00")])
    assert who.credited_hours == 8
    second = FIRST_DAY + timedelta(days=1)
    attend(centre, session, [stretch(who, "08:00", "18:00", second)])
    assert who.credited_hours == 16  # ten clock hours, but a day credits no more than eight


def test_taking_a_stretch_away_takes_its_hours_and_stays_in_the_chain(centre: Centre, session: TrainingSession) -> None:
    (who,) = seats(session, 1)
    attend(centre, session, [stretch(who, "09:00", "12:00"), stretch(who, "14:00", "17:00")])
    wrong = db.session.scalars(sa.select(Attendance).order_by(Attendance.id.desc())).first()
    assert wrong is not None
    attending.remove_attendance(wrong, actor=centre.actor, now=now())
    assert who.credited_hours == 4
    event = timeline("training_session", session.id)[-1]
    assert (event.kind, event.data["enrolment_id"]) == ("AttendanceRemoved", who.id)
    assert event.data["starts_at"].startswith("2026-03-02T06:00")


@pytest.mark.parametrize(
    ("start", "end", "shift", "code"),
    [
        ("09:00", "09:00", 0, "attendance_times"),
        ("09:00", "12:00", -1, "attendance_outside"),
        ("09:00", "12:00", 2, "attendance_outside"),
        ("11:00", "13:00", 0, "attendance_overlap"),
    ],
)
def test_stretches_that_cannot_be_are_refused(
    centre: Centre, session: TrainingSession, start: str, end: str, shift: int, code: str
) -> None:
    (who,) = seats(session, 1)
    attend(centre, session, [stretch(who, "09:00", "12:00")])
    with pytest.raises(ServiceError) as caught:
        attend(centre, session, [stretch(who, start, end, FIRST_DAY + timedelta(days=shift))])
    assert caught.value.code == code


def test_the_future_is_not_attended(centre: Centre, clock: Clock) -> None:
    session = centre.session()
    (who,) = seats(session, 1)
    with pytest.raises(ServiceError) as caught:
        attend(centre, session, [stretch(who, "09:00", "12:00")])
    assert caught.value.code == "attendance_future"
    clock.advance(hours=3)
    assert attend(centre, session, [stretch(who, "09:00", "12:00")]) == 1


def test_a_closed_session_and_a_stranger_take_no_attendance(centre: Centre, session: TrainingSession) -> None:
    (who,) = seats(session, 1)
    (stranger,) = seats(sample.training_session(centre.institution, centre.course), 1)
    codes = []
    for found in ([stretch(stranger, "09:00", "12:00")], []):
        with pytest.raises(ServiceError) as caught:
            attend(centre, session, found)
        codes.append(caught.value.code)
    session.state, session.closed_at = SessionState.CLOSED, now()
    with pytest.raises(ServiceError) as caught:
        attend(centre, session, [stretch(who, "09:00", "12:00")])
    assert [*codes, caught.value.code] == ["attendance_not_enrolled", "attendance_empty", "session_not_open"]


def test_presence_in_two_sessions_at_once_is_written_and_flagged(centre: Centre, clock: Clock) -> None:
    here, there = centre.session(), centre.session()
    clock.set(EVENING)
    person = sample.person()
    first = sample.enrolment(here, person, hours=Decimal(0))
    second = sample.enrolment(there, person, hours=Decimal(0))
    attend(centre, here, [stretch(first, "09:00", "12:00")])
    attend(centre, there, [stretch(second, "10:00", "12:00")])
    for session, who in ((here, first), (there, second)):
        flagged, _of_class = attending.flags_of(session)
        assert [flag.code for flag in flagged[who.id]] == ["overlapping_classrooms"]
        assert flagged[who.id][0].data["minutes"] == 120


def test_four_trainees_with_the_same_moments_flag_the_class(centre: Centre, session: TrainingSession) -> None:
    attend(centre, session, [stretch(who, "09:00", "12:00") for who in seats(session, 4)])
    by_trainee, of_class = attending.flags_of(session)
    assert by_trainee == {}
    assert [(flag.code, flag.data["people"]) for flag in of_class] == [("uniform_class", 4)]


def test_staff_tick_who_was_there_and_see_the_hours(app: Flask, centre: Centre, session: TrainingSession) -> None:
    first, second = seats(session, 2)
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    page = browser.open(f"/sessions/{session.id}/attendance?day=2026-03-02")
    form = page.forms["sheet"]
    form[f"present-{first.id}-0"] = True
    form[f"start-{first.id}-0"], form[f"end-{first.id}-0"] = "09:15", "12:00"
    page = browser.submit(form)
    assert "已记录 1 段考勤" in page.text
    assert "09:15–12:00" in page.text
    assert "3.5 / 16" in page.text
    assert "1 / 2 人已有考勤" in page.html.h1.get_text()
    assert second.credited_hours == 0
    page = browser.submit(browser.form(page, "/remove"))
    assert "已删除这段考勤" in page.text
    assert "3.5 / 16" not in page.text


def test_a_wrong_time_is_said_beside_the_trainee_and_what_was_typed_stays(
    app: Flask, centre: Centre, session: TrainingSession
) -> None:
    first, second = seats(session, 2)
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    form = browser.open(f"/sessions/{session.id}/attendance?day=2026-03-02&all=yes").forms["sheet"]
    form[f"end-{second.id}-1"] = "13:00"
    page = browser.submit(form)
    assert "起止时间不对" in page.html.find(id=f"problem-{second.id}").get_text()
    assert page.html.find(id=f"problem-{first.id}") is None
    assert page.forms["sheet"][f"end-{second.id}-1"].value == "13:00"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 0


def test_every_wrong_row_is_named_on_top_and_leads_to_its_row(
    app: Flask, centre: Centre, session: TrainingSession
) -> None:
    first, second, third = seats(session, 3)
    attend(centre, session, [stretch(third, "09:00", "12:00")])
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    form = browser.open(f"/sessions/{session.id}/attendance?day=2026-03-02").forms["sheet"]
    for who in (first, second, third):
        form[f"present-{who.id}-0"] = True
    form[f"start-{first.id}-0"], form[f"end-{second.id}-0"] = "九点", "08:00"
    page = browser.submit(form)
    links = {each["href"]: each.get_text() for each in page.html.find(id="wrong-rows").find_all("a")}
    assert links.keys() == {f"#row-{who.id}" for who in (first, second, third)}
    assert links[f"#row-{first.id}"].startswith("样本0：起止时间不对")
    assert "重叠" in links[f"#row-{third.id}"]
    assert all(page.html.find(id=address.removeprefix("#")) for address in links)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 1


def test_a_day_to_come_offers_nothing_to_tick(app: Flask, centre: Centre) -> None:
    session = centre.session()
    seats(session, 1)
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    tomorrow = today() + timedelta(days=1)
    page = browser.open(f"/sessions/{session.id}/attendance?day={tomorrow.isoformat()}")
    assert "到时再记录" in page.text
    assert page.html.find("input", attrs={"type": "checkbox"}) is None


def test_the_sheet_asks_the_database_as_often_for_forty_as_for_one(
    app: Flask, centre: Centre, session: TrainingSession
) -> None:
    attend(centre, session, [stretch(who, "09:00", "12:00") for who in seats(session, 1)])
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    address = f"/sessions/{session.id}/attendance?day=2026-03-02"
    with counted() as few:
        browser.open(address)
    attend(centre, session, [stretch(who, "09:00", "12:00") for who in seats(session, 40)])
    db.session.commit()
    with counted() as many:
        browser.open(address)
    assert len(many) == len(few)


@pytest.mark.parametrize("text", ["09:15", "9:15", "0915", "9：15"])
def test_times_are_read_as_people_write_them(session: TrainingSession, text: str) -> None:
    (who,) = seats(session, 1)
    written = {f"present-{who.id}-0": "on", f"start-{who.id}-0": text}
    found = sheet.stretches(sheet.filled([who], {}, written), FIRST_DAY)
    assert found == ([stretch(who, "09:15", "12:00")], [])


@pytest.mark.parametrize("text", ["", "24:00", "9:60", "上午九点", "-1:00"])
def test_what_is_no_time_of_day_is_refused(session: TrainingSession, text: str) -> None:
    (who,) = seats(session, 1)
    written = {f"present-{who.id}-0": "on", f"start-{who.id}-0": text}
    found, unread = sheet.stretches(sheet.filled([who], {}, written), FIRST_DAY)
    assert found == []
    assert [(each.code, each.field) for each in unread] == [("attendance_times", f"row-{who.id}")]
