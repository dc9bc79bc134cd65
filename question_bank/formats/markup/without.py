"""Questions as formats take them that carry less: pictures by what they show, HTML as plain text."""

import html
import re
from collections.abc import Callable
from dataclasses import replace

from question_bank.errors import FileRefusedError, InvalidQuestionError
from question_bank.formats.markup.plain import in_place_of
from question_bank.kinds import KINDS
from question_bank.options import Option
from question_bank.questions import Part, Question
from question_bank.rich_text import HTML, PLAIN, text_of

_PICTURE = re.compile(r'<img\b(?:[^<>"]|"[^"]*")*>')
_ALT = re.compile(r'\balt="([^"]*)"')
Change = Callable[[str], str]


def without_pictures(question: Question) -> Question:
    """Return *question* with "[图：what it shows]" in the place of each picture.

    Raises FileRefusedError ("not_carried") if that is no question, because its options are pictures of nothing.
    """
    if not question.pictures:
        return question
    return _changed(question, lambda text: _PICTURE.sub(_described, text), question.markup, "pictures")


def as_plain(question: Question) -> Question:
    """Return *question* in plain text. Raises FileRefusedError ("not_carried") if that is no question."""
    return (
        _changed(question, lambda text: text_of(text, HTML), PLAIN, "markup") if question.markup == HTML else question
    )


def is_question(make: Callable[[Question], Question], question: Question) -> bool:
    """Say whether *make*, one of the above, leaves a question."""
    try:
        make(question)
    except FileRefusedError:
        return False
    return True


def _described(picture: re.Match[str]) -> str:
    alternative = _ALT.search(picture[0])
    return html.escape(in_place_of(html.unescape(alternative[1]) if alternative else ""), quote=False)


def _changed(question: Question, change: Change, markup: str, field: str) -> Question:
    try:
        return replace(
            question,
            stem=change(question.stem),
            explanation=change(question.explanation),
            options=_options(question, change),
            parts=tuple(
                replace(
                    part, stem=change(part.stem), explanation=change(part.explanation), options=_options(part, change)
                )
                for part in question.parts
            ),
            markup=markup,
        )
    except InvalidQuestionError as error:
        raise FileRefusedError("not_carried", question=question.code, field=field, value=question.kind) from error


def _options(said: Question | Part, change: Change) -> tuple[Option, ...]:
    kind = KINDS[said.kind]
    is_said = kind.offers_options and not kind.fixed_options
    return tuple(
        replace(one, text=change(one.text) if is_said else one.text, feedback=change(one.feedback))
        for one in said.options
    )
