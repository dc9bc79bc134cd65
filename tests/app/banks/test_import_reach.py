"""Whose imports somebody opens and undoes on the web: their own; administrators everybody's, those of commands too."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks.importing import QUESTIONS
from app.banks.models import Bank, QuestionState
from app.core import imports
from app.core.actors import COMMAND, SYSTEM, Actor, Role
from app.core.clock import now
from app.core.db import db
from app.core.imports import Import, ImportState
from tests.app.banks.files import count
from tests.app.banks.samples import WANG, entered, row, workbook_of
from tests.app.banks.test_two_people import SOURCED
from tests.page import Browser


def brought(actor: Actor, name: str = "命令.xlsx", *, via: str = "", load: bool = True) -> int:
    content = workbook_of([row("示例题干甲（　　）。", **SOURCED), row("示例题干乙（　　）。", **SOURCED)])
    kept = imports.check_file(QUESTIONS, name, content, {"bank": "general"}, actor=actor, now=now())
    kept.summary = {**kept.summary, "via": via}
    if load:
        imports.load(QUESTIONS, kept, actor=actor, now=now())
    db.session.commit()
    return kept.id


def posted(browser: Browser, address: str) -> int:
    """Post to *address* as a page's form would, and return the status."""
    token = browser.open("/password").html.find("input", attrs={"name": "csrf_token"})["value"]
    return int(browser.web.post(address, {"csrf_token": token}, expect_errors=True).status_int)


@pytest.mark.parametrize("actor", [SYSTEM, WANG], ids=["by command", "by somebody else"])
def test_an_administrator_finds_opens_sends_and_undoes_what_others_brought(
    app: Flask, bank: Bank, actor: Actor
) -> None:
    import_id = brought(actor, via=COMMAND if actor is SYSTEM else "")
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    listed = browser.open("/banks/imports")
    section = listed.html.find("section", attrs={"aria-labelledby": "others"})
    assert "命令.xlsx" in section.get_text() and "系统" in section.get_text()
    page = browser.open(f"/banks/imports/{import_id}")
    assert ("系统 通过命令行导入" if actor is SYSTEM else "系统 上传") in page
    assert browser.open(f"/banks/imports/{import_id}/submit")
    asked = browser.open(f"/banks/imports/{import_id}/confirm-undo")
    assert "将要删除" in asked
    undone = browser.submit(browser.form(asked, "/undo"))
    assert "已全部删除" in undone
    db.session.rollback()
    assert (count(), db.session.get_one(Import, import_id).state) == (0, ImportState.UNDONE)


def test_what_an_administrator_sends_of_it_somebody_else_approves(app: Flask, bank: Bank) -> None:
    import_id = brought(SYSTEM)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    browser.submit(browser.form(browser.open(f"/banks/imports/{import_id}/submit"), "/submit"))
    states = sa.text("SELECT state, count(*) FROM question GROUP BY state")
    assert db.session.execute(states).all() == [(QuestionState.IN_REVIEW.value, 2)]
    queue = browser.open("/banks/review")
    assert "您送审的试题没有编写人" in queue
    assert not queue.html.find_all("input", attrs={"name": "question"})


def test_an_administrator_does_not_load_what_somebody_else_has_only_checked(app: Flask, bank: Bank) -> None:
    import_id = brought(WANG, load=False)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    page = browser.open(f"/banks/imports/{import_id}")
    assert not [form for form in page.forms.values() if form.action.endswith("/load")]
    assert posted(browser, f"/banks/imports/{import_id}/load") == 404
    assert count() == 0


@pytest.mark.parametrize("actor", [SYSTEM, WANG], ids=["by command", "by somebody else"])
def test_others_are_refused_what_is_not_theirs(app: Flask, bank: Bank, actor: Actor) -> None:
    import_id = brought(actor)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    listed = browser.open("/banks/imports")
    assert "命令.xlsx" not in listed
    for part in ("", "/findings.xlsx", "/confirm-undo", "/submit"):
        assert browser.web.get(f"/banks/imports/{import_id}{part}", status=404)
    for part in ("/load", "/undo", "/submit"):
        assert posted(browser, f"/banks/imports/{import_id}{part}") == 404
    assert count() == 2
