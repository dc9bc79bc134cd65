"""Sending many questions to review in one step: what goes, what stays and why, what is written down."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.audit.models import AuditEvent
from app.audit.service import faults
from app.banks import queries, service, sources, submitting
from app.banks.history import history
from app.banks.importing import QUESTIONS
from app.banks.models import Bank, Question, QuestionState
from app.banks.models_documents import LegalDocument
from app.core import imports
from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from question_bank.sources import Standing
from tests import sample
from tests.app.banks.counts import miscounted
from tests.app.banks.samples import LI, WANG, drafts, entered, row, true_false, workbook_of
from tests.app.banks.test_lifecycle import compared, edit, move, refusal
from tests.app.banks.test_pages import approved, posted, state_of
from tests.conftest import Clock
from tests.page import Browser
from tests.queries import counted

LAW = "示例安全法（2021年修正）"
EVERY = sa.true()


def draft(bank: Bank, code: str = "a-1", **changes: Any) -> Question:
    question = service.create(bank, true_false(code, f"{code}：示例判断题的题干。", **changes), actor=WANG, now=now())
    db.session.commit()
    return question


def author(app: Flask) -> Browser:
    return entered(app, "county", Role.REGULATOR, "330102")


def marked(standing: Standing = Standing.CHANGED) -> LegalDocument:
    document = db.session.scalars(sa.select(LegalDocument).where(LegalDocument.name == LAW)).one()
    sources.mark(document.id, sources.Notice(standing, today(), "示例说明"), actor=LI, now=now())
    db.session.commit()
    return document


def ticked(page: Any, *codes: str) -> Any:
    """Tick the boxes of the questions with these codes in the list of a bank."""
    form = next(one for one in page.forms.values() if one.action.endswith("/submit"))
    ids = {str(one) for one in queries.ids_by_code(codes).values()}
    for box in form.fields.get("question", []):
        box.checked = box._value in ids
    return form


def test_drafts_and_suspended_questions_go_together_with_one_event_a_bank(app: Flask, bank: Bank) -> None:
    mines = sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", created_at=now()))
    first, second, other = draft(bank), draft(bank, "a-2"), draft(mines, "m-1")
    suspended = approved(bank)[0]
    move(suspended, QuestionState.SUSPENDED, LI, reason="示例原因")
    batch = submitting.submit(EVERY, actor=WANG, now=now())
    assert (len(batch.ready), batch.held) == (4, ())
    db.session.expire_all()
    assert {one.state for one in (first, second, other, suspended)} == {QuestionState.IN_REVIEW}
    assert first.submitted_at == now()
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "QuestionsSubmitted")).all()
    told = {one.subject_id: one.data["question_ids"] for one in events}
    assert told == {bank.id: [first.id, second.id, suspended.id], mines.id: [other.id]}
    assert list(faults()) == []


@pytest.mark.parametrize("field", ["explanation", "knowledge_point", "source_document", "source_article"])
def test_what_is_not_complete_stays_and_says_what_it_lacks(app: Flask, bank: Bank, field: str) -> None:
    whole, part = draft(bank), draft(bank, "a-2", **{field: ""})
    batch = submitting.submit(EVERY, actor=WANG, now=now())
    assert [(one.code, one.lacks) for one in batch.held] == [("a-2", (field,))]
    assert (state_of(whole.id), state_of(part.id)) == (QuestionState.DRAFT, QuestionState.DRAFT)  # not committed yet
    submitting.submit(EVERY, actor=WANG, now=now())
    db.session.commit()
    assert (state_of(whole.id), state_of(part.id)) == (QuestionState.IN_REVIEW, QuestionState.DRAFT)


def test_what_rests_on_a_repealed_document_is_not_sent_one_by_one_or_together(app: Flask, bank: Bank) -> None:
    question = draft(bank, source_document=LAW)
    marked(Standing.REPEALED)
    with refusal("question_source_repealed"):
        move(question, QuestionState.IN_REVIEW, WANG)
    (held,) = submitting.submit(EVERY, actor=WANG, now=now()).held
    assert held.lacks == ("source_repealed",)


def test_what_rests_on_a_changed_document_is_sent_and_compared_by_who_approves(app: Flask, bank: Bank) -> None:
    question = draft(bank, source_document=LAW)
    marked()
    assert move(question, QuestionState.IN_REVIEW, WANG).state is QuestionState.IN_REVIEW


@pytest.mark.parametrize("state", [QuestionState.IN_REVIEW, QuestionState.APPROVED, QuestionState.RETIRED])
def test_questions_in_other_states_are_left_alone(app: Flask, bank: Bank, state: QuestionState) -> None:
    question = draft(bank)
    for target in [*{QuestionState.APPROVED: [QuestionState.IN_REVIEW]}.get(state, []), state]:
        move(question, target, LI, reason="示例原因")
    db.session.commit()
    assert submitting.submit(EVERY, actor=WANG, now=now()) == submitting.Batch((), ())
    assert state_of(question.id) is state


def test_the_timeline_of_each_question_tells_that_it_was_sent_with_others(app: Flask, bank: Bank, clock: Clock) -> None:
    question, bystander = draft(bank), draft(bank, "a-2", explanation="")
    clock.advance(minutes=1)
    submitting.submit(EVERY, actor=LI, now=now())
    clock.advance(minutes=1)
    edit(question, WANG, stem="改过的示例题干。")
    told = [(sentence, by) for _at, sentence, by in history(question)]
    assert told[1] == ("第 1 版与其他试题一并送审", LI.name)
    assert len(history(bystander)) == 1


def test_a_thousand_questions_take_a_handful_of_statements(app: Flask, bank: Bank) -> None:
    new = drafts(true_false(f"n-{number}", f"第{number}道示例判断题。") for number in range(1_000))
    service.add_drafts(new, {bank.code: bank.id}, actor=WANG, now=now())
    db.session.commit()
    with counted() as statements:
        assert len(submitting.submit(EVERY, actor=WANG, now=now()).ready) == 1_000
    assert len(statements) <= 10
    assert miscounted() == []


def test_what_is_ticked_in_the_list_of_drafts_is_sent(app: Flask, bank: Bank) -> None:
    first, second, third = draft(bank), draft(bank, "a-2"), draft(bank, "a-3")
    browser = author(app)
    page = browser.submit(ticked(browser.open("/banks/general?state=draft&sort=-code"), "a-1", "a-3"))
    assert "已送审 2 道试题" in page and page.request.query_string == "state=draft&sort=-code"
    assert [state_of(one.id) for one in (first, second, third)] == [
        QuestionState.IN_REVIEW,
        QuestionState.DRAFT,
        QuestionState.IN_REVIEW,
    ]


def test_what_stays_is_listed_with_what_it_lacks(app: Flask, bank: Bank) -> None:
    draft(bank)
    part = draft(bank, "a-2", explanation="", source_article="")
    browser = author(app)
    page = browser.submit(ticked(browser.open("/banks/general?state=draft"), "a-1", "a-2"))
    assert "已送审 1 道试题" in page and "1 道试题不能送审" in page.html.h1.get_text()
    (line,) = page.html.select("tbody tr")
    assert "a-2" in line.get_text() and "缺解析" in line.get_text() and "缺条文" in line.get_text()
    assert line.a["href"] == f"/questions/{part.id}"
    assert page.html.find("a", string="返回")["href"] == "/banks/general?state=draft"


def test_ticking_nothing_says_so_on_the_list(app: Flask, bank: Bank) -> None:
    draft(bank)
    browser = author(app)
    page = browser.submit(ticked(browser.open("/banks/general?state=draft")))
    assert "没有选择试题" in page and page.request.path == "/banks/general"


def test_what_somebody_else_sent_meanwhile_is_said(app: Flask, bank: Bank) -> None:
    question = draft(bank)
    browser = author(app)
    form = ticked(browser.open("/banks/general?state=draft"), "a-1")
    move(queries.question_by_id(question.id), QuestionState.IN_REVIEW, WANG)
    db.session.commit()
    assert "1 道试题已不是草稿或已暂停，没有处理" in browser.submit(form)


def test_only_lists_of_drafts_and_suspended_questions_have_boxes(app: Flask, bank: Bank) -> None:
    approved(bank)
    draft(bank)
    browser = author(app)
    for query, boxes in [("", 0), ("?state=approved", 0), ("?state=draft", 1)]:
        assert len(browser.open(f"/banks/general{query}").html.find_all(attrs={"name": "question"})) == boxes


@pytest.mark.parametrize("value", ["x", "-1", "²", "9" * 30])
def test_a_made_up_choice_is_refused(app: Flask, bank: Bank, value: str) -> None:
    posted(author(app), "/banks/general/submit", {"question": value}, 404)


def test_questions_of_another_bank_are_not_reached(app: Flask, bank: Bank) -> None:
    mines = sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", created_at=now()))
    question = draft(mines)
    posted(author(app), "/banks/general/submit", {"question": str(question.id)}, 302)
    assert state_of(question.id) is QuestionState.DRAFT


def imported(login: str) -> int:
    """Import two questions, one of them without source, as whoever has this login; returns the id of the import."""
    actor = sample.actor_of(db.session.scalars(sa.select(User).where(User.login == login)).one())
    facts = {"解析": "示例解析", "知识点": "示例知识点", "法规依据": "示例法规", "条款": "第一条"}
    rows = [row("导入的示例题干（　　）。", **facts), row("另一道导入的示例题干（　　）。")]
    context = {"bank": "general", "format": "xlsx"}
    found = imports.check_file(QUESTIONS, "a.xlsx", workbook_of(rows), context, actor=actor, now=now())
    assert found.rows_wrong == 0
    imports.load(QUESTIONS, found, leave_out_wrong=False, actor=actor, now=now())
    db.session.commit()
    return found.id


def test_a_whole_import_is_sent_and_what_stays_can_be_looked_at_again(app: Flask, bank: Bank) -> None:
    draft(bank)
    browser = author(app)
    import_id = imported("county")
    page = browser.open(f"/banks/imports/{import_id}/submit")
    assert "1 道试题可以送审" in page.html.h1.get_text()
    page = browser.submit(browser.form(page, "/submit"))
    assert "已送审 1 道试题" in page and "缺法规依据" in page
    assert "1 道试题不能送审" in browser.open(f"/banks/imports/{import_id}/submit").html.h1.get_text()
    waiting = sa.select(Question.import_id).where(Question.state == QuestionState.IN_REVIEW)
    db.session.rollback()
    assert db.session.scalars(waiting).all() == [import_id]


def test_nobody_sends_the_import_of_another(app: Flask, bank: Bank) -> None:
    sample.user("other", Role.REGULATOR, "330102", name="示例另一人")
    import_id = imported("other")
    browser = author(app)
    browser.open(f"/banks/imports/{import_id}/submit", status=404)
    posted(browser, f"/banks/imports/{import_id}/submit", {}, 404)


def test_what_one_mark_suspended_is_sent_from_the_page_of_the_document(app: Flask, bank: Bank) -> None:
    taken, by_hand = approved(
        bank,
        true_false("a-1", "示例题干甲。", source_document=LAW),
        true_false("a-2", "示例题干乙。", source_document=LAW),
    )
    move(by_hand, QuestionState.SUSPENDED, LI, reason="另有疑问")
    document = marked()
    browser = author(app)
    page = browser.open(f"/banks/sources/{document.id}")
    page = browser.open(page.html.find("a", string="送审因它暂停的 1 题")["href"])
    page = browser.submit(browser.form(page, "/submit"))
    assert "已送审 1 道试题" in page and page.request.path == f"/banks/sources/{document.id}"
    assert (state_of(taken.id), state_of(by_hand.id)) == (QuestionState.IN_REVIEW, QuestionState.SUSPENDED)
    assert "送审因它暂停" not in page


def test_what_came_back_and_was_suspended_by_hand_is_not_among_them(app: Flask, bank: Bank, clock: Clock) -> None:
    (question,) = approved(bank, true_false("a-1", "示例题干甲。", source_document=LAW))
    document = marked()
    clock.advance(minutes=1)
    move(question, QuestionState.IN_REVIEW, WANG)
    move(question, QuestionState.APPROVED, LI, compared=compared(question))
    move(question, QuestionState.SUSPENDED, LI, reason="另有疑问")
    db.session.commit()
    assert submitting.count_of(submitting.taken_out_by(document)) == 0


def test_nothing_is_offered_for_a_repealed_document(app: Flask, bank: Bank) -> None:
    approved(bank, true_false("a-1", "示例题干甲。", source_document=LAW))
    document = marked(Standing.REPEALED)
    browser = author(app)
    assert "送审因它暂停" not in browser.open(f"/banks/sources/{document.id}")
    page = browser.open(f"/banks/sources/{document.id}/submit")
    assert "1 道试题不能送审" in page.html.h1.get_text() and "依据已废止" in page
