"""Passed exams that got no certificate: listed within the scope, asked again, refused in words."""

from __future__ import annotations

from flask import Flask

from app.certification import queries
from app.core.actors import Role
from app.core.db import db
from app.sittings.models import Attempt
from tests import sample
from tests.app.certification.samples import issued, passed_attempt, signed_in
from tests.queries import counted


def short_of_hours(name: str = "章示例", region: str = sample.HANGZHOU_SHANGCHENG) -> Attempt:
    attempt = passed_attempt(name, region=region)
    attempt.enrolment.credited_hours -= 2
    db.session.commit()
    return attempt


def test_who_passed_without_certificate_is_listed_and_the_certified_are_not(app: Flask) -> None:
    short_of_hours("甲示例")
    issued("乙示例")
    browser = signed_in(app, Role.REGULATOR, "330000")
    assert "1 人考试合格但没有证书" in browser.open("/certificates").text
    text = browser.open("/certificates/due").text
    assert "甲示例" in text and "乙示例" not in text


def test_asked_again_the_rules_refuse_in_words_and_nothing_is_issued(app: Flask) -> None:
    attempt = short_of_hours()
    browser = signed_in(app, Role.INSTITUTION, "PX01")
    page = browser.submit(browser.form(browser.open("/certificates/due"), f"/{attempt.id}"))
    assert "学时不足：要求 16 学时，已认定 14 学时" in page.text
    assert queries.by_attempt([attempt.id]) == {}


def test_once_the_reason_is_gone_the_certificate_is_issued(app: Flask) -> None:
    attempt = short_of_hours()
    browser = signed_in(app, Role.INSTITUTION, "PX01")
    form = browser.form(browser.open("/certificates/due"), f"/{attempt.id}")
    attempt = db.session.get_one(Attempt, attempt.id)
    attempt.enrolment.credited_hours += 2
    db.session.commit()
    assert "已签发" in browser.submit(form).text
    assert "没有需要处理的" in browser.open("/certificates/due").text


def test_others_see_and_issue_nothing(app: Flask) -> None:
    attempt = short_of_hours()
    sample.institution("PX02")
    for login, role, scope in (("a", Role.REGULATOR, "370000"), ("b", Role.INSTITUTION, "PX02")):
        browser = signed_in(app, role, scope, login)
        page = browser.open("/certificates/due")
        assert "章示例" not in page.text
        token = page.html.find("input", attrs={"name": "csrf_token"})["value"]
        browser.web.post(f"/certificates/due/{attempt.id}", {"csrf_token": token}, status=403)
    signed_in(app, Role.EXAM_SITE, "KD01", "c").open("/certificates/due", status=403)


def test_the_list_asks_as_little_for_many_as_for_one(app: Flask) -> None:
    short_of_hours("甲示例")
    browser = signed_in(app, Role.REGULATOR, "330000")

    def asked() -> int:
        with counted() as statements:
            browser.open("/certificates/due")
        return len(statements)

    few = asked()
    for name in ("乙示例", "丙示例", "丁示例"):
        short_of_hours(name)
    assert asked() == few
