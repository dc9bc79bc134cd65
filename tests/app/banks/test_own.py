"""An author's own questions: drafts, what was sent back and why, what waits."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.banks import service
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Actor, Role
from app.core.clock import now
from app.core.db import db
from tests import sample
from tests.app.banks.samples import LI, WANG, drafts, entered, true_false
from tests.app.banks.test_lifecycle import edit, move
from tests.app.banks.test_pages import statements_of
from tests.page import Browser


@pytest.fixture
def author(app: Flask) -> Browser:
    return entered(app, "county", Role.REGULATOR, "330102")


def me() -> Actor:
    return sample.actor_of(db.session.scalars(sa.select(User).where(User.login == "county")).one())


def written(bank: Bank, code: str, by: Actor | None = None, **changes: Any) -> Question:
    content = true_false(code, f"{code}：示例判断题的题干。", **changes)
    return service.create(bank, content, actor=by or me(), now=now())


def listed(page: Any) -> list[str]:
    return [row.find("td").get_text(strip=True) for row in page.html.select("tbody tr")]


def test_drafts_and_what_waits_are_listed_with_what_is_missing(app: Flask, bank: Bank, author: Browser) -> None:
    written(bank, "a-1", explanation="")
    move(written(bank, "a-2"), QuestionState.IN_REVIEW, me())
    written(bank, "w-1", WANG)
    done = move(written(bank, "a-3"), QuestionState.IN_REVIEW, me())
    move(done, QuestionState.APPROVED, LI)
    db.session.commit()
    page = author.open("/banks/own")
    assert listed(page) == ["a-2", "a-1"]
    assert "送审前还要补充：缺解析" in page
    assert listed(author.open("/banks/own?stage=approved")) == ["a-3"]
    assert listed(author.open("/banks/own?stage=in_review&q=a-2")) == ["a-2"]


def test_what_was_sent_back_stands_there_with_the_reason(app: Flask, bank: Bank, author: Browser) -> None:
    for code in ("a-1", "a-2"):
        move(written(bank, code), QuestionState.IN_REVIEW, me())
    first = db.session.scalars(sa.select(Question).where(Question.code == "a-1")).one()
    move(first, QuestionState.DRAFT, LI, reason="选项C表述不准确")
    db.session.commit()
    page = author.open("/banks/own?stage=returned")
    assert "1 道试题被退回修改" in page.html.h1.get_text() and listed(page) == ["a-1"]
    assert "李示例 退回修改：选项C表述不准确" in page.html.tbody.get_text()
    move(first, QuestionState.IN_REVIEW, me())
    db.session.commit()
    assert listed(author.open("/banks/own?stage=returned")) == []


def test_who_last_changed_a_question_has_it_on_the_list(app: Flask, bank: Bank, author: Browser) -> None:
    edit(written(bank, "a-1"), LI, stem="别人改过的示例题干。")
    edit(written(bank, "w-1", WANG), me(), stem="本人改过的示例题干。")
    db.session.commit()
    assert listed(author.open("/banks/own")) == ["w-1"]


def test_somebody_without_questions_is_told_what_to_do(app: Flask, bank: Bank, author: Browser) -> None:
    page = author.open("/banks")
    page = author.open(page.html.find("a", string="我的试题")["href"])
    assert "没有等您处理的试题" in page


def test_many_questions_cost_no_more_statements(app: Flask, bank: Bank, author: Browser) -> None:
    written(bank, "a-1")
    db.session.commit()
    few = statements_of(author, "/banks/own")
    new = drafts(true_false(f"n-{number}", f"第{number}道示例判断题。") for number in range(30))
    service.add_drafts(new, {bank.code: bank.id}, actor=me(), now=now())
    db.session.commit()
    assert statements_of(author, "/banks/own") == few <= 9
