"""Exposure: questions that papers have used less often come up more often, by weights that are whole numbers.

Among the questions that a stratum admits, a question stands in group floor(4 * smaller / n), where n is their number
and *smaller* says how many of them were used less often than it. The groups 0 to 3 weigh 8, 4, 2 and 1. Questions used
equally often stand in the same group, so a stratum in which all were used equally often is drawn uniformly.

Drawing is successive: each time a group is chosen with a probability proportional to its weight times the questions
that are left in it, and of these each is as likely as the others. One number of the stream decides both (see
Urn.in_random_order). No floating-point number is involved: the result is the same on every machine for ever.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from question_bank.randomness import Stream

WEIGHTS = (8, 4, 2, 1)


@dataclass(frozen=True)
class Urn:
    """What a stratum is drawn from: groups of (weight, places in the pool), heaviest first, none of them empty."""

    groups: tuple[tuple[int, tuple[int, ...]], ...]

    @cached_property
    def weights(self) -> dict[int, int]:
        """Weight of each question, by place in the pool."""
        return {place: weight for weight, places in self.groups for place in places}

    @cached_property
    def total(self) -> int:
        """Weight of all questions together."""
        return sum(weight * len(places) for weight, places in self.groups)

    @property
    def is_uniform(self) -> bool:
        """Whether every question is as likely as any other."""
        return len(self.groups) <= 1

    def only(self, kept: Collection[int]) -> "Urn":
        """Return the urn without all that is not in *kept*; the weights stay."""
        groups = ((weight, tuple(place for place in places if place in kept)) for weight, places in self.groups)
        return Urn(tuple((weight, places) for weight, places in groups if places))

    def in_random_order(self, stream: Stream) -> Iterator[int]:
        """Yield the questions, each once, by successive weighted sampling; the first k of them cost k steps.

        A number below the weight of all that is left is thrown. It falls into the span of a group (weight times
        questions left, in the order of the groups), and its place in the span, divided by the weight, says which
        question. The last of the group then takes the place of the one drawn.
        """
        left = [len(places) for _, places in self.groups]
        moved: list[dict[int, int]] = [{} for _ in self.groups]
        total = self.total
        while total:
            throw = stream.below(total)
            for number, (weight, _) in enumerate(self.groups):
                span = weight * left[number]
                if throw < span:
                    break
                throw -= span
            left[number] -= 1
            total -= weight
            spot, last, own = throw // weight, left[number], moved[number]
            yield self.groups[number][1][own.get(spot, spot)]
            own[spot] = own.get(last, last)


def urn(places: Sequence[int], exposure: Sequence[int] | None) -> Urn:
    """Return the urn of the questions at *places*.

    exposure: how often papers have used each question, by place in the pool; None if all are alike.
    """
    used = sorted(exposure[place] for place in places) if exposure else []
    groups: list[list[int]] = [[] for _ in WEIGHTS]
    for place in places:
        smaller = bisect_left(used, exposure[place]) if exposure else 0
        groups[len(WEIGHTS) * smaller // len(places)].append(place)
    return Urn(tuple((weight, tuple(group)) for weight, group in zip(WEIGHTS, groups, strict=True) if group))
