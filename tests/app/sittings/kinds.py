"""A paper with a question of every kind, and an attempt that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.db import db
from app.sittings.models import Attempt
from question_bank.blueprint import Blueprint, Stratum
from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from question_bank.questions import Part, Question
from tests.question_bank import samples

POINTS = Decimal(5)
EVERY_KIND: tuple[Question, ...] = (
    samples.true_false(explanation="示例解析：判断题"),
    samples.single_choice(explanation="示例解析：单选题"),
    samples.multiple_choice(explanation="示例解析：多选题"),
    samples.numeric(explanation="示例解析：数值题"),
    samples.short_answer("s-sa", "干粉灭火器", "手提*干粉灭火器", explanation="示例解析：填空题"),
    samples.case_study(
        explanation="示例解析：案例题",
        parts=(
            *samples.case_study().parts,
            Part("short_answer", "示例小题四", lettered(["应急预案"]), ("A",)),
            Part("true_false", "示例小题五", KINDS["true_false"].fixed_options, ("B",)),
        ),
    ),
)


def paper_of_every_kind(questions: Sequence[Question] = EVERY_KIND, rule: str = "proportional") -> Paper:
    """Return a paper with all of *questions*, kind by kind as Chinese papers print them."""
    counts = {kind: sum(one.kind == kind for one in questions) for kind in KINDS}
    strata = tuple(Stratum("general", kind, count, POINTS) for kind, count in counts.items() if count)
    return assemble(Blueprint(strata, marking_rule=rule), Pool(questions), samples.SEED)


def give(attempt: Attempt, paper: Paper) -> Paper:
    """Put *paper* in the place of the one that was drawn for an attempt that is under way; commits."""
    attempt.paper, attempt.paper_digest, attempt.maximum = paper.to_payload(), paper.digest, paper.points
    db.session.commit()
    return paper


def model_answers(paper: Paper) -> dict[int, list[str]]:
    """Return what earns full marks, in the labels shown, by position."""
    return {one.position: list(one.shown(one.question.rules.model_response(one.question))) for one in paper.slots}
