from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEvent
from app.core import imports
from app.core.actors import SYSTEM
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError, sentence
from app.core.imports import ImportState
from app.registry import bars
from app.registry.models import Appointment, BarScope, Enterprise, Person, Scale, SectorMembership
from app.registry.roster.kind import ROSTER
from tests import sample
from tests.app.registry.rosters import checked, codes, loaded, row
from tests.conftest import Clock


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def numbers(imported: imports.Import, noun: str) -> tuple[int, int, int]:
    summary = imported.summary
    return summary[noun], summary[f"{noun}_new"], summary[f"{noun}_changed"]


def test_a_row_becomes_enterprise_memberships_person_and_appointment(app: Flask) -> None:
    imported = loaded([row(valid_to=date(2025, 6, 30))])
    enterprise = db.session.scalars(sa.select(Enterprise)).one()
    appointment = db.session.scalars(sa.select(Appointment)).one()
    assert (enterprise.region_code, enterprise.scale, enterprise.opened_on) == (
        "330109",
        Scale.MEDIUM,
        date(2018, 5, 1),
    )
    assert {(each.sector_code, each.valid_from, each.valid_to) for each in enterprise.memberships} == {
        ("metal_smelting", date(2018, 5, 1), None),
        ("dust_explosion", date(2018, 5, 1), None),
    }
    assert (appointment.role_code, appointment.form) == ("principal", "legal_representative")
    assert (appointment.valid_from, appointment.valid_to) == (date(2024, 1, 1), date(2025, 7, 1)), "half-open"
    assert appointment.person.phone == "13800000001"
    assert [imported.summary[noun] for noun in ("enterprises", "people", "appointments")] == [1, 1, 1]


def test_one_event_says_what_a_roster_brought(app: Flask) -> None:
    imported = loaded([row(), row(name="周样本")])
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "RosterImported")).one()
    assert event.subject_id == imported.id
    assert event.data == {"filename_digest": imported.digest, "enterprises": 2, "people": 2, "appointments": 2}
    assert count(AuditEvent) == 1


def test_names_and_codes_are_read_alike(app: Flask) -> None:
    as_codes = row(sectors="metal_smelting;dust_explosion", scale="medium", role_code="principal", form="chair")
    loaded([as_codes])
    assert db.session.scalars(sa.select(Appointment.form)).one() == "chair"


def test_a_person_may_head_two_enterprises_and_an_enterprise_have_two_principals(app: Flask) -> None:
    first = row()
    elsewhere = row(name=first["name"], document_number=first["document_number"], sectors="矿山")
    second = {**first, "name": "周样本", "document_number": sample.identity_number(), "form": "实际控制人"}
    loaded([first, elsewhere, second])
    assert (count(Enterprise), count(Person), count(Appointment)) == (2, 2, 3)


def test_a_replacement_in_mid_year_keeps_both_appointments(app: Flask) -> None:
    first = row(valid_to=date(2025, 6, 30))
    second = {**first, "name": "周样本", "document_number": sample.identity_number()}
    loaded([first, {**second, "valid_from": date(2025, 7, 1), "valid_to": None}])
    periods = db.session.execute(sa.select(Appointment.valid_from, Appointment.valid_to).order_by(Appointment.id))
    assert [tuple(each) for each in periods] == [
        (date(2024, 1, 1), date(2025, 7, 1)),
        (date(2025, 7, 1), None),
    ]


def test_the_same_file_twice_changes_nothing(app: Flask) -> None:
    rows = [row(), row(name="周样本", sectors="矿山", form="", valid_to=date(2025, 1, 31))]
    loaded(rows)
    again = loaded(rows)
    for noun in ("enterprises", "people", "appointments"):
        assert numbers(again, noun) == (2, 0, 0)
    assert (count(Enterprise), count(Person), count(Appointment), count(SectorMembership)) == (2, 2, 2, 3)


def test_what_is_known_is_brought_up_to_date_by_date(app: Flask) -> None:
    first = row()
    loaded([first])
    changed = {**first, "enterprise_name": "杭州示例新材料有限公司", "sectors": "金属冶炼、有限空间作业"}
    again = loaded([{**changed, "phone": "13800000002", "valid_to": date(2026, 2, 28)}])
    enterprise = db.session.scalars(sa.select(Enterprise)).one()
    assert enterprise.name == "杭州示例新材料有限公司"
    assert {(each.sector_code, each.valid_from, each.valid_to) for each in enterprise.memberships} == {
        ("metal_smelting", date(2018, 5, 1), None),
        ("dust_explosion", date(2018, 5, 1), today()),
        ("confined_space", today(), None),
    }
    appointment = db.session.scalars(sa.select(Appointment)).one()
    assert (appointment.valid_to, appointment.person.phone) == (date(2026, 3, 1), "13800000002")
    for noun in ("enterprises", "people", "appointments"):
        assert numbers(again, noun) == (1, 0, 1)


def test_a_sector_left_out_and_named_again_on_one_day_is_as_before(app: Flask) -> None:
    first = row()
    loaded([first])
    loaded([{**first, "sectors": "金属冶炼"}])
    loaded([first])
    memberships = db.session.execute(sa.select(SectorMembership.sector_code, SectorMembership.valid_to))
    assert {tuple(each) for each in memberships} == {("metal_smelting", None), ("dust_explosion", None)}


WRONG_CELLS: list[tuple[dict[str, Any], str, str]] = [
    ({"credit_code": "91330100000000018X"}, "统一社会信用代码", "credit_code_checksum"),
    ({"credit_code": "913301"}, "统一社会信用代码", "credit_code_shape"),
    ({"credit_code": None}, "统一社会信用代码", "required"),
    ({"enterprise_name": "=A1"}, "企业名称", "formula"),
    ({"enterprise_name": "例" * 201}, "企业名称", "text_too_long"),
    ({"region_code": "999999"}, "行政区划代码", "region_unknown"),
    ({"region_code": "杭州"}, "行政区划代码", "region_unknown"),
    ({"region_code": "000000"}, "行政区划代码", "region_unknown"),
    ({"region_code": "330104"}, "行政区划代码", "region_replaced"),
    ({"sectors": "金属冶练"}, "行业领域", "sector_unknown"),
    ({"sectors": "通用"}, "行业领域", "sector_unknown"),
    ({"sectors": "、"}, "行业领域", "required"),
    ({"scale": "巨型"}, "规模", "scale_unknown"),
    ({"opened_on": "去年"}, "成立日期", "date_unreadable"),
    ({"opened_on": "2024-02-30"}, "成立日期", "date_unreadable"),
    ({"opened_on": "2030-01-01"}, "成立日期", "date_out_of_range"),
    ({"name": "章\u202e示例"}, "姓名", "person_name_shape"),
    ({"document_number": "330102197001010014"}, "证件号码", "document_checksum"),
    ({"document_number": 330102197001010000}, "证件号码", "document_rounded"),
    ({"document_number": "330102700101001"}, "证件号码", "document_old"),
    ({"document_kind": "护照"}, "证件号码", "document_kind_differs"),
    ({"document_kind": "学生证"}, "证件号码", "roster_document_kind_unknown"),
    ({"phone": "手机"}, "手机", "phone_shape"),
    ({"role_code": "负责人"}, "岗位", "role_unknown"),
    ({"role_code": "安全培训机构"}, "岗位", "role_unknown"),
    ({"form": "老板"}, "负责人类别", "form_unknown"),
    ({"role_code": "安全生产管理人员"}, "负责人类别", "form_without_principal"),
    ({"valid_from": "2030-01-01"}, "任职日期", "date_out_of_range"),
    ({"valid_to": "2023-12-31"}, "离任日期", "office_ends_early"),
]


@pytest.mark.parametrize(("change", "column", "code"), WRONG_CELLS)
def test_a_wrong_cell_is_named_by_row_column_and_reason(
    app: Flask, change: dict[str, Any], column: str, code: str
) -> None:
    imported = checked([row(), row(**change)])
    assert codes(imported) == [(3, column, code)]
    error = imported.errors[0]
    assert "%(" not in sentence(error["code"], error["data"])
    assert count(Enterprise) == 0


def test_dates_may_be_written_in_the_usual_ways(app: Flask) -> None:
    written = ("2024-01-01", "2024/1/1", "2024.1.1", "2024年1月1日", "20240101", date(2024, 1, 1))
    loaded([row(valid_from=each) for each in written])
    assert set(db.session.scalars(sa.select(Appointment.valid_from))) == {date(2024, 1, 1)}


def test_an_unknown_sector_is_told_what_is_near(app: Flask) -> None:
    error = checked([row(sectors="金属冶练")]).errors[0]
    assert "金属冶炼" in sentence(error["code"], error["data"])


def test_contradictions_between_rows_name_both(app: Flask) -> None:
    first = row()
    other_name = row(credit_code=first["credit_code"], enterprise_name="宁波样本铜业有限公司", name="周样本")
    assert codes(checked([first, other_name])) == [
        (2, "企业名称", "enterprise_rows_differ"),
        (3, "企业名称", "enterprise_rows_differ"),
    ]
    namesake = row(document_number=first["document_number"], name="周样本")
    assert codes(checked([first, namesake])) == [(2, "姓名", "person_rows_differ"), (3, "姓名", "person_rows_differ")]


def test_the_same_office_twice_is_refused_unless_the_terms_lie_apart(app: Flask) -> None:
    first = row(valid_to=date(2024, 12, 31))
    assert codes(checked([first, first])) == [(3, "任职日期", "office_repeated")]
    again = {**first, "valid_from": date(2025, 1, 1), "valid_to": None}
    assert codes(checked([first, again])) == []


def test_an_importer_stays_in_the_territory(app: Flask) -> None:
    assert codes(checked([row()], territory="330200")) == [(2, "行政区划代码", "region_outside")]
    known = row()
    loaded([known])
    moved = checked([{**known, "region_code": "330203"}], territory="330200")
    assert codes(moved) == [(2, "统一社会信用代码", "enterprise_elsewhere")]


def test_what_the_registry_says_is_not_overruled(app: Flask) -> None:
    first = row(valid_to=date(2025, 6, 30))
    loaded([first])
    assert codes(checked([{**first, "name": "周样本"}])) == [(2, "姓名", "person_name_differs")]
    assert codes(checked([{**first, "valid_to": None}])) == [(2, "离任日期", "office_ended")]
    assert codes(checked([{**first, "valid_from": date(2024, 3, 1)}])) == [(2, "任职日期", "office_held")]
    assert codes(checked([{**first, "form": "经理"}])) == [(2, "负责人类别", "form_differs")]


def test_a_closed_enterprise_takes_no_one_in(app: Flask) -> None:
    enterprise = sample.enterprise()
    enterprise.closed_on = date(2025, 1, 1)
    known = row(credit_code=enterprise.credit_code)
    assert codes(checked([known])) == [(2, "统一社会信用代码", "enterprise_closed")]
    assert codes(checked([{**known, "valid_to": date(2024, 12, 31)}])) == []


@pytest.mark.parametrize(("scope", "trade"), [(BarScope.ALL_TRADES, None), (BarScope.ONE_TRADE, "mines")])
def test_a_barred_person_is_refused_with_the_decision(app: Flask, scope: BarScope, trade: str | None) -> None:
    person = sample.person("周样本")
    bars.add_bar(person, scope, trade, date(2025, 1, 1), None, "示例罚〔2025〕1号", actor=SYSTEM, now=now())
    named = row(name="周样本", document_number=person.document_number)
    refused = checked([{**named, "sectors": "煤矿"}])
    assert codes(refused) == [(2, "姓名", "person_barred")]
    assert refused.errors[0]["data"] == {"decision_number": "示例罚〔2025〕1号"}
    before = {**named, "sectors": "煤矿", "valid_to": date(2024, 12, 31)}
    clerk = {**named, "sectors": "煤矿", "role_code": "安全生产管理人员", "form": ""}
    assert codes(checked([before])) == [] == codes(checked([clerk]))
    assert codes(checked([named])) == ([] if trade else [(2, "姓名", "person_barred")])


def test_nothing_is_loaded_while_one_row_is_wrong_unless_it_is_left_out_by_choice(app: Flask) -> None:
    imported = checked([row(), row(name="周样本", scale="巨型")])
    with pytest.raises(ServiceError, match="import_has_errors"):
        imports.load(ROSTER, imported, actor=SYSTEM, now=now())
    assert count(Enterprise) == 0
    imports.load(ROSTER, imported, leave_out_wrong=True, actor=SYSTEM, now=now())
    assert (count(Enterprise), imported.summary["left_out"]) == (1, 1)


def test_an_undo_removes_what_the_import_added_and_gives_back_what_it_changed(app: Flask, clock: Clock) -> None:
    first = row()
    loaded([first])
    clock.advance(days=1)
    changed = {**first, "scale": "大型", "sectors": "矿山", "valid_to": date(2026, 2, 28)}
    second = loaded([changed, row(name="周样本")])
    imports.undo(ROSTER, second, actor=SYSTEM, now=now())
    enterprise = db.session.scalars(sa.select(Enterprise)).one()
    assert (enterprise.scale, second.state) == (Scale.MEDIUM, ImportState.UNDONE)
    assert {(each.sector_code, each.valid_to) for each in enterprise.memberships} == {
        ("metal_smelting", None),
        ("dust_explosion", None),
    }
    assert db.session.scalars(sa.select(Appointment.valid_to)).one() is None
    assert count(Person) == 1
    assert (
        db.session.scalars(sa.select(AuditEvent.kind).order_by(AuditEvent.id.desc()).limit(1)).one() == "ImportUndone"
    )


def test_an_undo_leaves_alone_what_was_changed_again_since(app: Flask) -> None:
    first = row()
    loaded([first])
    second = loaded([{**first, "scale": "大型"}])
    enterprise = db.session.scalars(sa.select(Enterprise)).one()
    enterprise.scale = Scale.SMALL
    imports.undo(ROSTER, second, actor=SYSTEM, now=now())
    assert enterprise.scale is Scale.SMALL


def test_an_import_in_use_is_not_undone(app: Flask) -> None:
    imported = loaded([row()])
    enterprise = db.session.scalars(sa.select(Enterprise)).one()
    sample.appointment(sample.person("周样本", with_account=False), enterprise)
    with pytest.raises(ServiceError, match="import_in_use"):
        imports.undo(ROSTER, imported, actor=SYSTEM, now=now())
    assert (count(Enterprise), count(Appointment)) == (1, 2)
    assert imported.state is ImportState.LOADED


def test_people_who_have_begun_training_are_not_undone(app: Flask) -> None:
    imported = loaded([row()])
    person = db.session.scalars(sa.select(Person)).one()
    sample.enrolment(sample.training_session(), person)
    with pytest.raises(ServiceError, match="import_in_use"):
        imports.undo(ROSTER, imported, actor=SYSTEM, now=now())


def test_a_large_roster_asks_the_database_no_more_questions_than_a_small_one(app: Flask) -> None:
    small, large = (_questions(lambda size=size: loaded(_many(size))) for size in (5, 150))
    assert large == small


def _many(size: int) -> list[dict[str, Any]]:
    return [row(name=f"样本{number}") for number in range(size)]


def _questions(work: Any) -> int:
    """Return how many SELECT statements *work* sends to the database."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        seen.extend([statement] if statement.startswith("SELECT") else [])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
