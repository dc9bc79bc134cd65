"""The page of questions that need attention: which, and why, with the figures that each reason rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, selectinload

from app.accounts.access import requires
from app.banks import option_tables, words_statistics
from app.banks.blueprint import bp
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.banks.models_statistics import AttentionReason, ItemStatistics
from app.banks.permissions import READERS
from app.core.db import db
from app.core.i18n import localised
from app.core.tables import Column, Filter, Table


@bp.app_context_processor
def _statistics_words() -> dict[str, object]:
    return {"statistics_words": words_statistics, "option_tables": option_tables}


@bp.get("/banks/attention")
@requires(*READERS)
def attention() -> str | Response:
    table, query = attention_table(_banks()), attention_query()
    if table.export_asked(request.args):
        return table.export(query, request.args)
    page = table.page(query, request.args)
    return render_template("banks/attention.html", table=table, page=page)


def attention_query() -> sa.Select[ItemStatistics]:
    """Select the current versions that need attention, with question, bank and reasons; retired questions do not."""
    return (
        sa.select(ItemStatistics)
        .join(ItemStatistics.version)
        .join(QuestionVersion.question)
        .join(Question.bank)
        .options(
            contains_eager(ItemStatistics.version)
            .contains_eager(QuestionVersion.question)
            .contains_eager(Question.bank),
            selectinload(ItemStatistics.reasons),
        )
        .where(
            QuestionVersion.number == Question.current_version,
            Question.state != QuestionState.RETIRED,
            _has_reason(),
        )
    )


def attention_table(banks: Sequence[Bank]) -> Table:
    """Return the list of questions that need attention; *banks* can be filtered by."""
    return Table(
        "questions-attention",
        columns=(
            Column(
                "question", _l("试题"), lambda row: f"{row.version.question.code} {row.version.stem}", Question.code
            ),
            Column("bank", _l("所属题库"), lambda row: _name(row.version.question.bank), Bank.code),
            Column("reasons", _l("原因"), words_statistics.sentences, _rank()),
            Column("n", _l("作答人数"), lambda row: row.n, ItemStatistics.n, is_number=True),
            Column("facility", _l("得分率"), _facility, ItemStatistics.facility, is_number=True),
            Column("discrimination", _l("区分度"), _discrimination, ItemStatistics.discrimination, is_number=True),
        ),
        search=(QuestionVersion.stem, Question.code),
        search_label=_l("题干或编号"),
        filters=(_bank_filter(banks), _reason_filter()),
        default_sort="reasons",
        tie_break=Question.id,
    )


def _has_reason(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    own = AttentionReason.question_version_id == ItemStatistics.question_version_id
    return sa.exists().where(own, *conditions)


def _rank() -> sa.ScalarSelect[Any]:
    """Return how serious the worst reason of a row is, 0 first."""
    own = AttentionReason.question_version_id == ItemStatistics.question_version_id
    return sa.select(sa.func.min(AttentionReason.rank)).where(own).scalar_subquery()


def _bank_filter(banks: Sequence[Bank]) -> Filter:
    options = tuple((bank.code, _name(bank)) for bank in banks)
    return Filter("bank", _l("所属题库"), options, lambda code: Bank.code == code)


def _reason_filter() -> Filter:
    options = tuple(words_statistics.NAMES.items())
    return Filter("reason", _l("原因"), options, lambda code: _has_reason(AttentionReason.code == code))


def _banks() -> Sequence[Bank]:
    """Return the banks that have a question on the list."""
    banks = sa.select(Bank).where(Bank.id.in_(attention_query().with_only_columns(Question.bank_id)))
    return db.session.scalars(banks.order_by(Bank.code)).all()


def _name(bank: Bank) -> str:
    return localised(bank.name_zh, bank.name_en)


def _facility(row: ItemStatistics) -> str | None:
    return None if row.facility is None else words_statistics.percent(row.facility)


def _discrimination(row: ItemStatistics) -> str | None:
    return None if row.discrimination is None else words_statistics.hundredths(row.discrimination)
