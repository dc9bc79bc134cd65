"""Comments on questions: who may write them, that they stay, where they are shown."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditEvent
from app.audit.service import faults
from app.banks import comments, service, undoing
from app.banks.history import history
from app.banks.models import Bank, Question
from app.banks.models_review import QuestionComment
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import MESSAGES, ServiceError
from app.core.imports import Import
from tests.app.banks.samples import LI, WANG, drafts, entered, single_choice, true_false
from tests.app.banks.test_pages import OTHERS, posted, statements_of
from tests.conftest import Clock
from tests.page import Browser


def drafted(bank: Bank) -> Question:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    db.session.commit()
    return question


def say(browser: Browser, question: Question, text: str) -> object:
    form = browser.form(browser.open(f"/questions/{question.id}"), "/comments")
    form["text"] = text
    return browser.submit(form)


def test_a_comment_stands_on_the_page_and_in_the_history_and_its_text_not_in_the_audit(app: Flask, bank: Bank) -> None:
    question = drafted(bank)
    browser = entered(app, "county", Role.REGULATOR, "330102")
    page = say(browser, question, "  选项C与条文不一致。\n请核对。 ")
    assert "意见已提交" in page
    assert (
        "选项C与条文不一致。\n请核对。" in page.html.find("section", attrs={"aria-labelledby": "comments"}).get_text()
    )
    assert "对第 1 版提出意见" in page.html.find("section", attrs={"aria-labelledby": "history"}).get_text()
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "QuestionCommented")).one()
    assert set(event.data) == {"comment_id", "version"}
    assert list(faults()) == []


def test_markup_in_a_comment_is_text(app: Flask, bank: Bank) -> None:
    question = drafted(bank)
    page = say(entered(app, "admin", Role.ADMINISTRATOR), question, "<script>alert(1)</script><b>粗</b>")
    assert "&lt;script&gt;" in page.text and "<b>粗</b>" not in page.text


@pytest.mark.parametrize(("text", "words"), [("  ", "请写下意见"), ("字" * 2001, "超过上限 2000 字")])
def test_an_empty_or_endless_comment_is_refused_with_what_was_typed(
    app: Flask, bank: Bank, text: str, words: str
) -> None:
    question = drafted(bank)
    page = say(entered(app, "admin", Role.ADMINISTRATOR), question, text)
    assert words in page.html.find(id="text-error").get_text()
    assert page.html.find("textarea").get_text().strip() == text.strip()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionComment)) == 0


def test_the_longest_comment_is_kept_whole(app: Flask, bank: Bank) -> None:
    assert len(comments.comment(drafted(bank), "字" * 2000, actor=LI, now=now()).text) == 2000


@pytest.mark.parametrize(("role", "scope"), OTHERS)
def test_nobody_else_comments(app: Flask, bank: Bank, role: Role, scope: str) -> None:
    question = drafted(bank)
    posted(entered(app, "other", role, scope), f"/questions/{question.id}/comments", {"text": "示例"}, 403)
    assert comments.comments_on(question.id) == []


def test_a_comment_is_neither_changed_nor_deleted(app: Flask, bank: Bank) -> None:
    comments.comment(drafted(bank), "示例评论", actor=LI, now=now())
    db.session.commit()
    replacing = sa.text("INSERT OR REPLACE INTO question_comment SELECT * FROM question_comment")
    statements = [sa.update(QuestionComment).values(text="改过"), sa.delete(QuestionComment)]
    if db.engine.dialect.name == "sqlite":
        statements.append(replacing)
    for statement in statements:
        with pytest.raises(DBAPIError):
            db.session.execute(statement)
        db.session.rollback()
    assert db.session.scalars(sa.select(QuestionComment.text)).all() == ["示例评论"]


def test_a_comment_says_which_version_it_is_about(app: Flask, bank: Bank, clock: Clock) -> None:
    question = drafted(bank)
    comments.comment(question, "第一版的评论", actor=LI, now=now())
    seen = question.versions[0].digest
    clock.advance(hours=1)
    service.edit(question, single_choice(stem="改过的示例题干（　　）。"), seen=seen, actor=LI, now=now())
    comments.comment(question, "第二版的评论", actor=WANG, now=now())
    assert [(one.version, one.text) for one in comments.comments_on(question.id)] == [
        (1, "第一版的评论"),
        (2, "第二版的评论"),
    ]
    assert comments.counts([question.id]) == {question.id: 2}
    assert [line[1] for line in history(question)][-1] == "对第 2 版提出意见"


def test_an_import_that_was_commented_on_is_not_undone(app: Flask, bank: Bank) -> None:
    imported = Import(
        kind="questions",
        filename="a.xlsx",
        digest="0" * 64,
        context={},
        rows_total=1,
        rows_wrong=0,
        errors=[],
        summary={},
        created_at=now(),
    )
    db.session.add(imported)
    db.session.flush()
    service.add_drafts(drafts([true_false()]), {"general": bank.id}, import_id=imported.id, actor=WANG, now=now())
    question = db.session.scalars(sa.select(Question)).one()
    comments.comment(question, "示例评论", actor=LI, now=now())
    assert "question_import_in_use" in MESSAGES
    with pytest.raises(ServiceError, match="question_import_in_use"):
        undoing.undo(imported, WANG, now())


def test_many_comments_cost_the_page_nothing_more(app: Flask, bank: Bank) -> None:
    question = drafted(bank)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    few = statements_of(browser, f"/questions/{question.id}")
    for number in range(20):
        comments.comment(question, f"评论 {number}", actor=LI, now=now())
    db.session.commit()
    assert statements_of(browser, f"/questions/{question.id}") == few
