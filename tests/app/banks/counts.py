"""The kept counts of questions beside what counting them gives."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.banks.models import Question, QuestionCount, QuestionState
from app.core.db import db


def miscounted() -> list[tuple[int, QuestionState, str, int]]:
    """Return the groups (bank id, state, kind, difficulty) whose count is not that of their questions: none, ever."""
    group = (Question.bank_id, Question.state, Question.kind, Question.difficulty)
    there = _by_group(sa.select(*group, sa.func.count()).group_by(*group))
    kept = (QuestionCount.bank_id, QuestionCount.state, QuestionCount.kind, QuestionCount.difficulty)
    counted = _by_group(sa.select(*kept, sa.func.sum(QuestionCount.questions)).group_by(*kept))
    return sorted(one for one in there.keys() | counted.keys() if there.get(one, 0) != counted.get(one, 0))


def _by_group(query: Any) -> dict[Any, int]:
    return {tuple(row[:-1]): row[-1] for row in db.session.execute(query)}
