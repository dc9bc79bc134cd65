"""Points: decimals with two places. Shares are exact fractions until they become points, once, here."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

HUNDREDTH = Decimal("0.01")
MOST_POINTS = Decimal(1000)


def points_from(value: object) -> Decimal | None:
    """Return *value* (int, decimal, or text like "1.5") as points from 0 to 1000, or None if it is not that."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        points = Decimal(value)
    except InvalidOperation:
        return None
    if not points.is_finite() or not 0 <= points <= MOST_POINTS or points != points.quantize(HUNDREDTH):
        return None
    return points.quantize(HUNDREDTH)


def earned(share: Fraction, points: Decimal) -> Decimal:
    """Return *share* (0..1) of *points*, to the nearest hundredth, halves up: a third of 2 points is 0.67."""
    exact = Fraction(points) * share
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)


def percent_of(score: Decimal, maximum: Decimal) -> Decimal:
    """Return *score* as percent of *maximum* (> 0), two places, rounded down.

    Rounded down so that the percentage shown reaches the pass mark exactly when the score does.
    """
    return (score * 100 / maximum).quantize(HUNDREDTH, ROUND_DOWN)
