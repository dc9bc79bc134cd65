"""Partial-credit rules: what share of a multiple-choice question a set of chosen options earns.

Each rule takes three sets of option letters (the key, everything offered, what was chosen) and returns an exact
share from 0 to 1. Under every rule the key earns 1, nothing chosen earns 0, and choosing everything that is offered
earns 0 unless everything is right.
"""

from collections.abc import Callable, Mapping, Set
from fractions import Fraction

Rule = Callable[[Set[str], Set[str], Set[str]], Fraction]


def proportional(key: Set[str], offered: Set[str], chosen: Set[str]) -> Fraction:
    """Return 0 if any wrong option is chosen, otherwise the share of right options that were chosen.

    Source: the customary rule of Chinese examinations (错选不得分, 少选按比例得分).
    """
    return Fraction(0) if chosen - key else Fraction(len(chosen & key), len(key))


def all_or_nothing(key: Set[str], offered: Set[str], chosen: Set[str]) -> Fraction:
    """Return 1 if exactly the key is chosen, otherwise 0 (多选、少选、错选均不得分)."""
    return Fraction(int(chosen == key))


def plus_minus(key: Set[str], offered: Set[str], chosen: Set[str]) -> Fraction:
    """Return the share of right options chosen minus the share of wrong options chosen, never below 0.

    A wrong option costs 1 / (number of wrong options), not 1 / (number of right ones): only then does choosing
    everything come to 1 - 1 = 0 whatever the key is.
    """
    wrong = offered - key
    cost = Fraction(len(chosen & wrong), len(wrong)) if wrong else Fraction(0)
    return max(Fraction(0), Fraction(len(chosen & key), len(key)) - cost)


RULES: Mapping[str, Rule] = {
    "proportional": proportional,
    "all_or_nothing": all_or_nothing,
    "plus_minus": plus_minus,
}
