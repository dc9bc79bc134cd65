"""Questions that are there already, and questions that read alike.

The same question twice is refused, whoever brings it: two of them could stand in one paper. Questions that only read
alike are leads for a person, for "不得少于3人" and "不得少于5人" may be two sound questions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from question_bank.questions import Question
from question_bank.similarity import DEFAULT_THRESHOLD, find_duplicates, similarity

Fingerprint = tuple[str, str, frozenset[str]]


@dataclass(frozen=True)
class Alike:
    """A question that reads like another. percent: 0..100 of shared pairs of characters of the stems."""

    code: str
    other: str
    other_stem: str
    percent: int


def fingerprint(question: Question) -> Fingerprint:
    """Return what makes two questions the same: kind, stem and options without case, width, blanks and full stop.

    Other signs stay, for 3.5 m is not 35 m. The key is left out: the same question with another key is a
    contradiction, not a second question.
    """
    options = frozenset(_plain(option.text) for option in question.options)
    return question.kind, _plain(question.stem), options


def same_as(question: Question, others: Iterable[Question]) -> Question | None:
    """Return the first of *others* that is the same question, None if there is none."""
    own = fingerprint(question)
    return next((other for other in others if fingerprint(other) == own), None)


def alike(question: Question, others: Iterable[Question]) -> list[Alike]:
    """Return those of *others* whose stems read like that of *question*, most alike first."""
    found = [(similarity(question.stem, other.stem), other) for other in others]
    close = [pair for pair in found if pair[0] >= DEFAULT_THRESHOLD]
    close.sort(key=lambda pair: (-pair[0], pair[1].code))
    return [Alike(question.code, other.code, other.stem, int(share * 100)) for share, other in close]


def alike_among(new: Sequence[Question], known: Sequence[Question]) -> list[Alike]:
    """Return the pairs in which at least one question is new, most alike first."""
    new_codes = {question.code for question in new}
    stems = {question.code: question.stem for question in (*known, *new)}
    return [
        Alike(pair.second, pair.first, stems[pair.first], int(pair.similarity * 100))
        for pair in find_duplicates([*known, *new])
        if pair.second in new_codes
    ]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).rstrip("。.") or text
