"""People and files for the tests of the banks."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from flask import Flask
from openpyxl import Workbook, load_workbook

from app.banks import copies
from app.core.actors import Actor, Role
from app.core.db import db
from question_bank.formats import FORMATS
from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.questions import Question as Content
from tests import sample
from tests.page import Browser

SOURCED = {
    "explanation": "示例解析。",
    "knowledge_point": "示例知识点",
    "source_document": "示例法规",
    "source_article": "第一条",
}
WANG = Actor(101, "王示例", Role.REGULATOR, "330000")
LI = Actor(102, "李示例", Role.REGULATOR, "330000")


def true_false(code: str = "tf-1", stem: str = "示例判断题的题干。", **changes: Any) -> Content:
    options = KINDS["true_false"].fixed_options
    return Content(code, 1, "general", "true_false", stem, options, **{"key": ("A",), **SOURCED, **changes})


def single_choice(code: str = "sc-1", stem: str = "下列哪一项是示例（　　）。", **changes: Any) -> Content:
    options = lettered(["示例甲", "示例乙", "示例丙", "示例丁"])
    return Content(code, 1, "general", "single_choice", stem, options, **{"key": ("B",), **SOURCED, **changes})


def drafts(contents: Iterable[Content]) -> list[copies.Draft]:
    """Return *contents* ready for add_drafts."""
    return [copies.draft_of(content) for content in contents]


def workbook_of(rows: list[dict[str, Any]]) -> bytes:
    """Return the library's own template with *rows* (heading -> cell) in place of its samples."""
    book: Workbook = load_workbook(io.BytesIO(FORMATS["xlsx"].template()))
    sheet = book.worksheets[0]
    headings = [str(cell.value) for cell in sheet[1]]
    sheet.delete_rows(2, sheet.max_row)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def row(stem: str, **changes: Any) -> dict[str, Any]:
    """Return a good row of a single choice question; changes by heading."""
    good = {"题型": "单选题", "题干": stem, "选项A": "示例甲", "选项B": "示例乙", "选项C": "示例丙", "答案": "B"}
    return {**good, **changes}


def entered(app: Flask, login: str, role: Role, scope: str = "") -> Browser:
    """Return a browser in which somebody has signed in."""
    sample.user(login, role, scope, name=f"示例{login}")
    db.session.commit()
    browser = Browser(app)
    page = browser.open("/sign-in?next=/password")
    form = next(one for one in page.forms.values() if "login" in one.fields)
    form["login"], form["password"] = login, sample.PASSWORD
    browser.submit(form)
    return browser
