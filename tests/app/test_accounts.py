"""Signing in, and the rule that every route declares who may open it."""

from __future__ import annotations

from flask import Flask

from app.accounts import service
from app.accounts.access import AccessRule
from app.core.actors import SYSTEM, Role
from app.core.clock import now
from app.core.db import db
from tests.conftest import Clock
from tests.page import Browser

PASSWORD = "sample-password-1"


def add_regulator() -> None:
    service.add_user("wang", "王示例", PASSWORD, Role.ADMINISTRATOR, "", actor=SYSTEM, now=now())
    db.session.commit()


def test_every_route_declares_who_may_open_it(app: Flask) -> None:
    undeclared = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in ("static", "bootstrap.static")
        and not isinstance(getattr(app.view_functions[rule.endpoint], "access_rule", None), AccessRule)
    ]
    assert undeclared == []


def test_the_front_door_opens_for_anybody(app: Flask) -> None:
    assert "登录" in Browser(app).open("/").text


def test_a_user_with_the_right_password_comes_home(app: Flask) -> None:
    add_regulator()
    page = Browser(app).sign_in("wang", PASSWORD)
    assert page.request.path == "/health"


def test_a_wrong_password_is_refused_in_words(app: Flask) -> None:
    add_regulator()
    assert "账号或密码不对" in Browser(app).sign_in("wang", "wrong-password").text


def test_ten_wrong_passwords_lock_the_account_for_a_while(app: Flask, clock: Clock) -> None:
    add_regulator()
    for _attempt in range(10):
        user = service.user_by_login("wang")
        assert not service.check_password(user, "wrong-password", now=now())
        db.session.commit()
    assert "账号或密码不对" in Browser(app).sign_in("wang", PASSWORD).text
    clock.advance(minutes=16)
    assert Browser(app).sign_in("wang", PASSWORD).request.path == "/health"


def test_a_new_password_ends_the_other_sessions(app: Flask) -> None:
    add_regulator()
    browser = Browser(app)
    browser.sign_in("wang", PASSWORD)
    user = service.user_by_login("wang")
    assert user is not None
    service.set_password(user, "another-password-2", actor=SYSTEM, now=now())
    db.session.commit()
    assert browser.web.get("/health").status_int == 302
