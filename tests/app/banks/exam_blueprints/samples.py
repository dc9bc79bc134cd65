"""People and blueprints for the tests: the campaign course of metal smelting, 25 questions and 100 points."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.banks.exam_blueprints import queries, service
from app.banks.exam_blueprints.course_exam import CourseExam, course_in_catalogue, exam_of
from app.banks.exam_blueprints.models import ExamBlueprint
from app.core.actors import Actor, Role
from app.core.clock import now
from app.core.db import db
from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.questions import MAJOR_HAZARD_CRITERIA

COURSE = "metal-smelting-principal-campaign"
MANAGERS = "general-safety-manager-refresher"
WANG = Actor(101, "王示例", Role.REGULATOR, "330000")
LI = Actor(102, "李示例", Role.REGULATOR, "330000")
ZHAO = Actor(103, "赵示例", Role.ADMINISTRATOR)


def exam(course: str = COURSE) -> CourseExam:
    return exam_of(course_in_catalogue(course))


def fitting(**changes: Any) -> Blueprint:
    """Return a blueprint of the course's own that keeps to its exam rule: the rule's strata, mixed."""
    return replace(exam().derived(), **{"question_order": "mixed", **changes})


def one_stratum(count: int, points: str, **conditions: Any) -> Blueprint:
    share = (MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(10)),)
    stratum = Stratum("general", "single_choice", count, Decimal(points), **conditions)
    return Blueprint((stratum,), minimum_shares=share)


def saved(
    blueprint: Blueprint | None = None, by: Actor = WANG, course: str = COURSE, title: str = "示例方案", note: str = ""
) -> ExamBlueprint:
    """Save as the editor does, from what is there; committed."""
    seen = service.seen_of(service.starting_point(queries.versions(course)))
    row = service.save(course, blueprint or fitting(), title=title, note=note, seen=seen, actor=by, now=now())
    db.session.commit()
    return row


def used(
    blueprint: Blueprint | None = None, by: Actor = WANG, approver: Actor = LI, course: str = COURSE
) -> ExamBlueprint:
    """Save and put in use by another person; committed."""
    row = saved(blueprint, by, course)
    service.put_in_use(course, row.number, seen=service.seen_of(row), actor=approver, now=now())
    db.session.commit()
    return row
