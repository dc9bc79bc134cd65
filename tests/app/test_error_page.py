"""Refusals as pages: a title that says what kind, and a way on for whoever came."""

from __future__ import annotations

from flask import Flask

from app.core.actors import Role
from app.core.db import db
from tests import sample
from tests.page import Browser


def test_an_address_that_leads_nowhere_says_so_and_leads_home(app: Flask) -> None:
    page = Browser(app).open("/no-such-page", status=404)
    assert page.html.h1.get_text() == "没有找到"
    assert page.html.find("main").find("a").get_text() == "回到首页"


def test_whoever_may_not_see_a_page_is_told_so(app: Flask) -> None:
    sample.user("staff", Role.INSTITUTION, "PX01")
    sample.institution("PX01")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    assert browser.open("/institutions", status=403).html.h1.get_text() == "没有权限"


def test_a_signed_out_checker_is_led_back_to_the_check(app: Flask) -> None:
    page = Browser(app).open("/verify/no-such-page", status=404)
    link = page.html.find("main").find("a")
    assert (link.get_text(), link["href"]) == ("回到核验", "/verify")
