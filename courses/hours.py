"""Hours (学时): how many a course must give, and how many a person's attendance is worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from courses.errors import CourseDataError, CourseError
from courses.tables import Entry, entries

FILE = "hours.toml"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class MinimumHours:
    """The least hours by law: *initial* for the first training, *annual* for each later year."""

    is_high_risk: bool
    initial: int
    annual: int
    valid_from: date
    source: str


@dataclass(frozen=True, slots=True)
class Crediting:
    """How attendance becomes hours.

    minutes_per_hour: minutes of attendance that make one hour (学时); daily_cap_hours: the most that one calendar day
    in Shanghai can credit.
    """

    minutes_per_hour: int
    daily_cap_hours: int
    valid_from: date
    source: str

    @property
    def daily_cap(self) -> timedelta:
        """The most attendance that counts in one day: 8 hours of 45 minutes are 6 clock hours."""
        return timedelta(minutes=self.minutes_per_hour * self.daily_cap_hours)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of attendance from *start* to *end*, both aware.

    Raises CourseError: "naive_time" (no time zone), "interval_ends_before_it_starts" (end must be later than start).
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise CourseError("naive_time", start=self.start, end=self.end)
        if self.end <= self.start:
            raise CourseError("interval_ends_before_it_starts", start=self.start, end=self.end)

    @property
    def duration(self) -> timedelta:
        """Clock time between start and end."""
        return self.end - self.start

    def overlaps(self, other: Interval) -> bool:
        """Say whether the two share a moment; touching ends do not count."""
        return self.start < other.end and other.start < self.end


def minimum_hours(kind: str, is_high_risk: bool) -> int:
    """Return the least hours of an "initial" or "refresher" course by law; 0 for a "campaign", which no rule binds.

    Source: 总局令第3号 art. 9: 32 and 12 a year; mines, hazardous chemicals, fireworks, metal smelting 48 and 16.
    Raises CourseError(code="unknown_course_kind").
    """
    if kind == "campaign":
        return 0
    rule = _minimums()[is_high_risk]
    if kind == "initial":
        return rule.initial
    if kind == "refresher":
        return rule.annual
    raise CourseError("unknown_course_kind", kind=kind)


def crediting() -> Crediting:
    """Return the rule by which attendance is credited. Raises CourseDataError if the file holds a wrong entry."""
    return _crediting()


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same moments as non-overlapping intervals in order of time; touching ones become one."""
    merged: list[Interval] = []
    for each in sorted(intervals, key=lambda interval: interval.start):
        if merged and each.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return tuple(merged)


def by_day(intervals: Iterable[Interval]) -> Mapping[date, timedelta]:
    """Return the attended clock time of each calendar day in Shanghai, overlaps counted once, before any cap.

    An interval over midnight (Shanghai) is divided between the two days.
    """
    attended: dict[date, timedelta] = {}
    for each in merge(intervals):
        for day, duration in _split_by_day(each):
            attended[day] = attended.get(day, timedelta()) + duration
    return MappingProxyType(attended)


def credited_hours(
    intervals: Iterable[Interval], *, at_most: float | None = None, rule: Crediting | None = None
) -> float:
    """Return the hours (学时) that *intervals* of one person in one course are worth, in steps of 0.5, rounded down.

    at_most: the course's own hours, which the credit never exceeds; None credits whatever was attended.
    rule: the crediting rule, by default the one in the data file (45 minutes an hour, 8 hours a Shanghai day).
    Overlapping intervals count once: presence in two classrooms is one presence.
    """
    how = rule or crediting()
    counted = sum((min(duration, how.daily_cap) for duration in by_day(intervals).values()), timedelta())
    # Whole half-hours by integer division of durations: floating minutes could lose the last half-hour of a full day.
    halves = counted // timedelta(minutes=how.minutes_per_hour / 2)
    hours = halves / 2
    return hours if at_most is None else min(hours, float(at_most))


def _split_by_day(interval: Interval) -> Iterator[tuple[date, timedelta]]:
    start, end = interval.start.astimezone(SHANGHAI), interval.end.astimezone(SHANGHAI)
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), time(), SHANGHAI)
        until = min(end, midnight)
        yield start.date(), until - start
        start = until


@cache
def _minimums() -> Mapping[bool, MinimumHours]:
    found = {rule.is_high_risk: rule for rule in map(_minimum, entries(FILE, "minimum"))}
    if set(found) != {True, False}:
        raise CourseDataError("missing_entry", file=FILE, entry="minimum")
    return MappingProxyType(found)


def _minimum(entry: Entry) -> MinimumHours:
    read = MinimumHours(
        is_high_risk=entry.flag("high_risk"),
        initial=entry.within("initial", 1, 500),
        annual=entry.within("annual", 1, 500),
        valid_from=entry.day("valid_from"),
        source=entry.text("source"),
    )
    entry.finish()
    return read


@cache
def _crediting() -> Crediting:
    for entry in entries(FILE, "crediting"):
        read = Crediting(
            minutes_per_hour=entry.within("minutes_per_hour", 1, 60),
            daily_cap_hours=entry.within("daily_cap_hours", 1, 24),
            valid_from=entry.day("valid_from"),
            source=entry.text("source"),
        )
        entry.finish()
        return read
    raise CourseDataError("missing_entry", file=FILE, entry="crediting")
