"""Importing trainees: every row that cannot be enrolled is named, nothing is loaded unasked, one undo for all."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from webtest import Upload

from app import worker
from app.core import imports
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.core.imports import Import, ImportState
from app.core.tables import workbook_bytes
from app.registry.models import Enterprise, Person
from app.training.models import Attendance, AttendanceMethod, Classroom, Enrolment, TrainingSession
from app.training.trainee_file import COLUMNS, TRAINEES
from tests import sample
from tests.app.training.conftest import Centre, principal
from tests.page import Browser
from tests.queries import counted

HEADER = [column.names[0] for column in COLUMNS]


def line(who: Person, where: Enterprise, **changes: str) -> list[str]:
    row = {"姓名": who.name, "证件号码": who.document_number, "统一社会信用代码": where.credit_code, **changes}
    return [row.get(title, "") for title in HEADER]


def book(*rows: list[str]) -> bytes:
    return workbook_bytes("学员", HEADER, rows)


def dry_run(centre: Centre, session: TrainingSession, *rows: list[str]) -> Import:
    context = {"session_id": session.id}
    return imports.check_file(TRAINEES, "学员.xlsx", book(*rows), context, actor=centre.actor, now=now())


def found(imported: Import) -> list[tuple[int, str, str]]:
    return [(error["row"], error["column"], error["code"]) for error in imported.errors]


def load(centre: Centre, imported: Import, **kwargs: Any) -> Import:
    return imports.load(TRAINEES, imported, actor=centre.actor, now=now(), **kwargs)


def enrolled() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Enrolment)) or 0


def test_a_good_file_enrols_everybody_with_classroom_and_account(centre: Centre) -> None:
    session = centre.session()
    pairs = [principal(f"样本{number}") for number in range(3)]
    rows = [line(*pair) for pair in pairs]
    rows[1] = line(*pairs[1], 课堂="江山", 岗位="主要负责人", 证件类型="居民身份证", 手机="13800000000")
    imported = dry_run(centre, session, *rows)
    assert found(imported) == []
    assert enrolled() == 0
    assert load(centre, imported).summary == {"left_out": 0, "trainees": 3}
    rooms = db.session.scalars(sa.select(Classroom.name).join(Enrolment).order_by(Enrolment.id)).all()
    assert rooms == ["主课堂", "江山", "主课堂"]
    assert pairs[1][0].phone == "13800000000"
    assert all(who.user_id for who, _where in pairs)


def test_each_row_says_in_which_column_what_is_wrong(centre: Centre) -> None:
    session = centre.session()
    who, where = principal()
    stranger = sample.person("周样本", with_account=False)
    unknown = sample.identity_number()
    imported = dry_run(
        centre,
        session,
        line(who, where, 证件号码=sample.mistyped(who.document_number)),
        line(who, where, 统一社会信用代码=sample.credit_code()),
        line(who, where, 岗位="安全生产管理人员", 证件号码=unknown),
        line(stranger, where),
        line(*principal("吴试用"), 课堂="没有的课堂"),
        line(*principal("陈示例"), 证件类型="驾驶证"),
        line(*principal("何举例"), 姓名="何另名"),
        line(*principal("章试用"), 姓名=""),
        line(*principal("林样本", sample.enterprise("示例矿山", ("open_pit_mines",)))),
    )
    assert found(imported) == [
        (2, "证件号码", "document_checksum"),
        (3, "统一社会信用代码", "trainee_enterprise_unknown"),
        (4, "岗位", "trainee_role_differs"),
        (4, "证件号码", "trainee_unknown"),
        (5, "统一社会信用代码", "trainee_not_appointed"),
        (6, "课堂", "classroom_unknown"),
        (7, "证件类型", "document_kind_unknown"),
        (8, "姓名", "person_name_differs"),
        (9, "姓名", "required"),
        (10, "统一社会信用代码", "trainee_sector"),
    ]
    assert imported.errors[-1]["data"] == {"sector": "金属冶炼"}


def test_the_same_person_twice_or_already_enrolled_is_refused(centre: Centre) -> None:
    session = centre.session()
    first, second = principal("周样本"), principal("吴试用")
    load(centre, dry_run(centre, session, line(*first)))
    imported = dry_run(centre, session, line(*first), line(*second), line(*second))
    assert found(imported) == [
        (2, "证件号码", "trainee_row_enrolled"),
        (3, "证件号码", "trainee_twice"),
        (4, "证件号码", "trainee_twice"),
    ]
    assert [error["data"].get("other") for error in imported.errors] == [None, 4, 3]


def test_everything_wrong_with_a_row_is_said_at_once(centre: Centre) -> None:
    who, where = principal()
    wrong = line(who, where, 证件类型="驾驶证", 手机="12", 统一社会信用代码="1", 岗位="安全生产管理人员", 课堂="无")
    imported = dry_run(centre, centre.session(), wrong)
    assert {column for _row, column, _code in found(imported)} == {
        "证件类型",
        "手机",
        "统一社会信用代码",
        "岗位",
        "课堂",
    }


def test_a_row_that_cannot_be_read_takes_no_place_from_the_others(centre: Centre) -> None:
    session = centre.session(capacity=1)
    imported = dry_run(centre, session, line(*principal("周样本"), 手机="12"), line(*principal("吴试用")))
    assert found(imported) == [(2, "手机", "phone_shape")]


def test_the_list_of_errors_names_the_people_and_can_be_taken_along(app: Flask, centre: Centre) -> None:
    session = centre.session()
    who, where = principal("周样本")
    imported = dry_run(
        centre, session, line(who, where, 岗位="安全生产管理人员"), line(who, where, 姓名="330102199001010018")
    )
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    address = f"/sessions/{session.id}/trainees/imports/{imported.id}"
    page = browser.open(address)
    assert "周样本" in page.html.find("tbody").get_text()
    assert "330102199001010018" not in page.text
    answer = browser.web.get(page.html.find("a", href=f"{address}/errors.xlsx")["href"])
    sheet = load_workbook(io.BytesIO(answer.body)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("行", "姓名", "列", "原因与处理")
    assert (2, "周样本", "岗位") in [row[:3] for row in rows]
    assert "330102199001010018" not in str(rows)


def test_rows_beyond_capacity_are_named_and_the_others_can_be_loaded_by_choice(centre: Centre) -> None:
    session = centre.session(capacity=2)
    imported = dry_run(centre, session, *(line(*principal(f"样本{number}")) for number in range(3)))
    assert found(imported) == [(4, "证件号码", "session_full")]
    with pytest.raises(ServiceError) as caught:
        load(centre, imported)
    assert caught.value.code == "import_has_errors"
    assert enrolled() == 0
    assert load(centre, imported, leave_out_wrong=True).summary == {"left_out": 1, "trainees": 2}


def test_a_file_can_be_undone_until_attendance_rests_on_it(centre: Centre) -> None:
    session = centre.session()
    imported = load(centre, dry_run(centre, session, line(*principal())))
    imports.undo(TRAINEES, imported, actor=centre.actor, now=now())
    assert (imported.state, enrolled()) == (ImportState.UNDONE, 0)
    again = load(centre, dry_run(centre, session, line(*principal("周样本"))))
    enrolment = db.session.scalars(sa.select(Enrolment)).one()
    sample.added(
        Attendance(
            enrolment_id=enrolment.id,
            classroom_id=enrolment.classroom_id,
            starts_at=now(),
            ends_at=now().replace(hour=3),
            method=AttendanceMethod.CARD,
            recorded_at=now(),
        )
    )
    with pytest.raises(ServiceError) as caught:
        imports.undo(TRAINEES, again, actor=centre.actor, now=now())
    assert (caught.value.code, enrolled()) == ("import_in_use", 1)


def test_a_sitting_that_admitted_somebody_keeps_the_file_from_being_undone(centre: Centre) -> None:
    session = centre.session()
    imported = load(centre, dry_run(centre, session, line(*principal())))
    sample.attempt(db.session.scalars(sa.select(Enrolment)).one())
    with pytest.raises(ServiceError) as caught:
        imports.undo(TRAINEES, imported, actor=centre.actor, now=now())
    assert (caught.value.code, enrolled()) == ("import_in_use", 1)


def test_checking_asks_the_database_no_more_often_for_more_rows(centre: Centre) -> None:
    session = centre.session(capacity=100)
    few, many = [line(*principal())], [line(*principal(f"样本{number}")) for number in range(40)]
    with counted() as for_few:
        dry_run(centre, session, *few)
    with counted() as for_many:
        dry_run(centre, session, *many)
    assert len(for_many) <= len(for_few)


def test_staff_upload_read_the_report_load_and_undo(app: Flask, centre: Centre) -> None:
    session = centre.session()
    good, bad = principal(), principal("周样本")
    content = book(line(*good), line(*bad, 课堂="没有的课堂"))
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    page = browser.open(f"/sessions/{session.id}/trainees/import")
    form = next(one for one in page.forms.values() if "file" in one.fields)
    form["file"] = Upload("学员.xlsx", content)
    page = browser.submit(form)
    assert "1 行有错，没有导入任何数据" in page.text
    assert "培训班没有这个课堂" in page.text
    browser.submit(browser.form(page, "/load"))
    assert worker.run_all() == 1
    report = browser.open(page.request.path)
    assert "已导入 1 行" in report.text
    assert enrolled() == 1
    assert "这次导入已撤销" in browser.submit(browser.form(report, "/undo")).text
    assert enrolled() == 0


def test_a_csv_file_is_told_what_to_become(app: Flask, centre: Centre) -> None:
    session = centre.session()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    form = next(
        one for one in browser.open(f"/sessions/{session.id}/trainees/import").forms.values() if "file" in one.fields
    )
    form["file"] = Upload("学员.csv", b"a,b\n1,2\n", "text/csv")
    assert "只能导入 .xlsx 文件" in browser.submit(form).text


def test_a_report_is_found_under_its_own_session_only(app: Flask, centre: Centre) -> None:
    session, other = centre.session(), centre.session()
    imported = dry_run(centre, session, line(*principal()))
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    browser.open(f"/sessions/{session.id}/trainees/imports/{imported.id}")
    browser.open(f"/sessions/{other.id}/trainees/imports/{imported.id}", status=404)


def test_the_template_is_a_workbook_with_every_column(app: Flask, centre: Centre) -> None:
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    response = browser.web.get("/trainees/template.xlsx")
    rows, errors = imports.read_rows(COLUMNS, response.body)
    assert errors == []
    assert rows[0][1]["role"] == "主要负责人"
