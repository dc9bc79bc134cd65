"""The exam rule that a course version froze, and the blueprint that its exams draw by."""

from __future__ import annotations

from typing import Any

from app.banks.exam_blueprints import queries
from app.banks.exam_blueprints.course_exam import CourseExam, unfit
from app.training.models import CourseVersion
from question_bank.blueprint import Blueprint


def rule_of(course: CourseVersion) -> dict[str, Any]:
    """Return the frozen exam rule of *course*: the fields of courses.exam_rules.ExamRule as JSON values."""
    rule: dict[str, Any] = course.definition["exam_rule"]
    return rule


def blueprint_for(course: CourseVersion) -> Blueprint:
    """Return the blueprint that exams of *course* draw by: the one in use, else the one that follows from the rule.

    Raises ServiceError("blueprint_unfit") if the one in use does not keep to the rule that *course* froze: the rule may
    have changed since it was put in use, or the session may be of an older version of the course.
    """
    exam = CourseExam(course.sector_code, course.role_code, rule_of(course))
    stored = queries.in_use(course.code)
    if stored is None:
        return exam.derived()
    blueprint = queries.content_of(stored)
    if misfits := exam.misfits(blueprint):
        raise unfit(stored.number, misfits)
    return blueprint


def banks_of(blueprint: Blueprint) -> list[str]:
    """Return the codes of the banks that *blueprint* draws from, sorted."""
    return sorted({stratum.bank for stratum in blueprint.strata})
