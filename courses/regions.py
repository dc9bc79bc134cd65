"""Administrative regions (行政区域) by GB/T 2260: six digits, dated, because counties are merged, renamed and recoded.

The table begins on 2008-02-01, when GB/T 2260-2007 came into force. Each later change names its decision in `source`
and counts from the day of the provincial notice, or of the approval where no notice is named.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from courses.errors import CourseDataError

FILE = "regions.csv"
COLUMNS = ("code", "name_zh", "name_en", "valid_from", "valid_to", "succeeded_by", "source")
COUNTRY = "000000"


@dataclass(frozen=True, slots=True)
class Region:
    """One region as it stood from *valid_from* until the day before *valid_to* (None: still stands).

    code: six digits; level: "country", "province", "city" or "county"; parent: code of the region above, None for the
    country; succeeded_by: codes that took over the territory; source: standard or decision that the dates rest on.
    """

    code: str
    name_zh: str
    name_en: str
    level: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    succeeded_by: tuple[str, ...]
    source: str

    def stands_on(self, day: date) -> bool:
        """Say whether the region exists on *day* (the last day is the one before `valid_to`)."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def regions() -> tuple[Region, ...]:
    """Return every region of the table, past ones among them, by code and then by date.

    Raises CourseDataError if the file holds a wrong entry: "unreadable_file", "wrong_columns", "missing_field",
    "wrong_code", "wrong_date", "unknown_region" (parent or successor), "overlapping_periods", "missing_successor".
    """
    return tuple(each for versions in _by_code().values() for each in versions)


def region(code: str, on: date | None = None) -> Region:
    """Return the region of *code* as it stood *on* a day, or as it stood last if no day is given.

    Raises CourseDataError: "wrong_region_code" (not six digits), "unknown_region" (not in the table),
    "region_not_valid" (in the table, not on that day; `details["succeeded_by"]` holds the codes to use instead).
    """
    _digits(code)
    versions = _by_code().get(code)
    if not versions:
        raise CourseDataError("unknown_region", region=code)
    if on is None:
        return versions[-1]
    for each in versions:
        if each.stands_on(on):
            return each
    raise CourseDataError("region_not_valid", region=code, on=on, succeeded_by=versions[-1].succeeded_by)


def children(code: str, on: date | None = None) -> tuple[Region, ...]:
    """Return the regions directly under *code*, in the order of their codes.

    on: only those that stand on that day; without it, every region that stands still (`valid_to` is None).
    Raises CourseDataError("unknown_region" or "wrong_region_code").
    """
    above = region(code).code
    below = (each for each in regions() if each.parent == above)
    return tuple(each for each in below if (each.valid_to is None if on is None else each.stands_on(on)))


def prefix(code: str) -> str:
    """Return the digits that every code inside *code* begins with: "" (country), "33", "3301" or "330106".

    Meant for `LIKE prefix || '%'`. Works on any six digits, also outside the table.
    Raises CourseDataError("wrong_region_code").
    """
    _digits(code)
    if code == COUNTRY:
        return ""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def is_within(code: str, territory: str) -> bool:
    """Say whether the region *code* is *territory* or lies inside it: 330100 holds 330106, 000000 holds all.

    Decided by the digits alone, so that a code that was replaced stays inside its province and city.
    Raises CourseDataError("wrong_region_code") for either.
    """
    _digits(code)
    return code.startswith(prefix(territory))


def path(code: str, on: date | None = None) -> tuple[Region, ...]:
    """Return province, city and county down to *code*: three regions for a county, none for the country.

    Raises CourseDataError as `region` does.
    """
    here = region(code, on)
    if here.parent is None:
        return ()
    return (*path(here.parent, on), here)


def full_name_zh(code: str, on: date | None = None) -> str:
    """Return the whole Chinese name, e.g. "浙江省杭州市西湖区"; "全国" for the country.

    Raises CourseDataError as `region` does.
    """
    return "".join(each.name_zh for each in path(code, on)) or region(code, on).name_zh


def successors(code: str) -> tuple[Region, ...]:
    """Return the standing regions that hold the territory of *code* today; the region itself if it still stands.

    More than one where a county was divided: then an address, not the old code, decides.
    Raises CourseDataError("unknown_region" or "wrong_region_code").
    """
    last = region(code)
    if last.valid_to is None:
        return (last,)
    return tuple(heir for each in last.succeeded_by for heir in successors(each))


def _digits(code: str) -> None:
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        raise CourseDataError("wrong_region_code", region=code)


@cache
def _by_code() -> Mapping[str, tuple[Region, ...]]:
    found: dict[str, tuple[Region, ...]] = {}
    for each in sorted(_rows(), key=lambda row: (row.code, row.valid_from)):
        found[each.code] = (*found.get(each.code, ()), each)
    for versions in found.values():
        _check_periods(versions)
        for each in versions:
            _check_references(each, found)
    return MappingProxyType(found)


def _text() -> str:
    try:
        return files("courses").joinpath("data", FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseDataError("unreadable_file", file=FILE, reason=str(error)) from error


def _rows() -> Iterator[Region]:
    reader = csv.DictReader(_text().splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise CourseDataError("wrong_columns", file=FILE, found=tuple(reader.fieldnames or ()))
    for row in reader:
        yield _read(row, f"line {reader.line_num}")


def _read(row: Mapping[str, str | None], entry: str) -> Region:
    for field in ("code", "name_zh", "name_en", "valid_from", "source"):
        if not row[field]:
            raise CourseDataError("missing_field", file=FILE, entry=entry, field=field)
    code = row["code"] or ""
    if len(code) != 6 or not code.isdigit():
        raise CourseDataError("wrong_code", file=FILE, entry=entry, value=code)
    level, parent = _place(code)
    return Region(
        code=code,
        name_zh=row["name_zh"] or "",
        name_en=row["name_en"] or "",
        level=level,
        parent=parent,
        valid_from=_day(row["valid_from"] or "", entry),
        valid_to=_day(row["valid_to"], entry) if row["valid_to"] else None,
        succeeded_by=tuple((row["succeeded_by"] or "").split()),
        source=row["source"] or "",
    )


def _place(code: str) -> tuple[str, str | None]:
    """Level and parent are in the digits themselves; the file does not repeat them, so it cannot contradict them."""
    if code == COUNTRY:
        return "country", None
    if code.endswith("0000"):
        return "province", COUNTRY
    if code.endswith("00"):
        return "city", f"{code[:2]}0000"
    return "county", f"{code[:4]}00"


def _day(text: str, entry: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CourseDataError("wrong_date", file=FILE, entry=entry, value=text) from error


def _check_periods(versions: tuple[Region, ...]) -> None:
    ends = [each.valid_to for each in versions]
    starts: list[date | None] = [each.valid_from for each in versions[1:]]
    for each, end, following in zip(versions, ends, [*starts, None], strict=True):
        if end is not None and end <= each.valid_from:
            raise CourseDataError("overlapping_periods", file=FILE, entry=each.code)
        if following is not None and (end is None or following < end):
            raise CourseDataError("overlapping_periods", file=FILE, entry=each.code)


def _check_references(each: Region, found: Mapping[str, tuple[Region, ...]]) -> None:
    if each.parent is not None and each.parent not in found:
        raise CourseDataError("unknown_region", file=FILE, entry=each.code, region=each.parent)
    if (each.valid_to is None) == bool(each.succeeded_by):
        raise CourseDataError("missing_successor", file=FILE, entry=each.code)
    for code in each.succeeded_by:
        if not any(heir.valid_from >= each.valid_from and heir.valid_to is None for heir in found.get(code, ())):
            raise CourseDataError("unknown_region", file=FILE, entry=each.code, region=code)
