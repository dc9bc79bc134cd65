"""Plans (方案) that bind a territory for some years, and the conflicts between their clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from courses.errors import CourseDataError
from courses.tables import Entry, entries

FILE = "plans.toml"


@dataclass(frozen=True, slots=True)
class Plan:
    """One government document whose clauses bind a region.

    region: six digits of GB/T 2260, "000000" for the whole country; source_file: name of the text it was taken from;
    starts, ends: first and last day on which it binds.
    """

    code: str
    title_zh: str
    title_en: str
    document_number: str
    issuer_zh: str
    issuer_en: str
    source_file: str
    region: str
    issued_on: date
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where clauses of several plans contradict one another; all of them stay in force side by side."""

    code: str
    text_zh: str
    text_en: str


@cache
def plans() -> Mapping[str, Plan]:
    """Return every plan by code, in the order of the data file. Raises CourseDataError if an entry is wrong."""
    return MappingProxyType({entry.name: _plan(entry) for entry in entries(FILE, "plan")})


@cache
def conflicts() -> Mapping[str, Conflict]:
    """Return every conflict by code, e.g. "C4". Raises CourseDataError if an entry is wrong."""
    return MappingProxyType({entry.name: _conflict(entry) for entry in entries(FILE, "conflict")})


def territory(region: str) -> str:
    """Return the digits that all codes of the territory share: "330000" and "33" give "33", "000000" gives "".

    region: two, four or six digits of GB/T 2260, where pairs of zeros at the end stand for "the whole of".
    Raises CourseDataError(code="malformed_region").
    """
    if len(region) not in {2, 4, 6} or not (region.isascii() and region.isdigit()):
        raise CourseDataError("malformed_region", region=region)
    # by pairs: 331000 is the city 3310, its last zero belongs to the code
    while region.endswith("00"):
        region = region[:-2]
    return region


def _plan(entry: Entry) -> Plan:
    read = Plan(
        code=entry.name,
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en"),
        document_number=entry.text("document_number"),
        issuer_zh=entry.text("issuer_zh"),
        issuer_en=entry.text("issuer_en"),
        source_file=entry.text("source_file"),
        region=entry.text("region"),
        issued_on=entry.day("issued_on"),
        starts=entry.day("starts"),
        ends=entry.day("ends"),
    )
    entry.finish()
    if len(read.region) != 6:
        raise entry.fail("malformed_region", "region")
    territory(read.region)
    if read.ends < read.starts:
        raise entry.fail("ends_before_start", "ends")
    return read


def _conflict(entry: Entry) -> Conflict:
    read = Conflict(code=entry.name, text_zh=entry.text("text_zh"), text_en=entry.text("text_en"))
    entry.finish()
    return read
