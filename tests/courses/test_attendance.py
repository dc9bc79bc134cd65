"""Attendance flags: two classrooms at once, impossible days, days outside the session, sameness to the second."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.attendance import AttendanceRecord, Flag, SessionDates, class_flags, flags
from courses.hours import SHANGHAI, Crediting, Interval

MONDAY = datetime(2024, 6, 3, tzinfo=SHANGHAI)
SESSIONS = {
    "s1": SessionDates(date(2024, 6, 3), date(2024, 6, 7)),
    "s2": SessionDates(date(2024, 6, 1), date(2024, 6, 9)),
}


def _record(
    number: int,
    start: float,
    hours: float,
    day: int = 0,
    seconds: int = 0,
    classroom: str = "主课堂",
    session: str = "s1",
    person: str = "p1",
) -> AttendanceRecord:
    begin = MONDAY + timedelta(days=day, hours=start, seconds=seconds)
    return AttendanceRecord(f"r{number}", person, session, classroom, Interval(begin, begin + timedelta(hours=hours)))


def _codes(found: tuple[Flag, ...]) -> list[str]:
    return [each.code for each in found]


def test_ordinary_days_raise_no_flag() -> None:
    records = [
        _record(1, 9, 3, seconds=12),
        _record(2, 13.5, 3, seconds=40),
        _record(3, 9, 3, day=1, seconds=5),
        _record(4, 13.5, 3, day=1, seconds=31),
    ]
    assert flags(records, SESSIONS) == ()


def test_two_classrooms_at_once_are_flagged_with_the_shared_minutes() -> None:
    (flag,) = flags([_record(1, 9, 3), _record(2, 11, 3, classroom="分课堂", session="s2")], SESSIONS)
    assert (flag.code, flag.records) == ("overlapping_classrooms", ("r1", "r2"))
    assert dict(flag.data) == {"classrooms": ("主课堂", "分课堂"), "minutes": 60}


def test_the_same_classroom_twice_at_once_is_a_repeated_record() -> None:
    assert _codes(flags([_record(1, 9, 3), _record(2, 9, 3)], SESSIONS)) == ["repeated_record"]


def test_leaving_one_room_and_entering_another_is_no_overlap() -> None:
    assert flags([_record(1, 9, 2), _record(2, 11, 2, classroom="分课堂")], SESSIONS) == ()


def test_a_day_over_the_cap_is_flagged_with_day_and_minutes() -> None:
    (flag,) = flags([_record(1, 8, 4), _record(2, 13, 4, seconds=1)], SESSIONS)
    assert flag.code == "more_than_daily_cap"
    assert dict(flag.data) == {"day": date(2024, 6, 3), "minutes": 480, "cap_hours": 8}


def test_the_cap_comes_from_the_rule() -> None:
    ten = Crediting(60, 10, date(2024, 1, 1), "样本")
    assert flags([_record(1, 8, 9)], SESSIONS, ten) == ()


def test_more_than_24_hours_in_one_day_are_flagged_as_impossible() -> None:
    records = [_record(number, 0, 24, classroom=f"分课堂{number}") for number in range(3)]
    day = [each for each in flags(records, SESSIONS) if each.code == "more_than_a_day"]
    assert [each.data["minutes"] for each in day] == [72 * 60]


def test_a_record_over_midnight_is_judged_by_each_shanghai_day() -> None:
    assert flags([_record(1, 19, 10)], SESSIONS) == ()


@pytest.mark.parametrize("day", [-1, 5])
def test_a_day_outside_the_session_is_flagged(day: int) -> None:
    (flag,) = flags([_record(1, 9, 2, day=day)], SESSIONS)
    assert flag.code == "outside_session"
    assert flag.data["last_day"] == date(2024, 6, 7)


def test_a_record_that_runs_past_the_last_midnight_is_outside_the_session() -> None:
    assert _codes(flags([_record(1, 22, 3, day=4)], SESSIONS)) == ["outside_session"]


def test_days_equal_to_the_second_are_flagged_from_the_fourth_on() -> None:
    records = [_record(day, 9, 3, day=day) for day in range(4)]
    assert _codes(flags(records[:3], SESSIONS)) == []
    (flag,) = flags(records, SESSIONS)
    assert flag.code == "uniform_records"
    assert flag.data["count"] == 4


def test_one_second_of_difference_is_not_uniform() -> None:
    records = [_record(day, 9, 3, day=day, seconds=int(day == 2)) for day in range(4)]
    assert flags(records, SESSIONS) == ()


def test_a_class_that_comes_and_goes_in_the_same_second_is_flagged() -> None:
    records = [_record(number, 9, 3, person=f"p{number}") for number in range(4)]
    (flag,) = class_flags(records)
    assert (flag.code, dict(flag.data)) == ("uniform_class", {"session": "s1", "people": 4})
    assert class_flags(records[:3]) == ()
    assert class_flags([*records[:3], _record(9, 9, 3, seconds=1, person="p9")]) == ()


records = st.lists(
    st.builds(
        _record,
        st.integers(0, 99),
        st.floats(0, 23),
        st.floats(0.1, 30),
        day=st.integers(-1, 6),
        classroom=st.sampled_from(["主课堂", "分课堂"]),
        session=st.sampled_from(["s1", "s2", "unknown"]),
    ),
    max_size=6,
    unique_by=lambda each: each.record,
)


@given(records, st.randoms(use_true_random=False))
def test_flags_do_not_depend_on_the_order_of_records(some: list[AttendanceRecord], random: Any) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    assert flags(shuffled, SESSIONS) == flags(some, SESSIONS)


@given(records)
def test_every_flag_names_records_that_were_given(some: list[AttendanceRecord]) -> None:
    known = {each.record for each in some}
    assert all(set(flag.records) <= known and flag.records for flag in flags(some, SESSIONS))


@given(records)
def test_records_that_never_overlap_raise_no_overlap_flag(some: list[AttendanceRecord]) -> None:
    apart = not any(
        first is not second and first.interval.overlaps(second.interval) for first in some for second in some
    )
    found = {"overlapping_classrooms", "repeated_record"} & set(_codes(flags(some, SESSIONS)))
    assert bool(found) is not apart
