"""Writing Moodle XML."""

import html
from collections.abc import Iterable, Iterator
from fractions import Fraction

from question_bank.errors import FileRefusedError
from question_bank.formats.extras import category_of, tags_of
from question_bank.formats.limits import readable, refuse_many
from question_bank.questions import Question

_TYPES = {"true_false": "truefalse", "single_choice": "multichoice", "multiple_choice": "multichoice"}


def written(questions: Iterable[Question], with_fields: bool = True) -> bytes:
    """Return *questions* as Moodle XML in UTF-8; with_fields: with codes, tags and the fields that Moodle lacks.

    Raises FileRefusedError: "too_many_rows", "not_carried".
    """
    listed = list(questions)
    refuse_many(len(listed))
    return readable("\n".join(_lines(listed, with_fields)).encode())


def _lines(questions: list[Question], with_fields: bool) -> Iterator[str]:
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
        yield from (f"    {line}" for line in _parts(question, with_fields))
        yield "  </question>"
    yield "</quiz>\n"


def _parts(question: Question, with_fields: bool) -> Iterator[str]:
    yield f"<name>{_text(question.code)}</name>"
    yield f'<questiontext format="plain_text">{_text(question.stem)}</questiontext>'
    yield f'<generalfeedback format="plain_text">{_text(question.explanation)}</generalfeedback>'
    yield "<defaultgrade>1</defaultgrade>"
    yield "<penalty>0</penalty>"
    yield "<hidden>0</hidden>"
    if with_fields:
        yield f"<idnumber>{_escaped(question.code)}</idnumber>"
    yield from _answers(question)
    if with_fields:
        tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in tags_of(question))
        yield f"<tags>{tags}</tags>"


def _answers(question: Question) -> Iterator[str]:
    if question.kind == "true_false":
        pairs = zip(question.options, ("true", "false"), strict=True)
        yield from (_answer(word, 100 * (option.key in question.key), "moodle_auto_format") for option, word in pairs)
        return
    yield f"<single>{'true' if question.kind == 'single_choice' else 'false'}</single>"
    yield "<shuffleanswers>true</shuffleanswers>"
    yield "<answernumbering>ABCD</answernumbering>"
    share = round(float(Fraction(100, len(question.key))), 5)
    for option in question.options:
        yield _answer(option.text, share if option.key in question.key else 0, "plain_text")


def _answer(text: str, fraction: float, markup: str) -> str:
    return f'<answer fraction="{fraction:.7g}" format="{markup}">{_text(text)}</answer>'


def _text(text: str) -> str:
    return f"<text>{_escaped(text)}</text>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
