"""Drawing the questions of a paper: every admissible choice equally likely, no question twice, never one too few.

This is the draw named bikao-draw-1: without exposure weights and minimum shares, for which see draw_weighted.py, which
also draws where strata cross. Papers on record with crossing strata may still name this one; what follows about them
is there to draw those again.

Strata that share questions are drawn together, as a component. Within a component the strata are drawn one after the
other, the one with the fewest questions first, each from what the earlier ones left. That alone would favour some
choices where strata cross, because what an early stratum takes changes how many choices remain for a later one. So a
draw is accepted with a probability proportional to the number of choices that it had (rejection sampling): every
admissible choice is then exactly equally likely. Where strata are nested or apart, every draw is accepted at once.

Where the pool is so tight that MOST_ATTEMPTS draws are all rejected, the questions are taken in a uniform random order
and each one that can still be placed (by moving others, if need be) is kept. That always fills every stratum of a
feasible blueprint and treats interchangeable questions alike, but choices may then differ somewhat in likelihood.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from question_bank.flow import Filling
from question_bank.randomness import Stream

ALGORITHM = "bikao-draw-1"
MOST_ATTEMPTS = 64
_ONE = 1 << 64

Drawn = dict[int, list[int]]
"""Places of the drawn questions in the pool, by stratum, in random order."""


@dataclass(frozen=True)
class Component:
    """Strata that share questions, in the order in which they are drawn.

    strata: numbers of the strata. counts, matching: by stratum number. members: all questions of the component.
    ceilings: by stratum number, the most questions that can be left for it after the earlier ones were drawn.
    """

    strata: tuple[int, ...]
    counts: Mapping[int, int]
    matching: Mapping[int, tuple[int, ...]]
    ceilings: Mapping[int, int]
    members: tuple[int, ...]
    signatures: Mapping[int, int]

    def draw(self, stream: Stream) -> Drawn:
        """Return a random choice for every stratum. The component must be feasible."""
        for _ in range(MOST_ATTEMPTS):
            drawn = self.attempt(stream)
            if drawn is not None:
                return drawn
        return self._fill(stream)

    def attempt(self, stream: Stream) -> Drawn | None:
        """Return a choice for every stratum, or None if it was not accepted."""
        taken: set[int] = set()
        drawn: Drawn = {}
        choices = bound = 1
        for stratum in self.strata:
            count, matching = self.counts[stratum], self.matching[stratum]
            left = len(matching) - sum(self.signatures[index] >> stratum & 1 for index in taken)
            if left < count:
                return None
            if left != self.ceilings[stratum]:
                choices *= comb(left, count)
                bound *= comb(self.ceilings[stratum], count)
            drawn[stratum] = _take(stream.in_random_order(matching), count, taken)
            taken.update(drawn[stratum])
        return drawn if choices == bound or _accepts(stream, choices, bound) else None

    def _fill(self, stream: Stream) -> Drawn:
        sizes: dict[int, int] = {}
        for index in self.members:
            sizes[self.signatures[index]] = sizes.get(self.signatures[index], 0) + 1
        needs = [self.counts.get(stratum, 0) for stratum in range(max(self.strata) + 1)]
        filling = Filling(sizes, needs)
        kept: dict[int, list[int]] = {signature: [] for signature in sizes}
        for index in stream.in_random_order(self.members):
            if filling.augment(self.signatures[index]):
                kept[self.signatures[index]].append(index)
            if not any(filling.missing):
                break
        return self._shared_out(filling, kept, stream)

    def _shared_out(self, filling: Filling, kept: Mapping[int, list[int]], stream: Stream) -> Drawn:
        drawn: Drawn = {stratum: [] for stratum in self.strata}
        for signature, indices in kept.items():
            start = 0
            for stratum in self.strata:
                end = start + filling.placed[signature][stratum]
                drawn[stratum] += indices[start:end]
                start = end
        for indices in drawn.values():
            stream.shuffle(indices)
        return drawn


@dataclass(frozen=True)
class Plan:
    """All that can be worked out once for a blueprint and a pool.

    groups: places in the pool by signature. filling: the largest possible filling. components: empty if not feasible.
    """

    groups: Mapping[int, tuple[int, ...]]
    filling: Filling
    components: tuple[Component, ...]

    algorithm = ALGORITHM

    @property
    def is_feasible(self) -> bool:
        """Whether every stratum can be filled together with all others."""
        return not any(self.filling.missing)

    def draw(self, stream: Stream) -> Drawn:
        """Return the questions of one paper. The plan must be feasible."""
        drawn: Drawn = {}
        for component in self.components:
            drawn |= component.draw(stream)
        return drawn


def plan(groups: Mapping[int, tuple[int, ...]], counts: Sequence[int]) -> Plan:
    """Return the plan for strata that need *counts* questions, admitted as *groups* (signature -> places) says."""
    filling = Filling({signature: len(indices) for signature, indices in groups.items()}, counts)
    filling.fill()
    if any(filling.missing):
        return Plan(groups, filling, ())
    components = tuple(_component(strata, groups, counts) for strata in _connected(groups, len(counts)))
    return Plan(groups, filling, components)


def _connected(groups: Mapping[int, tuple[int, ...]], number: int) -> Iterator[int]:
    """Yield bit masks of strata that share questions, directly or through others, lowest stratum first."""
    masks = [1 << stratum for stratum in range(number)]
    for signature in groups:
        together = [mask for mask in masks if mask & signature]
        merged = 0
        for mask in together:
            merged |= mask
        masks = sorted([*(mask for mask in masks if not mask & signature), merged], key=lambda mask: mask & -mask)
    yield from masks


def _component(mask: int, groups: Mapping[int, tuple[int, ...]], counts: Sequence[int]) -> Component:
    own = {signature: indices for signature, indices in groups.items() if signature & mask}
    strata = [stratum for stratum in range(len(counts)) if mask >> stratum & 1]
    matching = {
        stratum: tuple(sorted(i for signature, places in own.items() if signature >> stratum & 1 for i in places))
        for stratum in strata
    }
    order = tuple(sorted(strata, key=lambda stratum: (len(matching[stratum]), stratum)))
    return Component(
        strata=order,
        counts={stratum: counts[stratum] for stratum in order},
        matching=matching,
        ceilings=_ceilings(order, matching, counts),
        members=tuple(sorted(index for indices in own.values() for index in indices)),
        signatures={index: signature for signature, indices in own.items() for index in indices},
    )


def _ceilings(order: Sequence[int], matching: Mapping[int, tuple[int, ...]], counts: Sequence[int]) -> dict[int, int]:
    """Return how many questions of each stratum the earlier ones leave at most.

    An earlier stratum takes from a later one at least what it cannot find outside of it.
    """
    ceilings: dict[int, int] = {}
    for place, stratum in enumerate(order):
        own = set(matching[stratum])
        surely_taken = sum(max(0, counts[t] - sum(i not in own for i in matching[t])) for t in order[:place])
        ceilings[stratum] = len(own) - surely_taken
    return ceilings


def _take(indices: Iterator[int], count: int, taken: set[int]) -> list[int]:
    """Return the first *count* of *indices* that are not *taken*; there are at least so many."""
    chosen: list[int] = []
    while len(chosen) < count:
        index = next(indices)
        if index not in taken:
            chosen.append(index)
    return chosen


def _accepts(stream: Stream, choices: int, bound: int) -> bool:
    """Say yes with probability choices / bound, to within 2**-64."""
    throw = stream.below(1 << 32) << 32 | stream.below(1 << 32)
    return throw * bound < choices * _ONE
