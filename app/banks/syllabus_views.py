"""The page that compares a bank with its syllabus: which modules have questions, which knowledge points have none."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask_babel import gettext as _

from app.accounts.access import requires
from app.banks import queries, syllabus
from app.banks.blueprint import bp
from app.banks.permissions import READERS
from app.banks.syllabus import CoveredModule
from app.core.charts import Bar, Bars
from app.core.i18n import localised
from question_bank.questions import MAJOR_HAZARD_CRITERIA


@bp.get("/banks/<code>/syllabus")
@requires(*READERS)
def syllabus_coverage(code: str) -> str:
    bank = queries.bank_by_code(code)
    coverage = syllabus.coverage(bank)
    return render_template(
        "banks/syllabus.html",
        bank=bank,
        coverage=coverage,
        chart=_chart(coverage.modules),
        major_hazards=MAJOR_HAZARD_CRITERIA,
    )


def _chart(modules: Sequence[CoveredModule]) -> Bars:
    """Return a bar for each module, the longest for the one with the most questions."""
    most = max((each.questions for each in modules), default=0) or 1
    return Bars(
        sentence=_("每条是大纲的一个模块，长度是它的知识点共有多少道已审定的试题。"),
        corner=_("模块"),
        heading=_("已审定的试题"),
        rows=tuple(_bar(each, most) for each in modules),
    )


def _bar(each: CoveredModule, most: int) -> Bar:
    return Bar(
        label=localised(each.module.title_zh, each.module.title_en),
        share=each.questions / most,
        text=_("%(count)s 道", count=f"{each.questions:,}"),
        note=_("缺 %(count)s 个知识点", count=len(each.missing)) if each.missing else "",
    )
