"""A sitting with candidates, made through the services that the pages use."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from app.accounts.access import Identity
from app.core.actors import SYSTEM, Actor, Role
from app.core.clock import now, today
from app.core.db import db
from app.institutions.models import ExamSite
from app.registry.models import Person
from app.sittings import requesting, running, starting
from app.sittings.models import Attempt, Candidate, Sitting
from app.training.models import CourseVersion, Enrolment, TrainingSession
from question_bank.papers import Paper
from tests import sample

OPERATOR = Actor(None, "考务示例", Role.EXAM_SITE, "KD01")


@dataclass
class Exam:
    """One session, one site, one sitting and its candidates in the order of their enrolments."""

    session: TrainingSession
    site: ExamSite
    sitting: Sitting
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def person(self) -> Person:
        return self.candidates[0].enrolment.person

    def start(self, number: int = 0) -> Attempt:
        attempt = starting.start(self.candidates[number], actor=actor_of(self.candidates[number]), now=now())
        db.session.commit()
        return attempt


def session_of(people: int = 1, code: str = "PX01") -> tuple[TrainingSession, list[Enrolment]]:
    """A session that ends today at the institution *code*, its trainees with all their hours."""
    version = db.session.scalar(sa.select(CourseVersion))
    session = sample.training_session(sample.institution(code), version)
    session.ends_on = today()
    enrolments = [sample.enrolment(session, sample.person(f"考生{'甲乙丙丁戊己庚辛'[n]}")) for n in range(people)]
    db.session.commit()
    return session, enrolments


def requested(people: int = 1) -> Exam:
    """A sitting of the campaign exam, asked for now, beginning now."""
    sample.banks(every=3)
    session, _enrolments = session_of(people)
    site = sample.exam_site()
    sitting = requesting.request_sitting(session.id, site, now(), actor=SYSTEM, now=now())
    db.session.commit()
    return Exam(session, site, sitting, candidates_of(sitting))


def opened(people: int = 1) -> Exam:
    exam = requested(people)
    running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    db.session.commit()
    return exam


def candidates_of(sitting: Sitting) -> list[Candidate]:
    query = sa.select(Candidate).where(Candidate.sitting_id == sitting.id).order_by(Candidate.enrolment_id)
    return list(db.session.scalars(query))


def identity_of(candidate: Candidate) -> Identity:
    user = candidate.enrolment.person.user
    assert user is not None
    return Identity(user.id, user.session_version, None)


def actor_of(candidate: Candidate) -> Actor:
    return Actor(identity_of(candidate).user_id, candidate.enrolment.person.name, Role.TRAINEE)


def right_answers(attempt: Attempt) -> dict[int, list[str]]:
    """What earns full marks, in the labels shown."""
    paper = Paper.from_payload(attempt.paper)
    return {slot.position: list(slot.shown(slot.question.key)) for slot in paper.slots}
