"""An institution at work: its staff, a regulator above it, a session with its trainees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.actors import Actor, Role
from app.core.clock import now, today
from app.core.db import db
from app.institutions.models import Institution
from app.registry.models import Enterprise, Person
from app.training import scheduling
from app.training.models import CourseVersion, Enrolment, Mode, TrainingSession
from tests import sample


@dataclass
class Centre:
    """A training institution in Hangzhou with one member of staff, and one course."""

    institution: Institution
    staff: User
    course: CourseVersion

    @property
    def actor(self) -> Actor:
        return sample.actor_of(self.staff)

    def plan(self, **changes: object) -> scheduling.SessionPlan:
        wanted: dict[str, object] = {
            "title": "示例第一期",
            "mode": Mode.ONSITE,
            "starts_on": today(),
            "ends_on": today() + timedelta(days=1),
            "capacity": 10,
            "main": scheduling.Place("主课堂", "示例路 1 号"),
            "branches": (scheduling.Place("江山", "示例路 2 号"),),
        }
        return scheduling.SessionPlan(**{**wanted, **changes})  # type: ignore[arg-type]

    def session(self, **changes: object) -> TrainingSession:
        found = scheduling.schedule(self.course, self.plan(**changes), actor=self.actor, now=now())
        db.session.commit()
        return found


@pytest.fixture
def centre(app: Flask) -> Centre:
    institution = sample.institution("PX01")
    staff = sample.user("staff", Role.INSTITUTION, "PX01", "林老师")
    found = Centre(institution, staff, sample.course_version())
    db.session.commit()
    return found


def principal(name: str = "章示例", where: Enterprise | None = None) -> tuple[Person, Enterprise]:
    """Somebody who heads an enterprise today, without an account yet."""
    where = where or sample.enterprise()
    who = sample.person(name, with_account=False)
    sample.appointment(who, where)
    return who, where


def seats(session: TrainingSession, count: int) -> list[Enrolment]:
    """Enrol *count* people with no hours yet."""
    found = [sample.enrolment(session, sample.person(f"样本{number}"), hours=0) for number in range(count)]  # type: ignore[arg-type]
    db.session.commit()
    return found
