"""The one way to import a file: read, dry run, row errors, all or nothing, undo.

A feature describes its file as an ImportKind (columns, how a row is checked, how rows are loaded and undone).
The dry run reads every row and lists everything that is wrong; loading happens in one transaction or not at all.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, defer, mapped_column

from app.core import storage
from app.core.actors import Actor
from app.core.db import Base, Id, choice, db
from app.core.errors import ServiceError
from app.core.sheets import sheet_rows, text_of

LIMIT_MB = 20
MAX_ROWS = 20_000
NUMBER_OF_SOMEBODY = re.compile(r"\d{9,}\w*|[A-Za-z]{1,2}\d{6,}|(?:\d[ -]?){14,}[\dXx]")
"""A document or phone number that slipped into another column: errors are kept and shown, so it is blotted out."""
LISTED_ERRORS = 500


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
ReadRows = tuple[list[NumberedRow], list[RowError]]
"""Every row of a file, and what is wrong with their shape: read without the database."""


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
    read: Callable[[bytes, Mapping[str, Any]], ReadRows] | None = None

    def rows_of(self, content: bytes, context: Mapping[str, Any]) -> ReadRows:
        """Return the rows of *content*. Raises ServiceError for a file that is not of this kind at all."""
        return self.read(content, context) if self.read else read_rows(self.columns, content)


def check_file(
    kind: ImportKind,
    filename: str,
    content: bytes,
    context: dict[str, Any],
    *,
    found: ReadRows | None = None,
    actor: Actor,
    now: datetime,
) -> Import:
    """Read *content* and record everything that is wrong with it; nothing else is written (the dry run).

    found: what `ImportKind.rows_of` gave for *content*, if it has been read already.
    Raises ServiceError if the file cannot be read as a table at all.
    """
    checked = checked_rows(kind, found or kind.rows_of(content, context), context)
    imported = Import(
        kind=kind.code,
        filename=filename[-200:],
        digest=storage.keep(content),
        context=context,
        summary={},
        created_by_id=actor.user_id,
        created_at=now,
    )
    _note(imported, checked)
    db.session.add(imported)
    db.session.flush()
    return imported


def load(
    kind: ImportKind,
    imported: Import,
    *,
    leave_out_wrong: bool = False,
    named: Collection[int] | None = None,
    found: ReadRows | None = None,
    actor: Actor,
    now: datetime,
) -> Import:
    """Load a file after its dry run; it is checked again, for the database may have moved on.

    leave_out_wrong: the user has seen the list of wrong rows and asked to load the others; named: the rows of that
    list, if no others than those shall stay out.
    found: what `ImportKind.rows_of` gave for the file, if it has been read already.
    Raises ServiceError("import_has_errors") and writes nothing if a row is wrong and was not left out by choice, or
    if the wrong rows are not those that were *named*.
    """
    if imported.state is not ImportState.CHECKED or imported.kind != kind.code:
        raise ServiceError("import_unknown")
    found = found or kind.rows_of(storage.read(imported.digest), imported.context)
    rows, errors = checked_rows(kind, found, imported.context)
    wrong = {error.row for error in errors}
    is_refused = errors and not (leave_out_wrong and 0 not in wrong)
    if is_refused or (named is not None and wrong != set(named)):
        raise ServiceError("import_has_errors", count=len(errors))
    good = [row for row in rows if row[0] not in wrong]
    if not good:
        raise ServiceError("no_rows")
    imported.state, imported.loaded_at = ImportState.LOADED, now
    _note(imported, (rows, errors))  # of those that are left out
    told = {name: value for name, value in imported.summary.items() if name != "errors"}
    imported.summary = {**told, "left_out": len(wrong), **kind.load(good, imported.context, imported, actor, now)}
    db.session.flush()
    return imported


def check_again(kind: ImportKind, imported: Import, *, found: ReadRows) -> Import:
    """Keep what is wrong with *imported* now that its load was refused, so that its page lists it; nothing else is
    written. found: as in load."""
    if imported.state is ImportState.CHECKED and imported.kind == kind.code:
        _note(imported, checked_rows(kind, found, imported.context))
        db.session.flush()
    return imported


def _note(imported: Import, checked: ReadRows) -> None:
    """Write down how many rows there are and what is wrong with them."""
    rows, errors = checked
    imported.rows_total, imported.rows_wrong = len(rows), len({error.row for error in errors})
    imported.errors = [error.to_json() for error in errors[:LISTED_ERRORS]]
    imported.summary = {**imported.summary, "errors": len(errors)}


def checked_rows(kind: ImportKind, found: ReadRows, context: Mapping[str, Any]) -> ReadRows:
    """Return every row and everything wrong with them, in the order of the file; found: as `rows_of` gave it."""
    rows, errors = found[0], list(found[1])
    misshapen = {error.row for error in errors}
    errors += kind.check([row for row in rows if row[0] not in misshapen], context)
    return rows, sorted(map(_blotted, errors), key=lambda error: (error.row, error.column))


def own(kind: ImportKind, actor: Actor, most: int = 50) -> Sequence[Import]:
    """Return the newest imports of this kind that *actor* brought, at most *most*, without what their pages list."""
    query = sa.select(Import).where(Import.kind == kind.code, Import.created_by_id == actor.user_id)
    without_lists = (defer(Import.errors), defer(Import.summary))
    return db.session.scalars(query.options(*without_lists).order_by(Import.id.desc()).limit(most)).all()


def undo(kind: ImportKind, imported: Import, *, actor: Actor, now: datetime) -> Import:
    """Remove everything that *imported* loaded. Raises ServiceError if it was not loaded or is in use.

    The import is locked until the commit: of two who undo it, the second is told that it is not loaded any more.
    """
    db.session.refresh(imported, with_for_update=True)
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
    lines = sheet_rows(content, LIMIT_MB)
    places = _places(columns, next(lines, ()))
    rows: list[NumberedRow] = []
    errors: list[RowError] = []
    for number, cells in enumerate(lines, start=2):
        if all(cell is None for cell in cells):
            continue
        texts = {column.key: text_of(cells, places.get(column.key)) for column in columns}
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
