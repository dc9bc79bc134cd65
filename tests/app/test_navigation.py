"""The main navigation shows in which area a page lies, also below the first page of the area."""

from __future__ import annotations

import pytest
from flask import Flask

from app.banks.models import Bank
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from tests import sample
from tests.app.banks.samples import entered
from tests.app.banks.test_pages import waiting


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/banks", [("题库审定", "page")]),
        ("/banks/sources", [("题库审定", "true")]),
        ("/questions/1", [("题库审定", "true")]),
        ("/coverage", [("覆盖率", "page")]),
        ("/password", []),
    ],
)
def test_the_entry_of_the_area_is_marked(app: Flask, address: str, marked: list[tuple[str, str]]) -> None:
    bank = sample.added(Bank(code="general", name_zh="通用题库", name_en="General", created_at=now()))
    db.session.flush()
    waiting(bank)
    page = entered(app, "city", Role.REGULATOR, "330100").open(address)
    entries = page.html.find("nav", attrs={"aria-label": "主导航"}).find_all("a", attrs={"aria-current": True})
    assert [(one.get_text(), one["aria-current"]) for one in entries] == marked


def test_each_cell_of_a_list_says_what_it_is(app: Flask) -> None:
    """On a phone rows are shown as cards, without the heading of the table."""
    bank = sample.added(Bank(code="general", name_zh="通用题库", name_en="General", created_at=now()))
    db.session.flush()
    waiting(bank)
    page = entered(app, "city", Role.REGULATOR, "330100").open("/banks/general")
    headings = [one.get_text() for one in page.html.select("thead th")]
    assert [one["data-label"] for one in page.html.select("tbody td")] == headings
