"""The last resort of a draw: a full paper whose questions are exchanged at random, many times.

Where strata cross in a pool that is hardly large enough, one draw after the other may be rejected. Then any full paper
that holds its shares is taken, and questions are proposed to be exchanged: for another one of the same stratum, or
with one of another stratum if each may stand in the other's place. After each such proposal comes one to move one
question of some strata on to the next, in a ring: with nothing to spare, some papers are reached by no other way. An
exchange that would break a share is left out. One for heavier questions is always made, one for lighter questions with
the probability lighter / heavier (Metropolis et al. 1953). A proposal is as likely as its reverse, so without weights
all papers that exchanges lead to become equally likely the longer it goes on; without shares these are all papers. It
ends after STEPS proposals for each question of the paper.
"""

from collections.abc import Mapping
from itertools import chain, islice
from math import prod

from question_bank.exposure import Urn
from question_bank.randomness import Stream
from question_bank.shares import Shares

STEPS = 32
SHORTEST_RING = 3


class Exchange:
    """A full paper in exchange.

    drawn: places in the pool by stratum, changed in place. urns: by stratum, all that it admits.
    """

    def __init__(self, drawn: Mapping[int, list[int]], urns: Mapping[int, Urn]) -> None:
        """Note where every question stands."""
        self.drawn = drawn
        self.weights = {stratum: urn.weights for stratum, urn in urns.items()}
        self.matching = {stratum: sorted(weights) for stratum, weights in self.weights.items()}
        self.spots = [(stratum, spot) for stratum, places in drawn.items() for spot in range(len(places))]
        self.where = {drawn[stratum][spot]: (stratum, spot) for stratum, spot in self.spots}

    def run(self, shares: Shares, stream: Stream) -> None:
        """Propose exchanges and make those that may be made. The paper must hold *shares*."""
        numbers = shares.numbers(chain.from_iterable(self.drawn.values()))
        for _ in range(STEPS * len(self.spots)):
            stratum, spot = self.spots[stream.below(len(self.spots))]
            found = self.matching[stratum][stream.below(len(self.matching[stratum]))]
            if found in self.where:
                self._swap(stratum, spot, found, stream)
            else:
                numbers = self._replace(stratum, spot, found, numbers, shares, stream)
            if len(self.drawn) >= SHORTEST_RING:
                self._move_round(stream)

    def _swap(self, stratum: int, spot: int, found: int, stream: Stream) -> None:
        """Let two questions of the paper, *found* being one of them, change their strata."""
        other, other_spot = self.where[found]
        own = self.drawn[stratum][spot]
        if other == stratum or own not in self.weights[other]:
            return
        before = self.weights[stratum][own] * self.weights[other][found]
        if _is_made(self.weights[stratum][found] * self.weights[other][own], before, stream):
            self._put(stratum, spot, found)
            self._put(other, other_spot, own)

    def _move_round(self, stream: Stream) -> None:
        """Let each of some strata, in random order, give one question to the next and the last one to the first."""
        length = SHORTEST_RING + stream.below(len(self.drawn) - SHORTEST_RING + 1)
        ring = list(islice(stream.in_random_order(tuple(self.drawn)), length))
        spots = [stream.below(len(self.drawn[stratum])) for stratum in ring]
        own = [self.drawn[stratum][spot] for stratum, spot in zip(ring, spots, strict=True)]
        moved = [own[-1], *own[:-1]]
        if any(place not in self.weights[stratum] for stratum, place in zip(ring, moved, strict=True)):
            return
        before = prod(self.weights[stratum][place] for stratum, place in zip(ring, own, strict=True))
        after = prod(self.weights[stratum][place] for stratum, place in zip(ring, moved, strict=True))
        if _is_made(after, before, stream):
            for stratum, spot, place in zip(ring, spots, moved, strict=True):
                self._put(stratum, spot, place)

    def _replace(
        self, stratum: int, spot: int, found: int, numbers: list[int], shares: Shares, stream: Stream
    ) -> list[int]:
        """Let *found*, which is not in the paper, stand at *spot*; return how many count towards each share then."""
        own = self.drawn[stratum][spot]
        changed = [
            number - (own in tagged) + (found in tagged) for number, tagged in zip(numbers, shares.tagged, strict=True)
        ]
        if any(number < need for number, need in zip(changed, shares.needs, strict=True)):
            return numbers
        if not _is_made(self.weights[stratum][found], self.weights[stratum][own], stream):
            return numbers
        del self.where[own]
        self._put(stratum, spot, found)
        return changed

    def _put(self, stratum: int, spot: int, place: int) -> None:
        self.drawn[stratum][spot] = place
        self.where[place] = (stratum, spot)


def _is_made(after: int, before: int, stream: Stream) -> bool:
    """Say yes with probability after / before, always if that is 1 or more."""
    return after >= before or stream.below(before) < after
