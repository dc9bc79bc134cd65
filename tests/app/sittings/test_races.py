"""Two things at once, on PostgreSQL, where transactions run side by side; held apart by locks, never by sleep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.core.db import db
from app.sittings import starting
from app.sittings.answers import Entry, Over, latest, log_of, save
from app.sittings.finishing import finish_overdue, hand_in
from app.sittings.models import Attempt, AttemptState, Candidate
from tests.app.sittings.exam import actor_of, identity_of, opened, right_answers
from tests.conftest import Clock

WAIT = 30


# SQLite has one writer at a time and no such races.
pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Run *acts* in threads that begin together, each in a context and transaction of its own; return what came out."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            barrier.wait(WAIT)
            try:
                outcomes[number] = act()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                outcomes[number] = error  # type: ignore[call-overload]
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def waits_for_lock(pid: int) -> bool:
    query = sa.text("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = :pid")
    with db.engine.connect() as connection:
        return bool(connection.execute(query, {"pid": pid}).scalar())


def test_starting_on_two_devices_at_once_begins_one_attempt(app: Flask) -> None:
    exam = opened()
    candidate_id = exam.candidates[0].id
    actor = actor_of(exam.candidates[0])
    db.session.rollback()

    def start() -> int:
        return starting.start(db.session.get_one(Candidate, candidate_id), actor=actor, now=now()).id

    found = at_once(app, start, start, start)
    assert len(set(found)) == 1 and isinstance(found[0], int)
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 1


def test_the_same_answer_arriving_twice_at_once_is_kept_once_and_acknowledged_twice(app: Flask) -> None:
    exam = opened()
    attempt_id, who = exam.start().id, identity_of(exam.candidates[0])
    db.session.rollback()
    for sequence in range(1, 11):
        entry = Entry(sequence, sequence, ("A",))
        found = at_once(app, *[lambda entry=entry: save(attempt_id, [entry], who, now=now())] * 2)
        assert [each.sequence for each in found] == [sequence, sequence]
    assert [each.sequence for each in log_of(attempt_id)] == list(range(1, 11))


def test_an_acknowledged_answer_is_always_in_the_marks(app: Flask) -> None:
    """A save and the hand-in begin together, again and again: acknowledged means marked, refused means not kept."""
    exam = opened(8)
    acknowledged = 0
    for number, candidate in enumerate(exam.candidates):
        attempt = exam.start(number)
        attempt_id, who, actor = attempt.id, identity_of(candidate), actor_of(candidate)
        key = right_answers(attempt)[1]
        db.session.rollback()
        saved, finished = at_once(
            app,
            lambda: save(attempt_id, [Entry(1, 1, tuple(key))], who, now=now()),  # noqa: B023 - run before the next turn
            lambda: hand_in(attempt_id, [], who, actor=actor, now=now()).id,  # noqa: B023
        )
        assert finished == attempt_id
        after = db.session.get_one(Attempt, attempt_id, populate_existing=True)
        assert after.marks is not None
        was_marked, was_kept = after.marks[0]["is_correct"], latest(log_of(attempt_id)) == {1: key}
        assert isinstance(saved, Over) or saved.held == 1
        assert (not isinstance(saved, Over)) == was_marked == was_kept
        acknowledged += was_marked
    assert 0 <= acknowledged <= 8


def test_the_hand_in_waits_for_a_save_that_is_under_way(app: Flask) -> None:
    exam = opened()
    attempt = exam.start()
    attempt_id, who, actor = attempt.id, identity_of(exam.candidates[0]), actor_of(exam.candidates[0])
    key = right_answers(attempt)[1]
    db.session.rollback()
    handing_in, outcome, pids = threading.Event(), [], []

    def hand_in_meanwhile() -> None:
        with app.app_context():
            pids.append(db.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())
            handing_in.set()
            outcome.append(hand_in(attempt_id, [], who, actor=actor, now=now()).marks)
            db.session.commit()
            db.session.remove()

    save(attempt_id, [Entry(1, 1, tuple(key))], who, now=now())  # flushed, its commit still to come
    thread = threading.Thread(target=hand_in_meanwhile)
    thread.start()
    assert handing_in.wait(WAIT)
    while thread.is_alive() and not waits_for_lock(pids[0]):
        thread.join(0.01)
    assert outcome == []
    db.session.commit()
    thread.join(WAIT)
    assert outcome[0][0]["is_correct"] is True


def test_a_save_that_waited_for_the_hand_in_finds_the_attempt_over(app: Flask) -> None:
    exam = opened()
    attempt_id, who = exam.start().id, identity_of(exam.candidates[0])
    actor = actor_of(exam.candidates[0])
    db.session.rollback()
    saving, outcome, pids = threading.Event(), [], []

    def save_meanwhile() -> None:
        with app.app_context():
            pids.append(db.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())
            saving.set()
            try:
                outcome.append(save(attempt_id, [Entry(1, 1, ("A",))], who, now=now()))
            except Over as refused:
                outcome.append(refused)
            db.session.rollback()
            db.session.remove()

    hand_in(attempt_id, [], who, actor=actor, now=now())
    thread = threading.Thread(target=save_meanwhile)
    thread.start()
    assert saving.wait(WAIT)
    while thread.is_alive() and not waits_for_lock(pids[0]):
        thread.join(0.01)
    db.session.commit()
    thread.join(WAIT)
    assert isinstance(outcome[0], Over) and outcome[0].code == "attempt_over"
    assert log_of(attempt_id) == []


def test_handing_in_twice_at_once_marks_once(app: Flask) -> None:
    exam = opened()
    attempt_id, who = exam.start().id, identity_of(exam.candidates[0])
    actor = actor_of(exam.candidates[0])
    db.session.rollback()
    found = at_once(app, *[lambda: hand_in(attempt_id, [], who, actor=actor, now=now()).id] * 3)
    assert found == [attempt_id] * 3
    count = sa.text("SELECT count(*) FROM audit_event WHERE kind = 'AttemptFinished'")
    assert db.session.execute(count).scalar_one() == 1


def test_the_sweep_leaves_alone_what_somebody_is_handing_in(app: Flask, clock: Clock) -> None:
    exam = opened()
    attempt_id = exam.start().id
    clock.advance(hours=2)
    db.session.rollback()
    db.session.scalars(sa.select(Attempt).where(Attempt.id == attempt_id).with_for_update()).one()
    assert at_once(app, lambda: finish_overdue(now())) == [0]
    db.session.rollback()
    assert at_once(app, lambda: finish_overdue(now())) == [1]
    assert db.session.get_one(Attempt, attempt_id, populate_existing=True).state is AttemptState.FINISHED
