"""Files made to harm: refused in words, quickly, and nothing of them is kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from app.core import imports, sheets
from app.core.errors import ServiceError
from app.registry.roster.columns import COLUMNS
from tests.app.test_imports import refusal, workbook

SHEET = "xl/worksheets/sheet1.xml"
BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
READER = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'


def rewritten(change: Callable[[str], Any], part: str = SHEET) -> bytes:
    """Return a workbook of one good row with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["姓名"], ["陈示例"]))) as whole, zipfile.ZipFile(buffer, "w") as made:
        for name in whole.namelist():
            content = whole.read(name)
            made.writestr(name, change(content.decode()) if name == part else content)
    return buffer.getvalue()


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"])
@pytest.mark.parametrize("declared", [BOMB, READER])
def test_a_workbook_that_declares_entities_is_refused(app: Flask, part: str, declared: str) -> None:
    assert refusal(rewritten(lambda text: declared + text.removeprefix("<?xml version='1.0'?>"), part)) == "file_broken"


def test_entities_in_another_encoding_are_refused_too(app: Flask) -> None:
    assert refusal(rewritten(lambda text: (BOMB + "<a>&j;</a>").encode("utf-16"))) == "file_broken"


def test_an_entity_bomb_behind_a_long_comment_does_not_go_off(app: Flask) -> None:
    hidden = f"<!--{' ' * 2 * sheets.PROLOGUE}-->" + BOMB.partition("\n")[2]
    assert refusal(rewritten(lambda text: hidden + "<worksheet>&j;</worksheet>")) == "file_broken"


def test_a_row_that_calls_itself_the_four_billionth_is_refused_at_once(app: Flask) -> None:
    assert refusal(rewritten(lambda text: text.replace('<row r="2"', '<row r="4000000000"'))) == "file_broken"


def test_a_cell_in_a_column_that_no_sheet_has_is_refused(app: Flask) -> None:
    assert refusal(rewritten(lambda text: text.replace('r="A2"', 'r="ZZZZZZZ2"'))) == "file_broken"


@pytest.mark.parametrize("damage", [lambda text: text[: len(text) // 2], lambda text: "", lambda text: "<a/>"])
def test_a_damaged_part_is_refused_in_words(app: Flask, damage: Callable[[str], str]) -> None:
    for part in (SHEET, "xl/workbook.xml", "[Content_Types].xml"):
        assert refusal(rewritten(damage, part)) in ("file_broken", "no_rows", "column_missing")


def test_blank_rows_far_down_cost_nothing(app: Flask) -> None:
    book = Workbook()
    book.active.append([column.names[0] for column in COLUMNS])
    book.active.cell(200_000, 1).value = "91330100000000001C"
    buffer = io.BytesIO()
    book.save(buffer)
    rows, _errors = imports.read_rows(COLUMNS, buffer.getvalue())
    assert [number for number, _texts in rows] == [200_000]


def test_a_file_over_the_limit_is_refused_before_it_is_opened(app: Flask) -> None:
    with pytest.raises(ServiceError, match="file_too_large"):
        imports.read_rows(COLUMNS, b"x" * (imports.LIMIT_MB * 1024 * 1024 + 1))


def test_rows_beyond_the_declared_size_are_read(app: Flask) -> None:
    content = rewritten(lambda text: text.replace('<dimension ref="A1:A2"', '<dimension ref="A1:A1"'))
    columns = (imports.ImportColumn("name", ("姓名",)),)
    assert imports.read_rows(columns, content)[0] == [(2, {"name": "陈示例"})]
