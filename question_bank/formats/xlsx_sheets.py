"""Writing question workbooks: the export and the template."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from question_bank.formats.columns import FIELDS, heading
from question_bank.formats.rows import row_of
from question_bank.formats.samples import sample_questions
from question_bank.questions import Question

_WIDTHS = {
    "stem": 60,
    "explanation": 50,
    "source_document": 36,
    "knowledge_point": 20,
    "source_article": 16,
    "code": 18,
}
_HEADINGS = [heading(field) for field in FIELDS]
_INSTRUCTIONS = (
    ("题型", "判断题、单选题、多选题。"),
    ("题干", "必填，不超过 4000 字。"),
    ("选项A-选项H", "单选题、多选题填写 2 至 8 个选项，从选项A起连续填写；判断题不填。"),
    ("答案", "判断题填“正确”或“错误”；单选题填一个字母；多选题填两个及以上字母，如 ABD。"),
    ("难度", "易、中、难；不填为“中”。"),
    ("标签", "多个标签用空格或顿号分开；重大事故隐患判定标准类试题填 major_hazard_criteria。"),
    ("法规依据、条款", "写明法规或标准的全称和条款号；送审前必填。"),
    ("编号、版本、题库", "可以不填，导入时自动编号。"),
    ("注意", "不得使用公式；日期和百分数请按文本填写；每个文件不超过 20000 题。"),
)


def written_workbook(questions: Iterable[Question]) -> bytes:
    """Return a workbook with one row a question."""
    book = Workbook(write_only=True)
    _fill(book, "试题", _HEADINGS, (_values(row_of(question)) for question in questions))
    return _bytes(book)


def template_workbook() -> bytes:
    """Return a workbook with one sample row a kind, plainly marked 示例, and a sheet of instructions."""
    book = Workbook(write_only=True)
    rows = [row_of(question) | {"code": "", "version": "", "bank": ""} for question in sample_questions()]
    _fill(book, "试题", _HEADINGS, (_values(row) for row in rows))
    _fill(book, "填写说明", ["栏目", "说明"], _INSTRUCTIONS)
    return _bytes(book)


def _values(row: dict[str, str]) -> list[str]:
    return [row[field] for field in FIELDS]


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
