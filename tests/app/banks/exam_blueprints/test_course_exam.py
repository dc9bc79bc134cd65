"""What an exam rule asks of a blueprint, and the blueprint that follows from the rule."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.banks.exam_blueprints.course_exam import CourseExam, course_in_catalogue, exam_of
from app.core.errors import NotFound
from courses import catalogue
from courses.roles import roles
from question_bank.blueprint import MinimumShare, Stratum
from question_bank.questions import MAJOR_HAZARD_CRITERIA
from tests.app.banks.exam_blueprints.samples import MANAGERS, exam, fitting, one_stratum

HAZARDS = MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(10))


@pytest.mark.parametrize("course", catalogue.courses(), ids=lambda course: f"{course.code}-{course.version}")
def test_the_blueprint_of_every_rule_keeps_to_the_rule(course: catalogue.CourseDefinition) -> None:
    found = exam_of(course)
    blueprint = found.derived()
    assert found.misfits(blueprint) == []
    assert (blueprint.count, blueprint.points) == (found.rule["question_count"], found.rule["total_points"])
    assert (HAZARDS in blueprint.minimum_shares) == (course.role == "principal")


@pytest.mark.parametrize("role", roles())
def test_only_papers_of_principals_need_the_share_on_major_hazards(role: str) -> None:
    assert CourseExam("mines", role, exam().rule).major_hazard_percent == (10 if role == "principal" else 0)


def test_a_rule_may_set_the_share_or_leave_it_out_and_older_ones_have_ten_percent() -> None:
    rule = {name: value for name, value in exam().rule.items() if name != "major_hazard_percent"}
    assert CourseExam("mines", "principal", rule).derived().minimum_shares == (HAZARDS,)
    none = CourseExam("mines", "principal", {**rule, "major_hazard_percent": 0})
    assert none.derived().minimum_shares == () and none.misfits(fitting(minimum_shares=())) == []
    more = CourseExam("mines", "principal", {**rule, "major_hazard_percent": 40})
    assert [each.code for each in more.misfits(fitting())] == ["blueprint_share"]


def test_every_reason_against_a_blueprint_is_named_with_its_figures() -> None:
    wrong = replace(one_stratum(30, "2.5"), marking_rule="all_or_nothing", minimum_shares=())
    found = {each.code: each.data for each in exam().misfits(wrong)}
    assert found == {
        "blueprint_count": {"count": 30, "needed": 25},
        "blueprint_points": {"points": "75", "needed": 100},
        "blueprint_marking": {},
        "blueprint_share": {"percent": 10, "needed": 3},
    }


@pytest.mark.parametrize(("percent", "fits"), [("10", True), ("12", True), ("9", True), ("8", False), ("100", True)])
def test_a_share_holds_if_it_asks_for_as_many_questions(percent: str, fits: bool) -> None:
    """9 % of 25 questions are 3 as well, 8 % are 2."""
    share = MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(percent))
    assert (exam().misfits(fitting(minimum_shares=(share,))) == []) is fits


def test_strata_of_tagged_questions_alone_hold_the_share_too() -> None:
    tagged = Stratum("general", "single_choice", 3, Decimal(4), tags=(MAJOR_HAZARD_CRITERIA,))
    others = Stratum("general", "single_choice", 22, Decimal(4))
    assert exam().misfits(replace(fitting(minimum_shares=()), strata=(tagged, others))) == []


def test_courses_of_others_need_no_share() -> None:
    assert exam(MANAGERS).misfits(replace(one_stratum(25, "4"), minimum_shares=())) == []


def test_a_course_that_the_catalogue_has_not_is_not_found() -> None:
    with pytest.raises(NotFound, match="blueprint_course_unknown"):
        course_in_catalogue("no-such-course")
