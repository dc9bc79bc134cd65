"""Who may be enrolled, withdrawn, exempted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.audit.models import AuditEvent
from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError
from app.registry.models import Appointment, Bar, BarScope, Enterprise, Person
from app.training import enrolling
from app.training.models import Enrolment, EnrolmentState, SessionState, TrainingSession
from tests import sample
from tests.app.training.conftest import Centre, principal, seats
from tests.page import Browser


def bar(who: Person, sector: str | None = None, since: date = date(2025, 1, 1), until: date | None = None) -> Bar:
    scope = BarScope.ONE_TRADE if sector else BarScope.ALL_TRADES
    row = Bar(person=who, scope=scope, sector_code=sector, valid_from=since, valid_to=until, created_at=now())
    row.decision_number = "示例罚〔2025〕1 号"
    found: Bar = sample.added(row)
    return found


def enrol(centre: Centre, session: TrainingSession, who: Person, where: Enterprise) -> Enrolment:
    return enrolling.enrol_by_numbers(
        session, who.document_number, where.credit_code, session.classrooms[0].id, actor=centre.actor, now=now()
    )


def test_enrolling_gives_the_person_one_account(centre: Centre) -> None:
    session = centre.session()
    who, where = principal()
    enrolment = enrol(centre, session, who, where)
    assert enrolment.person.user is not None
    assert enrolment.person.user.document_index == who.document_index
    assert enrolment.role_code == "principal"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User).where(User.login.is_(None))) == 1
    assert enrolling.enrolled_count(session.id) == 1


def ended(who: Person, where: Enterprise) -> None:
    db.session.execute(sa.update(Appointment).values(valid_to=today()))


def refused_by(spoil: Callable[[Person, Enterprise], object], centre: Centre) -> str:
    session = centre.session()
    who, where = principal()
    spoil(who, where)
    with pytest.raises(ServiceError) as caught:
        enrol(centre, session, who, where)
    return caught.value.code


def test_an_appointment_that_ended_today_admits_nobody(centre: Centre) -> None:
    assert refused_by(ended, centre) == "trainee_not_appointed"


@pytest.mark.parametrize("left_on", [None, today])
def test_an_enterprise_of_another_sector_sends_nobody(centre: Centre, left_on: Callable[[], date] | None) -> None:
    where = sample.enterprise("示例矿山", ("open_pit_mines",))
    if left_on is not None:  # it belonged to the course's sector until yesterday
        where.memberships[0].sector_code, where.memberships[0].valid_to = "metal_smelting", left_on()
    session = centre.session()
    with pytest.raises(ServiceError) as caught:
        enrol(centre, session, *principal(where=where))
    assert (caught.value.code, caught.value.field) == ("trainee_sector", "credit_code")


def test_a_course_takes_the_enterprises_of_the_sectors_inside_its_own(centre: Centre) -> None:
    centre.course = sample.course_version("mines-principal-initial")
    session = centre.session(ends_on=today() + timedelta(days=10))
    assert enrol(centre, session, *principal(where=sample.enterprise("示例矿山", ("coal_mines",))))


def test_a_general_course_takes_everybody(centre: Centre) -> None:
    centre.course = sample.course_version("general-principal-initial")
    session = centre.session(ends_on=today() + timedelta(days=10))
    assert enrol(centre, session, *principal())


def test_somebody_barred_from_all_trades_is_not_enrolled(centre: Centre) -> None:
    assert refused_by(lambda who, where: bar(who), centre) == "trainee_barred"


def test_somebody_barred_from_the_enterprises_own_trade_is_not_enrolled(centre: Centre) -> None:
    assert refused_by(lambda who, where: bar(who, "metal_smelting"), centre) == "trainee_barred"


@pytest.mark.parametrize(
    "spare",
    [
        lambda who: bar(who, "mines"),
        lambda who: bar(who, until=today()),
        lambda who: setattr(bar(who), "withdrawn_at", now()),
    ],
    ids=["another trade", "run out", "withdrawn"],
)
def test_a_bar_that_does_not_bind_keeps_nobody_out(centre: Centre, spare: Callable[[Person], object]) -> None:
    session = centre.session()
    who, where = principal()
    spare(who)
    assert enrol(centre, session, who, where).state is EnrolmentState.ENROLLED


def test_nobody_is_enrolled_twice_or_beyond_capacity_or_after_closing(centre: Centre) -> None:
    session = centre.session(capacity=1)
    who, where = principal()
    enrol(centre, session, who, where)
    codes = []
    for other in (who, principal("周样本", where)[0]):
        with pytest.raises(ServiceError) as caught:
            enrol(centre, session, other, where)
        codes.append(caught.value.code)
    session.state, session.closed_at = SessionState.CLOSED, now()
    with pytest.raises(ServiceError) as caught:
        enrol(centre, session, principal("吴试用", where)[0], where)
    assert [*codes, caught.value.code] == ["trainee_enrolled", "session_full", "session_not_open"]


def test_who_withdrew_comes_back_under_the_same_row(centre: Centre) -> None:
    session = centre.session()
    who, where = principal()
    first = enrol(centre, session, who, where)
    enrolling.withdraw(first, "示例理由", actor=centre.actor, now=now())
    assert enrolling.enrolled_count(session.id) == 0
    assert enrol(centre, session, who, where).id == first.id


def test_whoever_has_all_hours_does_not_withdraw_from_the_exam(centre: Centre) -> None:
    session = centre.session()
    (enrolment,) = seats(session, 1)
    enrolment.credited_hours = Decimal(16)
    with pytest.raises(ServiceError) as caught:
        enrolling.withdraw(enrolment, "示例理由", actor=centre.actor, now=now())
    assert caught.value.code == "withdraw_trained"


def test_an_exemption_is_recorded_once_with_reason_and_number_in_the_audit_chain(centre: Centre) -> None:
    (enrolment,) = seats(centre.session(), 1)
    enrolling.exempt(enrolment, "示例理由", "示例应急〔2026〕1 号", actor=centre.actor, now=now())
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "ExemptionRecorded")).one()
    assert event.data == {"reason": "示例理由", "document_number": "示例应急〔2026〕1 号"}
    with pytest.raises(ServiceError) as caught:
        enrolling.exempt(enrolment, "再次", "示例应急〔2026〕2 号", actor=centre.actor, now=now())
    assert caught.value.code == "already_exempt"


def test_staff_enrol_on_the_page_and_a_wrong_number_is_worded_beside_its_field(app: Flask, centre: Centre) -> None:
    session = centre.session()
    who, where = principal()
    number, code = who.document_number, where.credit_code
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    form = next(
        one
        for one in browser.open(f"/sessions/{session.id}/trainees/add").forms.values()
        if "credit_code" in one.fields
    )
    form["document_number"], form["credit_code"] = sample.mistyped(number), code
    page = browser.submit(form)
    assert "校验位不对" in page.html.find(id="document_number-error").get_text()
    form = next(one for one in page.forms.values() if "credit_code" in one.fields)
    form["document_number"] = number
    assert "章示例 已加入培训班" in browser.submit(form).text


@pytest.mark.parametrize("address", ["trainees/add", "trainees/import", "attendance"])
def test_another_institution_is_kept_out(app: Flask, centre: Centre, address: str) -> None:
    session = centre.session()
    sample.institution("PX02")
    sample.user("other", Role.INSTITUTION, "PX02")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("other", sample.PASSWORD)
    browser.open(f"/sessions/{session.id}/{address}", status=403)


def test_a_regulator_reads_attendance_of_the_territory_only_and_changes_nothing(app: Flask, centre: Centre) -> None:
    session = centre.session()
    (enrolment,) = seats(session, 1)
    for login, scope in (("own", "330100"), ("foreign", "370000")):
        sample.user(login, Role.REGULATOR, scope)
    db.session.commit()
    own, foreign = Browser(app), Browser(app)
    own.sign_in("own", sample.PASSWORD)
    foreign.sign_in("foreign", sample.PASSWORD)
    assert "保存考勤" not in own.open(f"/sessions/{session.id}/attendance").text
    own.open(f"/sessions/{session.id}/trainees/add", status=403)
    own.open(f"/enrolments/{enrolment.id}/exempt", status=403)
    foreign.open(f"/sessions/{session.id}/attendance", status=403)


def test_signed_out_one_is_sent_to_sign_in(app: Flask, centre: Centre) -> None:
    response = Browser(app).web.get(f"/sessions/{centre.session().id}/attendance")
    assert response.status_int == 302
    assert "/sign-in" in response.location


def test_sessions_tomorrow_take_people_appointed_today(centre: Centre) -> None:
    session = centre.session(starts_on=today() + timedelta(days=1), ends_on=today() + timedelta(days=2))
    who, where = principal()
    assert enrol(centre, session, who, where).training_session_id == session.id
