"""CSV: the columns of the workbook as text, separated by comma, semicolon or tab."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from question_bank.errors import FileRefusedError
from question_bank.formats.cells import Cell, Row
from question_bank.formats.columns import CARRIED, REQUIRED, fields_of, heading, needed
from question_bank.formats.headings import SEARCH_ROWS
from question_bank.formats.limits import MOST_ROWS, readable, refuse_many
from question_bank.formats.markup.without import is_question, without_pictures
from question_bank.formats.protocol import NO_PICTURES, Reading
from question_bank.formats.rows import rows_of
from question_bank.formats.sample_rows import sample_rows
from question_bank.formats.tables import read_table
from question_bank.formats.texts import beginning, decoded
from question_bank.kinds import KINDS
from question_bank.pictures import Picture
from question_bank.questions import Question

# Empty rows and columns count, so that a file of nothing else does not keep the reader busy.
_MOST_LINES = 1_048_576
_MOST_COLUMNS = 256
_LONGEST_LINE = 200_000
_SEPARATORS = ",;\t"
_ENOUGH_HEADINGS = 2
# Spreadsheets take a cell that begins so for a formula, and an apostrophe before it for "this is text".
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class Csv:
    """The .csv format (RFC 4180)."""

    code = "csv"
    suffix = ".csv"
    media_type = "text/csv; charset=utf-8"
    kinds = frozenset(KINDS)
    fields = CARRIED

    def recognises(self, data: bytes) -> bool:
        """Say whether one of the first rows of *data* has headings of a question table."""
        return _best_separator(beginning(data))[1] >= _ENOUGH_HEADINGS

    def carries(self, question: Question) -> bool:
        """Say whether *question* is one without its pictures."""
        return is_question(without_pictures, question)

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data*.

        Refused as a whole, with the line: text in no known encoding, a quotation mark that is never closed, and what
        a table is refused for (tables.read_table).
        """
        text = decoded(data)
        separator, _ = _best_separator(text[: 64 * 1024])
        return read_table(_rows(text, separator), bank, MOST_ROWS)

    def write(self, questions: Iterable[Question], *, pictures: Mapping[str, Picture] = NO_PICTURES) -> bytes:
        """Return a table of *questions*, at most 20,000 rows, in UTF-8 with a mark: so spreadsheets see the encoding.

        A text that a spreadsheet would take for a formula is written with an apostrophe before it; read takes it off.
        """
        rows = [row for question in questions for row in rows_of(without_pictures(question))]
        refuse_many(len(rows))
        return _written(rows)

    def template(self) -> bytes:
        """Return the headings and one sample a kind."""
        return _written(sample_rows())


def _best_separator(text: str) -> tuple[str, int]:
    """Return the separator under which one of the first rows has most headings, and how many of them."""
    lines = text.split("\n", SEARCH_ROWS)[:SEARCH_ROWS]
    known = {separator: max((_known(line, separator) for line in lines), default=0) for separator in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda separator: known[separator])
    return best, known[best]


def _known(line: str, separator: str) -> int:
    fields = set(fields_of([cell.strip(' "') for cell in line[:4096].split(separator)])) - {None}
    return len(fields) if fields & set(REQUIRED) else 0


def _rows(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(_short_lines(text), delimiter=separator, strict=True, skipinitialspace=True)
    line = 1
    number = 0
    try:
        for cells in reader:
            number += 1
            if number > _MOST_LINES:
                raise FileRefusedError("too_many_rows", most=MOST_ROWS, line=line)
            if not (number == 1 and cells and cells[0].lower().startswith("sep=")):  # a hint that Excel understands
                yield Row(number, [_cell(text) for text in cells[:_MOST_COLUMNS]], line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefusedError("malformed_csv", line=line, reason=str(error)[:200]) from error


def _short_lines(text: str) -> Iterator[str]:
    """Yield the lines of *text* with their ends; refuse one that no row of a question table fills."""
    for number, line in enumerate(StringIO(text, newline=""), start=1):
        if len(line) > _LONGEST_LINE:
            raise FileRefusedError("malformed_csv", line=number, reason="line too long")
        yield line


def _cell(text: str) -> Cell:
    return Cell(text[1:] if text.startswith("'") and _LIKE_A_FORMULA.match(text) else text)


def _written(rows: Sequence[Mapping[str, str]]) -> bytes:
    fields = needed(rows)
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([heading(field) for field in fields])
    writer.writerows([_guarded(row[field]) for field in fields] for row in rows)
    return readable(target.getvalue().encode("utf-8-sig"))


def _guarded(text: str) -> str:
    return f"'{text}" if _LIKE_A_FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
