"""Two reviewers bring a blueprint into use: counts change while one types, rows come and go without a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opened, shoot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COURSE = "mines-principal-campaign"
EDIT = f"/banks/blueprints/{COURSE}/edit"


def row(page: Page, number: int) -> Locator:
    return page.locator("[data-row]").nth(number - 1)


def count(page: Page, number: int) -> int:
    """Return how many questions the page says that a row has."""
    found = re.search(r"\d+", row(page, number).locator("[data-have]").inner_text())
    assert found is not None
    return int(found.group())


def asked(page: Page) -> object:
    """Wait for the answer to what is typed next: `with asked(page): ...`"""
    return page.expect_response("**/banks/blueprints/check?*")


def editor(page: Page) -> Page:
    sign_in(page, "author")
    page.goto(EDIT)
    return page


def test_counts_change_while_one_types(desktop: Opened) -> None:
    page = editor(desktop())
    every = count(page, 2)
    with asked(page):
        row(page, 2).get_by_label("难", exact=True).check()
    expect(row(page, 2).locator("[data-have]")).not_to_have_text(f"可用 {every} 题")
    hard = count(page, 2)
    assert hard < every
    with asked(page):
        row(page, 2).get_by_label("题数").fill(str(hard + 5))
    expect(row(page, 2).locator("[data-have]")).to_have_text(f"可用 {hard} 题，缺 5 题")
    expect(page.locator("[data-total]")).to_contain_text(f"合计 {25 - 6 + hard + 5} 题")
    with asked(page):
        page.get_by_label("重大事故隐患判定标准试题至少占百分之").fill("100")
    expect(page.locator("[data-remarks]")).to_contain_text("最多能抽出")
    shoot(page, "blueprint-typed")


def test_rows_come_and_go_without_a_reload(desktop: Opened) -> None:
    page = editor(desktop())
    page.evaluate("() => { window.stayed = true; }")
    with asked(page):
        row(page, 1).get_by_role("button", name="删除此层").click()
    expect(page.locator("[data-row]")).to_have_count(5)
    expect(page.locator("[data-total]")).to_contain_text("合计 20 题")
    expect(page.locator("legend").first).to_have_text("第 1 层")
    with asked(page):
        page.get_by_role("button", name="添加一层").click()
    expect(page.locator("[data-row]")).to_have_count(6)
    expect(row(page, 6).get_by_label("题库")).to_be_focused()
    with asked(page):
        row(page, 6).get_by_label("题数").fill("5")
    with asked(page):
        row(page, 6).get_by_label("每题分值").fill("2")
    expect(page.locator("[data-total]")).to_contain_text("合计 25 题、100 分")
    expect(row(page, 6).locator("[data-have]")).to_contain_text("可用")
    assert page.evaluate("() => window.stayed") is True
    names = page.eval_on_selector_all("[data-row] select", "all => all.map(one => one.name)")
    assert len(set(names)) == len(names) == 12


def test_knowledge_points_are_suggested_after_each_semicolon(desktop: Opened) -> None:
    page = editor(desktop())
    line = row(page, 4).get_by_label("知识点")
    first = page.locator("#points-mines option").first.get_attribute("value")
    assert first
    with asked(page):
        line.fill(first)
    with asked(page):
        line.fill(f"{first}；")
    expect(line).to_have_attribute("list", "points-now")
    offered = page.eval_on_selector_all("#points-now option", "all => all.map(one => one.value)")
    assert offered and all(value.startswith(f"{first}；") for value in offered)
    with asked(page):
        row(page, 4).get_by_label("题库").select_option("general")
    others = page.eval_on_selector_all("#points-now option", "all => all.map(one => one.value)")
    assert others != offered and all(value.startswith(f"{first}；") for value in others)


def test_two_reviewers_bring_a_blueprint_into_use(desktop: Opened, phone: Opened) -> None:
    page = editor(desktop())
    page.get_by_label("方案名称").fill("矿山专题（示例）")
    with asked(page):
        page.get_by_label("重大事故隐患判定标准试题至少占百分之").fill("20")
    page.get_by_role("button", name="检查能否组卷").last.click()
    expect(page.get_by_text("可以组卷：每份试卷都能抽满。")).to_be_visible()
    shoot(page, "blueprint-checked")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第 1 版是草稿")
    other = phone()
    sign_in(other, "reviewer")
    other.goto("/banks/blueprints")
    shoot(other, "blueprints-phone")
    other.goto("/banks/blueprints?sector=mines")
    other.get_by_role("link", name="第 1 版草稿").click()
    shoot(other, "blueprint-phone")
    other.get_by_role("button", name="启用第 1 版").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("按第 1 版方案组卷")
    other.goto(EDIT)
    shoot(other, "blueprint-edit-phone")
    other.goto(f"/banks/blueprints/{COURSE}/paper?number=1")
    shoot(other, "blueprint-paper-phone")
