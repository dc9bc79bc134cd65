"""The pages of the exam site and the institution: board, list, request, notices; and the public page of the draw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from webtest.response import TestResponse

from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.sittings.answers import Entry, save
from app.sittings.board import board_of
from app.sittings.models import Candidate, Sitting, SittingState
from app.training.models import SessionState, TrainingSession
from tests import sample
from tests.app.sittings.exam import Exam, identity_of, opened, requested, session_of
from tests.conftest import Clock
from tests.page import Browser


def staff(app: Flask, exam: Exam, role: Role, scope: str = "") -> Browser:
    code = scope or {Role.EXAM_SITE: "KD01", Role.INSTITUTION: "PX01", Role.REGULATOR: "330000"}[role]
    sample.user(f"{role.value}-{code}", role, code)
    db.session.commit()
    browser = Browser(app)
    browser.sign_in(f"{role.value}-{code}", sample.PASSWORD)
    return browser


def states(exam: Exam) -> list[str]:
    return [place.state for place in board_of(exam.sitting, now()).places]


def test_the_board_puts_incidents_first_and_derives_silence_from_the_last_answer(app: Flask, clock: Clock) -> None:
    exam = opened(4)
    first, second = exam.start(0), exam.start(1)
    assert sorted(states(exam)) == ["expected", "expected", "writing", "writing"]
    clock.advance(minutes=4)
    save(second.id, [Entry(1, 1, ("A",))], identity_of(exam.candidates[1]), now=now())
    db.session.commit()
    clock.advance(minutes=2)
    board = board_of(exam.sitting, now())
    assert [place.state for place in board.places] == ["silent", "writing", "expected", "expected"]
    assert board.places[0].candidate.id == exam.candidates[0].id and board.places[0].minutes_left == 54
    assert (board.places[1].answered, board.questions) == (1, 25)
    clock.advance(minutes=25)
    assert states(exam)[-2:] == ["absent", "absent"]
    clock.set(first.deadline_at)
    clock.advance(seconds=1)
    assert "overdue" in states(exam)


def test_who_waits_in_the_lobby_is_told_from_who_has_not_come(app: Flask, clock: Clock) -> None:
    exam = requested(2)
    clock.set(exam.sitting.starts_at - timedelta(minutes=61))
    come(app, exam.candidates[0])
    assert states(exam) == ["expected", "expected"]  # who looks at the page at home has not come
    clock.advance(minutes=2)
    come(app, exam.candidates[0])
    arrived = now()
    clock.advance(minutes=2)
    come(app, exam.candidates[0])
    [first, second] = board_of(exam.sitting, now()).places
    assert (first.state, first.seen_at) == ("waiting", arrived)
    assert (second.state, second.seen_at) == ("expected", None)
    page = staff(app, exam, Role.EXAM_SITE).open(f"/sittings/{exam.sitting.id}")
    assert "已到，等待答题" in page.text and "未到" in page.text


def come(app: Flask, candidate: Candidate) -> None:
    document, admission = candidate.enrolment.person.document_number, candidate.admission_number
    browser = Browser(app)
    form = next(form for form in browser.open("/enter").forms.values() if "admission_number" in form.fields)
    form["document_number"], form["admission_number"] = document, admission
    browser.submit(form)


def test_the_site_opens_and_closes_its_sitting_on_the_board(app: Flask) -> None:
    exam = requested(2)
    browser = staff(app, exam, Role.EXAM_SITE)
    page = browser.open(f"/sittings/{exam.sitting.id}")
    assert "2 名考生" in page.text and 'http-equiv="refresh"' in page.text
    page = browser.submit(browser.form(page, "/open"))
    assert "等待 2 人开始答题" in page.text
    exam.start(0)
    page = browser.submit(browser.form(page, "/close"))
    assert "还有 1 人正在答题，不能结束考试。" in page.text and "考生甲" in page.text
    assert db.session.get_one(Sitting, exam.sitting.id).state is SittingState.OPEN


def test_the_refresh_of_the_board_can_be_paused(app: Flask) -> None:
    exam = opened()
    page = staff(app, exam, Role.EXAM_SITE).open(f"/sittings/{exam.sitting.id}?pause=1")
    assert 'http-equiv="refresh"' not in page.text


def test_only_its_own_site_runs_a_sitting(app: Flask) -> None:
    exam = requested()
    sample.exam_site("KD02")
    other, asked = staff(app, exam, Role.EXAM_SITE, "KD02"), staff(app, exam, Role.INSTITUTION)
    other.web.get(f"/sittings/{exam.sitting.id}", status=403)
    token = {"csrf_token": other.open("/exam-site").forms[0]["csrf_token"].value}
    other.web.post(f"/sittings/{exam.sitting.id}/open", token, status=403)
    token = {"csrf_token": asked.open(f"/sittings/{exam.sitting.id}").forms[0]["csrf_token"].value}
    asked.web.post(f"/sittings/{exam.sitting.id}/open", token, status=403)
    assert db.session.get_one(Sitting, exam.sitting.id).state is SittingState.SCHEDULED


@pytest.mark.parametrize(("scope", "status"), [("330000", 200), ("370000", 403)])
def test_regulators_look_on_in_their_territory_only(app: Flask, scope: str, status: int) -> None:
    exam = opened()
    browser = staff(app, exam, Role.REGULATOR, scope)
    page = browser.web.get(f"/sittings/{exam.sitting.id}", status=status)
    assert "/close" not in page.text


def test_the_institution_asks_on_the_page_and_prints_the_notices(app: Flask) -> None:
    sample.banks()
    session, _ = session_of(2)
    site = sample.exam_site()
    exam = Exam(session, site, Sitting())
    browser = staff(app, exam, Role.INSTITUTION)
    page = browser.open(f"/sessions/{session.id}/sittings/new")
    assert "2 人可以参加考试" in page.text
    form = next(form for form in page.forms.values() if "exam_site" in form.fields)
    form["exam_site"], form["starts_at"] = str(site.id), "2026-03-02T14:30"
    page = browser.submit(form)
    assert page.text.count("考试通知单</h2>") == 2 and "2026-03-02 14:30 开考" in page.text
    person = exam.session and db.session.scalars(sa.select(sample.Person)).first()
    assert person is not None and person.document_number not in page.text and person.document_last4 in page.text
    [sitting_id] = db.session.scalars(sa.select(Sitting.id)).all()
    page = confirm_cancelling(browser, page)
    assert "2 名考生的准考证号全部作废" in page.text
    assert db.session.get_one(Sitting, sitting_id).state is SittingState.SCHEDULED
    assert "准考证号作废" in browser.submit(page.forms["cancel"]).text
    assert db.session.get_one(Sitting, sitting_id, populate_existing=True).state is SittingState.CANCELLED


def confirm_cancelling(browser: Browser, page: TestResponse) -> TestResponse:
    """The page that asks once more, by the link of *page*."""
    link = BeautifulSoup(page.text, "html.parser").find("a", string="取消考试")
    assert link is not None
    return browser.open(str(link["href"]))  # type: ignore[index]


def test_the_institution_cancels_from_the_board_and_nobody_else_is_offered_it(app: Flask) -> None:
    exam = requested()
    address = f"/sittings/{exam.sitting.id}"
    asked, site = staff(app, exam, Role.INSTITUTION), staff(app, exam, Role.EXAM_SITE)
    assert "取消考试" not in site.open(address).text
    site.web.get(f"{address}/cancel", status=403)
    asked.submit(confirm_cancelling(asked, asked.open(address)).forms["cancel"])
    assert "取消考试" not in asked.open(address).text
    again = asked.web.get(f"{address}/cancel").follow()
    assert "不能再取消" in again.text


def form_of_request(browser: Browser, session: TrainingSession) -> tuple[TestResponse, Any]:
    page = browser.open(f"/sessions/{session.id}/sittings/new")
    return page, next(form for form in page.forms.values() if "exam_site" in form.fields)


def test_the_own_organisations_site_is_not_offered_and_the_page_says_why(app: Flask) -> None:
    session, _ = session_of()
    own = sample.exam_site("KD05", operator=session.institution.credit_code)
    own.name, other = "本单位考试点", sample.exam_site("KD06")
    other.name = "外单位考试点"
    browser = staff(app, Exam(session, other, Sitting()), Role.INSTITUTION)
    page, form = form_of_request(browser, session)
    assert [value for value, _chosen, _text in form["exam_site"].options] == ["", str(other.id)]
    assert "没有列出 本单位考试点" in page.text and "教考分离" in page.text


@pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.CANCELLED])
def test_a_session_that_is_over_offers_no_exam_but_says_why(app: Flask, state: SessionState) -> None:
    session, _ = session_of()
    session.state = state
    session.closed_at = now() if state is SessionState.CLOSED else None
    browser = staff(app, Exam(session, sample.exam_site(), Sitting()), Role.INSTITUTION)
    answered = browser.web.get(f"/sessions/{session.id}/sittings/new", status=302)
    assert answered.location.endswith(f"/sessions/{session.id}")
    page = answered.follow()
    assert "培训班已结班或已取消" in page.text and "申请考试" not in page.text


def test_a_refused_request_keeps_what_was_filled_in(app: Flask) -> None:
    sample.banks()
    session, _ = session_of()
    site = sample.exam_site()
    browser = staff(app, Exam(session, site, Sitting()), Role.INSTITUTION)
    _page, form = form_of_request(browser, session)
    form["exam_site"], form["starts_at"] = str(site.id), "2028-03-02T14:30"
    page = browser.submit(form)
    assert "180 天以后" in page.text and 'value="2028-03-02T14:30"' in page.text


def test_another_institution_neither_asks_nor_prints(app: Flask) -> None:
    exam = requested()
    sample.institution("PX09")
    browser = staff(app, exam, Role.INSTITUTION, "PX09")
    browser.web.get(f"/sessions/{exam.session.id}/sittings/new", status=403)
    browser.web.get(f"/sittings/{exam.sitting.id}/notice", status=403)
    browser.web.get(f"/sittings/{exam.sitting.id}", status=403)
    assert exam.sitting.code not in browser.open("/sittings").text


def test_the_seed_is_public_only_after_the_end(app: Flask) -> None:
    exam = opened()
    code, seed, commitment = exam.sitting.code, exam.sitting.seed, exam.sitting.seed_commitment
    page = Browser(app).open(f"/fairness/{code}")
    assert commitment in page.text and seed not in page.text
    browser = staff(app, exam, Role.EXAM_SITE)
    browser.submit(browser.form(browser.open(f"/sittings/{exam.sitting.id}"), "/close"))
    assert seed in Browser(app).open(f"/fairness/{code}").text
    Browser(app).web.get("/fairness/KS20260302-00000000", status=404)


def test_board_and_list_take_the_same_queries_for_more_rows(app: Flask) -> None:
    exam = opened(1)
    browser = staff(app, exam, Role.EXAM_SITE)
    few = [_queries(lambda: browser.open(f"/sittings/{exam.sitting.id}")), _queries(lambda: browser.open("/sittings"))]
    for number in range(6):
        session = exam.session
        sample.attempt(sample.enrolment(session), within=exam.sitting, number=1)
        sample.sitting(session, exam.site).code = f"KS-{number}"
    db.session.commit()
    many = [_queries(lambda: browser.open(f"/sittings/{exam.sitting.id}")), _queries(lambda: browser.open("/sittings"))]
    assert many == few and max(many) <= 8


def _queries(act: Any) -> int:
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len([each for each in found if not each.startswith("BEGIN")])
