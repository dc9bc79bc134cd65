"""Fingerprint: what makes two questions the same question, whoever brings them."""

import unicodedata
from typing import TYPE_CHECKING

from question_bank.canonical import digest_of
from question_bank.rich_text import text_of

if TYPE_CHECKING:
    from question_bank.questions import Part, Question


def fingerprint(question: "Question") -> str:
    """Return 64 hexadecimal digits that two questions share if they are the same question.

    The same are two questions of one kind whose stem and answers (options, accepted wordings and values, or the parts
    of a case study) read the same without case, width, blanks and full stop, and that show the same pictures. Other
    signs stay, for 3.5 m is not 35 m. The key is left out: the same question with another key is a contradiction, not
    a second question. Kept in databases: it must never change for questions that are there.
    """
    said = _said(question, question.markup)
    parts = sorted(_said(part, question.markup) for part in question.parts)
    return digest_of([*said, parts, sorted(question.pictures)])


def _said(said: "Question | Part", markup: str) -> list[object]:
    answers = (text_of(option.text, markup if said.rules.offers_options else "plain") for option in said.options)
    return [said.kind, _plain(text_of(said.stem, markup)), sorted({_plain(text) for text in answers})]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).rstrip("。.") or text
