"""Drawing a paper that holds a minimum share, without trial and error.

It is possible where what the strata take from each other is known beforehand: no stratum shares questions with an
earlier one, unless that one lies within it and the tag is on all of its questions or on none. How many choices a
stratum has with k tagged questions is then a product of two binomial coefficients, and how many choices it has together
with all later ones with at least so many is a sum of products. So the number of tagged questions is drawn stratum by
stratum, each in proportion to the papers that it stands for, and then the questions. Without exposure weights every
paper that holds the share is exactly equally likely. With them the numbers are drawn as if there were none, and the
weights decide which questions are taken.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import comb

from question_bank.exposure import Urn
from question_bank.randomness import Stream


@dataclass(frozen=True)
class CountedStratum:
    """A stratum in a counted draw.

    stratum: its number. ways: by number of tagged questions, the choices it has. ahead: by number of tagged questions
    still needed, the choices of all strata that come after it.
    """

    stratum: int
    count: int
    with_tag: Urn
    without: Urn
    ways: tuple[int, ...]
    ahead: tuple[int, ...]

    def choices(self, number: int, need: int) -> int:
        """Return the choices of this and all later strata that have *need* tagged questions, *number* of them here."""
        return self.ways[number] * self.ahead[max(0, need - number)]


@dataclass(frozen=True)
class CountedDraw:
    """The draw of papers with *need* (1 or more) questions of one tag, or more.

    strata: in the order in which they are drawn. is_uniform: whether no exposure weights play a part.
    expected, variance: of the number of tagged questions in a paper that disregards share and weights, the variance as
    if questions were put back.
    """

    need: int
    strata: tuple[CountedStratum, ...]
    is_uniform: bool
    expected: Fraction
    variance: Fraction

    @property
    def plenty(self) -> Fraction:
        """How far the pool goes by itself: the expected number as a multiple of what is needed."""
        return self.expected / self.need

    @property
    def is_likely(self) -> bool:
        """Whether a paper that disregards the share holds it rather often: at most a standard deviation is lacking."""
        return max(Fraction(0), self.need - self.expected) ** 2 <= self.variance

    def draw(self, stream: Stream) -> dict[int, list[int]]:
        """Return the places of the drawn questions by stratum, those with the tag first."""
        drawn: dict[int, list[int]] = {}
        taken: set[int] = set()
        need = self.need
        for own in self.strata:
            number = _number(own, need, stream)
            need = max(0, need - number)
            places = [
                *_draw(own.with_tag, number, taken, stream),
                *_draw(own.without, own.count - number, taken, stream),
            ]
            drawn[own.stratum] = places
            taken.update(places)
        return drawn


def counted_draw(
    need: int, order: Sequence[int], counts: Mapping[int, int], urns: Mapping[int, Urn], tagged: Set[int]
) -> CountedDraw | None:
    """Return the draw of papers with *need* or more of the questions *tagged*, or None if it cannot be counted.

    order: numbers of the strata, one that lies within another before it. There must be such a paper.
    """
    strata: list[CountedStratum] = []
    ahead = (1, *(0 for _ in range(need)))
    expected = variance = Fraction(0)
    for place in reversed(range(len(order))):
        count, own = counts[order[place]], urns[order[place]]
        gone = _gone(own, [(urns[stratum], counts[stratum]) for stratum in order[:place]], tagged)
        if gone is None:
            return None
        with_tag, without = own.only(tagged), own.only(own.weights.keys() - tagged)
        some, others = len(with_tag.weights) - gone[0], len(without.weights) - gone[1]
        ways = tuple(comb(some, k) * comb(others, count - k) for k in range(count + 1))
        strata.insert(0, CountedStratum(order[place], count, with_tag, without, ways, ahead))
        ahead = tuple(sum(n * ahead[max(0, left - k)] for k, n in enumerate(ways) if n) for left in range(need + 1))
        expected += Fraction(count * some, some + others)
        variance += Fraction(count * some * others, (some + others) ** 2)
    return CountedDraw(need, tuple(strata), all(urn.is_uniform for urn in urns.values()), expected, variance)


def _gone(own: Urn, earlier: Sequence[tuple[Urn, int]], tagged: Set[int]) -> tuple[int, int] | None:
    """Return how many questions with and without the tag *earlier* urns take out of *own*, or None if that is open."""
    gone = [0, 0]
    for urn, count in earlier:
        places = urn.weights.keys()
        if places.isdisjoint(own.weights):
            continue
        if not places <= own.weights.keys() or not (places <= tagged or places.isdisjoint(tagged)):
            return None
        gone[0 if places <= tagged else 1] += count
    return gone[0], gone[1]


def _number(own: CountedStratum, need: int, stream: Stream) -> int:
    """Return how many tagged questions a stratum gets: each number as likely as the papers are many that have it."""
    choices = [own.choices(number, need) for number in range(own.count + 1)]
    throw = stream.below_any(sum(choices))
    number = 0
    while throw >= choices[number]:
        throw -= choices[number]
        number += 1
    return number


def _draw(urn: Urn, number: int, taken: Collection[int], stream: Stream) -> list[int]:
    return list(islice((place for place in urn.in_random_order(stream) if place not in taken), number))
