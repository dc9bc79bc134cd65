"""The one way to list records: search, filters kept in the address, sorting, paging and export.

A view describes its list once; the macro in templates/macros/table.html shows it and `export` writes the same rows.

    table = Table("enterprises", columns=(Column("name", _l("名称"), Enterprise.name), ...), search=(Enterprise.name,),
                  filters=(Filter("region", _l("地区"), options, Enterprise.region_code),))
    page = table.page(query, request.args)           # or: if table.export_asked(request.args): return table.export(...)
    render_template("...", table=table, page=page)

Rows that are computed and not selected go through `page_of` and `export_of`: there `search`, `Column.sort` and the
condition of a filter are functions of a row.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Response, send_file
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from app.core.db import db

PER_PAGE = 25
EXPORT_LIMIT = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """One column: *value* turns a row into the text that export writes (and the page, unless it has a cell block)."""

    key: str
    label: Any
    value: Callable[[Any], Any]
    sort: Any = None
    is_number: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice kept in the address under *key*; *condition* turns a chosen value into SQL, or into a function of a row
    for a list of computed rows."""

    key: str
    label: Any
    options: Sequence[tuple[str, Any]]
    condition: Callable[[str], Any]


@dataclass(frozen=True)
class Page:
    """One page of rows and what is needed to reach the others.

    is_more: there are more rows than *total*, which is as far as was counted.
    is_cut: there are rows behind the last page that can be opened.
    """

    rows: Sequence[Any]
    total: int
    number: int
    pages: int
    args: dict[str, str]
    is_more: bool = False
    is_cut: bool = False

    @property
    def counted(self) -> str:
        """Return how many rows there are, "10000+" where counting ended before them."""
        return f"{self.total}+" if self.is_more else str(self.total)

    def address(self, **changes: str | int | None) -> str:
        """Return the query string of this list with *changes*; None removes a key."""
        merged: dict[str, str | int | None] = {**self.args, **changes}
        return "?" + urlencode({key: value for key, value in merged.items() if value not in (None, "")})


@dataclass(frozen=True)
class Table:
    """A list: what it shows, what it is searched, filtered and sorted by.

    count_limit: rows are counted and can be paged through up to here; None counts all, for lists that stay short.
    """

    name: str
    columns: tuple[Column, ...]
    search: tuple[Any, ...] = ()
    search_label: Any = ""
    filters: tuple[Filter, ...] = ()
    default_sort: str = ""
    tie_break: Any = None
    per_page: int = field(default=PER_PAGE)
    count_limit: int | None = None

    def page(self, query: sa.Select[Any], args: Mapping[str, str]) -> Page:
        """Return the page of *query* that the address asks for; numbers outside the range give the nearest page."""
        known = self._known(args)
        narrowed = self._narrowed(query, known)
        total, is_more = bounded_count(narrowed, self.count_limit)
        number, pages = self._number(args, total)
        ordered = self._ordered(narrowed, known).limit(self.per_page).offset((number - 1) * self.per_page)
        return Page(self._rows(ordered), total, number, pages, known, is_more, is_cut=is_more)

    def page_of(self, rows: Sequence[Any], args: Mapping[str, str]) -> Page:
        """Return the page of computed *rows* that the address asks for."""
        known = self._known(args)
        chosen = self._chosen(rows, known)
        number, pages = self._number(args, len(chosen))
        start = (number - 1) * self.per_page
        return Page(chosen[start : start + self.per_page], len(chosen), number, pages, known)

    def export_asked(self, args: Mapping[str, str]) -> bool:
        return args.get("format") == "xlsx"

    def export(self, query: sa.Select[Any], args: Mapping[str, str]) -> Response:
        """Return every row that the filters leave, as a workbook (at most EXPORT_LIMIT rows)."""
        return self._workbook(self.rows(query, args))

    def export_of(self, rows: Sequence[Any], args: Mapping[str, str]) -> Response:
        """Return every computed row that the filters leave, as a workbook (at most EXPORT_LIMIT rows)."""
        return self._workbook(self._chosen(rows, self._known(args))[:EXPORT_LIMIT])

    def _workbook(self, rows: Sequence[Any]) -> Response:
        header = [str(column.label) for column in self.columns]
        return workbook_response(
            f"{self.name}.xlsx", header, [[column.value(row) for column in self.columns] for row in rows]
        )

    def rows(self, query: sa.Select[Any], args: Mapping[str, str]) -> Sequence[Any]:
        """Return every row that the filters leave, at most EXPORT_LIMIT, for an export in the feature's own form."""
        known = self._known(args)
        return self._rows(self._ordered(self._narrowed(query, known), known).limit(EXPORT_LIMIT))

    def _number(self, args: Mapping[str, str], total: int) -> tuple[int, int]:
        """Return the number of the page asked for, brought into range, and how many there are."""
        pages = max(1, -(-total // self.per_page))
        asked = args.get("page", "1")
        return min(max(int(asked) if asked.isdecimal() and len(asked) < 9 else 1, 1), pages), pages

    def _chosen(self, rows: Sequence[Any], args: Mapping[str, str]) -> list[Any]:
        """Return the computed rows that search and filters leave, in the order asked for."""
        words = args.get("q", "")[:100].casefold()
        chosen = list(rows)
        if words and self.search:
            chosen = [row for row in rows if any(words in str(text(row)).casefold() for text in self.search)]
        for one in self.filters:
            value = args.get(one.key)
            if value in {option for option, _label in one.options}:
                condition = one.condition(value)
                chosen = [row for row in chosen if condition(row)]
        asked = args.get("sort") or self.default_sort
        for column in self.columns:
            if column.key == asked.removeprefix("-") and column.sort is not None:
                chosen.sort(key=column.sort, reverse=asked.startswith("-"))
        return chosen

    @staticmethod
    def _rows(query: sa.Select[Any]) -> Sequence[Any]:
        result = db.session.execute(query)
        single = len(query.column_descriptions) == 1
        return result.scalars().all() if single else result.all()

    def _known(self, args: Mapping[str, str]) -> dict[str, str]:
        keys = {"q", "sort", *(one.key for one in self.filters)}
        return {key: args[key].strip() for key in args if key in keys and args[key].strip()}

    def _narrowed(self, query: sa.Select[Any], args: Mapping[str, str]) -> sa.Select[Any]:
        words = args.get("q", "")[:100]
        if words and self.search:
            query = query.where(sa.or_(*(column.icontains(words, autoescape=True) for column in self.search)))
        for one in self.filters:
            chosen = args.get(one.key)
            if chosen and chosen in {value for value, _label in one.options}:
                query = query.where(one.condition(chosen))
        return query

    def _ordered(self, query: sa.Select[Any], args: Mapping[str, str]) -> sa.Select[Any]:
        asked = args.get("sort") or self.default_sort
        key, descending = asked.removeprefix("-"), asked.startswith("-")
        for column in self.columns:
            if column.key == key and column.sort is not None:
                query = query.order_by(column.sort.desc() if descending else column.sort.asc())
        return query if self.tie_break is None else query.order_by(self.tie_break)


def bounded_count(query: sa.Select[Any], limit: int | None) -> tuple[int, bool]:
    """Return how many rows *query* gives, at most *limit*, and whether there are more than that."""
    rows = query.order_by(None) if limit is None else query.order_by(None).limit(limit + 1)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0
    return (total, False) if limit is None else (min(total, limit), total > limit)


def workbook_response(filename: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Response:
    """Return a download of one sheet with *header* and *rows*."""
    buffer = io.BytesIO(workbook_bytes(filename.removesuffix(".xlsx"), header, rows))
    return send_file(buffer, mimetype=XLSX, as_attachment=True, download_name=filename)


def workbook_bytes(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet. Texts are written as texts, so that no cell is read as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in [header, *rows]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value if isinstance(value, int | float) or value is None else str(value))
            if isinstance(cell.value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
