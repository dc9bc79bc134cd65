"""Reading banks and questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.core.db import db
from app.core.errors import NotFound
from question_bank.questions import Question as Content


@dataclass
class BankCounts:
    """How many questions a bank has, by state; by_kind counts the approved ones only."""

    bank: Bank
    by_state: Counter[QuestionState] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)


def content_of(version: QuestionVersion) -> Content:
    """Return what *version* says, as the library's frozen question."""
    return Content.from_payload(version.payload)


def bank_by_code(code: str) -> Bank:
    """Return the bank with *code*. Raises NotFound("bank_unknown")."""
    bank = db.session.scalar(sa.select(Bank).where(Bank.code == code))
    if bank is None:
        raise NotFound("bank_unknown", bank=code[:60])
    return bank


def bank_counts() -> list[BankCounts]:
    """Return every bank with its counts, the general bank first; two queries whatever the number of banks."""
    order = (sa.case((Bank.sector_code.is_(None), 0), else_=1), Bank.code)
    found = {bank.id: BankCounts(bank) for bank in db.session.scalars(sa.select(Bank).order_by(*order))}
    counted = (
        sa.select(Question.bank_id, Question.state, QuestionVersion.kind, sa.func.count())
        .join(QuestionVersion, _is_current())
        .group_by(Question.bank_id, Question.state, QuestionVersion.kind)
    )
    for bank_id, state, kind, count in db.session.execute(counted):
        found[bank_id].by_state[state] += count
        if state is QuestionState.APPROVED:
            found[bank_id].by_kind[kind] += count
    return list(found.values())


def waiting_count() -> int:
    """Return how many questions wait for approval."""
    query = sa.select(sa.func.count()).select_from(Question).where(Question.state == QuestionState.IN_REVIEW)
    return db.session.scalar(query) or 0


def current_versions() -> sa.Select[QuestionVersion]:
    """Select the current version of every question, its question and bank loaded along."""
    return (
        sa.select(QuestionVersion)
        .join(Question, _is_current())
        .options(contains_eager(QuestionVersion.question).joinedload(Question.bank))
    )


def versions_in(bank: Bank) -> sa.Select[QuestionVersion]:
    """Select the current versions in *bank*."""
    return current_versions().where(Question.bank_id == bank.id)


def versions_waiting() -> sa.Select[QuestionVersion]:
    """Select the versions that wait for approval, in any bank."""
    return current_versions().where(Question.state == QuestionState.IN_REVIEW)


def question_by_id(question_id: int) -> Question:
    """Return a question with its bank and versions. Raises NotFound("question_unknown")."""
    query = sa.select(Question).where(Question.id == question_id)
    return _found(query.options(joinedload(Question.bank), joinedload(Question.versions)))


def question_to_change(question_id: int) -> Question:
    """Return a question, locked until the commit, so that two people's decisions follow each other.

    Raises NotFound("question_unknown").
    """
    return _found(sa.select(Question).where(Question.id == question_id).with_for_update())


def current_of(question: Question) -> QuestionVersion:
    """Return the current version of *question*."""
    return next(version for version in question.versions if version.number == question.current_version)


def contents_to_compare(*, but: int | None = None) -> list[Content]:
    """Return what every question that is not retired says at present; but: the id of one to leave out."""
    query = sa.select(QuestionVersion.payload).join(Question, _is_current()).order_by(Question.id)
    query = query.where(Question.state != QuestionState.RETIRED)
    if but is not None:
        query = query.where(Question.id != but)
    return [Content.from_payload(payload) for payload in db.session.scalars(query)]


def ids_by_code(codes: Sequence[str]) -> dict[str, int]:
    """Return the ids of the questions with these codes."""
    found: dict[str, int] = {}
    for start in range(0, len(codes), 500):
        query = sa.select(Question.code, Question.id).where(Question.code.in_(codes[start : start + 500]))
        found.update(db.session.execute(query).all())
    return found


def _is_current() -> sa.ColumnElement[bool]:
    return sa.and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.current_version)


def _found(query: sa.Select[Question]) -> Question:
    refreshed = query.execution_options(populate_existing=True)
    question = db.session.scalars(refreshed).unique().one_or_none()
    if question is None:
        raise NotFound("question_unknown")
    return question
