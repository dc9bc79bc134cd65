"""The pages of the banks: who may come in, what they show, what they refuse."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from app.banks import queries, service
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from question_bank.formats import FORMATS
from tests import sample
from tests.app.banks.samples import LI, WANG, entered, single_choice, true_false
from tests.page import Browser
from tests.queries import counted

OTHERS = [
    (Role.INSTITUTION, "PX01"),
    (Role.EXAM_SITE, "KD01"),
    (Role.ENTERPRISE, "913301000000000000"),
    (Role.TRAINEE, ""),
]
VALUES = {
    "code": "general",
    "kind": "single_choice",
    "question_id": 1,
    "import_id": 1,
    "document_id": 1,
    "mark_id": 1,
    "action": "retire",
    "digest": "0" * 64,
    "job_id": 1,
    "course": "metal-smelting-principal-campaign",
    "number": 1,
}


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Return method and address of every route of the banks."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("banks."):
                values = {name: VALUES[name] for name in rule.arguments}
                address = app.url_for(rule.endpoint, **values)
                found += [(method, address) for method in ("GET", "POST") if method in (rule.methods or ())]
    return found


def waiting(bank: Bank, *contents: Any) -> list[Question]:
    """Return questions by WANG that wait for approval."""
    questions = []
    for content in contents or (single_choice(),):
        question = service.create(bank, content, actor=WANG, now=now())
        seen = question.versions[0].digest
        questions.append(service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=WANG, now=now()))
    db.session.commit()
    return questions


def approved(bank: Bank, *contents: Any) -> list[Question]:
    questions = waiting(bank, *contents)
    for question in questions:
        service.move(question, QuestionState.APPROVED, seen=question.versions[0].digest, actor=LI, now=now())
    db.session.commit()
    return questions


def state_of(question_id: int) -> QuestionState:
    db.session.rollback()
    state = db.session.scalar(sa.select(Question.state).where(Question.id == question_id))
    assert state is not None
    return state


def posted(browser: Browser, address: str, fields: dict[str, str], status: int) -> Any:
    """Post *fields* with the CSRF token of a page, as somebody would who does not go through the buttons."""
    token = browser.open("/password").forms
    csrf = next(form["csrf_token"].value for form in token.values() if "csrf_token" in form.fields)
    return browser.web.post(address, {**fields, "csrf_token": csrf}, status=status)


@pytest.mark.parametrize(("role", "scope"), OTHERS)
def test_nobody_but_regulators_and_administrators_sees_a_question(
    app: Flask, bank: Bank, role: Role, scope: str
) -> None:
    approved(bank)
    browser = entered(app, "other", role, scope)
    for method, address in addresses(app):
        page = browser.open(address, status=403) if method == "GET" else posted(browser, address, {}, 403)
        assert "下列哪一项是示例" not in page.text, address


def test_signed_out_readers_are_sent_to_sign_in(app: Flask, bank: Bank) -> None:
    approved(bank)
    for method, address in addresses(app):
        if method == "GET":
            response = Browser(app).web.get(address, status=302)
            assert "/sign-in" in response.headers["Location"], address


def test_a_city_regulator_reads_and_drafts_but_does_not_decide(app: Flask, bank: Bank) -> None:
    question = waiting(bank)[0]
    seen = question.versions[0].digest
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = browser.open(f"/questions/{question.id}")
    assert "下列哪一项是示例" in page
    assert "审定通过</button>" not in page
    assert "由省级监管部门或系统管理员审定" in browser.open("/banks/review", status=403)
    posted(browser, f"/questions/{question.id}/approve", {"seen": seen}, 403)
    posted(browser, "/banks/review/approve", {"one": f"{question.id}:{seen}"}, 403)
    posted(browser, f"/questions/{question.id}/retire", {"seen": seen, "reason": "示例"}, 403)
    posted(browser, "/banks/starter", {}, 403)
    assert state_of(question.id) is QuestionState.IN_REVIEW


def test_a_provincial_regulator_approves_from_the_page_of_the_question(app: Flask, bank: Bank) -> None:
    question = waiting(bank)[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    page = browser.open(f"/questions/{question.id}")
    page = browser.submit(browser.form(page, "/approve"))
    assert "已审定通过，可用于考试" in page
    assert state_of(question.id) is QuestionState.APPROVED


def test_the_author_sees_why_another_person_must_approve(app: Flask, bank: Bank) -> None:
    browser = entered(app, "province", Role.REGULATOR, "330000")
    page = written(browser, "single_choice", stem="本人编写的示例题干（　　）。")
    page = browser.submit(browser.form(page, "/submit"))
    assert "须由另一人审定" in page
    question = db.session.scalars(sa.select(Question)).one()
    seen = {"seen": question.versions[0].digest}
    refused = posted(browser, f"/questions/{question.id}/approve", seen, 409)
    assert "由您编写或修改，须由另一人审定" in refused.text
    queue = browser.open("/banks/review")
    assert "您编写的试题，由另一人审定" in queue
    assert not queue.html.find_all("input", attrs={"name": "question"})


def test_the_queue_approves_one_or_a_selection(app: Flask, bank: Bank) -> None:
    first, second, third = waiting(bank, single_choice(), true_false("tf-1"), true_false("tf-2", "另一道示例判断题。"))
    browser = entered(app, "province", Role.REGULATOR, "330000")
    page = browser.open("/banks/review")
    assert "3 道试题待审定" in page
    form = browser.form(page, "/banks/review/approve")
    picked = f"{first.id}:{first.versions[0].digest}"
    page = posted(browser, "/banks/review/approve", {"one": picked, "csrf_token": form["csrf_token"].value}, 302)
    assert state_of(first.id) is QuestionState.APPROVED
    form = browser.form(browser.open("/banks/review"), "/banks/review/approve")
    for box in form.fields["question"]:
        box.checked = True
    assert "已审定通过 2 道试题" in browser.submit(form)
    assert {state_of(second.id), state_of(third.id)} == {QuestionState.APPROVED}


def test_approving_nothing_says_so(app: Flask, bank: Bank) -> None:
    waiting(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    form = browser.form(browser.open("/banks/review"), "/banks/review/approve")
    assert "没有选择试题" in browser.submit(form, status=409)


def test_an_empty_queue_says_so(app: Flask, bank: Bank) -> None:
    assert "没有待审定的试题" in entered(app, "admin", Role.ADMINISTRATOR).open("/banks/review")


@pytest.mark.parametrize("value", ["", "x", "1", "999999999999999999999:a", "²:a"])
def test_a_made_up_selection_is_refused(app: Flask, bank: Bank, value: str) -> None:
    waiting(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    response = browser.web.post
    csrf = browser.form(browser.open("/banks/review"), "/banks/review/approve")["csrf_token"].value
    refused = response("/banks/review/approve", {"question": value, "csrf_token": csrf}, expect_errors=True)
    assert refused.status_int in (404, 409)


@pytest.mark.parametrize(
    ("action", "state"),
    [("return", QuestionState.DRAFT), ("retire", QuestionState.RETIRED)],
)
def test_a_question_in_review_goes_back_or_out_with_a_reason(
    app: Flask, bank: Bank, action: str, state: QuestionState
) -> None:
    question = waiting(bank)[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    form = withdrawal(browser.open(f"/questions/{question.id}/{action}"))
    assert "请填写原因" in browser.submit(form)
    form["reason"] = "选项C表述不准确"
    assert "选项C表述不准确" in browser.submit(form)
    assert state_of(question.id) is state


def test_an_approved_question_is_suspended_with_a_reason(app: Flask, bank: Bank) -> None:
    question = approved(bank)[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    form = withdrawal(browser.open(f"/questions/{question.id}/suspend"))
    form["reason"] = "条文已修订"
    page = browser.submit(form)
    assert "已暂停使用" in page
    assert "暂停使用：条文已修订" in page


def test_a_draft_cannot_be_suspended(app: Flask, bank: Bank) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    db.session.commit()
    browser = entered(app, "province", Role.REGULATOR, "330000")
    form = withdrawal(browser.open(f"/questions/{question.id}/suspend"))
    form["reason"] = "示例"
    assert "当前状态不允许这项操作" in browser.submit(form)


def withdrawal(page: Any) -> Any:
    return next(form for form in page.forms.values() if "reason" in form.fields)


def written(browser: Browser, kind: str, **values: Any) -> Any:
    """Fill in the form of a new question and save it; returns the page behind it."""
    page = browser.open(f"/banks/general/questions/new/{kind}")
    form = next(one for one in page.forms.values() if "stem" in one.fields)
    usual: dict[str, Any] = {
        "explanation": "示例解析",
        "knowledge_point": "示例",
        "source_document": "示例法规",
        "source_article": "第一条",
    }
    if kind == "true_false":
        usual["truth"] = "B"
    else:
        usual |= {"option_A": "示例甲", "option_B": "示例乙", "option_C": "示例丙", "key": "B"}
    for name, value in {**usual, **values}.items():
        if value is not None:
            form[name] = value
    return browser.submit(form)


@pytest.mark.parametrize(
    ("kind", "key", "stored"),
    [
        ("true_false", {"truth": "B"}, ["B"]),
        ("single_choice", {"key": "B"}, ["B"]),
        ("multiple_choice", {"key": ["C", "A"]}, ["A", "C"]),
    ],
)
def test_a_question_of_each_kind_is_written_in_the_form(
    app: Flask, bank: Bank, kind: str, key: dict[str, Any], stored: list[str]
) -> None:
    page = written(entered(app, "city", Role.REGULATOR, "330100"), kind, stem="新写的示例题干。", **key)
    assert "是草稿" in page
    assert "新写的示例题干。" in page
    version = db.session.scalars(sa.select(Question)).one().versions[0]
    assert (version.kind, version.payload["key"], version.author_name) == (kind, stored, "示例city")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"stem": ""}, "此项必填"),
        ({"key": "D"}, "答案中的 D 不在选项里"),
        ({"key": None}, "此项必填"),
        ({"option_B": ""}, "选项B是空的"),
        ({"option_C": "示例甲"}, "选项C与前面的选项相同"),
        ({"code": "示例"}, "不能作编号"),
    ],
)
def test_what_is_wrong_with_a_question_stands_beside_its_field_and_nothing_is_lost(
    app: Flask, bank: Bank, values: dict[str, Any], words: str
) -> None:
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = written(browser, "single_choice", **{"stem": "新写的示例题干（　　）。", **values})
    (name,) = values
    error = page.html.find(id=f"{name}-error")
    assert error is not None
    assert words in error.get_text()
    assert page.html.find(id="explanation").get_text().strip() == "示例解析"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0


def test_a_similar_stem_is_pointed_out_after_saving_and_an_equal_one_refused(app: Flask, bank: Bank) -> None:
    approved(bank, true_false("tf-1", "生产经营单位的主要负责人对本单位安全生产工作全面负责。"))
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = written(browser, "true_false", stem="生产经营单位的主要负责人对本单位的安全生产工作全面负责。")
    assert "有 1 道试题与它相似" in page
    assert "tf-1" in page.html.find("section", attrs={"aria-labelledby": "alike"}).get_text()
    page = written(browser, "true_false", stem="生产经营单位的主要负责人对本单位安全生产工作全面负责")
    assert "题库中已有相同的试题（tf-1）" in page


def test_an_edit_of_an_approved_question_warns_first_and_makes_a_second_version(app: Flask, bank: Bank) -> None:
    question = approved(bank)[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    page = browser.open(f"/questions/{question.id}/edit")
    assert "重新审定前不再抽入新的试卷" in page
    form = next(one for one in page.forms.values() if "stem" in one.fields)
    assert (form["key"].value, form["option_B"].value, form["difficulty"].value) == ("B", "示例乙", "2")
    form["stem"] = "改过的示例题干（　　）。"
    page = browser.submit(form)
    assert "改过的示例题干" in page
    assert "下列哪一项是示例" in browser.open(f"/questions/{question.id}?version=1")
    assert state_of(question.id) is QuestionState.DRAFT


def test_a_second_tab_cannot_overwrite_the_first(app: Flask, bank: Bank) -> None:
    question = approved(bank)[0]
    browser = entered(app, "province", Role.REGULATOR, "330000")
    pages = [browser.open(f"/questions/{question.id}/edit") for _tab in range(2)]
    forms = [next(one for one in page.forms.values() if "stem" in one.fields) for page in pages]
    forms[0]["stem"], forms[1]["stem"] = "第一个窗口的题干（　　）。", "第二个窗口的题干（　　）。"
    browser.submit(forms[0])
    page = browser.submit(forms[1])
    assert "在您打开页面之后被修改过" in page
    assert "第二个窗口的题干" in page
    assert db.session.scalar(sa.select(Question.current_version)) == 2


def test_the_candidates_view_does_not_give_the_key_away(app: Flask, bank: Bank) -> None:
    question = approved(bank)[0]
    page = entered(app, "admin", Role.ADMINISTRATOR).open(f"/questions/{question.id}")
    seen = page.html.find("section", attrs={"aria-labelledby": "as-seen"}).get_text()
    assert "示例丁" in seen
    assert "正确答案" not in seen
    key = page.html.find("section", attrs={"aria-labelledby": "with-key"}).get_text()
    assert "示例解析" in key


def test_lists_search_filter_and_sort(app: Flask, bank: Bank) -> None:
    approved(bank, single_choice("a-1", difficulty=3), true_false("b-1", "带百分号%的示例题干。"))
    waiting(bank, true_false("c-1", "另一道示例判断题。"))
    browser = entered(app, "admin", Role.ADMINISTRATOR)

    def codes(query: str) -> list[str]:
        rows = browser.open(f"/banks/general{query}").html.select("tbody tr")
        return [row.find("td").get_text(strip=True) for row in rows]

    assert codes("") == ["a-1", "b-1", "c-1"]
    assert codes("?sort=-code") == ["c-1", "b-1", "a-1"]
    assert codes("?q=%25") == ["b-1"]
    assert codes("?q=A-1") == ["a-1"]
    assert codes("?state=in_review") == ["c-1"]
    assert codes("?kind=true_false&state=approved") == ["b-1"]
    assert codes("?difficulty=3") == ["a-1"]
    assert codes("?q=nothing-like-it") == []


def test_a_search_without_a_hit_is_said_in_the_heading(app: Flask, bank: Bank) -> None:
    approved(bank)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    assert "没有符合条件的试题" in browser.open("/banks/general?q=nothing").html.find(class_="head").get_text()
    assert "1 道符合条件" in browser.open("/banks/general?q=sc-1").html.find(class_="head").get_text()
    assert "符合条件" not in browser.open("/banks/general").html.find(class_="head").get_text()
    assert "没有符合条件的法规文件" in browser.open("/banks/sources?q=nothing").html.h1.get_text()
    assert "没有符合条件的试题" in browser.open("/banks/sources/ending?q=nothing").html.h1.get_text()
    assert "没有符合条件的试题" in browser.open("/banks/attention?q=nothing").html.h1.get_text()


def test_the_export_can_be_imported_again_with_key_and_source(app: Flask, bank: Bank) -> None:
    contents = [single_choice("a-1"), true_false("b-1")]
    approved(bank, *contents)
    response = entered(app, "admin", Role.ADMINISTRATOR).web.get("/banks/general?format=xlsx")
    assert FORMATS["xlsx"].read(response.body, "general").questions == tuple(contents)


def test_the_list_of_banks_counts_by_state_and_kind(app: Flask, bank: Bank) -> None:
    sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", sector_code="mines", created_at=now()))
    approved(bank, single_choice(), true_false())
    waiting(bank, true_false("tf-2", "另一道示例判断题。"))
    general, mines = queries.bank_counts()
    assert (general.bank.code, mines.bank.code) == ("general", "mines")
    assert general.by_state == {QuestionState.APPROVED: 2, QuestionState.IN_REVIEW: 1}
    assert general.by_kind == {"single_choice": 1, "true_false": 1}
    assert mines.by_state == {}
    db.session.commit()
    page = entered(app, "province", Role.REGULATOR, "330000").open("/banks")
    assert "1 道试题待审定" in page
    assert "去审定" in page


def test_without_banks_an_administrator_is_offered_the_starter_bank(app: Flask) -> None:
    assert "请联系系统管理员" in entered(app, "city", Role.REGULATOR, "330100").open("/banks")
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    page = browser.submit(browser.form(browser.open("/banks"), "/banks/starter"))
    assert "道试题草稿" in page
    assert "通用题库" in page


def test_an_unknown_bank_question_or_version_is_said_in_words(app: Flask, bank: Bank) -> None:
    question = approved(bank)[0]
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    assert "没有代码为“nowhere”的题库" in browser.open("/banks/nowhere", status=404)
    assert "没有找到这道试题" in browser.open("/questions/999999", status=404)
    browser.open(f"/questions/{question.id}?version=9", status=404)
    browser.open("/banks/general/questions/new/essay", status=404)


@pytest.mark.parametrize("address", ["/banks", "/banks/general", "/banks/review"])
def test_lists_ask_the_database_as_often_for_many_questions_as_for_few(app: Flask, bank: Bank, address: str) -> None:
    waiting(bank, *(true_false(f"a-{number}", f"第{number}道示例判断题。") for number in range(2)))
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    few = statements_of(browser, address)
    waiting(bank, *(true_false(f"b-{number}", f"第{number}道另外的示例题。") for number in range(20)))
    assert statements_of(browser, address) == few
    assert few <= 12


def test_the_page_of_a_question_asks_the_database_a_bounded_number_of_times(app: Flask, bank: Bank) -> None:
    question = approved(bank, *(true_false(f"a-{number}", f"第{number}道示例判断题。") for number in range(12)))[0]
    assert statements_of(entered(app, "admin", Role.ADMINISTRATOR), f"/questions/{question.id}") <= 12


def statements_of(browser: Browser, address: str) -> int:
    """Return how many statements one page takes, transaction brackets left out."""
    with counted() as statements:
        browser.open(address)
    return sum(not statement.startswith("BEGIN") for statement in statements)


def test_the_template_is_the_librarys_own(app: Flask, bank: Bank) -> None:
    response = entered(app, "city", Role.REGULATOR, "330100").web.get("/banks/import-templates/xlsx")
    assert load_workbook(io.BytesIO(response.body)).sheetnames == ["试题", "填写说明"]
