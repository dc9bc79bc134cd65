"""Reading stored blueprints."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.banks.exam_blueprints.models import BlueprintState, ExamBlueprint
from app.core.db import db
from app.core.errors import NotFound
from question_bank.blueprint import Blueprint


def content_of(row: ExamBlueprint) -> Blueprint:
    """Return what *row* says, as the library's blueprint."""
    return Blueprint.from_payload(row.payload)


def in_use(course_code: str) -> ExamBlueprint | None:
    """Return the version that exams of the course draw by, None if they draw by the exam rule alone."""
    return db.session.scalar(_of(course_code).where(ExamBlueprint.state == BlueprintState.IN_USE))


def versions(course_code: str) -> Sequence[ExamBlueprint]:
    """Return every version of a course's blueprint, newest first."""
    return db.session.scalars(_of(course_code)).all()


def versions_to_change(course_code: str) -> Sequence[ExamBlueprint]:
    """Return every version, newest first, locked until the commit: two people's decisions follow each other."""
    query = _of(course_code).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).all()


def version(course_code: str, number: int) -> ExamBlueprint:
    """Return one version. Raises NotFound("blueprint_unknown")."""
    found = db.session.scalar(_of(course_code).where(ExamBlueprint.number == number))
    if found is None:
        raise NotFound("blueprint_unknown")
    return found


def current() -> dict[str, dict[BlueprintState, ExamBlueprint]]:
    """Return by course what is in use and what is a draft; one query, whatever the number of courses."""
    query = sa.select(ExamBlueprint).where(ExamBlueprint.state != BlueprintState.RETIRED)
    found: dict[str, dict[BlueprintState, ExamBlueprint]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.course_code, {})[row.state] = row
    return found


def _of(course_code: str) -> sa.Select[ExamBlueprint]:
    query = sa.select(ExamBlueprint).where(ExamBlueprint.course_code == course_code)
    return query.order_by(ExamBlueprint.number.desc())
