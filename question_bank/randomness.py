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
    """A stream of uniform whole numbers that depends on *seed* and *label* only; *blocks* says how much was used."""

    def __init__(self, seed: bytes, label: bytes) -> None:
        """Start at block 0. seed: the secret; label: keeps streams for different purposes apart."""
        self._seed = seed
        self._label = label
        self.blocks = 0
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

    def below_any(self, bound: int) -> int:
        """Return a uniform whole number from 0 to bound - 1, for *bound* of any size from 1.

        As many bits as bound - 1 has are taken from the top of as many words as they need, the first word on top;
        a number that is too large is thrown away.
        """
        bits = (bound - 1).bit_length()
        words = -(-bits // 32)
        while True:
            number = 0
            for _ in range(words):
                number = number << 32 | self.below(_SPAN)
            number >>= 32 * words - bits
            if number < bound:
                return number

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
        block = hmac.digest(self._seed, self._label + self.blocks.to_bytes(8, "big"), "sha256")
        self.blocks += 1
        self._words = list(reversed(_WORDS.unpack(block)))
