"""What looks wrong in attendance (考勤异常): flags for a person to look at, never a verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from types import MappingProxyType

from courses.hours import SHANGHAI, Crediting, Interval, by_day, crediting

# Four equal days may be a timetable read by the same turnstile; below that, sameness says nothing.
UNIFORM_LEAST = 4


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """One stretch of one person's presence.

    record: the record's own identifier; person: who; session: training session; classroom: main or branch classroom;
    every identifier is opaque text to this module.
    """

    record: str
    person: str
    session: str
    classroom: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class SessionDates:
    """First and last day of a training session, both included, in Shanghai."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that looks wrong.

    code: "overlapping_classrooms", "repeated_record", "more_than_daily_cap", "more_than_a_day", "outside_session",
    "uniform_records" or "uniform_class"; records: the records it is about; data: what a message can name.
    """

    code: str
    records: tuple[str, ...]
    data: Mapping[str, object]


def flags(
    records: Sequence[AttendanceRecord],
    sessions: Mapping[str, SessionDates],
    rule: Crediting | None = None,
) -> tuple[Flag, ...]:
    """Return what looks wrong in one person's records, over all sessions, whatever order they come in.

    sessions: dates by session; a record of a session that is not there is not checked against dates.
    rule: the daily cap, by default the one in the data file.
    """
    ordered = sorted(records, key=lambda each: (each.interval.start, each.record))
    how = rule or crediting()
    return (
        *_overlaps(ordered),
        *_long_days(ordered, how),
        *_outside(ordered, sessions),
        *_uniform(ordered),
    )


def class_flags(records: Iterable[AttendanceRecord], least: int = UNIFORM_LEAST) -> tuple[Flag, ...]:
    """Return a flag for each session in which everybody came and went in the same seconds.

    least: how many people make the sameness remarkable. Data: session, people.
    """
    by_session: dict[str, dict[str, list[AttendanceRecord]]] = defaultdict(lambda: defaultdict(list))
    for each in records:
        by_session[each.session][each.person].append(each)
    return tuple(
        Flag(
            "uniform_class",
            _ids(each for own in people.values() for each in own),
            _data(session=session, people=len(people)),
        )
        for session, people in sorted(by_session.items())
        if len(people) >= least and len({_moments(own) for own in people.values()}) == 1
    )


def _overlaps(records: Sequence[AttendanceRecord]) -> Iterator[Flag]:
    """Nobody sits in two classrooms at once; twice in the same one is a repeated entry."""
    for first, second in combinations(records, 2):
        if first.interval.overlaps(second.interval):
            same_room = (first.session, first.classroom) == (second.session, second.classroom)
            code = "repeated_record" if same_room else "overlapping_classrooms"
            shared = min(first.interval.end, second.interval.end) - max(first.interval.start, second.interval.start)
            yield Flag(
                code,
                _ids((first, second)),
                _data(classrooms=(first.classroom, second.classroom), minutes=_minutes(shared)),
            )


def _long_days(records: Sequence[AttendanceRecord], rule: Crediting) -> Iterator[Flag]:
    """Compare each Shanghai day with the cap (overlaps counted once) and with 24 hours (every record counted)."""
    merged = by_day(each.interval for each in records)
    recorded: dict[date, timedelta] = defaultdict(timedelta)
    touching: dict[date, list[AttendanceRecord]] = defaultdict(list)
    for each in records:
        for day, duration in by_day([each.interval]).items():
            recorded[day] += duration
            touching[day].append(each)
    for day, attended in sorted(merged.items()):
        if recorded[day] > timedelta(days=1):
            yield Flag("more_than_a_day", _ids(touching[day]), _data(day=day, minutes=_minutes(recorded[day])))
        elif attended > rule.daily_cap:
            yield Flag(
                "more_than_daily_cap",
                _ids(touching[day]),
                _data(day=day, minutes=_minutes(attended), cap_hours=rule.daily_cap_hours),
            )


def _outside(records: Sequence[AttendanceRecord], sessions: Mapping[str, SessionDates]) -> Iterator[Flag]:
    for each in records:
        dates = sessions.get(each.session)
        if dates is None:
            continue
        days = by_day([each.interval])
        if min(days) < dates.first_day or max(days) > dates.last_day:
            yield Flag(
                "outside_session",
                _ids((each,)),
                _data(session=each.session, first_day=dates.first_day, last_day=dates.last_day),
            )


def _uniform(records: Sequence[AttendanceRecord]) -> Iterator[Flag]:
    """People do not come and go at the same second day after day; a list filled in by hand does."""
    shapes = Counter(_shape(each) for each in records)
    for shape, count in shapes.items():
        if count >= UNIFORM_LEAST and count == len(records):
            yield Flag("uniform_records", _ids(records), _data(start=shape[0], minutes=_minutes(shape[1]), count=count))


def _shape(each: AttendanceRecord) -> tuple[str, timedelta]:
    return each.interval.start.astimezone(SHANGHAI).time().isoformat(), each.interval.duration


def _moments(records: Iterable[AttendanceRecord]) -> frozenset[tuple[object, object]]:
    return frozenset((each.interval.start, each.interval.end) for each in records)


def _ids(records: Iterable[AttendanceRecord]) -> tuple[str, ...]:
    return tuple(each.record for each in records)


def _minutes(duration: timedelta) -> int:
    return duration // timedelta(minutes=1)


def _data(**data: object) -> Mapping[str, object]:
    return MappingProxyType(data)
