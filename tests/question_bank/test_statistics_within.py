"""Discrimination within sittings: tables by hand, a published one, and that other papers do not matter."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.statistics.items import item_statistics
from question_bank.statistics.sums import WHOLE, PairSums
from tests.question_bank.answered import sums
from tests.question_bank.samples import quick


def test_a_harder_paper_does_not_make_a_question_discriminate() -> None:
    """Two sittings in which mark and rest have nothing to do with each other; the second paper is harder.

    ======= ==== ==== ================= ======= ========
    sitting mark rest deviation of mark of rest product
    ======= ==== ==== ================= ======= ========
    1       1    .95   .25               .05     .0125
    1       1    .85   .25              -.05    -.0125
    1       1    .90   .25               0       0
    1       0    .90  -.75               0       0
    2       1    .40   .75               0       0
    2       0    .40  -.25               0       0
    2       0    .45  -.25               .05    -.0125
    2       0    .35  -.25              -.05     .0125
    ======= ==== ==== ================= ======= ========

    The products add up to 0. All eight at once: means .5 and .65; deviations of the rest of those who are right .30,
    .20, .25, -.25, of the others .25, -.25, -.20, -.30. Products .5 * .5 + .5 * .5 = .5; squares 2 and .51.
    """
    both = sums([1, 1, 1, 0], [0.95, 0.85, 0.9, 0.9]) + sums([1, 0, 0, 0], [0.4, 0.4, 0.45, 0.35])
    assert item_statistics(both, 2).discrimination == 0.0
    at_once = sums([1, 1, 1, 0, 1, 0, 0, 0], [0.95, 0.85, 0.9, 0.9, 0.4, 0.4, 0.45, 0.35])
    assert item_statistics(at_once, 2).discrimination == pytest.approx(0.5 / sqrt(2 * 0.51))  # 0.495, from nothing


def test_a_harder_paper_does_not_hide_that_a_question_discriminates() -> None:
    """In both sittings those who are right have 0.1 more; but on the easy paper few are right.

    ======= ========= ============== ================ ======== ========
    sitting marks     rests          squares of marks of rests products
    ======= ========= ============== ================ ======== ========
    1       1 0 0 0   .9 .8 .8 .8    .75              .0075    .075
    2       1 1 1 0   .5 .5 .5 .4    .75              .0075    .075
    ======= ========= ============== ================ ======== ========

    Within sittings .15 / sqrt(1.5 * .015) = 1. All eight at once: means .5 and .65, products .5 * (.25 - .45) for the
    right and -.5 * (.45 - .25) for the others, together -.2; squares 2 and 2 * .0625 + 6 * .0225 = .26.
    """
    both = sums([1, 0, 0, 0], [0.9, 0.8, 0.8, 0.8]) + sums([1, 1, 1, 0], [0.5, 0.5, 0.5, 0.4])
    assert item_statistics(both, 2).discrimination == pytest.approx(1.0)
    at_once = sums([1, 0, 0, 0, 1, 1, 1, 0], [0.9, 0.8, 0.8, 0.8, 0.5, 0.5, 0.5, 0.4])
    assert item_statistics(at_once, 2).discrimination == pytest.approx(-0.2 / sqrt(2 * 0.26))  # -0.28


def test_sittings_of_different_size_and_spread_by_hand() -> None:
    """Partial marks too: a weak relation in a large sitting and a strong one in a small one.

    ======= ============= ================ ================ ======== ========
    sitting marks         rests            squares of marks of rests products
    ======= ============= ================ ================ ======== ========
    1       1 .5 .5 0 0   .8 .9 .5 .7 .6   .70              .10      .10
    2       1 0           .6 .2            .50              .08      .20
    ======= ============= ================ ================ ======== ========

    First sitting: means .4 and .7, products .6 * .1 + .1 * .2 - .1 * .2 + 0 + .4 * .1 = .10.
    """
    both = sums([1, 0.5, 0.5, 0, 0], [0.8, 0.9, 0.5, 0.7, 0.6]) + sums([1, 0], [0.6, 0.2])
    assert both.pairs.freedom == 5
    assert item_statistics(both, 2).discrimination == pytest.approx(0.30 / sqrt(1.2 * 0.18))


def test_who_sat_alone_adds_nothing_to_discrimination() -> None:
    """There is nobody in the same sitting to compare with; to facility the person counts as every other."""
    table = sums([1, 1, 0, 0], [0.9, 0.7, 0.6, 0.5])
    alone = sums([0], [1.0])
    assert alone.pairs == PairSums()
    found, before = item_statistics(table + alone, 2), item_statistics(table, 2)
    assert (found.discrimination, found.n, found.facility) == (before.discrimination, 5, 0.4)


def test_thirty_people_who_all_sat_alone_have_no_discrimination() -> None:
    apart = sum((sums([place % 2], [place / 30]) for place in range(1, 30)), sums([0], [0.0]))
    found = item_statistics(apart)
    assert (found.n, found.discrimination) == (30, None)
    assert found.facility == pytest.approx(0.5)


def test_every_sitting_spends_one_degree_of_freedom_of_the_minimum() -> None:
    """Thirty people in one sitting are enough; in two they count as 29, so it takes 31."""
    marks, rests = [1, 0] * 15, [0.8, 0.4] * 15
    assert item_statistics(sums(marks, rests)).discrimination == pytest.approx(1.0)
    halves = sums(marks[:10], rests[:10]) + sums(marks[10:], rests[10:])
    assert (halves.n, halves.pairs.freedom) == (30, 28)
    assert item_statistics(halves).discrimination is None
    one_more = sums([*marks[:10], 1], [*rests[:10], 0.8]) + sums(marks[10:], rests[10:])
    assert item_statistics(one_more).discrimination == pytest.approx(1.0)


SUBJECTS = (
    ((6.68, 3.97), (6.53, 4.12), (6.43, 4.09), (6.33, 3.97)),
    ((6.85, 5.27), (7.06, 5.37), (7.13, 5.41), (7.17, 5.44)),
    (
        *((7.40, 5.67), (7.42, 3.64), (7.41, 4.32), (7.37, 4.73), (7.34, 4.96)),
        *((7.35, 5.04), (7.28, 5.22), (7.30, 4.82), (7.34, 5.07)),
    ),
    ((7.36, 5.67), (7.33, 5.10), (7.29, 5.53), (7.30, 4.75), (7.35, 5.51)),
    (
        *((7.35, 4.28), (7.30, 4.44), (7.30, 4.32), (7.37, 3.23)),
        *((7.27, 4.46), (7.28, 4.72), (7.32, 4.75), (7.32, 4.99)),
    ),
    ((7.38, 4.78), (7.30, 4.73), (7.29, 5.12), (7.33, 4.93), (7.31, 5.03), (7.33, 4.93)),
    ((6.86, 6.85), (6.94, 6.44), (6.92, 6.52)),
    (
        *((7.19, 5.28), (7.29, 4.56), (7.21, 4.34), (7.25, 4.32)),
        *((7.20, 4.41), (7.19, 3.69), (6.77, 6.09), (6.82, 5.58)),
    ),
)
"""pH and PaCO2 of eight patients: table I of Bland and Altman, BMJ 310 (1995) 446."""


def test_the_published_correlation_within_subjects() -> None:
    """They give -0.51; the eight patients leave 47 - 8 = 39 degrees of freedom, of which the slope takes one more."""
    patients = [PairSums.of([(round(ph * WHOLE), round(paco2 * WHOLE)) for ph, paco2 in one]) for one in SUBJECTS]
    found = sum(patients, PairSums())
    assert found.correlation() == pytest.approx(-0.5067697, abs=1e-6)
    assert found.freedom == 39


shares = st.integers(0, WHOLE)
people = st.lists(st.tuples(shares, shares), max_size=12)


@quick
@given(st.lists(people, min_size=1, max_size=4), st.integers(-WHOLE, WHOLE), st.integers(0, 3))
def test_a_paper_that_is_easier_for_all_of_a_sitting_changes_nothing(
    sittings: list[list[tuple[int, int]]], easier: int, which: int
) -> None:
    moved = [
        [(mark, rest + easier) for mark, rest in one] if place == which % len(sittings) else one
        for place, one in enumerate(sittings)
    ]
    before, after = (sum(map(PairSums.of, each), PairSums()) for each in (sittings, moved))
    assert before == after
    assert before.correlation() == after.correlation()


@quick
@given(st.lists(people, max_size=5))
def test_a_correlation_is_one(sittings: list[list[tuple[int, int]]]) -> None:
    found = sum(map(PairSums.of, sittings), PairSums())
    assert found.freedom == sum(max(0, len(one) - 1) for one in sittings)
    correlation = found.correlation()
    assert correlation is None or -1.0 <= correlation <= 1.0


@quick
@given(st.lists(st.integers(0, 20), min_size=1, max_size=12), st.integers(1, 20))
def test_where_all_are_equal_the_sum_is_exactly_nothing(rests: list[int], mark: int) -> None:
    found = PairSums.of([(mark * 333_333, rest) for rest in rests])
    assert (found.mark_squares, found.products, found.correlation()) == (0, 0, None)
