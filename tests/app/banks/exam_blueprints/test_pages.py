"""The pages of blueprints: who comes in, the editor with and without scripts, what they say of the banks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEvent
from app.banks.exam_blueprints import queries, service
from app.banks.exam_blueprints.models import BlueprintState, ExamBlueprint
from app.banks.pool import pool
from app.banks.reference import load_banks
from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from courses import catalogue
from tests import sample
from tests.app.banks.exam_blueprints.samples import COURSE, MANAGERS, exam, fitting, saved, used
from tests.app.banks.samples import entered
from tests.page import Browser, check_page
from tests.queries import counted

EDIT = f"/banks/blueprints/{COURSE}/edit"
PAGE = f"/banks/blueprints/{COURSE}"


def reviewer(app: Flask, login: str = "province") -> Browser:
    return entered(app, login, Role.REGULATOR, "330000")


def editor(browser: Browser, address: str = EDIT) -> Any:
    """Return the editor's form."""
    return browser.open(address).forms["blueprint"]


def press(form: Any, value: str, status: int = 200) -> Any:
    """Press the button of the editor that has *value*, as without scripts."""
    response = form.submit("do", value=value, expect_errors=True)
    assert response.status_int == status, response.status
    return check_page(response) if status == 200 else response


def fields(form: Any) -> dict[str, Any]:
    return dict(form.submit_fields())


def asked(browser: Browser, form: Any, changes: dict[str, str] | None = None, course: str = COURSE) -> Any:
    """Return what the server says while *form* is typed, with *changes*."""
    pairs = [(name, value) for name, value in form.submit_fields() if name not in (changes or {})]
    pairs += list((changes or {}).items())
    return browser.web.post(f"/banks/blueprints/check?course={course}", pairs).json


def stored() -> ExamBlueprint:
    return db.session.scalars(sa.select(ExamBlueprint)).one()


def test_whoever_may_only_read_sees_and_changes_nothing(app: Flask) -> None:
    sample.banks()
    saved()
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = browser.open("/banks/blueprints")
    assert "1 份组卷方案草稿待启用" in page
    page = browser.open(PAGE)
    assert "按考试规则组卷" in page and not page.html.find_all(
        "a", string=["另编方案", "看示例试卷", "停用，恢复考试规则"]
    )
    for address in (EDIT, f"{PAGE}/paper", f"{PAGE}/1/retire"):
        assert "由省级监管部门或系统管理员审定" in browser.open(address, status=403)
    token = {"csrf_token": browser.open("/password").forms[0]["csrf_token"].value}
    for address in (EDIT, f"{PAGE}/1/use", f"{PAGE}/1/retire"):
        browser.web.post(address, token, status=403)
    assert browser.web.post(f"/banks/blueprints/check?course={COURSE}", token).json["rows"] == []
    assert stored().state is BlueprintState.DRAFT


@pytest.mark.parametrize("role", [Role.INSTITUTION, Role.EXAM_SITE, Role.ENTERPRISE, Role.TRAINEE])
def test_nobody_else_comes_in(app: Flask, role: Role) -> None:
    saved()
    browser = entered(app, "other", role, "PX01")
    for address in ("/banks/blueprints", PAGE, f"{PAGE}/1", EDIT, f"{PAGE}/paper", f"{PAGE}/1/retire"):
        browser.web.get(address, status=403)


def test_a_blueprint_is_written_and_used_by_two_people_on_pages_alone(app: Flask) -> None:
    sample.banks()
    author, other = reviewer(app), reviewer(app, "second")
    form = editor(author)
    form["title"], form["note"] = "突出重大隐患", "按整治要求提高占比"
    form["hazard_percent"] = "20"
    page = author.submit(form, "do")  # the first button of the form checks
    assert "可以组卷" in page
    form = page.forms["blueprint"]
    page = press(form, "save", 302).follow()
    assert "第 1 版是草稿" in page and "须由另一人启用" in page
    assert [one.action for one in page.forms.values() if one.action.endswith("/use")] == []
    page = other.open(f"{PAGE}/1")
    page = other.submit(other.form(page, "/use"))
    assert "按第 1 版方案组卷" in page and "不少于 20%（25 题中至少 5 题）" in page
    row = stored()
    assert (row.state, row.title, row.note) == (BlueprintState.IN_USE, "突出重大隐患", "按整治要求提高占比")
    form = other.open(f"{PAGE}/1/retire").forms
    form = next(one for one in form.values() if "reason" in one.fields)
    form["reason"] = "整治结束"
    assert "按考试规则组卷" in other.submit(form)
    kinds = db.session.scalars(sa.select(AuditEvent.kind).where(AuditEvent.subject_type == "exam_blueprint")).all()
    assert kinds == ["BlueprintSaved", "BlueprintMoved", "BlueprintMoved"]


def test_the_author_cannot_put_it_in_use_by_a_direct_post(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    press(editor(browser), "save", 302)
    page = browser.open(f"{PAGE}/1")
    seen = service.seen_of(stored())
    token = next(form["csrf_token"].value for form in page.forms.values() if "csrf_token" in form.fields)
    refused = browser.web.post(f"{PAGE}/1/use", {"csrf_token": token, "seen": seen}).follow()
    assert "须由另一人启用" in refused and stored().state is BlueprintState.DRAFT


def test_rows_are_added_and_taken_out_without_scripts_and_without_saving(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    page = press(editor(browser), "remove-1")
    form = page.forms["blueprint"]
    assert [form[f"strata-{n}-kind"].value for n in range(5)] == [
        "true_false",
        "multiple_choice",
        "true_false",
        "single_choice",
        "multiple_choice",
    ]
    assert "合计 19 题、76 分；考试规则要求 25 题、100 分。" in page
    form = press(form, "add").forms["blueprint"]
    form["strata-5-bank"], form["strata-5-count"], form["strata-5-points"] = "general", "6", "4"
    form["strata-5-kind"] = "single_choice"
    page = press(form, "check")
    assert "合计 25 题、100 分" in page and "可以组卷" in page
    assert db.session.scalars(sa.select(ExamBlueprint)).all() == []
    press(page.forms["blueprint"], "save", 302)
    assert [each.kind for each in queries.content_of(stored()).strata][-1] == "single_choice"


def test_all_rows_can_go_and_one_can_come_back(app: Flask) -> None:
    browser = reviewer(app)
    form = editor(browser)
    for _ in range(6):
        page = press(form, "remove-0")
        form = page.forms["blueprint"]
    assert "还没有分层。请添加一层。" in page
    assert "还没有分层。请至少添加一层。" in press(form, "save")
    assert "strata-0-bank" in press(form, "add").forms["blueprint"].fields


def test_no_more_rows_than_there_may_be(app: Flask) -> None:
    browser = reviewer(app)
    typed = [pair for pair in fields(editor(browser)).items() if not pair[0].startswith("strata-")]
    row = {"bank": "general", "kind": "true_false", "count": "1", "points": "4"}
    typed += [(f"strata-{number}-{name}", value) for number in range(39) for name, value in row.items()]
    page = check_page(browser.web.post(EDIT, [*typed, ("do", "check")]))
    assert page.html.find("button", value="add").get("disabled") is None
    full = press(page.forms["blueprint"], "add")
    assert rows_of(full) == 40 and full.html.find("button", value="add").get("disabled") is not None
    assert rows_of(press(full.forms["blueprint"], "add")) == 40


def rows_of(page: Any) -> int:
    return len([name for name in page.forms["blueprint"].fields if name and name.endswith("-bank")])


WRONG = (
    ("strata-0-count", "", "请填写 1 到 500 之间的整数。"),
    ("strata-0-count", "0", "请填写 1 到 500 之间的整数。"),
    ("strata-0-count", "501", "请填写 1 到 500 之间的整数。"),
    ("strata-0-count", "2.5", "请填写 1 到 500 之间的整数。"),
    ("strata-0-count", "五", "请填写 1 到 500 之间的整数。"),
    ("strata-0-points", "", "请填写每题分值"),
    ("strata-0-points", "0", "请填写每题分值"),
    ("strata-0-points", "1.005", "请填写每题分值"),
    ("strata-0-points", "NaN", "请填写每题分值"),
    ("hazard_percent", "0", "请填写 1 到 100 之间的百分数"),
    ("hazard_percent", "101", "请填写 1 到 100 之间的百分数"),
    ("hazard_percent", "", "重大事故隐患判定标准试题不得少于 10%（3 题）"),
    ("hazard_percent", "8", "重大事故隐患判定标准试题不得少于 10%（3 题）"),
    ("other_tag", "有限空间", "请填写 1 到 100 之间的百分数"),
    ("other_percent", "5", "不能作标签"),
    ("strata-0-count", "6", "各分层合计 26 题，考试规则要求 25 题。"),
    ("strata-0-points", "3", "各分层合计 105 分，考试规则要求满分 100 分。"),
    ("title", "", "请填写此项。"),
)


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(app: Flask) -> None:
    browser = reviewer(app)
    for field, value, sentence in WRONG:
        form = editor(browser)
        form[field] = value
        page = press(form, "save")
        assert sentence in page and page.html.find(id="errors") is not None, (field, value)
        assert page.forms["blueprint"][field].value == value
    assert db.session.scalars(sa.select(ExamBlueprint)).all() == []


def test_the_same_tag_twice_is_refused(app: Flask) -> None:
    browser = reviewer(app)
    form = editor(browser)
    form["other_tag"], form["other_percent"] = "major_hazard_criteria", "5"
    assert "写了两次" in press(form, "save")


def test_a_note_that_changed_meanwhile_is_not_put_in_use_or_overwritten(app: Flask) -> None:
    """The note is read by whoever puts a blueprint in use: a page that shows the old one is behind."""
    sample.banks()
    author, other = reviewer(app), reviewer(app, "second")
    press(editor(author), "save", 302)
    first, second = editor(author), editor(author)
    stale = other.form(other.open(f"{PAGE}/1"), "/use")
    first["note"], second["note"] = "先写的说明", "后写的说明"
    press(first, "save", 302)
    assert "有人修改了这门课程的组卷方案" in press(second, "save")
    assert "有人修改了这门课程的组卷方案" in other.submit(stale)
    assert (stored().note, stored().state) == ("先写的说明", BlueprintState.DRAFT)


def test_an_editor_who_is_behind_is_told(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser)
    saved()
    assert "有人修改了这门课程的组卷方案" in press(form, "save")


def test_counts_while_typing_equal_a_recount(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser)
    whole = pool(["general", "metal_smelting"], today())
    said = asked(browser, form)
    there = [len(whole.matching(stratum)) for stratum in exam().derived().strata]
    assert said["rows"] == [[f"可用 {count} 题", "ok"] for count in there]
    assert said["total"] == ["合计 25 题、100 分；考试规则要求 25 题、100 分。", "ok"]
    assert [state for _words, state in said["remarks"]] == ["ok"]
    narrow = {"strata-1-difficulties": "3", "strata-1-count": "60"}
    hard = sum(
        each.bank == "general" and each.kind == "single_choice" and each.difficulty == 3 for each in whole.questions
    )
    said = asked(browser, form, narrow)
    assert said["rows"][1] == [f"可用 {hard} 题，缺 {60 - hard} 题", "stop"]
    assert said["total"][1] == "stop" and "合计 79 题" in said["total"][0]


def test_strata_that_share_questions_are_named_while_typing(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser)
    said = asked(browser, form, {"strata-0-kind": "single_choice"})
    assert ["第 1、2 层有共同的试题，能否同时抽满，以“检查能否组卷”为准。", ""] in said["remarks"]
    apart = {"strata-0-kind": "single_choice", "strata-0-difficulties": "1", "strata-1-difficulties": "3"}
    assert len(asked(browser, form, apart)["remarks"]) == 1


def test_rows_that_share_questions_have_a_mark_of_their_own_while_each_has_enough(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    rows = asked(browser, editor(browser), {"strata-0-kind": "single_choice"})["rows"]
    assert [state for _words, state in rows] == ["shared", "shared", "ok", "ok", "ok", "ok"]
    assert rows[0][0].endswith("，与其他层共用")


def test_after_a_check_a_row_tells_what_it_lacks_beside_the_others(app: Flask) -> None:
    """Nothing stays green of which the findings say that it lacks questions."""
    sample.banks()
    form = editor(reviewer(app))
    every = len(pool(["general"], today()).matching(exam().derived().strata[1]))
    form["strata-0-kind"], form["strata-0-count"] = "single_choice", str(every - 2)
    page = press(form, "check")
    findings = page.html.find(attrs={"aria-labelledby": "findings"}).get_text(" ", strip=True)
    rows = [one.get_text(strip=True) for one in page.html.select("#rows [data-have]")]
    [short] = [row for row in rows if "缺" in row]
    assert short == f"可用 {every} 题，同时抽缺 4 题" and "缺 4 题" in findings
    assert f"第 {rows.index(short) + 1} 层：" in findings


@pytest.mark.parametrize("number", ["", "-1", "0", "二"])
def test_a_number_that_is_none_is_marked_where_it_left_the_total(app: Flask, number: str) -> None:
    sample.banks()
    browser = reviewer(app)
    said = asked(browser, editor(browser), {"strata-0-count": number})
    assert said["rows"][0] == ["题数没有填对，这一层没有计入合计", "stop"] and "合计 20 题" in said["total"][0]


@pytest.mark.parametrize(("percent", "warns"), [("5", True), ("", True), ("8", True), ("10", False), ("x", False)])
def test_a_share_below_the_exam_rule_is_said_while_typing(app: Flask, percent: str, warns: bool) -> None:
    sample.banks()
    browser = reviewer(app)
    remarks = asked(browser, editor(browser), {"hazard_percent": percent})["remarks"]
    assert any("不得少于 10%（3 题）" in words and state == "stop" for words, state in remarks) is warns


def test_a_course_without_a_share_asks_for_none_while_typing(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser, f"/banks/blueprints/{MANAGERS}/edit")
    remarks = asked(browser, form, {"hazard_percent": ""}, MANAGERS)["remarks"]
    assert [words for words, state in remarks if state] == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"strata-0-bank": "no_such_bank"}, "没有代码为“no_such_bank”的题库"),
        ({"strata-0-bank": "general_practice"}, "“general_practice”是练习题库，考试从不抽练习题"),
        ({"strata-0-knowledge_points": "没有的知识点"}, "大纲和题库里都没有知识点“没有的知识点”"),
    ],
)
def test_what_a_row_names_that_is_not_there_is_said_instead_of_a_count(
    app: Flask, changes: dict[str, str], words: str
) -> None:
    sample.banks("general", "metal_smelting")
    load_banks(now())
    browser = reviewer(app)
    form = editor(browser)
    assert asked(browser, form, changes)["rows"][0] == [words, "stop"]
    pairs = [(name, value) for name, value in form.submit_fields() if name not in changes] + list(changes.items())
    page = browser.web.post(EDIT, [*pairs, ("do", "check")])
    assert f"第 1 层：{words}" in page.html.find(attrs={"aria-labelledby": "findings"}).get_text(" ", strip=True)


def test_what_is_half_typed_is_counted_as_far_as_it_goes(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser)
    half = {"strata-0-count": "", "strata-1-points": "x", "strata-2-bank": "", "hazard_percent": "x", "other_tag": "甲"}
    said = asked(browser, form, half)
    assert said["rows"][0] == ["题数没有填对，这一层没有计入合计", "stop"]
    assert said["rows"][1] == ["每题分值没有填对，这一层的分数没有计入合计", "stop"]
    assert said["rows"][2] == ["请先选择题库和题型", ""]
    assert [each[1] for each in said["remarks"]] == ["", ""]


@pytest.mark.parametrize(
    "changes",
    [
        {"strata-²-bank": "general"},
        {f"strata-{'9' * 5000}-bank": "general"},
        {"strata-0-bank-x": "y", "strata--bank": "general", "strata": "x"},
        {"strata-0-kind": "no_kind", "strata-1-bank": "'; --", "strata-2-difficulties": "9"},
        {"strata-0-knowledge_points": "；" * 400, "strata-0-tags": "%_\\\"'"},
        {"strata-0-count": "9" * 400, "strata-0-points": "1e999"},
    ],
)
def test_no_form_however_strange_breaks_the_counts(app: Flask, changes: dict[str, str]) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser)
    assert len(asked(browser, form, changes)["rows"]) == 6
    pairs = [(name, value) for name, value in form.submit_fields() if name not in changes] + list(changes.items())
    assert browser.web.post(EDIT, [*pairs, ("do", "check")]).status_int == 200
    browser.web.post(EDIT, [*pairs, ("do", f"remove-{'9' * 5000}")], status=200)


def test_the_counts_take_the_same_statements_for_many_rows(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser)
    with counted() as few:
        asked(browser, form)
    row = {name.replace("strata-0-", ""): value for name, value in form.submit_fields() if name.startswith("strata-0-")}
    more = {f"strata-{n}-{name}": value for n in range(6, 40) for name, value in row.items()}
    with counted() as many:
        assert len(asked(browser, form, more)["rows"]) == 40
    assert len(few) == len(many)


def test_the_check_names_what_blocks_and_with_whom_it_competes(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    form = editor(browser)
    form["strata-0-kind"], form["strata-0-count"] = "single_choice", "80"
    page = press(form, "check")
    text = page.html.find(attrs={"aria-labelledby": "findings"}).get_text(" ", strip=True)
    assert "还不能组卷" in text and "争用同一批试题" in text
    assert "各分层合计 100 题，考试规则要求 25 题。" in page


def test_the_page_of_a_course_checks_on_demand(app: Flask) -> None:
    sample.banks("general")
    load_banks(now())
    browser = reviewer(app)
    assert "检查结果" not in browser.open(PAGE)
    page = browser.open(f"{PAGE}?check=1")
    assert "还不能组卷" in page and "第 4 层：金属冶炼题库判断题需要 3 题，现有 0 题，缺 3 题" in page


def test_the_list_says_of_every_course_by_what_it_draws_and_whether_the_bank_has_enough(app: Flask) -> None:
    sample.banks()
    used()
    saved(course=MANAGERS, blueprint=exam(MANAGERS).derived())
    browser = reviewer(app)
    page = browser.open(f"/banks/blueprints?q={quote(exam_title())}")
    row = next(one for one in page.html.select("tbody tr") if exam_title() in one.get_text())
    assert "第 1 版：示例方案" in row.get_text() and "够" in row.get_text()
    only = browser.open("/banks/blueprints?by=own").html.select("tbody tr")
    assert len(only) == 1
    mines = browser.open("/banks/blueprints?sector=mines").html.select("tbody tr")
    assert mines and all("矿山" in one.get_text() and "缺" in one.get_text() for one in mines)
    assert f"{len({one.code for one in catalogue.courses()})} 条" in browser.open("/banks/blueprints")


def exam_title() -> str:
    return catalogue.course(COURSE).title_zh


def test_the_list_takes_the_same_statements_however_many_are_stored(app: Flask) -> None:
    sample.banks()
    browser = reviewer(app)
    with counted() as few:
        browser.open("/banks/blueprints")
    used()
    saved(course=MANAGERS, blueprint=exam(MANAGERS).derived())
    with counted() as more:
        browser.open("/banks/blueprints")
    assert len(more) <= len(few)


def test_a_sample_paper_shows_keys_to_reviewers_and_says_what_it_is(app: Flask) -> None:
    sample.banks()
    saved(fitting())
    browser = reviewer(app)
    page = browser.open(f"{PAGE}/paper?number=1")
    assert "示例试卷（第 1 份）" in page and "不用于考试" in page and "正确答案" in page
    assert len(page.html.select("section.paper")) == 25
    first, again, second = (
        [one.get_text() for one in browser.open(f"{PAGE}/paper?number=1&seed={seed}").html.select("section.paper")]
        for seed in (1, 1, 2)
    )
    assert first == again != second
    browser.open(f"{PAGE}/paper?number=7", status=404)


def test_no_sample_paper_without_questions(app: Flask) -> None:
    assert "没有试卷可看" in reviewer(app).open(f"{PAGE}/paper")


def test_courses_that_are_none_are_not_found(app: Flask) -> None:
    browser = reviewer(app)
    for address in (
        "/banks/blueprints/none",
        "/banks/blueprints/none/edit",
        "/banks/blueprints/none/paper",
        f"{PAGE}/9",
    ):
        browser.open(address, status=404)


def test_the_pages_are_in_english_too(app: Flask) -> None:
    sample.banks()
    saved()
    browser = reviewer(app)
    browser.web.set_cookie("language", "en")
    for address in ("/banks/blueprints", f"{PAGE}?check=1", f"{PAGE}/1", EDIT, f"{PAGE}/paper", f"{PAGE}/1/retire"):
        browser.open(address)
