"""Numbers of other formats as accepted numbers of ours: "12.5", "12.5±0.1", "1..5" (question_bank/kinds/numeric.py)."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from question_bank.kinds.numeric import interval_of

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,60}\.?[0-9]{0,60}|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,3})?")
_OURS = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?")
_SIGNS = str.maketrans("－−–﹣", "----")
_BY_HAND = (
    (re.compile(r"\s*(?:±|\+/-|\+-|＋－)\s*"), "±"),
    (re.compile(r"(?<=[0-9])\s*(?:\.\.|…|[~～〜至])\s*(?=[+-]?[0-9])"), ".."),
)
_LARGEST = Decimal(10) ** 15
_PLACES = Decimal(1).scaleb(-12)
_NEAR = Decimal("1e-6")
_CONTEXT = Context(prec=80, rounding=ROUND_HALF_EVEN)


def number(text: str) -> Decimal | None:
    """Return the number that *text* is, with or without an exponent; None if it is none."""
    text = text.strip().translate(_SIGNS)
    try:
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        return None


def number_text(text: str) -> str | None:
    """Return *text* as a plain decimal of ours, as it stands where it is one.

    None if it is no number, too long, or too small for twelve places: 1.6e-19 must not become 0.
    """
    text = text.strip().translate(_SIGNS)
    if _OURS.fullmatch(text):
        return text
    found = number(text)
    made = None if found is None else decimal_text(found)
    if found is None or made is None or abs(Decimal(made) - found) > abs(found) * _NEAR:
        return None
    return made


def as_written_by_hand(text: str) -> str:
    """Return *text*, accepted numbers as people write them in a table, in our form: "3 +/- 0.5", "10～15"."""
    for pattern, sign in _BY_HAND:
        text = pattern.sub(sign, text)
    return text


def decimal_text(value: Decimal) -> str | None:
    """Return *value* without exponent, at most 12 places; None if it has more than 15 digits before the point."""
    if abs(value) >= _LARGEST:
        return None
    rounded = value.quantize(_PLACES, context=_CONTEXT)
    text = f"{rounded:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def with_tolerance(text: str, tolerance: str) -> str | None:
    """Return the accepted number for *text* within *tolerance*; None if they are no numbers or the latter below 0."""
    middle, most = number_text(text), _rounded(tolerance or "0")
    if middle is None or most is None or Decimal(most) < 0:
        return None
    return f"{middle}±{most}" if Decimal(most) else middle


def _rounded(text: str) -> str | None:
    """Return *text* as number_text does, but to twelve places however small it is."""
    found = number(text)
    return number_text(text) or (None if found is None else decimal_text(found))


def between(least: str, most: str) -> str | None:
    """Return the accepted number from *least* to *most*; None if they are no numbers or in the wrong order."""
    first, last = number_text(least), number_text(most)
    if first is None or last is None or Decimal(first) > Decimal(last):
        return None
    return f"{first}..{last}" if Decimal(first) != Decimal(last) else first


def centre(accepted: str) -> tuple[str, str]:
    """Return number and tolerance, as texts, that say what *accepted* (valid) says."""
    value, sign, tolerance = accepted.partition("±")
    if sign or ".." not in accepted:
        return value, tolerance if sign else "0"
    least, most = interval_of(accepted) or (Decimal(0), Decimal(0))
    return f"{(least + most) / 2:f}", f"{(most - least) / 2:f}"


def are_alike(accepted: str, other: str) -> bool:
    """Say whether two accepted numbers accept the same, as far as twelve places go."""
    first, second = interval_of(accepted), interval_of(other)
    if first is None or second is None:
        return False
    return all(abs(one - another) <= 2 * _PLACES for one, another in zip(first, second, strict=True))
