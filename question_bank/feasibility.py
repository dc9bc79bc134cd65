"""Feasibility: can every paper be filled and hold its shares, before a sitting is scheduled, and how alike are papers.

Whether papers can be filled and hold their shares is decided exactly, by flows (see flow.py and shares.py).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from math import sqrt

from question_bank.blueprint import Blueprint
from question_bank.draw import Component, Plan
from question_bank.draw_weighted import WeightedPlan
from question_bank.pool import Pool
from question_bank.randomness import Stream
from question_bank.shares import ShareProblem

TRIAL_PAPERS = 400
MOST_TRIAL_BLOCKS = 100_000
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
class ShareShortfall:
    """A minimum share that no full paper can hold.

    tag: of the share. needed: questions that a paper needs with it. available: the most that any full paper can hold.
    competitor: the tag of the other share if each could be held without the other; available is then the most that a
    paper which holds the other share can hold. Empty otherwise.
    """

    tag: str
    needed: int
    available: int
    competitor: str = ""


@dataclass(frozen=True)
class Feasibility:
    """What can be said of a blueprint and a pool before anyone sits.

    is_feasible: every stratum can be filled, all at once, in a paper that holds every minimum share; exact, also where
    strata overlap. shortfalls, share_shortfalls: empty then. Shares are looked at once all strata can be filled.
    available: questions that each stratum admits. The rest is None if not feasible, or of `decide`:
    expected_overlap: questions that two papers share on average, 0..count.
    mean_difficulty: of a paper's questions on average, 1.0..3.0. difficulty_spread: its standard deviation from paper
    to paper. is_estimated: some strata share questions, or exposure or a minimum share changes what is drawn, so these
    three come from trial papers, not from formulas: 400, or fewer where papers are laborious to draw.
    """

    is_feasible: bool
    shortfalls: tuple[Shortfall, ...]
    available: tuple[int, ...]
    expected_overlap: float | None = None
    mean_difficulty: float | None = None
    difficulty_spread: float | None = None
    is_estimated: bool = False
    share_shortfalls: tuple[ShareShortfall, ...] = ()


def feasibility(blueprint: Blueprint, pool: Pool) -> Feasibility:
    """Return whether *pool* fills *blueprint*, what blocks and by how many, and what papers will be like.

    The missing counts add up to the least possible total; where strata compete, which of them shows as the short one
    is arbitrary, and competitors names the others.
    """
    found = decide(blueprint, pool)
    if not found.is_feasible:
        return found
    outlooks = _outlooks(pool.plan(blueprint), pool)
    return replace(
        found,
        expected_overlap=sum(outlook.overlap for outlook in outlooks),
        mean_difficulty=sum(outlook.difficulty for outlook in outlooks) / blueprint.count,
        difficulty_spread=sqrt(sum(outlook.variance for outlook in outlooks)) / blueprint.count,
        is_estimated=any(outlook.is_estimated for outlook in outlooks),
    )


def decide(blueprint: Blueprint, pool: Pool) -> Feasibility:
    """Return what `feasibility` returns but for what papers will be like, which is None: that takes trial papers, and
    whoever schedules a sitting does not ask."""
    plan = pool.plan(blueprint)
    available = tuple(len(pool.matching(stratum)) for stratum in blueprint.strata)
    if any(plan.filling.missing):
        shortfalls = tuple(
            Shortfall(number, stratum.count, available[number], missing, plan.filling.competitors(number))
            for number, (stratum, missing) in enumerate(zip(blueprint.strata, plan.filling.missing, strict=True))
            if missing
        )
        return Feasibility(False, shortfalls, available)
    if isinstance(plan, WeightedPlan) and not plan.is_feasible:
        return Feasibility(False, (), available, share_shortfalls=_share_shortfalls(blueprint, plan.problem))
    return Feasibility(True, (), available)


def _share_shortfalls(blueprint: Blueprint, problem: ShareProblem) -> tuple[ShareShortfall, ...]:
    shares = [(share.tag, share.needed(blueprint.count)) for share in blueprint.minimum_shares]
    alone = [ShareShortfall(tag, needed, problem.most(number)) for number, (tag, needed) in enumerate(shares)]
    if short := tuple(each for each in alone if each.available < each.needed):
        return short
    (first, _), (second, needed) = shares
    return (ShareShortfall(second, needed, problem.most_beside_the_first(), competitor=first),)


@dataclass(frozen=True)
class _Outlook:
    """overlap: expected shared questions. difficulty, variance: mean and variance of the sum of difficulties."""

    overlap: float
    difficulty: float
    variance: float
    is_estimated: bool = False


def _outlooks(plan: Plan | WeightedPlan, pool: Pool) -> list[_Outlook]:
    """Return the outlook of each component that formulas hold for, and that of all others together."""
    outlooks: list[_Outlook] = []
    alike: dict[int, Hashable] = {}
    for component, weights in _components(plan):
        if weights is None:
            outlooks.append(_exact(component, pool))
        else:
            alike |= {place: (signature, weights[place]) for place, signature in component.signatures.items()}
    return [*outlooks, _estimated(plan, alike, pool)] if alike else outlooks


def _components(plan: Plan | WeightedPlan) -> Iterable[tuple[Component, Mapping[int, Hashable] | None]]:
    """Yield each component with the weights of its questions, by place in the pool; None if formulas hold for it."""
    if isinstance(plan, WeightedPlan):
        for each in plan.components:
            urns = each.urns.values()
            holds = not plan.shares.needs and len(urns) == 1 and all(urn.is_uniform for urn in urns)
            weights = {i: tuple(urn.weights.get(i) for urn in urns) for i in each.component.members}
            yield each.component, None if holds else weights
    else:
        for component in plan.components:
            yield component, None if len(component.strata) == 1 else dict.fromkeys(component.members)


def _exact(component: Component, pool: Pool) -> _Outlook:
    """Formulas for *count* of n without replacement: the hypergeometric mean, the finite population variance."""
    count, n = component.counts[component.strata[0]], len(component.members)
    mean, variance = _moments([pool.questions[index].difficulty for index in component.members])
    correction = (n - count) / (n - 1) if n > 1 else 0.0
    return _Outlook(count * count / n, count * mean, count * variance * correction)


def _estimated(plan: Plan | WeightedPlan, alike: dict[int, Hashable], pool: Pool) -> _Outlook:
    """Trial papers, of which the questions in *alike* are looked at.

    Questions that *alike* has the same value for are equally likely, so their frequencies are pooled.
    Where many strata cross in a small pool one paper takes many attempts, and somebody waits for the report: there are
    no further trials once MOST_TRIAL_BLOCKS of randomness, about a second's worth, are used.
    """
    stream = Stream(_TRIAL_SEED, b"feasibility/")
    frequency, sizes = dict.fromkeys(alike.values(), 0), dict.fromkeys(alike.values(), 0)
    for value in alike.values():
        sizes[value] += 1
    sums: list[int] = []
    while len(sums) < TRIAL_PAPERS and stream.blocks < MOST_TRIAL_BLOCKS:
        drawn = [place for place in chain.from_iterable(plan.draw(stream).values()) if place in alike]
        sums.append(sum(pool.questions[place].difficulty for place in drawn))
        for place in drawn:
            frequency[alike[place]] += 1
    overlap = sum((times / len(sums)) ** 2 / sizes[value] for value, times in frequency.items())
    return _Outlook(overlap, *_moments(sums), is_estimated=True)


def _moments(values: Iterable[int]) -> tuple[float, float]:
    """Return mean and population variance."""
    numbers = list(values)
    mean = sum(numbers) / len(numbers)
    return mean, sum((number - mean) ** 2 for number in numbers) / len(numbers)
