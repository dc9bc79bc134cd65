"""Numeric: a number within a tolerance, with or without a unit."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from question_bank.errors import Problem
from question_bank.kinds.protocol import Answerable, Response
from question_bank.kinds.written import Written

_NUMBER = r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?"
_ACCEPTED = re.compile(rf"({_NUMBER})(?:(±|\.\.)({_NUMBER}))?")
_TYPED = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([, ])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]{0,12})?")
_SIGNS = str.maketrans("－−–﹣", "----")
_UNIT_PARTS = re.compile(r"[A-Za-zμΩω]+")
# Symbols of units that take prefixes; app/static/exam-answer.js has the same.
_PREFIXED = frozenset({
    "A", "Ah", "B", "Bq", "C", "Ci", "F", "Gy", "H", "Hz", "J", "K", "L", "N", "Pa", "S", "Sv", "T", "V", "VA",
    "W", "Wb", "Wh", "Wp", "b", "bar", "cal", "cd", "eV", "g", "kat", "l", "lm", "lx", "m", "mol", "rad", "s", "t",
    "var", "Ω",
})  # fmt: skip
_NO_PREFIX = frozenset({"pa", "ph"})

_WIDEST = Decimal(2)
_MOST_TIMES = 10


class Numeric(Written):
    """数值题: accepted are "12.5", "12.5±0.1" or "1..5" (from the least to the most)."""

    code = "numeric"
    name_zh = "数值题"
    name_en = "Numeric"
    aliases: tuple[str, ...] = ("数值", "数字题")
    response_input = "number"

    def problems(self, question: Answerable) -> Iterator[Problem]:
        """Yield what is wrong with the accepted numbers, the key and the unit."""
        yield from super().problems(question)
        for option in question.options:
            if interval_of(option.text) is None:
                yield Problem("options", "not_a_number", {"key": option.key, "value": option.text[:80]})

    def lacking(self, question: Answerable) -> tuple[str, ...]:
        """Return "narrow_range" if an interval that earns something is too wide to ask for a number (is_narrow)."""
        paid = [option.text for option in question.options if option.key in question.key or option.worth > 0]
        intervals = [interval_of(text) for text in paid]
        return () if all(is_narrow(*own) for own in intervals if own) else ("narrow_range",)

    def matches(self, question: Answerable, accepted: str, typed: str) -> bool:
        """Say whether *typed* is a number, bare or with the question's unit, that lies in *accepted*."""
        number, interval = number_in(typed, question.unit), interval_of(accepted)
        return number is not None and interval is not None and interval[0] <= number <= interval[1]

    def model_response(self, question: Answerable) -> Response:
        """Return the middle of the first accepted interval that earns full marks."""
        option = next(option for option in question.options if option.key in question.key)
        least, most = interval_of(option.text) or (Decimal(0), Decimal(0))
        return (f"{(least + most) / 2:f}",)


def interval_of(accepted: str) -> tuple[Decimal, Decimal] | None:
    """Return least and most of "12.5", "12.5±0.1" or "1..5", both inclusive; None for anything else."""
    found = _ACCEPTED.fullmatch(accepted)
    if found is None:
        return None
    first = Decimal(found[1])
    if found[2] is None:
        return first, first
    second = Decimal(found[3])
    least, most = (first - second, first + second) if found[2] == "±" else (first, second)
    return (least, most) if least <= most else None


def is_narrow(least: Decimal, most: Decimal) -> bool:
    """Say whether the interval from *least* to *most* asks for a number, so that a guess does not pay.

    It does if its ends differ by 2 at most, as 0±1 does, or have one sign and one is at most ten times the other.
    """
    smaller, larger = sorted((abs(least), abs(most)))
    return most - least <= _WIDEST or (least * most > 0 and larger <= _MOST_TIMES * smaller)


def number_in(typed: str, unit: str) -> Decimal | None:
    """Return the number that somebody typed, with *unit* (as is_unit reads it) behind it or bare; None if it is none.

    Full-width digits, points and signs count as the usual ones; commas or blanks, thin ones too, may group thousands;
    the digits before or behind the point may be missing: "1 000", ".5", "5.". app/static/exam-answer.js reads alike.
    """
    text = unicodedata.normalize("NFKC", typed).translate(_SIGNS).strip()
    ending = unicodedata.normalize("NFKC", unit).strip()
    if ending and is_unit(text[-len(ending) :], ending):
        text = text[: -len(ending)].rstrip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    return Decimal(text) if _TYPED.fullmatch(text) else None


def is_unit(spelled: str, unit: str) -> bool:
    """Say whether *spelled* is *unit*, whatever the case, unless it is another unit by its prefix; both as NFKC has it.

    Parts are runs of letters. Where a part differs in nothing but m for M or p for P before a symbol that takes
    prefixes, it is another unit: mPa is not MPa, mW is not MW, mg is not Mg. Whoever writes mpa or MPA does not care
    for case; Pa and pH have no prefix, nor have words: Minutes are minutes.
    """
    if spelled.lower() != unit.lower():
        return False
    pairs = zip(_UNIT_PARTS.findall(spelled), _UNIT_PARTS.findall(unit), strict=False)
    return not any(_is_other_prefix(one, other) for one, other in pairs)


def _is_other_prefix(one: str, other: str) -> bool:
    is_prefix = other[0] in "mMpP" and other[1:] in _PREFIXED and other.lower() not in _NO_PREFIX
    return is_prefix and one[0] != other[0] and one[1:] == other[1:]
