"""The one way to import a file: read, dry run, row errors, all or nothing, undo.

A feature describes its file as an ImportKind (columns, how a row is checked, how rows are loaded and undone).
The dry run reads every row and lists everything that is wrong; loading happens in one transaction or not at all.
"""

from __future__ import annotations

import enum
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

import sqlalchemy as sa
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from sqlalchemy.orm import Mapped, mapped_column

from app.core import storage
from app.core.actors import Actor
from app.core.db import Base, Id, choice, db
from app.core.errors import ServiceError

LIMIT_MB = 20
MAX_ROWS = 20_000
MAX_SHEET_ROWS = 1_048_576  # what a sheet can have; a row that calls itself a later one is a trap, not a row
MAX_UNPACKED = 100 * 1024 * 1024  # a workbook that unpacks to more is refused as a decompression bomb
PROLOGUE = 65_536  # bytes of a part in which a document type would have to be declared
DOCUMENT_TYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
NUMBER_OF_SOMEBODY = re.compile(r"\d{9,}\w*|[A-Za-z]{1,2}\d{6,}|(?:\d[ -]?){14,}[\dXx]")
"""A document or phone number that slipped into another column: errors are kept and shown, so it is blotted out."""
LISTED_ERRORS = 500

BROKEN = (
    *(InvalidFileException, KeyError, IndexError, AttributeError, TypeError, ValueError, RuntimeError),
    *(ParseError, OSError, EOFError, zlib.error, NotImplementedError),
)  # whatever zipfile and openpyxl raise on damaged, encrypted or strangely packed parts


class ImportState(enum.StrEnum):
    CHECKED = "checked"
    LOADED = "loaded"
    UNDONE = "undone"


class Import(Base):
    """One file that somebody brought, what was found in it and what became of it."""

    __tablename__ = "import"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    filename: Mapped[str] = mapped_column(sa.String(200))
    digest: Mapped[str] = mapped_column(sa.String(64))
    context: Mapped[dict[str, Any]]
    state: Mapped[ImportState] = mapped_column(choice(ImportState, "import_state"), default=ImportState.CHECKED)
    rows_total: Mapped[int]
    rows_wrong: Mapped[int]
    errors: Mapped[list[Any]]
    summary: Mapped[dict[str, Any]]
    created_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[datetime]
    loaded_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


@dataclass(frozen=True)
class ImportColumn:
    """A column of the file: *names* are the accepted headers, the first is the template's."""

    key: str
    names: tuple[str, ...]
    is_required: bool = True
    example: str = ""


@dataclass(frozen=True)
class RowError:
    """One thing wrong with the file. row: as Excel counts, 0 for the file as a whole."""

    row: int
    column: str
    code: str
    data: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "code": self.code, "data": self.data}


Row = Mapping[str, str]
NumberedRow = tuple[int, Row]


@dataclass(frozen=True)
class ImportKind:
    """How one kind of file is read and loaded.

    check(rows, context) -> errors over all rows (duplicates within the file, unknown codes, what the database says).
    load(rows, context, imported, actor, now) -> summary counts; runs only when check found nothing.
    undo(imported, actor, now) removes what load wrote, or raises ServiceError("import_in_use").
    read(content, context) -> every row and what is wrong with their shape, for files with reading rules of their own;
    without it the first sheet is read by *columns*.
    """

    code: str
    columns: tuple[ImportColumn, ...]
    check: Callable[[Sequence[NumberedRow], Mapping[str, Any]], list[RowError]]
    load: Callable[[Sequence[NumberedRow], Mapping[str, Any], Import, Actor, datetime], dict[str, int]]
    undo: Callable[[Import, Actor, datetime], None]
    read: Callable[[bytes, Mapping[str, Any]], tuple[list[NumberedRow], list[RowError]]] | None = None


def check_file(
    kind: ImportKind, filename: str, content: bytes, context: dict[str, Any], *, actor: Actor, now: datetime
) -> Import:
    """Read *content* and record everything that is wrong with it; nothing else is written (the dry run).

    Raises ServiceError if the file cannot be read as a table at all.
    """
    rows, errors = checked_rows(kind, content, context)
    imported = Import(
        kind=kind.code,
        filename=filename[-200:],
        digest=storage.keep(content),
        context=context,
        rows_total=len(rows),
        rows_wrong=len({error.row for error in errors}),
        errors=[error.to_json() for error in errors[:LISTED_ERRORS]],
        summary={"errors": len(errors)},
        created_by_id=actor.user_id,
        created_at=now,
    )
    db.session.add(imported)
    db.session.flush()
    return imported


def load(kind: ImportKind, imported: Import, *, leave_out_wrong: bool = False, actor: Actor, now: datetime) -> Import:
    """Load a file after its dry run; it is checked again, for the database may have moved on.

    leave_out_wrong: the user has seen the list of wrong rows and asked to load the others.
    Raises ServiceError("import_has_errors") and writes nothing if a row is wrong and was not left out by choice.
    """
    if imported.state is not ImportState.CHECKED or imported.kind != kind.code:
        raise ServiceError("import_unknown")
    rows, errors = checked_rows(kind, storage.read(imported.digest), imported.context)
    wrong = {error.row for error in errors}
    if errors and not (leave_out_wrong and 0 not in wrong):
        raise ServiceError("import_has_errors", count=len(errors))
    good = [row for row in rows if row[0] not in wrong]
    if not good:
        raise ServiceError("no_rows")
    imported.state, imported.loaded_at = ImportState.LOADED, now
    imported.summary = {"left_out": len(wrong), **kind.load(good, imported.context, imported, actor, now)}
    db.session.flush()
    return imported


def checked_rows(
    kind: ImportKind, content: bytes, context: Mapping[str, Any]
) -> tuple[list[NumberedRow], list[RowError]]:
    """Return every row and everything wrong with them, in the order of the file.

    Raises ServiceError for a file that cannot be read as this kind's table at all.
    """
    rows, errors = kind.read(content, context) if kind.read else read_rows(kind.columns, content)
    misshapen = {error.row for error in errors}
    errors += kind.check([row for row in rows if row[0] not in misshapen], context)
    return rows, sorted(map(_blotted, errors), key=lambda error: (error.row, error.column))


def undo(kind: ImportKind, imported: Import, *, actor: Actor, now: datetime) -> Import:
    """Remove everything that *imported* loaded. Raises ServiceError if it was not loaded or is in use."""
    if imported.state is not ImportState.LOADED:
        raise ServiceError("import_not_loaded")
    kind.undo(imported, actor, now)
    imported.state, imported.undone_at = ImportState.UNDONE, now
    db.session.flush()
    return imported


def read_rows(columns: Sequence[ImportColumn], content: bytes) -> tuple[list[NumberedRow], list[RowError]]:
    """Return the rows of the first sheet as texts by column key, and what is wrong with their shape.

    Raises ServiceError for a file that is no .xlsx, is broken, is too large, lacks a column or has no rows.
    """
    sheet_rows = _sheet_rows(content)
    places = _places(columns, next(sheet_rows, ()))
    rows: list[NumberedRow] = []
    errors: list[RowError] = []
    for number, cells in enumerate(sheet_rows, start=2):
        if number > MAX_SHEET_ROWS:
            raise ServiceError("file_broken")
        if all(cell is None for cell in cells):
            continue
        texts = {column.key: _text(cells, places.get(column.key)) for column in columns}
        if not any(texts.values()):
            continue
        if len(rows) >= MAX_ROWS:
            raise ServiceError("too_many_rows", limit=MAX_ROWS)
        rows.append((number, texts))
        errors.extend(_shape_errors(columns, number, texts))
    if not rows:
        raise ServiceError("no_rows")
    return rows, errors


def _blotted(error: RowError) -> RowError:
    """Return *error* without anybody's number: data quote cells, and cells get into the wrong column."""
    data = {
        name: NUMBER_OF_SOMEBODY.sub("***", value) if isinstance(value, str) else value
        for name, value in error.data.items()
    }
    return replace(error, data=data)


def template_rows(columns: Sequence[ImportColumn]) -> tuple[list[str], list[list[str]]]:
    """Return header and example row of the template that users download."""
    return [column.names[0] for column in columns], [[column.example for column in columns]]


def _shape_errors(columns: Sequence[ImportColumn], number: int, texts: Row) -> Iterator[RowError]:
    for column in columns:
        if texts[column.key].startswith("="):
            yield RowError(number, column.names[0], "formula")
        elif column.is_required and not texts[column.key]:
            yield RowError(number, column.names[0], "required")


def _sheet_rows(content: bytes) -> Iterator[tuple[Any, ...]]:
    if len(content) > LIMIT_MB * 1024 * 1024:
        raise ServiceError("file_too_large", limit_mb=LIMIT_MB)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise ServiceError("file_too_large", limit_mb=LIMIT_MB)
            if any(_declares_a_type(archive, member) for member in archive.infolist()):
                raise ServiceError("file_broken")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a declared size that is too small would drop rows without a word
        yield from sheet.iter_rows(values_only=True)
    except zipfile.BadZipFile as error:
        raise ServiceError("not_xlsx") from error
    except BROKEN as error:
        raise ServiceError("file_broken") from error


def _declares_a_type(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part declares a document type: no workbook may (ECMA-376-2 annex B), every entity bomb must."""
    with archive.open(member) as part:
        prologue = part.read(PROLOGUE)
    return any(mark in prologue for mark in DOCUMENT_TYPE)


def _places(columns: Sequence[ImportColumn], header: Sequence[Any]) -> dict[str, int]:
    titles = {str(title).strip().rstrip("*＊ "): place for place, title in enumerate(header) if title is not None}
    places: dict[str, int] = {}
    for column in columns:
        found = next((titles[name] for name in column.names if name in titles), None)
        if found is not None:
            places[column.key] = found
        elif column.is_required:
            raise ServiceError("column_missing", column=column.names[0])
    return places


def _text(cells: Sequence[Any], place: int | None) -> str:
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
