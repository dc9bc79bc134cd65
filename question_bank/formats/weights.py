"""What each answer of a file earns, as weights and key of ours.

Weights are left out where the key says all: every right answer is worth the same, and no wrong one costs anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.formats.protocol import Note
from question_bank.options import LETTERS, weight_text

_WHOLE = Fraction(1)
# 33.33333 and 33.33334 are both a third.
_ALIKE = Fraction(1, 1000)


@dataclass(frozen=True)
class Weighed:
    """weights: one an answer as an option has it, or () if the key says all. right: places of the key, from 0."""

    weights: tuple[str, ...]
    right: tuple[int, ...]
    notes: tuple[Note, ...] = ()

    @property
    def key(self) -> str:
        """The key as letters."""
        return "".join(LETTERS[place] for place in self.right)


def best_is_whole(shares: Sequence[Fraction]) -> Weighed:
    """Return weights where one answer is given: the best is worth all, and every answer worth all is right.

    shares: 1 for full marks. Best below 1: all are scaled up ("weights_scaled"). At least one has to be above 0.
    """
    best = max(shares)
    scaled: tuple[Note, ...] = ()
    if best != _WHOLE:
        shares = [share / best for share in shares]
        scaled = (("weights_scaled", {"best": weight_text(best)}),) if best < _WHOLE else ()
    texts, cut = _texts(shares)
    right = tuple(place for place, text in enumerate(texts) if text == "100")
    is_plain = len(right) == 1 and all(text in ("100", "0") for text in texts)
    return Weighed(() if is_plain else texts, right, scaled + cut)


def written_answers(shares: Sequence[Fraction]) -> Weighed:
    """Return weights of accepted answers: as best_is_whole, but none are stated if every answer is worth all."""
    weighed = best_is_whole(shares)
    all_right = len(weighed.right) == len(shares)
    return Weighed(() if all_right else _stated(weighed, len(shares)), weighed.right, weighed.notes)


def each_adds(shares: Sequence[Fraction]) -> Weighed:
    """Return weights where any number of answers is given: every answer above 0 is right, below 0 it costs.

    At least one has to be above 0.
    """
    texts, cut = _texts(shares)
    right = tuple(place for place, text in enumerate(texts) if not text.startswith("-") and text != "0")
    worths = [Fraction(texts[place]) for place in right]
    differ = bool(worths) and max(worths) - min(worths) > max(worths) * _ALIKE
    costs = any(text.startswith("-") for text in texts)
    return Weighed(texts if differ or costs else (), right, cut)


def _stated(weighed: Weighed, count: int) -> tuple[str, ...]:
    return weighed.weights or tuple("100" if place in weighed.right else "0" for place in range(count))


def _texts(shares: Sequence[Fraction]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Return *shares* as weights; more than all of the marks is not to be lost, nor to be gained by one answer."""
    kept = [max(-_WHOLE, min(_WHOLE, share)) for share in shares]
    cut: tuple[Note, ...] = (("penalty_cut", {}),) if any(share < -_WHOLE for share in shares) else ()
    return tuple(weight_text(share) for share in kept), cut
