"""Wording: what a question asks, however it is written.

`fingerprint` says whether two questions are the same question, sign for sign, and never changes. A wording says whether
somebody who has practised one of them knows the other: another blank, comma, width, case, numbering or order of options
makes no difference, nor do the key, the kind, and what is accepted where the answer is typed. What changes the meaning
does: letters, digits, decimal points, ranges, ratios, minus and other signs of mathematics, pictures. Databases keep
the digests: who changes how they are made writes all of them anew in a migration.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from question_bank.canonical import digest_of
from question_bank.options import LETTERS
from question_bank.rich_text import HTML, pictures_in, words_of

if TYPE_CHECKING:
    from question_bank.questions import Part, Question

_QUESTION, _PART = "question", "part"
_KEPT_PUNCTUATION = frozenset("%‰‱′")
_MEANINGLESS_SIGNS = frozenset("|~¦□")
_DASHES = frozenset("-—―~〜")
_NUMERALS = "一二三四五六七八九十百千万零〇两甲乙丙丁戊"
# What NFKC would make a bare digit of, or leave apart: 10³ is not 103, ①② reads like (1)(2), ○ is written for 〇.
_SPELLED = str.maketrans(
    {
        **{sign: f"^{value}" for value, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
        **{chr(0x2460 + value): f"({value + 1})" for value in range(20)},
        **{chr(first + value): f"({value + 1})" for first in (0x2776, 0x2780, 0x278A) for value in range(10)},
        **dict.fromkeys("−⁻₋‐‑‒–", "-"),
        **dict.fromkeys("○◯", "〇"),
    }
)
_THOUSANDS = re.compile(r"(?<![\d,.])(?:\d{1,2}(?:,\d{3})+|\d{3}(?:,000)+)(?![\d,])")
# Signs between two digits, a minus, a slash, a range of grades (一～三级 is not 一、三级, nor A—C A、C): what else is
# no letter and no sign of mathematics says nothing.
_MEANINGFUL = re.compile(
    r"((?<=\d)(?:\W|_)+(?=\d)|-(?=\d)|(?<=[^\W_])/(?=[^\W_])|(?<=[^\W_])\s*[~〜]\s*(?=[^\W_])"
    rf"|(?:(?<=[{_NUMERALS}])|(?<=^[a-z])|(?<=[^a-z][a-z]))\s*[-—]\s*(?=[{_NUMERALS}]|[a-z](?![a-z])))"
)
_STEM_NUMBER = re.compile(
    r"\s*+(?:\(\s*\d{1,3}\s*\)|\d{1,3}\s*[.、)]|第\s*\d{1,3}\s*题)\s*+[.、:]?+\s*+(?=\S)(?![\d(.、:)和与及或至到号级类项款条])"
)
_OPTION_NUMBERS = (
    re.compile(r"\s*+\(?\s*([a-z])(?:\s*+[.、:)]|\s)\s*+(?=\S)(?![.、:)]|[a-z](?:\W|$))"),
    re.compile(r"\s*+\(\s*(\d{1,2})\s*\)\s*+[.、:]?+\s*+(?=\S)(?![\d(])"),
    re.compile(r"\s*+(\d{1,2})\s*+[.、)]\s*+(?=\S)(?![\d(])"),
)


@dataclass(frozen=True)
class Wording:
    """One thing that is asked. part: number of the part of a case study, 0 for a question without parts; digest: 64
    hexadecimal digits."""

    part: int
    digest: str


@dataclass(frozen=True)
class Wordings:
    """What a question is known by, and what it looks for: two questions ask the same if one of them is known by a
    digest that the other looks for. That holds both ways or neither but in one case: where the text of a case and its
    part, put together, read as a part of another case does alone, the first finds the second and not the reverse.

    own: at least one for each thing that is asked.
    """

    own: tuple[Wording, ...]
    same: tuple[Wording, ...]


def wordings(question: "Question") -> Wordings:
    """Return what *question* is known by and what it looks for.

    The same is asked by two questions without parts of the same wording; by such a question and a part of a case
    study, with the text of the case or without it; and by parts of two case studies if the texts of the cases read the
    same too, for "本次事故属于（ ）" asks of every case something else.
    """
    if not question.parts:
        said = _said(question, question.markup)
        own = Wording(0, _digest(_QUESTION, *said))
        return Wordings((own,), (own, Wording(0, _digest(_PART, *said))))
    known: list[Wording] = []
    same: list[Wording] = []
    case = _stem(question.stem, question.markup)
    for number, part in enumerate(question.parts, start=1):
        stem, offered = _said(part, question.markup)
        whole = Wording(number, _digest(_PART, case + stem, offered))
        known += [Wording(number, _digest(_PART, stem, offered)), whole]
        alone = (_digest(_QUESTION, stem, offered), _digest(_QUESTION, case + stem, offered))
        same += [whole, *(Wording(number, digest) for digest in alone)]
    return Wordings(tuple(known), tuple(same))


def _digest(role: str, stem: str, offered: Sequence[str]) -> str:
    return digest_of([role, stem, *offered])


def _said(said: "Question | Part", markup: str) -> tuple[str, list[str]]:
    """Return the stem and the options that are offered, sorted, each once; none where the answer is typed."""
    texts = [option.text for option in said.options] if said.rules.offers_options else []
    shown = [_folded(words_of(text, markup)) for text in texts]
    plain = (_unsigned(one) or one for one in _unnumbered(shown))
    return _stem(said.stem, markup), sorted(
        {one + _pictures(text, markup) for one, text in zip(plain, texts, strict=True)}
    )


def _stem(stem: str, markup: str) -> str:
    folded = _folded(words_of(stem, markup))
    number = _STEM_NUMBER.match(folded)
    return (_unsigned(folded[number.end() :] if number else folded) or folded) + _pictures(stem, markup)


def _pictures(source: str, markup: str) -> str:
    return "".join(f" {digest}" for digest in sorted(pictures_in(source))) if markup == HTML else ""


def _unnumbered(options: list[str]) -> list[str]:
    """Return folded *options* without "A.", "(1)" and the like, if every one of them has its own, from the first on."""
    count = len(options)
    firsts = (set(LETTERS[:count].lower()), {str(number) for number in range(1, count + 1)})
    for pattern in (one for one in _OPTION_NUMBERS if options and one.match(options[0])):
        found = [one for one in map(pattern.match, options) if one]
        rests = [one.string[one.end() :] for one in found]
        if len(set(rests)) == count and {one[1] for one in found} in firsts:
            return rests
    return options


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(_SPELLED)).casefold().replace("⁄", "/")
    return _THOUSANDS.sub(lambda number: number[0].replace(",", ""), folded) if "," in folded else folded


def _unsigned(folded: str) -> str:
    pieces = _MEANINGFUL.split(folded)
    pieces[::2] = (piece.translate(_KEPT) for piece in pieces[::2])
    pieces[1::2] = (_between(signs) for signs in pieces[1::2])
    return "".join(pieces)


def _between(signs: str) -> str:
    """Return what *signs*, between digits or before one, mean: one sign for every way to write a list or a range."""
    kept = signs.translate(_KEPT)
    rest = "".join(sign for sign in signs if not sign.isspace() and sign not in kept)
    raised, ranged = "^" * ("^" in rest), "-" * bool(_DASHES.intersection(rest))
    return kept + (raised + ranged or (rest if len(rest) < 2 and rest in ".:/" else ","))


class _Kept(dict[int, int | None]):
    """Table for str.translate that takes away what changes no meaning."""

    def __missing__(self, point: int) -> int | None:
        sign = chr(point)
        category = unicodedata.category(sign)
        means = category[0] in "LNM" or sign in _KEPT_PUNCTUATION or category in ("Sm", "So", "Sc")
        self[point] = point if means and sign not in _MEANINGLESS_SIGNS else None
        return self[point]


_KEPT = _Kept()
