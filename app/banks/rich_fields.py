"""Rich text in the form of a question: what may stand in it, and changing from plain text and back."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from wtforms import Field

from app.banks.forms import QuestionForm
from app.core.errors import ServiceError
from app.core.forms import Form
from question_bank.kinds import KINDS
from question_bank.options import LETTERS
from question_bank.rich_text import HTML, PLAIN, sanitised, text_of


def sanitise(form: QuestionForm) -> bool:
    """Bring rich texts to what a question may hold; say whether nothing was lost.

    Tags around nothing are no text. Where something had to go, the field shows what is left and says so: nobody saves
    what they have not seen.
    """
    if form.markup.data != HTML:
        return True
    kept = True
    for each in (form, *form.parts):
        for field in _fields(each):
            clean = sanitised(field.data or "")
            if _elements(field.data or "") - _elements(clean):
                each.refuse(ServiceError("question_markup_removed", field=field.short_name))
                kept = False
            field.data = clean if text_of(clean, HTML) else ""
    return kept


def to_html(text: str) -> str:
    """Return plain *text* as rich text that looks the same."""
    return sanitised(html.escape(text, quote=False).replace("\n", "<br>\n"))


def to_plain(text: str) -> str:
    """Return what rich *text* says without its form."""
    return text_of(sanitised(text), HTML)


def changed_markup(data: dict[str, Any], kind: str, markup: str) -> dict[str, Any]:
    """Return *data* of a form (see QuestionForm) with all its rich texts turned into *markup*."""
    if data["markup"] == markup:
        return data
    turn = to_plain if markup == PLAIN else to_html
    parts = [_turned(part, part["shown"], turn) for part in data["parts"]]
    return {**_turned(data, kind, turn), "parts": parts, "markup": markup}


def rich_names(kind: str) -> list[str]:
    """Return the names of the fields of a question or part of *kind* that hold rich text."""
    options = [f"option_{letter}" for letter in LETTERS] if kind in KINDS and KINDS[kind].offers_options else []
    return ["stem", *options, *(f"feedback_{letter}" for letter in LETTERS), "explanation"]


def _turned(data: dict[str, Any], kind: str, turn: Any) -> dict[str, Any]:
    return {**data, **{name: turn(data[name]) for name in rich_names(kind) if data.get(name)}}


def _fields(form: Form) -> Iterator[Field]:
    for name in rich_names(form.answer_kind):
        if name in form:
            yield form[name]


class _Elements(HTMLParser):
    """Counts elements with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, tuple[tuple[str, str | None], ...]]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag, tuple(sorted(attrs))] += 1


def _elements(source: str) -> Counter[tuple[str, tuple[tuple[str, str | None], ...]]]:
    reader = _Elements()
    reader.feed(source)
    reader.close()
    return reader.found
