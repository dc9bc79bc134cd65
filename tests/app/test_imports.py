"""Files: read, checked, loaded whole or not at all, undone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from app.core import imports, sheets
from app.core.actors import SYSTEM, Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.core.imports import Import, ImportColumn, ImportKind, ImportState, NumberedRow, RowError

COLUMNS = (
    ImportColumn("name", ("姓名", "名字"), example="陈示例"),
    ImportColumn("day", ("日期",), is_required=False),
)
loaded: list[NumberedRow] = []


def check(rows: Sequence[NumberedRow], context: Mapping[str, Any]) -> list[RowError]:
    return [RowError(number, "姓名", "required") for number, row in rows if row["name"] == "错"]


def load(
    rows: Sequence[NumberedRow], context: Mapping[str, Any], imported: Import, actor: Actor, moment: datetime
) -> dict[str, int]:
    loaded.extend(rows)
    return {"people": len(rows)}


def undo(imported: Import, actor: Actor, moment: datetime) -> None:
    loaded.clear()


KIND = ImportKind("sample", COLUMNS, check, load, undo)


@pytest.fixture(autouse=True)
def _nothing_loaded() -> None:
    loaded.clear()


def workbook(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def checked(content: bytes) -> Import:
    return imports.check_file(KIND, "示例.xlsx", content, {}, actor=SYSTEM, now=now())


def refusal(content: bytes) -> str:
    with pytest.raises(ServiceError) as caught:
        checked(content)
    return caught.value.code


def test_a_good_file_is_loaded_and_undone(app: Flask) -> None:
    imported = checked(workbook(["姓名", "日期"], ["陈示例", date(2026, 3, 1)], [None, None], ["周样本", None]))
    assert loaded == []
    imports.load(KIND, imported, actor=SYSTEM, now=now())
    assert loaded == [(2, {"name": "陈示例", "day": "2026-03-01"}), (4, {"name": "周样本", "day": ""})]
    imports.undo(KIND, imported, actor=SYSTEM, now=now())
    assert (imported.state, loaded) == (ImportState.UNDONE, [])


def test_another_accepted_header_is_understood(app: Flask) -> None:
    assert checked(workbook(["名字＊"], ["陈示例"])).rows_total == 1


def test_every_wrong_row_is_listed_with_number_and_column(app: Flask) -> None:
    imported = checked(workbook(["姓名", "日期"], ["错", None], ["好", "=1+1"], [None, "2026-01-01"], ["对", None]))
    assert [(error["row"], error["column"], error["code"]) for error in imported.errors] == [
        (2, "姓名", "required"),
        (3, "日期", "formula"),
        (4, "姓名", "required"),
    ]
    assert (imported.rows_total, imported.rows_wrong) == (4, 3)


def test_nothing_is_loaded_while_a_row_is_wrong(app: Flask) -> None:
    imported = checked(workbook(["姓名"], ["错"], ["对"]))
    with pytest.raises(ServiceError, match="import_has_errors"):
        imports.load(KIND, imported, actor=SYSTEM, now=now())
    assert loaded == []


def test_the_wrong_rows_are_left_out_when_the_user_says_so(app: Flask) -> None:
    imported = checked(workbook(["姓名"], ["错"], ["对"]))
    imports.load(KIND, imported, leave_out_wrong=True, actor=SYSTEM, now=now())
    assert [row["name"] for _number, row in loaded] == ["对"]
    assert imported.summary == {"left_out": 1, "people": 1}


@pytest.mark.parametrize("named", [(), (3,), (2, 3)])
def test_no_others_are_left_out_than_were_named(app: Flask, named: tuple[int, ...]) -> None:
    imported = checked(workbook(["姓名"], ["错"], ["对"]))
    with pytest.raises(ServiceError, match="import_has_errors"):
        imports.load(KIND, imported, leave_out_wrong=True, named=named, actor=SYSTEM, now=now())
    assert loaded == []
    imports.load(KIND, imported, leave_out_wrong=True, named=(2,), actor=SYSTEM, now=now())
    assert [row["name"] for _number, row in loaded] == ["对"]


def test_a_file_is_loaded_once(app: Flask) -> None:
    imported = checked(workbook(["姓名"], ["对"]))
    imports.load(KIND, imported, actor=SYSTEM, now=now())
    with pytest.raises(ServiceError, match="import_unknown"):
        imports.load(KIND, imported, actor=SYSTEM, now=now())


def test_files_that_are_no_table_are_refused_in_words(app: Flask) -> None:
    assert refusal("姓名,日期\n陈示例,".encode()) == "not_xlsx"
    assert refusal(workbook(["日期"], ["2026-01-01"])) == "column_missing"
    assert refusal(workbook(["姓名"])) == "no_rows"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    assert refusal(buffer.getvalue()) == "file_broken"


def test_a_file_that_unpacks_to_too_much_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 100)
    assert refusal(workbook(["姓名"], ["对"])) == "file_too_large"


def test_a_file_with_too_many_rows_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MAX_ROWS", 2)
    assert refusal(workbook(["姓名"], ["一"], ["二"], ["三"])) == "too_many_rows"


def test_the_file_itself_is_kept(app: Flask) -> None:
    content = workbook(["姓名"], ["对"])
    imported = checked(content)
    db.session.commit()
    assert imports.storage.read(imported.digest) == content


def test_what_is_wrong_since_the_check_is_kept_and_nothing_else_is_written(app: Flask) -> None:
    imported = checked(workbook(["姓名"], ["对"], ["好"]))
    assert imported.rows_wrong == 0
    taken = replace(KIND, check=lambda rows, context: [RowError(3, "姓名", "required")])
    found = taken.rows_of(imports.storage.read(imported.digest), {})
    imports.check_again(taken, imported, found=found)
    assert (imported.state, imported.rows_wrong, loaded) == (ImportState.CHECKED, 1, [])
    assert [(error["row"], error["code"]) for error in imported.errors] == [(3, "required")]


def test_a_loaded_file_keeps_what_was_left_out(app: Flask) -> None:
    imported = checked(workbook(["姓名"], ["错"], ["对"]))
    imports.load(KIND, imported, leave_out_wrong=True, actor=SYSTEM, now=now())
    found = KIND.rows_of(imports.storage.read(imported.digest), {})
    imports.check_again(replace(KIND, check=lambda rows, context: []), imported, found=found)
    assert [error["row"] for error in imported.errors] == [2]
