"""A reviewer walks the queue and compares versions; then a law changes and its questions leave the pool at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.models import User
from app.banks import queries, service
from app.banks.models import Bank, QuestionState
from app.core.actors import Actor
from app.core.clock import now
from app.core.db import db
from question_bank.kinds import KINDS
from question_bank.questions import Question as Content
from tests.browser.conftest import Opened, Site, shoot, sign_in
from tests.sample import actor_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LAW = "示例安全条例（2024年修订）"
STEM = "示例单位的主要负责人每年接受再培训的时间不得少于12学时。"


def account(login: str) -> Actor:
    return actor_of(db.session.scalars(sa.select(User).where(User.login == login)).one())


def prepared(app: Flask) -> int:
    """A question approved at version 1 and sent to review at version 2, in a practice bank: no exam draws it."""
    content = Content(
        code="EX-0001",
        version=1,
        bank="general_practice",
        kind="true_false",
        stem=STEM,
        options=KINDS["true_false"].fixed_options,
        key=("A",),
        explanation="示例条例第九条第二款。",
        knowledge_point="示例知识点",
        source_document=LAW,
        source_article="第九条第二款",
    )
    with app.app_context():
        author, reviewer = account("author"), account("reviewer")
        bank = db.session.scalars(sa.select(Bank).where(Bank.code == content.bank)).one()
        question = service.create(bank, content, actor=author, now=now())
        for target, who in ((QuestionState.IN_REVIEW, author), (QuestionState.APPROVED, reviewer)):
            seen = queries.current_of(question).digest
            service.move(question, target, seen=seen, actor=who, now=now())
        changed = replace(content, stem=STEM.replace("12", "16"), explanation="示例条例第九条第二款，2024年修订。")
        service.edit(question, changed, seen=queries.current_of(question).digest, actor=author, now=now())
        service.move(
            question, QuestionState.IN_REVIEW, seen=queries.current_of(question).digest, actor=author, now=now()
        )
        db.session.commit()
        return question.id


def test_a_reviewer_compares_comments_approves_and_marks_a_changed_law(
    desktop: Opened, phone: Opened, site: Site
) -> None:
    question_id = prepared(site.app)
    page, pocket = desktop(), phone()
    for one in (page, pocket):
        sign_in(one, "reviewer")
    walk(page, pocket, question_id)
    mark(page, pocket)
    mark_ahead(page, pocket)
    page.goto(f"/questions/{question_id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已暂停使用")
    expect(page.get_by_text("起修改。第九条改为每年不少于20学时")).to_be_visible()
    shoot(page, "question-suspended")
    discard(page, pocket)


def discard(page: Page, pocket: Page) -> None:
    """Edit the suspended question and take the edit back: it stands as before, suspended by its document."""
    page.get_by_role("link", name="编辑", exact=True).click()
    page.locator("[name=knowledge_point]").fill("另一示例知识点")
    page.locator(".actions button[value=save]").click()
    page.get_by_role("link", name="放弃草稿").click()
    expect(page.get_by_text("编辑之前已经暂停")).to_be_visible()
    shoot(page, "question-discard")
    pocket.goto(page.url)
    shoot(pocket, "question-discard-phone")
    page.get_by_role("button", name="放弃草稿，恢复第 2 版").click()
    expect(page.get_by_text("恢复为第 2 版，暂停使用")).to_be_visible()
    shoot(page, "question-discarded")


def walk(page: Page, pocket: Page, question_id: int) -> None:
    page.goto("/banks/review?bank=general_practice")
    shoot(page, "review")
    pocket.goto("/banks/review?bank=general_practice")
    shoot(pocket, "review-phone")
    page.get_by_role("link", name="与审定过的第 1 版相比").click()
    expect(page.locator("del")).to_contain_text(["12"])
    expect(page.locator("ins").filter(has_text="16")).to_be_visible()
    shoot(page, "compare")
    pocket.goto(f"/questions/{question_id}/compare")
    shoot(pocket, "compare-phone")
    page.goto("/banks/review?bank=general_practice")
    page.get_by_role("link", name="逐题审定").click()
    page.locator("#text").fill("已对照第九条第二款核对。")
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_text("已对照第九条第二款核对。")).to_be_visible()
    page.get_by_role("button", name="审定通过，看下一题").click()
    expect(page.get_by_text("后面没有您可以审定的试题了")).to_be_visible()


def mark(page: Page, pocket: Page) -> None:
    page.goto("/banks/sources?q=%E7%A4%BA%E4%BE%8B%E5%AE%89%E5%85%A8%E6%9D%A1%E4%BE%8B")
    shoot(page, "sources")
    page.get_by_role("link", name=LAW).click()
    shoot(page, "source")
    pocket.goto(page.url)
    shoot(pocket, "source-phone")
    page.get_by_role("link", name="标记为已修改或已废止").click()
    page.get_by_label("说明").fill("第九条改为每年不少于20学时")
    page.get_by_label("只涉及下面勾选的条文").check()
    page.get_by_label("第九条第二款").check()
    shoot(page, "source-mark")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 道试题将暂停使用")
    shoot(page, "source-confirm")
    page.get_by_role("button", name="确认标记").click()
    expect(page.get_by_text("1 道试题暂停使用")).to_be_visible()
    shoot(page, "shortages")


def mark_ahead(page: Page, pocket: Page) -> None:
    """Record a repeal before its day, find both marks on the page of the document, and take the repeal back."""
    page.goto("/banks/sources?q=%E7%A4%BA%E4%BE%8B%E5%AE%89%E5%85%A8%E6%9D%A1%E4%BE%8B")
    page.get_by_role("link", name=LAW).click()
    page.get_by_role("link", name="再次标记").click()
    page.get_by_label("已废止").check()
    page.get_by_label("自何日起").fill("2099-01-01")
    page.get_by_label("说明").fill("由新条例替代")
    page.get_by_role("button", name="下一步").click()
    shoot(page, "source-confirm-ahead")
    page.get_by_role("button", name="确认标记").click()
    page.get_by_role("link", name=LAW).click()
    expect(page.locator(".record")).to_have_count(2)
    expect(page.get_by_text("尚未施行")).to_be_visible()
    shoot(page, "source-marks")
    pocket.goto(page.url)
    shoot(pocket, "source-marks-phone")
    page.get_by_role("link", name="撤回这条记录").last.click()
    page.get_by_label("原因").fill("尚未公布")
    shoot(page, "source-withdraw")
    page.get_by_role("button", name="撤回这条记录").click()
    expect(page.get_by_text("已撤回。")).to_be_visible()


def drafts(app: Flask, bank_code: str, *codes: str, is_sent: bool = False) -> None:
    """Write practice questions as the author, sent to review one by one if asked."""
    with app.app_context():
        author = account("author")
        bank = db.session.scalars(sa.select(Bank).where(Bank.code == bank_code)).one()
        for code in codes:
            content = Content(
                code=code,
                version=1,
                bank=bank_code,
                kind="true_false",
                stem=f"示例单位应当每年检查第 {code} 号设施。",
                options=KINDS["true_false"].fixed_options,
                key=("A",),
                explanation="示例解析。",
                knowledge_point="示例知识点",
                source_document="示例检查规程",
                source_article="第一条",
            )
            question = service.create(bank, content, actor=author, now=now())
            if is_sent:
                seen = queries.current_of(question).digest
                service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=author, now=now())
        db.session.commit()


def press(page: Page, key: str) -> None:
    """Press a key once the page shows what it does: from then on it acts."""
    expect(page.locator(".decide kbd", has_text=key.upper())).to_be_visible()
    page.keyboard.press(key)


def test_single_keys_decide_unless_somebody_writes_or_has_switched_them_off(desktop: Opened, site: Site) -> None:
    drafts(site.app, "fisheries_practice", "EX-0101", "EX-0102", is_sent=True)
    page = desktop()
    sign_in(page, "reviewer")
    page.goto("/banks/review?bank=fisheries_practice")
    page.get_by_role("link", name="逐题审定").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("EX-0101")
    shoot(page, "question-in-review")
    page.locator("#text").press_sequentially("ja")
    expect(page.locator("#text")).to_have_value("ja")
    expect(title).to_contain_text("EX-0101")
    title.click()
    press(page, "j")
    expect(title).to_contain_text("EX-0102")
    press(page, "k")
    expect(title).to_contain_text("EX-0101")
    page.get_by_label("按单个字母键操作").uncheck()
    page.keyboard.press("a")
    page.reload()
    expect(title).to_contain_text("EX-0101")
    expect(page.get_by_label("按单个字母键操作")).not_to_be_checked()
    expect(page.locator(".decide kbd")).to_have_count(0)
    page.get_by_label("按单个字母键操作").check()
    press(page, "a")
    expect(page.get_by_text("EX-0101 已审定通过")).to_be_visible()
    expect(title).to_contain_text("EX-0102")
    press(page, "r")
    expect(title).to_contain_text("退回试题 EX-0102")


def test_an_author_sends_every_draft_of_a_page(desktop: Opened, phone: Opened, site: Site) -> None:
    drafts(site.app, "museums_practice", "EX-0201", "EX-0202", "EX-0203")
    page, pocket = desktop(), phone()
    sign_in(pocket, "author")
    pocket.goto("/banks/museums_practice?state=draft")
    expect(pocket.get_by_text("EX-0203", exact=True)).to_be_visible()
    assert pocket.evaluate(
        "document.querySelector('.scroll').scrollWidth <= document.querySelector('.scroll').clientWidth"
    )
    shoot(pocket, "drafts-phone")
    sign_in(page, "author")
    page.goto("/banks/own")
    shoot(page, "own-questions")
    page.goto("/banks/museums_practice?state=draft")
    page.get_by_label("选择本页全部").check()
    page.get_by_label("选择试题 EX-0202").uncheck()
    expect(page.get_by_label("选择本页全部")).not_to_be_checked()
    page.get_by_role("button", name="送审所选").click()
    expect(page.get_by_text("已送审 2 道试题")).to_be_visible()
    expect(page.get_by_text("EX-0202", exact=True)).to_be_visible()
    expect(page.get_by_text("EX-0201", exact=True)).to_have_count(0)
