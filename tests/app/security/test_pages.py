"""What every answer carries, what no request gets past, and what an error shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.access import public
from app.certification import service as certification
from app.core import limits
from app.core.actors import Role
from app.core.db import db
from app.core.http import LARGEST_ID
from tests import sample
from tests.app.certification.samples import issued
from tests.page import Browser


def administrator(app: Flask) -> Browser:
    sample.user("admin", Role.ADMINISTRATOR)
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("admin", sample.PASSWORD)
    return browser


def test_every_post_without_a_token_is_refused(app: Flask) -> None:
    browser = administrator(app)
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
        assert len(rules) > 40
    for rule in rules:
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<int:\w+>", "1", path)
        path = re.sub(r"<\w+>", "zh", path)
        answer = browser.web.post(path, {}, expect_errors=True)
        assert answer.status_int == 400 and "表单已失效" in answer.text, path
        answer = browser.web.post_json(path, {}, expect_errors=True, headers={"Accept": "application/json"})
        assert (answer.status_int, answer.json["code"]) == (400, "form_expired"), path


ASKING = {
    "/banks/<code>/submit": "what can be sent to review, and what lacks what",
    "/banks/imports/<int:import_id>/submit": "the same of an import",
    "/banks/sources/<int:document_id>/submit": "the same of what one document took out",
    "/banks/review/approve": "leads back to the queue",
}
"""Addresses of an act that also answer GET, and with what."""


def test_no_route_changes_anything_on_get(app: Flask) -> None:
    """Addresses named after an act take POST alone, but for pages that ask first. Those have tests of their own."""
    words = ("load", "undo", "open", "start", "approve", "submit", "starter", "sign-out", "language", "role")
    for rule in app.url_map.iter_rules():
        if rule.rule not in ASKING and any(word in rule.rule.split("/") for word in words):
            assert "GET" not in (rule.methods or ()), rule.rule


def test_every_page_forbids_foreign_and_inline_content(app: Flask) -> None:
    for address in ("/", "/sign-in", "/enter", "/verify", "/nowhere", "/v/nothing"):
        answer = Browser(app).web.get(address, expect_errors=True)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_scripts_need_nothing_that_the_policy_forbids() -> None:
    for script in Path("app/static").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(
            r"\beval\(|new Function|(?:inner|outer)HTML\s*\+?=|insertAdjacentHTML|document\.write|\.style\b", text
        )


def test_documents_and_workbooks_are_kept_by_no_cache(app: Flask) -> None:
    certificate = issued()
    certification.keep_drawn(certificate)
    db.session.commit()
    browser = administrator(app)
    for address in (
        f"/certificates/{certificate.id}/pdf",
        "/certificates?format=xlsx",
        "/enterprises?format=xlsx",
        "/coverage/2026/330000.xlsx",
        "/roster/template.xlsx",
    ):
        assert browser.web.get(address).headers["Cache-Control"] == "no-store", address


def test_what_is_the_same_for_everybody_may_be_kept(app: Flask) -> None:
    for address in ("/static/bikao.css", "/verify/keys.json"):
        assert "no-store" not in Browser(app).web.get(address).headers.get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/sessions/{}", "/certificates/{}", "/enterprises/{}", "/people/{}", "/jobs/{}"])
def test_a_number_that_no_record_can_have_leads_nowhere(app: Flask, address: str) -> None:
    browser = administrator(app)
    for number in (LARGEST_ID, LARGEST_ID + 1, 10**40):
        assert browser.web.get(address.format(number), expect_errors=True).status_int == 404


@pytest.mark.parametrize("address", ["/enterprises?q=%00", "/coverage?region=%00", "/v/%00", "/fairness/%00"])
def test_a_nul_is_refused(app: Flask, address: str) -> None:
    assert administrator(app).web.get(address, expect_errors=True).status_int in (400, 404)


def test_a_nul_in_a_form_is_refused(app: Flask) -> None:
    browser = Browser(app)
    form = next(one for one in browser.open("/sign-in").forms.values() if "login" in one.fields)
    form["login"], form["password"] = "a\0b", "x"
    assert form.submit(expect_errors=True).status_int == 400


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "\\", '"; DROP TABLE person; --'])
def test_signs_of_sql_in_a_search_are_only_signs(app: Flask, words: str) -> None:
    sample.enterprise("示例企业")
    page = administrator(app).open("/enterprises", params={"q": words})
    assert "示例企业" not in page.html.find("main").get_text()


def test_an_unforeseen_error_shows_a_sentence_and_no_trace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    @public
    def broken() -> Any:
        db.session.execute(sa.text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": "章示例"})

    monkeypatch.setitem(app.view_functions, "accounts.home", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = Browser(app).web.get("/", expect_errors=True)
    assert answer.status_int == 500 and "意外错误" in answer.text
    assert not any(word in answer.text for word in ("Traceback", "SELECT", "章示例", "sqlalchemy", ".py"))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_limits_count_a_subscriber_and_not_each_of_their_addresses(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.reader_address() == counted


def test_a_forwarded_address_is_not_believed_without_a_proxy(app: Flask) -> None:
    with app.test_request_context(
        headers={"X-Forwarded-For": "203.0.113.9"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    ):
        assert limits.reader_address() == "192.0.2.7"


def test_the_public_pages_are_bounded(app: Flask) -> None:
    bounds = {"/v/{}": 10, "/fairness/{}": 60, "/verify/keys.json": 60}
    for address, most in bounds.items():
        limits.limiter.reset()
        browser = Browser(app)
        statuses = [browser.web.get(address.format(n), expect_errors=True).status_int for n in range(most + 1)]
        assert 429 not in statuses[:most] and statuses[most] == 429, address
