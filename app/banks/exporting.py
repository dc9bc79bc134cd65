"""Writing the questions of a bank to a file, and saying what its format could not carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.banks import pictures, queries
from app.banks.importing_messages import reason_words
from app.banks.models import Bank, Question, QuestionCount, QuestionState
from app.core.db import db
from app.core.errors import ServiceError
from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, left_out
from question_bank.formats.limits import MOST_ROWS
from question_bank.questions import Question as Content

ALL_STATES = "all"
LISTED = 200


@dataclass(frozen=True)
class Exported:
    """A file and what it lacks.

    written: questions in the file. lost: field -> questions whose field the format cannot carry. left_out: codes of the
    questions that it cannot carry at all, at most LISTED; left_out_total of them.
    """

    data: bytes
    written: int
    lost: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    left_out_total: int = 0


def counts_of(bank: Bank) -> dict[QuestionState, int]:
    """Return state -> questions of *bank*, without the states that none is in."""
    counted = sa.select(QuestionCount.state, sa.func.sum(QuestionCount.questions)).group_by(QuestionCount.state)
    rows = db.session.execute(counted.where(QuestionCount.bank_id == bank.id))
    return {state: int(count) for state, count in rows if count}


def contents_of(bank_code: str, state: str = ALL_STATES) -> list[Content]:
    """Return the current versions of a bank's questions in *state* ("all" for any), by code.

    Raises NotFound("bank_unknown"), ServiceError("nothing_to_export", "question_export_too_large").
    """
    query = queries.current_versions().where(Question.bank_id == queries.bank_by_code(bank_code).id)
    if state != ALL_STATES:
        query = query.where(Question.state == QuestionState(state))
    rows = queries.versions_of(query.order_by(Question.code).limit(MOST_ROWS + 1))
    if not rows:
        raise ServiceError("nothing_to_export")
    if len(rows) > MOST_ROWS:
        raise ServiceError("question_export_too_large", limit=MOST_ROWS)
    return [queries.content_of(row) for row in rows]


def exported(contents: Sequence[Content], code: str) -> Exported:
    """Return *contents* in the format called *code*; what it cannot carry is counted, never dropped in silence.

    Raises ServiceError: "nothing_carried" if not one question can be written, "question_export_refused" if the file
    would be too large to be read again.
    """
    form = FORMATS[code]
    losses = {content.code: left_out(form, content) for content in contents}
    carried = [content for content in contents if "kind" not in losses[content.code]]
    beyond = [content.code for content in contents if "kind" in losses[content.code]]
    if not carried:
        raise ServiceError("nothing_carried", format=code)
    shown = {digest for content in carried for digest in content.pictures}
    try:
        data = form.write(carried, pictures=pictures.stored(shown))
    except FileRefusedError as error:
        raise ServiceError("question_export_refused", reason=reason_words(error.code)) from error
    lost = Counter(name for content in carried for name in losses[content.code])
    return Exported(data, len(carried), dict(sorted(lost.items())), beyond[:LISTED], len(beyond))
