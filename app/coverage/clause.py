"""One clause in one territory and year: its sentence, its figures, and the clauses that stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import charts
from app.core.charts import Bar, Bars, Point, shown_percent
from app.core.i18n import in_chinese, listed, localised
from app.coverage.figures import Line, Survey, by_part
from app.coverage.findings import deadline, family
from app.coverage.front import part_bar
from app.coverage.words import (
    _,
    days_words,
    measured_words,
    period_words,
    subject_words,
    target_words,
    title,
)
from courses.coverage import Count
from courses.mandates import Mandate
from courses.plans import conflicts
from courses.sectors import is_within


@dataclass(frozen=True)
class Beside:
    """A mandate beside another: the figure stays its own. why: the same persons, or the conflict in words."""

    mandate: Mandate
    line: Line | None
    why: str


@dataclass(frozen=True)
class Clause:
    """All that the page of a figure shows."""

    line: Line
    headline: str
    stages: Bars | None
    parts: Bars | None
    beside: tuple[Beside, ...]
    conflicts: tuple[tuple[str, str], ...]


def clause(survey: Survey, mandate: Mandate, year: int) -> Clause:
    """Return the page of *mandate* in the survey's territory for *year*."""
    line = survey.line(mandate, year)
    count = line.count
    return Clause(
        line=line,
        headline=headline(line, survey),
        stages=_stages(count) if count and count.due else None,
        parts=_parts(line, survey.parts) if count and count.due else None,
        beside=beside(survey, mandate, year),
        conflicts=conflict_words(mandate),
    )


def headline(line: Line, survey: Survey) -> str:
    """Say in one sentence where the clause stands."""
    subject, count = subject_words(line.mandate), line.count
    if count is None:
        return _("%(title)s：由报告得出，不逐人计算", title=title(line.mandate))
    if survey.today.year < line.year:
        return _("%(subject)s：%(year)s 年还没有开始", subject=subject, year=line.year)
    if count.due == 0:
        return _("%(subject)s：无对象", subject=subject)
    if not line.missing:
        return _("%(subject)s %(due)s 人全部覆盖", subject=subject, due=f"{count.due:,}")
    sentence = _(
        "%(subject)s %(due)s 人，还有 %(missing)s 人未覆盖",
        subject=subject,
        due=f"{count.due:,}",
        missing=f"{line.missing:,}",
    )
    if line.mandate.period.kind == "undated":
        return sentence
    return sentence + _("，%(days)s", days=days_words((deadline(line) - survey.today).days))


def _stages(count: Count) -> Bars:
    stages = (
        (_("应训"), count.due),
        (_("已训"), count.trained),
        (_("已考"), count.examined),
        (_("合格"), count.passed),
        (_("发证"), count.certified),
        (_("覆盖（按条款）"), count.covered),
    )
    return Bars(
        sentence=_(
            "应训 %(due)s 人，按条款覆盖 %(covered)s 人；培训 %(attendances)s 人次。一人多次培训只算一人。",
            due=f"{count.due:,}",
            covered=f"{count.covered:,}",
            attendances=f"{count.attendances:,}",
        ),
        corner=_("阶段"),
        heading=_("人数和占应训的比例"),
        rows=tuple(_stage(label, persons, count.due) for label, persons in stages),
    )


def _stage(label: str, persons: int, due: int) -> Bar:
    percent = 100 * persons / due
    return Bar(label, persons / due, shown_percent(percent), _("%(persons)s 人", persons=f"{persons:,}"))


def _parts(line: Line, parts: Sequence[str]) -> Bars | None:
    found = by_part(line, parts)
    if not parts:
        return None
    rows = [part_bar(part, own.count, line.year, line.mandate.code) for part, own in found if own.count]
    return Bars(
        sentence=_("各地的覆盖率，后面是覆盖人数和应训人数。点地区看那里的企业和名单。"),
        corner=_("地区"),
        heading=_("覆盖率"),
        rows=tuple(rows),
    )


def beside(survey: Survey, mandate: Mandate, year: int) -> tuple[Beside, ...]:
    """Return the mandates alive in *year* that bind the same persons or contradict *mandate*, each with its figure.

    One conflict may run through many sectors (正文年度 against 任务表时限); only clauses whose sectors meet are shown.
    """
    found = []
    for other in survey.mandates(year):
        shared = sorted(set(other.conflicts) & set(mandate.conflicts)) if _touch(mandate, other) else []
        if other.code == mandate.code or not (shared or (family(other) == family(mandate) and other.is_counted)):
            continue
        why = _("条款不一致 %(codes)s", codes=listed(shared)) if shared else _("同一批人员")
        found.append(Beside(other, survey.line(other, year), why))
    return tuple(found)


def _touch(one: Mandate, other: Mandate) -> bool:
    """Say whether the sectors of two mandates meet: one lies within another, or one binds every sector."""
    pairs = [(ours, theirs) for ours in one.sectors for theirs in other.sectors]
    return not pairs or any(is_within(ours, theirs) or is_within(theirs, ours) for ours, theirs in pairs)


def conflict_words(mandate: Mandate) -> tuple[tuple[str, str], ...]:
    """Return code and text of each conflict of the mandate."""
    known = conflicts()
    return tuple((code, localised(known[code].text_zh, known[code].text_en)) for code in sorted(mandate.conflicts))


def facts(mandate: Mandate) -> list[tuple[str, str]]:
    """Return what the clause asks for, as label and value."""
    rows = [
        (_("编号"), _("%(code)s（登记册 %(register)s）", code=mandate.code, register=mandate.register_id)),
        (_("人员（原文）"), in_chinese(mandate.person_zh)),
        (_("人员和行业（名录）"), subject_words(mandate)),
        (_("时限"), period_words(mandate.period)),
        (_("指标"), target_words(mandate)),
        (_("怎么算"), measured_words(mandate)),
        (_("说明"), in_chinese(mandate.note_zh)),
    ]
    return [(label, value) for label, value in rows if value]


def through_the_years(survey: Survey, mandate: Mandate, years: Sequence[int]) -> charts.Line | None:
    """Return the clause's coverage through *years* as a small line, or None where it has fewer than two figures."""
    points = []
    for year in years:
        count = (
            survey.line(mandate, year).count if mandate.period.is_alive_in(year) and survey.today.year >= year else None
        )
        percent = count.percent if count else None
        points.append(Point(str(year), percent, "" if percent is None else shown_percent(percent)))
    if sum(point.value is not None for point in points) < 2:
        return None
    return charts.Line(_("各年度末的覆盖率；当年截至今天。"), tuple(points))
