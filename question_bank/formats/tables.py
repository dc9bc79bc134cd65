"""Tables of questions under their headings, whatever file they stand in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from question_bank.errors import FileRefusedError, InvalidQuestionError
from question_bank.formats.cells import Row, in_html, is_marked, unmarked
from question_bank.formats.columns import FURTHER, JOINED
from question_bank.formats.headings import SEARCH_ROWS, Heading, heading_in
from question_bank.formats.inferred import with_kind
from question_bank.formats.key_cells import with_letters
from question_bank.formats.option_cells import spelt_out
from question_bank.formats.protocol import Note, Reading, RowError
from question_bank.formats.rows import kind_in, row_errors
from question_bank.formats.table_rows import RICH, TableRow, TableRows
from question_bank.rich_text import HTML

_CONTENT = ("stem", "key", "option", "explanation", "weight_", "feedback_", "case")
"""How the fields begin without which there is no question: kinds and numbers may stand ready for those to come."""
# Days may be dates of the spreadsheet, weights percentages: there is no doubt what is meant.
_READABLE_FAULTS = {"date_value": ("source_from", "source_to"), "percentage": ("weight_",)}


@dataclass(frozen=True)
class Table:
    """One table of a file. title: what its sheet is called, "" where a file is one table."""

    title: str
    rows: Iterable[Row]


def read_table(rows: Iterable[Row], bank: str, most: int) -> Reading:
    """Return the questions in *rows*, as read_tables does."""
    return read_tables([Table("", rows)], bank, most)


def read_tables(tables: Sequence[Table], bank: str, most: int) -> Reading:
    """Return the questions in *tables*: rows without content are passed over, headings looked for in the first thirty.

    bank: code of the bank that is filled. most: how many rows may follow the headings, in all.
    Where there is one table, a row is known by its number; where there are several, rows are counted through all of
    them, and line and part say number and sheet.
    Refused as a whole: a table that lacks a required column or repeats one, no rows at all or more than *most*.
    """
    found = TableRows(bank)
    ignored: list[str] = []
    count = 0
    for table in tables:
        heading, rows = heading_in(_filled(table.rows, most), table.title)
        ignored += heading.ignored
        for row in rows:
            if heading.is_repeated_in(row):
                continue
            count += 1
            if count > most:
                raise FileRefusedError("too_many_rows", most=most, line=row.line or row.number)
            if one := _table_row(row, heading):
                found.add(one if len(tables) == 1 else replace(one, number=count, line=row.number, part=table.title))
    return replace(found.reading(), ignored=tuple(dict.fromkeys(ignored)))


def _filled(rows: Iterable[Row], most: int) -> Iterator[Row]:
    """Yield the rows that are not empty; refuse more than the headings, those searched for headings, and *most*."""
    count = 0
    for row in rows:
        if any(cell.text.strip() for cell in row.cells):
            count += 1
            if count > most + SEARCH_ROWS:
                raise FileRefusedError("too_many_rows", most=most, line=row.line or row.number)
            yield row


def _table_row(row: Row, heading: Heading) -> TableRow | None:
    """Return *row* as the fields it fills, None if nothing of a question is there."""
    filled = zip(row.cells, heading.fields, strict=False)
    if not any(field and field.startswith(_CONTENT) and cell.text.strip() for cell, field in filled):
        return None
    values, errors = _values(row, heading)
    if heading.kind:
        values["kind"] = heading.kind
    kind = kind_in(values)
    has_options = values.get(JOINED, "").strip() or not heading.names_kind
    if has_options or (kind is not None and kind.offers_options):
        try:
            values = with_letters(spelt_out(values))
        except InvalidQuestionError as error:
            errors += [replace(one, line=row.line) for one in row_errors(row.number, error.problems, heading.name_of)]
    notes: tuple[Note, ...] = ()
    if not heading.names_kind:
        values, notes = with_kind(values)
    return TableRow(row.number, row.line, _in_html(values), tuple(errors), heading_of=heading.name_of, notes=notes)


def _values(row: Row, heading: Heading) -> tuple[dict[str, str], list[RowError]]:
    values: dict[str, str] = {}
    errors: list[RowError] = []
    for cell, field, name in zip(row.cells, heading.fields, heading.names, strict=False):
        if field is None:
            continue
        if field == FURTHER:
            if cell.text.strip():
                errors.append(RowError(row.number, name, "several_blanks", {"value": cell.text[:80]}, row.line))
            continue
        if cell.fault and not field.startswith(_READABLE_FAULTS.get(cell.fault, ("\x00",))):
            errors.append(RowError(row.number, name, cell.fault, {"value": cell.text[:80]}, row.line))
            continue
        shown = f"{float(cell.text) * 100:.7g}%" if cell.fault == "percentage" else cell.text
        values[field] = cell.marked if field.startswith((*RICH, JOINED)) and cell.marked else shown
    beyond = [cell.text for cell in row.cells[len(heading.names) :] if cell.text.strip()]
    if beyond and row.line:  # in a text, one more cell is a separator that should have been quoted
        errors.append(RowError(row.number, heading.names[-1], "cell_beyond", {"value": beyond[0][:80]}, row.line))
    return values, errors


def _in_html(values: Mapping[str, str]) -> dict[str, str]:
    """Return *values* as those of a row in HTML if one of them has marks: m³ is not m3, and plain text cannot say it.

    A row that says what it is written in is left so, without its marks.
    """
    if not any(is_marked(text) for text in values.values()):
        return dict(values)
    if values.get("markup"):
        return {field: unmarked(text) for field, text in values.items()}
    rich = {field: in_html(text) for field, text in values.items() if field.startswith(RICH)}
    return {**values, **rich, "markup": HTML}
