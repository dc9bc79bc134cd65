"""Cards of answers on the form of a question: one more, one less, one place up or down.

Each takes what a form of a kind holds (field -> value, see forms.AnswerFields) and gives it back changed. Whether an
answer is right goes along with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.banks.forms import BESIDE, rows_shown
from question_bank.options import LETTERS

Data = dict[str, Any]
Card = dict[str, Any]
_RIGHT = "right"


def added(data: Data, kind: str) -> Data:
    """Return *data* with an empty card behind the others, up to one a letter."""
    return _with(data, [*_cards(data, kind), {}])


def changed(data: Data, kind: str, step: str, letter: str) -> Data:
    """Return *data* after *step* ("remove", "raise", "lower") with the card of *letter*, if it has one."""
    cards = _cards(data, kind)
    place = LETTERS.find(letter)
    if len(letter) != 1 or not 0 <= place < len(cards) or step not in _STEPS:
        return data
    return _with(data, _STEPS[step](cards, place))


def _cards(data: Data, kind: str) -> list[Card]:
    right = data.get("key") or []
    return [
        {**{name: data.get(f"{name}_{letter}") or "" for name in BESIDE}, _RIGHT: letter in right}
        for letter in LETTERS[: rows_shown(data, kind)]
    ]


def _with(data: Data, cards: list[Card]) -> Data:
    cards = cards[: len(LETTERS)]
    padded = [*cards, *[{}] * (len(LETTERS) - len(cards))]
    texts = {
        f"{name}_{letter}": card.get(name, "")
        for letter, card in zip(LETTERS, padded, strict=True)
        for name in BESIDE
        if f"{name}_{letter}" in data
    }
    key = [letter for letter, card in zip(LETTERS, padded, strict=True) if card.get(_RIGHT)]
    return {**data, **texts, "rows": str(len(cards)), **({"key": key} if "key" in data else {})}


def _removed(cards: list[Card], place: int) -> list[Card]:
    return [*cards[:place], *cards[place + 1 :]]


def _raised(cards: list[Card], place: int) -> list[Card]:
    return cards if place == 0 else [*cards[: place - 1], cards[place], cards[place - 1], *cards[place + 1 :]]


def _lowered(cards: list[Card], place: int) -> list[Card]:
    return cards if place + 1 == len(cards) else _raised(cards, place + 1)


_STEPS: dict[str, Callable[[list[Card], int], list[Card]]] = {
    "remove": _removed,
    "raise": _raised,
    "lower": _lowered,
}
