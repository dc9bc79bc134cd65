"""The rows of a sheet, one by one: what else a sheet holds is passed over, and formulas are not looked into."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS
from openpyxl.xml.functions import iterparse

from question_bank.errors import FileRefusedError
from question_bank.formats.cells import Cell, Row
from question_bank.formats.xlsx_cells import cell_of
from question_bank.formats.xlsx_parts import Merged
from question_bank.formats.xlsx_strings import strings_of, text_of

MOST_COLUMNS = 256
MOST_CHARACTERS = 100_000_000
"""How much text the cells of a sheet may hold together: 20,000 questions of the longest need less."""
_LAST_ROW_OF_EXCEL = 1_048_576


def opened(data: bytes) -> Any:
    """Return the workbook *data* as openpyxl has it, its sheets unread; whatever openpyxl raises on damaged parts."""
    reader = _Reader(BytesIO(data), read_only=True, keep_links=False)
    reader.read()
    return reader.wb


def rows_of_sheet(sheet: Any, merged: Sequence[Merged] = ()) -> Iterator[Row]:
    """Yield every row of *sheet*, of opened, that is not empty, up to its last filled cell.

    What is merged downwards stands in each of its rows.
    """
    below = _Below(merged)
    characters = 0
    for number, found in _cells(sheet):
        if number > _LAST_ROW_OF_EXCEL:  # made up to keep the reader counting
            raise FileRefusedError("broken_workbook", reason="row number")
        filled = {cell["column"]: cell for cell in found if _is_filled(cell)}
        if not filled:
            continue
        # One long text may stand in every cell: it is shared, but looked at each time.
        characters += sum(len(cell["value"]) for cell in filled.values() if isinstance(cell["value"], str))
        if characters > MOST_CHARACTERS:
            raise FileRefusedError("unpacks_too_large", bytes=characters, most=MOST_CHARACTERS)
        cells = [Cell("")] * max(filled)
        for column, cell in filled.items():
            cells[column - 1] = cell_of(ReadOnlyCell(sheet, **cell))
        yield Row(number, below.filled(number, cells))


def _cells(sheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for _, element in iterparse(source):
            if element.tag == ROW_TAG:
                yield parser.parse_row(element)
                element.clear()


class _Reader(ExcelReader):
    def read_strings(self) -> None:
        """Read the shared strings with their decoration."""
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = strings_of(source)


class _Parser(WorkSheetParser):
    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Return a cell; one that brings its text along has it with its decoration."""
        own = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        if own is not None:
            element.remove(own)  # it would be read by openpyxl as well, which takes longest of all
        cell: dict[str, Any] = super().parse_cell(element)
        if own is not None and cell["data_type"] == "inlineStr":
            cell.update(value=text_of(own), data_type="s")
        return cell

    def parse_formula(self, element: Any) -> str:
        """Return a formula as it stands; translating shared ones for each of their cells may take without end."""
        return f"={element.findtext(FORMULA_TAG) or ''}"


def _is_filled(cell: dict[str, Any]) -> bool:
    value = cell["value"]
    return value is not None and cell["column"] <= MOST_COLUMNS and bool(str(value).strip())


class _Below:
    """What cells that are merged downwards say in the rows below the first."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        tall = (one for one in merged if one.last > one.first and one.column <= MOST_COLUMNS)
        self._next = sorted(tall, key=lambda one: one.first, reverse=True)
        self._open: dict[int, tuple[int, Cell]] = {}

    def filled(self, number: int, cells: list[Cell]) -> list[Cell]:
        """Return the *cells* of row *number* with those that are merged into ones above."""
        for column, (last, cell) in self._open.items():
            if number <= last and (len(cells) < column or not cells[column - 1].text):
                cells += [Cell("")] * (column - len(cells))
                cells[column - 1] = cell
        while self._next and self._next[-1].first <= number:
            one = self._next.pop()
            if one.first == number:
                self._open[one.column] = (one.last, cells[one.column - 1] if one.column <= len(cells) else Cell(""))
        return cells
