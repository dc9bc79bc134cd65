"""The class file: the state in words, the one next step, closing refused while an exam is missing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEvent
from app.core.actors import SYSTEM, Actor, Role
from app.core.clock import now, today
from app.core.db import db
from app.desk.class_record import class_record
from app.desk.class_words import exam_tag, headline, steps
from app.sittings.models import Candidate, SittingState
from app.training import enrolling
from app.training.models import Enrolment, EnrolmentState, SessionState, TrainingSession
from tests import sample
from tests.conftest import Clock
from tests.page import Browser
from tests.queries import counted

HOURS_SHORT = Decimal(8)


@pytest.fixture
def session(app: Flask) -> TrainingSession:
    """A session of three days that begins today, at an institution with one member of staff."""
    institution = sample.institution("PX01")
    sample.user("staff", Role.INSTITUTION, "PX01", "林老师")
    found = sample.training_session(institution)
    db.session.commit()
    return found


def enrolled(session: TrainingSession, name: str = "章示例", hours: Decimal | None = None) -> Enrolment:
    return sample.enrolment(session, sample.person(name), hours=hours)


def sat(enrolment: Enrolment, score: int = 90, number: int = 1) -> None:
    """An exam at a site of its own, finished with *score* out of 100."""
    site = sample.exam_site(f"KD{enrolment.id}-{number}")
    sample.attempt(enrolment, score, within=sample.sitting(enrolment.training_session, site), number=number)


def admitted(enrolment: Enrolment) -> Candidate:
    sitting = sample.sitting(enrolment.training_session)
    sitting.state = SittingState.SCHEDULED
    row = Candidate(sitting=sitting, enrolment=enrolment, admission_number="000000000001", created_at=now())
    found: Candidate = sample.added(row)
    return found


def title(session: TrainingSession) -> str:
    db.session.flush()
    return headline(class_record(session, today()))


def step(session: TrainingSession) -> str:
    db.session.flush()
    return class_record(session, today()).next_step()


def staff_browser(app: Flask) -> Browser:
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    return browser


def test_an_empty_session_asks_for_trainees(session: TrainingSession) -> None:
    assert (step(session), title(session)) == ("import", "还没有学员")


def test_before_the_first_day_the_title_says_when_it_begins(session: TrainingSession) -> None:
    session.starts_on, session.ends_on = today() + timedelta(days=7), today() + timedelta(days=8)
    enrolled(session)
    assert (step(session), title(session)) == ("begin", "1 人已报名，2026-03-09 开班")


def test_missing_hours_come_before_the_exam(session: TrainingSession) -> None:
    enrolled(session, hours=HOURS_SHORT)
    enrolled(session)
    assert (step(session), title(session)) == ("attend", "还有 1 人学时未满")


def test_with_all_hours_the_exam_can_be_asked_for(session: TrainingSession) -> None:
    enrolled(session)
    assert (step(session), title(session)) == ("examine", "1 人学时已满，可以申请考试")


def test_who_waits_for_a_sitting_is_awaited(session: TrainingSession) -> None:
    admitted(enrolled(session))
    assert (step(session), title(session)) == ("wait", "1 人等待考试")


def test_who_missed_the_exam_keeps_the_session_open(session: TrainingSession) -> None:
    sat(enrolled(session))
    enrolled(session, "周样本")
    assert (step(session), title(session)) == ("examine_rest", "还有 1 人未考试，暂不能结班")


def test_who_failed_once_may_resit_and_who_failed_twice_may_not(session: TrainingSession) -> None:
    who = enrolled(session)
    sat(who, 60)
    assert (step(session), title(session)) == ("resit", "1 人不合格，可以补考")
    sat(who, 70, number=2)
    assert step(session) == "close"


def test_an_exemption_opens_the_way_to_closing_and_certifies_nobody(session: TrainingSession) -> None:
    who = enrolled(session, hours=HOURS_SHORT)
    enrolling.exempt(who, "示例理由", "示例应急〔2026〕1 号", actor=SYSTEM, now=now())
    record = class_record(session, today())
    assert record.next_step() == "close"
    assert exam_tag(record, who) == ("已免考", "info", "示例应急〔2026〕1 号")
    assert record.certified == frozenset()


@pytest.mark.parametrize(
    ("scores", "tag"),
    [
        ((86,), ("86 分", "ok", "")),
        ((60, 82), ("82 分（补考）", "ok", "")),
        ((60,), ("60 分，不合格", "stop", "可补考")),
        ((60, 70), ("70 分，补考不合格", "stop", "")),
    ],
)
def test_a_result_is_shown_with_its_score(
    session: TrainingSession, scores: tuple[int, ...], tag: tuple[str, str, str]
) -> None:
    who = enrolled(session)
    for number, score in enumerate(scores, start=1):
        sat(who, score, number=number)
    assert exam_tag(class_record(session, today()), who) == tag


def test_without_a_result_the_tag_says_what_is_missing(session: TrainingSession, clock: Clock) -> None:
    short, waiting, withdrawn = (enrolled(session, name) for name in ("周样本", "吴试用", "陈示例"))
    short.credited_hours, withdrawn.state = HOURS_SHORT, EnrolmentState.WITHDRAWN
    admitted(waiting)
    record = class_record(session, today())
    assert [exam_tag(record, who)[0] for who in (short, waiting, withdrawn)] == ["培训中", "待考", "已退训"]
    clock.advance(days=4)
    assert exam_tag(class_record(session, today()), short)[:2] == ("学时不足", "warn")


def test_the_steps_count_people_and_enterprises(session: TrainingSession) -> None:
    where = sample.enterprise()
    for number in range(2):
        sat(sample.enrolment(session, sample.person(f"样本{number}"), where))
    enrolled(session, hours=HOURS_SHORT)
    details = [(each.detail, each.state) for each in steps(class_record(session, today()))]
    assert details[:3] == [
        ("3 人，来自 2 家企业", "done"),
        ("2 / 3 人学时已满", "now"),
        ("2 / 3 人已有结果或免考", ""),
    ]


def test_closing_is_refused_with_the_list_of_who_is_missing(app: Flask, session: TrainingSession) -> None:
    sat(enrolled(session))
    enrolled(session, "周样本")
    enrolled(session, "吴试用", HOURS_SHORT)
    browser = staff_browser(app)
    page = browser.submit(browser.form(browser.open(f"/sessions/{session.id}"), "/close"))
    said = page.html.find(class_="stop").get_text()
    assert "还有 2 人" in said and "周样本" not in said  # a name in a message would lie in the cookie
    names = page.html.find("tbody").get_text()
    assert "周样本" in names
    assert "章示例" not in names  # the list below shows the missing only
    assert db.session.get_one(TrainingSession, session.id).state is SessionState.SCHEDULED


def test_closing_is_allowed_once_the_missing_one_is_exempted(app: Flask, session: TrainingSession) -> None:
    sat(enrolled(session))
    missing = enrolled(session, "周样本")
    browser = staff_browser(app)
    page = browser.open(f"/enrolments/{missing.id}/exempt")
    form = next(one for one in page.forms.values() if "reason" in one.fields)
    form["reason"], form["document_number"] = "示例理由", "示例应急〔2026〕1 号"
    page = browser.submit(form)
    assert "可以结班" in page.html.h1.get_text()
    page = browser.submit(browser.form(page, "/close"))
    assert page.html.h1.get_text() == "已结班：2 人参训，1 人合格，1 人免考"
    assert "结班，2 人" in page.html.find(class_="timeline").get_text()
    assert "周样本 免考：示例理由" in page.html.find(class_="timeline").get_text()
    assert page.html.find("form", action=f"/sessions/{session.id}/close") is None


def test_a_regulator_reads_reason_and_document_of_every_exemption(app: Flask, session: TrainingSession) -> None:
    sat(enrolled(session))
    staff = Actor(None, "林老师", Role.INSTITUTION, "PX01")
    enrolling.exempt(enrolled(session, "周样本"), "示例理由", "示例应急〔2026〕1 号", actor=staff, now=now())
    sample.user("regulator", Role.REGULATOR, "330000")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("regulator", sample.PASSWORD)
    page = browser.open(f"/sessions/{session.id}")
    listed = page.html.find(id="exemptions").get_text()
    assert all(part in listed for part in ("周样本", "示例理由", "示例应急〔2026〕1 号", "林老师"))
    assert "章示例" not in listed
    assert "2 / 2 人已有结果或免考，其中 1 人免考" in page.html.find(class_="steps").get_text()


def test_a_session_says_how_many_trainees_its_mandate_does_not_bind(app: Flask, session: TrainingSession) -> None:
    session.mandate_code = "Z4-3"
    enrolled(session)
    sample.enrolment(session, sample.person("周样本"), sample.enterprise("示例矿山", ("open_pit_mines",)))
    sample.enrolment(session, sample.person("吴试用"), sample.enterprise("示例商场", ("commerce",)))
    text = staff_browser(app).open(f"/sessions/{session.id}").text
    assert "2 名学员不在任务条款 Z4-3 的对象内" in text


def test_a_trainee_withdraws_with_a_reason_before_any_exam(app: Flask, session: TrainingSession) -> None:
    who = enrolled(session, hours=HOURS_SHORT)
    browser = staff_browser(app)
    page = browser.open(f"/enrolments/{who.id}/withdraw")
    form = next(one for one in page.forms.values() if "reason" in one.fields)
    assert "请写明理由" in browser.submit(form).text
    form["reason"] = "示例理由"
    assert "章示例 退训：示例理由" in browser.submit(form).text
    assert db.session.get_one(Enrolment, who.id).state is EnrolmentState.WITHDRAWN


def test_nobody_withdraws_from_an_exam_that_was_begun(app: Flask, session: TrainingSession) -> None:
    who = enrolled(session, hours=HOURS_SHORT)
    sat(who, 20)
    browser = staff_browser(app)
    form = next(one for one in browser.open(f"/enrolments/{who.id}/withdraw").forms.values() if "reason" in one.fields)
    form["reason"] = "示例理由"
    assert "已经开始或完成考试，不能退训" in browser.submit(form).text
    assert db.session.get_one(Enrolment, who.id).state is EnrolmentState.ENROLLED
    assert db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.kind == "EnrolmentWithdrawn")) is None


def test_the_table_finds_trainees_by_name_enterprise_and_end_of_the_document_number(
    app: Flask, session: TrainingSession
) -> None:
    who = sample.enrolment(session, sample.person("周样本"), sample.enterprise("样本石料厂"))
    enrolled(session)
    browser = staff_browser(app)
    for words in ("周样本", "石料厂", who.person.document_last4):
        body = browser.open(f"/sessions/{session.id}", params={"q": words}).html.find("tbody").get_text()
        assert "周样本" in body
        assert "章示例" not in body
    assert browser.web.get(f"/sessions/{session.id}?format=xlsx").content_type.endswith("sheet")


def test_sittings_are_listed_with_their_notices_and_the_next_is_the_next_step(
    app: Flask, session: TrainingSession
) -> None:
    candidate = admitted(enrolled(session))
    code, notice = candidate.sitting.code, f"/sittings/{candidate.sitting_id}/notice"
    page = staff_browser(app).open(f"/sessions/{session.id}")
    assert page.html.find("a", string=code)["href"] == f"/sittings/{candidate.sitting_id}"
    assert page.html.find("a", string="打印考试通知单")["href"] == notice
    assert page.html.find("a", string="考试通知单")["href"] == notice


def test_the_mandate_is_quoted_with_its_plan(app: Flask, session: TrainingSession) -> None:
    session.mandate_code = "Z4-3"
    page = staff_browser(app).open(f"/sessions/{session.id}")
    assert page.html.find("blockquote").get_text(strip=True)
    assert "Z4-3" in page.text


def test_a_regulator_of_the_territory_reads_and_changes_nothing(app: Flask, session: TrainingSession) -> None:
    sat(enrolled(session))
    sample.user("wang", Role.REGULATOR, "330000")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("wang", sample.PASSWORD)
    page = browser.open(f"/sessions/{session.id}")
    assert page.html.find("form", action=f"/sessions/{session.id}/close") is None
    token = page.html.find("input", attrs={"name": "csrf_token"})["value"]
    browser.web.post(f"/sessions/{session.id}/close", {"csrf_token": token}, status=403)


@pytest.mark.parametrize(("role", "scope"), [(Role.REGULATOR, "370000"), (Role.INSTITUTION, "PX02")])
def test_a_class_file_is_closed_to_other_territories_and_institutions(
    app: Flask, session: TrainingSession, role: Role, scope: str
) -> None:
    who = enrolled(session)
    sample.institution("PX02", "370400")
    sample.user("other", role, scope)
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("other", sample.PASSWORD)
    browser.open(f"/sessions/{session.id}", status=403)
    browser.open(f"/enrolments/{who.id}/withdraw", status=403)
    token = browser.open("/password").html.find("input", attrs={"name": "csrf_token"})["value"]
    browser.web.post(f"/sessions/{session.id}/close", {"csrf_token": token}, status=403)


def test_the_class_file_asks_the_database_as_often_for_sixty_trainees_as_for_one(
    app: Flask, session: TrainingSession
) -> None:
    sample.attempt(enrolled(session, hours=HOURS_SHORT), within=sample.sitting(session))
    browser = staff_browser(app)
    with counted() as few:
        browser.open(f"/sessions/{session.id}")
    within = sample.sitting(session, sample.exam_site("KD02"))
    actor = Actor(None, "林老师", Role.INSTITUTION, "PX01")
    for number in range(60):
        who = enrolled(session, f"样本{number}", HOURS_SHORT)
        if number % 2:
            sample.attempt(who, within=within)
        elif number < 20:
            enrolling.exempt(who, "示例理由", f"示例〔2026〕{number} 号", actor=actor, now=now())
    db.session.commit()
    with counted() as many:
        page = browser.open(f"/sessions/{session.id}")
    assert "样本59" in page.text
    assert len(many) == len(few)
    assert len(many) <= 20
