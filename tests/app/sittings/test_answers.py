"""The answer log: what one statement accepts, repeats and refuses."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.accounts.access import Identity
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, ServiceError
from app.sittings.answers import (
    Entry,
    Malformed,
    Over,
    SignedOut,
    append,
    first_blank,
    latest,
    log_of,
    parse_entries,
    save,
)
from app.sittings.finishing import hand_in
from tests.app.sittings.exam import actor_of, identity_of, opened
from tests.conftest import Clock


def entry(sequence: int, slot: int, labels: str) -> Entry:
    return Entry(sequence, slot, tuple(labels))


def test_an_answer_is_kept_and_counted(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    assert save(attempt.id, [entry(1, 1, "A")], who, now=now()).held == 1
    assert save(attempt.id, [entry(2, 3, "BC"), entry(3, 4, "A")], who, now=now()).held == 3
    receipt = save(attempt.id, [entry(4, 1, "")], who, now=now())
    assert (receipt.held, receipt.sequence, receipt.to_json(now())["remaining_seconds"]) == (2, 4, 3600)
    assert latest(log_of(attempt.id)) == {3: ["B", "C"], 4: ["A"]}


def test_the_last_of_several_answers_to_a_question_counts(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    save(attempt.id, [entry(1, 1, "A"), entry(2, 1, "B")], who, now=now())
    assert save(attempt.id, [entry(3, 1, "C")], who, now=now()).held == 1
    assert latest(log_of(attempt.id)) == {1: ["C"]}


def test_an_answer_whose_reply_was_lost_is_acknowledged_again(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    first = save(attempt.id, [entry(1, 1, "A"), entry(2, 2, "B")], who, now=now())
    assert save(attempt.id, [entry(1, 1, "A"), entry(2, 2, "B")], who, now=now()) == first
    grown = save(attempt.id, [entry(1, 1, "A"), entry(2, 2, "B"), entry(3, 5, "C")], who, now=now())
    assert (grown.held, grown.sequence) == (3, 3)
    assert [answer.sequence for answer in log_of(attempt.id)] == [1, 2, 3]


def test_a_second_tab_that_is_behind_is_refused(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    save(attempt.id, [entry(1, 1, "A"), entry(2, 2, "B")], who, now=now())
    for behind in ([entry(1, 1, "B")], [entry(2, 3, "B")], [entry(1, 1, "A"), entry(2, 2, "C")]):
        with pytest.raises(ServiceError) as refused:
            save(attempt.id, behind, who, now=now())
        assert refused.value.code == "answer_stale"
    assert latest(log_of(attempt.id)) == {1: ["A"], 2: ["B"]}


def test_a_gap_in_the_sequence_is_no_fault(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    save(attempt.id, [entry(5, 1, "A")], who, now=now())
    with pytest.raises(ServiceError, match="answer_stale"):
        save(attempt.id, [entry(4, 2, "A"), entry(5, 1, "A"), entry(6, 2, "B")], who, now=now())
    assert save(attempt.id, [entry(9, 2, "B")], who, now=now()).held == 2


def test_the_servers_clock_ends_the_exam(app: Flask, clock: Clock) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    clock.set(attempt.deadline_at)
    assert save(attempt.id, [entry(1, 1, "A")], who, now=now()).to_json(now())["remaining_seconds"] == 0
    clock.advance(milliseconds=1)
    with pytest.raises(Over, match="time_over"):
        save(attempt.id, [entry(2, 2, "A")], who, now=now())


def test_nobody_answers_for_somebody_else(app: Flask) -> None:
    exam = opened(2)
    attempt = exam.start(0)
    with pytest.raises(NotFound):
        save(attempt.id, [entry(1, 1, "A")], identity_of(exam.candidates[1]), now=now())
    with pytest.raises(NotFound):
        save(attempt.id + 1, [entry(1, 1, "A")], identity_of(exam.candidates[0]), now=now())


def test_a_session_that_was_ended_or_belongs_to_another_sitting_answers_nothing(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    with pytest.raises(SignedOut):
        save(attempt.id, [entry(1, 1, "A")], Identity(who.user_id, who.session_version + 1, None), now=now())
    with pytest.raises(NotFound):
        save(attempt.id, [entry(1, 1, "A")], Identity(who.user_id, 1, exam.sitting.id + 1), now=now())
    assert save(attempt.id, [entry(1, 1, "A")], Identity(who.user_id, 1, exam.sitting.id), now=now()).held == 1
    exam.person.user.is_active = False  # type: ignore[union-attr]
    db.session.commit()
    with pytest.raises(SignedOut):
        save(attempt.id, [entry(2, 1, "B")], who, now=now())


def test_a_finished_attempt_takes_no_answer(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    hand_in(attempt.id, [], who, actor=actor_of(exam.candidates[0]), now=now())
    db.session.commit()
    with pytest.raises(Over, match="attempt_over"):
        append(attempt.id, [entry(1, 1, "A")], who, now=now())


@pytest.mark.parametrize("change", ["UPDATE answer SET slot = 2", "DELETE FROM answer"])
def test_the_database_refuses_to_change_the_log(app: Flask, change: str) -> None:
    exam = opened()
    attempt = exam.start()
    save(attempt.id, [entry(1, 1, "A")], identity_of(exam.candidates[0]), now=now())
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(sa.text(change))
    db.session.rollback()
    assert latest(log_of(attempt.id)) == {1: ["A"]}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"answers": []},
        {"answers": "A"},
        {"sequence": 0, "slot": 1, "response": ["A"]},
        {"sequence": 1.5, "slot": 1, "response": ["A"]},
        {"sequence": True, "slot": 1, "response": ["A"]},
        {"sequence": 1, "slot": 501, "response": ["A"]},
        {"sequence": 1, "slot": 1, "response": "A"},
        {"sequence": 1, "slot": 1, "response": [["A"]]},
        {"sequence": 1, "slot": 1, "response": [None]},
        {"sequence": 1, "slot": 1, "response": ["A"] * 27},
        {"sequence": 1, "slot": 1, "response": ["示" * 201]},
        {"sequence": 1, "slot": 1, "response": ["两\n行"]},
        {"sequence": 1, "slot": 1, "response": ["a\x00"]},
        {"sequence": 1, "slot": 1, "response": ["\ud800"]},
        [{"sequence": 2, "slot": 1, "response": []}, {"sequence": 2, "slot": 2, "response": []}],
        [{"sequence": n, "slot": 1, "response": []} for n in range(1, 102)],
    ],
)
def test_a_malformed_answer_is_refused(raw: object) -> None:
    with pytest.raises(Malformed):
        parse_entries(raw)


def test_answers_are_read_alone_or_in_a_batch() -> None:
    one = {"sequence": 1, "slot": 2, "response": ["B", "A"]}
    assert parse_entries(one) == parse_entries({"answers": [one]}) == [Entry(1, 2, ("B", "A"))]


@pytest.mark.parametrize(
    ("response", "kept"),
    [
        ([" 12.5 米 "], ("12.5 米",)),
        (["", "AC", " "], ("", "AC", "")),
        (["示" * 200] * 20, ("示" * 200,) * 20),
        (["“<b>&'"], ("“<b>&'",)),
        ([], ()),
        ([""], ()),
        (["", "  ", "\u3000"], ()),
    ],
)
def test_an_answer_is_labels_a_text_or_one_text_a_part_and_nothing_if_all_are_empty(
    response: list[str], kept: tuple[str, ...]
) -> None:
    assert parse_entries({"sequence": 1, "slot": 1, "response": response}) == [Entry(1, 1, kept)]


def test_typed_answers_are_counted_and_found_again_as_they_were_typed(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    typed, parts = "“灭火器”\\ 'x' [] 🔥", ["AC", "", "12.5", "示" * 200]
    raw = [{"sequence": 1, "slot": 4, "response": [typed]}, {"sequence": 2, "slot": 6, "response": parts}]
    assert save(attempt.id, parse_entries(raw), who, now=now()).held == 2
    assert latest(log_of(attempt.id)) == {4: [typed], 6: parts}
    assert save(attempt.id, parse_entries(raw), who, now=now()).held == 2, "the same again, its reply was lost"
    cleared = parse_entries({"sequence": 3, "slot": 6, "response": ["", "", "", ""]})
    assert save(attempt.id, cleared, who, now=now()).held == 1
    assert save(attempt.id, parse_entries({"sequence": 4, "slot": 1, "response": ["[]"]}), who, now=now()).held == 2
    assert first_blank(attempt) == 2
