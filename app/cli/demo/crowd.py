"""A class large enough for statistics: sample principals of construction, from those who know little to those who know
all, and two questions among theirs that deserve attention.

Who scores what is settled by the place on the list, whatever the paper, so that every demo tells the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from statistics import NormalDist

import sqlalchemy as sa

from app.banks.exam_blueprints import service as blueprints
from app.banks.exam_blueprints.course_exam import course_in_catalogue, exam_of
from app.banks.models import Bank, Question, QuestionState
from app.cli.demo.classes import Plan
from app.cli.demo.exams import entry_of
from app.core.actors import Actor
from app.core.db import db
from app.sittings.answers import Entry
from app.sittings.models import Candidate
from question_bank.blueprint import Stratum
from question_bank.kinds import Response
from question_bank.papers import Paper, Slot
from question_bank.questions import Question as Content

BANK = "construction"
PLAN = Plan(
    "construction-principal-campaign",
    "Z6-3",
    "2026 年建筑施工企业主要负责人专题集中培训（示例）",
    date(2026, 6, 2),
    capacity=60,
)
STRATA = (
    Stratum(BANK, "true_false", 8, Decimal(2), difficulties=(2,)),
    Stratum(BANK, "single_choice", 3, Decimal(4), difficulties=(1,)),
    Stratum(BANK, "single_choice", 6, Decimal(4), difficulties=(2,)),
    Stratum(BANK, "multiple_choice", 8, Decimal(6), difficulties=(2,)),
)
"""Few questions to draw from, so that one sitting brings most of them the answers that statistics need. The easy single
choices are as many as a paper takes, so everybody has the two that deserve attention."""

SCORES = NormalDist(83, 14)  # in percent
BEST = 0.6  # of the list is behind those who fall for the misleading question
STEP = 19  # along the list, so that good and weak stand mixed; shares no divisor with usual numbers of people


@dataclass(frozen=True)
class Crowd:
    """How many of them there are, and the codes of the questions that deserve attention.

    misleading: those who know best take one of its wrong options. half_open: one of its wrong options fools nobody.
    """

    size: int
    misleading: str
    half_open: str

    def answer(self, _candidate: Candidate, place: int, paper: Paper) -> list[Entry]:
        """Answer *paper* as the one at *place* would: what is hard is missed first, until the score is theirs."""
        ahead_of = (place * STEP % self.size + 0.5) / self.size
        wanted, score = _score(ahead_of), Decimal(100)
        given: dict[int, Response] = {}
        for slot in sorted(paper.slots, key=lambda slot: self._hardness(slot.question, place), reverse=True):
            question = slot.question
            is_misled = question.code == self.misleading and ahead_of > BEST
            wrong = _wrong_options(question)[:1] if is_misled else self._wrong(question, place)
            cost = _cost(slot, wrong, paper)
            misses = is_misled or score - cost >= wanted
            given[slot.position] = wrong if misses else question.rules.model_response(question)
            score -= cost if misses else 0
        return [entry_of(slot, given[slot.position]) for slot in paper.slots]

    def _wrong(self, question: Content, place: int) -> Response:
        """Return a wrong answer: another wrong option for each, of several right ones sometimes one too few."""
        wrong = _wrong_options(question)
        if question.code == self.half_open:
            wrong = wrong[:-1]
        if len(question.key) == 1:
            return (wrong[place % len(wrong)],)
        other = wrong[place // 2 % len(wrong)]
        return question.key[1:] if place % 2 else tuple(sorted((*question.key[1:], other)))

    def _hardness(self, question: Content, place: int) -> float:
        """Return how hard the question is for the one at *place*: hard for all, or only for this one."""
        common = 0.7 if question.code == self.half_open else _chance(question.code)
        return common + _chance(question.code, str(place))


def of(size: int) -> Crowd:
    """Return a crowd of *size* people for the questions that are there."""
    query = (
        sa.select(Question.code)
        .join(Bank)
        .where(Bank.code == BANK, Question.kind == STRATA[1].kind, Question.difficulty.in_(STRATA[1].difficulties))
        .where(Question.state == QuestionState.APPROVED)
        .order_by(Question.code)
        .limit(2)
    )
    misleading, half_open = db.session.scalars(query)
    return Crowd(size, misleading, half_open)


def put_blueprint_in_use(author: Actor, reviewer: Actor, now: datetime) -> None:
    """Have *author* write the blueprint of the class's exam and *reviewer* put it in use. Commits."""
    blueprint = replace(exam_of(course_in_catalogue(PLAN.course)).derived(), strata=STRATA)
    title, note = "建筑施工专题（示例）", "只从建筑施工题库抽取，题目集中，一场考试就有统计数据。"
    row = blueprints.save(PLAN.course, blueprint, title=title, note=note, seen="", actor=author, now=now)
    blueprints.put_in_use(PLAN.course, row.number, seen=blueprints.seen_of(row), actor=reviewer, now=now)
    db.session.commit()


def _score(ahead_of: float) -> Decimal:
    """Return the score of whoever is ahead of that share of the others; none just misses the pass mark of 80."""
    score = Decimal(min(100, round(SCORES.inv_cdf(ahead_of))))
    return Decimal(80) if 76 < score < 80 else score


def _cost(slot: Slot, wrong: Response, paper: Paper) -> Decimal:
    share = slot.question.rules.share(slot.question, wrong, paper.marking_rule)
    return slot.points * (1 - Decimal(share.numerator) / share.denominator)


def _wrong_options(question: Content) -> Response:
    return tuple(option.key for option in question.options if option.key not in question.key)


def _chance(*words: str) -> float:
    """Return a number from 0 to 1 that follows from *words* alone."""
    return int.from_bytes(hashlib.sha256("/".join(words).encode()).digest()[:4]) / 2**32
