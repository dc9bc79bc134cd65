"""Excel workbooks (.xlsx) in the layout that Chinese question banks use: a row a question under one row of headings."""

import dataclasses
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from question_bank.errors import FileRefusedError
from question_bank.formats import limits
from question_bank.formats.columns import CARRIED
from question_bank.formats.protocol import Reading
from question_bank.formats.tables import Cell, Row, read_table
from question_bank.formats.xlsx_sheets import template_workbook, written_workbook
from question_bank.kinds import KINDS
from question_bank.questions import Question

MOST_ROWS = limits.MOST_ROWS
MOST_BYTES = limits.MOST_BYTES
MOST_UNPACKED_BYTES = limits.MOST_UNPACKED_BYTES
_LAST_ROW_OF_EXCEL = 1_048_576
_MOST_COLUMNS = 64
_BROKEN = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError,
    IndexError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip  # whatever openpyxl and zipfile raise on damaged parts


class Xlsx:
    """The .xlsx format."""

    code = "xlsx"
    suffix = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    kinds = frozenset(KINDS)
    fields = CARRIED

    def recognises(self, data: bytes) -> bool:
        """Say whether *data* is a zip archive that holds a workbook."""
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                return "xl/workbook.xml" in archive.namelist()
        except (zipfile.BadZipFile, ValueError, OSError):
            return False

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions on the first sheet of *data*.

        Refused as a whole: what is no workbook, is too large, lacks a column, repeats one, has no rows or more than
        20,000. A row with a formula, an error value, a date or a percentage is named in the errors.
        """
        self._refuse_others(data)
        try:
            with warnings.catch_warnings():
                # openpyxl warns of decoration that it does not read; it has no bearing on the questions.
                warnings.simplefilter("ignore")
                return _read(data, bank)
        except _BROKEN as error:
            raise FileRefusedError("broken_workbook", reason=str(error)[:200]) from error

    def write(self, questions: Iterable[Question]) -> bytes:
        """Return a workbook of *questions*, at most 20,000, all cells as text."""
        listed = list(questions)
        if len(listed) > MOST_ROWS:
            raise FileRefusedError("too_many_rows", most=MOST_ROWS)
        return written_workbook(listed)

    def template(self) -> bytes:
        """Return a workbook with headings, one sample row a kind (plainly marked 示例) and a sheet of instructions."""
        return template_workbook()

    def _refuse_others(self, data: bytes) -> None:
        if len(data) > MOST_BYTES:
            raise FileRefusedError("file_too_large", bytes=len(data), most=MOST_BYTES)
        if not self.recognises(data):
            raise FileRefusedError(_what_it_is(data))
        with zipfile.ZipFile(BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > MOST_UNPACKED_BYTES:
                raise FileRefusedError("unpacks_too_large", bytes=unpacked, most=MOST_UNPACKED_BYTES)
            if any(_declares_entities(archive, entry) for entry in archive.infolist()):
                raise FileRefusedError("broken_workbook", reason="document type declaration")


def _what_it_is(data: bytes) -> str:
    """Return why *data* is refused: an empty file, an old or encrypted workbook, a text file, or anything else."""
    if not data:
        return "empty_file"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "old_or_encrypted_workbook"
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and any(separator in text for separator in ",\t;\n"):
            return "text_file_not_workbook"
    return "not_a_workbook"


def _declares_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Say whether a part declares a document type, which no workbook does and every entity bomb must."""
    if not entry.filename.endswith((".xml", ".rels")) or entry.flag_bits & 0x1:
        return False
    try:
        with archive.open(entry) as part:
            return b"<!DOCTYPE" in part.read(4096)
    except _BROKEN:
        return False


def _read(data: bytes, bank: str) -> Reading:
    book = load_workbook(BytesIO(data), read_only=True, data_only=False)
    try:
        if not book.worksheets:
            raise FileRefusedError("no_rows")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the declared size may be wrong or missing
        reading = read_table(_rows(sheet.iter_rows(max_col=_MOST_COLUMNS)), bank, MOST_ROWS)
        others = tuple(other.title for other in book.worksheets[1:])
        return dataclasses.replace(reading, ignored=(*reading.ignored, *others))
    finally:
        book.close()


def _rows(rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Yield every row that is not empty."""
    empty: Sequence[Any] | None = None
    for number, cells in enumerate(rows, start=1):
        if number > _LAST_ROW_OF_EXCEL:  # a row number made up to keep the reader counting
            raise FileRefusedError("broken_workbook", reason="row number")
        if cells is empty:  # openpyxl fills gaps between rows with one and the same tuple
            continue
        if any(cell.value is not None and str(cell.value).strip() for cell in cells):
            yield Row(number, [_cell(cell) for cell in cells])
        else:
            empty = cells


def _cell(cell: Any) -> Cell:
    if cell.value is None:
        return Cell("")
    fault = _unreadable(cell)
    return Cell(str(cell.value), fault) if fault else Cell(_text(cell.value))


def _unreadable(cell: Any) -> str:
    """Return why a cell cannot be taken for the text that its author saw, "" if it can."""
    if cell.data_type == "f":
        return "formula"
    if cell.data_type == "e":
        return "error_value"
    if isinstance(cell.value, (date, datetime, time, timedelta)):
        return "date_value"
    if isinstance(cell.value, (int, float)) and "%" in (cell.number_format or ""):
        return "percentage"
    return ""


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # Workbooks write characters that XML cannot hold as _xHHHH_ (ECMA-376 Part 1, 22.9.2.19); openpyxl leaves them so.
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), str(value))
