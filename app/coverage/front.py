"""The regulator's front page: the most urgent thing in words, four figures, the heat map, three places to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.core.charts import Bar, Bars, Cell, HeatMap, HeatRow, band, shown_percent
from app.coverage.figures import Line, Survey, is_dated, together
from app.coverage.findings import Gap, Group, by_territory, gaps, groups, is_due_in, worst
from app.coverage.words import (
    _,
    days_words,
    period_words,
    reason_words,
    region_words,
    role_words,
    sector_words,
    subject_words,
    title,
)
from courses.coverage import Count
from courses.mandates import Mandate


@dataclass(frozen=True)
class Place:
    """One of the places to look at first: where, which clause, how many are missing, how far it is, and why."""

    region: str
    clause: str
    code: str
    missing: str
    percent: str
    reason: str
    address: str


@dataclass(frozen=True)
class Front:
    """All that the front page shows."""

    headline: str
    count: Count
    heat: HeatMap
    quiet_heat: HeatMap
    places: tuple[Place, ...]
    parts: Bars | None
    idle: int


def front(survey: Survey, year: int, years: Sequence[int]) -> Front:
    """Return the front page of the survey's territory for *year*; *years* are the columns of the heat map."""
    lines = survey.lines(year)
    found = gaps(lines)
    rows = groups(survey, years)
    shown = [group for group in rows if _has_duties(survey, group)]
    dated = [group for group in shown if any(is_dated(each) for own in group.by_year.values() for each in own)]
    return Front(
        headline=_headline(survey, year, lines, found),
        count=together(lines),
        heat=_heat_map(survey, year, years, dated),
        quiet_heat=_heat_map(survey, year, years, [group for group in shown if group not in dated]),
        places=tuple(_place(gap, year) for gap in worst(found, survey.parts)),
        parts=_parts(survey, year, lines),
        idle=len(rows) - len(shown),
    )


def _has_duties(survey: Survey, group: Group) -> bool:
    first = (survey.line(own[0], year) for year, own in group.by_year.items())
    return any(line.count is not None and line.count.due for line in first)


def _headline(survey: Survey, year: int, lines: Sequence[Line], found: Sequence[Gap]) -> str:
    """Say the most urgent thing."""
    if found:
        gap = found[0]
        return _(
            "%(subject)s还差 %(persons)s 人，%(days)s",
            subject=subject_words(gap.line.mandate),
            persons=f"{gap.line.missing_to_target:,}",
            days=days_words((gap.deadline - survey.today).days),
        )
    if survey.today.year < year:
        return _("%(year)s 年还没有开始", year=year)
    if any(line.count and line.count.due and line.mandate.target_percent for line in lines):
        return _("%(year)s 年有指标的任务都已完成", year=year)
    return _("%(year)s 年没有应训对象", year=year)


def _heat_map(survey: Survey, year: int, years: Sequence[int], shown: Sequence[Group]) -> HeatMap:
    rows = sorted(shown, key=lambda group: _importance(survey, group, year))
    return HeatMap(
        sentence=_(
            "每格是一条任务条款的覆盖率、还差的人数和条款编号，截至当年年底或今天。点格子看原文、地区、企业和名单。"
        ),
        corner=_("行业领域和人员"),
        columns=tuple(_("%(year)s 年", year=each) for each in years),
        rows=tuple(_row(survey, year, years, group) for group in rows),
        headings=((_("时限"), False), (_("应训人数"), True)),
        key=(
            ("0", _("60% 以下")),
            ("1", _("60%–75%")),
            ("2", _("75%–90%")),
            ("3", _("90%–97%")),
            ("4", _("97% 以上")),
            ("open", _("灰底：期限在以后或没有指标，只看进度；— 当年没有这项任务")),
            ("frame", _("粗框：条款写明这一年完成")),
        ),
    )


def _importance(survey: Survey, group: Group, year: int) -> tuple[int, int]:
    """Rows whose clause names the year come first, then what is due in it, then what only moves; most missing first."""
    mandate = group.first(year)
    if mandate is None:
        return (3, 0)
    rank = 0 if mandate.period.year == year else 1 if is_due_in(mandate, year) else 2
    return (rank, -survey.line(mandate, year).missing)


def _row(survey: Survey, year: int, years: Sequence[int], group: Group) -> HeatRow:
    mandate = group.first(year) or next(own[0] for own in group.by_year.values())
    line = survey.line(mandate, year) if group.first(year) else None
    return HeatRow(
        name=sector_words(mandate),
        note=_("%(role)s · %(region)s", role=role_words(mandate), region=region_words(group.region))
        if group.region
        else role_words(mandate),
        cells=tuple(_cell(survey, group, each) for each in years),
        facts=(
            (period_words(mandate.period), False),
            (f"{line.count.due:,}" if line and line.count else "—", True),
        ),
    )


def _cell(survey: Survey, group: Group, year: int) -> Cell:
    mandate = group.first(year)
    if mandate is None:
        return Cell("—", description=_("%(year)s 年没有这项任务", year=year))
    address = url_for("coverage.cell", year=year, region=survey.region, code=mandate.code)
    framed = mandate.period.year == year
    count = survey.line(mandate, year).count
    if count is None or count.percent is None:
        word = _("未开始") if survey.today.year < year else _("无对象")
        return Cell(word, "none", "", mandate.code, f"{title(mandate)}: {word}", address, framed)
    missing = count.due - count.covered
    return Cell(
        text=shown_percent(count.percent),
        band=band(count.percent) if is_due_in(mandate, year) else "open",
        note=_("差 %(persons)s", persons=f"{missing:,}") if missing else "",
        source=_code(mandate, len(group.by_year[year])),
        description=_described(mandate, count, framed),
        address=address,
        is_framed=framed,
    )


def _code(mandate: Mandate, clauses: int) -> str:
    """The clause's code; "+1" where another clause binds the same persons."""
    return mandate.code if clauses == 1 else _("%(code)s +%(more)s", code=mandate.code, more=clauses - 1)


def _described(mandate: Mandate, count: Count, is_framed: bool) -> str:
    sentence = _(
        "%(title)s（%(code)s）：应训 %(due)s 人，覆盖 %(covered)s 人。",
        title=title(mandate),
        code=mandate.code,
        due=f"{count.due:,}",
        covered=f"{count.covered:,}",
    )
    return sentence + _("条款写明这一年完成。") if is_framed else sentence


def _place(gap: Gap, year: int) -> Place:
    mandate, percent = gap.line.mandate, gap.line.count.percent if gap.line.count else None
    return Place(
        region=region_words(gap.region),
        clause=title(mandate),
        code=mandate.code,
        missing=f"{gap.line.missing:,}",
        percent=_("无对象") if percent is None else shown_percent(percent),
        reason=reason_words(gap.line.reasons),
        address=url_for("coverage.cell", year=year, region=gap.region, code=mandate.code),
    )


def _parts(survey: Survey, year: int, lines: Sequence[Line]) -> Bars | None:
    """Return one bar for each territory below, or None where there is none or nobody is due."""
    found = by_territory(lines, survey.parts)
    if not survey.parts or not found:
        return None
    return Bars(
        sentence=_("各地应训人员中，名下有期限或有指标的条款全部覆盖的比例。"),
        corner=_("地区"),
        heading=_("覆盖率"),
        rows=tuple(part_bar(part, count, year) for part, count in found),
    )


def part_bar(part: str | None, count: Count, year: int, code: str | None = None) -> Bar:
    """Return the bar of a territory below; it leads to the same page there. None stands for what lies in none."""
    address = None
    if part is not None and code is not None:
        address = url_for("coverage.cell", year=year, region=part, code=code)
    elif part is not None:
        address = url_for("coverage.overview", year=year, region=part)
    percent = count.percent
    return Bar(
        label=_("本级和其他") if part is None else region_words(part),
        share=(percent or 0.0) / 100,
        text=_("无对象") if percent is None else shown_percent(percent),
        note=_("%(covered)s / %(due)s 人", covered=f"{count.covered:,}", due=f"{count.due:,}"),
        address=address,
    )
