"""Passed attempts and issued certificates for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from webtest.response import TestResponse

from app.certification import service
from app.certification.models import Certificate
from app.core.actors import SYSTEM, Role
from app.core.clock import now
from app.core.db import db
from app.sittings.models import Attempt
from tests import sample
from tests.page import Browser


def passed_attempt(name: str = "章示例", score: int = 92, region: str = sample.HANGZHOU_SHANGCHENG) -> Attempt:
    """A passed exam of somebody with all hours, in the territory of *region*; committed."""
    who = sample.person(name)
    where = sample.enterprise("示例金属制品有限公司", region=region)
    enrolment = sample.enrolment(sample.training_session(_institution(), _course()), who, where)
    enrolment.training_session.starts_on -= timedelta(days=3)
    enrolment.training_session.ends_on = enrolment.training_session.starts_on + timedelta(days=2)
    attempt = sample.attempt(enrolment, score, within=sample.sitting(enrolment.training_session, _site()))
    db.session.commit()
    return attempt


def issued(name: str = "章示例", region: str = sample.HANGZHOU_SHANGCHENG) -> Certificate:
    """A certificate issued now; committed."""
    certificate = service.issue(passed_attempt(name, region=region), actor=SYSTEM, now=now())
    db.session.commit()
    return certificate


def changed(certificate: Certificate, change: str) -> Certificate:
    """Change the state as the system, and commit."""
    standing = service.change_state(certificate, change, "示例理由", "示例〔2026〕1号", actor=SYSTEM, now=now())
    db.session.commit()
    return standing


def signed_in(app: Flask, role: Role, scope: str = "", login: str = "sample") -> Browser:
    """A browser in which a new user with *role* and *scope* is signed in."""
    sample.user(login, role, scope)
    db.session.commit()
    return entered(app, login)


def entered(app: Flask, login: str) -> Browser:
    """A browser in which *login* has signed in with the sample password, on no page yet."""
    browser = Browser(app)
    form = form_with(browser.open("/sign-in"), "login")
    form["login"], form["password"] = login, sample.PASSWORD
    assert form.submit().status_int == 302
    return browser


def form_with(page: TestResponse, field: str) -> Any:
    """Return the form of *page* that has *field*."""
    return next(form for form in page.forms.values() if field in form.fields)


def _institution() -> sample.Institution:
    found = db.session.query(sample.Institution).filter_by(code="PX01").one_or_none()
    return found or sample.institution("PX01")


def _course() -> sample.CourseVersion:
    found = db.session.query(sample.CourseVersion).one_or_none()
    return found or sample.course_version()


def _site() -> sample.ExamSite:
    found = db.session.query(sample.ExamSite).filter_by(code="KD01").one_or_none()
    return found or sample.exam_site("KD01")
