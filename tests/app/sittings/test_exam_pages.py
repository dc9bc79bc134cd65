"""The exam as a candidate meets it in a browser, with and without JavaScript."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from webtest.response import TestResponse

from app.accounts.access import AccessRule
from app.core.clock import now
from app.core.db import db
from app.core.jobs import Job
from app.sittings import running
from app.sittings.answers import latest, log_of
from app.sittings.models import Attempt, AttemptState, FinishedBy
from question_bank.papers import Paper
from tests import sample
from tests.app.sittings.exam import OPERATOR, Exam, opened, requested, right_answers
from tests.app.sittings.kinds import give, paper_of_every_kind
from tests.conftest import Clock
from tests.page import Browser, check_page
from tests.question_bank import samples


def enter(app: Flask, exam: Exam, number: int = 0) -> Browser:
    """A candidate's browser, in by admission number."""
    browser, candidate = Browser(app), exam.candidates[number]
    person = candidate.enrolment.person
    document, admission = person.document_number, candidate.admission_number
    form = entry_form(browser.open("/enter"))
    form["document_number"], form["admission_number"] = document, admission
    browser.submit(form)
    return browser


def entry_form(page: TestResponse) -> Any:
    return next(form for form in page.forms.values() if "admission_number" in form.fields)


def begin(browser: Browser, exam: Exam) -> TestResponse:
    page = browser.open(f"/sittings/{exam.sitting.id}/lobby")
    return browser.submit(browser.form(page, "/start"))


def pick(form: Any, labels: list[str]) -> None:
    fields = form.fields["answer"]
    if len(fields) == 1 and hasattr(fields[0], "options"):
        form["answer"] = labels[0]
        return
    for field in fields:
        field.checked = field._value in labels


def save(browser: Browser, page: TestResponse, answers: list[dict[str, Any]], status: int = 200) -> dict[str, Any]:
    """Save as exam.js does: JSON with the page's token."""
    soup = BeautifulSoup(page.text, "html.parser")
    form = soup.find("form", id="exam")
    assert form is not None
    token = form.find("input", attrs={"name": "csrf_token"})
    headers = {"X-CSRFToken": token["value"], "Accept": "application/json"}  # type: ignore[index]
    reply = browser.web.post_json(form["data-save"], {"answers": answers}, headers=headers, status=status)
    found: dict[str, Any] = reply.json
    return found


def answer(sequence: int, slot: int, labels: str) -> dict[str, Any]:
    return {"sequence": sequence, "slot": slot, "response": list(labels)}


def the_attempt() -> Attempt:
    return db.session.scalars(sa.select(Attempt).execution_options(populate_existing=True)).one()


def test_the_whole_exam_works_without_javascript(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    key = right_answers(the_attempt())
    for position in sorted(key):
        assert page.request.path.endswith(f"/{position}")
        form = page.forms["exam"]
        pick(form, key[position])
        page = check_page(form.submit("go", value="hand-in" if position == len(key) else "next").follow())
    assert "全部 25 题已作答" in page.text
    page = browser.submit(page.forms["hand-in"])
    assert "合格，100 分" in page.text and "服务器收到 25 题中的 25 题" in page.text
    assert the_attempt().passed is True and the_attempt().finished_by is FinishedBy.CANDIDATE
    job = db.session.scalars(sa.select(Job).where(Job.kind == "issue_certificate")).one()
    assert job.arguments == {"attempt_id": the_attempt().id}


def test_answers_saved_by_script_are_found_again_on_another_device(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    reply = save(browser, page, [answer(1, 1, "A"), answer(2, 3, "B")])
    assert reply == {"held": 2, "sequence": 2, "remaining_seconds": 3600}
    phone = enter(app, exam)
    again = phone.web.get(f"/sittings/{exam.sitting.id}/lobby").follow()
    assert "已保存 2 题，全部在服务器" in again.text
    assert save(phone, again, [answer(3, 1, "B")])["held"] == 2
    assert save(browser, page, [answer(3, 4, "A")], status=409)["code"] == "answer_stale"
    assert latest(log_of(the_attempt().id)) == {1: ["B"], 3: ["B"]}


def test_nothing_of_key_explanation_or_source_reaches_the_browser(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    paper = Paper.from_payload(the_attempt().paper)
    sheet = browser.web.get(f"/exam/{the_attempt().id}/paper").json
    sent = page.text + json.dumps(sheet, ensure_ascii=False)
    for slot in paper.slots:
        question = slot.question
        assert slot.question.stem in json.dumps(sheet, ensure_ascii=False)
        for secret in (question.explanation, question.code, question.digest):
            assert not secret or secret not in sent, secret
    assert all(set(each) == {"position", "about", "html"} for each in sheet["questions"])
    assert not re.search(r'"key":|source_|is_correct|option_order|explanation', sent)


def test_the_receipt_says_nothing_of_single_questions(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    begin(browser, exam)
    page = browser.open(f"/exam/{the_attempt().id}/hand-in")
    assert "还有 25 题没有作答" in page.text
    receipt = browser.submit(page.forms["hand-in"])
    assert "未合格，0 分" in receipt.text and "可以补考一次" in receipt.text
    assert not any(slot.question.stem in receipt.text for slot in Paper.from_payload(the_attempt().paper).slots)


def test_who_passed_sets_a_password_and_is_led_to_the_certificate(app: Flask) -> None:
    exam = opened()
    person = exam.person
    assert person.user is not None
    person.user.password_hash = None
    db.session.commit()
    browser = enter(app, exam)
    page = begin(browser, exam)
    given = [answer(slot, slot, "".join(labels)) for slot, labels in right_answers(the_attempt()).items()]
    save(browser, page, given)
    page = browser.open(f"/exam/{the_attempt().id}/hand-in")
    assert "剩余时间" in page.text
    page = browser.submit(page.forms["hand-in"])
    assert "通常一分钟内生成" in page.text and "设置密码，去下载证明" in page.text
    page = browser.open("/password")
    form = next(form for form in page.forms.values() if "password" in form.fields)
    form["password"] = form["repeat"] = sample.PASSWORD
    page = browser.submit(form)
    assert page.request.path == "/me" and "正在生成" in page.text and 'http-equiv="refresh"' in page.text
    page = browser.open(f"/exam/{the_attempt().id}/receipt")
    assert "去下载证明" in page.text and 'href="/me"' in page.text


def test_handing_in_twice_shows_the_same_receipt(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    begin(browser, exam)
    page = browser.open(f"/exam/{the_attempt().id}/hand-in")
    first = browser.submit(page.forms["hand-in"])
    second = browser.submit(page.forms["hand-in"])
    assert first.text.split("<main")[1] == second.text.split("<main")[1]


def test_the_hand_in_carries_what_had_not_arrived(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    save(browser, page, [answer(1, 1, "A")])
    form = browser.open(f"/exam/{the_attempt().id}/hand-in").forms["hand-in"]
    form["unsent"] = json.dumps([answer(1, 1, "A"), answer(2, 2, "B")])
    assert "服务器收到 25 题中的 2 题" in browser.submit(form).text


def test_the_hand_in_carries_a_whole_paper_however_long_its_answers(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    begin(browser, exam)
    questions = [samples.short_answer(f"s-{number}", "示") for number in range(150)]
    give(the_attempt(), paper_of_every_kind(questions))
    form = browser.open(f"/exam/{the_attempt().id}/hand-in").forms["hand-in"]
    unsent = [{"sequence": n, "slot": n, "response": ["示" * 200]} for n in range(1, 151)]
    form["unsent"] = json.dumps(unsent, ensure_ascii=False)
    assert "服务器收到 150 题中的 150 题" in browser.submit(form).text


def test_a_hand_in_from_a_tab_that_is_behind_loses_nothing_and_says_so(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    save(browser, page, [answer(1, 1, "A"), answer(2, 2, "B")])
    form = browser.open(f"/exam/{the_attempt().id}/hand-in").forms["hand-in"]
    form["unsent"] = json.dumps([answer(1, 5, "A")])
    page = browser.submit(form)
    assert "另一个页面保存了更新的答案" in page.text and "服务器已收到 2 / 25 题" in page.text
    assert the_attempt().state is AttemptState.OPEN


def test_after_the_deadline_only_what_was_acknowledged_counts(app: Flask, clock: Clock) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    save(browser, page, [answer(1, 1, "A")])
    clock.advance(minutes=60, seconds=1)
    assert save(browser, page, [answer(2, 2, "A")], status=410)["code"] == "time_over"
    late = browser.web.get(f"/exam/{the_attempt().id}/1").follow()
    assert "考试时间已到" in late.text
    form = late.forms["hand-in"]
    form["unsent"] = json.dumps([answer(2, 2, "A")])
    receipt = browser.submit(form)
    assert "服务器收到 25 题中的 1 题" in receipt.text and "到时自动收卷" in receipt.text
    attempt = the_attempt()
    assert attempt.finished_by is FinishedBy.CLOCK and attempt.finished_at == attempt.deadline_at


def test_the_time_left_comes_from_the_server_whatever_the_page_shows(app: Flask, clock: Clock) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    clock.advance(minutes=13)
    assert 'data-remaining="2820"' in browser.open(page.request.path).text
    assert save(browser, page, [answer(1, 1, "A")])["remaining_seconds"] == 2820


def test_pressing_start_twice_begins_one_attempt(app: Flask, clock: Clock) -> None:
    exam = opened()
    browser = enter(app, exam)
    lobby = browser.open(f"/sittings/{exam.sitting.id}/lobby")
    form = browser.form(lobby, "/start")
    first, began = browser.submit(form), now()
    clock.advance(minutes=5)
    second = browser.submit(form)
    assert first.request.path == second.request.path
    assert the_attempt().started_at == began


def test_the_exam_cannot_begin_before_the_site_opens_it_nor_after_the_entry_window(app: Flask, clock: Clock) -> None:
    exam = requested()
    browser = enter(app, exam)
    lobby = browser.open(f"/sittings/{exam.sitting.id}/lobby")
    assert "等待开考" in lobby.text and "/start" not in lobby.text
    running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    db.session.commit()
    form = browser.form(browser.open(f"/sittings/{exam.sitting.id}/lobby"), "/start")
    clock.advance(minutes=31)
    assert "入场时间已过" in browser.submit(form).text
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 0


def test_nobody_opens_somebody_elses_exam(app: Flask) -> None:
    exam = opened(2)
    attempt = exam.start(0)
    other = enter(app, exam, 1)
    for address in ("1", "paper", "hand-in", "receipt"):
        assert other.web.get(f"/exam/{attempt.id}/{address}", status=404)
    assert Browser(app).web.get(f"/exam/{attempt.id}/1").status_int == 302


def test_saving_needs_a_token_and_a_session(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    begin(browser, exam)
    attempt_id = the_attempt().id
    json_only = {"Accept": "application/json"}
    refused = browser.web.post_json(f"/exam/{attempt_id}/answers", answer(1, 1, "A"), headers=json_only, status=400)
    assert refused.json["code"] == "form_expired"
    stranger = Browser(app)
    token = BeautifulSoup(stranger.open("/enter").text, "html.parser").find("input", attrs={"name": "csrf_token"})
    headers = {**json_only, "X-CSRFToken": token["value"]}  # type: ignore[index]
    reply = stranger.web.post_json(f"/exam/{attempt_id}/answers", answer(1, 1, "A"), headers=headers, status=401)
    assert reply.json["code"] == "signed_out" and log_of(attempt_id) == []


@pytest.mark.parametrize("position", ["0", "26", "999"])
def test_there_is_no_question_outside_the_paper(app: Flask, position: str) -> None:
    exam = opened()
    attempt = exam.start()
    assert enter(app, exam).web.get(f"/exam/{attempt.id}/{position}", status=404)


def test_saving_runs_one_statement(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    statements = _statements(lambda: save(browser, page, [answer(1, 1, "A"), answer(2, 2, "B")]))
    assert len(statements) == 1 and statements[0].lstrip().startswith("INSERT INTO answer")


def test_an_exam_page_takes_few_queries(app: Flask) -> None:
    exam = opened()
    browser = enter(app, exam)
    page = begin(browser, exam)
    assert len(_statements(lambda: browser.open(page.request.path))) <= 5


def test_the_hot_path_declares_its_rule(app: Flask) -> None:
    rule = app.view_functions["sittings.save"].access_rule  # type: ignore[attr-defined]
    assert isinstance(rule, AccessRule) and rule.admitted and not rule.is_public


def _statements(act: Any) -> list[str]:
    """What the database is asked while *act* runs; SQLite's explicit BEGIN is none."""
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return found
