"""How far drawn papers may stray from what they should be, before a test calls the draw biased."""

from collections.abc import Hashable, Mapping
from fractions import Fraction

NORMAL_QUANTILE = 3.719
"""Of the standard normal distribution at 0.9999: a fair draw fails with one of 10,000 seeds."""


def chi_square(
    observed: Mapping[Hashable, int], expected: Mapping[Hashable, float | Fraction], of_how_many: int = 1
) -> float:
    """Return Pearson's statistic of *observed* counts against *expected* ones, which have the same categories.

    of_how_many: questions drawn together without putting back, where the categories are questions. Each is drawn
    at most once then, so that the counts vary less: the statistic is raised by (n - 1) / (n - k) to what independent
    draws would give.
    """
    assert set(observed) <= set(expected), "something was drawn that cannot be"
    statistic = sum((observed.get(each, 0) - float(mean)) ** 2 / float(mean) for each, mean in expected.items())
    return statistic * (len(expected) - 1) / (len(expected) - of_how_many)


def bound(categories: int) -> float:
    """Return what chi-square stays under with probability 0.9999 (Wilson and Hilferty 1931)."""
    degrees = categories - 1
    return float(degrees * (1 - 2 / (9 * degrees) + NORMAL_QUANTILE * (2 / (9 * degrees)) ** 0.5) ** 3)


def is_fair(
    observed: Mapping[Hashable, int], expected: Mapping[Hashable, float | Fraction], of_how_many: int = 1
) -> bool:
    """Say whether *observed* is no farther from *expected* than chance takes it."""
    return chi_square(observed, expected, of_how_many) < bound(len(expected))


def equally(categories: list[Hashable], draws: int) -> dict[Hashable, float]:
    """Return the expected counts if each of *categories* is equally likely."""
    return dict.fromkeys(categories, draws / len(categories))
