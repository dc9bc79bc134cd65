"""Partial-credit rules: what share of a multiple-choice question a set of chosen options earns.

Each rule takes the worth of every offered option and the letters chosen, and returns an exact share from 0 to 1.
Under every rule the key earns 1, nothing chosen earns 0, and choosing everything that is offered earns 0 unless
everything is right.

worth: letter -> its part of the question: above 0 for a right option (all of them add up to 1), below 0 for the
penalty of a wrong one, 0 for a wrong one of which nothing is said.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from fractions import Fraction

from question_bank.options import Option, weighted

Worth = Mapping[str, Fraction]
Rule = Callable[[Worth, Set[str]], Fraction]


def worth_of(options: Sequence[Option], key: Sequence[str]) -> dict[str, Fraction]:
    """Return the worth of *options*: by their weights if they state them, else the same for every letter of *key*."""
    if not weighted(options):
        return {option.key: Fraction(option.key in key, len(key) or 1) for option in options}
    whole = sum((option.worth for option in options if option.key in key), Fraction(0)) or Fraction(1)
    return {
        option.key: option.worth / whole if option.key in key else min(option.worth, Fraction(0)) for option in options
    }


def proportional(worth: Worth, chosen: Set[str]) -> Fraction:
    """Return 0 if any wrong option is chosen, otherwise the share of the right options that were chosen.

    Source: the customary rule of Chinese examinations (错选不得分, 少选按比例得分).
    """
    parts = [worth[letter] for letter in chosen]
    return Fraction(0) if any(part <= 0 for part in parts) else sum(parts, Fraction(0))


def all_or_nothing(worth: Worth, chosen: Set[str]) -> Fraction:
    """Return 1 if exactly the key is chosen, otherwise 0 (多选、少选、错选均不得分)."""
    return Fraction(int(chosen == {letter for letter, part in worth.items() if part > 0}))


def plus_minus(worth: Worth, chosen: Set[str]) -> Fraction:
    """Return the share of right options chosen minus what the wrong ones chosen cost, never below 0.

    A wrong option costs at least 1 / (number of wrong options), not 1 / (number of right ones): only then does choosing
    everything come to 1 - 1 = 0 whatever the key is. A question may state higher costs of its own.
    """
    wrong = [letter for letter, part in worth.items() if part <= 0]
    gained = sum((worth[letter] for letter in chosen if worth[letter] > 0), Fraction(0))
    cost = sum((max(-worth[letter], Fraction(1, len(wrong))) for letter in wrong if letter in chosen), Fraction(0))
    return max(Fraction(0), gained - cost)


RULES: Mapping[str, Rule] = {
    "proportional": proportional,
    "all_or_nothing": all_or_nothing,
    "plus_minus": plus_minus,
}
