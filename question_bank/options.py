"""Options of a question, and the letters they are known by."""

from dataclasses import dataclass

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Option:
    """One offered answer: *key* is its letter "A".."H" in the bank, *text* what the candidate reads."""

    key: str
    text: str


def lettered(texts: tuple[str, ...] | list[str]) -> tuple[Option, ...]:
    """Return *texts* (at most eight) as options A, B, C, ... in the order given.

    A ninth text and those after it get no letter of the alphabet used here but "9", "10", ...,
    so that the check of the question names them instead of losing them.
    """
    keys = [*LETTERS, *(str(number) for number in range(len(LETTERS) + 1, len(texts) + 1))]
    return tuple(Option(key, text) for key, text in zip(keys, texts, strict=False))
