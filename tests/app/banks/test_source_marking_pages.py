"""The pages to mark a legal document: who may, what is shown before it is done, how it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.banks import documents
from app.banks.models import Bank, QuestionState
from app.core.actors import Role
from app.core.clock import now, today
from question_bank.sources import Standing
from tests import sample
from tests.app.banks.samples import entered
from tests.app.banks.test_pages import OTHERS, posted, state_of
from tests.app.banks.test_source_pages import LAW, approved, confirmed, form_of, law, looked_at, mark_panel


def test_only_reviewers_mark_a_document(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    document_id = law().id
    fields = {"standing": "repealed", "changed_on": "2026-03-02", "note": "示例", "scope": "whole", "step": "do"}
    for login, role, scope in [("city", Role.REGULATOR, "330100"), ("county", Role.REGULATOR, "330102")]:
        browser = entered(app, login, role, scope)
        assert "由省级监管部门或系统管理员审定" in browser.open(f"/banks/sources/{document_id}/mark", status=403)
        posted(browser, f"/banks/sources/{document_id}/mark", fields, 403)
        posted(browser, f"/banks/sources/{document_id}/marks/1/withdraw", {"reason": "示例"}, 403)
    for role, scope in OTHERS:
        posted(entered(app, role.value, role, scope), f"/banks/sources/{document_id}/mark", fields, 403)
    assert state_of(question.id) is QuestionState.APPROVED


def test_what_would_happen_is_shown_before_it_does(app: Flask, bank: Bank) -> None:
    mines = sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", created_at=now()))
    question = approved(bank)
    approved(mines, "m-1")
    browser = entered(app, "province", Role.REGULATOR, "330000")
    page = looked_at(browser, standing="repealed", document_number="示例公告第1号")
    assert "2 道试题将暂停使用" in page
    assert "矿山题库" in page and "通用题库" in page
    assert state_of(question.id) is QuestionState.APPROVED
    page = confirmed(browser, page)
    assert "2 道试题暂停使用" in page and "没有受影响的考试" in page
    assert state_of(question.id) is QuestionState.SUSPENDED
    assert (law().standing, law().marks[0].document_number) == (Standing.REPEALED, "示例公告第1号")
    page = browser.open(f"/questions/{question.id}")
    assert f"“{LAW}”自 2026-03-02 起废止" in page
    assert "不能审定通过" in page


def test_going_back_keeps_what_was_filled_in(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1", source_article="第九条")
    approved(bank, "a-2", source_article="第十条")
    browser = entered(app, "province", Role.REGULATOR, "330000")
    page = looked_at(browser, scope="some", articles=["第十条"], note="第十条提高了罚款")
    assert "1 道试题将暂停使用" in page
    response = form_of(page, "step", "note").submit("step", value="edit")
    form = form_of(response, "standing")
    assert form["note"].value == "第十条提高了罚款"
    assert [box.checked for box in form.fields["articles"]] == [False, True]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"note": ""}, "请填写此项"),
        ({"changed_on": ""}, "请填写日期"),
        ({"scope": "some"}, "请勾选所涉及的条文"),
    ],
)
def test_what_is_missing_stands_beside_its_field(app: Flask, bank: Bank, values: dict[str, str], words: str) -> None:
    approved(bank)
    page = looked_at(entered(app, "province", Role.REGULATOR, "330000"), **values)
    (name,) = ("articles",) if "scope" in values else values
    assert words in page.html.find(id=f"{name}-error").get_text()


def test_a_mark_is_taken_back_with_a_reason(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, standing="changed"))
    link = browser.open(f"/banks/sources/{law().id}").html.find("a", href=lambda value: value and "/withdraw" in value)
    form = form_of(browser.open(link["href"]), "reason")
    assert "请填写此项" in browser.submit(form)
    form["reason"] = "标错了文件"
    page = browser.submit(form)
    assert "已撤回。因它暂停的试题须重新送审" in page and "撤回自 2026-03-02 起修改的记录：标错了文件" in page
    assert "已撤回" in mark_panel(page)[0] and "标错了文件" in mark_panel(page)[0]
    assert "现行有效" in page.html.find(class_="state").get_text()
    assert state_of(question.id) is QuestionState.SUSPENDED
    assert "已经撤回" in browser.open(link["href"], status=409)


def test_a_mark_for_a_day_to_come_says_from_when_questions_are_not_drawn(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    day = (today() + timedelta(days=60)).isoformat()
    page = looked_at(browser, standing="changed", changed_on=day)
    assert f"1 道试题自 {day} 起不再抽取" in page.html.h1.get_text()
    assert "没有待开的考试因此缺题" in page
    page = confirmed(browser, page)
    assert f"1 道试题自 {day} 起不再抽入新的试卷" in page
    assert state_of(question.id) is QuestionState.APPROVED
    page = browser.open(f"/questions/{question.id}")
    assert f"“{LAW}”将自 {day} 起修改" in page and "自该日起不再抽取" in page
    page = browser.open(f"/banks/sources/{law().id}")
    assert f"预先记录：自 {day} 起修改，1 道试题届时不再抽取：示例说明" in page


def test_each_article_is_offered_with_its_number_of_questions(app: Flask, bank: Bank) -> None:
    for number, article in enumerate(["第十条", "第九条", "第十条"]):
        approved(bank, f"a-{number}", source_article=article)
    counts = [(one.article, one.questions) for one in documents.articles_of(law())]
    assert counts == [("第九条", 1), ("第十条", 2)]
    page = entered(app, "province", Role.REGULATOR, "330000").open(f"/banks/sources/{law().id}/mark")
    assert "2 道试题" in page.html.find(id="articles").get_text()


def test_a_mark_that_there_is_not_cannot_be_taken_back(app: Flask, bank: Bank) -> None:
    approved(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    assert "不属于这份文件" in browser.open(f"/banks/sources/{law().id}/marks/9/withdraw", status=409)


def test_the_record_of_a_repealed_document_is_corrected_not_marked_once_more(app: Flask, bank: Bank) -> None:
    approved(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, standing="repealed", note="示例公告"))
    page = browser.open(f"/banks/sources/{law().id}")
    assert "再次标记" not in page
    page = browser.open(page.html.find("a", string="更正废止的记录")["href"])
    assert not page.html.find(id="articles")
    form = form_of(page, "standing")
    assert form["note"].value == "示例公告"
    assert "与已有的记录完全相同" in browser.submit(form)
    form["document_number"] = "示例公告第1号"
    confirmed(browser, browser.submit(form))
    assert (law().standing, law().marks[-1].document_number) == (Standing.REPEALED, "示例公告第1号")
    assert [mark.withdrawn_at is None for mark in law().marks] == [False, True]
    assert "已由后来的记录更正" in mark_panel(browser.open(f"/banks/sources/{law().id}"))[0]
