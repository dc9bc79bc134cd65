"""Minimum shares: exact in feasibility, held by every paper."""

from collections.abc import Sequence
from decimal import Decimal
from math import comb
from statistics import pstdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.errors import PaperError
from question_bank.feasibility import ShareShortfall, feasibility
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from question_bank.questions import MAJOR_HAZARD_CRITERIA, Question
from tests.question_bank.samples import SEED, case_study, quick, single_choice, small_banks, strata, thorough

ONE = Decimal(1)


def stratum(count: int, **conditions: object) -> Stratum:
    return Stratum("general", "single_choice", count, ONE, **conditions)  # type: ignore[arg-type]


def share(tag: str, percent: int | str) -> MinimumShare:
    return MinimumShare(tag, Decimal(percent))


@st.composite
def blueprints_with_shares(draw: st.DrawFn) -> Blueprint:
    """A blueprint of one to three strata over small_banks, with one share or two."""
    tags = draw(st.sampled_from([("x",), ("y",), ("x", "y"), ("x", "y"), ("x", "y")]))
    return Blueprint(
        tuple(draw(st.lists(strata(most=3), min_size=1, max_size=3))),
        minimum_shares=tuple(MinimumShare(tag, Decimal(draw(st.integers(1, 100)))) for tag in tags),
    )


exposures = st.dictionaries(st.integers(0, 13).map("s-{}".format), st.integers(0, 5))


def numbers_that_papers_can_hold(questions: Sequence[Question], blueprint: Blueprint) -> set[tuple[int, ...]]:
    """Return, for every full paper there is, how many of its questions count towards each share."""
    tags = [each.tag for each in blueprint.minimum_shares]
    reached = {(tuple(own.count for own in blueprint.strata), (0,) * len(tags))}
    for question in questions:
        carried = [tag in question.tags for tag in tags]
        for needs, numbers in tuple(reached):
            for number, own in enumerate(blueprint.strata):
                if needs[number] and own.admits(question):
                    fewer = (*needs[:number], needs[number] - 1, *needs[number + 1 :])
                    reached.add((fewer, tuple(n + has for n, has in zip(numbers, carried, strict=True))))
    return {numbers for needs, numbers in reached if not any(needs)}


@thorough
@given(bank=small_banks(most=10), blueprint=blueprints_with_shares())
def test_feasibility_with_shares_agrees_with_trying_everything(bank: list[Question], blueprint: Blueprint) -> None:
    possible = numbers_that_papers_can_hold(bank, blueprint)
    needs = [each.needed(blueprint.count) for each in blueprint.minimum_shares]
    report = feasibility(blueprint, Pool(bank))
    assert report.is_feasible == any(all(n >= need for n, need in zip(p, needs, strict=True)) for p in possible)
    assert bool(report.shortfalls) == (not possible)
    assert bool(report.share_shortfalls) == (bool(possible) and not report.is_feasible)
    most = [max((numbers[place] for numbers in possible), default=0) for place in range(len(needs))]
    tags = [each.tag for each in blueprint.minimum_shares]
    if any(has < need for has, need in zip(most, needs, strict=True)):
        expected = [ShareShortfall(*row) for row in zip(tags, needs, most, strict=True) if row[2] < row[1]]
    else:
        beside = max((numbers[1] for numbers in possible if numbers[0] >= needs[0]), default=0) if needs[1:] else 0
        expected = [ShareShortfall(tags[1], needs[1], beside, competitor=tags[0])] if needs[1:] else []
    assert list(report.share_shortfalls) == (expected if report.share_shortfalls else [])


@thorough
@given(bank=small_banks(), blueprint=blueprints_with_shares(), used=exposures, number=st.integers(0, 2**64))
def test_a_paper_is_full_and_holds_every_share(
    bank: list[Question], blueprint: Blueprint, used: dict[str, int], number: int
) -> None:
    pool = Pool(bank, used)
    assume(pool.plan(blueprint).is_feasible)
    paper = assemble(blueprint, pool, number.to_bytes(32, "big"))
    assert len({slot.question.code for slot in paper.slots}) == len(paper.slots) == blueprint.count
    assert all(blueprint.strata[slot.stratum].admits(slot.question) for slot in paper.slots)
    assert [sum(slot.stratum == n for slot in paper.slots) for n in range(len(blueprint.strata))] == [
        own.count for own in blueprint.strata
    ]
    for each in blueprint.minimum_shares:
        assert carrying(paper, each.tag) >= each.needed(blueprint.count)
    assert paper.algorithm == "bikao-draw-2"
    assert assemble(blueprint, Pool(bank[::-1], used), number.to_bytes(32, "big")) == paper


def carrying(paper: Paper, tag: str) -> int:
    return sum(tag in slot.question.tags for slot in paper.slots)


@quick
@given(bank=small_banks(), blueprint=blueprints_with_shares())
def test_a_share_that_cannot_be_held_gives_no_paper(bank: list[Question], blueprint: Blueprint) -> None:
    report = feasibility(blueprint, Pool(bank))
    assume(report.share_shortfalls)
    with pytest.raises(PaperError) as refusal:
        assemble(blueprint, Pool(bank), SEED)
    assert refusal.value.code == "not_feasible"
    assert refusal.value.data["missing"] == ()
    assert {each.tag for each in report.share_shortfalls} <= set(refusal.value.data["shares"])  # type: ignore[call-overload]


def test_the_report_says_how_many_questions_a_share_lacks() -> None:
    bank = [single_choice(f"s-{n}", tags=("x",) if n < 3 else ()) for n in range(40)]
    report = feasibility(Blueprint((stratum(20),), minimum_shares=(share("x", 25),)), Pool(bank))
    assert not report.is_feasible
    assert report.shortfalls == ()
    assert report.share_shortfalls == (ShareShortfall("x", needed=5, available=3),)
    assert report.expected_overlap is None


def test_tagged_questions_that_no_stratum_has_room_for_do_not_help() -> None:
    # Ten questions carry the tag, but only two places are open to them.
    bank = [single_choice(f"x-{n}", difficulty=1, tags=("x",)) for n in range(10)]
    bank += [single_choice(f"s-{n}", difficulty=2) for n in range(20)]
    blueprint = Blueprint(
        (stratum(2, difficulties=(1,)), stratum(8, difficulties=(2,))), minimum_shares=(share("x", 30),)
    )
    assert feasibility(blueprint, Pool(bank)).share_shortfalls == (ShareShortfall("x", needed=3, available=2),)


def test_two_shares_that_exclude_each_other_name_each_other() -> None:
    bank = [single_choice(f"s-{n}", tags=("x",) if n % 2 else ("y",)) for n in range(20)]
    report = feasibility(Blueprint((stratum(10),), minimum_shares=(share("x", 60), share("y", 60))), Pool(bank))
    assert report.share_shortfalls == (ShareShortfall("y", needed=6, available=4, competitor="x"),)


def test_a_question_with_both_tags_counts_towards_both_shares() -> None:
    bank = [single_choice(f"s-{n}", tags=("x", "y") if n < 6 else ()) for n in range(20)]
    blueprint = Blueprint((stratum(10),), minimum_shares=(share("x", 60), share("y", 60)))
    assert feasibility(blueprint, Pool(bank)).is_feasible
    paper = assemble(blueprint, Pool(bank), SEED)
    assert (carrying(paper, "x"), carrying(paper, "y")) == (6, 6)


def test_making_room_for_one_tag_moves_questions_of_the_other() -> None:
    # A question of x that first took the place of y's only question has to give way to another question of x.
    bank = [
        single_choice("s-1", difficulty=1, tags=("x",)),
        single_choice("s-2", difficulty=2, tags=("x",)),
        single_choice("s-3", difficulty=1, tags=("y",)),
        single_choice("s-4", difficulty=2),
    ]
    blueprint = Blueprint(
        (stratum(1, difficulties=(1,)), stratum(1, difficulties=(2,))),
        minimum_shares=(share("x", 50), share("y", 50)),
    )
    assert feasibility(blueprint, Pool(bank)).is_feasible
    assert {slot.question.code for slot in assemble(blueprint, Pool(bank), SEED).slots} == {"s-2", "s-3"}


def test_a_case_study_counts_once_towards_a_share() -> None:
    bank = [single_choice(f"s-{n}") for n in range(9)] + [case_study("c-1", tags=(MAJOR_HAZARD_CRITERIA,))]
    strata_ = (stratum(9), Stratum("general", "case_study", 1, Decimal(10)))
    blueprint = Blueprint(strata_, minimum_shares=(share(MAJOR_HAZARD_CRITERIA, 10),))
    assert feasibility(blueprint, Pool(bank)).is_feasible
    eleven = Blueprint(strata_, minimum_shares=(share(MAJOR_HAZARD_CRITERIA, 11),))
    assert feasibility(eleven, Pool(bank)).share_shortfalls == (ShareShortfall(MAJOR_HAZARD_CRITERIA, 2, 1),)


def test_a_share_far_above_what_chance_gives_is_held_by_every_paper() -> None:
    # One question of 50 carries the tag, one of five is asked for, in two strata: chance alone would never get there.
    bank = [single_choice(f"s-{n:03}", difficulty=n % 2 + 1, tags=("x",) if n % 50 < 2 else ()) for n in range(600)]
    blueprint = Blueprint(
        (stratum(40, difficulties=(1,)), stratum(10, difficulties=(2,))), minimum_shares=(share("x", 20),)
    )
    pool = Pool(bank)
    papers = [assemble(blueprint, pool, number.to_bytes(32, "big")) for number in range(50)]
    assert {carrying(paper, "x") for paper in papers} <= {10, 11, 12, 13}
    assert len({slot.question.code for paper in papers for slot in paper.slots if slot.question.tags}) == 24


@pytest.mark.parametrize("used", [{}, {f"s-{n}": n % 7 for n in range(30)}], ids=["unused", "used"])
def test_a_pool_with_nothing_to_spare_holds_both_shares(used: dict[str, int]) -> None:
    """Three crossing strata take all but four of 30 questions, and each share all of its own but one."""
    bank = [
        single_choice(f"s-{n}", difficulty=n % 3 + 1, tags=(("x",), ("y",), ("x", "y"), ())[n % 4]) for n in range(30)
    ]
    blueprint = Blueprint(
        (stratum(9, difficulties=(1, 2)), stratum(9, difficulties=(2, 3)), stratum(8, difficulties=(1, 3))),
        minimum_shares=(share("x", 54), share("y", 54)),
    )
    pool = Pool(bank, used)
    papers = [assemble(blueprint, pool, number.to_bytes(32, "big")) for number in range(30)]
    assert {len({slot.question.code for slot in paper.slots}) for paper in papers} == {26}
    assert min(carrying(paper, tag) for paper in papers for tag in "xy") == 15
    # None is left out of all papers and, but for what must be there, none is in all of them.
    assert len({slot.question.code for paper in papers for slot in paper.slots}) == 30


def test_overlap_and_difficulty_with_a_share_agree_with_papers() -> None:
    bank = [
        single_choice(f"s-{n}", difficulty=3 if n % 6 == 0 else n % 2 + 1, tags=("x",) if n % 6 == 0 else ())
        for n in range(60)
    ]
    blueprint = Blueprint((stratum(12),), minimum_shares=(share("x", 50),))
    pool = Pool(bank)
    report = feasibility(blueprint, pool)
    assert report.is_estimated
    # Six or a little more of 10 tagged, six or a little fewer of 50 others: see the hypergeometric numbers of papers.
    ways = {k: comb(10, k) * comb(50, 12 - k) for k in range(6, 11)}
    mean = sum(k * n for k, n in ways.items()) / sum(ways.values())
    assert report.expected_overlap == pytest.approx(mean**2 / 10 + (12 - mean) ** 2 / 50, abs=0.1)
    papers = [assemble(blueprint, pool, number.to_bytes(32, "big")) for number in range(400)]
    means = [sum(slot.question.difficulty for slot in paper.slots) / 12 for paper in papers]
    assert report.mean_difficulty == pytest.approx(sum(means) / 400, abs=0.03)
    assert report.difficulty_spread == pytest.approx(pstdev(means), rel=0.15)
