"""Writing a blueprint, putting it in use, retiring it: two people, numbers that stay, the rule kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.audit.service import timeline
from app.banks.exam_blueprints import queries, service
from app.banks.exam_blueprints.course_exam import CourseExam
from app.banks.exam_blueprints.history import history
from app.banks.exam_blueprints.models import BlueprintState, ExamBlueprint
from app.banks.models import Question, QuestionState
from app.core.actors import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, ServiceError, worded
from question_bank.blueprint import Blueprint
from question_bank.questions import MAJOR_HAZARD_CRITERIA
from tests import sample
from tests.app.banks.exam_blueprints.samples import COURSE, LI, WANG, ZHAO, fitting, one_stratum, saved, used

OTHER = {"question_order": "by_stratum"}


def refused(action: Callable[[], Any]) -> ServiceError:
    with pytest.raises(ServiceError) as found:
        action()
    db.session.rollback()
    return found.value


def put(row: ExamBlueprint, by: Actor) -> ExamBlueprint:
    found = service.put_in_use(COURSE, row.number, seen=service.seen_of(row), actor=by, now=now())
    db.session.commit()
    return found


def states() -> dict[int, str]:
    return {row.number: row.state.value for row in queries.versions(COURSE)}


def test_a_draft_is_put_in_use_by_somebody_else(app: Flask) -> None:
    sample.banks()
    row = saved()
    assert (row.number, row.state, queries.in_use(COURSE)) == (1, BlueprintState.DRAFT, None)
    assert refused(lambda: put(row, WANG)).code == "blueprint_author_approves"
    put(row, LI)
    found = queries.in_use(COURSE)
    assert found is not None and found.approved_by_name == LI.name and found.approved_at == now()
    assert queries.content_of(found) == fitting()
    assert [event.kind for event in timeline("exam_blueprint", row.id)] == ["BlueprintSaved", "BlueprintMoved"]


def test_the_author_of_any_draft_that_it_was_made_from_is_no_second_person(app: Flask) -> None:
    sample.banks()
    saved(by=WANG)
    row = saved(fitting(**OTHER), by=LI)
    assert (row.number, row.based_on, states()) == (2, 1, {1: "retired", 2: "draft"})
    for author in (WANG, LI):
        assert refused(lambda by=author: put(row, by)).code == "blueprint_author_approves"
    assert put(row, ZHAO).state is BlueprintState.IN_USE


def test_who_wrote_a_draft_that_was_given_up_may_put_a_fresh_one_in_use(app: Flask) -> None:
    sample.banks()
    first = saved(by=WANG)
    service.retire(COURSE, first.number, reason="放弃", actor=WANG, now=now())
    db.session.commit()
    row = saved(by=LI)
    assert (row.number, row.based_on) == (2, None)
    assert put(row, WANG).state is BlueprintState.IN_USE


def test_the_database_itself_wants_two_people(app: Flask) -> None:
    row = saved()
    with pytest.raises(IntegrityError):
        db.session.execute(
            sa.update(ExamBlueprint).where(ExamBlueprint.id == row.id).values(approved_by_id=WANG.user_id)
        )
    db.session.rollback()


@pytest.mark.parametrize("state", ["draft", "in_use"])
def test_the_database_itself_keeps_one_draft_and_one_in_use_a_course(app: Flask, state: str) -> None:
    values = {
        "course_code": COURSE,
        "title": "示例",
        "payload": {},
        "digest": "0" * 64,
        "state": state,
        "note": "",
        "author_name": "示例",
        "created_at": now(),
        "approved_at": now(),
    }
    db.session.execute(sa.insert(ExamBlueprint).values(number=1, **values))
    with pytest.raises(IntegrityError):
        db.session.execute(sa.insert(ExamBlueprint).values(number=2, **values))
    db.session.rollback()


def test_a_draft_is_rewritten_by_its_author_and_replaced_by_anybody_else(app: Flask) -> None:
    row = saved()
    again = saved(fitting(**OTHER))
    assert (again.id, again.number, again.payload["question_order"]) == (row.id, 1, "by_stratum")
    assert saved(by=LI).number == 2


def test_an_edit_of_what_is_in_use_is_a_new_number_and_changes_nothing_until_it_is_used(app: Flask) -> None:
    sample.banks()
    first = used()
    second = saved(fitting(**OTHER), by=LI)
    assert (second.number, second.based_on) == (2, 1)
    found = queries.in_use(COURSE)
    assert found is not None and found.id == first.id and queries.content_of(found) == fitting()
    put(second, WANG)  # the earlier author: the version in use counts as approved
    assert states() == {1: "retired", 2: "in_use"}
    assert queries.content_of(queries.version(COURSE, 1)) == fitting()


def test_retiring_brings_back_the_rule_and_keeps_what_was(app: Flask) -> None:
    sample.banks()
    row = used()
    service.retire(COURSE, 1, reason="恢复规则", actor=WANG, now=now())
    db.session.commit()
    assert queries.in_use(COURSE) is None and states() == {1: "retired"}
    assert (
        refused(lambda: service.retire(COURSE, 1, reason="再次", actor=WANG, now=now())).code == "blueprint_is_retired"
    )
    assert refused(lambda: put(row, LI)).code == "blueprint_not_draft"
    sentences = [sentence for _at, sentence, _by in history(row)]
    assert sentences == ["照考试规则新建草稿", "启用", "停用：恢复规则"]
    assert saved(by=LI).number == 2


@pytest.mark.parametrize(
    ("blueprint", "code"),
    [
        (one_stratum(24, "4"), "blueprint_count"),
        (one_stratum(25, "3.99"), "blueprint_points"),
        (replace(one_stratum(25, "4"), marking_rule="plus_minus"), "blueprint_marking"),
        (replace(one_stratum(25, "4"), minimum_shares=()), "blueprint_share"),
    ],
)
def test_what_does_not_keep_to_the_exam_rule_is_not_saved(app: Flask, blueprint: Blueprint, code: str) -> None:
    found = refused(lambda: saved(blueprint))
    assert found.code == code and worded(found) and queries.versions(COURSE) == []


def test_a_sentence_says_which_share_principals_need(app: Flask) -> None:
    found = refused(lambda: saved(fitting(minimum_shares=())))
    with app.test_request_context():
        assert worded(found) == ("主要负责人课程的试卷，重大事故隐患判定标准试题不得少于 10%（3 题）。请提高最低占比。")


def test_what_the_banks_cannot_fill_is_saved_but_not_put_in_use(app: Flask) -> None:
    row = saved()
    found = refused(lambda: put(row, LI))
    assert found.code == "blueprint_short" and found.data["missing"] == 25
    sample.banks()
    assert put(row, LI).state is BlueprintState.IN_USE


def test_a_share_that_the_banks_cannot_hold_is_named(app: Flask) -> None:
    sample.banks("general")
    for question in db.session.scalars(sa.select(Question).join(Question.versions)):
        if MAJOR_HAZARD_CRITERIA in question.versions[0].payload["tags"]:
            question.state = QuestionState.SUSPENDED
    row = saved(one_stratum(25, "4"))
    with app.test_request_context():
        found = refused(lambda: put(row, LI))
        assert found.data["missing"] == 3
        assert "重大事故隐患判定标准试题一份试卷至少要 3 题，题库最多只能抽出 0 题" in worded(found)


def test_two_editors_who_began_from_the_same_do_not_overwrite_each_other(app: Flask) -> None:
    saved()
    found = refused(lambda: service.save(COURSE, fitting(**OTHER), title="另一份", seen="", actor=LI, now=now()))
    assert found.code == "blueprint_changed_meanwhile"


def test_what_was_read_is_what_is_put_in_use(app: Flask) -> None:
    sample.banks()
    row = saved()
    seen = service.seen_of(row)
    saved(fitting(**OTHER))
    found = refused(lambda: service.put_in_use(COURSE, 1, seen=seen, actor=LI, now=now()))
    assert found.code == "blueprint_changed_meanwhile"


def test_saving_what_is_there_already_makes_no_version(app: Flask) -> None:
    saved()
    assert refused(saved).code == "blueprint_unchanged"
    assert saved(note="为什么").number == 1


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    for action in (
        lambda: service.put_in_use(COURSE, 1, seen="", actor=LI, now=now()),
        lambda: service.retire(COURSE, 1, reason="无", actor=LI, now=now()),
        lambda: queries.version(COURSE, 1),
        lambda: saved(course="no-such-course"),
    ):
        with pytest.raises(NotFound):
            action()


def test_a_rule_that_changed_after_the_draft_was_saved_is_seen_when_it_is_put_in_use(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.banks()
    row = saved()
    monkeypatch.setattr(CourseExam, "major_hazard_percent", 50)  # the rule of tomorrow
    found = refused(lambda: put(row, LI))
    assert found.code == "blueprint_unfit" and "50%" in found.data["reasons"]


def test_points_with_decimals_add_up(app: Flask) -> None:
    blueprint = fitting()
    strata = [replace(each, points=Decimal("4.00")) for each in blueprint.strata]
    assert saved(replace(blueprint, strata=tuple(strata))).payload["strata"][0]["points"] == "4.00"
