"""A table of questions under one row of headings, whatever file the table stands in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from question_bank.errors import FileRefusedError, InvalidQuestionError
from question_bank.formats.columns import REQUIRED, fields_of, heading
from question_bank.formats.protocol import Reading, RowError, RowQuestion
from question_bank.formats.rows import question_from, row_errors

HEADING_SEARCH_ROWS = 10


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. fault: the code of the reason why *text* is not what its author saw, or ""."""

    text: str
    fault: str = ""


@dataclass(frozen=True)
class Row:
    """number: as a spreadsheet counts, from 1. line: as a text editor counts, 0 if the file has no lines."""

    number: int
    cells: Sequence[Cell]
    line: int = 0


def read_table(rows: Iterable[Row], bank: str, most: int) -> Reading:
    """Return the questions in *rows*: empty rows are passed over, headings are looked for in the first ten others.

    bank: code of the bank that is filled. most: how many rows may follow the headings.
    Refused as a whole: a table that lacks a required column, repeats one, has no rows or more than *most*.
    """
    filled = _filled(rows, most)
    headings = _headings(filled)
    ignored = tuple(name for name, field in zip(headings, fields_of(headings), strict=True) if name and not field)
    return replace(_questions(filled, headings, bank, most), ignored=ignored)


def _filled(rows: Iterable[Row], most: int) -> Iterator[Row]:
    """Yield the rows that are not empty; refuse more than the headings, those searched for headings, and *most*."""
    count = 0
    for row in rows:
        if any(cell.text.strip() for cell in row.cells):
            count += 1
            if count > most + HEADING_SEARCH_ROWS:
                raise FileRefusedError("too_many_rows", most=most)
            yield row


def _headings(rows: Iterator[Row]) -> list[str]:
    """Return the headings: the first row that has all required ones, or the first row at all, whose lacks are told."""
    best: list[str] = []
    line = 1
    for _, row in zip(range(HEADING_SEARCH_ROWS), rows, strict=False):
        headings = [cell.text.strip() for cell in row.cells]
        if set(REQUIRED) <= set(fields_of(headings)):
            _refuse_repeats(headings, row)
            return headings
        if len(set(fields_of(headings))) > len(set(fields_of(best))):
            best, line = headings, row.line or row.number
    missing = tuple(heading(field) for field in REQUIRED if field not in fields_of(best))
    raise FileRefusedError("missing_column", columns=missing, line=line)


def _refuse_repeats(headings: list[str], row: Row) -> None:
    fields = [field for field in fields_of(headings) if field]
    for field in fields:
        if fields.count(field) > 1:
            raise FileRefusedError("column_twice", column=heading(field), line=row.line or row.number)


def _questions(rows: Iterator[Row], headings: list[str], bank: str, most: int) -> Reading:
    fields = fields_of(headings)
    heading_of = {field: name for field, name in zip(fields, headings, strict=True) if field}
    found: list[RowQuestion] = []
    errors: list[RowError] = []
    row_of_code: dict[str, int] = {}
    wrong_rows = 0
    for row in rows:
        if len(found) + wrong_rows >= most:
            raise FileRefusedError("too_many_rows", most=most)
        read = _row_question(row, fields, headings, heading_of, bank, row_of_code)
        if isinstance(read, RowQuestion):
            found.append(read)
        else:
            wrong_rows += 1
            errors += (replace(error, line=row.line) for error in read)
    if not found and not errors:
        raise FileRefusedError("no_rows", line=1)
    return Reading(tuple(found), tuple(errors))


def _row_question(
    row: Row,
    fields: Sequence[str | None],
    headings: list[str],
    heading_of: dict[str, str],
    bank: str,
    row_of_code: dict[str, int],
) -> RowQuestion | list[RowError]:
    values, refused = _values(row, fields, headings)
    if refused:
        return refused
    try:
        question = question_from(values, bank)
    except InvalidQuestionError as error:
        return row_errors(row.number, error.problems, heading_of)
    first = row_of_code.setdefault(question.code, row.number)
    if first == row.number:
        return RowQuestion(row.number, question, row.line)
    column = heading_of.get("code" if values.get("code") else "stem", heading("stem"))
    return [RowError(row.number, column, "question_twice", {"first_row": first, "question": question.code})]


def _values(row: Row, fields: Sequence[str | None], headings: Sequence[str]) -> tuple[dict[str, str], list[RowError]]:
    values: dict[str, str] = {}
    errors: list[RowError] = []
    for cell, field, name in zip(row.cells, fields, headings, strict=False):
        if field is None:
            continue
        if cell.fault:
            errors.append(RowError(row.number, name, cell.fault, {"value": cell.text[:80]}))
        else:
            values[field] = cell.text
    return values, errors
