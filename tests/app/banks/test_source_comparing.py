"""What a reviewer's word to have compared settles: the marks that were shown, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.banks import service
from app.banks.doubts import Doubts, doubts_of
from app.banks.history import history
from app.banks.models import Bank, Question, QuestionState
from app.banks.queries import content_of, current_of
from app.banks.words_sources import mark_sentence
from app.core.clock import now, start_of_day, today
from app.core.db import db
from tests.app.banks.samples import LI, WANG
from tests.app.banks.test_lifecycle import edit, move
from tests.app.banks.test_source_marks import ahead, approvable, comes, drawn, sent
from tests.app.banks.test_sources import approved, law, marked, refusal, states, waiting, withdrawn
from tests.conftest import Clock

APPROVED, SUSPENDED = QuestionState.APPROVED, QuestionState.SUSPENDED


def ids() -> list[int]:
    return [mark.id for mark in law().marks]


def doubts(question: Question) -> Doubts:
    db.session.expire_all()
    return doubts_of(question, content_of(current_of(question)), today())


def test_compared_with_what_is_in_effect_a_question_still_ends_before_the_change_to_come(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question, day = waiting(bank, "a-1"), ahead()
    marked("changed")
    marked("changed", changed_on=day, note="再次修改")
    clock.advance(minutes=1)
    approvable(question, compared=ids()[:1])
    assert question.source_to == day - timedelta(days=1)
    assert (current_of(question).source_checked_to, drawn(today()), drawn(day)) == (today(), 1, 0)
    comes(clock, day)
    assert states(question) == [SUSPENDED]
    sent(question)
    with refusal("question_source_changed"):
        move(question, APPROVED, LI, compared=ids()[:1])


def test_compared_with_both_a_question_stays_in_use(app: Flask, bank: Bank, clock: Clock) -> None:
    question, day = waiting(bank, "a-1"), ahead()
    marked("changed")
    marked("changed", changed_on=day, note="再次修改")
    clock.advance(minutes=1)
    approvable(question, compared=ids())
    assert (question.source_to, current_of(question).source_checked_to) == (None, day)
    comes(clock, day)
    assert states(question) == [APPROVED]


def test_the_word_for_a_change_to_come_is_not_one_for_what_is_in_effect(app: Flask, bank: Bank, clock: Clock) -> None:
    question = waiting(bank, "a-1")
    marked("changed")
    marked("changed", changed_on=ahead(), note="再次修改")
    clock.advance(minutes=1)
    with refusal("question_source_changed"):
        move(question, APPROVED, LI, compared=ids()[1:])


def test_a_mark_that_came_after_the_page_was_read_is_not_settled(app: Flask, bank: Bank, clock: Clock) -> None:
    question, other, day = waiting(bank, "a-1"), waiting(bank, "a-2"), ahead()
    marked("changed")
    shown = ids()
    clock.advance(minutes=1)
    marked("changed", changed_on=day, note="再次修改")
    clock.advance(minutes=1)
    approvable(question, compared=shown)
    assert question.source_to == day - timedelta(days=1)
    marked("changed", note="又一次")
    clock.advance(minutes=1)
    with refusal("question_source_changed"):
        move(other, APPROVED, LI, compared=shown)


@pytest.mark.parametrize("is_edited", [False, True])
def test_what_was_compared_for_a_day_to_come_stays_so_when_today_is_compared_again(
    app: Flask, bank: Bank, clock: Clock, is_edited: bool
) -> None:
    question, day = waiting(bank, "a-1"), ahead()
    marked("changed", changed_on=day)
    clock.advance(minutes=1)
    approvable(question, compared=ids())
    clock.advance(minutes=1)
    marked("changed", note="另一次")
    assert states(question) == [SUSPENDED]
    clock.advance(minutes=1)
    if is_edited:
        edit(question, WANG, explanation="解析改得更清楚。")
    sent(question)
    approvable(question, compared=ids()[1:])
    assert question.source_to is None
    comes(clock, day)
    assert states(question) == [APPROVED]


def test_a_change_before_one_that_was_compared_is_a_doubt_of_its_own(app: Flask, bank: Bank, clock: Clock) -> None:
    question, first, second = waiting(bank, "a-1"), ahead(30), ahead(60)
    marked("changed", changed_on=second)
    clock.advance(minutes=1)
    marked("changed", changed_on=first, note="先施行的修改")
    clock.advance(minutes=1)
    approvable(question, compared=ids()[:1])
    assert question.source_to == first - timedelta(days=1)
    comes(clock, first)
    assert states(question) == [SUSPENDED]


def test_taking_a_change_back_gives_no_day_beyond_the_next_that_nobody_compared(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question = waiting(bank, "a-1")
    marked("changed")
    for number, days in enumerate((30, 60)):
        marked("changed", changed_on=ahead(days), note=f"第 {number} 次")
    clock.advance(minutes=1)
    approvable(question, compared=ids()[:1])
    assert withdrawn(1) == 1
    assert states(question) == [APPROVED] and question.source_to == ahead(60) - timedelta(days=1)


def test_from_its_day_on_a_mark_is_in_effect_before_the_worker_came(app: Flask, bank: Bank, clock: Clock) -> None:
    question, day = waiting(bank, "a-1"), ahead()
    marked("changed", changed_on=day)
    clock.set(start_of_day(day) - timedelta(seconds=1))
    assert [len(doubts(question).in_effect), len(doubts(question).ahead)] == [0, 1]
    assert mark_sentence(law().marks[0]) == f"将自 {day} 起修改"
    clock.advance(seconds=1)
    assert [len(doubts(question).in_effect), len(doubts(question).ahead)] == [1, 0]
    assert mark_sentence(law().marks[0]) == f"自 {day} 起修改"
    assert service.approve_where_possible([question], actor=LI, now=now()) == 0
    with refusal("question_source_changed"):
        move(question, APPROVED, LI)
    approvable(question, compared=ids())
    comes(clock, day)
    assert states(question) == [APPROVED]


def test_a_repeal_whose_day_has_come_refuses_before_the_worker_came(app: Flask, bank: Bank, clock: Clock) -> None:
    question, old = waiting(bank, "a-1"), approved(bank, "a-2")
    marked("repealed", changed_on=ahead())
    clock.set(start_of_day(ahead()))
    with refusal("question_source_repealed"):
        move(question, APPROVED, LI, compared=ids())
    edit(old, WANG, explanation="解析改得更清楚。")
    with refusal("question_source_repealed"):
        sent(old)


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        ([0], "，已按修改后的条文核对"),
        ([1], "，已按 {day} 起施行的条文核对"),
        ([0, 1], "，已按修改后的条文和 {day} 起施行的条文核对"),
        ([], ""),
    ],
)
def test_the_history_says_with_which_text_it_was_compared(
    app: Flask, bank: Bank, clock: Clock, ticked: list[int], said: str
) -> None:
    is_in_effect = 0 in ticked
    question = waiting(bank, "a-1", source_from="" if is_in_effect else today().isoformat())
    marked("changed")
    marked("changed", changed_on=ahead(), note="再次修改")
    clock.advance(minutes=1)
    approvable(question, compared=[ids()[one] for one in ticked])
    assert history(question)[-1][1] == "第 1 版审定通过" + said.format(day=ahead().isoformat())
    assert (question.source_to is None) is (1 in ticked)
