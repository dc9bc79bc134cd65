"""Export of questions on the pages: what comes back, what is lost, and who may."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from app import worker
from app.banks import exporting, service
from app.banks.models import Bank, QuestionState, QuestionVersion
from app.banks.models import Question as Stored
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS
from question_bank.formats.gift import Gift
from question_bank.options import Option
from question_bank.questions import Question
from tests.app.banks.samples import LI, WANG, entered, single_choice, true_false
from tests.page import check_page


@pytest.mark.parametrize("code", sorted(FORMATS))
def test_what_is_exported_on_the_pages_comes_back_equal(app: Flask, bank: Bank, code: str) -> None:
    for content in (single_choice("sc-1"), true_false("tf-1")):
        service.create(bank, content, actor=LI, now=now())
    before = {one["code"]: one for one in db.session.scalars(sa.select(QuestionVersion.payload))}
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = browser.open("/banks/general/export")
    form = browser.form(page, "")
    form = next(one for one in page.forms.values() if "format" in one.fields)
    form["format"] = code
    page = browser.submit(form)
    worker.run_all()
    page = check_page(browser.web.get(page.request.path).follow())
    assert "已写好 2 道试题" in page
    data = browser.web.get(page.request.path + "/file").body
    again = {one.stem: one for one in FORMATS[code].read(data, "general").questions}
    for payload in before.values():
        assert list(again[payload["stem"]].key) == payload["key"]
    assert ("知识点" in page) == (code == "aiken")


def test_an_export_is_its_owners_alone(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=LI, now=now())
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = browser.open("/banks/general/export")
    page = browser.submit(next(one for one in page.forms.values() if "format" in one.fields))
    worker.run_all()
    done = check_page(browser.web.get(page.request.path).follow())
    other = entered(app, "li", Role.REGULATOR, "330000")
    other.open(done.request.path, status=404)
    other.open(done.request.path + "/file", status=404)


def test_an_empty_bank_has_nothing_to_export_and_says_so(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = browser.open("/banks/general/export")
    page = browser.submit(next(one for one in page.forms.values() if "format" in one.fields))
    worker.run_all()
    assert "没有符合条件的试题" in browser.open(page.request.path)


def test_approved_questions_are_offered_first_and_the_page_says_what_was_exported(app: Flask, bank: Bank) -> None:
    for content in (single_choice("sc-1"), true_false("tf-1")):
        service.create(bank, content, actor=LI, now=now())
    approve("sc-1")
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = browser.open("/banks/general/export")
    assert "已审定（1）" in page.html.find("option", selected=True, value="approved").get_text()
    page = browser.submit(next(one for one in page.forms.values() if "format" in one.fields))
    worker.run_all()
    page = check_page(browser.web.get(page.request.path).follow())
    assert "已写好 1 道试题" in page and "已审定" in page.html.find(class_="state").get_text()
    assert "从文件导入的都是草稿" in page
    listed = browser.open("/banks/imports").html.find(id="exports").find_parent("section")
    assert listed.find("a")["href"] == page.request.path


def test_questions_that_a_format_cannot_hold_are_linked(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=LI, now=now())
    numeric = service.create(bank, number("n-1"), actor=LI, now=now())
    db.session.commit()
    address = f"/questions/{numeric.id}"
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    form = next(one for one in browser.open("/banks/general/export").forms.values() if "format" in one.fields)
    form["format"] = "aiken"
    page = browser.submit(form)
    worker.run_all()
    page = check_page(browser.web.get(page.request.path).follow())
    assert page.html.find("a", string="n-1")["href"] == address


def number(code: str) -> Question:
    """Return a question that Aiken cannot hold."""
    content = single_choice(code)
    return replace(content, kind="numeric", stem="示例有几项", options=(Option("A", "3"),), key=("A",))


def approve(code: str) -> None:
    question = db.session.scalars(sa.select(Stored).where(Stored.code == code)).one()
    seen = question.versions[0].digest
    service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=LI, now=now())
    service.move(question, QuestionState.APPROVED, seen=seen, actor=WANG, now=now())
    db.session.commit()


def test_a_file_that_could_not_be_read_again_is_refused_in_words(
    app: Flask, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_args: object, **_options: object) -> bytes:
        raise FileRefusedError("file_too_large", bytes=1, most=1)

    monkeypatch.setattr(Gift, "write", too_large)
    with pytest.raises(ServiceError) as refused:
        exporting.exported([single_choice("sc-1")], "gift")
    assert "（文件过大）" in worded(refused.value)
