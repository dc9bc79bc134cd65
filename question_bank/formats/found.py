"""What the readers of foreign formats find, and how it becomes a question of ours: one table of what we can hold.

A reader states the question as its file does: answers with weights and feedback. Which of our kinds that is, and what
our kinds cannot say, is decided here, once for all formats.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from question_bank.errors import InvalidQuestionError, Problem
from question_bank.formats.markup.said import Said, joined
from question_bank.formats.notes import remarks_of
from question_bank.formats.protocol import Note, Remark, RowError
from question_bank.formats.rows import part_from, question_from, row_errors
from question_bank.formats.weights import Weighed, best_is_whole, each_adds, written_answers
from question_bank.options import LETTERS
from question_bank.questions import Question
from question_bank.rich_text import HTML, PLAIN

TRUE_FALSE, ONE, MANY, NUMERIC, SHORT, CASE = "true_false", "one", "many", "numeric", "short_answer", "case_study"
_TRUE_WORDS = frozenset({"正确", "对", "√", "true", "t"})
_FALSE_WORDS = frozenset({"错误", "错", "×", "false", "f"})
NOTHING = Said()


@dataclass(frozen=True)
class Answer:
    """One answer. weight: share of the marks that it earns, 1 for all of them, below 0 for a penalty."""

    said: Said
    weight: Fraction
    feedback: Said = NOTHING


@dataclass(frozen=True)
class Found:
    """A question as its file states it.

    row, line, part: its place, as in RowError. form: a form that BUILDERS knows, or the name of something else. named:
    the type in the words of the file. feedback: pairs of what it is about and what it says, beside that of the answers.
    fields: other fields of a row (columns.FIELDS). parts: of a case study, each with a form but CASE.
    """

    row: int
    line: int
    form: str
    named: str
    stem: Said = NOTHING
    answers: tuple[Answer, ...] = ()
    explanation: Said = NOTHING
    feedback: tuple[tuple[str, Said], ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    part: str = ""
    parts: "tuple[Found, ...]" = ()

    def texts(self) -> Iterator[Said]:
        """Yield every text that markup makes a difference to; accepted answers are plain."""
        yield from (self.stem, self.explanation, *(said for _, said in self.feedback))
        for answer in self.answers:
            yield answer.feedback
            if self.form in (ONE, MANY):
                yield answer.said
        for part in self.parts:
            yield from part.texts()


Built = tuple[dict[str, str], tuple[Note, ...]]


def _true_false(found: Found, markup: str) -> Built:
    """Return a row whose key is the better answer: between right and wrong, nothing is half right."""
    weighed = best_is_whole([answer.weight for answer in found.answers])
    if len(weighed.right) > 1:
        raise InvalidQuestionError([Problem("key", "several_right_answers", {"letters": weighed.key})])
    lost: tuple[Note, ...] = (("weights_left_out", {}),) if weighed.weights else ()
    row = _row(found, "true_false", replace(weighed, weights=()), markup)
    words = {f"option_{letter}": answer.said.plain for letter, answer in zip(LETTERS, found.answers, strict=False)}
    return row | words, lost


def _one(found: Found, markup: str) -> Built:
    weighed = best_is_whole([answer.weight for answer in found.answers])
    return _row(found, "single_choice", weighed, markup), weighed.notes


def _many(found: Found, markup: str) -> Built:
    """Return a row whose key is every answer above 0; where there is one, it is a single choice."""
    shares = [answer.weight for answer in found.answers]
    weighed = each_adds(shares)
    if len(weighed.right) > 1:
        return _row(found, "multiple_choice", weighed, markup), weighed.notes
    weighed = best_is_whole(shares)
    return _row(found, "single_choice", weighed, markup), (*weighed.notes, ("one_right_answer", {}))


def _written(found: Found, markup: str) -> Built:
    """Return a row of accepted answers; one that another before it says already is never reached and left out."""
    case_matters = found.fields.get("is_case_sensitive") == "true"
    kept: dict[str, Answer] = {}
    for answer in found.answers:
        text = " ".join(answer.said.plain.split())
        kept.setdefault(text if case_matters else text.casefold(), answer)
    twice: tuple[Note, ...] = (("answer_twice", {}),) if len(kept) < len(found.answers) else ()
    found = replace(found, answers=tuple(kept.values()))
    if all(answer.weight <= 0 for answer in found.answers):
        raise InvalidQuestionError([Problem("key", "no_right_answer")])
    weighed = written_answers([answer.weight for answer in found.answers])
    return _row(found, found.form, weighed, markup), weighed.notes + twice


def _case(found: Found, markup: str) -> Built:
    return {"kind": "case_study", "key": ""}, ()


Builder = Callable[[Found, str], Built]
BUILDERS: Mapping[str, Builder] = {
    TRUE_FALSE: _true_false, ONE: _one, MANY: _many, NUMERIC: _written, SHORT: _written, CASE: _case,
}  # fmt: skip
"""Form -> how it becomes a row. What is missing here is named as not supported; a new kind is one entry."""


def is_true_false(texts: Iterable[str]) -> bool:
    """Say whether *texts* are one word for true and one for false: how formats without that type write it."""
    words = [text.strip().casefold() for text in texts]
    return len(words) == 2 and (
        (words[0] in _TRUE_WORDS and words[1] in _FALSE_WORDS) or (words[0] in _FALSE_WORDS and words[1] in _TRUE_WORDS)
    )


def without_blanks(answers: Sequence[Answer], least: int) -> tuple[tuple[Answer, ...], tuple[Note, ...]]:
    """Return *answers* without those that say nothing and earn nothing, as Moodle passes them over, and a note.

    Where less than *least* would be left, all stay: then the blank one is what is wrong.
    """
    kept = tuple(answer for answer in answers if answer.said or answer.weight > 0)
    blank = len(answers) - len(kept)
    if len(kept) < least:
        return tuple(answers), ()
    return kept, (("blank_answers_left_out", {"count": blank}),) if blank else ()


def error_at(found: Found, code: str, column: str = "stem", **data: object) -> RowError:
    """Return an error at the place of *found*; column: a field of columns.FIELDS."""
    (error,) = row_errors(found.row, (Problem(column, code, data),), {})
    return replace(error, line=found.line, part=found.part)


def question_of(found: Found, bank: str) -> tuple[Question, list[Remark]]:
    """Return the question that *found* is for the bank with code *bank*, and what its author should know.

    Raises InvalidQuestionError: "kind_not_supported" for a form that BUILDERS does not know, and what a row is
    refused for.
    """
    markup = HTML if found.fields.get("markup") == HTML or any(said.is_rich for said in found.texts()) else PLAIN
    row, notes = _built(found, markup)
    parts = []
    for number, part in enumerate(found.parts, start=1):
        try:
            own, more = _built(part, markup)
            parts.append(part_from(own, markup))
        except InvalidQuestionError as error:
            raise InvalidQuestionError(tuple(_in_part(number, error))) from error
        notes += more
    question = question_from(row | {"markup": markup}, bank, parts)
    said = tuple(note for text in found.texts() for note in text.notes)
    return question, remarks_of((*found.notes, *notes, *said, *_defaults(found)), found.row, found.line, found.part)


def _built(found: Found, markup: str) -> Built:
    builder = BUILDERS.get(found.form)
    if builder is None:
        raise InvalidQuestionError([Problem("kind", "kind_not_supported", {"value": found.named, "form": found.form})])
    if found.form != CASE and (problems := list(_answer_problems(found))):
        raise InvalidQuestionError(problems)
    row, notes = builder(found, markup)
    explanation = joined((("", found.explanation), *found.feedback))
    row |= {"stem": found.stem.written(markup), "explanation": explanation.written(markup), **found.fields}
    return row, notes + found.notes if found.form != CASE else notes


def _in_part(number: int, error: InvalidQuestionError) -> Iterator[Problem]:
    for problem in error.problems:
        yield Problem("parts", problem.code, {"part": number, "field": problem.field, **problem.data})


def _answer_problems(found: Found) -> Iterable[Problem]:
    least = 1 if found.form in (NUMERIC, SHORT) else 2
    if not least <= len(found.answers) <= len(LETTERS):
        data: dict[str, object] = {"count": len(found.answers), "least": least, "most": len(LETTERS)}
        yield Problem("options", "wrong_option_count", data)
        return
    for letter, answer in zip(LETTERS, found.answers, strict=False):
        if not answer.said:
            yield Problem("options", "missing_text", {"key": letter})
    if all(answer.weight <= 0 for answer in found.answers):
        yield Problem("key", "no_right_answer")


def _row(found: Found, kind: str, weighed: Weighed, markup: str) -> dict[str, str]:
    row = {"kind": kind, "key": weighed.key}
    own = markup if found.form in (ONE, MANY) else PLAIN
    for place, (letter, answer) in enumerate(zip(LETTERS, found.answers, strict=False)):
        row[f"option_{letter}"] = answer.said.written(own)
        row[f"weight_{letter}"] = weighed.weights[place] if weighed.weights else ""
        row[f"feedback_{letter}"] = answer.feedback.written(markup)
    return row


def _defaults(found: Found) -> Iterable[Note]:
    if not found.fields.get("difficulty"):
        yield "default_difficulty", {}
    if not found.fields.get("source_document"):
        yield "no_source", {}
