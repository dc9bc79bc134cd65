"""Randomness that is the same for ever: HMAC-SHA256 in counter mode, nothing from the interpreter.

random.Random would tie papers to one implementation of one generator. Here the whole definition is these lines:
block i is HMAC-SHA256(seed, label || i as 8 bytes big-endian), read as eight 32-bit big-endian words, in order.
"""

import hmac
from collections.abc import Iterator, MutableSequence, Sequence
from struct import Struct
from typing import TypeVar

Item = TypeVar("Item")

_WORDS = Struct(">8I")
_SPAN = 1 << 32


class Stream:
    """A stream of uniform whole numbers that depends on *seed* and *label* only."""

    def __init__(self, seed: bytes, label: bytes) -> None:
        """Start at block 0. seed: the secret; label: keeps streams for different purposes apart."""
        self._seed = seed
        self._label = label
        self._counter = 0
        self._words: list[int] = []

    def below(self, bound: int) -> int:
        """Return a uniform whole number from 0 to bound - 1; 1 <= bound <= 2**32.

        Words from the last incomplete multiple of *bound* are thrown away, so that no number is likelier than another.
        """
        limit = _SPAN - _SPAN % bound
        while True:
            if not self._words:
                self._refill()
            word = self._words.pop()
            if word < limit:
                return word % bound

    def shuffle(self, items: MutableSequence[Item]) -> None:
        """Put *items* in a uniform random order, in place (Fisher-Yates from the end)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]

    def in_random_order(self, population: Sequence[Item]) -> Iterator[Item]:
        """Yield the items of *population*, each once, in uniform random order.

        A Fisher-Yates shuffle from the front that remembers only the places it touched: taking the first k items
        costs k steps, whatever the size.
        """
        moved: dict[int, int] = {}
        size = len(population)
        for place in range(size):
            other = place + self.below(size - place)
            yield population[moved.get(other, other)]
            moved[other] = moved.get(place, place)

    def _refill(self) -> None:
        block = hmac.digest(self._seed, self._label + self._counter.to_bytes(8, "big"), "sha256")
        self._counter += 1
        self._words = list(reversed(_WORDS.unpack(block)))
