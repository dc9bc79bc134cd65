"""Answers ticked without a network, in a real browser: what was not heard by the server outlives the window."""

from __future__ import annotations

from queue import Queue

import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from app.core.clock import now
from app.core.db import db
from app.sittings.answers import Entry, save
from app.sittings.models import Attempt
from tests.app.sittings.browsing import KILLED, entered, held
from tests.app.sittings.exam import Exam, identity_of, opened
from tests.serving import SCRIPTS

pytestmark = SCRIPTS

KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('bikao-exam-')).length"


def begun(site: str, device: BrowserContext) -> tuple[Exam, Page]:
    """A candidate in front of the first question, the whole paper already on the device."""
    exam = opened()
    page = entered(site, device, exam.candidates[0])
    page.get_by_role("button", name="开始答题").click()
    expect(page.locator("#flag")).to_be_visible()
    return exam, page


def tick(page: Page, number: int = 0) -> None:
    page.locator("#options label").nth(number).click()


def answered_offline(device: BrowserContext, page: Page) -> None:
    """The first question is saved, the second ticked without a network."""
    tick(page)
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    device.set_offline(True)
    page.locator("#next").click()
    tick(page)
    expect(page.locator("#saved")).to_contain_text("1 题暂存在本机")


def test_what_was_ticked_offline_is_sent_when_the_closed_page_is_opened_again(
    site: str, device: BrowserContext
) -> None:
    device.add_init_script(KILLED)
    _exam, page = begun(site, device)
    answered_offline(device, page)
    page.close()
    assert set(held()) == {1}
    device.set_offline(False)
    again = device.new_page()
    again.goto(site)
    expect(again.locator("#saved")).to_contain_text("已保存 2 题")
    assert set(held()) == {1, 2}


def test_leaving_with_unsent_answers_asks_first(site: str, device: BrowserContext) -> None:
    _exam, page = begun(site, device)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    answered_offline(device, page)
    device.route("**/answers", lambda route: route.abort())
    device.set_offline(False)
    page.goto(f"{site}/fairness/none")
    assert asked == ["beforeunload"]


def test_what_was_ticked_just_before_leaving_is_sent_on_the_way_out(
    site: str, device: BrowserContext, saves: Queue[str]
) -> None:
    _exam, page = begun(site, device)
    page.on("dialog", lambda dialog: dialog.accept())
    page.clock.install(time=0)
    page.reload()
    expect(page.locator("#flag")).to_be_visible()
    page.clock.pause_at(3_600)  # no timer of the page runs any more
    tick(page)
    page.goto(f"{site}/fairness/none")
    assert saves.get(timeout=30) and set(held()) == {1}


def test_leaving_with_everything_saved_asks_nothing(site: str, device: BrowserContext) -> None:
    _exam, page = begun(site, device)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tick(page)
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    page.goto(f"{site}/fairness/none")
    assert asked == []


def test_what_another_device_answered_since_counts_and_the_page_says_so(site: str, device: BrowserContext) -> None:
    device.add_init_script(KILLED)
    exam, page = begun(site, device)
    answered_offline(device, page)
    page.close()
    [attempt_id] = db.session.scalars(sa.select(Attempt.id)).all()
    save(attempt_id, [Entry(2, 2, ("B",)), Entry(3, 3, ("A",))], identity_of(exam.candidates[0]), now=now())
    db.session.commit()
    device.set_offline(False)
    again = device.new_page()
    again.goto(site)
    expect(again.locator("#trouble")).to_contain_text("以服务器上的为准")
    assert held()[2] == ["B"] and again.evaluate(KEPT) == 1


def test_whoever_ticks_without_pause_is_saved_all_the_same(site: str, device: BrowserContext) -> None:
    _exam, page = begun(site, device)
    page.clock.install()
    page.reload()
    expect(page.locator("#flag")).to_be_visible()
    with page.expect_request("**/answers"):
        for number in range(6):
            tick(page, number % 2)
            page.clock.run_for(500)


def test_nothing_of_the_exam_stays_in_the_browser_after_the_receipt(site: str, device: BrowserContext) -> None:
    _exam, page = begun(site, device)
    tick(page)
    expect(page.locator("#saved")).to_contain_text("已保存 1 题")
    page.locator("#tally").click()
    page.get_by_role("button", name="检查并交卷").click()
    page.get_by_role("button", name="确认交卷").click()
    expect(page.get_by_role("heading", name="收卷回执")).to_be_visible()
    expect(page.locator("[data-finished]")).to_be_visible()
    page.wait_for_load_state("load")  # the page's scripts have run by then
    assert page.evaluate(KEPT) == 0
