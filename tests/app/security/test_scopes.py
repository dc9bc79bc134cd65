"""Every record belongs to somebody: whoever asks for another's gets nothing, by page and by direct POST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from app import worker
from app.accounts import service as accounts
from app.accounts.models import User
from app.certification import service as certification
from app.certification.models import Certificate
from app.core import import_pages, imports
from app.core.actors import SYSTEM, Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import Forbidden
from app.core.imports import Import, ImportState
from app.core.jobs import Job, JobState
from app.institutions.models import Standing
from app.registry.models import Bar, BarScope
from app.registry.roster.kind import ROSTER
from app.sittings.models import Attempt, SittingState
from app.training.models import Attendance, AttendanceMethod, TrainingSession
from app.training.trainee_file import TRAINEES
from tests import sample
from tests.app.sittings.exam import Exam, opened, session_of
from tests.page import Browser

ELSEWHERE = "330200"  # Ningbo; the sample records lie in Hangzhou, 330100


@dataclass
class House:
    """One institution's class with all that hangs on it, and the addresses under which it is reached."""

    exam: Exam
    addresses: dict[str, str]


def house() -> House:
    exam = opened(2)
    attempt = exam.start()
    enrolment = exam.candidates[1].enrolment
    session = exam.session
    stretch = sample.added(
        Attendance(
            enrolment_id=enrolment.id,
            classroom_id=session.classrooms[0].id,
            starts_at=now(),
            ends_at=now().replace(hour=3),
            method=AttendanceMethod.SIGNATURE,
            recorded_at=now(),
        )
    )
    bar = sample.added(
        Bar(
            person=enrolment.person,
            scope=BarScope.ONE_TRADE,
            sector_code="mines",
            valid_from=now().date(),
            decision_number="示例〔2026〕1号",
            created_at=now(),
        )
    )
    office = sample.appointment(enrolment.person, enrolment.enterprise)
    staff = sample.user("own", Role.INSTITUTION, "PX01")
    report = _import_of(staff.id, "trainees", {"session_id": session.id})
    certificate = certification.issue(_passed(session), actor=SYSTEM, now=now())
    db.session.commit()
    at = {
        "session": f"/sessions/{session.id}",
        "sitting": f"/sittings/{exam.sitting.id}",
        "exam": f"/exam/{attempt.id}",
        "enrolment": f"/enrolments/{enrolment.id}",
        "attendance": f"/attendance/{stretch.id}",
        "report": f"/sessions/{session.id}/trainees/imports/{report.id}",
        "certificate": f"/certificates/{certificate.id}",
        "attempt": f"/certificates/due/{certificate.attempt_id}",
        "institution": f"/institutions/{session.institution_id}",
        "enterprise": f"/enterprises/{enrolment.enterprise_id}",
        "person": f"/people/{enrolment.person_id}",
        "bar": f"/bars/{bar.id}",
        "office": f"/appointments/{office.id}",
    }
    return House(exam, at)


def _passed(session: TrainingSession) -> Attempt:
    sitting = sample.sitting(session, sample.exam_site("KD09"))
    return sample.attempt(sample.enrolment(session, sample.person("周样本")), within=sitting)


def _import_of(user_id: int, kind: str, context: dict[str, object]) -> Import:
    row: Import = sample.added(
        Import(
            kind=kind,
            filename="示例.xlsx",
            digest="0" * 64,
            context=context,
            rows_total=1,
            rows_wrong=0,
            errors=[],
            summary={},
            created_by_id=user_id,
            created_at=now(),
        )
    )
    return row


def entered(app: Flask, login: str) -> Browser:
    browser = Browser(app)
    form = next(one for one in browser.open("/sign-in").forms.values() if "login" in one.fields)
    form["login"], form["password"] = login, sample.PASSWORD
    assert form.submit().status_int == 302
    return browser


def signed_in(app: Flask, role: Role, scope: str = "", login: str = "stranger") -> Browser:
    sample.user(login, role, scope)
    db.session.commit()
    return entered(app, login)


def trainee(app: Flask, name: str = "吴试用") -> Browser:
    person = sample.person(name)
    assert person.user is not None
    accounts.set_password(person.user, sample.PASSWORD, actor=SYSTEM, now=now())
    db.session.commit()
    return entered(app, person.document_number)


def post(browser: Browser, address: str, **fields: str) -> int:
    """Post as a script would: with a good token and no page in between."""
    token = browser.open("/password").html.find("input", attrs={"name": "csrf_token"})["value"]
    status: int = browser.web.post(address, {"csrf_token": token, **fields}, expect_errors=True).status_int
    return status


READ = {
    "session": ("", "/attendance"),
    "sitting": ("", "/notice", "/lobby"),
    "exam": ("/1", "/paper", "/hand-in", "/receipt"),
    "enrolment": ("/exempt", "/withdraw"),
    "report": ("",),
    "certificate": ("", "/pdf", "/revoke", "/suspend", "/replace"),
    "institution": ("", "/suspend", "/remove"),
    "enterprise": ("", "/appointments/new", "/correct", "/sectors", "/close"),
    "person": ("", "/bars/new"),
    "bar": ("/withdraw",),
    "office": ("/end",),
}
WRITTEN = {
    "session": ("/attendance", "/close", "/sittings/new", "/trainees/import", "/trainees/add"),
    "sitting": ("/open", "/close", "/cancel", "/start"),
    "exam": ("/1", "/hand-in", "/answers"),
    "enrolment": ("/exempt", "/withdraw"),
    "attendance": ("/remove",),
    "report": ("/load", "/undo"),
    "certificate": ("/suspend", "/reinstate", "/revoke", "/replace"),
    "attempt": ("",),
    "institution": ("/suspend", "/reinstate", "/remove"),
    "enterprise": ("/appointments/new", "/correct", "/sectors", "/close"),
    "person": ("/number", "/bars/new"),
    "bar": ("/withdraw",),
    "office": ("/end",),
}
STRANGERS: dict[str, Callable[[Flask], Browser]] = {
    "another institution": lambda app: signed_in(app, Role.INSTITUTION, sample.institution("PX02").code),
    "another exam site": lambda app: signed_in(app, Role.EXAM_SITE, sample.exam_site("KD02").code),
    "another city's regulator": lambda app: signed_in(app, Role.REGULATOR, ELSEWHERE),
    "another enterprise": lambda app: signed_in(app, Role.ENTERPRISE, sample.enterprise("别的企业").credit_code),
    "another trainee": trainee,
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_reads_nothing(app: Flask, who: str) -> None:
    found = house()
    browser = STRANGERS[who](app)
    for record, ends in READ.items():
        for end in ends:
            status = browser.web.get(found.addresses[record] + end, expect_errors=True).status_int
            assert status in (403, 404), (record + end, status)


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_changes_nothing_by_direct_post(app: Flask, who: str) -> None:
    found = house()
    browser = STRANGERS[who](app)
    events = db.session.scalar(sa.text("SELECT length FROM audit_head"))
    for record, ends in WRITTEN.items():
        for end in ends:
            status = post(browser, found.addresses[record] + end, reason="理由", document_number="文书", go="next")
            assert status in (400, 403, 404), (record + end, status)
    db.session.rollback()
    assert db.session.scalar(sa.text("SELECT length FROM audit_head")) == events


@pytest.mark.parametrize("end", ["", "/notice", "/open"])
def test_signed_out_everything_leads_to_the_sign_in(app: Flask, end: str) -> None:
    answer = Browser(app).web.get("/sittings/1" + end, expect_errors=True)
    assert answer.status_int in (302, 405)


def test_the_owners_read_what_is_theirs(app: Flask) -> None:
    found = house()
    staff = entered(app, "own")
    for record in ("session", "report", "certificate", "institution"):
        staff.open(found.addresses[record])
    staff.open(found.addresses["sitting"] + "/notice")
    signed_in(app, Role.EXAM_SITE, "KD01", "site").open(found.addresses["sitting"])
    city = signed_in(app, Role.REGULATOR, "330100", "city")
    for record in ("session", "sitting", "certificate", "enterprise", "person"):
        city.open(found.addresses[record])


def test_a_colleague_does_not_load_the_file_of_another(app: Flask) -> None:
    found = house()
    colleague = signed_in(app, Role.INSTITUTION, "PX01", "colleague")
    assert post(colleague, found.addresses["report"] + "/load") == 404


def test_a_report_is_not_reached_through_another_session(app: Flask) -> None:
    found = house()
    other, _people = session_of(1, "PX07")
    number = found.addresses["report"].rpartition("/")[2]
    assert (
        entered(app, "own").web.get(f"/sessions/{other.id}/trainees/imports/{number}", expect_errors=True).status_int
        == 403
    )


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.REMOVED])
def test_an_institution_that_was_stopped_arranges_nothing_by_direct_post(app: Flask, standing: Standing) -> None:
    found = house()
    session = found.exam.session
    session.institution.standing = standing
    db.session.commit()
    browser, before = entered(app, "own"), db.session.scalar(sa.text("SELECT length FROM audit_head"))
    course, site = session.course_version_id, str(found.exam.site.id)
    assert post(browser, f"/courses/{course}/schedule", title="x", mode="onsite", starts_on="2026-03-03") == 200
    moment = "2026-03-05T14:30"
    assert post(browser, f"{found.addresses['session']}/sittings/new", exam_site=site, starts_at=moment) == 200
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(TrainingSession.id))) == 1
    assert db.session.scalar(sa.text("SELECT length FROM audit_head")) == before


def test_who_teaches_does_not_examine_even_if_that_comes_out_after_the_request(app: Flask) -> None:
    """教考分离 is asked again when the exam begins: the site may have changed hands meanwhile."""
    exam = opened(1)
    exam.site.credit_code = exam.session.institution.credit_code
    db.session.commit()
    with pytest.raises(Exception, match="may_not_sit"):
        exam.start()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 0


def test_a_job_of_somebody_who_was_shut_out_meanwhile_loads_nothing(app: Flask) -> None:
    user = sample.user("province", Role.REGULATOR, "330000")
    imported = _import_of(user.id, ROSTER.code, {"territory": "330000"})
    job = import_pages.start_loading(imported, leave_out_wrong=False, back="/", actor=sample.actor_of(user), now=now())
    user.is_active = False
    db.session.commit()
    assert "示例用户" not in str(job.arguments)
    worker.run_all()
    db.session.rollback()
    found = db.session.get_one(Job, job.id)
    assert (found.state, found.error_code) == (JobState.FAILED, "wrong_role")
    assert db.session.get_one(Import, imported.id).state is ImportState.CHECKED


def test_a_job_runs_under_the_grant_it_was_asked_with(app: Flask) -> None:
    user = sample.user("province", Role.REGULATOR, "330000")
    asked = {"user_id": user.id, "role": "regulator", "scope": "330000"}
    assert accounts.asked_again(asked) == sample.actor_of(user)
    assert accounts.asked_again({**asked, "user_id": None}) is SYSTEM
    for other in ({"scope": "000000"}, {"role": "administrator"}, {"user_id": 9999}):
        with pytest.raises(Forbidden):
            accounts.asked_again({**asked, **other})


def test_a_roster_is_loaded_under_the_territory_it_was_checked_for_only(app: Flask) -> None:
    browser = signed_in(app, Role.REGULATOR, ELSEWHERE)
    user = db.session.scalar(sa.select(User).where(User.login == "stranger"))
    assert user is not None
    imported = _import_of(user.id, ROSTER.code, {"territory": "330100"})
    db.session.commit()
    assert browser.web.get(f"/roster/{imported.id}", expect_errors=True).status_int == 403
    assert post(browser, f"/roster/{imported.id}/load") == 403
    assert post(browser, f"/roster/{imported.id}/undo") == 403


def test_nobody_takes_a_role_that_is_another_users(app: Flask) -> None:
    admin = sample.user("admin", Role.ADMINISTRATOR)
    browser = signed_in(app, Role.REGULATOR, ELSEWHERE)
    assert post(browser, f"/role/{admin.grants[0].id}") == 404
    assert browser.web.get("/health", expect_errors=True).status_int == 403


def test_fields_that_no_form_offers_change_nothing(app: Flask) -> None:
    found = house()
    city = signed_in(app, Role.REGULATOR, "330100", "city")
    certificate = db.session.scalar(sa.select(Certificate).order_by(Certificate.id.desc()))
    assert certificate is not None
    asked = {"reason": "理由", "document_number": "文书", "state": "revoked", "number": "x", "region_code": "110000"}
    assert post(city, found.addresses["certificate"] + "/suspend", **asked) == 302
    db.session.refresh(certificate)
    assert (certificate.state.value, certificate.region_code) == ("suspended", sample.HANGZHOU_SHANGCHENG)


def test_the_import_kinds_are_asked_for_by_their_own_pages(app: Flask) -> None:
    browser = signed_in(app, Role.REGULATOR, "330000")
    user = db.session.scalar(sa.select(User).where(User.login == "stranger"))
    assert user is not None
    imported = _import_of(user.id, TRAINEES.code, {"session_id": 1})
    db.session.commit()
    assert post(browser, f"/roster/{imported.id}/load") == 404
    assert imports.ImportState(imported.state) is ImportState.CHECKED


def test_the_sitting_of_another_site_stays_as_it_is(app: Flask) -> None:
    found = house()
    other = signed_in(app, Role.EXAM_SITE, sample.exam_site("KD02").code)
    assert post(other, found.addresses["sitting"] + "/close") == 403
    db.session.refresh(found.exam.sitting)
    assert found.exam.sitting.state is SittingState.OPEN
