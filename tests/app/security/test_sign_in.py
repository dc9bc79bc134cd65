"""Coming in: nobody learns who has an account, nobody is guessed, no session is handed over or kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.accounts import passwords, service
from app.core.actors import SYSTEM, Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.core.http import local_path
from tests import sample
from tests.conftest import Clock
from tests.page import Browser

NEW = "a-new-password-3"


def staff(app: Flask, login: str = "wang") -> Browser:
    sample.user(login, Role.ADMINISTRATOR)
    db.session.commit()
    browser = Browser(app)
    browser.sign_in(login, sample.PASSWORD)
    return browser


def lock(login: str) -> None:
    for _attempt in range(service.LOCK_AFTER):
        service.check_password(service.user_by_login(login), "wrong-password", now=now())
    db.session.commit()


def test_unknown_locked_inactive_and_wrong_get_the_same_page(app: Flask) -> None:
    for login in ("locked", "gone", "known"):
        sample.user(login, Role.ADMINISTRATOR)
    service.user_by_login("gone").is_active = False  # type: ignore[union-attr]
    lock("locked")
    pages = set()
    for login, password in (
        ("nobody", sample.PASSWORD),
        ("locked", sample.PASSWORD),
        ("gone", sample.PASSWORD),
        ("known", "wrong-password"),
        (sample.identity_number(), sample.PASSWORD),
    ):
        page = Browser(app).sign_in(login, password)
        pages.add(page.html.find(attrs={"role": "alert"}).get_text())
    assert len(pages) == 1 and "账号或密码不对" in pages.pop()


def test_the_same_work_is_done_for_every_refusal(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sample.user("known", Role.ADMINISTRATOR)
    sample.user("locked", Role.ADMINISTRATOR)
    sample.person(number="330102197001010013")
    lock("locked")
    asked: list[str | None] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, given: asked.append(stored) or real(stored, given))
    for login in ("known", "locked", "nobody", "330102197001010013"):
        assert not service.check_password(service.user_by_login(login), "wrong-password", now=now())
    assert len(asked) == 4


def test_tries_during_the_lock_do_not_lengthen_it(app: Flask, clock: Clock) -> None:
    sample.user("known", Role.ADMINISTRATOR)
    lock("known")
    clock.advance(minutes=14)
    lock("known")
    clock.advance(minutes=2)
    assert service.check_password(service.user_by_login("known"), sample.PASSWORD, now=now())


def test_a_class_behind_one_address_signs_in_while_guessing_is_stopped(app: Flask) -> None:
    sample.user("known", Role.ADMINISTRATOR)
    db.session.commit()
    for _trainee in range(25):
        Browser(app).sign_in("known", sample.PASSWORD)
    stranger = Browser(app)
    for _guess in range(20):
        stranger.sign_in("nobody", "wrong-password")
    form = next(one for one in stranger.open("/sign-in").forms.values() if "login" in one.fields)
    form["login"], form["password"] = "nobody", "wrong-password"
    assert "操作过于频繁" in stranger.submit(form, status=429).text


def test_the_session_of_before_signing_in_is_not_kept(app: Flask) -> None:
    sample.user("wang", Role.ADMINISTRATOR)
    db.session.commit()
    browser = Browser(app)
    browser.open("/sign-in")
    before = browser.web.cookies["session"]
    browser.sign_in("wang", sample.PASSWORD)
    assert browser.web.cookies["session"] != before
    other = Browser(app)
    other.web.set_cookie("session", before.strip('"'))
    assert other.web.get("/health").status_int == 302


def test_a_forged_session_opens_nothing(app: Flask) -> None:
    browser = Browser(app)
    browser.web.set_cookie("session", "eyJfdXNlcl9pZCI6IjE6MSJ9.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert browser.web.get("/health").status_int == 302


def test_signing_out_leaves_nothing_in_the_browser(app: Flask) -> None:
    browser = staff(app)
    browser.submit(browser.form(browser.open("/health"), "/sign-out"))
    assert browser.web.get("/health").status_int == 302


def test_somebody_who_was_shut_out_is_out_at_once(app: Flask) -> None:
    browser = staff(app)
    service.user_by_login("wang").is_active = False  # type: ignore[union-attr]
    db.session.commit()
    assert browser.web.get("/health").status_int == 302


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    page = Browser(app).open("/sign-in")
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "",
        None,
    ],
)
def test_nobody_is_sent_to_another_site(target: str | None) -> None:
    assert local_path(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/health", "/sessions?q=a%2Fb&page=2", "/"])
def test_a_path_of_this_site_is_gone_back_to(target: str) -> None:
    assert local_path(target, "/home") == target


def test_signing_in_leads_back_to_this_site_only(app: Flask) -> None:
    sample.user("wang", Role.ADMINISTRATOR)
    db.session.commit()
    browser = Browser(app)
    page = browser.open("/sign-in?next=//evil.example/")
    form = next(one for one in page.forms.values() if "login" in one.fields)
    form["login"], form["password"] = "wang", sample.PASSWORD
    assert form.submit().headers["Location"] in ("/", "http://localhost/", "http://localhost:80/")


def new_password(browser: Browser, current: str) -> Any:
    form = next(one for one in browser.open("/password").forms.values() if "current" in one.fields)
    form["current"], form["password"], form["repeat"] = current, NEW, NEW
    return browser.submit(form)


def test_a_password_is_changed_by_whoever_knows_it(app: Flask) -> None:
    browser = staff(app)
    assert "密码已保存" in new_password(browser, sample.PASSWORD).text
    assert Browser(app).sign_in("wang", NEW).request.path == "/health"


def test_an_open_device_does_not_hand_over_the_account(app: Flask) -> None:
    browser = staff(app)
    assert "现在的密码不对" in new_password(browser, "wrong-password").text
    assert Browser(app).sign_in("wang", sample.PASSWORD).request.path == "/health"


def test_guessing_the_present_password_is_bounded_as_signing_in_is(app: Flask) -> None:
    browser = staff(app)
    for _guess in range(service.LOCK_AFTER):
        new_password(browser, "wrong-password")
    assert "现在的密码不对" in new_password(browser, sample.PASSWORD).text


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "0987654321",
        "aaaaaaaaaa",
        "abcabcabca",
        "qwertyuiop",
        "password123",
        "Password2026",
        "wang-example",
    ],
)
def test_what_everybody_tries_first_is_no_password(app: Flask, password: str) -> None:
    with pytest.raises(ServiceError, match="password_too_simple"):
        service.add_user("wang-example", "王示例", password, Role.ADMINISTRATOR, "", actor=SYSTEM, now=now())


def test_the_own_document_number_is_no_password(app: Flask) -> None:
    person = sample.person(number="330102197001010013")
    assert person.user is not None
    with pytest.raises(ServiceError, match="password_too_simple"):
        service.set_password(person.user, "330102197001010013", actor=SYSTEM, now=now())
    service.set_password(person.user, "correct horse 电池", actor=SYSTEM, now=now())


@pytest.mark.parametrize("login", ["330102197001010013", "33010219700101001x", "E12345678", "13800000000"])
def test_a_login_name_is_no_document_number(app: Flask, login: str) -> None:
    with pytest.raises(ServiceError, match="login_is_number"):
        sample.user(login, Role.ADMINISTRATOR)


def test_a_hash_with_old_parameters_is_made_anew_at_sign_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user = sample.user("wang", Role.ADMINISTRATOR)
    before = user.password_hash
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: stored == before)
    assert service.check_password(user, sample.PASSWORD, now=now())
    assert user.password_hash != before
    assert service.check_password(user, sample.PASSWORD, now=now())
