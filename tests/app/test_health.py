"""The administrator's page of checks: the same findings as `bikao check`, in the reader's language."""

from __future__ import annotations

import re

from flask import Flask

from app.core.actors import Role
from app.core.checks import run_checks
from app.core.db import db
from tests import sample
from tests.page import Browser


def test_every_check_is_worded_in_chinese_and_says_what_the_command_says_in_english(app: Flask) -> None:
    sample.user("boss", Role.ADMINISTRATOR)
    db.session.commit()
    page = Browser(app).sign_in("boss", sample.PASSWORD)
    found = [row.find_all("td")[2].get_text(strip=True) for row in page.html.select("tbody tr")]
    assert len(found) == len(run_checks()) == 5
    assert all(re.search("[一-鿿]", detail) for detail in found)
    assert all(check.detail.isascii() for check in run_checks())
