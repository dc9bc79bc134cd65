"""Cells of a workbook as their author saw them, or why they cannot be read so."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from question_bank.formats.cells import Cell
from question_bank.formats.xlsx_strings import StyledText, decoded

_LIKE_TEXT = frozenset({"General", "@", ""})
# "0", "000", "0.00", "#,##0.00", and what spreadsheets put behind them for the width of a bracket.
_PLAIN_NUMBER = re.compile(r"(#,##)?(0+)(?:\.(0+))?(?:_[ )])?")
_PICTURE = "DISPIMG("
"""The function that WPS puts into a cell which holds a picture."""
_DIGITS = 15
"""How many digits of a number a spreadsheet keeps; what a computation leaves behind them is not shown."""


def cell_of(cell: Any) -> Cell:
    """Return a cell of openpyxl as its author saw it.

    fault: "formula", "picture_in_cell", "error_value", "date_value", "percentage", "number_format", "struck_out".
    """
    if cell.value is None:
        return Cell("")
    if fault := _unreadable(cell):
        return Cell(str(cell.value), fault)
    if _is_number(cell):
        return Cell(_shown(cell.value, cell.number_format))
    return Cell(decoded(str(cell.value)), marked=cell.value.marked if isinstance(cell.value, StyledText) else "")


def _unreadable(cell: Any) -> str:
    """Return why a cell cannot be taken for the text that its author saw, "" if it can."""
    if cell.data_type == "f":
        return "picture_in_cell" if _PICTURE in str(cell.value).upper() else "formula"
    if cell.data_type == "e":
        return "error_value"
    if isinstance(cell.value, (date, datetime, time, timedelta)):
        return "date_value"
    if _is_number(cell):
        shown = cell.number_format or ""
        if "%" in shown:
            return "percentage"
        if shown not in _LIKE_TEXT and not _PLAIN_NUMBER.fullmatch(shown):
            return "number_format"
    if cell.font.strike or (isinstance(cell.value, StyledText) and cell.value.is_struck):
        return "struck_out"
    return ""


def _is_number(cell: Any) -> bool:
    return bool(cell.data_type == "n") and isinstance(cell.value, (int, float))


def _shown(value: float, number_format: str) -> str:
    """Return a number as its cell shows it: with the digits that its format asks for, or as short as it is."""
    exact = Decimal(f"{value:.{_DIGITS}g}")
    found = _PLAIN_NUMBER.fullmatch(number_format or "")
    if found is None:
        text = f"{exact:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    places = len(found[3] or "")
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if abs(exact) < 10**_DIGITS else exact
    digits = f"{abs(rounded):{',' if found[1] else ''}f}"
    whole, point, rest = digits.partition(".")
    return ("-" if rounded < 0 else "") + whole.zfill(len(found[2])) + point + rest
