"""Time spent on questions, as the answer log shows it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

from question_bank.errors import StatisticsError

EDGES = (0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 420, 600, 900)
"""Lower edges of the classes of the histogram, in seconds; the last class has no end."""

LogEntry = tuple[float, int, object]
"""Seconds since the paper was opened, position of the question, and which request brought it."""


def seconds_by_slot(log: Iterable[LogEntry]) -> dict[int, float]:
    """Return the seconds spent on each position that has an entry, by the moments at which answers arrived.

    log: in the order in which the entries were written. The time since the previous request belongs to the question
    that was answered now; questions that one request brought share it equally, because nothing tells them apart.

    What this cannot see: the clock is the server's, so a slow network counts as thinking; a pause counts for the
    question that was answered after it; looking again without changing an answer counts for the next one; a question
    that was left blank has no time, and what was spent on it counts for the next one; the time between the last
    answer and handing in counts for none. A median over many people bears that; a single person's figure does not.
    """
    spent: dict[int, float] = {}
    before = 0.0
    for _request, entries in groupby(log, key=itemgetter(2)):
        together = list(entries)
        moment = max(before, *(at for at, _slot, _request in together))
        slots = {slot for _at, slot, _request in together}
        for slot in slots:
            spent[slot] = spent.get(slot, 0.0) + (moment - before) / len(slots)
        before = moment
    return spent


def whole_numbers(values: Sequence[object]) -> list[int]:
    """Return *values* as they are; raises StatisticsError("damaged_sums") if one is no whole number from 0."""
    checked = [value for value in values if type(value) is int and value >= 0]
    if len(checked) != len(values):
        raise StatisticsError("damaged_sums", values=repr(values)[:80])
    return checked


@dataclass(frozen=True)
class SecondsSum:
    """Whole seconds spent on one question: how many people, their sum, and how many in each class of EDGES."""

    n: int = 0
    total: int = 0
    classes: tuple[int, ...] = (0,) * len(EDGES)

    def __add__(self, other: "SecondsSum") -> "SecondsSum":
        """Return the sum over both."""
        classes = tuple(mine + theirs for mine, theirs in zip(self.classes, other.classes, strict=True))
        return SecondsSum(self.n + other.n, self.total + other.total, classes)

    def __sub__(self, other: "SecondsSum") -> "SecondsSum":
        """Return the sum without *other*, which it must hold."""
        classes = tuple(mine - theirs for mine, theirs in zip(self.classes, other.classes, strict=True))
        return SecondsSum(self.n - other.n, self.total - other.total, classes)

    @classmethod
    def of(cls, seconds: float | None) -> "SecondsSum":
        """Return the sum of one person's *seconds* (0 or more); None is nobody's."""
        if seconds is None:
            return cls()
        place = bisect_right(EDGES, seconds) - 1
        return cls(1, round(seconds), tuple(int(number == place) for number in range(len(EDGES))))

    def median(self) -> float | None:
        """Return the median in seconds, interpolated within its class; in the last class, its edge. None of nobody.

        Source: the grouped-data median, for example Yule, Kendall, Introduction to the Theory of Statistics, ch. 5.
        """
        if not self.n:
            return None
        place, below = self._middle_class()
        if place == len(EDGES) - 1:
            return float(EDGES[-1])
        width = EDGES[place + 1] - EDGES[place]
        return EDGES[place] + width * (self.n / 2 - below) / self.classes[place]

    def _middle_class(self) -> tuple[int, int]:
        """Return the class that holds the median, and how many people lie below it."""
        reached = list(accumulate(self.classes))
        place = next(number for number, count in enumerate(reached) if count * 2 >= self.n and count)
        return place, reached[place] - self.classes[place]

    def to_payload(self) -> dict[str, Any]:
        """Return the sum as JSON values; classes: number of the class -> people, empty ones left out."""
        filled = {str(number): count for number, count in enumerate(self.classes) if count}
        return {"n": self.n, "total": self.total, "classes": filled}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "SecondsSum":
        """Return the stored sum; {} is nobody's. Raises StatisticsError("damaged_sums")."""
        values = {"n": 0, "total": 0, "classes": {}, **payload}
        filled = values["classes"]
        if set(filled) - {str(number) for number in range(len(EDGES))}:
            raise StatisticsError("damaged_sums", classes=sorted(filled)[:30])
        counts = [filled.get(str(number), 0) for number in range(len(EDGES))]
        n, total, *classes = whole_numbers([values["n"], values["total"], *counts])
        return cls(n, total, tuple(classes))


NO_SECONDS = SecondsSum()
