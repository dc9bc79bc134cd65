"""Writing question workbooks: the export and the template."""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from question_bank.formats.columns import heading, needed
from question_bank.formats.sample_rows import INSTRUCTIONS, sample_rows

_WIDTHS = {
    "stem": 60,
    "explanation": 50,
    "source_document": 36,
    "knowledge_point": 20,
    "source_article": 16,
    "code": 18,
}


def written_workbook(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return a workbook with *rows*, each of them with every field as text."""
    book = Workbook(write_only=True)
    _fill_with(book, rows)
    return _bytes(book)


def template_workbook() -> bytes:
    """Return a workbook with one sample a kind, plainly marked 示例, and a sheet of instructions."""
    book = Workbook(write_only=True)
    _fill_with(book, sample_rows())
    _fill(book, "填写说明", ["栏目", "说明"], INSTRUCTIONS)
    return _bytes(book)


def _fill_with(book: Workbook, rows: Sequence[Mapping[str, str]]) -> None:
    fields = needed(rows)
    _fill(book, "试题", [heading(field) for field in fields], ([row[field] for field in fields] for row in rows))


def _fill(book: Workbook, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one sheet: headings that stay in sight, every cell text, so that "=1" and "0012" remain what they are."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    usual = {heading(field): width for field, width in _WIDTHS.items()}
    for place, name in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = usual.get(name, 90 if name == "说明" else 14)
    sheet.append([_cell(sheet, name, is_heading=True) for name in headings])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])


def _cell(sheet: Any, text: str, is_heading: bool = False) -> Any:
    if not text:
        return None
    # "_x0041_" would be read as "A" (ECMA-376 Part 1, 22.9.2.19), so its first character is written as a code.
    cell = WriteOnlyCell(sheet, re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text))
    cell.data_type = "s"
    cell.number_format = "@"
    if is_heading:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EEF4")
    else:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _bytes(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()
