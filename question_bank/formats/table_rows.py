"""The rows of a table as questions: a row is a question, or a part of the case study that it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from question_bank.errors import FileRefusedError, InvalidQuestionError, Problem
from question_bank.formats import cells
from question_bank.formats.illustrations import Album, nothing
from question_bank.formats.markup.said import Said, said_in_html
from question_bank.formats.notes import remarks_of
from question_bank.formats.protocol import Note, Reading, Remark, RowError, RowQuestion
from question_bank.formats.rows import kind_in, part_from, question_from, row_errors
from question_bank.questions import Part
from question_bank.rich_text import HTML, PLAIN

_ABOVE = frozenset({"上一案例", "上一题", "上题", "同上", "本案例", "以上案例", "是", "√", "↑", "〃", "above"})
RICH = ("stem", "explanation", "feedback_", "option_")
"""How the fields begin that may be written in HTML."""


@dataclass(frozen=True)
class TableRow:
    """A row below the headings. values: field -> text. errors: cells of which nothing can be made.

    number, line, part: its place, as in RowError. heading_of: field -> heading of its table. notes: about its kind.
    """

    number: int
    line: int
    values: Mapping[str, str]
    errors: tuple[RowError, ...] = ()
    part: str = ""
    heading_of: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def place(self) -> int | str:
        """Its number, or, where there are several tables, sheet and number as spreadsheets write them: 判断题!5."""
        return f"{self.part}!{self.line}" if self.part else self.number


@dataclass
class _Question:
    """The row of a question, and the rows of its parts."""

    row: TableRow
    parts: list[TableRow] = field(default_factory=list)
    notes: list[tuple[TableRow, Note]] = field(default_factory=list)


class TableRows:
    """Takes the rows of tables one by one and gives their reading."""

    def __init__(self, bank: str) -> None:
        """Start empty. bank: code of the bank that is filled."""
        self._bank = bank
        self._questions: list[_Question] = []
        self._cases: dict[str, _Question] = {}
        self._last_case: _Question | None = None
        self._errors: list[RowError] = []
        self._remarks: list[Remark] = []
        self._row_of_code: dict[str, TableRow] = {}
        self._album = Album()
        self._find = self._album.finder(nothing)

    def add(self, row: TableRow) -> None:
        """Take the next row."""
        if named := row.values.get("case", "").strip():
            self._add_part(row, named)
            return
        question = _Question(row)
        self._questions.append(question)
        kind = kind_in(row.values)
        if kind is not None and kind.response_input == "parts":
            self._last_case = question
            self._cases.setdefault(row.values.get("code", "").strip(), question)

    def reading(self) -> Reading:
        """Return what the rows hold. Raises FileRefusedError ("no_rows")."""
        if not self._questions and not self._errors:
            raise FileRefusedError("no_rows", line=1)
        found = tuple(row for question in self._questions for row in self._read(question))
        used = {digest for row in found for digest in row.question.pictures}
        pictures = {digest: one for digest, one in self._album.pictures.items() if digest in used}
        errors = tuple(sorted(self._errors, key=lambda error: error.row))
        remarks = tuple(sorted(self._remarks, key=lambda remark: remark.row))
        return Reading(found, errors, remarks=remarks, pictures=pictures)

    def _add_part(self, row: TableRow, named: str) -> None:
        case = self._cases.get(named)
        if case is None and cells.folded(named) in _ABOVE:
            case = self._last_case
            if case:
                case.notes.append((row, ("part_of_case", {"case_row": case.row.place})))
        if case is None:
            self._refuse(row, (Problem("case", "case_not_found", {"value": named[:80]}),))
        else:
            case.parts.append(row)

    def _read(self, question: _Question) -> Iterator[RowQuestion]:
        """Yield the question, or nothing after putting everything that is wrong into the errors."""
        rows = (question.row, *question.parts)
        before = len(self._errors)
        for row in rows:
            self._errors += (replace(error, row=row.number, line=row.line, part=row.part) for error in row.errors)
        is_html = _is_html(question.row, False)
        said = [self._said(row, _is_html(row, is_html)) for row in rows]
        markup = HTML if any(is_html for _, is_html in said) else PLAIN
        texts = [_written(row, own, markup) for row, (own, _) in zip(rows, said, strict=True)]
        parts = [part for row, own in zip(rows[1:], texts[1:], strict=True) for part in self._part(row, own, markup)]
        if len(self._errors) > before:
            self._name_case(question, before)
            return
        try:
            found = question_from(texts[0], self._bank, parts)
        except InvalidQuestionError as error:
            self._refuse_parts(question, error.problems)
            self._name_case(question, before)
            return
        first = self._row_of_code.setdefault(found.code, question.row)
        if first is not question.row:
            data: dict[str, object] = {"first_row": first.place, "question": found.code}
            self._refuse(question.row, (Problem("code" if texts[0].get("code") else "stem", "question_twice", data),))
            return
        self._remark(question, said)
        yield RowQuestion(question.row.number, found, question.row.line, question.row.part)

    def _part(self, row: TableRow, values: Mapping[str, str], markup: str) -> Iterator[Part]:
        try:
            yield part_from(values, markup)
        except InvalidQuestionError as error:
            self._refuse(row, error.problems)

    def _said(self, row: TableRow, is_html: bool) -> tuple[dict[str, Said], bool]:
        """Return the texts of a row that may be rich, and whether they are HTML."""
        kind = kind_in(row.values)
        plain = kind is not None and (not kind.offers_options or bool(kind.fixed_options))
        own = {
            name: said_in_html(text, self._find) if is_html else Said(text)
            for name, text in row.values.items()
            if text and name.startswith(RICH) and not (plain and name.startswith("option_"))
        }
        return own, is_html

    def _name_case(self, question: _Question, before: int) -> None:
        """Name the case as well if only its parts are at fault: no row is passed over in silence."""
        if question.parts and not any(error.row == question.row.number for error in self._errors[before:]):
            wrong = {error.row for error in self._errors[before:]}
            rows = tuple(row.place for row in question.parts if row.number in wrong)
            self._refuse(question.row, (Problem("case", "part_not_read", {"rows": rows}),))

    def _refuse_parts(self, question: _Question, problems: Sequence[Problem]) -> None:
        """Put each problem into the row that it belongs to."""
        for problem in problems:
            number = problem.data.get("part")
            is_part = problem.field == "parts" and isinstance(number, int)
            row = question.parts[number - 1] if is_part else question.row  # type: ignore[operator]
            self._refuse(row, (problem,))

    def _refuse(self, row: TableRow, problems: Sequence[Problem]) -> None:
        found = row_errors(row.number, [_in_its_cell(row, one) for one in problems], row.heading_of)
        self._errors += (replace(one, line=row.line, part=row.part) for one in found)

    def _remark(self, question: _Question, said: Sequence[tuple[Mapping[str, Said], bool]]) -> None:
        rows = (question.row, *question.parts)
        notes = [
            (row, note) for row, (own, _) in zip(rows, said, strict=True) for one in own.values() for note in one.notes
        ]
        notes += [*question.notes, *((row, note) for row in rows for note in row.notes)]
        for row in rows:
            kind = kind_in(row.values)
            if row.values.get("unit", "").strip() and kind is not None and kind.response_input != "number":
                notes.append((row, ("unit_left_out", {"value": row.values["unit"].strip()[:80]})))
        for row in rows:
            own_notes = [note for place, note in notes if place is row]
            self._remarks += remarks_of(own_notes, row.number, row.line, row.part)


def _in_its_cell(row: TableRow, problem: Problem) -> Problem:
    """Return a problem of accepted answers as one of the cell that they stand in, where that is the answer."""
    field = problem.data.get("field", problem.field) if problem.field == "parts" else problem.field
    if field != "options" or any(name.startswith("option_") and text for name, text in row.values.items()):
        return problem
    return Problem("key", problem.code, problem.data)


def _is_html(row: TableRow, by_default: bool) -> bool:
    """Say whether *row* says that it is HTML; a part that does not say follows its case."""
    stated = cells.markup_in(cells.folded(row.values.get("markup", "")))
    return stated == HTML if stated else by_default


def _written(row: TableRow, said: Mapping[str, Said], markup: str) -> dict[str, str]:
    texts = {name: one.written(markup) for name, one in said.items()}
    return {**row.values, **texts, "markup": markup if markup == HTML else row.values.get("markup", "")}
