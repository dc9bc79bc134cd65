"""What the readers of foreign formats find, and how it becomes a question of ours: one table of what we can hold.

A reader states the question as its file does: answers with weights and feedback. Which of our kinds that is, and what
our kinds cannot say (unequal weights, a penalty), is decided here, once for all formats.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from question_bank.errors import FileRefusedError, InvalidQuestionError, Problem
from question_bank.formats.limits import refuse_many
from question_bank.formats.protocol import Reading, Remark, RowError, RowQuestion
from question_bank.formats.rows import question_from, row_errors
from question_bank.options import LETTERS
from question_bank.questions import Question

Note = tuple[str, dict[str, object]]
"""A remark without its place: code and data."""

TRUE_FALSE, ONE, MANY = "true_false", "one", "many"
_TRUE_WORDS = frozenset({"正确", "对", "√", "true", "t"})
_FALSE_WORDS = frozenset({"错误", "错", "×", "false", "f"})


@dataclass(frozen=True)
class Answer:
    """One answer. weight: share of the marks that it earns, 1 for all of them, below 0 for a penalty."""

    text: str
    weight: Fraction
    feedback: str = ""


@dataclass(frozen=True)
class Found:
    """A question as its file states it.

    row, line, part: its place, as in RowError. form: TRUE_FALSE, ONE (choose one), MANY (choose any number), or the
    name of something that BUILDERS does not know. named: the type in the words of the file. feedback: pairs of what
    it is about and what it says, beside that of the answers. fields: other fields of a row (columns.FIELDS).
    """

    row: int
    line: int
    form: str
    named: str
    stem: str = ""
    answers: tuple[Answer, ...] = ()
    explanation: str = ""
    feedback: tuple[tuple[str, str], ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    part: str = ""


def _true_false(found: Found) -> tuple[dict[str, str], list[Note]]:
    row, notes = _one(found)
    return {**row, "kind": "true_false"}, notes


def _one(found: Found) -> tuple[dict[str, str], list[Note]]:
    """Return a row whose key is the answer with the highest weight: only one can be chosen."""
    best = max((answer.weight for answer in found.answers), default=Fraction(0))
    right = [place for place, answer in enumerate(found.answers) if answer.weight == best > 0]
    if len(right) > 1:
        raise InvalidQuestionError([Problem("key", "several_right_answers", {"letters": _letters(right)})])
    notes = _weight_notes(found) if any(0 < answer.weight != 1 for answer in found.answers) else _penalties(found)
    return _choice_row(found, "single_choice", right), notes


def _many(found: Found) -> tuple[dict[str, str], list[Note]]:
    """Return a row whose key is every answer with a positive weight; a single one makes it a single choice."""
    right = [place for place, answer in enumerate(found.answers) if answer.weight > 0]
    weights = [found.answers[place].weight for place in right]
    # 33.33333 and 33.33334 are both a third.
    differ = bool(weights) and max(weights) - min(weights) > max(weights) / 1000
    notes = _weight_notes(found) if differ else _penalties(found)
    if len(right) == 1:
        notes.append(("one_right_answer", {}))
    return _choice_row(found, "single_choice" if len(right) == 1 else "multiple_choice", right), notes


Builder = Callable[[Found], tuple[dict[str, str], list[Note]]]
BUILDERS: Mapping[str, Builder] = {TRUE_FALSE: _true_false, ONE: _one, MANY: _many}
"""Form -> how it becomes a row. What is missing here is named as not supported; a new kind is one entry."""


def is_true_false(texts: Iterable[str]) -> bool:
    """Say whether *texts* are one word for true and one for false: how formats without that type write it."""
    words = [text.strip().casefold() for text in texts]
    return len(words) == 2 and (
        (words[0] in _TRUE_WORDS and words[1] in _FALSE_WORDS) or (words[0] in _FALSE_WORDS and words[1] in _TRUE_WORDS)
    )


def error_at(found: Found, code: str, column: str = "stem", **data: object) -> RowError:
    """Return an error at the place of *found*; column: a field of columns.FIELDS."""
    (error,) = row_errors(found.row, (Problem(column, code, data),), {})
    return replace(error, line=found.line, part=found.part)


def question_of(found: Found, bank: str) -> tuple[Question, list[Remark]]:
    """Return the question that *found* is for the bank with code *bank*, and what its author should know.

    Raises InvalidQuestionError: "kind_not_supported" for a form that BUILDERS does not know, and what a row is
    refused for.
    """
    builder = BUILDERS.get(found.form)
    if builder is None:
        raise InvalidQuestionError([Problem("kind", "kind_not_supported", {"value": found.named, "form": found.form})])
    if problems := list(_answer_problems(found)):
        raise InvalidQuestionError(problems)
    row, notes = builder(found)
    texts, feedback_notes = _explanation(found)
    row |= {"stem": found.stem, "explanation": texts, **found.fields}
    question = question_from(row, bank)
    notes = [*found.notes, *notes, *feedback_notes, *_defaults(found)]
    return question, [Remark(found.row, code, data, found.line, found.part) for code, data in notes]


def collected(items: Iterable[Found | RowError], bank: str, ignored: tuple[str, ...] = ()) -> Reading:
    """Return *items* as a reading. A code that two different questions bear is replaced by one from the content.

    Raises FileRefusedError: "no_rows", "too_many_rows".
    """
    rows: list[RowQuestion] = []
    errors: list[RowError] = []
    remarks: list[Remark] = []
    first_of: dict[str, RowQuestion] = {}
    for count, item in enumerate(items, start=1):
        refuse_many(count)
        if isinstance(item, RowError):
            errors.append(item)
            continue
        try:
            question, own = _distinct(item, bank, first_of)
        except InvalidQuestionError as error:
            errors += (replace(e, line=item.line, part=item.part) for e in row_errors(item.row, error.problems, {}))
            continue
        rows.append(RowQuestion(item.row, question, item.line, item.part))
        first_of[question.code] = rows[-1]
        remarks += own
    if not rows and not errors:
        raise FileRefusedError("no_rows", line=1)
    return Reading(tuple(rows), tuple(errors), ignored, tuple(remarks))


def _distinct(found: Found, bank: str, first_of: Mapping[str, RowQuestion]) -> tuple[Question, list[Remark]]:
    question, remarks = question_of(found, bank)
    if question.code in first_of and found.fields.get("code"):
        bare = {name: text for name, text in found.fields.items() if name != "code"}
        note: Note = ("code_replaced", {"value": question.code})
        question, remarks = question_of(replace(found, fields=bare, notes=(*found.notes, note)), bank)
    if first := first_of.get(question.code):
        raise InvalidQuestionError([Problem("stem", "question_twice", {"first_row": first.row, "first_line": first.line,
                                                                       "question": question.code})])  # fmt: skip
    return question, remarks


def _answer_problems(found: Found) -> Iterable[Problem]:
    if not 2 <= len(found.answers) <= len(LETTERS):
        data: dict[str, object] = {"count": len(found.answers), "least": 2, "most": len(LETTERS)}
        yield Problem("options", "wrong_option_count", data)
        return
    for letter, answer in zip(LETTERS, found.answers, strict=False):
        if not answer.text.strip():
            yield Problem("options", "missing_text", {"key": letter})
    if all(answer.weight <= 0 for answer in found.answers):
        yield Problem("key", "no_right_answer")


def _choice_row(found: Found, kind: str, right: list[int]) -> dict[str, str]:
    texts = zip(LETTERS, found.answers, strict=False)
    return {"kind": kind, **{f"option_{letter}": a.text for letter, a in texts}, "key": _letters(right)}


def _letters(places: Iterable[int]) -> str:
    return "".join(LETTERS[place] for place in places)


def _weight_notes(found: Found) -> list[Note]:
    return [("weights_differ", {"weights": _weights(found)})]


def _penalties(found: Found) -> list[Note]:
    negative = any(answer.weight < 0 for answer in found.answers)
    return [("penalties_left_out", {"weights": _weights(found)})] if negative else []


def _weights(found: Found) -> str:
    """Return the weights as text for people: "A 50%, B -100%"; those of 0 are left out."""
    pairs = zip(LETTERS, found.answers, strict=False)
    return ", ".join(f"{letter} {float(a.weight) * 100:g}%" for letter, a in pairs if a.weight)


def _explanation(found: Found) -> tuple[str, list[Note]]:
    """Return general feedback, then the rest line by line with what it is about: papers shuffle the letters."""
    about = [(f"“{answer.text}”", answer.feedback) for answer in found.answers]
    lines = [f"{name}：{text}" for name, text in (*found.feedback, *about) if text]
    joined = "\n".join(text for text in (found.explanation, *lines) if text)
    return joined, [("feedback_joined", {"count": len(lines)})] if lines else []


def _defaults(found: Found) -> Iterable[Note]:
    if not found.fields.get("difficulty"):
        yield "default_difficulty", {}
    if not found.fields.get("source_document"):
        yield "no_source", {}
