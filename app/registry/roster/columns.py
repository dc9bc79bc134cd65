"""The columns of a roster and how one row is read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from app.core.errors import ServiceError
from app.core.i18n import listed
from app.core.imports import ImportColumn, NumberedRow, Row, RowError
from app.registry.documents import checked, checked_credit_code, checked_name
from app.registry.models import DocumentKind, Scale
from app.registry.service import checked_phone
from courses import regions, roles, sectors
from courses.errors import CourseDataError

COLUMNS = (
    ImportColumn("credit_code", ("统一社会信用代码", "信用代码"), example="913301000000000183"),
    ImportColumn("enterprise_name", ("企业名称", "单位名称"), example="杭州示例冶炼有限公司"),
    ImportColumn("region_code", ("行政区划代码", "区划代码"), example="330109"),
    ImportColumn("sectors", ("行业领域", "行业领域和风险特征"), example="金属冶炼、涉爆粉尘"),
    ImportColumn("scale", ("规模", "企业规模"), example="中型"),
    ImportColumn("opened_on", ("成立日期",), is_required=False, example="2018-05-01"),
    ImportColumn("name", ("姓名",), example="章示例"),
    ImportColumn("document_kind", ("证件类型",), is_required=False, example="居民身份证"),
    ImportColumn("document_number", ("证件号码", "身份证号", "身份证号码"), example="330102197001010013"),
    ImportColumn("phone", ("手机", "手机号码", "联系电话"), is_required=False, example="13800000000"),
    ImportColumn("role_code", ("岗位", "人员类别"), example="主要负责人"),
    ImportColumn("form", ("负责人类别",), is_required=False, example="法定代表人"),
    ImportColumn("valid_from", ("任职日期",), example="2024-01-01"),
    ImportColumn("valid_to", ("离任日期",), is_required=False, example=""),
)
TITLES = {column.key: column.names[0] for column in COLUMNS}

SCALES = {"大型": Scale.LARGE, "中型": Scale.MEDIUM, "小型": Scale.SMALL, "微型": Scale.MICRO}
DOCUMENT_KINDS = {
    "居民身份证": DocumentKind.IDENTITY_CARD,
    "身份证": DocumentKind.IDENTITY_CARD,
    "港澳台居民居住证": DocumentKind.RESIDENCE_PERMIT,
    "居住证": DocumentKind.RESIDENCE_PERMIT,
    "外国人永久居留身份证": DocumentKind.FOREIGN_PERMIT,
    "永久居留身份证": DocumentKind.FOREIGN_PERMIT,
    "护照": DocumentKind.PASSPORT,
}
EARLIEST = date(1949, 10, 1)
_SEPARATORS = re.compile(r"[、;；,，/\n]+")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)")


@dataclass(frozen=True)
class RosterRow:
    """One row, read. valid_to: the first day out of office (the file gives the last day in it)."""

    number: int
    credit_code: str
    enterprise_name: str
    region_code: str
    sectors: tuple[str, ...]
    scale: Scale
    opened_on: date | None
    name: str
    document_kind: DocumentKind
    document_number: str
    phone: str | None
    role_code: str
    form: str | None
    valid_from: date
    valid_to: date | None


def read_row(number: int, row: Row, *, today: date) -> RosterRow | list[RowError]:
    """Return the row, or everything that is wrong with its cells."""
    values: dict[str, Any] = {"number": number}
    errors: list[RowError] = []
    for key, reader in _READERS.items():
        try:
            values[key] = reader(row, today)
        except ServiceError as error:
            errors.append(RowError(number, TITLES[key], error.code, error.data))
    if errors:
        return errors
    values["document_kind"], values["document_number"] = values["document_number"]
    read = RosterRow(**values)
    if read.valid_to is not None and read.valid_to <= read.valid_from:
        errors.append(RowError(number, TITLES["valid_to"], "office_ends_early"))
    if read.form is not None and read.role_code != "principal":
        errors.append(RowError(number, TITLES["form"], "form_without_principal"))
    return errors or read


def _text(row: Row, key: str, limit: int) -> str:
    text = " ".join(row[key].split())
    if len(text) > limit:
        raise ServiceError("text_too_long", limit=limit)
    return text


def _region(row: Row, today: date) -> str:
    code = row["region_code"].strip()
    try:
        regions.region(code, today)
    except CourseDataError as error:
        if error.code == "region_not_valid":
            heirs = listed(regions.region(code).succeeded_by)
            raise ServiceError("region_replaced", region=code, successors=heirs) from error
        raise ServiceError("region_unknown", region=code[:20]) from error
    if code == regions.COUNTRY:
        raise ServiceError("region_unknown", region=code)
    return code


def region_codes(rows: Sequence[NumberedRow], *, today: date) -> set[str]:
    """Return the regions that *rows* name, without those that cannot be read."""
    found = set()
    for row in {row["region_code"]: row for _number, row in rows}.values():
        with suppress(ServiceError):
            found.add(_region(row, today))
    return found


def _sectors(row: Row, today: date) -> tuple[str, ...]:
    names = [name.strip() for name in _SEPARATORS.split(row["sectors"]) if name.strip()]
    codes = {_code_of(name, _sector_names(), "sector_unknown") for name in names}
    if not codes:
        raise ServiceError("required")
    return tuple(sorted(codes))


def _role(row: Row, today: date) -> str:
    return _code_of(row["role_code"], _role_names(), "role_unknown")


def _form(row: Row, today: date) -> str | None:
    return _code_of(row["form"], _form_names(), "form_unknown") if row["form"] else None


def _scale(row: Row, today: date) -> Scale:
    return Scale(_code_of(row["scale"], {name: scale.value for name, scale in SCALES.items()}, "scale_unknown"))


def _document(row: Row, today: date) -> tuple[DocumentKind, str]:
    said = row["document_kind"].strip()
    known = {name: kind.value for name, kind in DOCUMENT_KINDS.items()}
    kind = DocumentKind(_code_of(said, known, "roster_document_kind_unknown")) if said else None
    return checked(kind, row["document_number"], on=today)


@cache
def _sector_names() -> dict[str, str]:
    return {each.name_zh: each.code for each in sectors.sectors().values() if each.kind != sectors.GENERAL}


@cache
def _role_names() -> dict[str, str]:
    return {each.name_zh: each.code for each in roles.roles().values() if each.subject == "person"}


@cache
def _form_names() -> dict[str, str]:
    return {each.name_zh: each.code for each in roles.principal_forms().values()}


def _code_of(text: str, known: Mapping[str, str], code: str) -> str:
    """Return the code for a name or a code. Raises ServiceError(*code*) that names what is near."""
    text = text.strip()
    if text in known:
        return known[text]
    if text in known.values():
        return text
    raise ServiceError(code, given=text[:40], near=listed(_near(text, known)))


def _near(text: str, names: Iterable[str]) -> list[str]:
    """Return up to three names that look like *text* or share a part with it, or the first names of the list."""
    names = list(names)
    alike = difflib.get_close_matches(text, names, n=3, cutoff=0.4)
    return alike or [name for name in names if text[:2] and text[:2] in name][:3] or names[:3]


def _day(text: str, *, latest: date | None) -> date:
    shape = _DAY.fullmatch(text.strip())
    try:
        day = date(*(int(part) for part in shape.groups() if part)) if shape else None
    except ValueError:
        day = None
    if day is None:
        raise ServiceError("date_unreadable", given=text[:20])
    if day < EARLIEST or (latest is not None and day > latest):
        raise ServiceError("date_out_of_range", given=day.isoformat())
    return day


def _last_day(row: Row, today: date) -> date | None:
    """The file gives the last day in office; periods are half-open, so the next day is the first that is free."""
    return _day(row["valid_to"], latest=None) + timedelta(days=1) if row["valid_to"] else None


_READERS: dict[str, Callable[[Row, date], Any]] = {
    "credit_code": lambda row, today: checked_credit_code(row["credit_code"]),
    "enterprise_name": lambda row, today: _text(row, "enterprise_name", 200),
    "region_code": _region,
    "sectors": _sectors,
    "scale": _scale,
    "opened_on": lambda row, today: _day(row["opened_on"], latest=today) if row["opened_on"] else None,
    "name": lambda row, today: checked_name(row["name"]),
    "document_number": _document,
    "phone": lambda row, today: checked_phone(row["phone"]),
    "role_code": _role,
    "form": _form,
    "valid_from": lambda row, today: _day(row["valid_from"], latest=today),
    "valid_to": _last_day,
}
