"""The figures of one question version, and how they changed between versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

from question_bank.errors import StatisticsError
from question_bank.statistics.sitting import BEST_SHARE
from question_bank.statistics.sums import WHOLE, ItemSums

MINIMUM_ANSWERS = 30
"""Below so many answers chance speaks louder than the question: nothing is shown."""

NORMAL_99 = 2.575829
"""What a normal variable exceeds, either way, once in a hundred times."""


@dataclass(frozen=True)
class ItemStatistics:
    """n: answers. Everything else is None or empty under the minimum n, or where it has no meaning.

    facility: mean mark as a share of full marks, 0.0..1.0 (item difficulty, the p-value of classical test theory).
    discrimination: correlation of the mark with the same person's other questions within each sitting, -1.0..1.0
    (corrected item-total correlation, S. Henrysson, Psychometrika 28, 1963, 211-218; see PairSums.correlation).
    counts, best, best_counts: as in ItemSums; best is 0 below `fewest_best`. median_seconds: time spent.
    """

    n: int
    facility: float | None = None
    discrimination: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    best: int = 0
    best_counts: Mapping[str, int] = field(default_factory=dict)
    median_seconds: float | None = None


@dataclass(frozen=True)
class Drift:
    """How the facility changed from one version to the next.

    difference: newer minus older. standard_error: of the difference. is_significant: at 99 %, two-sided.
    older_n, newer_n: answers to each.
    """

    difference: float
    standard_error: float
    is_significant: bool
    older_n: int
    newer_n: int


def item_statistics(sums: ItemSums, minimum: int = MINIMUM_ANSWERS) -> ItemStatistics:
    """Return the figures that *sums* give.

    minimum: answers below which nothing but their number is given, at least 2; it holds for the times as well.
    Discrimination needs the degrees of freedom that *minimum* people in one sitting have, minimum - 1: each sitting
    spends one on its means, so 30 people in 3 sittings count as 28 in one, and who sat alone does not count.
    Raises StatisticsError("minimum_too_small").
    """
    _check(minimum)
    if sums.n < minimum:
        return ItemStatistics(sums.n)
    are_best_enough = sums.best >= fewest_best(minimum)
    return ItemStatistics(
        n=sums.n,
        facility=sums.marks / sums.n / WHOLE,
        discrimination=sums.pairs.correlation() if sums.pairs.freedom >= minimum - 1 else None,
        counts=dict(sums.counts),
        best=sums.best if are_best_enough else 0,
        best_counts=dict(sums.best_counts) if are_best_enough else {},
        median_seconds=sums.seconds.median() if sums.seconds.n >= minimum else None,
    )


def fewest_best(minimum: int) -> int:
    """Return below how many of the best nothing is said of them: 8 for a minimum of 30, of whom 27 % are the best."""
    return round(BEST_SHARE * minimum)


def drift(older: ItemSums, newer: ItemSums, minimum: int = MINIMUM_ANSWERS) -> Drift | None:
    """Return how the facility changed between two versions; None if either has fewer than *minimum* answers.

    Two means are compared, each with its own variance, by Student's distribution with as many degrees of freedom as
    the two variances leave (B. L. Welch, Biometrika 29, 1938, 350-362; F. E. Satterthwaite, Biometrics Bulletin 2,
    1946, 110-114): few people, or one version that all answer alike, leave few. The two groups are other people at
    other times, and people of one sitting learned together, which widens the true error: a significant drift is a
    question to a person, not a verdict on the edit.
    Raises StatisticsError("minimum_too_small").
    """
    _check(minimum)
    if older.n < minimum or newer.n < minimum:
        return None
    difference = newer.marks / newer.n / WHOLE - older.marks / older.n / WHOLE
    variances = _variance_of_mean(older), _variance_of_mean(newer)
    error = sqrt(sum(variances))
    limit = two_sided_99(_freedom(variances, (older.n, newer.n))) * error if error else 0.0
    return Drift(difference, error, abs(difference) > limit, older.n, newer.n)


def two_sided_99(freedom: float) -> float:
    """Return what Student's t with *freedom* degrees of freedom exceeds, either way, once in a hundred times.

    To four decimals from 12 degrees on. Source: the expansion in 1 / freedom of M. Abramowitz, I. A. Stegun, Handbook
    of Mathematical Functions, 1964, formula 26.7.5.
    """
    x = NORMAL_99
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _freedom(variances: tuple[float, float], people: tuple[int, int]) -> float:
    """Return the degrees of freedom of Welch and Satterthwaite; variances: of the two means, not both 0."""
    parts = (variance**2 / (n - 1) for variance, n in zip(variances, people, strict=True))
    return sum(variances) ** 2 / sum(parts)


def _variance_of_mean(sums: ItemSums) -> float:
    return (sums.n * sums.mark_squares - sums.marks**2) / (sums.n**2 * (sums.n - 1)) / WHOLE**2


def _check(minimum: int) -> None:
    if minimum < 2:
        raise StatisticsError("minimum_too_small", minimum=minimum)
