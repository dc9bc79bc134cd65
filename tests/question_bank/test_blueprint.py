"""Blueprints and their feasibility, exact where strata overlap."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import DEFAULT_MAJOR_HAZARD_PERCENT, Blueprint, MinimumShare, Stratum, holds_share
from question_bank.draw import Plan
from question_bank.errors import BlueprintError
from question_bank.feasibility import decide, feasibility
from question_bank.kinds import KINDS
from question_bank.papers import assemble
from question_bank.pool import Pool
from question_bank.questions import Question
from question_bank.randomness import Stream
from tests.question_bank.samples import SEED, blueprints, single_choice, small_banks, thorough

ONE = Decimal(1)


def stratum(count: int, **conditions: object) -> Stratum:
    return Stratum("general", "single_choice", count, ONE, **conditions)  # type: ignore[arg-type]


def most_that_can_be_placed(questions: Sequence[Question], blueprint: Blueprint) -> int:
    """Return the size of the largest filling, by trying every way to place every question."""
    seen: set[tuple[int, tuple[int, ...]]] = set()
    best = 0
    stack = [(0, tuple(s.count for s in blueprint.strata))]
    while stack:
        place, needs = stack.pop()
        if (place, needs) in seen:
            continue
        seen.add((place, needs))
        best = max(best, blueprint.count - sum(needs))
        if place < len(questions):
            stack.append((place + 1, needs))
            for number, own in enumerate(blueprint.strata):
                if needs[number] and own.admits(questions[place]):
                    stack.append((place + 1, (*needs[:number], needs[number] - 1, *needs[number + 1 :])))
    return best


@thorough
@given(bank=small_banks(), blueprint=blueprints())
def test_feasibility_agrees_with_trying_everything(bank: list[Question], blueprint: Blueprint) -> None:
    report = feasibility(blueprint, Pool(bank))
    best = most_that_can_be_placed(bank, blueprint)
    assert report.is_feasible == (best == blueprint.count)
    assert sum(shortfall.missing for shortfall in report.shortfalls) == blueprint.count - best
    assert report.available == tuple(sum(s.admits(question) for question in bank) for s in blueprint.strata)


@thorough
@given(bank=small_banks(), blueprint=blueprints())
def test_deciding_alone_says_the_same_without_an_outlook(bank: list[Question], blueprint: Blueprint) -> None:
    outlook = {"expected_overlap": None, "mean_difficulty": None, "difficulty_spread": None, "is_estimated": False}
    assert decide(blueprint, Pool(bank)) == replace(feasibility(blueprint, Pool(bank)), **outlook)


@thorough
@given(bank=small_banks(), blueprint=blueprints())
def test_a_shortfall_names_strata_that_together_admit_too_few(bank: list[Question], blueprint: Blueprint) -> None:
    for shortfall in feasibility(blueprint, Pool(bank)).shortfalls:
        named = [blueprint.strata[number] for number in (shortfall.stratum, *shortfall.competitors)]
        admitted = sum(any(own.admits(question) for own in named) for question in bank)
        assert admitted <= sum(own.count for own in named) - shortfall.missing


def test_counts_alone_do_not_decide() -> None:
    # Each stratum finds its three questions by itself; together they need six of five.
    bank = [single_choice(f"s-{number}", difficulty=number % 2 + 1, tags=("x",)) for number in range(5)]
    report = feasibility(Blueprint((stratum(3), stratum(3, tags=("x",)))), Pool(bank))
    assert not report.is_feasible
    (shortfall,) = report.shortfalls
    assert (shortfall.needed, shortfall.available, shortfall.missing) == (3, 5, 1)
    assert {shortfall.stratum, *shortfall.competitors} == {0, 1}
    assert report.expected_overlap is None


def test_a_stratum_that_is_short_by_itself_has_no_competitors() -> None:
    bank = [single_choice(f"s-{number}", difficulty=number % 2 + 1) for number in range(6)]
    report = feasibility(Blueprint((stratum(2, difficulties=(1,)), stratum(5, difficulties=(2,)))), Pool(bank))
    (shortfall,) = report.shortfalls
    assert (shortfall.stratum, shortfall.needed, shortfall.available, shortfall.missing) == (1, 5, 3, 2)
    assert shortfall.competitors == ()


def test_overlap_and_difficulty_by_hand() -> None:
    # 5 of 10 and 2 of 8: 2.5 + 0.5 shared on average; difficulties 1,2 by halves and always 3.
    bank = [single_choice(f"a-{number}", difficulty=number % 2 + 1) for number in range(10)]
    bank += [single_choice(f"b-{number}", difficulty=3) for number in range(8)]
    report = feasibility(Blueprint((stratum(5, difficulties=(1, 2)), stratum(2, difficulties=(3,)))), Pool(bank))
    assert report.expected_overlap == pytest.approx(3.0)
    assert report.mean_difficulty == pytest.approx((5 * 1.5 + 2 * 3) / 7)
    # Variance of a sum of 5 of 10 without replacement: 5 * 0.25 * 5/9.
    assert report.difficulty_spread == pytest.approx((5 * 0.25 * 5 / 9) ** 0.5 / 7)
    assert not report.is_estimated


def test_the_estimate_for_strata_that_share_questions_agrees_with_papers() -> None:
    bank = [single_choice(f"s-{n}", difficulty=n % 3 + 1, tags=("x",) if n % 4 == 0 else ()) for n in range(36)]
    blueprint = Blueprint((stratum(6, difficulties=(1, 2)), stratum(4, tags=("x",))))
    pool = Pool(bank)
    report = feasibility(blueprint, pool)
    assert report.is_estimated
    papers = [assemble(blueprint, pool, number.to_bytes(32, "big")) for number in range(400)]
    drawn = [{slot.question.code for slot in paper.slots} for paper in papers]
    shared = [len(first & second) for first, second in zip(drawn[::2], drawn[1::2], strict=True)]
    assert report.expected_overlap == pytest.approx(sum(shared) / len(shared), abs=0.35)
    means = [sum(slot.question.difficulty for slot in paper.slots) / 10 for paper in papers]
    assert report.mean_difficulty == pytest.approx(sum(means) / len(means), abs=0.05)


shares = st.lists(
    st.builds(MinimumShare, st.sampled_from(["x", "重点", "a_b"]), st.decimals(1, 100, places=2)),
    max_size=2,
    unique_by=lambda share: share.tag,
).map(tuple)


@thorough
@given(blueprint=blueprints(), shares=shares)
def test_a_blueprint_survives_storage(blueprint: Blueprint, shares: tuple[MinimumShare, ...]) -> None:
    blueprint = replace(blueprint, minimum_shares=shares)
    again = Blueprint.from_payload(json.loads(json.dumps(blueprint.to_payload())))
    assert again == blueprint
    assert again.digest == blueprint.digest
    assert ("minimum_shares" in blueprint.to_payload()) == bool(shares)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_stratum_may_ask_for_any_kind(kind: str) -> None:
    blueprint = Blueprint((Stratum("general", kind, 2, ONE), Stratum("mines", kind, 1, ONE)))
    assert Blueprint.from_payload(blueprint.to_payload()) == blueprint


@pytest.mark.parametrize(
    ("percent", "count", "needed"),
    [
        ("10", 100, 10),
        ("10", 95, 10),
        ("10", 91, 10),
        ("10", 90, 9),
        ("1", 1, 1),
        ("100", 7, 7),
        ("33.33", 3, 1),
        ("33.34", 3, 2),
    ],
)
def test_a_share_needs_the_percentage_rounded_up(percent: str, count: int, needed: int) -> None:
    assert MinimumShare("x", Decimal(percent)).needed(count) == needed


def test_the_order_of_shares_does_not_change_a_blueprint() -> None:
    first, second = MinimumShare("x", Decimal(10)), MinimumShare("y", Decimal("20.5"))
    one, other = (Blueprint((stratum(1),), minimum_shares=both) for both in ((first, second), (second, first)))
    assert one == other
    assert one.digest == other.digest != Blueprint((stratum(1),)).digest


@pytest.mark.parametrize(
    ("blueprint", "holds"),
    [
        (Blueprint((stratum(20),)), False),
        (Blueprint((stratum(20),), minimum_shares=(MinimumShare("x", Decimal(10)),)), True),
        (Blueprint((stratum(20),), minimum_shares=(MinimumShare("x", Decimal("9.5")),)), True),  # 2 of 20 all the same
        (Blueprint((stratum(20),), minimum_shares=(MinimumShare("x", Decimal(5)),)), False),
        (Blueprint((stratum(20),), minimum_shares=(MinimumShare("y", Decimal(50)),)), False),
        (Blueprint((stratum(18), stratum(2, tags=("x",)))), True),
        (Blueprint((stratum(19), stratum(1, tags=("x",)))), False),
        (Blueprint((stratum(18), stratum(1, tags=("x",)), stratum(1, tags=("x",), difficulties=(1,)))), True),
        (Blueprint((stratum(10), stratum(10, tags=("x", "y")))), False),
    ],
)
def test_a_blueprint_holds_a_share_by_its_shares_or_by_its_strata(blueprint: Blueprint, holds: bool) -> None:
    assert holds_share(blueprint, "x", DEFAULT_MAJOR_HAZARD_PERCENT) is holds


def test_count_and_points_are_those_of_all_strata() -> None:
    blueprint = Blueprint((stratum(3), Stratum("general", "multiple_choice", 4, Decimal("2.5"))))
    assert (blueprint.count, blueprint.points) == (7, Decimal(13))


def test_the_order_of_conditions_does_not_change_a_blueprint() -> None:
    assert Blueprint((stratum(1, tags=("b", "a", "b")),)).digest == Blueprint((stratum(1, tags=("a", "b")),)).digest


VALID = {"bank": "general", "kind": "single_choice", "count": 3, "points": "1"}
SHARE = {"tag": "x", "percent": 10}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"bank": "一般"}, "bank", "bad_bank"),
        ({"kind": "essay"}, "kind", "unknown_kind"),
        ({"count": 0}, "count", "out_of_range"),
        ({"count": 501}, "count", "out_of_range"),
        ({"count": "3"}, "count", "wrong_type"),
        ({"count": True}, "count", "wrong_type"),
        ({"points": "0"}, "points", "bad_points"),
        ({"points": "1.005"}, "points", "bad_points"),
        ({"points": "NaN"}, "points", "bad_points"),
        ({"points": "多"}, "points", "bad_points"),
        ({"points": 0.5}, "points", "bad_points"),
        ({"difficulties": [4]}, "difficulties", "out_of_range"),
        ({"tags": "x"}, "tags", "wrong_type"),
        ({"tag": ["x"]}, "tag", "unknown_field"),
    ],
)
def test_a_wrong_stratum_is_refused_by_field(change: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(BlueprintError) as refusal:
        Blueprint.from_payload({"strata": [VALID | change]})
    assert (refusal.value.data["field"], refusal.value.code) == (field, code)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (None, "wrong_type"),
        ({}, "wrong_type"),
        ({"strata": []}, "no_strata"),
        ({"strata": [3]}, "wrong_type"),
        ({"strata": [VALID], "marking_rule": "generous"}, "unknown_rule"),
        ({"strata": [VALID], "question_order": "sideways"}, "unknown_order"),
        ({"strata": [VALID | {"count": 300}] * 2}, "out_of_range"),
        ({"strata": [VALID], "minimum_shares": {"tag": "x", "percent": 10}}, "wrong_type"),
        ({"strata": [VALID], "minimum_shares": ["x"]}, "wrong_type"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"least": 1}]}, "unknown_field"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"tag": "a b"}]}, "bad_tag"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"tag": ""}]}, "bad_tag"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"tag": None}]}, "wrong_type"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"percent": "0.5"}]}, "bad_percent"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"percent": 101}]}, "bad_percent"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"percent": "10.125"}]}, "bad_percent"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"percent": 10.0}]}, "bad_percent"),
        ({"strata": [VALID], "minimum_shares": [{"tag": "x"}]}, "bad_percent"),
        ({"strata": [VALID], "minimum_shares": [SHARE, SHARE | {"percent": 20}]}, "tag_twice"),
        ({"strata": [VALID], "minimum_shares": [SHARE | {"tag": tag} for tag in "xyz"]}, "out_of_range"),
    ],
)
def test_a_wrong_blueprint_is_refused(payload: object, code: str) -> None:
    with pytest.raises(BlueprintError) as refusal:
        Blueprint.from_payload(payload)
    assert refusal.value.code == code


@thorough
@given(bank=small_banks(), blueprint=blueprints())
def test_strata_that_do_not_cross_lie_apart_or_within_each_other_in_every_pool(
    bank: list[Question], blueprint: Blueprint
) -> None:
    pool = Pool(bank)
    for one, other in combinations(blueprint.strata, 2):
        own, its = set(pool.matching(one)), set(pool.matching(other))
        assert one.crosses(other) == other.crosses(one)
        assert one.crosses(other) or own.isdisjoint(its) or own <= its or its <= own


@thorough
@given(bank=small_banks(), blueprint=blueprints().filter(lambda found: not found.has_crossing_strata))
def test_where_nothing_crosses_the_first_draw_is_always_taken(bank: list[Question], blueprint: Blueprint) -> None:
    plan = Pool(bank).plan(blueprint)
    assert isinstance(plan, Plan)
    stream = Stream(SEED, b"first/")
    for component in plan.components:
        assert component.attempt(stream) is not None


def test_tags_exclude_nothing_and_other_banks_and_kinds_never_cross() -> None:
    assert stratum(1, tags=("x",)).crosses(stratum(1, tags=("y",)))
    assert not stratum(1, tags=("x",)).crosses(stratum(2))
    assert not stratum(1, tags=("x",)).crosses(replace(stratum(1, tags=("y",)), bank="mines"))
    assert not stratum(1, tags=("x",)).crosses(replace(stratum(1, tags=("y",)), kind="multiple_choice"))
    assert not stratum(1, difficulties=(1,), tags=("x",)).crosses(stratum(1, difficulties=(2,), tags=("y",)))
