"""Windows: the days in which a mandate's duty is to be met, for one calendar year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from courses.mandates import Period

MONTHS_OF_WINDOW = {"every_year": 12, "every_half_year": 6, "every_two_months": 2, "every_month": 1}


@dataclass(frozen=True, slots=True)
class Window:
    """The days from start to end, both included, in Asia/Shanghai."""

    start: date
    end: date

    def contains(self, day: date | None) -> bool:
        """Say whether *day* lies in the window; None lies in none."""
        return day is not None and self.start <= day <= self.end


def windows(period: Period, year: int) -> tuple[Window, ...]:
    """Return the windows that count in *year*, in order; none where the period is not alive in the year.

    What recurs gives one window for each calendar year, half, two months or month, clipped to the period. What
    accumulates ("cumulative", "by_deadline", "undated") gives one window from the period's first day to the end of
    the year or to the deadline. A named year gives that year.
    """
    if not period.is_alive_in(year):
        return ()
    months = MONTHS_OF_WINDOW.get(period.kind)
    if months is None:
        return (Window(period.starts, min(period.ends, date(year, 12, 31))),)
    blocks = (_block(year, first, months) for first in range(1, 13, months))
    clipped = (Window(max(each.start, period.starts), min(each.end, period.ends)) for each in blocks)
    return tuple(each for each in clipped if each.start <= each.end)


def _block(year: int, first_month: int, months: int) -> Window:
    following = date(year, first_month + months, 1) if first_month + months <= 12 else date(year + 1, 1, 1)
    return Window(date(year, first_month, 1), following - timedelta(days=1))
