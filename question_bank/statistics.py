"""Item statistics that hold for drawn papers, where each person answered other questions.

A question is compared with the same person's *other* questions (the rest), as a share of what those were worth. A
total that includes the question correlates with it by construction, and totals of different papers do not compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from question_bank.errors import StatisticsError
from question_bank.marking import Result

MINIMUM_ANSWERS = 30


@dataclass(frozen=True)
class Answer:
    """One person's answer to one question: mark and rest, each a share 0.0..1.0 of what could be had.

    rest is None if the paper had no other question.
    """

    mark: float
    rest: float | None


@dataclass(frozen=True)
class ItemStatistics:
    """answers: how many. The figures are None under the minimum n, or where they have no meaning."""

    answers: int
    facility: float | None
    discrimination: float | None


def facility(marks: Sequence[float], maximum: float) -> float:
    """Return the mean mark as a share of *maximum*, from 0.0 (nobody) to 1.0 (everybody).

    marks: one per answer, each 0..maximum; at least one. maximum: > 0. Raises StatisticsError.
    Source: classical test theory, item difficulty (p-value).
    """
    if not marks:
        raise StatisticsError("no_answers")
    if maximum <= 0:
        raise StatisticsError("no_points", maximum=maximum)
    return sum(marks) / len(marks) / maximum


def discrimination(marks: Sequence[float], rests: Sequence[float]) -> float | None:
    """Return the correlation of item marks with rest scores, -1.0..1.0; None if all marks or all rests are equal.

    marks, rests: equally long, one pair a person. Raises StatisticsError ("unequal_length", "no_answers").
    Source: corrected item-total correlation, S. Henrysson, Psychometrika 28 (1963) 211-218.
    """
    if len(marks) != len(rests):
        raise StatisticsError("unequal_length", marks=len(marks), rests=len(rests))
    if not marks:
        raise StatisticsError("no_answers")
    mean_mark, mean_rest = sum(marks) / len(marks), sum(rests) / len(rests)
    together = sum((m - mean_mark) * (r - mean_rest) for m, r in zip(marks, rests, strict=True))
    spread = sqrt(sum((m - mean_mark) ** 2 for m in marks) * sum((r - mean_rest) ** 2 for r in rests))
    # Equal values can leave a trace of rounding in the mean; a share is never finer than a millionth.
    return max(-1.0, min(1.0, together / spread)) if spread > 1e-12 else None


def answers_of(result: Result) -> dict[int, Answer]:
    """Return one person's answers by position of the paper."""
    answers = {}
    for slot in result.marks:
        others = result.maximum - slot.mark.maximum
        rest = float((result.score - slot.mark.points) / others) if others else None
        answers[slot.position] = Answer(float(slot.mark.points / slot.mark.maximum), rest)
    return answers


def item_statistics(answers: Sequence[Answer], minimum: int = MINIMUM_ANSWERS) -> ItemStatistics:
    """Return the statistics of one question version from everybody's answers to it.

    minimum: answers below which nothing but their number is given, at least 2. Raises StatisticsError.
    """
    if minimum < 2:
        raise StatisticsError("minimum_too_small", minimum=minimum)
    if len(answers) < minimum:
        return ItemStatistics(len(answers), None, None)
    paired = [(answer.mark, answer.rest) for answer in answers if answer.rest is not None]
    correlation = (
        discrimination([mark for mark, _ in paired], [rest for _, rest in paired]) if len(paired) >= minimum else None
    )
    return ItemStatistics(len(answers), facility([answer.mark for answer in answers], 1.0), correlation)
