"""Feasibility: can every paper be filled, before a sitting is scheduled, and how alike will papers be."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from question_bank.blueprint import Blueprint
from question_bank.draw import Component
from question_bank.pool import Pool
from question_bank.randomness import Stream

TRIAL_PAPERS = 400
_TRIAL_SEED = b"bikao feasibility trial papers"


@dataclass(frozen=True)
class Shortfall:
    """A stratum that cannot be filled.

    stratum: number in the blueprint, from 0. needed: its count. available: questions it admits, some of which other
    strata need as well. missing: how many it lacks once all strata are filled as far as they go together.
    competitors: the strata that need the same questions; empty if this one is short by itself.
    """

    stratum: int
    needed: int
    available: int
    missing: int
    competitors: tuple[int, ...]


@dataclass(frozen=True)
class Feasibility:
    """What can be said of a blueprint and a pool before anyone sits.

    is_feasible: every stratum can be filled, all at once; exact, also where strata overlap. shortfalls: empty then.
    available: questions that each stratum admits. The rest is None if not feasible:
    expected_overlap: questions that two papers share on average, 0..count.
    mean_difficulty: of a paper's questions on average, 1.0..3.0. difficulty_spread: its standard deviation from paper
    to paper. is_estimated: some strata share questions, so these three come from 400 trial papers, not from formulas.
    """

    is_feasible: bool
    shortfalls: tuple[Shortfall, ...]
    available: tuple[int, ...]
    expected_overlap: float | None = None
    mean_difficulty: float | None = None
    difficulty_spread: float | None = None
    is_estimated: bool = False


def feasibility(blueprint: Blueprint, pool: Pool) -> Feasibility:
    """Return whether *pool* fills *blueprint*, which strata block and by how many, and what papers will be like.

    The missing counts add up to the least possible total; where strata compete, which of them shows as the short one
    is arbitrary, and competitors names the others.
    """
    plan = pool.plan(blueprint)
    available = tuple(len(pool.matching(stratum)) for stratum in blueprint.strata)
    if not plan.is_feasible:
        shortfalls = tuple(
            Shortfall(number, stratum.count, available[number], missing, plan.filling.competitors(number))
            for number, (stratum, missing) in enumerate(zip(blueprint.strata, plan.filling.missing, strict=True))
            if missing
        )
        return Feasibility(False, shortfalls, available)
    outlooks = [_outlook(component, pool) for component in plan.components]
    return Feasibility(
        is_feasible=True,
        shortfalls=(),
        available=available,
        expected_overlap=sum(outlook.overlap for outlook in outlooks),
        mean_difficulty=sum(outlook.difficulty for outlook in outlooks) / blueprint.count,
        difficulty_spread=sqrt(sum(outlook.variance for outlook in outlooks)) / blueprint.count,
        is_estimated=any(len(component.strata) > 1 for component in plan.components),
    )


@dataclass(frozen=True)
class _Outlook:
    """overlap: expected shared questions. difficulty, variance: mean and variance of the sum of difficulties."""

    overlap: float
    difficulty: float
    variance: float


def _outlook(component: Component, pool: Pool) -> _Outlook:
    if len(component.strata) == 1:
        return _exact(component, pool)
    return _estimated(component, pool)


def _exact(component: Component, pool: Pool) -> _Outlook:
    """Formulas for *count* of n without replacement: the hypergeometric mean, the finite population variance."""
    count, n = component.counts[component.strata[0]], len(component.members)
    mean, variance = _moments([pool.questions[index].difficulty for index in component.members])
    correction = (n - count) / (n - 1) if n > 1 else 0.0
    return _Outlook(count * count / n, count * mean, count * variance * correction)


def _estimated(component: Component, pool: Pool) -> _Outlook:
    """Trial draws; questions with the same signature are equally likely, so frequencies are pooled by signature."""
    stream = Stream(_TRIAL_SEED, b"feasibility/")
    frequency = dict.fromkeys(component.signatures.values(), 0)
    sums = []
    for _ in range(TRIAL_PAPERS):
        drawn = [index for indices in component.draw(stream).values() for index in indices]
        sums.append(sum(pool.questions[index].difficulty for index in drawn))
        for index in drawn:
            frequency[component.signatures[index]] += 1
    sizes = dict.fromkeys(frequency, 0)
    for signature in component.signatures.values():
        sizes[signature] += 1
    overlap = sum((frequency[s] / TRIAL_PAPERS) ** 2 / size for s, size in sizes.items())
    return _Outlook(overlap, *_moments(sums))


def _moments(values: Iterable[int]) -> tuple[float, float]:
    """Return mean and population variance."""
    numbers = list(values)
    mean = sum(numbers) / len(numbers)
    return mean, sum((number - mean) ** 2 for number in numbers) / len(numbers)
