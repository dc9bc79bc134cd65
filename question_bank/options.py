"""Options: the answers that a question knows, and the letters they are known by.

In the choice kinds they are offered; in the written kinds (numeric, short answer) they are what is accepted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHT = re.compile(r"-?(?:100|[1-9]?[0-9](?:\.[0-9]{0,4}[1-9])?)")
_PLACES = Decimal("0.00001")


@dataclass(frozen=True)
class Option:
    """One answer: *key* is its letter in the bank, *text* what the candidate reads or is expected to write.

    weight: share of the marks in per cent, as decimal text with up to five places ("50", "-33.33333"); empty where the
    key says all. A question carries weights on all of its options or on none.
    feedback: what a candidate who gave this answer should know; shown for learning, never in an exam.
    """

    key: str
    text: str
    weight: str = ""
    feedback: str = ""

    def to_payload(self) -> dict[str, str]:
        """Return the option as JSON values; weight and feedback are left out while they are empty."""
        more = {"weight": self.weight, "feedback": self.feedback}
        return {"key": self.key, "text": self.text, **{name: text for name, text in more.items() if text}}

    @property
    def worth(self) -> Fraction:
        """The weight as a share, -1..1; 0 where none is stated."""
        return Fraction(self.weight) / 100 if self.weight else Fraction(0)


def lettered(texts: Sequence[str]) -> tuple[Option, ...]:
    """Return *texts* as options A, B, C, ... in the order given.

    A 27th text and those after it get no letter but "27", "28", ..., so that the check of the question names them
    instead of losing them.
    """
    keys = [*LETTERS, *(str(number) for number in range(len(LETTERS) + 1, len(texts) + 1))]
    return tuple(Option(key, text) for key, text in zip(keys, texts, strict=False))


def is_weight(text: str) -> bool:
    """Say whether *text* is a weight in its one normal form: -100..100, up to five places, no needless zeros."""
    return bool(_WEIGHT.fullmatch(text)) and text != "-0"


def weight_text(share: Fraction) -> str:
    """Return *share* (-1..1) as a weight: a third is "33.33333"."""
    percent = Decimal(share.numerator * 100) / Decimal(share.denominator)
    text = f"{percent.quantize(_PLACES, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def weighted(options: Sequence[Option]) -> bool:
    """Say whether *options* state their weights."""
    return any(option.weight for option in options)
