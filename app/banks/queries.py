"""Reading banks and questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.banks.models import Bank, BankPurpose, Question, QuestionCount, QuestionState, QuestionTag, QuestionVersion
from app.core.db import db, portions
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


def banks() -> Sequence[Bank]:
    """Return every bank, the general bank first, a practice bank behind the live one."""
    order = (sa.case((Bank.sector_code.is_(None), 0), else_=1), Bank.code)
    return db.session.scalars(sa.select(Bank).order_by(*order)).all()


def purposes(bank_ids: Collection[int]) -> dict[int, BankPurpose]:
    """Return the purposes of these banks, by id."""
    query = sa.select(Bank.id, Bank.purpose).where(Bank.id.in_(bank_ids))
    return dict(db.session.execute(query).all())


def bank_counts() -> list[BankCounts]:
    """Return every bank with its counts; two queries whatever the number of banks and questions."""
    found = {bank.id: BankCounts(bank) for bank in banks()}
    columns = (QuestionCount.bank_id, QuestionCount.state, QuestionCount.kind)
    counted = sa.select(*columns, sa.func.sum(QuestionCount.questions)).group_by(*columns)
    for bank_id, state, kind, count in db.session.execute(counted):
        if count and bank_id in found:
            found[bank_id].by_state[state] += count
            found[bank_id].by_kind[kind] += count if state is QuestionState.APPROVED else 0
    return list(found.values())


def waiting_count() -> int:
    """Return how many questions wait for approval."""
    query = sa.select(sa.func.sum(QuestionCount.questions)).where(QuestionCount.state == QuestionState.IN_REVIEW)
    return db.session.scalar(query) or 0


def knowledge_points(bank: Bank, most: int = 300) -> list[str]:
    """Return the knowledge points that *bank* uses, by name, at most *most*."""
    return _values_in_use(Question.knowledge_point, Question.bank_id == bank.id, most)


def source_documents(bank: Bank, most: int = 300) -> list[str]:
    """Return the legal sources that questions of *bank* rest on, by name, at most *most*."""
    return _values_in_use(Question.source_document, Question.bank_id == bank.id, most)


def tags(bank: Bank, most: int = 300) -> list[str]:
    """Return the tags that questions of *bank* have, by name, at most *most*."""
    return _values_in_use(QuestionTag.tag, QuestionTag.bank_id == bank.id, most)


def authors(states: Collection[QuestionState], most: int = 100, also: int | None = None) -> list[tuple[int, str]]:
    """Return id and name of the people who wrote questions in these states, at most *most* a state, by name.

    also: the id of somebody to add.
    """
    chains = [_chain(Question.author_id, Question.state == state, most, 0, f"of_{state.value}") for state in states]
    query = sa.select(User.id, User.name).where(sa.or_(User.id.in_(sa.union_all(*chains)), User.id == also))
    return [(user_id, name) for user_id, name in db.session.execute(query.order_by(User.name, User.id))]


def _values_in_use(column: Any, within: sa.ColumnElement[bool], most: int) -> list[Any]:
    """Return the different values of *column* that are not empty, in order."""
    return list(db.session.scalars(_chain(column, within, most, "", "chain")))


def _chain(column: Any, within: sa.ColumnElement[bool], most: int, above: Any, name: str) -> sa.Select[Any]:
    """Select the different values of *column* that are more than *above*, by jumping along its index.

    DISTINCT would read every entry of the index. name: of the common table expression, different in one statement.
    """
    first = sa.select(sa.func.min(column).label("value"), sa.literal(1).label("number")).where(within, column > above)
    chain = first.cte(name, recursive=True)
    following = sa.select(sa.func.min(column)).where(within, column > chain.c.value).correlate(chain).scalar_subquery()
    chain = chain.union_all(
        sa.select(following, chain.c.number + 1).where(chain.c.value.is_not(None), chain.c.number < most)
    )
    return sa.select(chain.c.value).where(chain.c.value.is_not(None))


def current_versions() -> sa.Select[QuestionVersion]:
    """Select the current version of every question, its question and bank loaded along."""
    return (
        sa.select(QuestionVersion)
        .join(Question, is_current())
        .options(contains_eager(QuestionVersion.question).joinedload(Question.bank))
    )


def versions_of(query: sa.Select[QuestionVersion]) -> Sequence[QuestionVersion]:
    """Return the versions that *query* selects."""
    return db.session.scalars(query).all()


def versions_by_question(question_ids: Sequence[int]) -> list[QuestionVersion]:
    """Return the current versions of these questions (one page of them), in the order given."""
    found = versions_of(current_versions().where(Question.id.in_(question_ids)))
    of_question = {version.question_id: version for version in found}
    return [of_question[one] for one in question_ids if one in of_question]


def load_along(versions: Sequence[QuestionVersion]) -> None:
    """Load the questions of *versions* with all their versions and their documents, with two statements."""
    ids = [version.question_id for version in versions]
    along = (selectinload(Question.versions), joinedload(Question.legal_document))
    db.session.scalars(sa.select(Question).where(Question.id.in_(ids)).options(*along)).all()


def question_by_id(question_id: int) -> Question:
    """Return a question with its bank and versions. Raises NotFound("question_unknown")."""
    query = sa.select(Question).where(Question.id == question_id)
    along = (joinedload(Question.bank), joinedload(Question.legal_document), joinedload(Question.versions))
    return _found(query.options(*along))


def question_to_change(question_id: int) -> Question:
    """Return a question, locked until the commit, so that two people's decisions follow each other.

    Raises NotFound("question_unknown").
    """
    return _found(sa.select(Question).where(Question.id == question_id).with_for_update())


def current_of(question: Question) -> QuestionVersion:
    """Return the current version of *question*."""
    return next(version for version in question.versions if version.number == question.current_version)


def approved_before(question: Question) -> QuestionVersion | None:
    """Return the last approved version before the current one: what an edit is judged against."""
    number = question.current_version
    earlier = [one for one in question.versions if one.approved_at is not None and one.number < number]
    return earlier[-1] if earlier else None


def ids_by_code(codes: Sequence[str]) -> dict[str, int]:
    """Return the ids of the questions with these codes."""
    found: dict[str, int] = {}
    for some in portions(codes):
        query = sa.select(Question.code, Question.id).where(Question.code.in_(some))
        found.update(db.session.execute(query).all())
    return found


def questions_by_code(codes: Sequence[str]) -> dict[str, Question]:
    """Return the questions with these codes (one page of them), their banks loaded along."""
    query = sa.select(Question).where(Question.code.in_(codes)).options(joinedload(Question.bank))
    return {question.code: question for question in db.session.scalars(query)}


def is_current() -> sa.ColumnElement[bool]:
    """Return the condition that joins a question to its current version."""
    return sa.and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.current_version)


def _found(query: sa.Select[Question]) -> Question:
    refreshed = query.execution_options(populate_existing=True)
    question = db.session.scalars(refreshed).unique().one_or_none()
    if question is None:
        raise NotFound("question_unknown")
    return question
