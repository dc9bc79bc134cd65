"""Counts of questions: kept by triggers, right whatever changes a bank, and waited for by nobody."""

from __future__ import annotations

import random
import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import queries, service
from app.banks.models import Question, QuestionCount, QuestionState
from app.core.clock import now
from app.core.db import db
from tests.app.banks.at_scale import bank_of, content, filled
from tests.app.banks.counts import miscounted
from tests.app.banks.samples import WANG, drafts


def test_counts_follow_whatever_changes_a_bank(app: Flask) -> None:
    first, second = bank_of(), bank_of("mines")
    filled(first, 40)
    filled(second, 15)
    assert miscounted() == []
    draw = random.Random(3)
    for _turn in range(30):
        rows = db.session.scalars(sa.select(Question).order_by(Question.id)).all()
        some = draw.sample(rows, 3)
        some[0].state = draw.choice(list(QuestionState))
        some[1].difficulty = draw.choice([1, 2, 3])
        db.session.delete(some[2])
        db.session.flush()
        assert miscounted() == []
    db.session.execute(sa.update(Question).values(state=QuestionState.SUSPENDED))
    assert miscounted() == []
    db.session.execute(sa.update(Question).values(created_at=now()))
    assert queries.waiting_count() == 0
    db.session.rollback()
    assert miscounted() == []


def test_the_overview_sums_the_counts(app: Flask) -> None:
    filled(bank_of(), 30)
    (counted,) = queries.bank_counts()
    assert sum(counted.by_state.values()) == 30
    assert sum(counted.by_kind.values()) == counted.by_state[QuestionState.APPROVED] == 6


def test_a_wrong_count_is_named(app: Flask) -> None:
    bank = bank_of()
    filled(bank, 10)
    db.session.execute(sa.update(QuestionCount).where(QuestionCount.questions > 0).values(questions=99))
    assert miscounted()


def test_nobody_waits_for_the_counts_of_an_import_that_is_not_finished(app: Flask) -> None:
    """PostgreSQL: two that add to one group at once fold what they find and leave each other's row alone."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    bank = bank_of()
    filled(bank, 10)
    more = drafts(content(number) for number in range(100, 120))
    service.add_drafts(more, {bank.code: bank.id}, actor=WANG, now=now())
    done = threading.Event()

    def author() -> None:
        with app.app_context():
            db.session.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
            db.session.execute(sa.update(Question).where(Question.code == "general-0000").values(state="in_review"))
            db.session.commit()
            done.set()

    other = threading.Thread(target=author)
    other.start()
    other.join()
    assert done.is_set()
    db.session.commit()
    assert miscounted() == []
    db.session.execute(sa.update(Question).values(state=QuestionState.SUSPENDED))
    group = (QuestionCount.bank_id, QuestionCount.state, QuestionCount.kind, QuestionCount.difficulty)
    several = sa.select(*group).group_by(*group).having(sa.func.count() > 1)
    assert db.session.execute(several).all() == []
    assert miscounted() == []
