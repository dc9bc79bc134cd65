from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from webtest import Upload

from app import worker
from app.audit.models import AuditEvent
from app.core.actors import Role
from app.core.db import db
from app.core.imports import Import
from app.registry.models import Appointment, Bar, Enterprise, Person
from tests import sample
from tests.app.registry.rosters import row, workbook
from tests.page import Browser

HANGZHOU, NINGBO = "330100", "330200"


def browser(app: Flask, role: Role = Role.REGULATOR, scope: str = HANGZHOU) -> Browser:
    """Sign somebody new in; commits what the test prepared."""
    login = f"{role.value}-{scope}"
    sample.user(login, role, scope)
    db.session.commit()
    opened = Browser(app)
    form = main_form(opened.open("/sign-in"))
    form["login"], form["password"] = login, sample.PASSWORD
    assert form.submit().status_int == 302  # the home of the role is another feature's page
    return opened


def staffed() -> Appointment:
    """An enterprise in Hangzhou with a principal."""
    return sample.appointment(sample.person(), sample.enterprise())


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the SELECT statements sent to the database."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        seen.extend([statement] if statement.startswith("SELECT") else [])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_a_regulator_lists_the_enterprises_of_the_territory_only(app: Flask) -> None:
    sample.enterprise("杭州示例企业")
    sample.enterprise("宁波样本企业", region="330203")
    page = browser(app).open("/enterprises")
    assert "杭州示例企业" in page.text and "宁波样本企业" not in page.text
    assert "无人在任" in page.text


def test_the_list_is_searched_filtered_and_exported(app: Flask) -> None:
    smelter = sample.enterprise("杭州示例冶炼")
    mine = sample.enterprise("杭州样本煤矿", sectors=("coal_mines",), region="330109")
    opened = browser(app)
    for query, found, missing in (
        ({"q": smelter.credit_code}, smelter, mine),
        ({"q": "煤矿"}, mine, smelter),
        ({"region": "330109"}, mine, smelter),
        ({"sector": "mines"}, mine, smelter),
        ({"sector": "metal_smelting"}, smelter, mine),
    ):
        page = opened.open("/enterprises", params=query)
        assert found.name in page.text and missing.name not in page.text, query
    book = load_workbook(io.BytesIO(opened.web.get("/enterprises?sector=mines&format=xlsx").body))
    assert [cell.value for cell in book.active["A"]] == ["企业名称", "杭州样本煤矿"]


def test_a_long_list_asks_no_more_questions_than_a_short_one(app: Flask) -> None:
    staffed()
    opened = browser(app)
    with counted() as short:
        opened.open("/enterprises")
    for _each in range(20):
        staffed()
    db.session.commit()
    with counted() as long:
        opened.open("/enterprises")
    assert len(long) == len(short)


def test_the_page_of_an_enterprise_shows_no_whole_number_and_bounded_questions(app: Flask) -> None:
    first = staffed()
    numbers = [first.person.document_number]
    opened = browser(app)
    address = f"/enterprises/{first.enterprise_id}"
    with counted() as short:
        opened.open(address)
    others = [sample.appointment(sample.person(), first.enterprise).person for _each in range(10)]
    numbers += [other.document_number for other in others]
    db.session.commit()
    with counted() as long:
        page = opened.open(address)
    assert len(long) == len(short)
    assert not any(number in page.text for number in numbers)
    assert all(number[-4:] in page.text for number in numbers)


@pytest.mark.parametrize("path", ["", "/appointments/new", "/correct", "/sectors", "/close"])
def test_another_territory_another_role_and_strangers_are_kept_out(app: Flask, path: str) -> None:
    address = f"/enterprises/{staffed().enterprise_id}{path}"
    for role, scope in ((Role.REGULATOR, NINGBO), (Role.INSTITUTION, "PX01"), (Role.EXAM_SITE, "KD01")):
        browser(app, role, scope).open(address, status=403)
    assert Browser(app).web.get(address).status_int == 302
    browser(app).open(address)
    browser(app, Role.ADMINISTRATOR, "").open(address)


def test_a_missing_enterprise_is_a_page_that_says_so(app: Flask) -> None:
    browser(app).open("/enterprises/999", status=404)


def test_an_enterprise_sees_its_own_page_and_nothing_to_change(app: Flask) -> None:
    appointment = staffed()
    opened = browser(app, Role.ENTERPRISE, appointment.enterprise.credit_code)
    page = opened.open("/own-enterprise")
    assert appointment.person.name in page.text and "登记任职" not in page.text
    opened.open(f"/enterprises/{appointment.enterprise_id}", status=403)
    opened.open(f"/people/{appointment.person_id}", status=403)
    browser(app, Role.ENTERPRISE, "91330100MA0000000X").open("/own-enterprise", status=404)


def main_form(page: Any) -> Any:
    """Return the form that posts back to the page itself."""
    return next(form for form in page.forms.values() if form.method.lower() == "post" and form.action == "")


def fill(form: Any, /, **values: str) -> Any:
    for name, value in values.items():
        form[name] = value
    return form


def test_a_replacement_ends_one_appointment_and_begins_another(app: Flask) -> None:
    old = staffed()
    enterprise, number = old.enterprise_id, sample.identity_number()
    opened = browser(app)
    opened.submit(fill(main_form(opened.open(f"/appointments/{old.id}/end")), last_day="2025-06-30"))
    form = main_form(opened.open(f"/enterprises/{enterprise}/appointments/new"))
    values = {"name": "周样本", "document_number": number, "role_code": "principal", "form": "manager"}
    page = opened.submit(fill(form, **values, since="2025-07-01"))
    assert "周样本" in page.text and "历任人员" in page.text and "2025-06-30" in page.text
    found = db.session.execute(sa.select(Appointment.valid_from, Appointment.valid_to).order_by(Appointment.id)).all()
    assert [tuple(each) for each in found] == [(date(2024, 1, 1), date(2025, 7, 1)), (date(2025, 7, 1), None)]
    kinds = set(db.session.scalars(sa.select(AuditEvent.kind).where(AuditEvent.subject_type == "enterprise")))
    assert kinds == {"AppointmentAdded", "AppointmentEnded"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"document_number": "330102197001010014"}, "校验位不对"),
        ({"since": "2030-01-01"}, "日期晚于今天"),
        ({"last_day": "2024-01-01"}, "离任日期早于任职日期"),
        ({"role_code": "safety_manager"}, "负责人类别只用于主要负责人"),
    ],
)
def test_a_wrong_appointment_is_refused_beside_its_field(app: Flask, change: dict[str, str], said: str) -> None:
    enterprise = sample.enterprise()
    opened = browser(app)
    form = main_form(opened.open(f"/enterprises/{enterprise.id}/appointments/new"))
    values = {"name": "周样本", "document_number": sample.identity_number(), "role_code": "principal"}
    page = opened.submit(fill(form, **{**values, "form": "manager", "since": "2025-07-01", **change}))
    assert said in page.text and "周样本" in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_a_barred_person_is_not_appointed_until_the_bar_is_corrected(app: Flask) -> None:
    person = staffed().person
    number, person_id, enterprise = person.document_number, person.id, sample.enterprise("杭州样本企业").id
    opened = browser(app)
    form = main_form(opened.open(f"/people/{person_id}/bars/new"))
    page = opened.submit(fill(form, valid_from="2025-01-01", decision_number="示例罚〔2025〕1号"))
    assert "禁任中" in page.text
    values = {"name": "章示例", "document_number": number, "role_code": "principal", "since": "2025-07-01"}
    address = f"/enterprises/{enterprise}/appointments/new"
    refused = opened.submit(fill(main_form(opened.open(address)), **values))
    assert "示例罚〔2025〕1号" in refused.text
    bar = db.session.scalars(sa.select(Bar.id)).one()
    withdrawn = opened.submit(fill(main_form(opened.open(f"/bars/{bar}/withdraw")), reason="原决定撤销"))
    assert "已更正" in withdrawn.text
    opened.submit(fill(main_form(opened.open(address)), **values))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) == 2


def test_the_whole_number_is_shown_on_request_and_written_down(app: Flask) -> None:
    person = staffed().person
    number, address = person.document_number, f"/people/{person.id}"
    opened = browser(app)
    page = opened.open(address)
    assert number not in page.text
    shown = opened.submit(opened.form(page, "/number"))
    assert number in shown.text and shown.headers["Cache-Control"] == "no-store"
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "PersonalDataShown")).one()
    assert (event.subject_id, event.data["purpose"]) == (person.id, "verify_identity")
    assert number not in str(event.data)


def test_people_of_another_territory_and_their_numbers_are_kept_from_a_regulator(app: Flask) -> None:
    person = staffed().person
    outside, administrator = browser(app, scope=NINGBO), browser(app, Role.ADMINISTRATOR, "")
    outside.open(f"/people/{person.id}", status=403)
    outside.open(f"/people/{person.id}/bars/new", status=403)
    page = administrator.open(f"/people/{person.id}")
    assert "显示完整证件号码" not in page.text
    assert Browser(app).web.get(f"/people/{person.id}").status_int == 302


def test_a_change_of_sector_keeps_the_old_one_with_its_dates(app: Flask) -> None:
    enterprise = sample.enterprise()
    opened = browser(app)
    form = main_form(opened.open(f"/enterprises/{enterprise.id}/sectors"))
    page = opened.submit(fill(form, ends=str(enterprise.memberships[0].id), begins="mines", day="2026-01-01"))
    assert "矿山" in page.text and "2025-12-31" in page.text
    db.session.expire_all()
    periods = {(each.sector_code, each.valid_from, each.valid_to) for each in enterprise.memberships}
    assert periods == {
        ("metal_smelting", date(2024, 1, 1), date(2026, 1, 1)),
        ("mines", date(2026, 1, 1), None),
    }
    empty = opened.submit(fill(main_form(opened.open(f"/enterprises/{enterprise.id}/sectors")), day="2026-02-01"))
    assert "至少选择一项" in empty.text


def test_an_enterprise_struck_off_ends_everything_that_stood_open(app: Flask) -> None:
    appointment = staffed()
    enterprise = appointment.enterprise
    opened = browser(app)
    address = f"/enterprises/{enterprise.id}/close"
    early = opened.submit(fill(main_form(opened.open(address)), day="2023-01-01"))
    assert "注销日期须晚于" in early.text
    page = opened.submit(fill(main_form(opened.open(address)), day="2026-01-31"))
    assert "2026-01-31 注销" in page.text
    db.session.expire_all()
    assert enterprise.closed_on == appointment.valid_to == enterprise.memberships[0].valid_to == date(2026, 1, 31)
    assert "已注销" in opened.open("/enterprises?state=closed").text
    refused = opened.submit(fill(main_form(opened.open(address)), day="2026-02-01"))
    assert "已于 2026-01-31 注销" in refused.text


def test_facts_are_corrected_within_the_territory(app: Flask) -> None:
    enterprise = sample.enterprise()
    opened = browser(app)
    form = main_form(opened.open(f"/enterprises/{enterprise.id}/correct"))
    assert "330203" not in [value for value, *_rest in form["region_code"].options]
    page = opened.submit(fill(form, name="杭州示例新材料有限公司", region_code="330109"))
    assert "杭州示例新材料有限公司" in page.text and "萧山区" in page.text


def test_a_roster_is_checked_loaded_by_the_worker_and_undone(app: Flask) -> None:
    opened = browser(app)
    form = main_form(opened.open("/roster"))
    form["file"] = Upload("示例名册.xlsx", workbook([row()]))
    report = opened.submit(form)
    assert "检查通过" in report.text
    opened.submit(opened.form(report, "/load"))
    assert worker.run_all() == 1
    imported = db.session.scalars(sa.select(Import)).one()
    loaded = opened.open(f"/roster/{imported.id}")
    assert "名册内容" in loaded.text
    undone = opened.submit(opened.form(loaded, "/undo"))
    assert "已撤销" in undone.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 0


def test_a_roster_of_elsewhere_is_refused_row_by_row(app: Flask) -> None:
    opened = browser(app, scope=NINGBO)
    form = main_form(opened.open("/roster"))
    form["file"] = Upload("示例名册.xlsx", workbook([row()]))
    report = opened.submit(form)
    assert "1 行有错" in report.text and "不在您的管辖区域“浙江省宁波市”内" in report.text


def test_a_roster_that_cannot_be_read_is_refused_beside_the_field(app: Flask) -> None:
    opened = browser(app)
    form = main_form(opened.open("/roster"))
    form["file"] = Upload("示例名册.xlsx", "企业名称,姓名".encode())
    assert "这不是 .xlsx 文件" in opened.submit(form).text


def test_an_import_is_its_makers_alone(app: Flask) -> None:
    opened = browser(app)
    form = main_form(opened.open("/roster"))
    form["file"] = Upload("示例名册.xlsx", workbook([row()]))
    opened.submit(form)
    number = db.session.scalars(sa.select(Import.id)).one()
    browser(app, scope=NINGBO).open(f"/roster/{number}", status=404)
    browser(app, Role.INSTITUTION, "PX01").open(f"/roster/{number}", status=403)
    assert Browser(app).web.get("/roster").status_int == 302


def test_the_template_can_be_uploaded_as_it_is_but_for_its_sample_row(app: Flask) -> None:
    opened = browser(app)
    form = main_form(opened.open("/roster"))
    form["file"] = Upload("示例名册.xlsx", opened.web.get("/roster/template.xlsx").body)
    assert "检查通过：1 行都可以导入" in opened.submit(form).text
