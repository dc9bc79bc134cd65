"""How far the questions of a bank cover the syllabus: approved questions by module and knowledge point."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from app.banks.models import Bank, Question, QuestionCount, QuestionState
from app.core.db import db
from courses import knowledge_points
from courses.catalogue import Module, syllabus
from courses.knowledge_points import KnowledgePoint
from courses.sectors import GENERAL


@dataclass(frozen=True)
class CoveredPoint:
    """A knowledge point and how many approved questions it has."""

    point: KnowledgePoint
    questions: int


@dataclass(frozen=True)
class CoveredModule:
    """A module of the syllabus with its knowledge points."""

    module: Module
    points: tuple[CoveredPoint, ...]

    @property
    def questions(self) -> int:
        """How many approved questions its points have."""
        return sum(each.questions for each in self.points)

    @property
    def missing(self) -> tuple[KnowledgePoint, ...]:
        """The points without an approved question."""
        return tuple(each.point for each in self.points if not each.questions)


@dataclass(frozen=True)
class SyllabusCoverage:
    """The whole syllabus. outside: how many approved questions have a knowledge point that it does not name."""

    modules: tuple[CoveredModule, ...]
    outside: int

    @property
    def points(self) -> int:
        """How many knowledge points the syllabus has."""
        return sum(len(each.points) for each in self.modules)

    @property
    def missing(self) -> int:
        """How many of them have no approved question."""
        return sum(len(each.missing) for each in self.modules)


def points_of(bank: Bank) -> tuple[KnowledgePoint, ...]:
    """Return the knowledge points of the sector that *bank* is for, in the order of its syllabus."""
    return knowledge_points.points(bank.sector_code or GENERAL)


def coverage(bank: Bank) -> SyllabusCoverage:
    """Return how far the approved questions of *bank* cover the syllabus of its sector; two queries."""
    points = points_of(bank)
    counts = _by_point(bank, {each.name_zh for each in points})
    covered = [CoveredPoint(each, counts.get(each.name_zh, 0)) for each in points]
    modules = (
        CoveredModule(module, tuple(each for each in covered if each.point.module == module))
        for module in syllabus(bank.sector_code or GENERAL)
    )
    return SyllabusCoverage(tuple(modules), outside=_approved(bank) - sum(counts.values()))


def _by_point(bank: Bank, names: Collection[str]) -> dict[str, int]:
    """Return name -> number of approved questions. Only the names asked for: a bank may use any number of others."""
    point = Question.knowledge_point
    query = sa.select(point, sa.func.count()).where(
        Question.bank_id == bank.id, Question.state == QuestionState.APPROVED, point.in_(sorted(names))
    )
    return dict(db.session.execute(query.group_by(point)).all())


def _approved(bank: Bank) -> int:
    query = sa.select(sa.func.sum(QuestionCount.questions)).where(
        QuestionCount.bank_id == bank.id, QuestionCount.state == QuestionState.APPROVED
    )
    return db.session.scalar(query) or 0
