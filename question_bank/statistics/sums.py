"""Sums over answers to one question that add up across sittings, so that no sitting is ever read twice.

Shares are whole millionths: whole numbers add up to the same sum in any order and through JSON, and people who all
did equally well have a variance of exactly zero. A share of points is never finer than that matters.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

from question_bank.errors import StatisticsError
from question_bank.statistics.seconds import NO_SECONDS, SecondsSum, whole_numbers

WHOLE = 1_000_000
"""A share of 1 in millionths."""


def millionths(points: Decimal, worth: Decimal) -> int:
    """Return *points* (0..worth) as a share of *worth* (> 0), in millionths."""
    return round(points * WHOLE / worth)


@dataclass(frozen=True)
class PairSums:
    """Mark and rest of the people who answered other questions too, each against the means of their own sitting.

    freedom: degrees of freedom: of each sitting, the people less one; a single person adds nothing, as there is nobody
    to compare with. mark_squares, rest_squares: sums of the squared deviations from the means of the sitting, in
    squared millionths. products: the sum of deviation of the mark times deviation of the rest.
    """

    freedom: int = 0
    mark_squares: int = 0
    rest_squares: int = 0
    products: int = 0

    def __add__(self, other: "PairSums") -> "PairSums":
        """Return the sums over both."""
        return PairSums(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __sub__(self, other: "PairSums") -> "PairSums":
        """Return the sums without *other*, which they must hold."""
        return PairSums(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int]]) -> "PairSums":
        """Return the sums of one sitting.

        pairs: mark and rest of each person, in millionths. A sum of squared deviations is n times the sum of squares
        less the square of the sum, over n: worked in whole numbers and rounded once, so it is exactly 0 where all are
        equal, and the same whatever is added to everybody.
        """
        if len(pairs) < 2:
            return cls()
        marks, rests = [mark for mark, _rest in pairs], [rest for _mark, rest in pairs]
        return cls(len(pairs) - 1, _codeviation(marks, marks), _codeviation(rests, rests), _codeviation(marks, rests))

    def correlation(self) -> float | None:
        """Return the correlation of mark and rest within sittings, -1.0..1.0; None if all marks or rests are equal.

        With x the mark and y the rest of a person, and the means of the person's own sitting s taken off:

            r = sum_s sum_i (x - mean_s x) (y - mean_s y)
                / sqrt(sum_s sum_i (x - mean_s x)^2 * sum_s sum_i (y - mean_s y)^2)

        The rest comes from another blueprint, bank and class in each sitting. A harder paper or a stronger class moves
        the means of a sitting, and correlating everybody at once would take that for discrimination, or hide it.
        Within a sitting it drops out, and the sums of the sittings add up.

        Source: J. M. Bland, D. G. Altman, "Calculating correlation coefficients with repeated observations: Part 1,
        correlation within subjects", BMJ 310 (1995) 446 (with sittings in the place of subjects): the root of the sum
        of squares that the other variable takes, over that and the residual, in an analysis of covariance with the
        subject as a factor, with the sign of the slope; written out, that is the formula above.
        """
        if not self.mark_squares or not self.rest_squares:
            return None
        return max(-1.0, min(1.0, self.products / (sqrt(self.mark_squares) * sqrt(self.rest_squares))))


def _codeviation(first: Sequence[int], second: Sequence[int]) -> int:
    """Return the sum of products of the deviations of two series, of equal length from 1, from their means."""
    together = sum(one * other for one, other in zip(first, second, strict=True))
    return round(Fraction(len(first) * together - sum(first) * sum(second), len(first)))


@dataclass(frozen=True)
class ItemSums:
    """What the answers to one question version add up to.

    papers: how many held the question, also those that were handed in blank. n: how many of them count, as something
    was answered on them. marks, mark_squares: sums of the mark as a share, in millionths. pairs: mark and rest within
    sittings. counts: what a response counts for, as `answered.taken_by` names it -> how many took it; who takes two
    options counts for both. best, best_counts: the same among the best candidates of their sitting.
    """

    papers: int = 0
    n: int = 0
    marks: int = 0
    mark_squares: int = 0
    pairs: PairSums = PairSums()
    counts: Mapping[str, int] = field(default_factory=dict)
    best: int = 0
    best_counts: Mapping[str, int] = field(default_factory=dict)
    seconds: SecondsSum = NO_SECONDS

    def __add__(self, other: "ItemSums") -> "ItemSums":
        """Return the sums over both; sums of no answers are the neutral element."""
        return ItemSums(
            papers=self.papers + other.papers,
            n=self.n + other.n,
            marks=self.marks + other.marks,
            mark_squares=self.mark_squares + other.mark_squares,
            pairs=self.pairs + other.pairs,
            counts=_added(self.counts, other.counts),
            best=self.best + other.best,
            best_counts=_added(self.best_counts, other.best_counts),
            seconds=self.seconds + other.seconds,
        )

    def __sub__(self, other: "ItemSums") -> "ItemSums":
        """Return the sums without *other*, which they must hold: what is left is exactly what was there before."""
        return ItemSums(
            papers=self.papers - other.papers,
            n=self.n - other.n,
            marks=self.marks - other.marks,
            mark_squares=self.mark_squares - other.mark_squares,
            pairs=self.pairs - other.pairs,
            counts=_without(self.counts, other.counts),
            best=self.best - other.best,
            best_counts=_without(self.best_counts, other.best_counts),
            seconds=self.seconds - other.seconds,
        )

    def to_payload(self) -> dict[str, Any]:
        """Return the sums as JSON values, short, as there is one for every question of every sitting.

        What is 0 or empty is left out; from_payload gives equal sums back. within: the fields of the pairs in order.
        """
        values = {
            **{name: value for name, value in vars(self).items() if name != "pairs"},
            "within": list(vars(self.pairs).values()) if self.pairs.freedom else [],
            "counts": dict(sorted(self.counts.items())),
            "best_counts": dict(sorted(self.best_counts.items())),
            "seconds": self.seconds.to_payload() if self.seconds.n else {},
        }
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "ItemSums":
        """Return the stored sums; raises StatisticsError("damaged_sums").

        A payload may hold "pairs", raw sums of mark and rest without the sittings that they come from. Nothing within
        a sitting follows from them, so they count as no pairs, here and in what is taken away later.
        """
        try:
            values = {"pairs": [], "within": [], "seconds": {}, **payload}
            whole_numbers(values.pop("pairs"))
            pairs = _pairs(values.pop("within"))
            seconds = SecondsSum.from_payload(values.pop("seconds"))
            sums = cls(**values, pairs=pairs, seconds=seconds)
            whole_numbers([sums.papers, sums.n, sums.marks, sums.mark_squares, sums.best])
            whole_numbers([*sums.counts.values(), *sums.best_counts.values()])
        except (TypeError, AttributeError) as error:
            raise StatisticsError("damaged_sums", reason=str(error)) from error
        return sums


def _pairs(stored: Sequence[object]) -> PairSums:
    """Return the stored pairs; products alone may be below 0. Raises StatisticsError("damaged_sums")."""
    if not len(stored):  # None has no length: it is damage, not an empty list
        return PairSums()
    *sums, products = stored
    if len(sums) != 3 or type(products) is not int:
        raise StatisticsError("damaged_sums", values=repr(stored)[:80])
    freedom, mark_squares, rest_squares = whole_numbers(sums)
    return PairSums(freedom, mark_squares, rest_squares, products)


def _added(mine: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(mine) + Counter(theirs))


def _without(mine: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(mine) - Counter(theirs))
