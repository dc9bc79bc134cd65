"""Aiken: a question, its options one a line ("A." or "A)"), and "ANSWER: C" (docs.moodle.org, "Aiken format")."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from question_bank.errors import FileRefusedError
from question_bank.formats.collecting import collected
from question_bank.formats.found import ONE, TRUE_FALSE, Answer, Found, error_at, is_true_false
from question_bank.formats.limits import readable, refuse_many
from question_bank.formats.markup.said import Said
from question_bank.formats.markup.without import as_plain, is_question
from question_bank.formats.protocol import NO_PICTURES, Reading, RowError
from question_bank.formats.samples import sample_questions
from question_bank.formats.texts import beginning, decoded, lines_of
from question_bank.pictures import Picture
from question_bank.questions import Question

_OPTION = re.compile(r"([A-Z])[.)]([ \t\u3000]*+)(.*)")
_ANSWER = re.compile(r"ANSWER:[ \t]*([A-Z])(?:[.)].*)?")
_LIKE_ANSWER = re.compile(r"answer\s*[:：]", re.IGNORECASE)
_MOST_LINES = 5_000
"""How many lines of a stem are kept: with as many it is longer than any stem may be, and is named for that."""
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Aiken:
    """The Aiken format: single choice and true/false, with nothing but stem, options and key."""

    code = "aiken"
    suffix = ".aiken.txt"
    media_type = "text/plain; charset=utf-8"
    kinds = frozenset({"true_false", "single_choice"})
    fields = frozenset({"kind", "stem", "options", "key"})

    def recognises(self, data: bytes) -> bool:
        """Say whether *data* is text with a line "ANSWER: X", or with two options in a row."""
        text = beginning(data)
        return bool(
            re.search(r"^ANSWER:[ \t]*[A-Z]", text, re.MULTILINE)
            or re.search(r"^A[.)][ \t].*\nB[.)][ \t]", text, re.MULTILINE)
        )

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data*. What breaks the rules is named with its line in the errors.

        Two options that say true and false make a true/false question; the stem may run over several lines, but an
        empty one ends it, so that a question without options does not become part of the next.
        """
        return collected(_found(decoded(data)), bank)

    def carries(self, question: Question) -> bool:
        """Say whether *question* has one right answer and a stem that looks like neither an option nor an answer."""
        return _can_be_written(question)

    def write(self, questions: Iterable[Question], *, pictures: Mapping[str, Picture] = NO_PICTURES) -> bytes:
        """Return an Aiken file in UTF-8, in plain text; line ends and tabs inside a text become blanks.

        Raises FileRefusedError ("not_carried") for other kinds, several right answers, and a stem that looks like an
        option or answer.
        """
        listed = list(questions)
        refuse_many(len(listed))
        return readable("\n\n".join((*map(_written, listed), "\n")).encode())

    def template(self) -> bytes:
        """Return one sample question a kind."""
        return self.write(question for question in sample_questions() if question.kind in self.kinds)


@dataclass
class _Open:
    """A question whose ANSWER line has not been reached. line: of its first line. last: of its last one so far."""

    line: int
    last: int
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    fault: tuple[int, str, str] | None = None


def _found(text: str) -> Iterator[Found | RowError]:
    row = 0
    current: _Open | None = None
    for number, raw in enumerate(lines_of(text), start=1):
        line = raw.strip()
        if not line:
            continue
        option = _option(line, len(current.options) if current else 0)
        is_answer = _LIKE_ANSWER.match(line)
        if current and not option and not is_answer and (fault := _left_open(row + 1, current, number)):
            row += 1
            yield fault
            current = None
        current = current or _Open(number, number)
        current.last = number
        if is_answer:
            row += 1
            yield _closed(row, current, number, line)
            current = None
        elif option:
            _add_option(current, number, option)
        elif len(current.stem) < _MOST_LINES:
            current.stem.append(line)
    if current:
        yield _error(row + 1, current.line, "answer_missing")


def _left_open(row: int, current: _Open, number: int) -> RowError | None:
    """Return what is wrong with *current* if another question begins in line *number*, None if its stem goes on."""
    if current.options:
        return _error(row, number, "answer_missing")
    return _error(row, current.line, "options_missing", "options") if number > current.last + 1 else None


def _option(line: str, place: int) -> re.Match[str] | None:
    """Return *line* as an option. The blank behind the mark may be missing, as Moodle and Chinese banks have it; but
    behind a point only where the letter is the next in order, for "U.S. law" is text."""
    option = _OPTION.fullmatch(line)
    if not option or not (option[2] or line[1] == ")" or option[1] == _ALPHABET[place : place + 1]):
        return None
    return option


def _add_option(current: _Open, number: int, option: re.Match[str]) -> None:
    expected = _ALPHABET[len(current.options)] if len(current.options) < len(_ALPHABET) else ""
    if option[1] != expected and not current.fault:
        current.fault = (number, "option_letters_out_of_order", option[1])
    if expected:
        current.options.append(option[3].strip())


def _closed(row: int, current: _Open, number: int, line: str) -> Found | RowError:
    """Return the question that the answer *line* closes, or the first thing that is wrong with it."""
    answer = _ANSWER.fullmatch(line)
    if current.fault:
        place, code, letter = current.fault
        return _error(row, place, code, "options", keys=letter)
    if not current.stem:
        return _error(row, current.line, "missing_text", "stem")
    if not current.options:
        return _error(row, number, "options_missing", "options")
    if not answer:
        return _error(row, number, "answer_line_malformed", value=line[:80])
    if (right := _ALPHABET.index(answer[1])) >= len(current.options):
        return _error(row, number, "key_not_offered", letter=answer[1])
    answers = tuple(Answer(Said(text), Fraction(place == right)) for place, text in enumerate(current.options))
    form = TRUE_FALSE if is_true_false(current.options) else ONE
    return Found(row, current.line, form, "aiken", Said("\n".join(current.stem)), answers)


def _error(row: int, line: int, code: str, column: str = "key", **data: object) -> RowError:
    return replace(error_at(Found(row, line, "", ""), code, column, **data), line=line)


def _can_be_written(question: Question) -> bool:
    """Say whether *question* would be read as what it is: one answer, a stem that looks like nothing else.

    Moodle takes a stem that begins like "U.S. law" for an option; we do not, but write for both.
    """
    if question.kind not in Aiken.kinds or len(question.key) != 1 or not is_question(as_plain, question):
        return False
    stem = _line(as_plain(question).stem)
    return not (_OPTION.match(stem) or _LIKE_ANSWER.match(stem))


def _written(question: Question) -> str:
    if not _can_be_written(question):
        field = "kind" if question.kind not in Aiken.kinds else "key" if len(question.key) != 1 else "stem"
        raise FileRefusedError("not_carried", question=question.code, field=field, value=question.plain_stem[:80])
    plain = as_plain(question)
    options = [f"{option.key}. {_line(option.text)}" for option in plain.options]
    return "\n".join((_line(plain.stem), *options, f"ANSWER: {question.key[0]}"))


def _line(text: str) -> str:
    return re.sub(r"[ \t]*[\n\t][ \t\n]*", " ", text)
