"""The exam site's home."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.sittings.models import SittingState
from tests import sample
from tests.page import Browser


def signed_in(app: Flask, code: str = "KD01") -> Browser:
    sample.user(f"site-{code}", Role.EXAM_SITE, code)
    db.session.commit()
    browser = Browser(app)
    browser.sign_in(f"site-{code}", sample.PASSWORD)
    return browser


def test_a_day_without_exams_says_so(app: Flask) -> None:
    sample.exam_site()
    assert "今天没有考试" in signed_in(app).open("/exam-site").text


def test_todays_and_coming_sittings_of_this_site_are_shown(app: Flask) -> None:
    session, site = sample.training_session(), sample.exam_site()
    today = sample.sitting(session, site)
    later = sample.sitting(session, site, starts_at=now() + timedelta(days=3))
    far = sample.sitting(session, site, starts_at=now() + timedelta(days=30))
    elsewhere = sample.sitting(session, sample.exam_site("KD02"))
    for each in (today, later, far, elsewhere):
        each.state = SittingState.SCHEDULED
    page = signed_in(app).open("/exam-site")
    assert "今天有 1 场考试待开考" in page.text and "准备开考" in page.text
    assert [f'/sittings/{each.id}"' in page.text for each in (today, later, far, elsewhere)] == [
        True,
        True,
        False,
        False,
    ]


def test_others_do_not_see_the_sites_home(app: Flask) -> None:
    sample.institution()
    sample.user("px", Role.INSTITUTION, "PX01")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("px", sample.PASSWORD)
    browser.web.get("/exam-site", status=403)
    assert Browser(app).web.get("/exam-site").status_int == 302
