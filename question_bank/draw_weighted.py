"""The draw named bikao-draw-2: with exposure weights, minimum shares or crossing strata.

What it gives is what one would get by drawing every stratum for itself, by successive weighted sampling (see
exposure.py), and starting all over again until no question was drawn twice and every share holds. Without weights all
papers that are allowed are then equally likely. It comes to that result faster:

* Strata that share questions are drawn one after the other, each from what the earlier ones left. From the order in
  which questions left the urn follows how likely it was, and how likely it would have been with nothing taken out
  before. A draw is accepted with a probability in proportion to the quotient, which makes good for the difference.
* A paper that does not hold its shares is given up. Where strata do not cross, the numbers of tagged questions are
  drawn first (see counted.py): one share always holds so, a second one is again a matter of attempts. With exposure
  weights that is not quite the same, so FEW_ATTEMPTS are made without it before, if they are likely to succeed.
* After MOST_ATTEMPTS a paper that is known to hold everything is exchanged at random (see exchange.py).

So a feasible blueprint always gets a full paper that holds its shares. At the end each stratum is shuffled, for what is
heavy tends to leave the urn first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import prod

from question_bank import draw
from question_bank.blueprint import Blueprint
from question_bank.counted import CountedDraw, counted_draw
from question_bank.draw import MOST_ATTEMPTS, Component, Drawn, Plan, plan
from question_bank.exchange import Exchange
from question_bank.exposure import Urn, urn
from question_bank.flow import Filling
from question_bank.randomness import Stream
from question_bank.shares import Placed, ShareProblem, Shares

ALGORITHM = "bikao-draw-2"
FEW_ATTEMPTS = 8

Quotient = tuple[int, int]
"""Numerator and denominator, not reduced."""


@dataclass(frozen=True)
class WeightedComponent:
    """Strata that share questions, directly or through others.

    component: in which order they are drawn. urns: by stratum. ceilings: by stratum, the most that the quotient of the
    likelihoods can be.
    """

    component: Component
    urns: Mapping[int, Urn]
    ceilings: Mapping[int, Quotient]

    def attempt(self, stream: Stream) -> Drawn | None:
        """Return a choice for every stratum, or None if it was not accepted."""
        taken: set[int] = set()
        drawn: Drawn = {}
        chances = bound = 1
        for stratum in self.component.strata:
            count, own = self.component.counts[stratum], self.urns[stratum]
            weights = own.weights
            gone = [weights[place] for place in taken if place in weights]
            if len(weights) - len(gone) < count:
                return None
            left = (place for place in own.in_random_order(stream) if place not in taken)
            drawn[stratum] = list(islice(left, count))
            if gone:
                quotient = _quotient(own.total, sum(gone), [weights[place] for place in drawn[stratum]])
                chances *= quotient[0] * self.ceilings[stratum][1]
                bound *= quotient[1] * self.ceilings[stratum][0]
            taken.update(drawn[stratum])
        return drawn if stream.below_any(bound) < chances else None


@dataclass(frozen=True)
class WeightedPlan:
    """All that can be worked out once for a blueprint and a pool; the last three are empty if it is not feasible.

    strata: the plan without weights and shares. shares: what papers must hold. problem: whether they can.
    components: with weights. arrangement: one way to hold everything. counted: if there are shares of which the
    numbers can be drawn first.
    """

    strata: Plan
    shares: Shares
    problem: ShareProblem
    components: tuple[WeightedComponent, ...] = ()
    arrangement: Placed | None = None
    counted: CountedDraw | None = None

    algorithm = ALGORITHM

    @property
    def filling(self) -> Filling:
        """The largest possible filling of the strata, whatever the shares."""
        return self.strata.filling

    @property
    def is_feasible(self) -> bool:
        """Whether every stratum can be filled together with all others while every share holds."""
        return self.arrangement is not None

    def draw(self, stream: Stream) -> Drawn:
        """Return the questions of one paper. The plan must be feasible."""
        drawn = next(self._accepted(stream), None) or self._exchanged(stream)
        for stratum in sorted(drawn):
            stream.shuffle(drawn[stratum])
        return drawn

    def _accepted(self, stream: Stream) -> Iterator[Drawn]:
        """Yield papers that hold the shares, while there are attempts."""
        tries = self._tries(stream, MOST_ATTEMPTS)
        if (counted := self.counted) is not None:
            few = 0 if counted.is_uniform or not counted.is_likely else FEW_ATTEMPTS
            tries = chain(self._tries(stream, few), (counted.draw(stream) for _ in range(MOST_ATTEMPTS - few)))
        return (drawn for drawn in tries if self.shares.hold(chain.from_iterable(drawn.values())))

    def _tries(self, stream: Stream, attempts: int) -> Iterator[Drawn]:
        """Yield papers that may break a share, as long as *attempts* a component last for all of them together."""
        left = attempts * len(self.components)
        while True:
            drawn: Drawn = {}
            for component in self.components:
                part = None
                while part is None:
                    if not left:
                        return
                    left -= 1
                    part = component.attempt(stream)
                drawn |= part
            yield drawn

    def _exchanged(self, stream: Stream) -> Drawn:
        """Deal out each group in random order as the arrangement says, and exchange."""
        urns = {stratum: own for part in self.components for stratum, own in part.urns.items()}
        drawn: Drawn = {stratum: [] for stratum in sorted(urns)}
        for signature, row in (self.arrangement or {}).items():
            dealt = stream.in_random_order(self.strata.groups[signature])
            for stratum, places in drawn.items():
                places += islice(dealt, row[stratum])
        Exchange(drawn, urns).run(self.shares, stream)
        return drawn


def algorithm_for(blueprint: Blueprint, *, has_exposure: bool) -> str:
    """Return the name of the draw of new papers: the plain one where it never has to draw again."""
    is_plain = not (has_exposure or blueprint.minimum_shares or blueprint.has_crossing_strata)
    return draw.ALGORITHM if is_plain else ALGORITHM


def weighted_plan(
    groups: Mapping[int, tuple[int, ...]], counts: Sequence[int], needs: Sequence[int], exposure: Sequence[int] | None
) -> WeightedPlan:
    """Return the plan for strata that need *counts* questions and shares that need *needs*.

    groups: places in the pool by signature; bit s: stratum s admits them, bit len(counts) + t: they carry the tag of
    share t. exposure: how often papers have used each question, by place in the pool; None if all alike.
    """
    strata = plan(groups, counts)
    tagged = [
        frozenset(
            place for signature, places in groups.items() if signature >> len(counts) + share & 1 for place in places
        )
        for share in range(len(needs))
    ]
    shares = Shares(tuple(tagged), tuple(needs))
    problem = ShareProblem({signature: len(places) for signature, places in groups.items()}, counts, needs)
    arrangement = problem.arrangement() if strata.is_feasible else None
    if arrangement is None:
        return WeightedPlan(strata, shares, problem)
    components = tuple(_weighted(component, exposure) for component in strata.components)
    return WeightedPlan(strata, shares, problem, components, arrangement, _counted(components, shares))


def _weighted(component: Component, exposure: Sequence[int] | None) -> WeightedComponent:
    urns = {stratum: urn(places, exposure) for stratum, places in component.matching.items()}
    ceilings = {}
    for place, stratum in enumerate(component.strata):
        least = sum(_least_taken(component, urns[stratum], earlier) for earlier in component.strata[:place])
        weights = sorted(urns[stratum].weights.values())
        ceilings[stratum] = _quotient(urns[stratum].total, least, weights[: component.counts[stratum]])
    return WeightedComponent(component, urns, ceilings)


def _least_taken(component: Component, own: Urn, earlier: int) -> int:
    """Return the least weight that the stratum *earlier* takes out of the urn *own*: what it cannot find elsewhere."""
    common = sorted(own.weights[place] for place in component.matching[earlier] if place in own.weights)
    elsewhere = len(component.matching[earlier]) - len(common)
    return sum(common[: max(0, component.counts[earlier] - elsewhere)])


def _quotient(total: int, gone: int, drawn: Sequence[int]) -> Quotient:
    """Return how likely *drawn* is with all in the urn, divided by how likely it is with the weight *gone* taken out.

    total: weight of all in the urn. drawn: weights in the order in which they left it.
    Each step has the same weight above both lines; what differs is the weight that is left in the urn.
    """
    left = []
    for weight in drawn:
        left.append(total)
        total -= weight
    return prod(each - gone for each in left), prod(left)


def _counted(components: Sequence[WeightedComponent], shares: Shares) -> CountedDraw | None:
    """Return the counted draw for the share that the pool is shortest of, among those that can be counted."""
    order = [stratum for each in components for stratum in each.component.strata]
    counts = {stratum: count for each in components for stratum, count in each.component.counts.items()}
    urns = {stratum: own for each in components for stratum, own in each.urns.items()}
    draws = (counted_draw(need, order, counts, urns, of) for need, of in zip(shares.needs, shares.tagged, strict=True))
    return min(filter(None, draws), key=lambda draw: draw.plenty, default=None)
