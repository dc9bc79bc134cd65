"""Similarity of question texts: leads to duplicates, for a person to decide on."""

import hashlib
import struct
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from question_bank.questions import Question
from question_bank.rich_text import text_of

DEFAULT_THRESHOLD = 0.75
BANDS = 20
ROWS = 5
_HASHES = struct.Struct(f">{BANDS * ROWS}I")
_ROW = struct.Struct(f">{ROWS}I")


@dataclass(frozen=True)
class Duplicate:
    """Two questions that read alike: their codes, first < second in the order given, and the similarity 0.0..1.0."""

    first: str
    second: str
    similarity: float


def normalised(text: str) -> str:
    """Return *text* without case, width, spaces, punctuation and signs, so that only letters and digits compare."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded))  # exactly the categories L and N


def shingles(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of the normalised *text*; of a single character, that character."""
    plain = normalised(text)
    return frozenset(plain[place : place + 2] for place in range(max(1, len(plain) - 1))) if plain else frozenset()


def similarity(first: str, second: str) -> float:
    """Return how alike two texts are, 0.0..1.0: shared pairs of characters over all pairs (Jaccard index).

    Two texts without any letter or digit are compared as they stand.
    """
    return jaccard(shingles(first), shingles(second)) if normalised(first + second) else float(first == second)


def minhash(text: str) -> tuple[int, ...]:
    """Return the MinHash signature of *text*: the least value of each of BANDS * ROWS hash functions on a shingle.

    Two texts agree in about as large a share of the values as their similarity. The functions are the 32-bit words of
    SHAKE-256 of a shingle, so a signature is the same on every machine and for ever. () for a text without shingles.
    Source: Broder, "On the resemblance and containment of documents", SEQUENCES 1997.
    """
    found = shingles(text)
    return tuple(map(min, *map(_hashes, found), _NEVER_LEAST)) if found else ()


def bands(text: str) -> tuple[int, ...]:
    """Return BANDS whole numbers of 64 bits with sign, to find texts that read alike through an index.

    Texts of similarity s share at least one with probability 1 - (1 - s**ROWS)**BANDS: 99.5 % at 0.75, 99.96 % at
    0.80, over 99.99 % at 0.85; unrelated texts of one field (0.1) with 0.02 %, half alike ones (0.5) with 47 %.
    What is found this way is only a candidate: `similarity` decides. () for a text without letters and digits.
    Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3.4.
    """
    signature = minhash(text)
    rows = (signature[start : start + ROWS] for start in range(0, len(signature), ROWS))
    return tuple(_value(number, row) for number, row in enumerate(rows))


@lru_cache(maxsize=1 << 12)
def _hashes(shingle: str) -> tuple[int, ...]:
    return _HASHES.unpack(hashlib.shake_256(shingle.encode()).digest(_HASHES.size))


_NEVER_LEAST = (1 << 32,) * (BANDS * ROWS)  # min of one argument would want it to be a sequence


def _value(band: int, row: Sequence[int]) -> int:
    """Return one number for a band and its rows, so that an index needs no column for the band."""
    digest = hashlib.sha256(bytes([band]) + _ROW.pack(*row)).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def find_duplicates(
    questions: Iterable[Question], threshold: float = DEFAULT_THRESHOLD, *, with_options: bool = False
) -> tuple[Duplicate, ...]:
    """Return all pairs of questions whose stems are at least *threshold* (0 < t <= 1) alike, most alike first.

    with_options: compare stem and options together, for banks whose stems all read "下列说法正确的是".
    Every such pair is found: prefix filtering only skips pairs that cannot reach the threshold.
    Source: Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins", ICDE 2006.
    """
    if not 0 < threshold <= 1:
        raise ValueError("threshold must lie above 0 and not above 1")
    listed = list(questions)
    sets = [_question_shingles(question, with_options) for question in listed]
    found = [
        Duplicate(listed[first].code, listed[second].code, alike)
        for first, second in _candidate_pairs(sets, threshold)
        if (alike := jaccard(sets[first], sets[second])) >= threshold
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.similarity, pair.first, pair.second)))


def _question_shingles(question: Question, with_options: bool) -> frozenset[str]:
    own = shingles(question.plain_stem)
    if with_options and not question.rules.fixed_options:
        own = own.union(*(shingles(text_of(option.text, question.markup)) for option in question.options))
    return own


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the shared part of two sets of shingles over all of both, 0.0..1.0; 0.0 for two empty ones."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared) if first or second else 0.0


def _candidate_pairs(sets: Sequence[frozenset[str]], threshold: float) -> set[tuple[int, int]]:
    """Return the pairs that share one of their rarest shingles; pairs that do not cannot reach *threshold*.

    Two sets with Jaccard index >= t share at least ceil(t * size) shingles of each, so some shared one is among the
    size - ceil(t * size) + 1 that come first in any order common to all; the rarest first gives the fewest pairs.
    """
    frequency = Counter(shingle for own in sets for shingle in own)
    holders: dict[str, list[int]] = {}
    pairs: set[tuple[int, int]] = set()
    for place, own in enumerate(sets):
        ranked = sorted(own, key=lambda shingle: (frequency[shingle], shingle))
        # A hair less than the threshold, so that rounding never skips a pair that lies exactly on it.
        for shingle in ranked[: len(ranked) - ceil(threshold * len(ranked) - 1e-9) + 1]:
            others = holders.setdefault(shingle, [])
            pairs.update((other, place) for other in others)
            others.append(place)
    return pairs
