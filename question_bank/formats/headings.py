"""The heading of a question table: the row, or two rows, that say what stands in each column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from question_bank.errors import FileRefusedError
from question_bank.formats.cells import Row
from question_bank.formats.columns import FURTHER, JOINED, REQUIRED, fields_of, heading
from question_bank.formats.rows import kind_named
from question_bank.options import LETTERS

_REQUIRED = frozenset(REQUIRED) - {"kind"}
SEARCH_ROWS = 30
"""In how many rows, empty ones not counted, the headings are looked for."""


@dataclass(frozen=True)
class Heading:
    """names: what the columns are called. fields: what each stands for. kind: of every row, "" if no title says it."""

    names: Sequence[str]
    fields: Sequence[str | None]
    kind: str = ""

    @property
    def name_of(self) -> dict[str, str]:
        """Field -> heading in this file; options that stand in one cell are called as that column is."""
        found = {field: name for field, name in zip(self.fields, self.names, strict=True) if field}
        return {f"option_{letter}": found[JOINED] for letter in LETTERS if JOINED in found} | found

    @property
    def names_kind(self) -> bool:
        """Whether a column or the title says what kind the rows are."""
        return bool(self.kind) or "kind" in self.fields

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings that stand for nothing here."""
        return tuple(name for name, field in zip(self.names, self.fields, strict=True) if name and not field)

    def is_repeated_in(self, row: Row) -> bool:
        """Say whether *row* is these headings once more, as at the top of a printed page."""
        texts = _texts(row)
        return texts == list(self.names[: len(texts)]) and not any(self.names[len(texts) :])


def heading_in(rows: Iterator[Row], title: str = "") -> tuple[Heading, Iterator[Row]]:
    """Return the headings, found in the first rows, and the rows below them.

    title: of the sheet; where it names a kind, the table needs no column for it. A row without that column is taken for
    the headings only where no row has it. Letters of options may stand in a second row, below one heading for all.
    Raises FileRefusedError: "missing_column" (columns, line), "column_twice" (column, line).
    """
    kind = title if kind_named(title) else ""
    best: list[str] = []
    line = 1
    seen: list[Row] = []
    silent: int | None = None
    for _, row in zip(range(SEARCH_ROWS), rows, strict=False):
        names = _texts(row)
        found = fields_of(names)
        if set(found) >= _REQUIRED:
            if kind or "kind" in found:
                return _heading(row, rows, kind)
            silent = len(seen) if silent is None else silent
        seen.append(row)
        if len(set(found)) > len(set(fields_of(best))):
            best, line = names, row.line or row.number
    if silent is not None:
        return _heading(seen[silent], chain(seen[silent + 1 :], rows), "")
    missing = tuple(heading(field) for field in REQUIRED if field in _REQUIRED and field not in fields_of(best))
    raise FileRefusedError("missing_column", columns=missing, line=line)


def _heading(row: Row, rows: Iterator[Row], kind: str) -> tuple[Heading, Iterator[Row]]:
    names, rows = _with_second_row(_texts(row), rows)
    _refuse_repeats(names, row)
    fields = fields_of(names)
    return Heading(names, fields, "" if "kind" in fields else kind), rows


def _texts(row: Row) -> list[str]:
    return [cell.text.strip() for cell in row.cells]


def _with_second_row(names: list[str], rows: Iterator[Row]) -> tuple[list[str], Iterator[Row]]:
    """Return *names* with those of the next row, if that has nothing but headings which the first row lacks."""
    second = next(rows, None)
    if second is None:
        return names, rows
    below = _texts(second)
    width = max(len(names), len(below))
    above, below = [*names, *[""] * (width - len(names))], [*below, *[""] * (width - len(below))]
    first, own = fields_of(above), fields_of(below)
    filled = [place for place, text in enumerate(below) if text]
    is_heading = all(own[place] and (own[place] == first[place] or own[place] not in first) for place in filled)
    if len(filled) > 1 and is_heading and own != first:
        return [low or high for high, low in zip(above, below, strict=True)], rows
    return names, chain([second], rows)


def _refuse_repeats(names: Sequence[str], row: Row) -> None:
    fields = [field for field in fields_of(names) if field and field != FURTHER]
    for field in fields:
        if fields.count(field) > 1:
            column = next(name for name, own in zip(names, fields_of(names), strict=True) if own == field)
            raise FileRefusedError("column_twice", column=heading(field) if field != JOINED else column,
                                   line=row.line or row.number)  # fmt: skip
