"""Blueprints and their feasibility, exact where strata overlap."""

import json
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given

from question_bank.blueprint import Blueprint, Stratum
from question_bank.errors import BlueprintError
from question_bank.feasibility import feasibility
from question_bank.papers import assemble
from question_bank.pool import Pool
from question_bank.questions import Question
from tests.question_bank.samples import blueprints, single_choice, small_banks, thorough

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


@thorough
@given(blueprint=blueprints())
def test_a_blueprint_survives_storage(blueprint: Blueprint) -> None:
    again = Blueprint.from_payload(json.loads(json.dumps(blueprint.to_payload())))
    assert again == blueprint
    assert again.digest == blueprint.digest


def test_count_and_points_are_those_of_all_strata() -> None:
    blueprint = Blueprint((stratum(3), Stratum("general", "multiple_choice", 4, Decimal("2.5"))))
    assert (blueprint.count, blueprint.points) == (7, Decimal(13))


def test_the_order_of_conditions_does_not_change_a_blueprint() -> None:
    assert Blueprint((stratum(1, tags=("b", "a", "b")),)).digest == Blueprint((stratum(1, tags=("a", "b")),)).digest


VALID = {"bank": "general", "kind": "single_choice", "count": 3, "points": "1"}


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
    ],
)
def test_a_wrong_blueprint_is_refused(payload: object, code: str) -> None:
    with pytest.raises(BlueprintError) as refusal:
        Blueprint.from_payload(payload)
    assert refusal.value.code == code
