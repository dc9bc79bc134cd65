"""How far the totals of a sitting can be trusted when each person answered a paper of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from question_bank.errors import StatisticsError
from question_bank.statistics.answered import AnsweredPaper
from question_bank.statistics.items import MINIMUM_ANSWERS


@dataclass(frozen=True)
class SittingStatistics:
    """n: papers on which something was answered. The rest is None under the minimum n.

    mean, deviation (with n - 1), standard_error: in points. reliability: at most 1.0; below 0 if the totals differ
    less than chance alone would make them, None if all totals are equal.
    """

    n: int
    mean: float | None = None
    deviation: float | None = None
    reliability: float | None = None
    standard_error: float | None = None


Points = list[float]


def reliability(papers: Sequence[AnsweredPaper], minimum: int = MINIMUM_ANSWERS) -> SittingStatistics:
    """Return mean, deviation, reliability and standard error of measurement of one sitting's totals.

    papers: of one sitting, so drawn by one blueprint. minimum: papers below which nothing is given, at least 2.
    Raises StatisticsError("minimum_too_small").

    Cronbach's alpha needs a common set of questions and does not hold here. Each paper is a random draw of n_h
    questions from each stratum h (randomly stratified-parallel tests), and questions are nested in persons; so the
    error variance of a total is the sum over strata of n_h times the variance of one person's points within the
    stratum, pooled over persons, and reliability is 1 minus error variance over observed variance of the totals.
    It is the absolute error: an easier paper counts as luck, which for a pass mark it is. Strata count as endless;
    a small pool of questions makes the true error smaller.

    A stratum with one question a paper shows no variance within persons; the variance between persons stands for it.
    That takes true differences for error as well: the reliability given is then rather too low than too high.

    Source: N. Rajaratnam, L. J. Cronbach, G. C. Gleser, "Generalizability of stratified-parallel tests",
    Psychometrika 30 (1965) 39-56; R. L. Brennan, Generalizability Theory, Springer 2001 (items nested in persons),
    and "Raw-score conditional standard errors of measurement in generalizability theory", Applied Psychological
    Measurement 22 (1998) 307-331.
    """
    if minimum < 2:
        raise StatisticsError("minimum_too_small", minimum=minimum)
    counted = [paper for paper in papers if not paper.is_blank]
    if len(counted) < minimum:
        return SittingStatistics(len(counted))
    totals = [float(paper.points) for paper in counted]
    observed, error = _variance(totals), _error_variance(counted)
    return SittingStatistics(
        n=len(counted),
        mean=sum(totals) / len(totals),
        deviation=sqrt(observed),
        reliability=1 - error / observed if observed > 0 and error is not None else None,
        standard_error=None if error is None else sqrt(error),
    )


def _error_variance(papers: Sequence[AnsweredPaper]) -> float | None:
    """Return the error variance of a total, in squared points; None if some stratum gives no variance at all."""
    points = [_by_stratum(paper) for paper in papers]
    strata = sorted({stratum for one in points for stratum in one})
    errors = [_stratum_error([one[stratum] for one in points if stratum in one]) for stratum in strata]
    return None if any(error is None for error in errors) else sum(error for error in errors if error is not None)


def _stratum_error(persons: Sequence[Points]) -> float | None:
    """Return the error variance that one stratum adds; persons: the points of each on their questions of it."""
    questions = sum(len(points) for points in persons) / len(persons)
    freedom = sum(len(points) - 1 for points in persons)
    if freedom:
        return questions * sum(_squares(points) for points in persons) / freedom
    return _variance([points[0] for points in persons]) if len(persons) > 1 else None


def _by_stratum(paper: AnsweredPaper) -> Mapping[int, Points]:
    found: dict[int, Points] = {}
    for slot in paper.slots:
        if slot.worth:
            found.setdefault(slot.stratum, []).append(float(slot.points))
    return found


def _squares(values: Sequence[float]) -> float:
    """Return the sum of squared deviations from the mean; exactly 0 if all values are equal."""
    if _are_equal(values):
        return 0.0
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)


def _variance(values: Sequence[float]) -> float:
    return _squares(values) / (len(values) - 1)


def _are_equal(values: Iterable[float]) -> bool:
    return len(set(values)) == 1
