"""Excel workbooks (.xlsx) in the layout that Chinese question banks use: a row a question under one row of headings."""

import dataclasses
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl.utils.exceptions import InvalidFileException

from question_bank.errors import FileRefusedError
from question_bank.formats import limits
from question_bank.formats.archives import BROKEN, MOST_ENTRIES
from question_bank.formats.columns import CARRIED
from question_bank.formats.headings import SEARCH_ROWS, heading_in
from question_bank.formats.markup.without import is_question, without_pictures
from question_bank.formats.protocol import NO_PICTURES, Reading
from question_bank.formats.rows import rows_of
from question_bank.formats.strangers import OLD_WORKBOOK
from question_bank.formats.tables import Table, read_tables
from question_bank.formats.xlsx_parts import Merged, pictures_in, refuse_harm
from question_bank.formats.xlsx_rows import opened, rows_of_sheet
from question_bank.formats.xlsx_sheets import template_workbook, written_workbook
from question_bank.kinds import KINDS
from question_bank.pictures import Picture
from question_bank.questions import Question

MOST_ROWS = limits.MOST_ROWS
MOST_BYTES = limits.MOST_BYTES
MOST_UNPACKED_BYTES = limits.MOST_UNPACKED_BYTES
_BROKEN = (InvalidFileException, ParseError, TypeError, AttributeError, *BROKEN)
"""Whatever openpyxl and zipfile raise on damaged parts."""
_WORKBOOK = "xl/workbook.xml"
_SAMPLE = re.compile("示例|样例|范例|说明")
"""What sheets are called that show how a template is filled in."""


class Xlsx:
    """The .xlsx format."""

    code = "xlsx"
    suffix = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    kinds = frozenset(KINDS)
    fields = CARRIED

    def recognises(self, data: bytes) -> bool:
        """Say whether *data* is a zip archive that holds a workbook."""
        if _WORKBOOK.encode() not in data or data.count(b"PK\x01\x02") > MOST_ENTRIES:
            return False
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                return _WORKBOOK in archive.namelist()
        except BROKEN:
            return False

    def carries(self, question: Question) -> bool:
        """Say whether *question* is one without its pictures."""
        return is_question(without_pictures, question)

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions on the sheets of *data* that have their headings and can be seen.

        Refused as a whole: what is no workbook, is too large, lacks a column, repeats one, has no rows or more than
        20,000. A row with a formula, an error value, a date, a percentage, another format that shows a number otherwise
        than it is, or text that is struck out is named in the errors.
        """
        drawn, merged = self._refuse_others(data)
        try:
            with warnings.catch_warnings():
                # openpyxl warns of decoration that it does not read; it has no bearing on the questions.
                warnings.simplefilter("ignore")
                reading = _read(data, bank, merged)
        except _BROKEN as error:
            raise FileRefusedError("broken_workbook", reason=str(error)[:200]) from error
        return dataclasses.replace(reading, ignored=(*reading.ignored, *drawn))

    def write(self, questions: Iterable[Question], *, pictures: Mapping[str, Picture] = NO_PICTURES) -> bytes:
        """Return a workbook of *questions*, at most 20,000 rows, all cells as text."""
        rows = [row for question in questions for row in rows_of(without_pictures(question))]
        if len(rows) > MOST_ROWS:
            raise FileRefusedError("too_many_rows", most=MOST_ROWS)
        return written_workbook(rows)

    def template(self) -> bytes:
        """Return a workbook with headings, one sample row a kind (plainly marked 示例) and a sheet of instructions."""
        return template_workbook()

    def _refuse_others(self, data: bytes) -> tuple[tuple[str, ...], Mapping[str, Sequence[Merged]]]:
        """Refuse what is no workbook or means harm.

        Return the names of pictures on the sheets, which are not read, and the merged cells of each part.
        """
        if len(data) > MOST_BYTES:
            raise FileRefusedError("file_too_large", bytes=len(data), most=MOST_BYTES)
        if not self.recognises(data):
            raise FileRefusedError(_what_it_is(data))
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return pictures_in(archive), refuse_harm(archive, MOST_UNPACKED_BYTES)


def _what_it_is(data: bytes) -> str:
    """Return why *data* is refused: an empty file, an old or encrypted workbook, a text file, or anything else."""
    if not data:
        return "empty_file"
    if data.startswith(OLD_WORKBOOK):
        return "old_or_encrypted_workbook"
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and any(separator in text for separator in ",\t;\n"):
            return "text_file_not_workbook"
    return "not_a_workbook"


def _read(data: bytes, bank: str, merged: Mapping[str, Sequence[Merged]]) -> Reading:
    book = opened(data)
    try:
        # Each part once: sheets that share a large one would have it read over and over.
        sheets = list({one._worksheet_path: one for one in reversed(book.worksheets)}.values())[::-1]
        if not sheets:
            raise FileRefusedError("no_rows")
        chosen = _with_questions(sheets)
        tables = [
            Table(one.title, rows_of_sheet(one, merged.get(one._worksheet_path.lstrip("/"), ()))) for one in chosen
        ]
        reading = read_tables(tables, bank, MOST_ROWS)
        others = tuple(one.title for one in sheets if one not in chosen)
        return dataclasses.replace(reading, ignored=(*reading.ignored, *others))
    finally:
        book.close()


def _with_questions(sheets: Sequence[Any]) -> list[Any]:
    """Return the sheets that are read: those in sight that have the headings of questions, but no samples.

    Where there is none, the first that can be seen is read, so that the refusal says what it lacks.
    """
    seen = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets[:1]
    found = [sheet for sheet in seen if _has_headings(sheet)]
    return [sheet for sheet in found if not _SAMPLE.search(sheet.title)] or found[:1] or list(seen[:1])


def _has_headings(sheet: Any) -> bool:
    first = islice(rows_of_sheet(sheet), SEARCH_ROWS)
    try:
        heading_in(first, sheet.title)
    except FileRefusedError as refusal:
        return refusal.code == "column_twice"
    return True
