"""The lists of questions: their columns, filters and export."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Response, send_file
from flask_babel import lazy_gettext as _l

from app.banks import words
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.banks.queries import content_of
from app.core.errors import ServiceError
from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from question_bank.formats import FORMATS
from question_bank.formats.xlsx import MOST_ROWS

_KIND = Filter("kind", _l("题型"), tuple(words.KIND_NAMES.items()), lambda code: QuestionVersion.kind == code)
_DIFFICULTY = Filter(
    "difficulty",
    _l("难度"),
    tuple((str(number), word) for number, word in words.DIFFICULTIES.items()),
    lambda number: QuestionVersion.difficulty == int(number),
)
_STATE = Filter(
    "state",
    _l("状态"),
    tuple((state.value, word) for state, word in words.STATES.items()),
    lambda state: Question.state == QuestionState(state),
)
_SHARED = (
    Column("code", _l("编号"), lambda row: row.question.code, Question.code),
    Column("stem", _l("题干"), lambda row: row.stem),
    Column("kind", _l("题型"), lambda row: str(words.KIND_NAMES[row.kind]), QuestionVersion.kind),
    Column("difficulty", _l("难度"), lambda row: str(words.DIFFICULTIES[row.difficulty]), QuestionVersion.difficulty),
)
QUESTIONS = Table(
    "questions",
    columns=(
        *_SHARED,
        Column("version", _l("版本"), lambda row: row.number, QuestionVersion.number, is_number=True),
        Column("state", _l("状态"), lambda row: str(words.STATES[row.question.state]), Question.state),
    ),
    search=(QuestionVersion.stem, Question.code),
    search_label=_l("题干或编号"),
    filters=(_STATE, _KIND, _DIFFICULTY),
    default_sort="code",
    tie_break=Question.id,
)


def waiting_table(banks: list[Bank]) -> Table:
    """Return the list of what waits for approval; *banks* can be filtered by."""
    chosen = Filter(
        "bank",
        _l("所属题库"),
        tuple((bank.code, localised(bank.name_zh, bank.name_en)) for bank in banks),
        lambda code: Question.bank_id.in_(sa.select(Bank.id).where(Bank.code == code)),
    )
    return Table(
        "questions-in-review",
        columns=(
            Column("pick", _l("选择"), lambda row: ""),
            Column("stem", _l("题干"), lambda row: row.stem),
            Column("action", _l("审定"), lambda row: ""),
        ),
        search=(QuestionVersion.stem, Question.code),
        search_label=_l("题干或编号"),
        filters=(chosen, _KIND),
        tie_break=Question.id,
    )


def exported(query: sa.Select[Any], args: Mapping[str, str], name: str) -> Response:
    """Return the questions that the filters leave as a workbook that can be imported again, key and source included.

    Raises ServiceError("question_export_too_large") above what one workbook takes.
    """
    rows = QUESTIONS.rows(query, args)
    if len(rows) > MOST_ROWS:
        raise ServiceError("question_export_too_large", limit=MOST_ROWS)
    form = FORMATS["xlsx"]
    content = form.write(content_of(row) for row in rows)
    return send_file(BytesIO(content), form.media_type, as_attachment=True, download_name=f"{name}{form.suffix}")
