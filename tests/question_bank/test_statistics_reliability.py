"""Reliability of drawn papers: a small table by hand, and a simulation whose true-score variance is known."""

import random
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.errors import StatisticsError
from question_bank.statistics.answered import AnsweredPaper
from question_bank.statistics.reliability import SittingStatistics, reliability
from tests.question_bank.answered import paper, points_paper
from tests.question_bank.samples import quick


def test_reliability_by_hand() -> None:
    # Three people, two strata of two questions:
    #
    #        first    second   total   squares of deviations within first, second
    #   1    2  2     1  1     6       0      0
    #   2    2  0     1  0     3       2      0.5
    #   3    0  0     0  0     0       0      0
    #
    # mean 3, observed variance (9 + 0 + 9) / 2 = 9; error 2 * 2 / 3 + 2 * 0.5 / 3 = 5 / 3
    people = [points_paper(rows, 2) for rows in ([[2, 2], [1, 1]], [[2, 0], [1, 0]], [[0, 0], [0, 0]])]
    found = reliability(people, 3)
    assert (found.n, found.mean, found.deviation) == (3, 3.0, 3.0)
    assert found.standard_error == pytest.approx(sqrt(5 / 3))
    assert found.reliability == pytest.approx(1 - 5 / 27)


def test_a_stratum_of_one_question_takes_the_variance_between_people() -> None:
    # First stratum: within-person squares 0, 0.5, 0, 0 over 4 degrees of freedom, times 2: 0.25.
    # Second, one question each: points 3 3 0 0, variance 9 / 3 = 3. Totals 5 4 0 0: observed 20.75 / 3.
    people = [points_paper(rows, 3) for rows in ([[1, 1], [3]], [[1, 0], [3]], [[0, 0], [0]], [[0, 0], [0]])]
    found = reliability(people, 4)
    assert found.standard_error == pytest.approx(sqrt(3.25))
    assert found.reliability == pytest.approx(1 - 3.25 / (20.75 / 3))


def test_nothing_but_the_number_is_given_under_the_minimum() -> None:
    people = [points_paper([[1, 0], [number % 2, 1]]) for number in range(29)]
    assert reliability(people) == SittingStatistics(29)
    assert reliability([*people, people[0]]).mean == pytest.approx(2 + 14 / 30)


def test_equal_totals_have_no_reliability() -> None:
    found = reliability([points_paper([[1, 0, 1]]), points_paper([[0, 1, 1]])], 2)
    assert (found.deviation, found.reliability) == (0.0, None)
    assert found.standard_error == pytest.approx(sqrt(3 * (2 / 3 + 2 / 3) / 4))


def test_papers_without_an_answer_do_not_count() -> None:
    gone = paper(("q1", 0, 1, ""), ("q2", 0, 1, ""))
    people = [points_paper([[1, 0]]), points_paper([[1, 1]])]
    assert reliability([*people, gone], 2) == reliability(people, 2)
    assert reliability([gone], 2) == SittingStatistics(0)


def test_a_minimum_below_two_is_refused() -> None:
    with pytest.raises(StatisticsError) as refusal:
        reliability([], 1)
    assert refusal.value.code == "minimum_too_small"


STRATA = ((20, 1), (10, 2))
"""Questions and points each."""


def sitting(people: int, seed: int, spread: float) -> list[AnsweredPaper]:
    """Return simulated papers, each drawn anew.

    A person answers a question right with chance ability + ease. Abilities lie evenly within *spread* around 0.6,
    eases evenly within -0.2..0.2 around 0 and are drawn for each person: the true share of a person is the ability.
    """
    chance = random.Random(seed)
    papers = []
    for _ in range(people):
        ability = 0.6 + spread * (chance.random() - 0.5)
        rows = [
            [float(worth * (chance.random() < ability + 0.4 * (chance.random() - 0.5))) for _ in range(count)]
            for count, worth in STRATA
        ]
        papers.append(points_paper(rows, 2))
    return papers


def test_the_simulated_reliability_is_the_true_one() -> None:
    """40 points. Abilities spread over 0.4: variance .4^2 / 12, true variance 40^2 * .013333 = 21.33.

    Error variance: 20 * 1 + 10 * 4 = 60 times the mean of p (1 - p) = .6 - .36 - .013333, so 13.6.
    Reliability 21.33 / 34.93 = .6107.
    """
    found = reliability(sitting(4000, seed=20261122, spread=0.4))
    assert found.mean == pytest.approx(24, abs=0.3)
    assert found.standard_error == pytest.approx(sqrt(13.6), rel=0.02)
    assert found.reliability == pytest.approx(21.333 / 34.933, abs=0.02)


def test_where_all_people_are_equal_nothing_is_reliable() -> None:
    found = reliability(sitting(4000, seed=1, spread=0.0))
    assert found.reliability == pytest.approx(0.0, abs=0.06)


def test_two_papers_of_one_person_correlate_as_the_reliability_says() -> None:
    """The meaning of the figure: the correlation with another paper drawn by the same blueprint."""
    chance = random.Random(7)
    abilities = [0.6 + 0.6 * (chance.random() - 0.5) for _ in range(3000)]

    def drawn(ability: float) -> AnsweredPaper:
        return points_paper([[float(chance.random() < ability) for _ in range(count)] for count in (15, 25)])

    first, second = ([drawn(ability) for ability in abilities] for _ in range(2))
    totals = [[float(one.points) for one in papers] for papers in (first, second)]
    means = [sum(values) / len(values) for values in totals]
    together = sum((a - means[0]) * (b - means[1]) for a, b in zip(*totals, strict=True))
    squares = [sum((value - mean) ** 2 for value in values) for values, mean in zip(totals, means, strict=True)]
    assert reliability(first).reliability == pytest.approx(together / sqrt(squares[0] * squares[1]), abs=0.03)


@quick
@given(st.lists(st.lists(st.integers(0, 4), min_size=5, max_size=5), min_size=2, max_size=12), st.integers(2, 5))
def test_points_worth_more_change_the_error_and_not_the_reliability(rows: list[list[int]], factor: int) -> None:
    plain = reliability([points_paper([row[:2], row[2:]], 4) for row in rows], 2)
    scaled = reliability(
        [points_paper([[p * factor for p in part] for part in (row[:2], row[2:])], 20) for row in rows], 2
    )
    assert scaled.standard_error == pytest.approx(plain.standard_error * factor)
    assert (scaled.reliability is None) == (plain.reliability is None)
    if plain.reliability is not None:
        assert scaled.reliability == pytest.approx(plain.reliability)
