"""What a sitting is drawn by: the course's blueprint in use, else the exam rule; frozen with pool and exposure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import pool as pools
from app.banks.exam_blueprints import service
from app.banks.models import Question, QuestionState, QuestionVersion
from app.banks.models_statistics import ItemStatistics
from app.core.actors import SYSTEM
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.sittings import requesting, running
from app.sittings.models import Attempt, Sitting
from app.sittings.replay import replay
from app.training.models import CourseVersion
from question_bank.blueprint import MinimumShare
from question_bank.papers import Paper
from question_bank.questions import MAJOR_HAZARD_CRITERIA
from tests import sample
from tests.app.banks.exam_blueprints.samples import COURSE, LI, exam, fitting, one_stratum, used
from tests.app.sittings.exam import OPERATOR, opened, requested, session_of
from tests.page import Browser


def ask() -> Sitting:
    session, _ = session_of()
    sitting = requesting.request_sitting(session.id, sample.exam_site(), now(), actor=SYSTEM, now=now())
    db.session.commit()
    return sitting


def refusal() -> ServiceError:
    session, _ = session_of()
    with pytest.raises(ServiceError) as found:
        requesting.request_sitting(session.id, sample.exam_site(), now(), actor=SYSTEM, now=now())
    db.session.rollback()
    return found.value


def tagged(attempt: Attempt) -> int:
    return sum(MAJOR_HAZARD_CRITERIA in slot.question.tags for slot in Paper.from_payload(attempt.paper).slots)


def suspend(*conditions: sa.ColumnElement[bool]) -> None:
    """Suspend the questions on major hazards that meet *conditions*."""
    for question in db.session.scalars(sa.select(Question).where(*conditions)):
        if MAJOR_HAZARD_CRITERIA in question.versions[0].payload["tags"]:
            question.state = QuestionState.SUSPENDED
    db.session.commit()


def used_in_papers(times: int, every: int = 2) -> None:
    """Let one of *every* so many questions have stood in *times* papers."""
    nothing = {"option_counts": {}, "best_counts": {}, "sums": {}, "best": 0, "n": 0, "computed_at": now()}
    for version_id in db.session.scalars(sa.select(QuestionVersion.id).order_by(QuestionVersion.id)).all()[::every]:
        db.session.add(ItemStatistics(question_version_id=version_id, exposure=times, **nothing))
    db.session.commit()


def test_without_a_blueprint_in_use_the_exam_rule_is_drawn_by_with_the_share_of_principals(app: Flask) -> None:
    exam_of_principals = opened()
    assert exam_of_principals.sitting.blueprint == exam().derived().to_payload()
    assert exam_of_principals.sitting.blueprint["minimum_shares"] == [
        {"tag": MAJOR_HAZARD_CRITERIA, "percent": "10.00"}
    ]
    assert tagged(exam_of_principals.start()) >= 3


def test_a_sitting_is_drawn_by_the_blueprint_in_use(app: Flask) -> None:
    sample.banks()
    half = fitting(minimum_shares=(MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(50)),))
    used(half)
    sitting = ask()
    assert sitting.blueprint == half.to_payload()
    running.open_sitting(sitting, actor=OPERATOR, now=now())
    drawn = requesting.draw_for(sitting.training_session.course_version, today())
    assert drawn.blueprint == half


def test_a_draft_is_drawn_by_nobody_and_retiring_brings_the_rule_back(app: Flask) -> None:
    sample.banks()
    row = used()
    service.retire(COURSE, row.number, reason="恢复规则", actor=LI, now=now())
    db.session.commit()
    assert ask().blueprint == exam().derived().to_payload()


def test_a_sitting_that_is_scheduled_keeps_what_it_was_scheduled_with(app: Flask) -> None:
    scheduled = requested()
    before = scheduled.sitting.blueprint
    used()
    question = db.session.get_one(Question, 1)
    question.state = QuestionState.SUSPENDED  # the pool is frozen anew when the sitting opens
    db.session.commit()
    running.open_sitting(scheduled.sitting, actor=OPERATOR, now=now())
    db.session.commit()
    attempt = scheduled.start()
    assert scheduled.sitting.blueprint == before == exam().derived().to_payload()
    assert replay(attempt.id) == ()


def test_a_blueprint_that_no_longer_keeps_to_the_frozen_rule_stops_scheduling_with_a_sentence(app: Flask) -> None:
    sample.banks()
    used()
    version = sample.course_version()
    rule = {**version.definition["exam_rule"], "question_count": 30, "major_hazard_percent": 40}
    version.definition = {**version.definition, "exam_rule": rule}
    db.session.commit()
    with app.test_request_context():
        found = refusal()
        assert found.code == "blueprint_unfit"
        assert worded(found) == (
            "组卷方案第 1 版不符合这门课程的考试规则，不能使用。各分层合计 25 题，考试规则要求 30 题。请增减题数。"
            "主要负责人课程的试卷，重大事故隐患判定标准试题不得少于 40%（10 题）。请提高最低占比。"
        )


def test_a_rule_that_was_frozen_before_there_were_shares_has_the_usual_one(app: Flask) -> None:
    sample.banks()
    version = sample.course_version()
    rule = {name: value for name, value in version.definition["exam_rule"].items() if name != "major_hazard_percent"}
    version.definition = {**version.definition, "exam_rule": rule}
    db.session.commit()
    assert ask().blueprint["minimum_shares"] == [{"tag": MAJOR_HAZARD_CRITERIA, "percent": "10.00"}]


def test_scheduling_is_refused_when_the_share_cannot_be_held(app: Flask) -> None:
    sample.banks("general", "construction")
    sample.course_version("construction-principal-campaign")
    suspend()
    with app.test_request_context():
        found = refusal()
        assert (found.code, found.data["missing"]) == ("bank_short", 3)
        assert "重大事故隐患判定标准试题一份试卷至少要 3 题，题库最多只能抽出 0 题" in worded(found)


def test_scheduling_is_refused_when_the_blueprint_in_use_is_no_longer_filled(app: Flask) -> None:
    sample.banks()
    used(one_stratum(25, "4"))
    for question in db.session.scalars(sa.select(Question).where(Question.kind == "single_choice")).all()[20:]:
        question.state = QuestionState.RETIRED
    db.session.commit()
    assert refusal().code == "bank_short"


def test_a_sitting_whose_pool_can_no_longer_hold_its_share_is_not_opened(app: Flask) -> None:
    scheduled = requested()
    suspend()
    with pytest.raises(ServiceError, match="bank_short"):
        running.open_sitting(scheduled.sitting, actor=OPERATOR, now=now())


def test_other_roles_draw_without_a_share(app: Flask) -> None:
    sample.banks("general", "hospitals")
    course = sample.course_version("hospitals-fire-responsible-campaign")
    assert requesting.draw_for(course, today()).blueprint.minimum_shares == ()


def test_exposure_is_that_of_all_versions_and_is_frozen_with_the_digest(app: Flask) -> None:
    sample.banks()
    used_in_papers(4)
    question = db.session.get_one(Question, 1)
    older = question.versions[0]
    columns = {c.key: getattr(older, c.key) for c in QuestionVersion.__table__.columns if c.key != "id"}
    content = replace(pools.pool_of([older.id]).questions[0], version=2, stem="改过的题干")
    newer = sample.added(
        QuestionVersion(**{**columns, "number": 2, "payload": content.to_payload(), "digest": content.digest})
    )
    question.current_version = 2
    db.session.commit()
    found = pools.exposures([newer.id])
    assert found == {question.code: 4}
    sitting = ask()
    assert newer.id in sitting.pool and sitting.exposure[question.code] == 4
    assert pools.pool_of(sitting.pool, sitting.exposure).digest == sitting.pool_digest
    assert pools.pool_of(sitting.pool).digest != sitting.pool_digest


def test_a_pool_in_memory_is_told_from_one_with_another_exposure(app: Flask) -> None:
    sample.banks()
    used_in_papers(4)
    sitting = ask()
    drawn = pools.frozen_pool(sitting.pool, sitting.exposure, sitting.pool_digest)
    assert pools.frozen_pool(sitting.pool, sitting.exposure, sitting.pool_digest) is drawn
    with pytest.raises(ServiceError, match="pool_changed"):
        pools.frozen_pool(sitting.pool, {}, sitting.pool_digest)


def test_exposure_of_more_questions_than_a_statement_takes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sample.banks()
    used_in_papers(2, every=3)
    versions = pools.current_versions(["general", "metal_smelting"], today())
    whole = pools.exposures(versions)
    monkeypatch.setattr(pools, "READ_AT_ONCE", 10)
    assert pools.exposures(versions) == whole and len(whole) == len(versions[::3])
    assert len(pools.pool_of(versions)) == len(versions)


def test_the_public_page_names_algorithm_shares_and_digests(app: Flask) -> None:
    sample.banks()
    used_in_papers(4)
    sitting = ask()
    page = Browser(app).open(f"/fairness/{sitting.code}")
    assert "bikao-draw-2" in page and sitting.pool_digest in page
    assert "重大事故隐患判定标准试题不少于 10%（25 题中至少 3 题）" in page
    assert f"{len(sitting.exposure)} 道试题用过" in page
    assert sitting.seed not in page.text and not any(code in page.text for code in sitting.exposure)


def test_the_public_page_of_an_older_sitting_says_what_held_for_it(app: Flask) -> None:
    scheduled = requested()
    scheduled.sitting.blueprint = {k: v for k, v in scheduled.sitting.blueprint.items() if k != "minimum_shares"}
    db.session.commit()
    page = Browser(app).open(f"/fairness/{scheduled.sitting.code}")
    assert "bikao-draw-1" in page and "同层试题机会均等" in page


def test_the_public_page_names_the_draw_that_the_papers_bear(app: Flask) -> None:
    exam = opened()
    attempt = exam.start()
    attempt.paper = {**attempt.paper, "algorithm": "bikao-draw-1"}
    db.session.commit()
    page = Browser(app).open(f"/fairness/{exam.sitting.code}").text
    assert "bikao-draw-1" in page and "bikao-draw-2" not in page


def test_course_versions_are_never_rewritten_by_blueprints(app: Flask) -> None:
    sample.banks()
    version = sample.course_version()
    before = dict(version.definition)
    used()
    db.session.expire_all()
    assert db.session.get_one(CourseVersion, version.id).definition == before
