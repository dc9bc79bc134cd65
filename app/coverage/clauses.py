"""The list of mandates that bind a territory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from app.coverage.words import (
    REQUIRES_WORDS,
    measured_words,
    period_words,
    plan_words,
    subject_words,
    target_words,
    title,
)
from courses.mandates import Mandate
from courses.plans import plans

CODE = Column("code", _l("编号"), lambda row: row.code)
TITLE = Column("title", _l("条款名称"), title, title)
PLAN = Column("plan", _l("方案和条款"), lambda row: f"{plan_words(row)} {row.clause}")
PERIOD = Column("period", _l("时限"), lambda row: period_words(row.period), lambda row: _deadline(row))
MEASURED = Column("measured", _l("怎么算"), measured_words)
PAGE_COLUMNS = (CODE, TITLE, PLAN, PERIOD, MEASURED)
EXPORT_COLUMNS = (
    CODE,
    TITLE,
    Column("quotation", _l("原文"), lambda row: row.quotation),
    PLAN,
    Column("subject", _l("行业和人员"), subject_words),
    PERIOD,
    Column("target", _l("指标"), target_words),
    MEASURED,
    Column("conflicts", _l("不一致"), lambda row: " ".join(row.conflicts)),
)


def mandate_table(rows: Sequence[Mandate], asked: Mapping[str, str], *, for_export: bool = False) -> Table:
    """Return the table of the mandates *rows*; its filters offer what they hold and what the address *asked* for.

    The page puts the quotation under the title and the target under the period, a workbook has a column for each.
    """
    held_plans = {asked.get("plan"), *(row.plan for row in rows)}
    return Table(
        "mandates",
        columns=EXPORT_COLUMNS if for_export else PAGE_COLUMNS,
        search=(lambda row: row.code, title, subject_words, lambda row: row.quotation),
        search_label=_l("编号、条款、人员或原文"),
        filters=(
            Filter(
                "plan",
                _l("方案"),
                _plan_options(held_plans),
                lambda value: lambda row: row.plan == value,
            ),
            Filter(
                "measured",
                _l("怎么算"),
                (("registry", _l("按名录逐人计算")), ("report", _l("由报告得出"))),
                lambda value: lambda row: row.measured_by == value,
            ),
            Filter(
                "requires",
                _l("要求"),
                _requires_options({asked.get("requires"), *(row.requires for row in rows)}),
                lambda value: lambda row: row.requires == value,
            ),
            Filter(
                "conflict",
                _l("条款不一致"),
                (("yes", _l("有")), ("no", _l("没有"))),
                lambda value: lambda row: bool(row.conflicts) == (value == "yes"),
            ),
        ),
    )


def _requires_options(held: Collection[str | None]) -> tuple[tuple[str, LazyString], ...]:
    return tuple((code, word) for code, word in REQUIRES_WORDS.items() if code in held)


def _plan_options(held: Collection[str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((plan.code, localised(plan.title_zh, plan.title_en)) for plan in plans().values() if plan.code in held)


def _deadline(mandate: Mandate) -> tuple[str, str]:
    return mandate.period.ends.isoformat(), mandate.period.kind
