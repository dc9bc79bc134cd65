"""The course catalogue (课程目录): which courses there are for a sector and a role, their syllabus, hours and exam."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from courses import tables
from courses.errors import CourseDataError
from courses.exam_rules import exam_rule
from courses.hours import minimum_hours
from courses.roles import roles
from courses.sectors import lineage, sector, sectors
from courses.tables import Entry

FOLDER = "courses"
IN_ORDER = ("initial", "refresher", "campaign")
KINDS = frozenset(IN_ORDER)


@dataclass(frozen=True, slots=True)
class Module:
    """One part of a syllabus; hours: 学时, a whole number."""

    code: str
    title_zh: str
    title_en: str
    hours: int


@dataclass(frozen=True, slots=True)
class CourseDefinition:
    """One version of one course.

    kind: "initial" (first training), "refresher" (yearly) or "campaign" (concentrated training of a plan);
    hours: 学时, the sum of the modules' hours; exam_rule: code in `courses.exam_rules`;
    valid_from: first day; valid_to: day after the last (None: open); source_zh: what hours and content rest on.
    """

    code: str
    version: int
    title_zh: str
    title_en: str
    sector: str
    role: str
    kind: str
    hours: int
    syllabus: tuple[Module, ...]
    exam_rule: str
    valid_from: date
    valid_to: date | None
    source_zh: str

    def is_open(self, day: date) -> bool:
        """Say whether a session of this version can begin on *day*."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def courses() -> tuple[CourseDefinition, ...]:
    """Return every version of every course, by code and then by version.

    Raises CourseDataError if a file is wrong, naming file and entry: "unreadable_file", "missing_field", "wrong_type",
    "unknown_choice", "unknown_field", "out_of_range", "unknown_sector", "unknown_exam_rule", "duplicate_code",
    "hours_mismatch" (the modules do not sum up), "hours_below_minimum" (less than the law asks).
    """
    return tuple(_by_key().values())


def course(code: str, version: int | None = None) -> CourseDefinition:
    """Return the given version of a course, or its newest.

    Raises CourseDataError(code="unknown_course" or "unknown_course_version").
    """
    versions = [each for each in courses() if each.code == code]
    if not versions:
        raise CourseDataError("unknown_course", course=code)
    found = [each for each in versions if version in (None, each.version)]
    if not found:
        raise CourseDataError("unknown_course_version", course=code, version=version)
    return found[-1]


def for_sector(
    sector_code: str, role: str | None = None, kind: str | None = None, on: date | None = None
) -> tuple[CourseDefinition, ...]:
    """Return the courses for enterprises of a sector: its own and those of the sectors that contain it.

    role, kind: only courses for that role or of that kind; on: only versions open on that day.
    The sector's own courses come first. Raises CourseDataError(code="unknown_sector").
    """
    return tuple(
        each
        for containing in lineage(sector_code)
        for each in courses()
        if each.sector == containing
        and role in (None, each.role)
        and kind in (None, each.kind)
        and (on is None or each.is_open(on))
    )


def syllabus(sector_code: str) -> tuple[Module, ...]:
    """Return the modules that the sector's own courses teach, each code once; () for a sector without courses.

    Of each course its newest version counts. First trainings come before refreshers and campaigns, and what several
    courses teach is named as in the first of them. Raises CourseDataError(code="unknown_sector").
    """
    code, of_role = sector(sector_code).code, list(roles())
    newest = {each.code: each for each in courses() if each.sector == code}
    ordered = sorted(newest.values(), key=lambda each: (IN_ORDER.index(each.kind), of_role.index(each.role)))
    found: dict[str, Module] = {}
    for each in ordered:
        for module in each.syllabus:
            found.setdefault(module.code, module)
    return tuple(found.values())


@cache
def _by_key() -> Mapping[tuple[str, int], CourseDefinition]:
    found: dict[tuple[str, int], CourseDefinition] = {}
    for file in _files():
        for entry in _entries(file):
            each = _read(entry)
            if (each.code, each.version) in found:
                raise entry.fail("duplicate_code", "version")
            found[each.code, each.version] = each
    return MappingProxyType(dict(sorted(found.items())))


def _files() -> tuple[str, ...]:
    names = (each.name for each in files("courses").joinpath("data", FOLDER).iterdir())
    return tuple(f"{FOLDER}/{name}" for name in sorted(names) if name.endswith(".toml"))


def _entries(file: str) -> Iterator[Entry]:
    """Yield the file's courses; `sector` stands once, at the head of the file, and holds for all of them."""
    table = tables.read_table(file)
    for position, values in enumerate(table.get("course", []), start=1):
        name = f"{values.get('code', f'#{position}')} v{values.get('version', '?')}"
        yield Entry(file, name, {"sector": table.get("sector"), **values})


def _read(entry: Entry) -> CourseDefinition:
    each = CourseDefinition(
        code=entry.text("code"),
        version=entry.within("version", 1, 10_000),
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en"),
        sector=_sector(entry),
        role=entry.choice("role", frozenset(roles())),
        kind=entry.choice("kind", KINDS),
        hours=entry.within("hours", 1, 500),
        syllabus=tuple(_modules(entry)),
        exam_rule=entry.text("exam_rule"),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional("valid_to", date),
        source_zh=entry.text("source_zh"),
    )
    entry.finish()
    _check(entry, each)
    return each


def _sector(entry: Entry) -> str:
    code = entry.text("sector")
    if code not in sectors():
        raise entry.fail("unknown_sector", "sector", value=code)
    return code


def _modules(course_entry: Entry) -> Iterator[Module]:
    seen: set[str] = set()
    values: Mapping[str, Any]
    for values in course_entry.optional("modules", list) or ():
        entry = Entry(course_entry.file, f"{course_entry.name} modules {values.get('code', '?')}", values)
        module = Module(
            code=entry.text("code"),
            title_zh=entry.text("zh"),
            title_en=entry.text("en"),
            hours=entry.within("hours", 1, 200),
        )
        entry.finish()
        if module.code in seen:
            raise entry.fail("duplicate_code", "code")
        seen.add(module.code)
        yield module


def _check(entry: Entry, each: CourseDefinition) -> None:
    total = sum(module.hours for module in each.syllabus)
    if total != each.hours:
        raise entry.fail("hours_mismatch", "hours", course=each.hours, modules=total)
    least = minimum_hours(each.kind, sector(each.sector).is_high_risk)
    if each.hours < least:
        raise entry.fail("hours_below_minimum", "hours", course=each.hours, least=least)
    if each.valid_to is not None and each.valid_to <= each.valid_from:
        raise entry.fail("ends_before_it_begins", "valid_to")
    try:
        exam_rule(each.exam_rule, on=each.valid_from)
    except CourseDataError as error:
        raise entry.fail(error.code, "exam_rule", value=each.exam_rule) from error
