"""The pages of coverage: what they say, how one gets from a figure to its sentence and names, and who may not."""

from __future__ import annotations

import io
from datetime import date, datetime
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from openpyxl import load_workbook

from app.certification.models import Certificate, CertificateState
from app.core.actors import Role
from app.core.clock import SHANGHAI
from app.core.db import db
from app.registry.models import Enterprise, Person
from courses.mandates import binding, mandate
from tests import sample
from tests.app.coverage.roster import School, change, head
from tests.conftest import Clock
from tests.page import Browser

COMPLEX = "large-commercial-complexes-fire-responsible-campaign"
PLACES = ("330102", "330102", "330203")


@pytest.fixture
def complexes(app: Flask, clock: Clock) -> list[Enterprise]:
    """Three large commercial complexes: one covered, one failed, one with nobody trained; 39 days before the end."""
    clock.set(datetime(2026, 11, 22, 12, tzinfo=SHANGHAI))
    school, found = School(), []
    for number, region in enumerate(PLACES):
        found.append(sample.enterprise(f"示例综合体{number}", ("large_commercial_complexes",), region))
    school.graduate(head(found[0], "fire_responsible", name="甲示例"), found[0], date(2026, 6, 1), course=COMPLEX)
    taught = school.teach(head(found[1], "fire_responsible", name="乙示例"), found[1], date(2026, 6, 1), course=COMPLEX)
    school.examine(taught, date(2026, 6, 2), score=62)
    head(found[2], "fire_responsible", name="丙示例")
    for login, scope in (("province", "330000"), ("city", "330100"), ("district", "330102"), ("other", "370406")):
        sample.user(login, Role.REGULATOR, scope)
    sample.user("school", Role.INSTITUTION, "PX01")
    sample.user("boss", Role.ADMINISTRATOR)
    db.session.commit()
    return found


def signed_in(app: Flask, login: str) -> Browser:
    browser = Browser(app)
    form = next(one for one in browser.open("/sign-in").forms.values() if "login" in one.fields)
    form["login"], form["password"] = login, sample.PASSWORD
    form.submit()
    return browser


def words_of(text: str) -> str:
    return " ".join(BeautifulSoup(text, "html.parser").get_text(" ").split())


@pytest.mark.usefixtures("complexes")
def test_the_title_says_the_most_urgent_thing(app: Flask) -> None:
    page = signed_in(app, "province").open("/coverage")
    assert page.html.h1.get_text() == "大型商业综合体消防安全责任人还差 2 人，距期限 39 天"
    said = words_of(page.text)
    assert "应训 3 人" in said and "已训 2 人" in said and "考试合格 1 人" in said
    assert "合格率 50.0%" in said and "33.3%" in said


@pytest.mark.usefixtures("complexes")
def test_the_places_to_look_at_first_say_why(app: Flask) -> None:
    page = signed_in(app, "province").open("/coverage")
    rows = [words_of(str(row)) for row in page.html.select(".places tbody tr")]
    assert rows == [
        "杭州市 大型商业综合体消防安全责任人集中培训（正文年度） Z5-1 1 50.0% 1 人考试不合格",
        "宁波市 大型商业综合体消防安全责任人集中培训（正文年度） Z5-1 1 0.0% 1 人未培训",
    ]


@pytest.mark.usefixtures("complexes")
def test_on_one_deadline_the_larger_gap_is_headline_and_first_place(app: Flask) -> None:
    """A clause that names the year goes before one that recurs only where both miss as many persons."""
    for number in range(7):
        head(sample.enterprise(f"示例矿山{number}", ("underground_mines",), "330102"))
    db.session.commit()
    page = signed_in(app, "province").open("/coverage")
    assert page.html.h1.get_text() == "矿山主要负责人还差 7 人，距期限 39 天"
    first, second, _third = (words_of(str(row)) for row in page.html.select(".places tbody tr"))
    assert "矿山" in first and " 7 0.0% " in first
    assert "大型商业综合体" in second


@pytest.mark.usefixtures("complexes")
def test_the_present_day_is_seen_at_its_minute_and_a_past_year_at_midnight(app: Flask, clock: Clock) -> None:
    clock.set(datetime(2026, 11, 23, 0, 20, tzinfo=SHANGHAI))
    browser = signed_in(app, "province")
    assert "截至 2026-11-23 00:20（北京时间）" in browser.open("/coverage").text
    assert "截至 2025-12-31 24 时（北京时间）" in browser.open("/coverage?year=2025").text


@pytest.mark.usefixtures("complexes")
def test_the_named_year_is_framed_and_its_cell_leads_to_the_sentence(app: Flask) -> None:
    browser = signed_in(app, "province")
    page = browser.open("/coverage")
    framed = page.html.select("a.framed")
    assert [cell["href"] for cell in framed] == ["/coverage/2026/330000/Z5-1"]
    assert "33.3%" in framed[0].get_text()
    cell = browser.open(framed[0]["href"])
    assert mandate("Z5-1").quotation in cell.text
    assert "浙安委〔2024〕4号" in cell.text and mandate("Z5-1").clause in cell.text
    assert cell.html.h1.get_text() == "大型商业综合体消防安全责任人 3 人，还有 2 人未覆盖，距期限 39 天"


@pytest.mark.usefixtures("complexes")
def test_a_plan_of_one_part_has_a_row_of_its_own_in_the_whole(app: Flask) -> None:
    head(sample.enterprise("示例综合体9", ("large_commercial_complexes",), "370406"), "fire_responsible")
    db.session.commit()
    page = signed_in(app, "boss").open("/coverage")
    rows = {words_of(str(row.th)): words_of(str(row)) for row in page.html.select(".heat tbody tr")}
    assert "25.0%" not in rows["大型商业综合体 消防安全责任人 · 浙江省"]
    assert "33.3%" in rows["大型商业综合体 消防安全责任人 · 浙江省"]
    assert "0.0%" in rows["大型商业综合体 消防安全责任人 · 山亭区"]
    assert "50.0%" in rows["大型商业综合体 消防安全责任人"]  # the whole country, where training covers


@pytest.mark.usefixtures("complexes")
def test_conflicting_clauses_stand_side_by_side_with_figures_of_their_own(app: Flask) -> None:
    said = words_of(signed_in(app, "province").open("/coverage/2026/330000/Z5-1").text)
    assert "条款不一致 C5，两条并存，不合并" in said
    for code, figure in (("Z5-2", "1 / 3"), ("N31c", "2 / 3"), ("N11b-4", "2 / 3")):
        assert f"{code} " in said and figure in said
    assert "Z4-3" not in said  # the same conflict, other enterprises


def test_the_way_leads_down_to_a_name_its_reason_and_its_certificate(app: Flask, complexes: list[Enterprise]) -> None:
    browser = signed_in(app, "province")
    assert "3 / 3" not in words_of(browser.open("/coverage/2026/330000/Z5-1/enterprises").text)
    page = browser.open(f"/coverage/2026/330000/Z5-1/enterprises/{complexes[0].id}")
    said = words_of(page.text)
    assert "甲示例" in said and "已覆盖" in said and "考试 90 分，合格" in said
    (link,) = page.html.select("td a[href^='/certificates/']")
    assert link.get_text().startswith("证明 示例证")
    everybody = words_of(browser.open("/coverage/2026/330000/Z5-1/names").text)
    assert "2026-06-02 考试 62 分，不合格" in everybody and "没有对应的培训" in everybody


@pytest.mark.usefixtures("complexes")
def test_names_show_masked_documents_only(app: Flask) -> None:
    numbers = [person.document_number for person in db.session.scalars(sa.select(Person))]
    page = signed_in(app, "province").open("/coverage/2026/330000/Z5-1/names")
    assert len(numbers) == 3
    assert not any(number in page.text for number in numbers)
    assert all(f"*{number[-4:]}" in page.text for number in numbers)


@pytest.mark.usefixtures("complexes")
def test_names_are_searched_filtered_and_exported(app: Flask) -> None:
    browser = signed_in(app, "province")
    names = "/coverage/2026/330000/Z5-1/names"
    found = words_of(browser.open(f"{names}?status=failed").text)
    assert "乙示例" in found and "甲示例" not in found and "丙示例" not in found
    assert "丙示例" in words_of(browser.open(f"{names}?q={quote('综合体2')}").text)
    sheet = load_workbook(io.BytesIO(browser.web.get(f"{names}?status=failed&format=xlsx").body)).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["乙示例"]


@pytest.mark.usefixtures("complexes")
def test_nobody_due_is_said_in_words(app: Flask) -> None:
    page = words_of(signed_in(app, "province").open("/coverage/2026/330000/N30b-1").text)
    assert "矿山主要负责人：无对象" in page
    assert "100%" not in page.replace("不算 100%", "")


@pytest.mark.usefixtures("complexes")
def test_a_clause_that_is_reported_says_how_it_is_measured(app: Flask) -> None:
    browser = signed_in(app, "province")
    listed = words_of(browser.open("/coverage/2024/330000/mandates?q=Z1").text)
    assert "由现场抽样测试或检查得出" in listed and mandate("Z1").quotation in listed
    assert "不用考试合格率代替" in words_of(browser.open("/coverage/mandates/Z1").text)


@pytest.mark.usefixtures("complexes")
def test_filters_offer_only_what_the_list_holds(app: Flask) -> None:
    browser = signed_in(app, "province")

    def offered(address: str, key: str) -> list[str]:
        return [str(one["value"]) for one in browser.open(address).html.select(f"#filter-{key} option[value!='']")]

    held = {each.plan for each in binding("330000", 2026, include_below=True)}
    plans = offered("/coverage/2026/330000/mandates", "plan")
    assert set(plans) == held and len(plans) == len(held)
    assert offered("/coverage/2026/330000/Z5-1/names", "status") == ["covered", "not_trained", "failed"]


@pytest.mark.usefixtures("complexes")
def test_mandates_are_filtered_by_plan_and_way_of_measuring(app: Flask) -> None:
    browser = signed_in(app, "province")
    page = browser.open("/coverage/2026/330000/mandates?plan=zhejiang-2024&measured=registry")
    codes = [row.td.get_text() for row in page.html.select("tbody tr")]
    assert codes and all(code.startswith("Z") for code in codes)
    assert "没有符合条件的记录" in browser.open("/coverage/2026/330000/mandates?q=S5").text


@pytest.mark.usefixtures("complexes")
@pytest.mark.parametrize(
    ("login", "region", "status"),
    [
        ("district", "330102", 200),
        ("district", "330100", 403),
        ("district", "330106", 403),
        ("city", "330102", 200),
        ("city", "330200", 403),
        ("province", "000000", 403),
        ("province", "370406", 403),
        ("other", "330000", 403),
        ("boss", "000000", 200),
        ("school", "330000", 403),
        ("province", "339999", 404),
        ("province", "abc", 404),
    ],
)
def test_everybody_sees_the_own_territory_only(app: Flask, login: str, region: str, status: int) -> None:
    browser = signed_in(app, login)
    for address in (
        f"/coverage?region={region}",
        f"/coverage/2026/{region}/N31c",
        f"/coverage/2026/{region}/N31c/enterprises",
        f"/coverage/2026/{region}/N31c/names",
        f"/coverage/2026/{region}/mandates",
        f"/coverage/mandates/N31c?region={region}",
    ):
        browser.open(address, status=status)
    browser.web.get(f"/coverage/2026/{region}.xlsx", status=status)


def test_an_enterprise_outside_the_region_of_the_address_is_not_found(app: Flask, complexes: list[Enterprise]) -> None:
    browser = signed_in(app, "city")
    browser.open(f"/coverage/2026/330100/Z5-1/enterprises/{complexes[2].id}", status=404)


def test_nobody_comes_in_without_signing_in(app: Flask) -> None:
    for address in ("/coverage", "/coverage/2026/330000/Z5-1/names", "/coverage/2026/330000.xlsx"):
        assert "/sign-in" in Browser(app).web.get(address, status=302).location


@pytest.mark.usefixtures("complexes")
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/coverage?year=2019", "2019 年没有生效的方案"),
        ("/coverage/2026/330000/ZZ9", "没有编号为 ZZ9 的任务条款"),
        ("/coverage/2024/330000/Z5-1", "任务条款 Z5-1 在所选年度不约束这个地区"),
        ("/coverage/2026/330000/S5", "任务条款 S5 在所选年度不约束这个地区"),
        ("/coverage?region=999999", "行政区划代码 999999 不在区划表中"),
    ],
)
def test_a_wrong_address_is_refused_in_words(app: Flask, address: str, sentence: str) -> None:
    login = "boss" if "999999" in address else "province"
    assert sentence in signed_in(app, login).open(address, status=404).text


@pytest.mark.usefixtures("complexes")
def test_the_breadcrumb_begins_at_the_own_territory(app: Flask) -> None:
    def steps(login: str) -> list[str]:
        page = signed_in(app, login).open("/coverage?region=330102")
        return [item.get_text(strip=True) for item in page.html.select(".crumbs li")]

    assert steps("boss") == ["全国", "浙江省", "杭州市", "上城区"]
    assert steps("city") == ["杭州市", "上城区"]
    assert steps("district") == ["上城区"]


def test_an_empty_registry_says_what_to_do(app: Flask) -> None:
    sample.user("province", Role.REGULATOR, "330000")
    db.session.commit()
    page = words_of(signed_in(app, "province").open("/coverage").text)
    assert "2026 年没有应训对象" in page and "先把企业和人员导入名录" in page


@pytest.mark.usefixtures("complexes")
def test_the_workbook_has_one_row_a_mandate_and_region_with_its_sentence(app: Flask) -> None:
    body = signed_in(app, "province").web.get("/coverage/2026/330000.xlsx").body
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = [dict(zip(header, row, strict=True)) for row in rows]
    ours = [
        (row["地区"], row["应训人数"], row["覆盖人数"], row["覆盖率（%）"])
        for row in found
        if row["条款编号"] == "Z5-1"
    ]
    assert ours == [("浙江省", 3, 1, 33.33), ("杭州市", 2, 1, 50), ("宁波市", 1, 0, 0)]
    assert all(row["原文"] and row["条款"] and row["方案"] for row in found)
    assert {row["覆盖率（%）"] for row in found if row["条款编号"] == "N30b-1"} == {"无对象"}
    assert {row["覆盖率（%）"] for row in found if row["条款编号"] == "Z13"} <= {"由报告得出"}


@pytest.mark.usefixtures("complexes")
def test_whoever_lost_the_certificate_is_not_covered_and_the_list_says_so(app: Flask) -> None:
    change(db.session.scalars(sa.select(Certificate)).one(), CertificateState.REVOKED, date(2026, 7, 1))
    db.session.commit()
    browser = signed_in(app, "province")
    rows = browser.open("/coverage/2026/330000/Z5-1/names?status=revoked").html.select("tbody tr")
    assert [words_of(str(row.td)) for row in rows] == ["甲示例"]
    assert "证明已撤销" in words_of(str(rows[0])) and "考试 90 分；证明已撤销，不再算合格" in words_of(str(rows[0]))
    assert "甲示例" not in words_of(browser.open("/coverage/2026/330000/Z5-1/names?status=covered").text)
    assert "1 人证明已撤销" in words_of(browser.open("/coverage/2026/330000/Z5-1").text)


@pytest.mark.usefixtures("complexes")
def test_pages_ask_the_database_a_bounded_number_of_times(app: Flask) -> None:
    browser = signed_in(app, "province")
    counts = []
    statements: list[str] = []
    listen = lambda *args: statements.append(args[2])  # noqa: E731 - removed again by identity
    sa.event.listen(db.engine, "before_cursor_execute", listen)
    addresses = ("/coverage", "/coverage/2026/330000/Z5-1", "/coverage/2026/330000/Z5-1/names")
    try:
        for _round in range(2):
            for address in addresses:
                statements.clear()
                browser.open(address)
                counts.append(len(statements))
            for number in range(15):
                head(sample.enterprise(f"示例另一家{number}", ("large_commercial_complexes",)), "fire_responsible")
            db.session.commit()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)
    assert counts[:3] == counts[3:]
    assert max(counts) <= 14
