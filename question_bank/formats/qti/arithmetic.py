"""Arithmetic of QTI response processing: what its expressions make of numbers."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException

EXACT = Context(prec=60)
_HALF = Decimal("0.5")
_MOST_PLACES = 2_000
"""How long a number may become: nobody awards more, and as a fraction it has a digit for every place."""


def _sum(values: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total


def _product(values: list[Decimal]) -> Decimal:
    total = Decimal(1)
    for value in values:
        total = EXACT.multiply(total, value)
    return total


def _floor(value: Decimal) -> Decimal:
    return value.to_integral_value("ROUND_FLOOR")


def _modulus(values: list[Decimal]) -> Decimal:
    whole = _floor(EXACT.divide(values[0], values[1]))
    return EXACT.subtract(values[0], EXACT.multiply(whole, values[1]))


COMPUTATIONS: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "sum": _sum, "product": _product, "min": min, "max": max,
    "subtract": lambda values: EXACT.subtract(values[0], values[1]),
    "divide": lambda values: EXACT.divide(values[0], values[1]),
    "integerDivide": lambda values: _floor(EXACT.divide(values[0], values[1])), "integerModulus": _modulus,
    "round": lambda values: _floor(EXACT.add(values[0], _HALF)),
    "truncate": lambda values: values[0].to_integral_value("ROUND_DOWN"), "integerToFloat": lambda values: values[0],
}  # fmt: skip
"""Name of an expression -> the number that it gives. Raises IndexError and DecimalException where there is none."""


def computed(compute: Callable[[list[Decimal]], Decimal], values: list[Decimal]) -> Decimal | None:
    """Return what *compute*, one of COMPUTATIONS, makes of *values*; None where that is no number or far too long."""
    try:
        made = compute(values)
    except (DecimalException, IndexError):
        return None
    return made if abs(made.adjusted()) <= _MOST_PLACES else None
