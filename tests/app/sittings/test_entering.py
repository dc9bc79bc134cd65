"""Coming in by document and admission number."""

from __future__ import annotations

import pytest
from flask import Flask
from webtest.response import TestResponse

from app.accounts import service as accounts
from app.accounts.models import Grant
from app.core.actors import SYSTEM, Role
from app.core.clock import now
from app.core.db import db
from app.sittings import requesting, running
from app.sittings.answers import Entry, save
from tests import sample
from tests.app.sittings.exam import OPERATOR, Exam, identity_of, opened, requested
from tests.page import Browser

WRONG = "证件号码与准考证号不匹配"


def try_to_enter(browser: Browser, document: str, admission: str) -> TestResponse:
    page = browser.open("/enter")
    form = next(form for form in page.forms.values() if "admission_number" in form.fields)
    form["document_number"], form["admission_number"] = document, admission
    return browser.submit(form)


def numbers(exam: Exam, number: int = 0) -> tuple[str, str]:
    candidate = exam.candidates[number]
    return candidate.enrolment.person.document_number, candidate.admission_number


def test_both_numbers_together_open_the_candidates_page(app: Flask) -> None:
    exam = requested()
    document, admission = numbers(exam)
    spaced = f"{admission[:4]} {admission[4:8]} {admission[8:]}"
    page = try_to_enter(Browser(app), document.lower(), spaced)
    assert page.request.path == f"/sittings/{exam.sitting.id}/lobby" and admission in page.text


def test_any_mismatch_is_refused_in_the_same_words(app: Flask) -> None:
    exam = opened(2)
    (mine, my_number), (theirs, their_number) = numbers(exam, 0), numbers(exam, 1)
    tries = [
        (mine, their_number),
        (theirs, my_number),
        (mine, "0" * 12),
        (sample.identity_number(), my_number),
        ("x", "y"),
    ]
    assert all(WRONG in try_to_enter(Browser(app), *pair).text for pair in tries)


def test_trying_numbers_for_one_document_is_stopped(app: Flask) -> None:
    document, admission = numbers(opened())
    browser = Browser(app)
    for _ in range(10):
        assert WRONG in try_to_enter(browser, document, "000000000000").text
    page = browser.open("/enter")
    form = next(form for form in page.forms.values() if "admission_number" in form.fields)
    form["document_number"], form["admission_number"] = document, admission
    assert "操作过于频繁" in browser.submit(form, status=429).text


def test_a_stranger_elsewhere_cannot_keep_a_candidate_out(app: Flask) -> None:
    document, admission = numbers(opened())
    stranger = Browser(app)
    stranger.web.extra_environ["REMOTE_ADDR"] = "198.51.100.7"
    for _ in range(10):
        try_to_enter(stranger, document, "000000000000")
    for _ in range(12):
        accounts.check_password(accounts.user_by_login(document), "wrong-password", now=now())
    db.session.commit()
    assert admission in try_to_enter(Browser(app), document, admission).text


def test_a_whole_class_enters_from_one_address(app: Flask) -> None:
    document, admission = numbers(opened())
    for _ in range(15):
        assert admission in try_to_enter(Browser(app), document, admission).text


@pytest.mark.parametrize("how", ["closed", "cancelled"])
def test_the_number_opens_nothing_once_the_sitting_is_over(app: Flask, how: str) -> None:
    exam = requested()
    document, admission = numbers(exam)
    if how == "closed":
        running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
        running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    else:
        requesting.cancel(exam.sitting, actor=SYSTEM, now=now())
    db.session.commit()
    assert "已经结束" in try_to_enter(Browser(app), document, admission).text


def test_who_came_in_by_number_sees_nothing_but_that_sitting(app: Flask) -> None:
    exam = opened()
    browser = Browser(app)
    try_to_enter(browser, *numbers(exam))
    assert browser.web.get("/me").location.endswith(f"/sittings/{exam.sitting.id}/lobby")
    assert browser.web.get("/").follow().follow().request.path == f"/sittings/{exam.sitting.id}/lobby"
    browser.web.get(f"/sittings/{exam.sitting.id + 1}/lobby", status=404)
    browser.web.get("/my-certificates", status=403)


def test_staff_who_are_candidates_too_come_in_as_candidates(app: Flask) -> None:
    exam = opened()
    staff = sample.user("wang", Role.REGULATOR, "330000")
    staff.grants.append(Grant(role=Role.TRAINEE))
    exam.person.user = staff
    db.session.commit()
    assert "可以开始答题了" in try_to_enter(Browser(app), *numbers(exam)).text


def test_a_candidate_without_account_gets_one(app: Flask) -> None:
    exam = opened()
    exam.person.user_id = None
    exam.person.user = None
    db.session.commit()
    assert "可以开始答题了" in try_to_enter(Browser(app), *numbers(exam)).text


def test_who_comes_back_goes_on_with_the_first_question_without_an_answer(app: Flask) -> None:
    exam = opened()
    attempt = exam.start()
    entries = [Entry(1, 1, ("A",)), Entry(2, 2, ("A",)), Entry(3, 4, ("A",)), Entry(4, 2, ())]
    save(attempt.id, entries, identity_of(exam.candidates[0]), now=now())
    db.session.commit()
    browser = Browser(app)
    assert try_to_enter(browser, *numbers(exam)).request.path == f"/exam/{attempt.id}/2"
    assert browser.web.get("/").follow().follow().follow().request.path == f"/exam/{attempt.id}/2"


def test_the_time_has_come_but_the_site_has_not_opened(app: Flask) -> None:
    assert "已到开考时间，等待考试点开考" in try_to_enter(Browser(app), *numbers(requested())).text


def test_a_candidate_can_come_back_after_signing_out(app: Flask) -> None:
    exam = opened()
    attempt_id = exam.start().id
    pair = numbers(exam)
    browser = Browser(app)
    page = try_to_enter(browser, *pair)
    assert page.request.path == f"/exam/{attempt_id}/1"
    browser.web.reset()
    assert try_to_enter(browser, *pair).request.path == f"/exam/{attempt_id}/1"
