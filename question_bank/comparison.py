"""Comparison of two versions of a question: which fields differ, and where within their texts."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from question_bank.options import Option
from question_bank.questions import Part, Question
from question_bank.rich_text import PLAIN, text_of

FIELDS = (
    "kind",
    "stem",
    "options",
    "key",
    "parts",
    "unit",
    "is_case_sensitive",
    "explanation",
    "source_document",
    "source_article",
    "source_from",
    "source_to",
    "knowledge_point",
    "difficulty",
    "tags",
    "markup",
)
"""What of a question can change from version to version, in the order in which a reviewer reads it."""

_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_MOST_TOKENS = 500
_MOST_WORK = 10_000
_LEAST_ALIKE = 0.3


class Fate(StrEnum):
    """What became of a stretch of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A stretch of text and what became of it."""

    fate: Fate
    text: str


@dataclass(frozen=True)
class Row:
    """One field in two versions.

    field: of Question, or "text", "weight" and "feedback" of an option. part: number of the part of a case study, 0 for
    the question itself. letter: of the option, "" for other fields. before, after: what stands there, as text; a code
    where the field holds one (kind, difficulty, markup), "1" or "" for yes and no.
    """

    field: str
    before: str
    after: str
    part: int = 0
    letter: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Both texts as one sequence of stretches kept, removed and added."""
        return pieces(self.before, self.after)


def changed_fields(before: Question, after: Question) -> tuple[str, ...]:
    """Return the names in FIELDS whose values differ between two versions of a question."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def compare(before: Question, after: Question) -> tuple[Row, ...]:
    """Return every field that either version fills, changed or not; rich text is compared as it reads.

    Where only the markup of a text differs, its row says unchanged and changed_fields names the field.
    """
    rows = [*_answerable_rows(before, after, 0), *_part_rows(before, after), *_own_rows(before, after)]
    return tuple(row for row in rows if row.before or row.after)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return how *before* became *after*: kept and removed stretches give *before*, kept and added ones *after*.

    Texts too long or too unlike to be read word by word are given as one removed and one added stretch.
    """
    first, second = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _shared(first, second)
    tail = _shared(first[head:][::-1], second[head:][::-1])
    middles = first[head : len(first) - tail], second[head : len(second) - tail]
    opening, end = "".join(first[:head]), "".join(first[len(first) - tail :])
    return _joined([(Fate.KEPT, opening), *_matched(*middles), (Fate.KEPT, end)])


def _shared(first: list[str], second: list[str]) -> int:
    """Return how many tokens two texts begin with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(second)))


def _matched(first: list[str], second: list[str]) -> list[tuple[Fate, str]]:
    whole = [(Fate.REMOVED, "".join(first)), (Fate.ADDED, "".join(second))]
    if max(len(first), len(second)) > _MOST_TOKENS or _work(first, second) > _MOST_WORK:
        return whole
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.ratio() < _LEAST_ALIKE:
        return whole
    found: list[tuple[Fate, str]] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            found.append((Fate.KEPT, "".join(first[i1:i2])))
        else:
            found += [(Fate.REMOVED, "".join(first[i1:i2])), (Fate.ADDED, "".join(second[j1:j2]))]
    return found


def _work(first: list[str], second: list[str]) -> int:
    """Return how many pairs of equal tokens there are: what matching takes grows with it."""
    there = Counter(second)
    return sum(count * there[token] for token, count in Counter(first).items())


def _joined(found: list[tuple[Fate, str]]) -> tuple[Piece, ...]:
    return tuple(Piece(fate, text) for fate, text in found if text)


def _own_rows(before: Question, after: Question) -> Iterator[Row]:
    for name in ("source_document", "source_article", "source_from", "source_to", "knowledge_point"):
        yield Row(name, getattr(before, name), getattr(after, name))
    yield Row("difficulty", str(before.difficulty), str(after.difficulty))
    yield Row("tags", " ".join(before.tags), " ".join(after.tags))
    yield Row("markup", before.markup, after.markup)


def _part_rows(before: Question, after: Question) -> Iterator[Row]:
    for number in range(max(len(before.parts), len(after.parts))):
        first, second = (one.parts[number] if number < len(one.parts) else None for one in (before, after))
        yield from _answerable_rows(first, second, number + 1, before.markup, after.markup)


def _answerable_rows(
    before: Question | Part | None, after: Question | Part | None, part: int, *markups: str
) -> Iterator[Row]:
    """Yield what a question or a part is asked by: kind, stem, options, key, explanation."""
    one, two = markups or (getattr(before, "markup", PLAIN), getattr(after, "markup", PLAIN))

    def row(field: str, first: str, second: str) -> Row:
        return Row(field, first, second, part)

    yield row("kind", before.kind if before else "", after.kind if after else "")
    yield row("stem", _read(before, "stem", one), _read(after, "stem", two))
    yield from _option_rows(before, after, part, (one, two))
    yield row("key", _key(before), _key(after))
    yield row("unit", before.unit if before else "", after.unit if after else "")
    yield row("is_case_sensitive", _yes(before), _yes(after))
    yield row("explanation", _read(before, "explanation", one), _read(after, "explanation", two))


def _option_rows(
    before: Question | Part | None, after: Question | Part | None, part: int, markups: tuple[str, str]
) -> Iterator[Row]:
    first, second = _options(before), _options(after)
    for letter in sorted({*first, *second}):
        for name in ("text", "weight", "feedback"):
            left = _said(before, first.get(letter), name, markups[0])
            right = _said(after, second.get(letter), name, markups[1])
            yield Row(name, left, right, part, letter)


def _said(of: Question | Part | None, option: Option | None, name: str, markup: str) -> str:
    """Return the *name* of an option as it reads; what is accepted in writing, and weights, are plain text."""
    if of is None or option is None:
        return ""
    is_rich = name == "feedback" or (name == "text" and of.rules.offers_options)
    return text_of(getattr(option, name), markup if is_rich else PLAIN)


def _options(of: Question | Part | None) -> dict[str, Option]:
    return {} if of is None or of.rules.fixed_options else {option.key: option for option in of.options}


def _read(of: Question | Part | None, name: str, markup: str) -> str:
    return "" if of is None else text_of(getattr(of, name), markup)


def _key(of: Question | Part | None) -> str:
    return "" if of is None else "".join(of.key)


def _yes(of: Question | Part | None) -> str:
    return "1" if of is not None and of.is_case_sensitive else ""
