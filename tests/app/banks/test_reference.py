"""What every installation begins with: banks and the starter questions, in bulk and never twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import reference, service
from app.banks.models import Bank, BankPurpose, Question, QuestionState
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from courses import catalogue
from question_bank.starter import load_starter
from tests.app.banks.samples import LI, WANG, single_choice
from tests.queries import counted


def states() -> dict[QuestionState, int]:
    query = sa.select(Question.state, sa.func.count()).group_by(Question.state)
    return dict(db.session.execute(query).all())


def test_there_is_a_live_bank_for_every_sector_that_is_taught_or_has_questions(app: Flask) -> None:
    banks = [bank for bank in reference.load_banks(now()) if bank.purpose is BankPurpose.LIVE]
    codes = {bank.code for bank in banks}
    assert codes == {course.sector for course in catalogue.courses()} | {one.bank for one in load_starter()}
    assert (banks[0].code, banks[0].sector_code, banks[0].name_zh) == ("general", None, "通用题库")
    mines = next(bank for bank in banks if bank.code == "mines")
    assert (mines.sector_code, mines.name_zh, mines.name_en) == ("mines", "矿山题库", "Mines question bank")


def test_every_live_bank_has_an_empty_one_beside_it_to_practise_with(app: Flask) -> None:
    banks = reference.load_banks(now())
    live, practice = banks[: len(banks) // 2], banks[len(banks) // 2 :]
    assert {bank.purpose for bank in practice} == {BankPurpose.PRACTICE}
    assert [bank.code for bank in practice] == [f"{bank.code}_practice" for bank in live]
    assert [bank.sector_code for bank in practice] == [bank.sector_code for bank in live]
    assert (practice[0].name_zh, practice[0].name_en) == ("通用练习题库", "General practice bank")
    reference.load_starter_questions(SYSTEM, now())
    in_practice = sa.select(sa.func.count()).select_from(Question).where(Question.bank_id.in_([b.id for b in practice]))
    assert db.session.scalar(in_practice) == 0


def test_loading_twice_adds_nothing(app: Flask) -> None:
    first = {bank.id for bank in reference.load_banks(now())}
    added = reference.load_starter_questions(SYSTEM, now())
    assert added == len(load_starter())
    assert {bank.id for bank in reference.load_banks(now())} == first
    assert reference.load_starter_questions(SYSTEM, now()) == 0
    assert states() == {QuestionState.DRAFT: added}


def test_starter_questions_enter_with_a_handful_of_statements(app: Flask) -> None:
    reference.load_banks(now())
    with counted() as statements:
        reference.load_starter_questions(SYSTEM, now())
    assert len(statements) < 25, statements


def test_another_person_approves_whole_banks(app: Flask) -> None:
    reference.load_banks(now())
    reference.load_starter_questions(SYSTEM, now())
    general = sum(question.bank == "general" for question in load_starter())
    assert reference.approve_all(["general"], LI, now()) == general
    assert states()[QuestionState.APPROVED] == general
    assert reference.approve_all(["general"], LI, now()) == 0


def test_whoever_loaded_the_starter_bank_cannot_approve_it(app: Flask) -> None:
    reference.load_banks(now())
    reference.load_starter_questions(LI, now())
    with pytest.raises(ServiceError, match="question_author_approves"):
        reference.approve_all(["general"], LI, now())


def test_a_question_without_a_source_is_not_approved_with_the_rest(app: Flask) -> None:
    bank: Bank = reference.load_banks(now())[0]
    service.create(bank, single_choice(source_article=""), actor=WANG, now=now())
    assert reference.approve_all(["general"], LI, now()) == 0
    assert states() == {QuestionState.DRAFT: 1}
