"""Exposure: what papers have used less often comes up more often, in the stated proportion."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations
from statistics import pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.errors import PoolError
from question_bank.exposure import urn
from question_bank.feasibility import feasibility
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from question_bank.questions import Question
from question_bank.randomness import Stream
from tests.question_bank.chi_square import equally, is_fair
from tests.question_bank.samples import SEED, blueprints, quick, single_choice, small_banks

ONE = Decimal(1)
PAPERS = 10_000


def stratum(count: int, **conditions: object) -> Stratum:
    return Stratum("general", "single_choice", count, ONE, **conditions)  # type: ignore[arg-type]


def bank(count: int) -> list[Question]:
    return [single_choice(f"s-{n:03}", difficulty=n % 3 + 1) for n in range(count)]


def used(questions: Sequence[Question], *times: int) -> dict[str, int]:
    """Return how often each of *questions* was used; *times* take turns."""
    return {question.code: times[place % len(times)] for place, question in enumerate(questions)}


def papers(blueprint: Blueprint, pool: Pool) -> list[Paper]:
    return [assemble(blueprint, pool, number.to_bytes(32, "big")) for number in range(PAPERS)]


def drawn_by(sequence: Sequence[int], weights: Mapping[int, int]) -> Fraction:
    """Return how likely *sequence* is, drawn one by one in proportion to *weights*, nothing put back."""
    likelihood, total = Fraction(1), sum(weights.values())
    for item in sequence:
        likelihood *= Fraction(weights[item], total)
        total -= weights[item]
    return likelihood


def drawn_together(items: Sequence[int], weights: Mapping[int, int]) -> Fraction:
    return sum((drawn_by(order, weights) for order in permutations(items)), Fraction(0))


@pytest.mark.parametrize(
    ("exposure", "weights"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7], [8, 8, 4, 4, 2, 2, 1, 1]),
        ([7, 7, 7, 7, 7, 7, 7, 0], [8, 8, 8, 8, 8, 8, 8, 8]),
        ([5, 5, 5, 5], [8, 8, 8, 8]),
        ([0, 0, 1, 9], [8, 8, 2, 1]),
        ([3, 0], [2, 8]),
        ([4, 1, 1], [2, 8, 8]),
    ],
)
def test_the_weight_goes_by_how_many_were_used_less_often(exposure: list[int], weights: list[int]) -> None:
    found = urn(range(len(exposure)), exposure).weights
    assert [found[place] for place in range(len(exposure))] == weights


@quick
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_the_groups_follow_their_definition(exposure: list[int]) -> None:
    found = urn(range(len(exposure)), exposure).weights
    for place, times in enumerate(exposure):
        smaller = sum(other < times for other in exposure)
        assert found[place] == (8, 4, 2, 1)[4 * smaller // len(exposure)]


def test_one_question_is_drawn_in_proportion_to_its_weight() -> None:
    questions = bank(8)
    pool = Pool(questions, used(questions, 3, 6, 0, 9, 30, 12, 21, 15))
    found = Counter(paper.slots[0].question.code for paper in papers(Blueprint((stratum(1),)), pool))
    weights = dict(zip((q.code for q in questions), (8, 4, 8, 4, 1, 2, 1, 2), strict=True))
    assert is_fair(found, {code: PAPERS * weight / 30 for code, weight in weights.items()})
    assert not is_fair(found, equally(list(weights), PAPERS))


def test_several_questions_are_drawn_by_successive_weighted_sampling() -> None:
    questions = bank(7)
    pool = Pool(questions, used(questions, 0, 0, 1, 1, 2, 2, 3))
    weights = dict(enumerate((8, 8, 4, 4, 2, 2, 1)))
    found = Counter(
        tuple(sorted(slot.question.code for slot in paper.slots)) for paper in papers(Blueprint((stratum(3),)), pool)
    )
    likely = {
        tuple(questions[n].code for n in three): drawn_together(three, weights) * PAPERS
        for three in combinations(range(7), 3)
    }
    assert is_fair(found, likely)


def test_an_urn_gives_every_order_as_often_as_its_weights_say() -> None:
    own, stream = urn(range(4), [0, 1, 2, 3]), Stream(SEED, b"urn/")
    found = Counter(tuple(own.in_random_order(stream)) for _ in range(PAPERS))
    weights = dict(enumerate((8, 4, 2, 1)))
    assert is_fair(found, {order: drawn_by(order, weights) * PAPERS for order in permutations(range(4))})


CROSSING = (stratum(2, difficulties=(1, 2)), stratum(2, difficulties=(2, 3)))
WITHIN = (stratum(2, difficulties=(1,)), stratum(2))
WITHIN_AND_NOTHING_TO_SPARE = (stratum(2, difficulties=(1,)), stratum(3))


@pytest.mark.parametrize(
    ("strata", "difficulties", "times"),
    [
        (CROSSING, (1, 2, 3, 1, 2, 3, 1), (2, 0, 1, 5, 3, 0, 4)),
        (WITHIN, (1, 2, 3, 1, 2, 3, 1), (2, 0, 1, 5, 3, 0, 4)),
        (WITHIN_AND_NOTHING_TO_SPARE, (1, 2, 1, 1, 2), (1, 4, 0, 2, 0)),
    ],
    ids=["crossing", "one within the other", "one within the other and nothing to spare"],
)
def test_strata_that_share_questions_are_drawn_as_if_each_were_drawn_by_itself_until_nothing_collides(
    strata: tuple[Stratum, Stratum], difficulties: tuple[int, ...], times: tuple[int, ...]
) -> None:
    questions = [single_choice(f"s-{n}", difficulty=level) for n, level in enumerate(difficulties)]
    pool = Pool(questions, used(questions, *times))
    own = [[n for n, question in enumerate(questions) if each.admits(question)] for each in strata]
    found = Counter(
        tuple(tuple(sorted(int(s.question.code[2:]) for s in paper.slots if s.stratum == n)) for n in (0, 1))
        for paper in papers(Blueprint(strata), pool)
    )
    weights = [urn(places, times).weights for places in own]
    likely: dict[Hashable, Fraction] = {
        (first, second): drawn_together(first, weights[0]) * drawn_together(second, weights[1])
        for first in combinations(own[0], strata[0].count)
        for second in combinations(own[1], strata[1].count)
        if not set(first) & set(second)
    }
    total = sum(likely.values())
    assert is_fair(found, {each: likelihood / total * PAPERS for each, likelihood in likely.items()})


def test_what_was_used_less_does_not_stand_further_up_in_the_paper() -> None:
    questions = bank(12)
    pool = Pool(questions, used(questions, 0, 0, 0, 5))
    often_used = {question.code for question in questions[3::4]}
    found = Counter(
        slot.position
        for paper in papers(Blueprint((stratum(4),)), pool)
        for slot in paper.slots
        if slot.question.code in often_used
    )
    assert is_fair(found, equally([1, 2, 3, 4], found.total()))


@quick
@given(bank=small_banks(), blueprint=blueprints(), times=st.integers(0, 9))
def test_equal_exposure_changes_neither_pool_nor_papers(bank: list[Question], blueprint: Blueprint, times: int) -> None:
    plain, equal = Pool(bank), Pool(bank, used(bank, times) if bank else {"other": 3})
    assert equal.digest == plain.digest
    if plain.plan(blueprint).is_feasible:
        paper = assemble(blueprint, equal, SEED)
        assert paper.to_payload() == assemble(blueprint, plain, SEED).to_payload()
        assert paper.algorithm == ("bikao-draw-2" if blueprint.has_crossing_strata else "bikao-draw-1")


def test_unequal_exposure_is_part_of_the_pool() -> None:
    questions = bank(6)
    digests = {
        Pool(questions).digest,
        Pool(questions, {"s-000": 1}).digest,
        Pool(questions, {"s-000": 2}).digest,
        Pool(questions, {"s-001": 1}).digest,
    }
    assert len(digests) == 4
    same = Pool(questions[::-1], {"s-001": 0, "s-000": 1, "of another bank": 7})
    assert same.digest == Pool(questions, {"s-000": 1}).digest
    assert assemble(Blueprint((stratum(3),)), same, SEED).algorithm == "bikao-draw-2"


@pytest.mark.parametrize("times", [-1, 1.5, True, "3"])
def test_exposure_that_is_no_count_is_refused(times: object) -> None:
    with pytest.raises(PoolError) as refusal:
        Pool(bank(2), {"s-000": times})  # type: ignore[dict-item]
    assert (refusal.value.code, refusal.value.data) == ("bad_exposure", {"question": "s-000"})


def test_sitting_after_sitting_the_questions_are_used_more_evenly() -> None:
    """Twenty sittings of twenty papers, each drawn with the exposure that the sittings before it left."""
    questions, blueprint = bank(60), Blueprint((stratum(12),))
    spread = {}
    for weighted in (True, False):
        times: Counter[str] = Counter()
        for sitting in range(20):
            pool = Pool(questions, dict(times) if weighted else None)
            for number in range(20):
                paper = assemble(blueprint, pool, bytes([sitting, number]) * 16)
                times.update(slot.question.code for slot in paper.slots)
        assert sum(times.values()) == 20 * 20 * 12
        spread[weighted] = pstdev(times[question.code] for question in questions)
    assert spread[True] < spread[False]


def test_with_a_share_too_the_less_used_come_up_more_often() -> None:
    questions = [single_choice(f"s-{n:02}", tags=("x",) if n < 10 else ()) for n in range(40)]
    pool = Pool(questions, {question.code: int(question.code[2:]) % 2 for question in questions})
    blueprint = Blueprint((stratum(10),), minimum_shares=(MinimumShare("x", Decimal(50)),))
    found = Counter(
        (bool(slot.question.tags), int(slot.question.code[2:]) % 2)
        for number in range(500)
        for slot in assemble(blueprint, pool, number.to_bytes(32, "big")).slots
    )
    assert found[True, 0] > 1.3 * found[True, 1]
    assert found[False, 0] > 1.3 * found[False, 1]


def test_overlap_and_difficulty_with_exposure_agree_with_papers() -> None:
    questions = [single_choice(f"s-{n:02}", difficulty=n % 3 + 1) for n in range(40)]
    pool = Pool(questions, {question.code: 5 * (question.difficulty == 3) for question in questions})
    blueprint = Blueprint((stratum(10),))
    report = feasibility(blueprint, pool)
    assert report.is_estimated
    drawn = [assemble(blueprint, pool, number.to_bytes(32, "big")) for number in range(1000)]
    codes = [{slot.question.code for slot in paper.slots} for paper in drawn]
    shared = [len(first & second) for first, second in zip(codes[::2], codes[1::2], strict=True)]
    assert report.expected_overlap == pytest.approx(sum(shared) / 500, abs=0.2)
    assert report.expected_overlap > 10 * 10 / 40 + 0.2
    means = [sum(slot.question.difficulty for slot in paper.slots) / 10 for paper in drawn]
    assert report.mean_difficulty == pytest.approx(sum(means) / 1000, abs=0.04)
    assert report.difficulty_spread == pytest.approx(pstdev(means), rel=0.15)


def test_formulas_hold_for_strata_whose_own_questions_were_used_equally() -> None:
    questions = bank(30)
    pool = Pool(questions, {question.code: question.difficulty for question in questions})
    blueprint = Blueprint(tuple(stratum(2, difficulties=(level,)) for level in (1, 2, 3)))
    report = feasibility(blueprint, pool)
    assert not report.is_estimated
    assert report == feasibility(blueprint, Pool(questions))
