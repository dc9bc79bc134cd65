"""The figures of a question against tables computed by hand, and silence under the minimum n."""

from math import sqrt

import pytest

from question_bank.errors import StatisticsError
from question_bank.statistics.items import ItemStatistics, drift, fewest_best, item_statistics, two_sided_99
from question_bank.statistics.seconds import SecondsSum
from question_bank.statistics.sitting import sums_of
from question_bank.statistics.sums import ItemSums
from tests.question_bank.answered import paper, sums


def test_facility_is_the_mean_share() -> None:
    assert item_statistics(sums([1, 0.5, 0, 1, 0]), 2).facility == 0.5
    assert item_statistics(sums([0, 0]), 2).facility == 0.0
    assert item_statistics(sums([1, 1]), 2).facility == 1.0


def test_discrimination_by_hand() -> None:
    # marks 1 1 1 0 0, rests .9 .8 .6 .5 .2: sum of products of deviations 0.5, of squares 1.2 and 0.30.
    found = item_statistics(sums([1, 1, 1, 0, 0], [0.9, 0.8, 0.6, 0.5, 0.2]), 2)
    assert found.discrimination == pytest.approx(0.5 / sqrt(1.2 * 0.30))
    assert item_statistics(sums([0, 1], [1.0, 0.0]), 2).discrimination == -1.0


def test_discrimination_has_no_meaning_where_all_are_equal() -> None:
    assert item_statistics(sums([1, 1, 1], [0.2, 0.5, 0.9]), 2).discrimination is None
    assert item_statistics(sums([1, 0, 1], [0.7, 0.7, 0.7]), 2).discrimination is None
    assert item_statistics(sums([0.1] * 7, [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]), 2).discrimination is None


def test_nothing_but_the_number_is_given_under_the_minimum() -> None:
    few = sums([1] * 29, [0.5] * 29, {"A": 29}, best=8, best_counts={"A": 8})
    assert item_statistics(few) == ItemStatistics(29)
    enough = item_statistics(few + sums([0], [0.1], {"B": 1}))
    assert (enough.n, enough.counts, enough.best, enough.best_counts) == (30, {"A": 29, "B": 1}, 8, {"A": 8})
    assert enough.facility == pytest.approx(29 / 30)
    together = item_statistics(sums([1] * 29 + [0], [0.5] * 29 + [0.1]))
    assert together.discrimination == pytest.approx(1.0)


def test_of_fewer_than_eight_best_nothing_is_given() -> None:
    """Thirty people who sat in small groups: seven of the best, whose "100 %" would be seven people's."""
    seven = item_statistics(sums([1] * 30, counts={"A": 30}, best=7, best_counts={"A": 7}))
    assert (seven.n, seven.counts, seven.best, seven.best_counts) == (30, {"A": 30}, 0, {})
    eight = item_statistics(sums([1] * 30, counts={"A": 30}, best=8, best_counts={"A": 8}))
    assert (eight.best, eight.best_counts) == (8, {"A": 8})
    assert [fewest_best(minimum) for minimum in (30, 40, 100)] == [8, 11, 27]


def test_the_minimum_holds_for_rests_and_times_as_well() -> None:
    """Thirty people, but only three with another question, and three with a time."""
    mixed = sums([1, 0] * 15, [1.0, 0.0, 1.0], seconds=SecondsSum(3, 60, SecondsSum().classes))
    assert item_statistics(mixed).facility == 0.5
    assert item_statistics(mixed).discrimination is None
    assert item_statistics(mixed).median_seconds is None


def test_the_median_of_thirty_times_is_given() -> None:
    times = sum((SecondsSum.of(22) for _ in range(30)), SecondsSum())
    assert item_statistics(sums([1] * 30, seconds=times)).median_seconds == 22.5


def test_figures_of_a_sitting_by_hand() -> None:
    """Ten people with two other questions each: those who know q1 have 2, 2, 1, 1, 1 of 2, the others 1, 1, 0, 0, 0."""
    known = [paper(("q1", 1, 1, "A"), ("q2", 1, 1, "A"), ("q3", more, 1, "A")) for more in (1, 1, 0, 0, 0)]
    unknown = [paper(("q1", 0, 1, "B"), ("q2", more, 1, "A"), ("q3", 0, 1, "C")) for more in (1, 1, 0, 0, 0)]
    sums = sums_of(known + unknown)["q1", 1]
    found = item_statistics(sums, 10)
    assert (found.n, found.facility, found.counts) == (10, 0.5, {"A": 5, "B": 5})
    # rests in halves: mean .45; squares of deviations 2 * .55^2 + 5 * .05^2 + 3 * .45^2 = 1.225
    # marks: mean .5, squares 10 * .25 = 2.5; products .5 * (3.5 - 1.0) = 1.25
    assert found.discrimination == pytest.approx(1.25 / sqrt(2.5 * 1.225), abs=1e-6)
    # the best: 2.7 of ten; two have everything, and the next five share places 3 to 7. Of two nothing is said.
    assert (sums.best, sums.best_counts) == (2, {"A": 2})
    assert (found.best, found.best_counts) == (0, {})


def test_drift_by_hand() -> None:
    # 40 of 80 right, then 30 of 40: 0.25. Variances of the means .25 / 79 and .1875 / 39.
    found = drift(sums([1] * 40 + [0] * 40), sums([1] * 30 + [0] * 10))
    assert found is not None
    assert (found.difference, found.older_n, found.newer_n) == (pytest.approx(0.25), 80, 40)
    assert found.standard_error == pytest.approx(sqrt(0.25 / 79 + 0.1875 / 39))
    # 0.25 / 0.0893 = 2.80. Degrees of freedom .007972^2 / (.003165^2 / 79 + .004808^2 / 39) = 88: limit 2.63
    assert found.is_significant


def test_a_smaller_change_is_not_significant() -> None:
    found = drift(sums([1] * 40 + [0] * 40), sums([1] * 28 + [0] * 12))
    assert found is not None
    assert not found.is_significant  # 0.20 / 0.0925 = 2.16


def test_few_people_leave_few_degrees_of_freedom() -> None:
    """30 of 30 right, then 24 of 30: -0.2, variances of the means 0 and .16 / 29, so -0.2 / 0.0743 = -2.69.

    All the variance comes from 30 people: 29 degrees of freedom, limit 2.756. By the normal distribution, limit 2.576,
    it would count; Fisher's exact test of the same table gives 2.4 %, far from the 1 % that is claimed.
    """
    found = drift(sums([1] * 30), sums([1] * 24 + [0] * 6))
    assert found is not None
    assert found.standard_error == pytest.approx(sqrt(0.16 / 29))
    assert abs(found.difference) / found.standard_error == pytest.approx(2.693, abs=1e-3)
    assert not found.is_significant
    more = drift(sums([1] * 30), sums([1] * 23 + [0] * 7))  # 0.2333 / sqrt(.178889 / 29) = 2.97
    assert more is not None and more.is_significant


@pytest.mark.parametrize(
    ("freedom", "limit"), [(12, 3.0545), (15, 2.9467), (20, 2.8453), (29, 2.7564), (60, 2.6603), (120, 2.6174)]
)
def test_the_limit_is_that_of_the_table_of_student(freedom: int, limit: float) -> None:
    """Upper 0.5 % points of Student's t, as every table gives them."""
    assert two_sided_99(freedom) == pytest.approx(limit, abs=1e-4)


def test_versions_that_all_answer_alike_do_not_drift() -> None:
    same = drift(sums([1] * 30), sums([1] * 30))
    assert same is not None and (same.difference, same.is_significant) == (0.0, False)
    turned = drift(sums([1] * 30), sums([0] * 30))
    assert turned is not None and (turned.difference, turned.is_significant) == (-1.0, True)


def test_no_drift_is_given_under_the_minimum() -> None:
    assert drift(sums([1] * 30), sums([0] * 29)) is None
    assert drift(ItemSums(), sums([0] * 30)) is None


def test_a_minimum_below_two_is_refused() -> None:
    for refused in (lambda: item_statistics(ItemSums(), 1), lambda: drift(ItemSums(), ItemSums(), 0)):
        with pytest.raises(StatisticsError) as refusal:
            refused()
        assert refusal.value.code == "minimum_too_small"
