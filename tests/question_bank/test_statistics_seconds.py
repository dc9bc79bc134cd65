"""Time spent, from the moments at which answers arrived."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.statistics.seconds import EDGES, LogEntry, SecondsSum, seconds_by_slot
from tests.question_bank.samples import quick


def test_the_time_since_the_previous_answer_belongs_to_this_question() -> None:
    log = [(20.0, 1, "a"), (50.0, 2, "b"), (55.0, 3, "c")]
    assert seconds_by_slot(log) == {1: 20.0, 2: 30.0, 3: 5.0}


def test_coming_back_to_a_question_adds_to_it() -> None:
    log = [(20.0, 1, "a"), (50.0, 2, "b"), (60.0, 1, "c")]
    assert seconds_by_slot(log) == {1: 30.0, 2: 30.0}


def test_what_arrived_together_shares_its_interval() -> None:
    """A page that was offline for a while sends what it kept in one request."""
    log = [(10.0, 1, "a"), (70.0, 2, "b"), (70.0, 3, "b"), (70.0, 3, "b")]
    assert seconds_by_slot(log) == {1: 10.0, 2: 30.0, 3: 30.0}


def test_a_clock_set_back_takes_no_time_away() -> None:
    assert seconds_by_slot([(30.0, 1, "a"), (20.0, 2, "b"), (40.0, 3, "c")]) == {1: 30.0, 2: 0.0, 3: 10.0}


def test_an_empty_log_gives_no_time() -> None:
    assert seconds_by_slot([]) == {}


@quick
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 9)), min_size=1, max_size=20))
def test_no_time_is_lost_or_invented(moments: list[tuple[int, int]]) -> None:
    log: list[LogEntry] = [(float(at), slot, at) for at, slot in sorted(moments)]
    spent = seconds_by_slot(log)
    assert sum(spent.values()) == pytest.approx(log[-1][0])
    assert min(spent.values()) >= 0


def test_the_median_lies_within_its_class() -> None:
    # Five people: 12 s (class 10..15), 3 x 22 s (class 20..25), 80 s. The 2.5th lies (2.5 - 1) / 3 into 20..25.
    people = sum((SecondsSum.of(seconds) for seconds in (12, 22, 22, 22, 80)), SecondsSum())
    assert people.median() == pytest.approx(20 + 5 * 1.5 / 3)


def test_the_median_of_nobody_and_of_the_very_slow() -> None:
    assert SecondsSum().median() is None
    assert SecondsSum.of(None) == SecondsSum()
    assert SecondsSum.of(5000).median() == EDGES[-1]


@quick
@given(st.lists(st.integers(0, EDGES[-1] - 1), min_size=1, max_size=30))
def test_the_median_is_off_by_no_more_than_its_class(seconds: list[int]) -> None:
    median = sum((SecondsSum.of(value) for value in seconds), SecondsSum()).median()
    middle = sorted(seconds)[(len(seconds) - 1) // 2]
    low = max(edge for edge in EDGES if edge <= middle)
    assert low <= median <= EDGES[EDGES.index(low) + 1]
