"""Banks of a few hundred questions for the tests of lists, and the plans that the databases make for them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from app.banks import service
from app.banks.models import Bank, Question, QuestionState
from app.core.clock import now
from app.core.db import db
from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.questions import Question as Content
from tests import sample
from tests.app.banks.samples import WANG, drafts

STATES = list(QuestionState)
POINTS = ("示例知识点甲", "示例知识点乙", "示例知识点丙")
SOURCES = ("示例法规一", "示例法规二")
TAGS = ((), ("重点",), ("major_hazard_criteria",), ("major_hazard_criteria", "重点"))


def bank_of(code: str = "general") -> Bank:
    found: Bank = sample.added(Bank(code=code, name_zh=code, name_en=code, created_at=now()))
    return found


def content(number: int, bank: str = "general", stem: str = "", code: str = "") -> Content:
    """Return a question whose fields follow from *number*, in periods that share no factor."""
    kind = ("true_false", "single_choice")[number % 2]
    options = KINDS[kind].fixed_options or lettered(["示例甲", "示例乙", "示例丙"])
    return Content(
        code or f"{bank}-{number:04d}",
        1,
        bank,
        kind,
        stem or f"示例题干，{bank}编号{number}，{'安全' if number % 3 else '生产'}{number % 7}",
        options,
        ("A",),
        knowledge_point=POINTS[number % 3],
        difficulty=1 + number % 3,
        tags=TAGS[number % 4],
        source_document=SOURCES[number // 3 % 2],
    )


def filled(bank: Bank, count: int, start: int = 0) -> list[Content]:
    """Put *count* questions into *bank*, in all states, and commit."""
    contents = [content(number, bank.code) for number in range(start, start + count)]
    service.add_drafts(drafts(contents), {bank.code: bank.id}, actor=WANG, now=now())
    sample.signed()
    rows = db.session.scalars(sa.select(Question).where(Question.bank_id == bank.id).order_by(Question.code)).all()
    for row, state in zip(rows, itertools.cycle(STATES), strict=False):
        row.state = state
    db.session.commit()
    return contents


@contextmanager
def heard() -> Iterator[list[tuple[str, Any]]]:
    """Collect statements with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def plans(statements: Sequence[tuple[str, Any]]) -> list[str]:
    """Return how the database goes about each SELECT on questions, as it explains it itself.

    PostgreSQL is asked not to read a whole table if there is any index, for in a small one that would be cheaper.
    """
    is_sqlite = db.engine.dialect.name == "sqlite"
    found = []
    with db.engine.connect() as connection:
        if not is_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in statements:
            if "question" in statement and statement.lstrip().startswith(("SELECT", "WITH")):
                explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
                rows = connection.exec_driver_sql(explain + statement, parameters).all()
                found.append(statement + "\n" + "\n".join(str(row[-1]) for row in rows))
        connection.rollback()
    return found
