"""Knowledge points (知识点): what questions are about, each within one module of the syllabus of its sector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from courses.catalogue import Module, syllabus
from courses.sectors import sector, sectors
from courses.tables import Entry, entries

FILE = "knowledge_points.toml"
LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class KnowledgePoint:
    """What questions are about. name_zh: what a question carries, at most LONGEST_NAME characters."""

    module: Module
    name_zh: str
    name_en: str


def points(sector_code: str) -> tuple[KnowledgePoint, ...]:
    """Return the knowledge points of a sector in the order of its syllabus; () for a sector that has none.

    Raises CourseDataError: "unknown_sector"; and if an entry of the file is wrong, naming it: "unreadable_file",
    "missing_field", "wrong_type", "unknown_field", "duplicate_code" (a sector twice), "duplicate_name" (a point twice
    in a sector), "name_too_long", "unknown_sector", "unknown_module" (none of the syllabus of the sector).
    """
    return _by_sector().get(sector(sector_code).code, ())


@cache
def _by_sector() -> Mapping[str, tuple[KnowledgePoint, ...]]:
    return MappingProxyType({entry.name: _read(entry) for entry in entries(FILE, "sector")})


def _read(entry: Entry) -> tuple[KnowledgePoint, ...]:
    if entry.name not in sectors():
        raise entry.fail("unknown_sector", "code", value=entry.name)
    modules = {module.code: module for module in syllabus(entry.name)}
    found: dict[str, KnowledgePoint] = {}
    values: Mapping[str, Any]
    for values in entry.optional("points", list) or ():
        point = Entry(FILE, f"{entry.name} points {values.get('zh', '?')}", values)
        each = _point(point, modules)
        if each.name_zh in found:
            raise point.fail("duplicate_name", "zh")
        found[each.name_zh] = each
    entry.finish()
    of_module = list(modules)
    return tuple(sorted(found.values(), key=lambda each: of_module.index(each.module.code)))


def _point(entry: Entry, modules: Mapping[str, Module]) -> KnowledgePoint:
    code, name = entry.text("module"), entry.text("zh")
    if code not in modules:
        raise entry.fail("unknown_module", "module", value=code)
    if len(name) > LONGEST_NAME:
        raise entry.fail("name_too_long", "zh", length=len(name), most=LONGEST_NAME)
    each = KnowledgePoint(modules[code], name, entry.text("en"))
    entry.finish()
    return each
