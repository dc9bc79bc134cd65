"""After a sitting of many: what its papers tell, which questions deserve attention, and an exam that is to come."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.cli.demo import crowd
from app.cli.demo.story import WAITING_TITLE
from tests.browser.conftest import Opened, shoot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_reviewer_finds_the_question_whose_key_the_best_miss(desktop: Opened, phone: Opened) -> None:
    page = desktop()
    sign_in(page, "reviewer")
    page.goto("/banks/attention")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"^[1-9]\d* 道试题需要关注"))
    shoot(page, "attention")
    page.get_by_role("row").filter(has_text="答案存疑").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="统计")).to_be_visible()
    shoot(page, "question-figures")
    other = phone()
    sign_in(other, "reviewer")
    other.goto("/banks/attention")
    shoot(other, "attention-phone")
    other.goto(page.url)
    shoot(other, "question-figures-phone")


def test_a_large_sitting_shows_its_reliability(desktop: Opened) -> None:
    page = desktop()
    sign_in(page, "site")
    page.goto("/sittings")
    page.get_by_role("row").filter(has_text=crowd.PLAN.title).get_by_role("link").first.click()
    expect(page.get_by_text("按 44 份有作答的答卷")).to_be_visible()
    expect(page.get_by_text("信度", exact=True)).to_be_visible()
    shoot(page, "sitting-figures")


def test_an_exam_is_to_come(desktop: Opened) -> None:
    page = desktop()
    sign_in(page, "site")
    page.goto("/sittings")
    expect(page.get_by_role("row").filter(has_text=WAITING_TITLE)).to_contain_text("待开考")
