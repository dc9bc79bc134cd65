"""Names of the registry's codes in the reader's language, for pages, lists and forms."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.core.i18n import localised
from app.registry.models import Bar, BarScope, DocumentKind, Person, Scale
from certificates.certificate import masked_document
from courses import regions, roles, sectors
from courses.errors import CourseDataError

SCALES: dict[Scale, LazyString] = {
    Scale.LARGE: _l("大型"),
    Scale.MEDIUM: _l("中型"),
    Scale.SMALL: _l("小型"),
    Scale.MICRO: _l("微型"),
}
DOCUMENT_KINDS: dict[DocumentKind, LazyString] = {
    DocumentKind.IDENTITY_CARD: _l("居民身份证"),
    DocumentKind.RESIDENCE_PERMIT: _l("港澳台居民居住证"),
    DocumentKind.FOREIGN_PERMIT: _l("外国人永久居留身份证"),
    DocumentKind.PASSPORT: _l("护照"),
}
BAR_SCOPES: dict[BarScope, LazyString] = {
    BarScope.ALL_TRADES: _l("所有行业"),
    BarScope.ONE_TRADE: _l("一个行业"),
}


def region_name(code: str) -> str:
    """Return the whole name of a region as it stood last; the code itself for one outside the table."""
    try:
        english = ", ".join(each.name_en for each in reversed(regions.path(code)))
        return localised(regions.full_name_zh(code), english or regions.region(code).name_en)
    except CourseDataError:
        return code


def sector_name(code: str) -> str:
    known = sectors.sectors().get(code)
    return code if known is None else localised(known.name_zh, known.name_en)


def role_name(code: str) -> str:
    known = roles.roles().get(code)
    return code if known is None else localised(known.name_zh, known.name_en)


def form_name(code: str | None) -> str:
    known = roles.principal_forms().get(code or "")
    return "" if known is None else localised(known.name_zh, known.name_en)


def masked(person: Person) -> str:
    """Return the document number as pages show it: stars and the last four characters."""
    return masked_document(person.document_kind.value, person.document_last4)


def last_day(valid_to: date) -> date:
    """Return the last day of a half-open period, as people write it."""
    return valid_to - timedelta(days=1)


def bar_scope_name(bar: Bar) -> str:
    """Return what a bar forbids: all trades, or the trade by name."""
    return sector_name(bar.sector_code) if bar.sector_code else str(BAR_SCOPES[bar.scope])
