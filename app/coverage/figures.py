"""The figures: every mandate that binds a territory, counted from the records by courses.coverage.

Page, workbook and command line take their figures from here and from nowhere else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from app.coverage import queries
from app.coverage.records import Outcome, Records, shown_status
from courses import regions
from courses.coverage import Count, Duty, Standing, standings, tally
from courses.mandates import Mandate, binding
from courses.plans import plans
from courses.standing import Rule


@dataclass(frozen=True)
class Line:
    """One mandate in one territory and year: the figure and the standings that it was counted from.

    standings: of everybody bound, the due and the represented; none for a mandate that is measured by report.
    """

    mandate: Mandate
    region: str
    year: int
    cut_off: date
    standings: tuple[Standing, ...] = ()

    @cached_property
    def count(self) -> Count | None:
        """Return the figure, counted from the standings when it is first asked for; None for what is only reported."""
        return tally(self.standings) if self.mandate.is_counted else None

    @property
    def missing(self) -> int:
        """Persons due and not covered."""
        return self.count.due - self.count.covered if self.count else 0

    @property
    def missing_to_target(self) -> int:
        """Persons that the target of the clause still asks for; 0 where it sets none."""
        if self.count is None or self.mandate.target_percent is None:
            return 0
        return max(0, -(-self.count.due * self.mandate.target_percent // 100) - self.count.covered)

    @property
    def reasons(self) -> Mapping[str, int]:
        """Persons that are not covered, by status; somebody with several duties counts at the first that is open."""
        open_at: dict[int, str] = {}
        for each in self.standings:
            if each.is_due and each.status != "covered":
                open_at.setdefault(each.duty.person_id, shown_status(each))
        return Counter(open_at.values())


@dataclass
class Survey:
    """One territory through the years, as seen on *today*; each year is counted when it is first asked for."""

    region: str
    today: date
    records: Records
    _groups: dict[date, dict[tuple[str, frozenset[str]], list[Duty]]] = field(default_factory=dict)
    _outcomes: dict[date, Mapping[int, list[Outcome]]] = field(default_factory=dict)
    _lines: dict[tuple[str, int], Line] = field(default_factory=dict)

    def cut_off(self, year: int) -> date:
        """Return the last day that counts for *year*: its 31 December, or today before that."""
        return cut_off(year, self.today)

    def mandates(self, year: int) -> tuple[Mandate, ...]:
        """Return the mandates that bind the territory or a part of it and are alive in *year*."""
        return binding(self.region, year, include_below=True)

    def line(self, mandate: Mandate, year: int) -> Line:
        """Return the figure of *mandate* in *year*."""
        key = (mandate.code, year)
        if key not in self._lines:
            self._lines[key] = self._count(mandate, year)
        return self._lines[key]

    def lines(self, year: int) -> list[Line]:
        """Return a line for every mandate alive in *year*, in the order of the plans."""
        return [self.line(each, year) for each in self.mandates(year)]

    def outcomes(self, year: int) -> Mapping[int, list[Outcome]]:
        """Return every outcome by person, as seen at the cut-off of *year*."""
        day = self.cut_off(year)
        if day not in self._outcomes:
            self._outcomes[day] = self.records.outcomes(day)
        return self._outcomes[day]

    def _count(self, mandate: Mandate, year: int) -> Line:
        day = self.cut_off(year)
        if not mandate.is_counted:
            return Line(mandate, self.region, year, day)
        bound = self._bound(mandate, day)
        outcomes = self.outcomes(year)
        persons = dict.fromkeys(duty.person_id for duty in bound)
        reached = [each.achievement for person in persons for each in outcomes.get(person, ())]
        found = tuple(each for each in standings(mandate, year, bound, reached, day) if each.status != "not_due")
        return Line(mandate, self.region, year, day, found)

    def _bound(self, mandate: Mandate, day: date) -> list[Duty]:
        """Duties that the mandate may bind. Asked once a role and set of sectors, not once a duty: there are few sets
        and many duties; `standings` looks at the region of each."""
        if day not in self._groups:
            self._groups[day] = _grouped(self.records.duties(day))
        rule = Rule(mandate)
        return [
            duty
            for (role, sectors), group in self._groups[day].items()
            if rule.binds(Duty(0, 0, role, sectors, mandate.region, date.min))
            for duty in group
        ]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Territories directly below this one that stand at the present day."""
        return tuple(each.code for each in regions.children(self.region, self.today))


def survey(region: str, years: Sequence[int], today: date) -> Survey:
    """Return the survey of *region* (six digits) for *years*, read in six queries."""
    days = [cut_off(year, today) for year in years]
    return Survey(region, today, queries.read(region, min(days), max(days)))


def _grouped(duties: Iterable[Duty]) -> dict[tuple[str, frozenset[str]], list[Duty]]:
    found: defaultdict[tuple[str, frozenset[str]], list[Duty]] = defaultdict(list)
    for duty in duties:
        found[duty.role, duty.sectors].append(duty)
    return found


def cut_off(year: int, today: date) -> date:
    """Return the last day that counts for *year* as seen on *today*: its 31 December, or today before that."""
    return min(date(year, 12, 31), today)


def years_of_plans() -> tuple[int, ...]:
    """Return the years in which some plan binds."""
    first = min(plan.starts.year for plan in plans().values())
    last = max(plan.ends.year for plan in plans().values())
    return tuple(range(first, last + 1))


def is_dated(mandate: Mandate) -> bool:
    """Say whether the clause sets a date, a frequency or a target, so that somebody can be late with it."""
    return mandate.period.kind != "undated" or mandate.target_percent is not None


def together(lines: Iterable[Line]) -> Count:
    """Return the persons bound by at least one dated clause; at a stage only who reached it under each of them."""
    return tally(each for line in lines if is_dated(line.mandate) for each in line.standings)


def by_part(line: Line, parts: Sequence[str]) -> list[tuple[str | None, Line]]:
    """Split *line* into the territories below; what lies in none of them (本级, abolished districts) comes as None."""
    of_part: defaultdict[str | None, list[Standing]] = defaultdict(list)
    prefixes = {regions.prefix(part): part for part in parts}
    lengths = sorted({len(prefix) for prefix in prefixes}, reverse=True)
    for each in line.standings:
        code = each.duty.region
        part = next((prefixes[code[:length]] for length in lengths if code[:length] in prefixes), None)
        of_part[part].append(each)
    order: list[str | None] = [*parts, None]
    return [
        (part, Line(line.mandate, part or line.region, line.year, line.cut_off, tuple(own)))
        for part in order
        if (own := of_part[part])
    ]
