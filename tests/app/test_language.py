"""Two languages: with English chosen, nothing of the interface is left in Chinese.

The pages are opened on an almost empty database, so whatever Chinese they show is the interface's own: what little
there is has names in Latin letters, and quotations of plans, laws and questions are marked lang="zh-CN".
"""

from __future__ import annotations

import re
from datetime import date
from typing import TypeVar

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from webtest.response import TestResponse

from app.accounts.access import AccessRule
from app.banks.reference import load_banks
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.i18n import COOKIE, listed
from app.institutions.models import ExamSite, Institution
from app.registry.models import Enterprise, Person
from app.training.reference import load_reference
from courses import regions
from courses.plans import plans
from tests import sample
from tests.page import Browser, check_page

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-label")
EVERYBODY: tuple[Role | None, ...] = (None, *Role)
LOGIN = "sample"


Body = TypeVar("Body", Institution, ExamSite, Enterprise)


def named(row: Body) -> Body:
    row.name = "Sample Organisation"
    return row


def scope_of(role: Role) -> str:
    """Return the scope of an account in *role*, adding the body that it belongs to."""
    if role is Role.INSTITUTION:
        return named(sample.institution()).code
    if role is Role.EXAM_SITE:
        return named(sample.exam_site()).code
    if role is Role.ENTERPRISE:
        return named(sample.enterprise()).credit_code
    return "330100" if role is Role.REGULATOR else ""


def add_reader(role: Role) -> None:
    """Add an account in *role*; a trainee's belongs to a person who holds an appointment."""
    if role is not Role.TRAINEE:
        sample.user(LOGIN, role, scope_of(role), name="Sample Reader")
        return
    who: Person = sample.person("Sample Reader")
    assert who.user is not None
    borrowed = sample.user("lender", Role.ADMINISTRATOR)
    who.user.login, who.user.password_hash = LOGIN, borrowed.password_hash
    where = sample.enterprise()
    named(where)
    sample.appointment(who, where, since=date(2025, 1, 1))


def english(app: Flask, role: Role | None = None) -> Browser:
    """Return a browser that has chosen English, signed in as *role*."""
    browser = Browser(app)
    browser.web.set_cookie(COOKIE, "en")
    if role is not None:
        add_reader(role)
        db.session.commit()
        browser.sign_in(LOGIN, sample.PASSWORD)
    return browser


def places(app: Flask, role: Role | None) -> list[str]:
    """Return the addresses without arguments that open for *role*, or for anybody."""
    found = []
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access_rule", None)
        is_open = isinstance(access, AccessRule) and (access.is_public or role in access.roles)
        if is_open and not rule.arguments and "GET" in (rule.methods or ()):
            found.append(rule.rule)
    return sorted(found)


def chinese_in(page: TestResponse) -> list[str]:
    """Return the Chinese that *page* says to its reader outside what it marks as Chinese."""
    if not page.content_type.startswith("text/html"):
        return []
    soup = BeautifulSoup(page.text, "html.parser")
    assert soup.html is not None and soup.html["lang"] == "en", page.request.path
    for own in soup.find_all(["script", "style"]) + soup.find_all(lang="zh-CN"):
        own.decompose()
    said = [str(text) for text in soup.find_all(string=True)]
    said += [str(tag[name]) for tag in soup.find_all(True) for name in SPOKEN if tag.get(name)]
    return [text.strip()[:80] for text in map(without_numbers, said) if CHINESE.search(text)]


def without_numbers(text: str) -> str:
    """Return *text* without the numbers of the plans' documents, which are Chinese in every language."""
    for plan in plans().values():
        text = text.replace(plan.document_number, "")
    return text


def opened(browser: Browser, address: str) -> TestResponse:
    page = browser.web.get(address, expect_errors=True)
    while page.status_int in (302, 303):
        page = page.follow(expect_errors=True)
    return check_page(page)


@pytest.mark.parametrize("role", EVERYBODY)
def test_english_pages_say_nothing_in_chinese(app: Flask, role: Role | None) -> None:
    load_reference(now=now())
    load_banks(now())
    browser = english(app, role)
    assert len(places(app, role)) > 5
    assert {place: left for place in places(app, role) if (left := chinese_in(opened(browser, place)))} == {}


@pytest.mark.parametrize("address", ["/no-such-page", "/health", "/verify/no-such-token"])
def test_refusals_are_worded_in_english(app: Flask, address: str) -> None:
    assert chinese_in(opened(english(app, Role.ENTERPRISE), address)) == []


def test_what_a_form_refuses_is_worded_in_english(app: Flask) -> None:
    browser = english(app, Role.ADMINISTRATOR)
    form = next(one for one in browser.open("/password").forms.values() if "repeat" in one.fields)
    form["password"], form["repeat"] = "short", "different"
    page = browser.submit(form, status=200)
    assert page.html.find(id="errors") is not None and chinese_in(page) == []


def test_the_page_names_its_language_and_offers_the_other(app: Flask) -> None:
    english_page, chinese_page = english(app).open("/verify"), Browser(app).open("/verify")
    assert english_page.html.html["lang"] == "en" and english_page.html.find("button", lang="zh-CN")
    assert chinese_page.html.html["lang"] == "zh-CN" and chinese_page.html.find("button", lang="en")


@pytest.mark.parametrize(
    ("chosen", "items", "clauses"), [("zh", "甲、乙", "甲；乙"), ("en", "甲, 乙", "甲; 乙"), ("xx", "甲、乙", "甲；乙")]
)
def test_lists_are_parted_as_the_language_parts_them(app: Flask, chosen: str, items: str, clauses: str) -> None:
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={chosen}"}):
        assert listed(["甲", "乙"]) == items and listed(["甲", "乙"], clauses=True) == clauses


def test_every_region_has_a_name_in_latin_letters() -> None:
    assert [each.code for each in regions.regions() if CHINESE.search(each.name_en)] == []
