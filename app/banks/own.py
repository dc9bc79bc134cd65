"""An author's own questions: what is a draft, what a reviewer sent back and why, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.audit.models import AuditEvent
from app.banks import queries, words
from app.banks.history import sent_back
from app.banks.models import Question, QuestionState
from app.core.actors import Actor
from app.core.db import db
from app.core.i18n import localised
from app.core.tables import Column, Filter, Page, Table

UNFINISHED = (QuestionState.DRAFT, QuestionState.IN_REVIEW, QuestionState.SUSPENDED)
"""What is listed while no stage is asked for: what still needs somebody."""

RETURNED = "returned"
COUNTED_UP_TO = 10_000
_WAS_RETURNED = sa.exists(sa.select(AuditEvent.id).where(sent_back()).correlate(Question))


def _in_stage(value: str) -> sa.ColumnElement[bool]:
    if value == RETURNED:
        return sa.and_(Question.state == QuestionState.DRAFT, Question.submitted_at.is_not(None), _WAS_RETURNED)
    return Question.state == QuestionState(value)


OWN = Table(
    "questions-own",
    columns=(
        Column("code", _l("编号"), lambda row: row.question.code, Question.code),
        Column("stem", _l("题干"), lambda row: row.stem),
        Column("bank", _l("所属题库"), lambda row: localised(row.question.bank.name_zh, row.question.bank.name_en)),
        Column("state", _l("状态"), lambda row: str(words.STATES[row.question.state])),
        Column("since", _l("送审时间"), lambda row: row.question.submitted_at),
    ),
    search=(Question.search_text,),
    search_label=_l("题干或编号"),
    filters=(
        Filter(
            "stage",
            _l("进展"),
            ((RETURNED, _l("被退回")), *((state.value, word) for state, word in words.STATES.items())),
            _in_stage,
        ),
    ),
    tie_break=Question.id.desc(),
    count_limit=COUNTED_UP_TO,
)


def own_page(author: Actor, args: Mapping[str, str]) -> Page:
    """Return the page of the questions of *author* that the address asks for, the newest first; rows: current versions.

    Without a stage: what is UNFINISHED.
    """
    asked = args.get("stage", "") in dict(OWN.filters[0].options)
    states = tuple(QuestionState) if asked else UNFINISHED
    query = sa.select(Question.id).where(Question.author_id == author.user_id, Question.state.in_(states))
    page = OWN.page(query, args)
    return replace(page, rows=queries.versions_by_question(page.rows))


def counts(author: Actor) -> Counter[str]:
    """Return how many questions *author* has by state, and under RETURNED how many of the drafts were sent back."""
    mine = Question.author_id == author.user_id
    by_state = sa.select(Question.state, sa.func.count()).where(mine, Question.state.in_(UNFINISHED))
    found = Counter({state.value: count for state, count in db.session.execute(by_state.group_by(Question.state))})
    query = sa.select(sa.func.count()).select_from(Question).where(mine, _in_stage(RETURNED))
    found[RETURNED] = db.session.scalar(query) or 0
    return found
