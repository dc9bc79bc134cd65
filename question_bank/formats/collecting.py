"""What a reader finds, one question after the other, as a reading."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from question_bank.errors import FileRefusedError, InvalidQuestionError
from question_bank.formats.found import Found, question_of
from question_bank.formats.illustrations import Album
from question_bank.formats.limits import refuse_many
from question_bank.formats.protocol import NO_PICTURES, Note, Reading, Remark, RowError, RowQuestion
from question_bank.formats.rows import row_errors
from question_bank.pictures import Picture
from question_bank.questions import Question


def collected(
    items: Iterable[Found | RowError], bank: str, ignored: tuple[str, ...] = (), album: Album | None = None
) -> Reading:
    """Return *items* as a reading. album: where the reader puts the pictures of the file.

    A code that two different questions bear is replaced by one from the content. A question that the file holds twice
    comes in twice, with "question_twice": whoever imports it decides.
    Raises FileRefusedError: "no_rows", "too_many_rows".
    """
    rows: list[RowQuestion] = []
    errors: list[RowError] = []
    remarks: list[Remark] = []
    first_of: dict[str, RowQuestion] = {}
    again: Counter[str] = Counter()
    for count, item in enumerate(items, start=1):
        refuse_many(count, item.line)
        if isinstance(item, RowError):
            errors.append(item)
            continue
        try:
            question, own = _distinct(item, bank, first_of, again)
        except InvalidQuestionError as error:
            errors += (replace(e, line=item.line, part=item.part) for e in row_errors(item.row, error.problems, {}))
            continue
        rows.append(RowQuestion(item.row, question, item.line, item.part))
        first_of[question.code] = rows[-1]
        remarks += own
    if not rows and not errors:
        raise FileRefusedError("no_rows", line=1)
    known = album.pictures if album else NO_PICTURES
    return Reading(tuple(rows), tuple(errors), ignored, tuple(remarks), _shown(rows, known))


def _shown(rows: Iterable[RowQuestion], known: Mapping[str, Picture]) -> dict[str, Picture]:
    return {digest: known[digest] for row in rows for digest in row.question.pictures if digest in known}


def _distinct(
    found: Found, bank: str, first_of: Mapping[str, RowQuestion], again: Counter[str]
) -> tuple[Question, list[Remark]]:
    """Return the question with a code that no other of the file bears."""
    question, remarks = question_of(found, bank)
    if question.code in first_of and found.fields.get("code"):
        bare = {name: text for name, text in found.fields.items() if name != "code"}
        note: Note = ("code_replaced", {"value": question.code})
        question, remarks = question_of(replace(found, fields=bare, notes=(*found.notes, note)), bank)
    if first := first_of.get(question.code):
        data = {"first_row": first.row, "first_line": first.line, "question": question.code}
        remarks.append(Remark(found.row, "question_twice", data, found.line, found.part))
        question = replace(question, code=_next_code(question.code, first_of, again))
    return question, remarks


def _next_code(code: str, taken: Mapping[str, RowQuestion], again: Counter[str]) -> str:
    """Return *code* with a number behind it that no question bears; again: how often each code was met again."""
    while True:
        again[code] += 1
        if (made := f"{code}-{again[code] + 1}") not in taken:
            return made
