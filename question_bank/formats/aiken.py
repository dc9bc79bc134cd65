"""Aiken: a question, its options one a line ("A." or "A)"), and "ANSWER: C" (docs.moodle.org, "Aiken format")."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from question_bank.errors import FileRefusedError
from question_bank.formats.found import ONE, TRUE_FALSE, Answer, Found, collected, error_at, is_true_false
from question_bank.formats.limits import readable, refuse_many
from question_bank.formats.protocol import Reading, RowError
from question_bank.formats.samples import sample_questions
from question_bank.formats.texts import beginning, decoded, lines_of
from question_bank.questions import Question

# Chinese banks write no blank before a Chinese character.
_OPTION = re.compile(r"([A-Z])[.)](?:[ \t\u3000]+|(?=[^\x00-\x7f]))(.*)")
_ANSWER = re.compile(r"ANSWER:[ \t]*([A-Z])")
_LIKE_ANSWER = re.compile(r"answer\s*[:：]", re.IGNORECASE)
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

        Two options that say true and false make a true/false question; the stem may run over several lines.
        """
        return collected(_found(decoded(data)), bank)

    def write(self, questions: Iterable[Question]) -> bytes:
        """Return an Aiken file in UTF-8; line ends and tabs inside a text become blanks.

        Raises FileRefusedError ("not_carried") for other kinds and for a stem that looks like an option or answer.
        """
        listed = list(questions)
        refuse_many(len(listed))
        return readable("\n\n".join((*map(_written, listed), "\n")).encode())

    def template(self) -> bytes:
        """Return one sample question a kind."""
        return self.write(question for question in sample_questions() if question.kind in self.kinds)


@dataclass
class _Open:
    """A question whose ANSWER line has not been reached. line: of its first line."""

    line: int
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
        option = _OPTION.fullmatch(line)
        is_answer = _LIKE_ANSWER.match(line)
        if current and current.options and not option and not is_answer:
            row += 1
            yield _error(row, number, "answer_missing")
            current = None
        current = current or _Open(number)
        if is_answer:
            row += 1
            yield _closed(row, current, number, line)
            current = None
        elif option:
            _add_option(current, number, option)
        else:
            current.stem.append(line)
    if current:
        yield _error(row + 1, current.line, "answer_missing")


def _add_option(current: _Open, number: int, option: re.Match[str]) -> None:
    expected = _ALPHABET[len(current.options)] if len(current.options) < len(_ALPHABET) else ""
    if option[1] != expected and not current.fault:
        current.fault = (number, "option_letters_out_of_order", option[1])
    if expected:
        current.options.append(option[2].strip())


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
    answers = tuple(Answer(text, Fraction(place == right)) for place, text in enumerate(current.options))
    form = TRUE_FALSE if is_true_false(current.options) else ONE
    return Found(row, current.line, form, "aiken", "\n".join(current.stem), answers)


def _error(row: int, line: int, code: str, column: str = "key", **data: object) -> RowError:
    return replace(error_at(Found(row, line, "", ""), code, column, **data), line=line)


def _written(question: Question) -> str:
    if question.kind not in Aiken.kinds:
        raise FileRefusedError("not_carried", question=question.code, field="kind", value=question.kind)
    stem = _line(question.stem)
    if _OPTION.fullmatch(stem) or _LIKE_ANSWER.match(stem):
        raise FileRefusedError("not_carried", question=question.code, field="stem", value=stem[:80])
    options = [f"{option.key}. {_line(option.text)}" for option in question.options]
    return "\n".join((stem, *options, f"ANSWER: {question.key[0]}"))


def _line(text: str) -> str:
    return re.sub(r"[ \t]*[\n\t][ \t\n]*", " ", text)
