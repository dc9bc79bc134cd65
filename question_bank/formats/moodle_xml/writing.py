"""Writing Moodle XML."""

import base64
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from question_bank.errors import FileRefusedError
from question_bank.formats.accepted import kept
from question_bank.formats.extras import FIELDS, category_of, tags_of
from question_bank.formats.limits import readable, refuse_many
from question_bank.formats.markup.writing import addressed
from question_bank.formats.numbers import centre, with_tolerance
from question_bank.options import weight_text, weighted
from question_bank.pictures import Picture
from question_bank.questions import Question
from question_bank.rich_text import HTML, pictures_in

_TYPES = {
    "true_false": "truefalse", "single_choice": "multichoice", "multiple_choice": "multichoice",
    "numeric": "numerical", "short_answer": "shortanswer",
}  # fmt: skip
_IN_TAGS = frozenset(FIELDS) - {"unit", "is_case_sensitive"}


def written(questions: Iterable[Question], pictures: Mapping[str, Picture], with_fields: bool = True) -> bytes:
    """Return *questions* as Moodle XML in UTF-8; with_fields: with codes, tags and the fields that Moodle lacks.

    Raises FileRefusedError: "too_many_rows", "not_carried", "picture_missing".
    """
    listed = list(questions)
    refuse_many(len(listed))
    return readable("\n".join(_lines(listed, pictures, with_fields)).encode())


def _lines(questions: list[Question], pictures: Mapping[str, Picture], with_fields: bool) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<quiz>"
    category = ""
    for question in questions:
        if (own := category_of(question.knowledge_point)) != category:
            yield f'  <question type="category">\n    <category>{_text(own)}</category>\n  </question>'
            category = own
        if question.kind not in _TYPES:
            raise FileRefusedError("not_carried", question=question.code, field="kind", value=question.kind)
        yield f'  <question type="{_TYPES[question.kind]}">'
        yield from (f"    {line}" for line in _parts(question, pictures, with_fields))
        yield "  </question>"
    yield "</quiz>\n"


def _parts(question: Question, pictures: Mapping[str, Picture], with_fields: bool) -> Iterator[str]:
    def said(name: str, text: str) -> str:
        return _said(name, text, question, pictures)

    yield f"<name>{_text(question.code)}</name>"
    yield said("questiontext", question.stem)
    yield said("generalfeedback", question.explanation)
    yield "<defaultgrade>1</defaultgrade>"
    yield "<penalty>0</penalty>"
    yield "<hidden>0</hidden>"
    if with_fields:
        yield f"<idnumber>{_escaped(question.code)}</idnumber>"
    yield from _ANSWERS[question.kind](question, said)
    if with_fields:
        tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in tags_of(question, _IN_TAGS, _kept(question)))
        yield f"<tags>{tags}</tags>"


def _kept(question: Question) -> Iterator[tuple[str, str]]:
    if question.kind == "numeric":
        yield from kept(question.options, [with_tolerance(*centre(one.text)) or one.text for one in question.options])


Write = Callable[[str, str], str]


def _true_false(question: Question, said: Write) -> Iterator[str]:
    for option, word in zip(question.options, ("true", "false"), strict=True):
        inner = f"{_text(word)}{said('feedback', option.feedback)}"
        yield f'<answer fraction="{100 * (option.key in question.key)}" format="moodle_auto_format">{inner}</answer>'


def _choice(question: Question, said: Write) -> Iterator[str]:
    yield f"<single>{'true' if question.kind == 'single_choice' else 'false'}</single>"
    yield "<shuffleanswers>true</shuffleanswers>"
    yield "<answernumbering>ABCD</answernumbering>"
    equal = weight_text(Fraction(1, len(question.key)))
    for option in question.options:
        weight = option.weight or (equal if option.key in question.key else "0")
        answer = said("answer", option.text).removeprefix("<answer ").removesuffix("</answer>")
        yield f'<answer fraction="{weight}" {answer}{said("feedback", option.feedback)}</answer>'


def _short(question: Question, said: Write) -> Iterator[str]:
    yield f"<usecase>{int(question.is_case_sensitive)}</usecase>"
    yield from _accepted(question, said, lambda text: _text(text))


def _numeric(question: Question, said: Write) -> Iterator[str]:
    def number(text: str) -> str:
        middle, tolerance = centre(text)
        return f"{_text(middle)}<tolerance>{tolerance}</tolerance>"

    yield from _accepted(question, said, number)
    if question.unit:
        unit = f"<multiplier>1</multiplier><unit_name>{_escaped(question.unit)}</unit_name>"
        yield f"<units><unit>{unit}</unit></units>"
    yield f"<unitgradingtype>0</unitgradingtype><showunits>{0 if question.unit else 3}</showunits>"


def _accepted(question: Question, said: Write, write: Callable[[str], str]) -> Iterator[str]:
    weighs = weighted(question.options)
    for option in question.options:
        inner = f"{write(option.text)}{said('feedback', option.feedback)}"
        yield f'<answer fraction="{option.weight if weighs else 100}" format="moodle_auto_format">{inner}</answer>'


_ANSWERS: Mapping[str, Callable[[Question, Write], Iterator[str]]] = {
    "true_false": _true_false, "single_choice": _choice, "multiple_choice": _choice, "short_answer": _short,
    "numeric": _numeric,
}  # fmt: skip


def _said(name: str, text: str, question: Question, pictures: Mapping[str, Picture]) -> str:
    """Return an element with *text*, and the files of the pictures that it shows."""
    if question.markup != HTML:
        return f'<{name} format="plain_text">{_text(text)}</{name}>'
    files = []
    for digest in pictures_in(text):
        if digest not in pictures:
            raise FileRefusedError("picture_missing", question=question.code, digest=digest)
        data = base64.b64encode(pictures[digest].data).decode()
        files.append(f'<file name="{_file(pictures[digest])}" path="/" encoding="base64">{data}</file>')
    shown = addressed(text, lambda digest: f"@@PLUGINFILE@@/{_file(pictures[digest])}")
    return f'<{name} format="html">{_text(shown)}{"".join(files)}</{name}>'


def _file(picture: Picture) -> str:
    return f"{picture.digest}{picture.suffix}"


def _text(text: str) -> str:
    return f"<text>{_escaped(text)}</text>"


def _escaped(text: str) -> str:
    # A carriage return would be read as a line feed, but no question holds one.
    return re.sub("\r", "&#13;", html.escape(text, quote=False))
