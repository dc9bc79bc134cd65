"""Counts while somebody types equal a recount of the questions; the full check is exact on part of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks.exam_blueprints import checking
from app.banks.exam_blueprints.availability import availability
from app.banks.models import Bank, BankPurpose, Question, QuestionState
from app.banks.pool import pool
from app.core.clock import today
from app.core.db import db
from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.feasibility import feasibility
from question_bank.kinds import KINDS
from question_bank.pool import Pool
from question_bank.questions import MAJOR_HAZARD_CRITERIA
from tests import sample
from tests.app.banks.exam_blueprints.samples import fitting
from tests.queries import counted

BANKS = ("general", "metal_smelting")


def stratum(chance: random.Random, points: Sequence[str], most: int = 20) -> Stratum:
    """Return a stratum with any conditions; strata of one paper often compete."""
    return Stratum(
        bank=chance.choice(BANKS),
        kind=chance.choice([*KINDS, "single_choice", "multiple_choice"]),
        count=chance.randint(1, most),
        points=Decimal(1),
        knowledge_points=tuple(chance.sample(points, chance.choice([0, 0, 1, 3, 8]))),
        difficulties=tuple(chance.sample([1, 2, 3], chance.choice([0, 0, 1, 2]))),
        tags=(MAJOR_HAZARD_CRITERIA,) if chance.random() < 0.2 else (),
    )


def blueprint(chance: random.Random, points: Sequence[str], most: int = 20) -> Blueprint:
    strata = tuple(stratum(chance, points, most) for _ in range(chance.randint(1, 5)))
    share = MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(chance.randint(1, 60)))
    return Blueprint(strata, minimum_shares=(share,) if chance.random() < 0.6 else ())


def recount(found: Pool, one: Stratum, tag: str = "") -> int:
    return sum(one.admits(each) and (not tag or tag in each.tags) for each in found.questions)


def knowledge_points(found: Pool) -> list[str]:
    return sorted({each.knowledge_point for each in found.questions})


def test_counts_of_strata_equal_a_recount(app: Flask) -> None:
    sample.banks(*BANKS)
    whole = pool(BANKS, today())
    chance = random.Random(11)
    some = [blueprint(chance, knowledge_points(whole)) for _ in range(25)]
    for one, found in zip(some, availability(some, today()), strict=True):
        assert found.by_stratum == tuple(recount(whole, each) for each in one.strata)
        for share, there in zip(one.minimum_shares, found.by_share, strict=True):
            by_conditions: dict[tuple[object, ...], tuple[int, int]] = {}
            for each in one.strata:
                key = (each.bank, each.kind, each.knowledge_points, each.difficulties, each.tags)
                needed = by_conditions.get(key, (0, 0))[0] + each.count
                by_conditions[key] = needed, recount(whole, each, share.tag)
            assert there == sum(min(pair) for pair in by_conditions.values())


def test_counts_alone_decide_where_strata_are_apart_and_there_is_one_share(app: Flask) -> None:
    sample.banks(*BANKS)
    whole = pool(BANKS, today())
    chance = random.Random(12)
    some = [blueprint(chance, knowledge_points(whole), most) for most in (3, 6, 30) for _ in range(60)]
    decided = [0, 0]
    for one, found in zip(some, availability(some, today()), strict=True):
        shares = zip(one.minimum_shares, found.by_share, strict=True)
        is_enough = not found.missing and all(there >= share.needed(one.count) for share, there in shares)
        is_feasible = feasibility(one, whole).is_feasible
        if found.are_apart:
            assert is_enough == is_feasible
            decided[is_feasible] += 1
        assert is_enough or not is_feasible
    assert min(decided) > 5, "the examples decide nothing"


def test_only_current_versions_of_approved_questions_of_live_banks_count(app: Flask) -> None:
    sample.banks(*BANKS)
    [before] = availability([fitting()], today())
    first = db.session.scalars(sa.select(Question).where(Question.code.startswith("GEN")).limit(1)).one()
    first.state = QuestionState.DRAFT
    db.session.scalars(sa.select(Bank).where(Bank.code == "metal_smelting")).one().purpose = BankPurpose.PRACTICE
    db.session.flush()
    [found] = availability([fitting()], today())
    assert sum(found.by_stratum[:3]) == sum(before.by_stratum[:3]) - 1 and found.by_stratum[3:] == (0, 0, 0)


def test_a_question_counts_on_the_days_on_which_its_source_is_in_force(app: Flask) -> None:
    sample.banks("general")
    first, last = today(), today() + timedelta(days=2)
    db.session.execute(
        sa.update(Question).where(Question.kind == "true_false").values(source_from=first, source_to=last)
    )
    one = fitting()
    for days, is_drawn in ((-1, False), (0, True), (2, True), (3, False)):
        day = first + timedelta(days=days)
        [found] = availability([one], day)
        assert found.by_stratum[0] == len(pool(["general"], day).matching(one.strata[0]))
        assert bool(found.by_stratum[0]) == is_drawn and found.by_stratum[1]
        assert len(checking.pool_to_check(one, day)[0].matching(one.strata[0])) == found.by_stratum[0]


def test_the_number_of_statements_depends_on_neither_questions_nor_strata(app: Flask) -> None:
    sample.banks(*BANKS)
    with counted() as few:
        availability([fitting()], today())
    many = [fitting(question_order=order) for order in ("mixed", "by_stratum")] * 10
    with counted() as more:
        availability(many, today())
    assert len(few) == len(more) == 2


@pytest.mark.parametrize("seed", range(6))
def test_the_check_reads_part_of_the_questions_and_decides_as_with_all(
    app: Flask, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.banks(*BANKS)
    whole = pool(BANKS, today())
    monkeypatch.setattr(checking, "MOST_READ", 1)  # of each stratum only as many as a paper has questions
    chance = random.Random(seed)
    read_less = 0
    for _ in range(15):
        one = blueprint(chance, knowledge_points(whole), most=8)
        found, is_sample = checking.pool_to_check(one, today())
        some, every = feasibility(one, found), feasibility(one, whole)
        assert some.is_feasible == every.is_feasible
        assert sum(each.missing for each in some.shortfalls) == sum(each.missing for each in every.shortfalls)
        assert some.share_shortfalls == every.share_shortfalls
        read_less += is_sample
    assert read_less > 0, "nothing was left out"


def test_a_check_of_two_shares_decides_as_with_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sample.banks(*BANKS)
    whole = pool(BANKS, today())
    monkeypatch.setattr(checking, "MOST_READ", 1)
    shares = (MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(50)), MinimumShare("no-such-tag", Decimal(1)))
    one = fitting(minimum_shares=shares)
    some = feasibility(one, checking.pool_to_check(one, today())[0])
    assert some.share_shortfalls == feasibility(one, whole).share_shortfalls != ()


def test_the_check_of_a_small_bank_reads_all_and_predicts_what_all_give(app: Flask) -> None:
    sample.banks(*BANKS)
    one = fitting(minimum_shares=())
    found = checking.check(one, today())
    assert not found.is_sample and found.report == feasibility(one, pool(BANKS, today()))
    assert found.report.expected_overlap is not None and 0 < found.report.expected_overlap < 25
