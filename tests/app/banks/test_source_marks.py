"""Several marks of one document, and marks whose day is still to come: what is in doubt, drawn, suspended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import worker
from app.audit.models import AuditEvent
from app.audit.service import faults
from app.banks import pool, service, sources, submitting
from app.banks.history import document_history, history
from app.banks.models import Bank, Question, QuestionState
from app.core.clock import now, start_of_day, today
from app.core.db import db
from question_bank.sources import Standing
from tests.app.banks.samples import LI, WANG, true_false
from tests.app.banks.test_lifecycle import compared, edit, move
from tests.app.banks.test_sources import approved, foreseen, law, marked, refusal, states, waiting, withdrawn
from tests.conftest import Clock
from tests.queries import counted

APPROVED, SUSPENDED = QuestionState.APPROVED, QuestionState.SUSPENDED


def ahead(days: int = 60) -> date:
    return today() + timedelta(days=days)


def drawn(day: date) -> int:
    return len(pool.current_versions(["general"], day))


def comes(clock: Clock, day: date) -> None:
    """Let *day* come, and the worker see it."""
    clock.set(start_of_day(day) + timedelta(minutes=1))
    worker.sweep()


def carried_out(moment: datetime) -> int:
    """Carry out what is due; returns how many marks were."""
    return sum(sources.carry_out(document_id, mark_id, moment) for document_id, mark_id in sources.due(moment))


def sent(question: Question) -> Question:
    return move(question, QuestionState.IN_REVIEW, WANG)


def approvable(question: Question, **kwargs: Any) -> Question:
    move(question, APPROVED, LI, **kwargs)
    db.session.commit()
    return question


def test_a_later_mark_on_other_articles_does_not_forget_the_one_before(app: Flask, bank: Bank, clock: Clock) -> None:
    ninth, tenth = approved(bank, "a-1", source_article="第九条"), approved(bank, "a-2", source_article="第十条")
    clock.advance(hours=1)
    marked("changed", articles=("第九条",))
    clock.advance(hours=1)
    assert marked("changed", articles=("第十条",)) == 1
    for question in (ninth, tenth):
        sent(question)
        with refusal("question_source_changed"):
            move(question, APPROVED, LI)
        clock.advance(minutes=1)
        approvable(question, compared=compared(question))
    assert [mark.articles for mark in law().marks] == [["第九条"], ["第十条"]]


def test_once_compared_a_question_needs_no_tick_until_the_next_mark_or_article(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    question = approved(bank, "a-1", source_article="第九条")
    clock.advance(hours=1)
    marked("changed", articles=("第九条", "第十条"))
    clock.advance(hours=1)
    sent(question)
    approvable(question, compared=compared(question))
    clock.advance(hours=1)
    edit(question, WANG, explanation="解析改得更清楚。")
    sent(question)
    approvable(question)
    edit(question, WANG, source_article="第十条")
    sent(question)
    with refusal("question_source_changed"):
        move(question, APPROVED, LI)
    edit(question, WANG, source_article="第九条")
    sent(question)
    approvable(question)
    clock.advance(hours=1)
    marked("changed", note="再次修改")
    assert states(question) == [SUSPENDED]
    sent(question)
    with refusal("question_source_changed"):
        move(question, APPROVED, LI)


def test_one_of_several_marks_is_taken_back(app: Flask, bank: Bank, clock: Clock) -> None:
    ninth, tenth = approved(bank, "a-1", source_article="第九条"), approved(bank, "a-2", source_article="第十条")
    first = today()
    marked("changed", articles=("第九条",))
    clock.advance(days=1)
    marked("changed", articles=("第十条",), changed_on=today())
    withdrawn(1)
    assert (law().standing, law().changed_on) == (Standing.CHANGED, first)
    approvable(sent(tenth))
    sent(ninth)
    with refusal("question_source_changed"):
        move(ninth, APPROVED, LI)
    withdrawn(0)
    assert (law().standing, law().changed_on) == (Standing.IN_FORCE, None)
    approvable(ninth)
    told = [sentence for _at, sentence, _by in document_history(law())]
    assert told[2:] == [
        f"撤回第十条自 {today().isoformat()} 起修改的记录：标错了文件",
        f"撤回第九条自 {first.isoformat()} 起修改的记录：标错了文件",
    ]
    assert [mark.withdrawal_reason for mark in law().marks] == ["标错了文件"] * 2


def test_a_repeal_counts_for_more_than_a_later_change(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1")
    marked("changed", changed_on=ahead(1))
    marked("repealed", changed_on=today())
    assert (law().standing, law().changed_on) == (Standing.REPEALED, today())


def test_what_was_written_on_the_new_text_stays_when_the_change_is_recorded_late(app: Flask, bank: Bank) -> None:
    new = approved(bank, "a-1", source_from="2026-03-01")
    old = approved(bank, "a-2", source_from="2021-09-01")
    assert marked("changed", changed_on=date(2026, 3, 1)) == 1
    assert states(new, old) == [APPROVED, SUSPENDED]
    assert marked("repealed") == 1
    assert states(new) == [SUSPENDED]


@pytest.mark.parametrize("standing", ["changed", "repealed"])
def test_until_its_day_a_mark_takes_nothing_out_and_from_then_on_nothing_is_drawn(
    app: Flask, bank: Bank, clock: Clock, standing: str
) -> None:
    questions = [approved(bank, f"a-{number}", source_article=f"第{number}条") for number in (1, 2)]
    other = approved(bank, "b-1", source_document="其他示例法")
    day = ahead()
    assert [count for _bank, count in foreseen(standing, changed_on=day)] == [2]
    assert marked(standing, changed_on=day) == 2
    assert states(*questions, other) == [APPROVED] * 3
    assert (law().standing, law().changed_on) == (Standing.IN_FORCE, None)
    assert [drawn(one) for one in (today(), day - timedelta(days=1), day)] == [3, 3, 1]
    clock.set(start_of_day(day) - timedelta(minutes=1))
    worker.sweep()
    assert states(*questions) == [APPROVED] * 2
    comes(clock, day)
    assert states(*questions, other) == [SUSPENDED, SUSPENDED, APPROVED]
    assert (law().standing.value, law().changed_on) == (standing, day)
    worker.sweep()
    kinds = list(db.session.scalars(sa.select(AuditEvent.kind)))
    assert kinds.count("LegalDocumentMarkTookEffect") == 1
    assert list(faults()) == []


def test_the_day_itself_is_one_event_that_every_timeline_tells(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank, "a-1", source_article="第九条")
    clock.advance(hours=1)
    day = ahead()
    marked("changed", changed_on=day, articles=("第九条",))
    comes(clock, day)
    assert history(question)[-1][1] == f"暂停使用：“{law().name}”自 {day} 起修改。示例说明"
    assert [sentence for _at, sentence, _by in document_history(law())] == [
        f"预先记录：第九条自 {day} 起修改，1 道试题届时不再抽取：示例说明",
        f"第九条自 {day} 起修改，暂停 1 道试题：示例说明",
    ]
    assert submitting.count_of(submitting.taken_out_by(law())) == 1
    sent(question)
    with refusal("question_source_changed"):
        move(question, APPROVED, LI)
    clock.advance(minutes=1)
    approvable(question, compared=compared(question))
    assert drawn(today()) == 1


def test_what_is_prepared_for_the_day_stays_in_use(app: Flask, bank: Bank, clock: Clock) -> None:
    day = ahead()
    read, unread = waiting(bank, "a-1"), waiting(bank, "a-2")
    marked("changed", changed_on=day)
    clock.advance(minutes=1)
    approvable(read, compared=compared(read))
    approvable(unread)
    renewed = approved(bank, "a-3", source_from=day.isoformat())
    assert [drawn(one) for one in (today(), day)] == [2, 2]
    comes(clock, day)
    assert states(read, unread, renewed) == [APPROVED, SUSPENDED, APPROVED]
    assert drawn(day) == 2


def test_comparing_does_not_help_against_a_repeal_to_come(app: Flask, bank: Bank, clock: Clock) -> None:
    question = waiting(bank, "a-1")
    day = ahead()
    marked("repealed", changed_on=day)
    clock.advance(minutes=1)
    approvable(question, compared=compared(question))
    assert (drawn(today()), drawn(day)) == (1, 0)
    comes(clock, day)
    assert states(question) == [SUSPENDED]
    with refusal("question_source_repealed"):
        sent(question)


def test_a_mark_taken_back_before_its_day_leaves_each_question_the_day_it_had(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    day, own = ahead(60), ahead(90)
    found = [
        approved(bank, f"a-{number}", source_to=to) for number, to in enumerate(["", own.isoformat(), "2026-03-31"])
    ]
    marked("changed", changed_on=day)
    marked("changed", changed_on=day + timedelta(days=10), note="再次修改")
    last = [date(2026, 3, 31) if number == 2 else day - timedelta(days=1) for number in range(3)]
    db.session.expire_all()
    assert [one.source_to for one in found] == last
    assert withdrawn(0) == 2
    later = day + timedelta(days=9)
    assert [one.source_to for one in found] == [later, later, date(2026, 3, 31)]
    assert withdrawn(1) == 2
    assert [one.source_to for one in found] == [None, own, date(2026, 3, 31)]
    comes(clock, day + timedelta(days=20))
    assert states(*found) == [APPROVED] * 3


def test_a_repeal_is_recorded_for_another_day(app: Flask, bank: Bank, clock: Clock) -> None:
    question = approved(bank, "a-1")
    marked("repealed", changed_on=ahead(60))
    marked("repealed", changed_on=ahead(80))
    assert (drawn(ahead(79)), drawn(ahead(80))) == (1, 0)
    comes(clock, ahead(60))
    assert states(question) == [APPROVED]


def test_banks_that_arrive_as_a_whole_are_not_drawn_beyond_the_day(app: Flask, bank: Bank) -> None:
    question = waiting(bank, "a-1")
    marked("changed", changed_on=ahead())
    assert service.approve_where_possible([question], actor=LI, now=now()) == 1
    assert (drawn(today()), drawn(ahead())) == (1, 0)


def test_an_edit_forgets_the_day_and_the_approval_finds_it_again(app: Flask, bank: Bank) -> None:
    question = approved(bank, "a-1")
    marked("changed", changed_on=ahead())
    edit(question, WANG, explanation="解析改得更清楚。")
    assert question.source_to is None
    approvable(sent(question))
    assert (drawn(today()), drawn(ahead())) == (1, 0)


def test_a_mark_that_says_the_same_is_refused_whichever_it_repeats(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1")
    marked("changed", articles=("第九条",))
    marked("changed", articles=("第十条",))
    with refusal("source_mark_unchanged"):
        marked("changed", articles=("第九条",))


def test_marks_ahead_take_a_bounded_number_of_statements(app: Flask, bank: Bank, clock: Clock) -> None:
    def spent(days: int) -> list[int]:
        taken = []
        marked_on = ahead(days)
        for act in (lambda: marked("changed", changed_on=marked_on), withdrawn):
            db.session.expire_all()
            with counted() as statements:
                act()
            taken.append(len(statements))
        marked("changed", changed_on=marked_on, note="又一次")
        clock.set(start_of_day(marked_on))
        with counted() as statements:
            assert carried_out(now()) == 1
        return [*taken, len(statements)]

    for number in range(3):
        approved(bank, f"a-{number}")
    few = spent(10)
    for number in range(20):
        service.create(bank, true_false(f"c-{number}", f"另{number}：示例题干。"), actor=WANG, now=now())
        approved(bank, f"b-{number}", source_from=today().isoformat())
    assert spent(10) == few
