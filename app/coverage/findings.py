"""What a regulator should see first: rows of the heat map, the worst gaps, the one that comes before all others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.coverage.figures import Line, Survey, by_part, is_dated
from courses.coverage import Count, Standing, tally
from courses.mandates import Mandate
from courses.plans import territory
from courses.windows import windows

Family = tuple[frozenset[str], frozenset[str], frozenset[str]]

# A year that the clause names comes before what recurs, and that before what adds up to a far or unnamed day.
KIND_ORDER = {"year": 0, "every_year": 1, "every_half_year": 1, "every_two_months": 1, "every_month": 1}
KIND_ORDER |= {"by_deadline": 2, "cumulative": 3, "undated": 4}


@dataclass(frozen=True)
class Group:
    """Mandates for the same persons in the same sectors, by year; the first of a year stands in the heat map.

    They are shown side by side on the page behind the cell; no figure is made out of two of them.
    region: where they bind, if that is only a part of the territory that is looked at, else None.
    """

    region: str | None
    by_year: dict[int, tuple[Mandate, ...]]

    def first(self, year: int) -> Mandate | None:
        """Return the mandate that stands for the group in *year*, or None where none is alive."""
        found = self.by_year.get(year, ())
        return found[0] if found else None


@dataclass(frozen=True)
class Gap:
    """Persons of one mandate who are missing in one territory.

    deadline: the last day of the window that runs at the cut-off (or ran last).
    """

    line: Line
    region: str
    deadline: date


def family(mandate: Mandate) -> Family:
    """Return what makes two mandates bind the same persons: roles and sectors."""
    return mandate.roles, mandate.sectors, mandate.also_in


def groups(survey: Survey, years: Sequence[int]) -> list[Group]:
    """Return the counted mandates of all *years* in groups, in the order of the plans.

    A plan of one district stands in a row of its own when the whole country is looked at: its figure is not theirs.
    """
    asked = territory(survey.region)
    found: defaultdict[tuple[Family, str | None], dict[int, list[Mandate]]] = defaultdict(dict)
    for year in years:
        for mandate in survey.mandates(year):
            if mandate.is_counted:
                part = None if asked.startswith(territory(mandate.region)) else mandate.region
                found[family(mandate), part].setdefault(year, []).append(mandate)
    return [
        Group(part, {year: tuple(sorted(own, key=_precedence)) for year, own in of_years.items()})
        for (_family, part), of_years in found.items()
    ]


def _precedence(mandate: Mandate) -> tuple[int, int, str]:
    """The clause that names a year first, then the plan of the smallest territory."""
    return KIND_ORDER[mandate.period.kind], -len(territory(mandate.region)), mandate.code


def gaps(lines: Iterable[Line]) -> list[Gap]:
    """Return the lines with a target that is not reached, in the order of `urgency`: the first is the headline."""
    return sorted((_gap(line) for line in lines if line.missing_to_target), key=urgency)


def urgency(gap: Gap) -> tuple[date, int, tuple[int, int, str], str]:
    """Return what orders gaps, both for the headline and for the places to look at first.

    The nearest deadline comes first, an undated clause last; on one deadline, where most persons are missing.
    """
    return _due_day(gap), -gap.line.missing, _precedence(gap.line.mandate), gap.region


def _due_day(gap: Gap) -> date:
    return date.max if gap.line.mandate.period.kind == "undated" else gap.deadline


def _gap(line: Line) -> Gap:
    return Gap(line, line.region, deadline(line))


def deadline(line: Line) -> date:
    """Return the last day of the window that runs at the cut-off, or of the last one before it."""
    spans = windows(line.mandate.period, line.year)
    begun = [each for each in spans if each.start <= line.cut_off] or list(spans[:1])
    # What accumulates is clipped at the year's end to be counted; its own end is the day that matters.
    return line.mandate.period.ends if line.mandate.period.kind in {"by_deadline", "cumulative"} else begun[-1].end


def is_due_in(mandate: Mandate, year: int) -> bool:
    """Say whether the clause wants to be met in *year*: it names it, recurs, or its target falls due at its end.

    Before that a figure shows how far things are, and is no shortfall yet.
    """
    if KIND_ORDER[mandate.period.kind] <= 1:
        return True
    return mandate.period.kind != "undated" and mandate.target_percent is not None and mandate.period.ends.year == year


def worst(found: Sequence[Gap], parts: Sequence[str], number: int = 3) -> list[Gap]:
    """Return the *number* territories below whose gaps come first in the order of `urgency`.

    found: as `gaps` gives it. Only what falls due within the year is named, if anything does. The same persons under
    several clauses are named once in a territory, under the most urgent clause. Where there is nothing below (a
    county), the territory itself is named.
    """
    if not found:
        return []
    horizon = max(_due_day(found[0]), date(found[0].line.year, 12, 31))
    places: dict[tuple[Family, str], Gap] = {}
    for gap in found:
        if _due_day(gap) > horizon:
            break
        for part, line in by_part(gap.line, parts):
            if line.missing:
                key = (family(gap.line.mandate), part or line.region)
                places.setdefault(key, Gap(line, part or line.region, gap.deadline))
    return sorted(places.values(), key=urgency)[:number]


def by_territory(lines: Iterable[Line], parts: Sequence[str]) -> list[tuple[str | None, Count]]:
    """Return the persons of all dated clauses in each territory below, counted as `figures.together` does."""
    of_part: defaultdict[str | None, list[Standing]] = defaultdict(list)
    for line in lines:
        if is_dated(line.mandate):
            for part, own in by_part(line, parts):
                of_part[part].extend(own.standings)
    order: list[str | None] = [*parts, None]
    return [(part, tally(of_part[part])) for part in order if of_part[part]]
