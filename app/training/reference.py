"""The course catalogue of courses/data copied into the database, where sessions can point at it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.core.actors import SYSTEM, Actor
from app.core.db import db
from app.training.models import CourseVersion
from courses import catalogue
from courses.catalogue import CourseDefinition
from courses.exam_rules import ExamRule, exam_rule


def load_reference(*, now: datetime, actor: Actor = SYSTEM) -> int:
    """Copy every course version that is not in the database yet and return how many were added.

    What is there is never rewritten: a session keeps the hours and the exam rule under which it was scheduled. Only
    the end of a version's life is taken over, so that the successor of a course closes it.
    """
    known = {(row.code, row.version): row for row in db.session.scalars(sa.select(CourseVersion))}
    added: list[CourseVersion] = []
    ended: list[CourseVersion] = []
    for course in catalogue.courses():
        row = known.get((course.code, str(course.version)))
        if row is None:
            added.append(course_row(course))
        elif row.valid_to != course.valid_to:
            row.valid_to = course.valid_to
            ended.append(row)
    db.session.add_all(added)
    db.session.flush()
    if changed := added + ended:
        record(events.CoursesLoaded(changed[-1].id, versions=len(changed)), actor=actor, now=now)
    return len(added)


def course_row(course: CourseDefinition) -> CourseVersion:
    """Return a new, unsaved row that holds *course* with its syllabus and its whole exam rule frozen."""
    return CourseVersion(
        code=course.code,
        version=str(course.version),
        title_zh=course.title_zh,
        title_en=course.title_en,
        sector_code=course.sector,
        role_code=course.role,
        kind=course.kind,
        hours=Decimal(course.hours),
        definition=definition_of(course),
        valid_from=course.valid_from,
        valid_to=course.valid_to,
    )


def definition_of(course: CourseDefinition) -> dict[str, Any]:
    """Return syllabus, exam rule and source of *course* as JSON.

    Keys: "syllabus" (list of code, title_zh, title_en, hours), "exam_rule" (every field of courses.exam_rules.ExamRule,
    dates as ISO texts, strata as a list of bank, kind, count, points_each) and "source_zh".
    """
    return {
        "syllabus": [asdict(module) for module in course.syllabus],
        "exam_rule": _rule_json(exam_rule(course.exam_rule, on=course.valid_from)),
        "source_zh": course.source_zh,
    }


def _rule_json(rule: ExamRule) -> dict[str, Any]:
    return {**asdict(rule), "strata": [asdict(each) for each in rule.strata], "valid_from": rule.valid_from.isoformat()}
