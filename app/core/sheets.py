"""Workbooks that strangers bring: the rows of the first sheet, and what a cell says.

A damaged file, one that unpacks to more than memory holds or one that declares entities is refused, not read.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.core.errors import ServiceError

MAX_SHEET_ROWS = 1_048_576  # what a sheet can have; a row that calls itself a later one is a trap, not a row
MAX_UNPACKED = 100 * 1024 * 1024  # a workbook that unpacks to more is refused as a decompression bomb
PROLOGUE = 65_536  # bytes of a part in which a document type would have to be declared
DOCUMENT_TYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))

BROKEN = (
    *(InvalidFileException, KeyError, IndexError, AttributeError, TypeError, ValueError, RuntimeError),
    *(ParseError, OSError, EOFError, zlib.error, NotImplementedError),
)  # whatever zipfile and openpyxl raise on damaged, encrypted or strangely packed parts


def sheet_rows(content: bytes, limit_mb: int) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of every row of the first sheet, empty rows too.

    Raises ServiceError for a file that is no .xlsx, is broken, or is larger than *limit_mb* or than can be unpacked.
    """
    if len(content) > limit_mb * 1024 * 1024:
        raise ServiceError("file_too_large", limit_mb=limit_mb)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise ServiceError("file_too_large", limit_mb=limit_mb)
            if any(_declares_a_type(archive, member) for member in archive.infolist()):
                raise ServiceError("file_broken")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a declared size that is too small would drop rows without a word
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > MAX_SHEET_ROWS:
                raise ServiceError("file_broken")
            yield cells
    except zipfile.BadZipFile as error:
        raise ServiceError("not_xlsx") from error
    except BROKEN as error:
        raise ServiceError("file_broken") from error


def _declares_a_type(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part declares a document type: no workbook may (ECMA-376-2 annex B), every entity bomb must."""
    with archive.open(member) as part:
        prologue = part.read(PROLOGUE)
    return any(mark in prologue for mark in DOCUMENT_TYPE)


def text_of(cells: Sequence[Any], place: int | None) -> str:
    """Return a cell as the text a person sees: dates as 2026-11-22, whole floats without a fraction."""
    value = cells[place] if place is not None and place < len(cells) else None
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return f"{Decimal(repr(value)):f}".removesuffix(".0")  # the 15 digits that the sheet kept
    return str(value).strip()
