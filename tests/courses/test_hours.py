"""Hours: the statutory minima, and attendance credited once, per Shanghai day, capped and rounded down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import hours as hours_module
from courses import tables
from courses.errors import CourseDataError, CourseError
from courses.hours import SHANGHAI, Crediting, Interval, by_day, credited_hours, crediting, merge, minimum_hours

MONDAY = datetime(2024, 6, 3, tzinfo=SHANGHAI)


def _at(hour: float, length: float, day: int = 0) -> Interval:
    start = MONDAY + timedelta(days=day, hours=hour)
    return Interval(start, start + timedelta(hours=length))


intervals = st.lists(
    st.builds(
        lambda start, length: Interval(MONDAY + timedelta(seconds=start), MONDAY + timedelta(seconds=start + length)),
        st.integers(0, 5 * 86_400),
        st.integers(1, 30 * 3600),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("kind", "is_high_risk", "least"),
    [
        ("initial", True, 48),
        ("refresher", True, 16),
        ("initial", False, 32),
        ("refresher", False, 12),
        ("campaign", True, 0),
    ],
)
def test_minimum_hours_follow_order_3(kind: str, is_high_risk: bool, least: int) -> None:
    assert minimum_hours(kind, is_high_risk) == least


def test_an_unknown_kind_of_course_has_no_minimum() -> None:
    with pytest.raises(CourseError) as refused:
        minimum_hours("evening", False)
    assert refused.value.code == "unknown_course_kind"


def test_an_hour_of_credit_is_45_minutes_and_a_day_gives_eight() -> None:
    assert (crediting().minutes_per_hour, crediting().daily_cap_hours) == (45, 8)
    assert credited_hours([_at(9, 0.75)]) == 1.0
    assert credited_hours([_at(8, 9)]) == 8.0


def test_credit_is_rounded_down_to_half_hours() -> None:
    assert credited_hours([_at(9, 44 / 60)]) == 0.5
    assert credited_hours([_at(9, 22 / 60)]) == 0.0
    assert credited_hours([_at(9, 22 / 60), _at(14, 23 / 60)]) == 1.0


def test_two_classrooms_at_once_count_once() -> None:
    assert credited_hours([_at(9, 3), _at(9, 3), _at(10, 1)]) == credited_hours([_at(9, 3)]) == 4.0


def test_attendance_over_midnight_in_shanghai_is_split_between_the_days() -> None:
    night = Interval(datetime(2024, 6, 3, 15, tzinfo=UTC), datetime(2024, 6, 3, 17, tzinfo=UTC))
    assert dict(by_day([night])) == {date(2024, 6, 3): timedelta(hours=1), date(2024, 6, 4): timedelta(hours=1)}


def test_the_cap_begins_anew_at_midnight_in_shanghai_and_not_in_utc() -> None:
    assert credited_hours([_at(12, 24)]) == 16.0
    assert credited_hours([_at(0, 24)]) == 8.0


def test_credit_never_exceeds_the_course_unless_nobody_asks() -> None:
    week = [_at(8, 6, day) for day in range(5)]
    assert credited_hours(week, at_most=32) == 32
    assert credited_hours(week) == 40.0


def test_nothing_attended_is_nothing_credited() -> None:
    assert credited_hours([]) == 0.0


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(CourseError) as refused:
        Interval(datetime(2024, 6, 3, 9), datetime(2024, 6, 3, 10))  # noqa: DTZ001 - the naive time is the point
    assert refused.value.code == "naive_time"


@pytest.mark.parametrize("length", [0, -1])
def test_an_interval_must_end_after_it_starts(length: float) -> None:
    with pytest.raises(CourseError) as refused:
        _at(9, length)
    assert refused.value.code == "interval_ends_before_it_starts"


@given(intervals, st.randoms(use_true_random=False))
def test_credit_does_not_depend_on_the_order_of_records(attended: list[Interval], random: Any) -> None:
    shuffled = list(attended)
    random.shuffle(shuffled)
    assert credited_hours(shuffled) == credited_hours(attended)


@given(intervals)
def test_merging_is_idempotent_and_leaves_gaps_between_intervals(attended: list[Interval]) -> None:
    merged = merge(attended)
    assert merge(merged) == merged
    assert all(before.end < after.start for before, after in pairwise(merged))


@given(intervals, st.integers(0, 8 * 86_400))
def test_merging_keeps_every_moment_and_adds_none(attended: list[Interval], second: int) -> None:
    moment = MONDAY + timedelta(seconds=second)

    def is_covered(by: tuple[Interval, ...] | list[Interval]) -> bool:
        return any(each.start <= moment < each.end for each in by)

    assert is_covered(merge(attended)) is is_covered(attended)


@given(intervals)
def test_credit_never_exceeds_the_clock(attended: list[Interval]) -> None:
    clock = sum((each.duration for each in merge(attended)), timedelta())
    assert timedelta(minutes=45) * credited_hours(attended) <= clock


@given(intervals, st.integers(1, 24))
def test_no_shanghai_day_credits_more_than_the_cap(attended: list[Interval], cap: int) -> None:
    rule = Crediting(45, cap, date(2024, 1, 1), "样本")
    days = by_day(attended)
    assert credited_hours(attended, rule=rule) <= cap * len(days)
    assert sum(days.values(), timedelta()) == sum((each.duration for each in merge(attended)), timedelta())
    assert all(timedelta() < duration <= timedelta(days=1) for duration in days.values())


@given(intervals, intervals)
def test_more_attendance_never_lowers_the_credit(some: list[Interval], more: list[Interval]) -> None:
    assert credited_hours(some + more) >= credited_hours(some)


@given(intervals, st.integers(0, 60))
def test_credit_stays_within_the_course_and_in_half_hours(attended: list[Interval], course_hours: int) -> None:
    credit = credited_hours(attended, at_most=course_hours)
    assert 0 <= credit <= course_hours
    assert (credit * 2).is_integer()


@pytest.fixture
def hours_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """Let a test write the hours file, and forget it afterwards."""
    written: dict[str, list[dict[str, Any]]] = {"minimum": [], "crediting": []}
    monkeypatch.setattr(tables, "read_table", lambda name: written)
    caches = (hours_module._minimums, hours_module._crediting)
    for cached in caches:
        cached.cache_clear()
    yield written
    for cached in caches:
        cached.cache_clear()


def test_a_file_without_crediting_is_refused(hours_file: dict[str, list[dict[str, Any]]]) -> None:
    with pytest.raises(CourseDataError) as refused:
        crediting()
    assert refused.value.details == {"file": "hours.toml", "entry": "crediting"}


def test_a_file_without_the_high_risk_minimum_is_refused(hours_file: dict[str, list[dict[str, Any]]]) -> None:
    hours_file["minimum"].append(
        {"code": "other", "initial": 32, "annual": 12, "valid_from": date(2024, 1, 1), "source": "样本"}
    )
    with pytest.raises(CourseDataError) as refused:
        minimum_hours("initial", True)
    assert refused.value.code == "missing_entry"


def test_an_hour_of_no_minutes_is_refused(hours_file: dict[str, list[dict[str, Any]]]) -> None:
    hours_file["crediting"].append(
        {
            "code": "default",
            "minutes_per_hour": 0,
            "daily_cap_hours": 8,
            "valid_from": date(2024, 1, 1),
            "source": "样本",
        }
    )
    with pytest.raises(CourseDataError) as refused:
        crediting()
    assert (refused.value.code, refused.value.details["field"]) == ("out_of_range", "minutes_per_hour")
