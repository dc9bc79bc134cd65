"""The classes of the demo that are to come, on whatever day somebody looks at it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.cli.demo import story
from app.core.db import db
from app.training.models import CourseVersion, Mode
from app.training.reference import course_row
from app.training.scheduling import Place, SessionPlan, problems
from courses import catalogue

COURSE = "metal-smelting-principal-refresher"


@pytest.mark.parametrize(("day", "clause"), [(date(2026, 12, 31), "Z2"), (date(2027, 1, 1), None)])
def test_a_class_to_come_serves_a_clause_while_the_plans_bind_and_can_always_be_scheduled(
    app: Flask, day: date, clause: str | None
) -> None:
    plan = story.class_to_come(COURSE, story.NEXT_TITLE, day)
    assert plan.mandate == clause
    db.session.add(course_row(next(each for each in catalogue.courses() if each.code == COURSE)))
    course = db.session.scalars(sa.select(CourseVersion).where(CourseVersion.code == plan.course)).one()
    offered = SessionPlan(
        title=plan.title,
        mode=Mode.ONSITE,
        starts_on=day,
        ends_on=day + timedelta(days=6),
        capacity=plan.capacity,
        main=Place("主课堂", "示例楼"),
        mandate_code=plan.mandate,
    )
    assert [each.code for each in problems(course, offered, "330000", day)] == []
