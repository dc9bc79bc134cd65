"""Asking for a sitting: what is refused and why, whom it admits, what it commits to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.service import timeline
from app.banks.exam_blueprints.course_exam import CourseExam
from app.banks.models import Question, QuestionState, QuestionVersion
from app.banks.pool import current_versions, pool, pool_of
from app.banks.reference import load_banks
from app.core.actors import SYSTEM
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError
from app.institutions.models import Standing
from app.registry.models import Bar, BarScope
from app.sittings import requesting, running
from app.sittings.models import Candidate, Sitting, SittingState
from app.sittings.wording import reason
from app.training.models import EnrolmentState, TrainingSession
from courses.sectors import GENERAL
from question_bank.fairness import verify_commitment
from tests import sample
from tests.app.sittings.exam import OPERATOR, candidates_of, opened, requested, session_of
from tests.page import Browser


def ask(session: TrainingSession, **changes: object) -> Sitting:
    site = changes.pop("site", None) or sample.exam_site()
    starts_at = changes.pop("starts_at", None) or now()
    return requesting.request_sitting(session.id, site, starts_at, actor=SYSTEM, now=now(), **changes)  # type: ignore[arg-type]


def refusal(session: TrainingSession, **changes: object) -> ServiceError:
    with pytest.raises(ServiceError) as refused:
        ask(session, **changes)
    db.session.rollback()
    return refused.value


def test_every_trainee_who_may_sit_gets_a_number_of_twelve_digits(app: Flask) -> None:
    exam = requested(3)
    numbers = [each.admission_number for each in exam.candidates]
    assert len(set(numbers)) == 3 and all(len(each) == 12 and each.isdecimal() for each in numbers)
    assert exam.sitting.entry_until - exam.sitting.starts_at == timedelta(minutes=30)
    assert not exam.sitting.is_resit and exam.sitting.duration_minutes == 60
    event = timeline("sitting", exam.sitting.id)[0]
    assert event.data["seed_commitment"] == exam.sitting.seed_commitment and event.data["candidates"] == 3


def test_the_seed_is_committed_to_and_kept_encrypted(app: Flask) -> None:
    sitting = requested().sitting
    assert verify_commitment(bytes.fromhex(sitting.seed), sitting.seed_commitment)
    stored = db.session.execute(sa.text("SELECT seed FROM sitting")).scalar_one()
    assert sitting.seed.encode() not in bytes(stored) and bytes.fromhex(sitting.seed) not in bytes(stored)


def test_the_organisation_that_taught_does_not_examine(app: Flask) -> None:
    sample.banks()
    session, _ = session_of()
    own = sample.exam_site("KD09", operator=session.institution.credit_code)
    assert refusal(session, site=own).code == "same_organisation"


def test_a_bank_that_cannot_fill_a_paper_refuses_and_names_each_stratum(app: Flask) -> None:
    sample.banks("general")
    load_banks(now())
    session, _ = session_of()
    refused = refusal(session)
    assert refused.code == "bank_short" and refused.data["missing"] == 9
    assert refused.data["strata"] == (
        "第 4 层：金属冶炼题库判断题需要 3 题，现有 0 题，缺 3 题；"
        "第 5 层：金属冶炼题库单选题需要 3 题，现有 0 题，缺 3 题；"
        "第 6 层：金属冶炼题库多选题需要 3 题，现有 0 题，缺 3 题"
    )


def test_only_approved_current_questions_of_live_banks_are_drawn(app: Flask) -> None:
    [bank] = sample.banks("general")
    questions = db.session.scalars(sa.select(Question).order_by(Question.id)).all()
    questions[0].state = QuestionState.SUSPENDED
    before = questions[1].versions[0]
    newer = replace(pool_of([before.id]).questions[0], version=2, stem="改过的题干")
    columns = {c.key: getattr(before, c.key) for c in QuestionVersion.__table__.columns if c.key != "id"}
    changed = {"number": 2, "payload": newer.to_payload(), "digest": newer.digest, "stem": newer.stem}
    sample.added(QuestionVersion(**{**columns, **changed}))
    questions[1].current_version = 2
    db.session.flush()
    found = pool(["general", "no_such_bank"], today())
    assert len(found) == len(questions) - 1
    assert newer in found.questions and questions[0].code not in {each.code for each in found.questions}
    assert len(current_versions(["general"], today())) == len(found) and bank.code == GENERAL


def test_who_may_not_sit_is_left_out_with_the_reason(app: Flask) -> None:
    sample.banks()
    session, [fit, short, gone, barred] = session_of(4)
    short.credited_hours = Decimal("3.5")
    gone.state = EnrolmentState.WITHDRAWN
    decision = "示例〔2026〕1号"
    bar = Bar(
        person=barred.person, scope=BarScope.ALL_TRADES, valid_from=today(), decision_number=decision, created_at=now()
    )
    sample.added(bar)
    sitting = ask(session)
    assert [each.enrolment_id for each in candidates_of(sitting)] == [fit.id]
    left_out = {
        each.enrolment.id: [reason(one) for one in each.refusals]
        for each in requesting.weigh(session, sitting.exam_site, sitting.starts_at)
    }
    assert left_out == {
        fit.id: ["已编入另一场考试"],
        short.id: ["学时不足：3.5 / 16"],
        barred.id: [f"处于禁任期（决定文号 {decision}）"],
    }


def test_nobody_sits_before_the_training_is_over(app: Flask) -> None:
    sample.banks()
    session, _ = session_of()
    session.ends_on = today() + timedelta(days=1)
    db.session.commit()
    assert refusal(session).code == "no_candidates"
    assert ask(session, site=sample.exam_site("KD07"), starts_at=now() + timedelta(days=1)).id


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.REMOVED])
def test_a_suspended_institution_asks_for_nothing(app: Flask, standing: Standing) -> None:
    sample.banks()
    session, _ = session_of()
    session.institution.standing = standing
    db.session.commit()
    assert refusal(session).code == "institution_stopped"


@pytest.mark.parametrize(("days", "accepted"), [(180, True), (181, False)])
def test_a_start_too_far_ahead_is_taken_for_a_slip(app: Flask, days: int, accepted: bool) -> None:
    sample.banks()
    session, _ = session_of()
    starts_at = now() + timedelta(days=days)
    if accepted:
        assert ask(session, starts_at=starts_at).starts_at == starts_at
    else:
        assert refusal(session, starts_at=starts_at).code == "sitting_too_far"


def test_the_past_a_closed_site_and_too_few_seats_are_refused(app: Flask) -> None:
    sample.banks()
    session, _ = session_of(2)
    site, shut, small = sample.exam_site(), sample.exam_site("KD02"), sample.exam_site("KD03")
    shut.is_active, small.seats = False, 1
    db.session.commit()
    assert refusal(session, site=site, starts_at=now() - timedelta(minutes=2)).code == "sitting_in_past"
    assert refusal(session, site=shut).code == "site_closed"
    short = refusal(session, site=small)
    assert (short.code, short.data["needed"], short.data["seats"]) == ("seats_short", 2, 1)


def test_seats_are_counted_over_sittings_at_the_same_time(app: Flask) -> None:
    exam = requested(2)
    exam.site.seats = 3
    db.session.commit()
    session, _ = session_of(2, "PX02")
    assert refusal(session, site=exam.site).data["taken"] == 2
    later = requesting.latest_end(exam.sitting)
    assert ask(session, site=exam.site, starts_at=later).id


def test_a_sitting_is_cancelled_before_it_is_opened_and_frees_its_candidates(app: Flask) -> None:
    exam = requested()
    requesting.cancel(exam.sitting, actor=SYSTEM, now=now())
    assert exam.sitting.state is SittingState.CANCELLED
    again = ask(exam.session, site=exam.site)
    assert db.session.scalar(sa.select(sa.func.count(Candidate.id))) == 2
    running.open_sitting(again, actor=OPERATOR, now=now())
    with pytest.raises(ServiceError, match="sitting_begun"):
        requesting.cancel(again, actor=SYSTEM, now=now())


def test_a_question_suspended_after_the_request_is_drawn_by_nobody(app: Flask) -> None:
    """The pool is frozen anew, and the public page gives both digests, each with its moment."""
    exam = requested()
    address = f"/fairness/{exam.sitting.code}"
    assert "题池在开考时重新确定" not in Browser(app).open(address).text
    drawn = exam.sitting.pool
    question = db.session.scalars(sa.select(Question).join(QuestionVersion).where(QuestionVersion.id == drawn[0])).one()
    question.state, before = QuestionState.SUSPENDED, exam.sitting.pool_digest
    db.session.commit()
    running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    assert drawn[0] not in exam.sitting.pool and exam.sitting.pool_digest != before
    assert timeline("sitting", exam.sitting.id)[-1].data["pool_digest"] == exam.sitting.pool_digest
    db.session.commit()
    page = Browser(app).open(address).text
    assert "题池在开考时重新确定" in page
    assert (
        page.index("安排考试时）") < page.index(before) < page.index("开考时）") < page.index(exam.sitting.pool_digest)
    )


def test_a_question_approved_after_the_request_changes_no_pool(app: Flask) -> None:
    sample.banks()
    late = db.session.scalars(sa.select(Question).order_by(Question.id)).first()
    assert late is not None
    late.state = QuestionState.IN_REVIEW
    session, _ = session_of()
    sitting = ask(session)
    late.state, before = QuestionState.APPROVED, sitting.pool_digest
    running.open_sitting(sitting, actor=OPERATOR, now=now())
    assert sitting.pool_digest == before


def test_a_general_course_draws_every_stratum_from_the_general_bank(app: Flask) -> None:
    rule = sample.course_version().definition["exam_rule"]
    assert {each.bank for each in CourseExam(GENERAL, "principal", rule).derived().strata} == {"general"}
    assert CourseExam("mines", "principal", rule).derived().points == Decimal(100)


def test_opened_sittings_take_no_second_request_for_the_same_people(app: Flask) -> None:
    exam = opened(2)
    assert refusal(exam.session, site=exam.site).code == "no_candidates"
