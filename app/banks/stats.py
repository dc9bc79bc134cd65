"""Figures of every bank, for `bikao bank stats`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.banks import queries
from app.banks.models import Question, QuestionTag
from app.core.db import db

HEADINGS = ("state", "kind", "difficulty", "tag", "source")


def bank_stats() -> list[dict[str, Any]]:
    """Return for each bank its code, purpose and number of questions, and counts by each of HEADINGS.

    The current version of each question counts, whatever its state; a source is the name of a legal document.
    A handful of queries, whatever the number of questions.
    """
    counted = {heading: _counts(heading) for heading in HEADINGS}
    return [
        {
            "bank": one.bank.code,
            "purpose": one.bank.purpose.value,
            "questions": sum(one.by_state.values()),
            **{heading: dict(sorted(counted[heading].get(one.bank.id, Counter()).items())) for heading in HEADINGS},
        }
        for one in queries.bank_counts()
    ]


def _counts(heading: str) -> dict[int, Counter[str]]:
    """Return bank id -> value -> number of questions."""
    bank_id, value = {
        "state": (Question.bank_id, Question.state),
        "kind": (Question.bank_id, Question.kind),
        "difficulty": (Question.bank_id, Question.difficulty),
        "source": (Question.bank_id, Question.source_document),
        "tag": (QuestionTag.bank_id, QuestionTag.tag),
    }[heading]
    found: dict[int, Counter[str]] = {}
    for bank, name, count in db.session.execute(sa.select(bank_id, value, sa.func.count()).group_by(bank_id, value)):
        found.setdefault(bank, Counter())[str(getattr(name, "value", name)) or "-"] += count
    return found
