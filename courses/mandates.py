"""Mandates (任务条款): who must be trained, examined or certified, where and by when, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from courses.errors import CourseDataError
from courses.plans import Plan, conflicts, plans, territory
from courses.roles import role
from courses.sectors import GENERAL, sector
from courses.tables import Entry, entries, read_table

__all__ = ["Mandate", "Period", "Plan", "binding", "heading_for", "mandate", "mandates", "plans"]

PERIODS = frozenset(
    {
        "year",
        "by_deadline",
        "every_year",
        "every_half_year",
        "every_two_months",
        "every_month",
        "cumulative",
        "undated",
    }
)
COUNTED = frozenset({"training", "exam", "certificate"})
REPORTED = frozenset({"drill", "review", "rate", "rules", "bar"})


@dataclass(frozen=True, slots=True)
class Period:
    """When a mandate is to be met; starts and ends are its first and last day.

    kind: "year" (one named year), "by_deadline" (any day until ends), "every_year", "every_half_year"
    (calendar halves), "every_two_months", "every_month", "cumulative" (adds up over the plan), "undated" (as
    cumulative, with no date in the clause). times: how often in each window of the kind, at least 1.
    """

    kind: str
    starts: date
    ends: date
    times: int = 1

    @property
    def year(self) -> int | None:
        """The named year, or None for any other kind."""
        return self.starts.year if self.kind == "year" else None

    @property
    def deadline(self) -> date | None:
        """The last day that the clause itself names, or None where it names none."""
        return self.ends if self.kind in {"year", "by_deadline"} else None

    def is_alive_in(self, year: int) -> bool:
        """Say whether some day of *year* lies between the first and the last day."""
        return self.starts.year <= year <= self.ends.year


@dataclass(frozen=True, slots=True)
class Mandate:
    """One duty of a plan: one category of persons, one set of sectors, one period.

    register_id: the row of the register of clauses; clause: sub-plan and numbered heading in the source;
    quotation: verbatim, line breaks joined; person_zh: the clause's own words for the persons;
    sectors: the enterprise lies in one of them, empty means all; also_in: it lies in one of these too, empty means no
    such limit (工贸行业涉有限空间: confined space, also in industry and trade);
    target_percent: 1..100, or None where the clause sets none;
    requires: what covers a person ("training", "exam", "certificate"), or what is reported ("drill", "review" of
    institutions, "rate", "rules" to be written, "bar" from office);
    coverage_of: "all" or "any" of an enterprise's holders of the role; measured_by: "registry" or "report";
    newly_appointed_only: binds only those appointed within the window that is counted.
    """

    code: str
    register_id: str
    plan: str
    title_zh: str
    title_en: str
    source_file: str
    clause: str
    quotation: str
    person_zh: str
    roles: frozenset[str]
    sectors: frozenset[str]
    also_in: frozenset[str]
    region: str
    period: Period
    target_percent: int | None
    requires: str
    coverage_of: str
    measured_by: str
    conflicts: tuple[str, ...]
    newly_appointed_only: bool
    note_zh: str

    @property
    def is_counted(self) -> bool:
        """True where persons are counted from the registry, False where a figure is only reported."""
        return self.measured_by == "registry"


@cache
def mandates() -> Mapping[str, Mandate]:
    """Return every mandate by code, plan by plan in the order of the data files.

    Raises CourseDataError naming file, entry and field if an entry is wrong: a code twice, an unknown role, sector,
    plan or conflict, a period without its date, a counted mandate of a body that is no person.
    """
    found: dict[str, Mandate] = {}
    for plan in plans().values():
        for entry in _plan_entries(plan):
            if entry.name in found:
                raise entry.fail("duplicate_code", "code")
            found[entry.name] = _read(entry, plan)
    return MappingProxyType(found)


def mandate(code: str) -> Mandate:
    """Return the mandate of *code*, e.g. "Z3-1". Raises CourseDataError(code="unknown_mandate")."""
    try:
        return mandates()[code]
    except KeyError:
        raise CourseDataError("unknown_mandate", mandate=code) from None


def binding(region: str, year: int, *, include_below: bool = False) -> tuple[Mandate, ...]:
    """Return the mandates that bind *region* and are alive in *year*: national, its province's, its city's, its own.

    region: two, four or six digits of GB/T 2260. include_below: also those of the territories inside the region.
    Raises CourseDataError(code="malformed_region").
    """
    asked = territory(region)
    return tuple(
        each
        for each in mandates().values()
        if each.period.is_alive_in(year)
        and (asked.startswith(own := territory(each.region)) or (include_below and own.startswith(asked)))
    )


def heading_for(mandate: Mandate) -> tuple[str, str]:
    """Return the mandate's short titles, Chinese and English."""
    return mandate.title_zh, mandate.title_en


def _plan_entries(plan: Plan) -> Iterator[Entry]:
    file = f"mandates/{plan.code}.toml"
    if read_table(file).get("plan") != plan.code:
        raise CourseDataError("unknown_plan", file=file, entry="plan", field="plan")
    return entries(file, "mandate")


def _read(entry: Entry, plan: Plan) -> Mandate:
    read = Mandate(
        code=entry.name,
        register_id=entry.text("register_id"),
        plan=plan.code,
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en"),
        source_file=plan.source_file,
        clause=entry.text("clause"),
        quotation=entry.text("quotation"),
        person_zh=entry.text("person_zh"),
        roles=frozenset(entry.texts("roles")),
        sectors=frozenset(entry.texts("sectors")),
        also_in=frozenset(entry.texts("also_in")),
        region=plan.region,
        period=_period(entry, plan),
        target_percent=entry.optional("target_percent", int),
        requires=entry.choice("requires", COUNTED | REPORTED),
        coverage_of=entry.choice("coverage_of", frozenset({"any", "all"}), "all"),
        measured_by=entry.choice("measured_by", frozenset({"registry", "report"})),
        conflicts=entry.texts("conflicts"),
        newly_appointed_only=entry.flag("newly_appointed_only"),
        note_zh=entry.text("note_zh", ""),
    )
    entry.finish()
    _check(entry, read)
    return read


def _period(entry: Entry, plan: Plan) -> Period:
    kind = entry.choice("period", PERIODS)
    times = entry.number("times_per_period", 1)
    if times < 1:
        raise entry.fail("out_of_range", "times_per_period")
    if kind == "year":
        year = entry.number("year")
        return _within_plan(entry, plan, Period(kind, date(year, 1, 1), date(year, 12, 31), times))
    starts = entry.day("from", plan.starts)
    ends = entry.day("deadline") if kind == "by_deadline" else plan.ends
    return _within_plan(entry, plan, Period(kind, starts, ends, times))


def _within_plan(entry: Entry, plan: Plan, period: Period) -> Period:
    if not plan.starts <= period.starts <= period.ends <= plan.ends:
        raise entry.fail("outside_plan", "period", starts=period.starts, ends=period.ends)
    return period


def _check(entry: Entry, read: Mandate) -> None:
    if not read.roles:
        raise entry.fail("missing_field", "roles")
    _check_references(entry, read)
    if read.target_percent is not None and not 1 <= read.target_percent <= 100:
        raise entry.fail("out_of_range", "target_percent")
    if read.is_counted and read.requires not in COUNTED:
        raise entry.fail("not_countable", "requires", value=read.requires)
    if read.is_counted and any(role(code).subject != "person" for code in read.roles):
        raise entry.fail("not_countable", "roles")


def _check_references(entry: Entry, read: Mandate) -> None:
    for code in sorted(read.conflicts):
        if code not in conflicts():
            raise entry.fail("unknown_conflict", "conflicts", conflict=code)
    try:
        for code in sorted(read.roles):
            role(code)
        for code in sorted(read.sectors | read.also_in):
            sector(code)
    except CourseDataError as error:
        raise entry.fail(error.code, "roles" if error.code == "unknown_role" else "sectors", **error.details) from error
    if GENERAL in read.sectors | read.also_in:
        raise entry.fail("general_sector", "sectors")
