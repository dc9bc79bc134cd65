"""Sittings that are over, written straight to the tables: who had which questions and what they chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count

import sqlalchemy as sa

from app.banks import service as banks
from app.banks.models import Bank, QuestionState
from app.core.actors import Actor, Role
from app.core.clock import now
from app.core.db import db
from app.institutions.models import ExamSite, Institution
from app.registry.models import Enterprise
from app.sittings.models import Answer, Attempt, AttemptState, Candidate, FinishedBy, Sitting, SittingState
from app.training.models import CourseVersion
from question_bank.blueprint import Blueprint, Stratum
from question_bank.marking import mark_paper
from question_bank.options import lettered
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from question_bank.questions import Question as Content
from tests import sample

WRITER = Actor(201, "王示例", Role.REGULATOR, "330000")
REVIEWER = Actor(202, "李示例", Role.REGULATOR, "330000")
MOMENTS = (10, 30, 70)
"""Seconds after the start at which the answers to the first, second and third question of `given` arrive."""
_seeds = count(1)


def content(code: str, version: int = 1) -> Content:
    """Return a sample single-choice question with options A to D and key B."""
    options = lettered([f"示例甲{code}", "示例乙", "示例丙", "示例丁"])
    return Content(
        code,
        version,
        "general",
        "single_choice",
        f"示例题干{code}，第{version}版（　　）。",
        options,
        ("B",),
        explanation="示例解析。",
        knowledge_point="示例知识点",
        source_document="示例法规",
        source_article="第一条",
    )


def banked(*contents: Content) -> Bank:
    """Return the general bank with these questions, approved."""
    bank: Bank = sample.added(Bank(code="general", name_zh="通用题库", name_en="General", created_at=now()))
    for one in contents:
        question = banks.create(bank, one, actor=WRITER, now=now())
        for state, who in ((QuestionState.IN_REVIEW, WRITER), (QuestionState.APPROVED, REVIEWER)):
            banks.move(question, state, seen=question.versions[0].digest, actor=who, now=now())
    db.session.commit()
    return bank


def sat(contents: Sequence[Content], given: Sequence[Mapping[str, Sequence[str]]]) -> Sitting:
    """Return a closed sitting in which every paper held all of *contents*.

    given: one a candidate, code of the question -> letters of the bank (of a case study one entry a part), in the order
    of answering.
    """
    session = sample.training_session(institution(), course(), capacity=500)
    sitting = sample.sitting(session, site())
    sitting.state = SittingState.OPEN
    blueprint = blueprint_of(contents)
    sitting.blueprint = blueprint.to_payload()
    join(sitting, contents, given)
    return sitting


def join(sitting: Sitting, contents: Sequence[Content], given: Sequence[Mapping[str, Sequence[str]]]) -> None:
    """Add finished attempts to *sitting*."""
    pool, blueprint, enterprise = Pool(contents), blueprint_of(contents), sample.enterprise()
    for answers in given:
        _attempt(sitting, assemble(blueprint, pool, next(_seeds).to_bytes(32)), answers, enterprise)
    db.session.commit()


def blueprint_of(contents: Sequence[Content]) -> Blueprint:
    """Return the blueprint of a paper that holds all of *contents*, one point each; a stratum a kind."""
    kinds = Counter(one.kind for one in contents)
    return Blueprint(tuple(Stratum("general", kind, number, Decimal(1)) for kind, number in kinds.items()))


def institution() -> Institution:
    return db.session.scalar(sa.select(Institution)) or sample.institution()


def course() -> CourseVersion:
    return db.session.scalar(sa.select(CourseVersion)) or sample.course_version()


def site() -> ExamSite:
    return db.session.scalar(sa.select(ExamSite)) or sample.exam_site()


def _attempt(sitting: Sitting, paper: Paper, answers: Mapping[str, Sequence[str]], enterprise: Enterprise) -> None:
    enrolment = sample.enrolment(sitting.training_session, sample.person(with_account=False), enterprise)
    number = f"7{enrolment.id:011d}"
    candidate = Candidate(sitting=sitting, enrolment=enrolment, admission_number=number, created_at=now())
    slots = {slot.question.code: slot for slot in paper.slots}
    given = [(slots[code].position, list(slots[code].shown(tuple(letters)))) for code, letters in answers.items()]
    result = mark_paper(paper, dict(given))
    attempt: Attempt = sample.added(
        Attempt(
            candidate=sample.added(candidate),
            enrolment=enrolment,
            number=1,
            state=AttemptState.FINISHED,
            paper=paper.to_payload(),
            paper_digest=paper.digest,
            started_at=now() - timedelta(minutes=40),
            deadline_at=now() + timedelta(minutes=20),
            finished_at=now(),
            finished_by=FinishedBy.CANDIDATE,
            score=result.score,
            maximum=paper.points,
            passed=False,
            marks=result.to_payload()["marks"],
            answers_digest="0" * 64,
        )
    )
    for sequence, (moment, (slot, response)) in enumerate(zip(MOMENTS, given, strict=False), start=1):
        at = attempt.started_at + timedelta(seconds=moment)
        db.session.add(Answer(attempt_id=attempt.id, sequence=sequence, slot=slot, response=response, saved_at=at))
    db.session.flush()
