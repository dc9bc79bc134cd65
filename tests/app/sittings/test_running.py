"""From opening to closing a sitting: starts, hand-ins, the clock, the resit, the seed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app import worker
from app.audit.service import timeline
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.core.jobs import Job
from app.institutions.models import Standing
from app.sittings import requesting, running, starting
from app.sittings.answers import Entry, save
from app.sittings.finishing import finish_overdue, hand_in
from app.sittings.models import Attempt, AttemptState, FinishedBy, Sitting, SittingState
from app.sittings.queries import result_of
from app.sittings.replay import replay
from app.training.models import EnrolmentState
from question_bank.fairness import verify_commitment
from tests.app.sittings.exam import (
    OPERATOR,
    Exam,
    actor_of,
    candidates_of,
    identity_of,
    opened,
    requested,
    right_answers,
)
from tests.conftest import Clock


def sit(exam: Exam, number: int = 0, *, right: int = 25) -> Attempt:
    """Begin, answer the first *right* questions as the key says, hand in."""
    attempt, candidate = exam.start(number), exam.candidates[number]
    key = right_answers(attempt)
    entries = [Entry(slot, slot, tuple(key[slot])) for slot in range(1, right + 1)]
    hand_in(attempt.id, entries, identity_of(candidate), actor=actor_of(candidate), now=now())
    db.session.commit()
    return attempt


def resit(exam: Exam) -> Exam:
    running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    sitting = requesting.request_sitting(exam.session.id, exam.site, now(), actor=SYSTEM, now=now())
    running.open_sitting(sitting, actor=OPERATOR, now=now())
    db.session.commit()
    return Exam(exam.session, exam.site, sitting, candidates_of(sitting))


def refused(code: str, exam: Exam, number: int = 0) -> ServiceError:
    with pytest.raises(ServiceError) as found:
        starting.start(exam.candidates[number], actor=SYSTEM, now=now())
    assert found.value.code == code
    db.session.rollback()
    return found.value


def test_each_candidate_has_a_paper_of_his_own_that_the_seed_draws_again(app: Flask) -> None:
    exam = opened(2)
    one, two = exam.start(0), exam.start(1)
    assert one.paper_digest != two.paper_digest and one.maximum == 100
    again = starting.draw_paper(exam.sitting, exam.candidates[0].admission_number)
    assert again.digest == one.paper_digest and again.to_payload() == one.paper
    assert one.deadline_at - one.started_at == timedelta(minutes=60)


def test_a_second_device_gets_the_same_attempt(app: Flask, clock: Clock) -> None:
    exam = opened()
    first = exam.start()
    clock.advance(minutes=20)
    assert exam.start().id == first.id
    assert len(timeline("attempt", first.id)) == 1


def test_eligibility_is_asked_again_at_the_door(app: Flask) -> None:
    exam = opened()
    exam.candidates[0].enrolment.credited_hours = Decimal(1)
    db.session.commit()
    assert "学时不足" in refused("may_not_sit", exam).data["reasons"]
    exam.candidates[0].enrolment.credited_hours = Decimal(16)
    exam.session.institution.standing = Standing.SUSPENDED
    db.session.commit()
    assert "培训机构已被暂停" in refused("may_not_sit", exam).data["reasons"]
    exam.session.institution.standing = Standing.ACTIVE
    exam.candidates[0].enrolment.state = EnrolmentState.WITHDRAWN
    db.session.commit()
    refused("candidate_withdrawn", exam)


def test_the_window_of_entry_is_kept_by_the_servers_clock(app: Flask, clock: Clock) -> None:
    exam = requested(2)
    refused("sitting_not_begun", exam)
    running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    db.session.commit()
    clock.set(exam.sitting.entry_until)
    exam.start(0)
    clock.advance(seconds=1)
    refused("entry_over", exam, 1)


def test_a_full_paper_passes_and_asks_for_the_certificate_once(app: Flask) -> None:
    exam = opened()
    attempt = sit(exam)
    candidate = exam.candidates[0]
    hand_in(attempt.id, [], identity_of(candidate), actor=actor_of(candidate), now=now())
    assert (attempt.score, attempt.passed, attempt.finished_by) == (100, True, FinishedBy.CANDIDATE)
    assert [job.arguments for job in db.session.scalars(sa.select(Job))] == [{"attempt_id": attempt.id}]
    assert [event.kind for event in timeline("attempt", attempt.id)] == ["AttemptStarted", "AttemptFinished"]
    assert replay(attempt.id) == ()


def test_a_pass_needs_the_pass_mark_to_the_hundredth(app: Flask) -> None:
    exam = opened()
    attempt = sit(exam, right=3)
    assert attempt.passed is False and attempt.score is not None and attempt.score < 80
    assert db.session.scalars(sa.select(Job)).all() == []
    assert result_of(exam.candidates[0].enrolment).state == "failed"


def test_an_impossible_answer_counts_as_none(app: Flask) -> None:
    exam = opened()
    attempt, who = exam.start(), identity_of(exam.candidates[0])
    entries = [Entry(1, 1, ("H",)), Entry(2, 2, ("A", "B")), Entry(3, 400, ("A",))]
    hand_in(attempt.id, entries, who, actor=actor_of(exam.candidates[0]), now=now())
    assert attempt.score == 0 and attempt.state is AttemptState.FINISHED and replay(attempt.id) == ()


def test_the_sweep_finishes_at_the_deadline_not_at_the_sweep(app: Flask, clock: Clock) -> None:
    exam = opened(2)
    late, early = exam.start(0), exam.start(1)
    who = identity_of(exam.candidates[0])
    save(late.id, [Entry(1, 1, tuple(right_answers(late)[1]))], who, now=now())
    db.session.commit()
    assert finish_overdue(now()) == 0
    clock.set(late.deadline_at)
    assert worker.sweep() == 0
    clock.advance(hours=3)
    assert worker.sweep() == 2 and worker.sweep() == 0
    assert late.finished_at == late.deadline_at and late.finished_by is FinishedBy.CLOCK
    assert late.score is not None and late.score > 0 and early.score == 0
    assert timeline("attempt", late.id)[-1].actor_name == "system"


def test_a_damaged_paper_is_left_for_a_person_and_holds_up_nobody(app: Flask, clock: Clock) -> None:
    exam = opened(2)
    damaged, sound = exam.start(0), exam.start(1)
    damaged.paper = {**damaged.paper, "marking_rule": "all_or_nothing"}
    db.session.commit()
    clock.advance(hours=2)
    assert worker.sweep() == 1
    assert damaged.state is AttemptState.OPEN and sound.state is AttemptState.FINISHED
    assert [each.field for each in replay(damaged.id)] == ["paper", "marking_rule"]


def test_closing_waits_for_who_is_still_writing_and_finishes_who_is_over(app: Flask, clock: Clock) -> None:
    exam = opened(2)
    exam.start(0)
    with pytest.raises(ServiceError) as found:
        running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    assert found.value.code == "still_writing" and found.value.data == {"count": 1}
    db.session.rollback()
    clock.advance(minutes=61)
    running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    db.session.commit()
    assert exam.sitting.state is SittingState.CLOSED
    assert result_of(exam.candidates[0].enrolment).state == "failed"
    assert result_of(exam.candidates[1].enrolment).state == "absent"


def test_the_seed_is_revealed_when_the_sitting_is_over(app: Flask) -> None:
    exam = opened()
    sit(exam)
    running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    revealed = timeline("sitting", exam.sitting.id)[-1]
    assert revealed.kind == "SeedRevealed"
    assert verify_commitment(bytes.fromhex(revealed.data["seed"]), exam.sitting.seed_commitment)


@pytest.mark.parametrize("minutes", [-61, 31])
def test_a_sitting_is_opened_about_its_time(app: Flask, clock: Clock, minutes: int) -> None:
    exam = requested()
    clock.set(exam.sitting.starts_at + timedelta(minutes=minutes))
    with pytest.raises(ServiceError, match=r"too_(early|late)_to_open"):
        running.open_sitting(exam.sitting, actor=OPERATOR, now=now())


def test_states_are_passed_through_once_and_in_order(app: Flask) -> None:
    exam = requested()
    with pytest.raises(ServiceError, match="sitting_not_open"):
        running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    with pytest.raises(ServiceError, match="sitting_not_scheduled"):
        running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    with pytest.raises(ServiceError, match="sitting_not_open"):
        running.close_sitting(exam.sitting, actor=OPERATOR, now=now())
    refused("sitting_over", exam)


def test_one_resit_then_the_course_has_to_be_taken_again(app: Flask) -> None:
    exam = opened()
    sit(exam, right=1)
    second = resit(exam)
    assert second.sitting.is_resit
    attempt = sit(second, right=2)
    assert attempt.number == 2
    with pytest.raises(ServiceError, match="no_candidates"):
        resit(second)


def test_the_resit_limit_survives_withdrawing_and_enrolling_again(app: Flask) -> None:
    exam = opened()
    sit(exam, right=1)
    second = resit(exam)
    sit(second, right=1)
    enrolment = exam.candidates[0].enrolment
    enrolment.state = EnrolmentState.WITHDRAWN
    db.session.commit()
    enrolment.state = EnrolmentState.ENROLLED
    db.session.commit()
    [found] = requesting.weigh(exam.session, exam.site, now())
    assert [each.code for each in found.refusals] == ["resit_used"]


def test_absence_uses_no_attempt(app: Flask) -> None:
    exam = opened()
    again = resit(exam)
    assert not again.sitting.is_resit and again.start().number == 1


def test_a_finished_attempt_is_never_changed_again(app: Flask) -> None:
    attempt = sit(opened(), right=1)
    attempt_id = attempt.id
    with pytest.raises(DBAPIError):
        db.session.execute(sa.update(Attempt).where(Attempt.id == attempt_id).values(passed=True))
    db.session.rollback()


def test_all_sittings_are_kept(app: Flask) -> None:
    exam = opened()
    sit(exam, right=0)
    resit(exam)
    assert db.session.scalar(sa.select(sa.func.count(Sitting.id))) == 2
