"""Sectors (行业领域) and risk traits (风险特征): what an enterprise does, and what makes it dangerous."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from courses.errors import CourseDataError
from courses.tables import Entry, entries

FILE = "sectors.toml"
GENERAL = "general"
KINDS = frozenset({"sector", "trait", "general"})


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector, one risk trait, or the general mark of courses that serve no single sector.

    code: snake_case; kind: "sector", "trait" or "general"; parent: code of the sector that contains this one, or None;
    is_high_risk: first training takes 48 hours and each later year 16 (总局令第3号), inherited from the parent.
    """

    code: str
    name_zh: str
    name_en: str
    kind: str
    parent: str | None
    is_high_risk: bool
    authority_zh: str
    authority_en: str
    note_zh: str


@cache
def sectors() -> Mapping[str, Sector]:
    """Return every sector by code, in the order of the data file.

    Raises CourseDataError if the file holds a wrong entry: "duplicate_code", "unknown_choice", "unknown_sector"
    (a parent that is not there), "sector_cycle", "high_risk_not_inherited".
    """
    found = {entry.name: _read(entry) for entry in entries(FILE, "sector")}
    for each in found.values():
        _check_parents(each, found)
    return MappingProxyType(found)


def sector(code: str) -> Sector:
    """Return the sector of *code*. Raises CourseDataError(code="unknown_sector")."""
    try:
        return sectors()[code]
    except KeyError:
        raise CourseDataError("unknown_sector", sector=code) from None


@cache
def lineage(code: str) -> tuple[str, ...]:
    """Return *code* and the sectors that contain it, from the inside out.

    Raises CourseDataError(code="unknown_sector").
    """
    parent = sector(code).parent
    return (code,) if parent is None else (code, *lineage(parent))


def is_within(code: str, ancestor: str) -> bool:
    """Say whether the sector *code* is *ancestor* or lies inside it.

    Raises CourseDataError(code="unknown_sector") for either.
    """
    return sector(ancestor).code in lineage(code)


def _read(entry: Entry) -> Sector:
    read = Sector(
        code=entry.name,
        name_zh=entry.text("name_zh"),
        name_en=entry.text("name_en"),
        kind=entry.choice("kind", KINDS),
        parent=entry.optional("parent", str),
        is_high_risk=entry.flag("high_risk"),
        authority_zh=entry.text("authority_zh"),
        authority_en=entry.text("authority_en"),
        note_zh=entry.text("note_zh", ""),
    )
    entry.finish()
    return read


def _check_parents(each: Sector, found: Mapping[str, Sector]) -> None:
    seen = {each.code}
    current = each
    while current.parent is not None:
        if current.parent not in found:
            raise CourseDataError("unknown_sector", file=FILE, entry=current.code, sector=current.parent)
        if current.parent in seen:
            raise CourseDataError("sector_cycle", file=FILE, entry=each.code)
        if found[current.parent].is_high_risk and not current.is_high_risk:
            raise CourseDataError("high_risk_not_inherited", file=FILE, entry=current.code)
        current = found[current.parent]
        seen.add(current.code)
