"""The sums of a sitting against a table computed by hand, and that they add up."""

import json
from decimal import Decimal
from math import sqrt

import pytest
from hypothesis import given

from question_bank.blueprint import Blueprint, Stratum
from question_bank.errors import StatisticsError
from question_bank.marking import mark_paper
from question_bank.papers import assemble
from question_bank.pool import Pool
from question_bank.statistics.answered import AnsweredPaper, answered
from question_bank.statistics.sitting import sums_of
from question_bank.statistics.sums import WHOLE, ItemSums, PairSums
from tests.question_bank.answered import any_papers, any_sums, paper, slot
from tests.question_bank.samples import SEED, quick, single_choice

# Four people, q3 worth two points. The rest is what the others of the person's questions gave of what they were worth:
#
#        q1     q2     q3     q4     total   rest of q1   of q2   of q3
#   1    1 A    1 A    2 A    -      4/4     3/3          3/3     2/2
#   2    1 A    0 B    2 A    -      3/4     2/3          3/3     1/2
#   3    0 B    1 A    0 C    -      1/4     1/3          0/3     1/2
#   4    -      0      0 C    0      0/4     -            0/3     0/2
SITTING = [
    paper(("q1", 1, 1, "A"), ("q2", 1, 1, "A"), ("q3", 2, 2, "A")),
    paper(("q1", 1, 1, "A"), ("q2", 0, 1, "B"), ("q3", 2, 2, "A")),
    paper(("q1", 0, 1, "B"), ("q2", 1, 1, "A"), ("q3", 0, 2, "C")),
    paper(("q4", 0, 1, ""), ("q2", 0, 1, ""), ("q3", 0, 2, "C")),
]


def test_the_sums_of_a_sitting_by_hand() -> None:
    found = sums_of(SITTING)
    assert list(found) == [("q1", 1), ("q2", 1), ("q3", 1), ("q4", 1)]
    q1 = found["q1", 1]
    assert (q1.papers, q1.n, q1.marks, q1.mark_squares) == (3, 3, 2 * WHOLE, 2 * WHOLE**2)
    # marks 1 1 0, mean 2/3: squares 1/9 + 1/9 + 4/9; rests 1 2/3 1/3, mean 2/3: squares 1/9 + 0 + 1/9;
    # products 1/3 * 1/3 + 0 + 2/3 * 1/3
    assert q1.pairs.freedom == 2
    assert q1.pairs.mark_squares / WHOLE**2 == pytest.approx(2 / 3, abs=1e-5)
    assert q1.pairs.rest_squares / WHOLE**2 == pytest.approx(2 / 9, abs=1e-5)
    assert q1.pairs.products / WHOLE**2 == pytest.approx(1 / 3, abs=1e-5)
    assert q1.pairs.correlation() == pytest.approx(1 / 3 / sqrt(2 / 3 * 2 / 9), abs=1e-5)


def test_options_are_counted_and_blanks_too() -> None:
    found = sums_of(SITTING)
    assert found["q1", 1].counts == {"A": 2, "B": 1}
    assert found["q2", 1].counts == {"A": 2, "B": 1, "": 1}
    assert found["q3", 1].counts == {"A": 2, "C": 2}
    assert found["q4", 1].counts == {"": 1}


def test_the_best_are_the_upper_27_percent_by_the_rest() -> None:
    """Of four people 1.08 are the best: one. On q2 the rests are 3/3, 3/3, 0, 0: two share places 1 and 2."""
    found = sums_of(SITTING)
    assert (found["q1", 1].best, found["q1", 1].best_counts) == (1, {"A": 1})
    assert (found["q2", 1].best, found["q2", 1].best_counts) == (2, {"A": 1, "B": 1})
    assert (found["q4", 1].best, found["q4", 1].best_counts) == (0, {})


def test_nobody_is_among_the_best_by_the_question_itself() -> None:
    """With q1 the first person leads with 10 of 20; without it nobody is behind them."""
    leading = paper(("q1", 10, 10, "A"), ("q2", 0, 10, "B"))
    others = [paper(("q3", 4, 10, "A"), ("q4", 4, 10, "A")) for _ in range(3)]
    assert sums_of([leading, *others])["q1", 1].best == 0
    assert sums_of([leading, *others])["q2", 1].best == 1


def test_ten_equals_are_not_all_the_best() -> None:
    equals = [paper(("q1", 1, 1, "A"), ("q2", 1, 1, "A")) for _ in range(10)]
    assert sums_of(equals)["q1", 1].best == 0


@pytest.mark.parametrize(("people", "best"), [(1, 0), (2, 1), (4, 1), (6, 2), (10, 3), (100, 27)])
def test_how_many_are_the_best(people: int, best: int) -> None:
    papers = [paper(("q1", 1, 1, "A"), ("q2", number, 100, "A")) for number in range(people)]
    assert sums_of(papers)["q1", 1].best == best


def test_a_person_who_left_at_once_counts_as_a_paper_only() -> None:
    gone = paper(("q1", 0, 1, ""), ("q2", 0, 1, ""))
    found = sums_of([*SITTING, gone])
    assert (found["q1", 1].papers, found["q1", 1].n) == (4, 3)
    assert found["q1", 1].best == 1
    assert sums_of([gone])["q1", 1] == ItemSums(papers=1)


def test_a_question_that_was_dropped_is_left_out_of_everything() -> None:
    papers = [paper(("q1", 0, 0, "A"), ("q2", 1, 1, "A"), ("q3", 0, 1, "A"))]
    found = sums_of(papers)
    assert list(found) == [("q2", 1), ("q3", 1)]
    assert found["q2", 1].pairs == PairSums()  # one person has nobody to be compared with


def test_a_paper_of_one_question_has_no_rest() -> None:
    alone = sums_of([paper(("q1", 1, 2, "A"))])["q1", 1]
    assert (alone.n, alone.marks, alone.pairs, alone.best) == (1, WHOLE // 2, PairSums(), 0)


def test_times_are_summed() -> None:
    papers = [AnsweredPaper((slot("q1", 1, 1, "A", seconds=seconds),)) for seconds in (4.4, 70, 2000)]
    seconds = sums_of(papers)["q1", 1].seconds
    assert (seconds.n, seconds.total) == (3, 2074)


@quick
@given(any_papers, any_papers)
def test_sums_of_two_sittings_count_everybody_of_both(first: list[AnsweredPaper], second: list[AnsweredPaper]) -> None:
    ours, theirs, both = sums_of(first), sums_of(second), sums_of(first + second)
    for item, whole in both.items():
        added = ours.get(item, ItemSums()) + theirs.get(item, ItemSums())
        assert (added.papers, added.n, added.marks) == (whole.papers, whole.n, whole.marks)
        assert (added.counts, added.seconds) == (whole.counts, whole.seconds)


@quick
@given(any_papers)
def test_counts_and_times_hang_together(papers: list[AnsweredPaper]) -> None:
    for sums in sums_of(papers).values():
        assert sums.best <= sums.n <= sums.papers <= len(papers)
        assert all(sums.best_counts[taken] <= sums.counts[taken] for taken in sums.best_counts)
        assert sum(sums.counts.values()) >= sums.n
        assert sums.seconds.n == sum(sums.seconds.classes) <= sums.n


@quick
@given(any_sums(), any_sums(), any_sums())
def test_adding_knows_no_order(one: ItemSums, two: ItemSums, three: ItemSums) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + ItemSums() == one


@quick
@given(any_sums(), any_sums())
def test_what_was_added_can_be_taken_away_without_a_trace(one: ItemSums, two: ItemSums) -> None:
    assert (one + two) - two == one
    assert one - one == ItemSums()


@quick
@given(any_sums())
def test_sums_survive_json(sums: ItemSums) -> None:
    assert ItemSums.from_payload(json.loads(json.dumps(sums.to_payload()))) == sums


def test_pairs_without_their_sittings_are_left_out_and_the_rest_is_read() -> None:
    """Raw sums of mark and rest, as they were once kept, tell nothing of any sitting."""
    stored = {"papers": 3, "n": 3, "marks": 2 * WHOLE, "pairs": [3, 2, 2, 2, 2, 1], "counts": {"right": 2, "wrong": 1}}
    read = ItemSums.from_payload(stored)
    assert read == ItemSums(papers=3, n=3, marks=2 * WHOLE, counts={"right": 2, "wrong": 1})
    again = sums_of(SITTING)["q1", 1]
    assert (read + again - read).pairs == again.pairs


@pytest.mark.parametrize(
    "damage",
    [
        {"pairs": None},
        {"pairs": [0.5]},
        {"within": None},
        {"within": [1, 2, 3]},
        {"within": [1, 2, 3, 4, 5]},
        {"within": [1, -2, 3, 4]},
        {"within": [1, 2, 3, 4.5]},
        {"seconds": None},
        {"n": "3"},
        {"n": -1},
        {"counts": {"A": 1.5}},
        {"surprise": 1},
        {"seconds": {"n": 1, "total": 1, "classes": {"99": 1}}},
        {"counts": ["A"]},
    ],
)
def test_damaged_sums_are_refused(damage: dict[str, object]) -> None:
    with pytest.raises(StatisticsError) as refusal:
        ItemSums.from_payload({**ItemSums().to_payload(), **damage})
    assert refusal.value.code == "damaged_sums"


def test_a_marked_paper_becomes_an_answered_one() -> None:
    strata = (Stratum("general", "single_choice", 3, Decimal(2)),)
    drawn = assemble(Blueprint(strata), Pool([single_choice(f"s-{n}") for n in range(3)]), SEED)
    right = {1: list(drawn.slots[0].shown(drawn.slots[0].question.key))}
    found = answered(drawn, mark_paper(drawn, right).marks, {1: 12.5})
    assert [one.taken for one in found.slots] == [("B",), ("",), ("",)]
    assert [one.seconds for one in found.slots] == [12.5, None, None]
    assert (found.points, found.worth, found.is_blank) == (Decimal(2), Decimal(6), False)
    assert found.slots[0].item == (drawn.slots[0].question.code, 1)
