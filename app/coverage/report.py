"""The whole year's coverage of a territory, one row a mandate and region: the same rows as table, JSON and workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.tables import Column, workbook_bytes
from app.coverage.figures import Line, Survey, by_part, together
from app.coverage.words import (
    _,
    measured_words,
    period_words,
    plan_words,
    region_words,
    role_words,
    sector_words,
    target_words,
    title,
)
from courses.coverage import Count
from courses.mandates import Mandate
from courses.plans import plans


@dataclass(frozen=True)
class Row:
    """One mandate in one region; count: None where the clause is measured by report."""

    mandate: Mandate
    region: str
    count: Count | None


def rows(survey: Survey, year: int) -> list[Row]:
    """Return, for each mandate alive in *year*, the territory and then each territory below where somebody is due.

    What lies in no territory below is in the first row only.
    """
    found = []
    for line in survey.lines(year):
        found.append(Row(line.mandate, survey.region, line.count))
        found += _below(line, survey.parts)
    return found


def _below(line: Line, parts: Sequence[str]) -> list[Row]:
    split = by_part(line, parts)
    return [Row(line.mandate, part, own.count) for part, own in split if part and own.count and own.count.due]


def workbook(survey: Survey, year: int) -> bytes:
    """Return the rows as a workbook with one sheet."""
    header = [_("年度"), _("截至"), *(str(column.label) for column in COLUMNS)]
    start = [year, survey.cut_off(year).isoformat()]
    cells = [[*start, *(column.value(row) for column in COLUMNS)] for row in rows(survey, year)]
    return workbook_bytes(_("覆盖率 %(year)s", year=year), header, cells)


def _stage(key: str, label: Any) -> Column:
    return Column(key, label, lambda row: getattr(row.count, key, None))


def hundredths(percent: float) -> float:
    """Return *percent* (0..100) with two decimals; as on the page, 100 is only everybody and 0 only nobody."""
    return round(percent, 2) if percent in (0, 100) else min(max(round(percent, 2), 0.01), 99.99)


def _percent(row: Row) -> Any:
    """The figure, or why there is none: nobody due is never 100 %."""
    if row.count is None:
        return _("由报告得出")
    return _("无对象") if row.count.percent is None else hundredths(row.count.percent)


COLUMNS = (
    Column("region", _l("地区代码"), lambda row: row.region),
    Column("region_name", _l("地区"), lambda row: region_words(row.region)),
    Column("mandate", _l("条款编号"), lambda row: row.mandate.code),
    Column("title", _l("条款名称"), lambda row: title(row.mandate)),
    Column("plan", _l("方案"), lambda row: plan_words(row.mandate)),
    Column("clause", _l("条款"), lambda row: row.mandate.clause),
    Column("quotation", _l("原文"), lambda row: row.mandate.quotation),
    Column("person", _l("人员（原文）"), lambda row: row.mandate.person_zh),
    Column("role", _l("人员类别"), lambda row: role_words(row.mandate)),
    Column("sector", _l("行业领域"), lambda row: sector_words(row.mandate)),
    Column("period", _l("时限"), lambda row: period_words(row.mandate.period)),
    Column("target", _l("指标"), lambda row: target_words(row.mandate)),
    Column("measured", _l("怎么算"), lambda row: measured_words(row.mandate)),
    Column("conflicts", _l("不一致"), lambda row: " ".join(row.mandate.conflicts)),
    _stage("due", _l("应训人数")),
    _stage("trained", _l("已训人数")),
    _stage("examined", _l("已考人数")),
    _stage("passed", _l("合格人数")),
    _stage("certified", _l("发证人数")),
    _stage("covered", _l("覆盖人数")),
    Column("percent", _l("覆盖率（%）"), _percent),
    _stage("attendances", _l("培训人次")),
)


def document(survey: Survey, year: int) -> dict[str, Any]:
    """Return the rows as plain values for JSON, in the shape that `bikao coverage --help` describes."""
    return {
        "year": year,
        "region": survey.region,
        "region_name": region_words(survey.region),
        "cut_off": survey.cut_off(year).isoformat(),
        "total": _counted(together(survey.lines(year))),
        "rows": [_row_document(row) for row in rows(survey, year)],
    }


def _counted(count: Count | None) -> dict[str, Any] | None:
    if count is None:
        return None
    percent = None if count.percent is None else hundredths(count.percent)
    return {**asdict(count), "percent": percent}


def _row_document(row: Row) -> dict[str, Any]:
    mandate = row.mandate
    plan = plans()[mandate.plan]
    return {
        "mandate": mandate.code,
        "register": mandate.register_id,
        "title": mandate.title_zh,
        "plan": mandate.plan,
        "document_number": plan.document_number,
        "source_file": mandate.source_file,
        "clause": mandate.clause,
        "quotation": mandate.quotation,
        "roles": sorted(mandate.roles),
        "sectors": sorted(mandate.sectors),
        "also_in": sorted(mandate.also_in),
        "binds": mandate.region,
        "period": mandate.period.kind,
        "starts": mandate.period.starts.isoformat(),
        "ends": mandate.period.ends.isoformat(),
        "target_percent": mandate.target_percent,
        "requires": mandate.requires,
        "measured_by": mandate.measured_by,
        "conflicts": list(mandate.conflicts),
        "region": row.region,
        "region_name": region_words(row.region),
        "count": _counted(row.count),
    }
