"""Which mandates a session can serve: those that bind its region, take in its role and reach its sector."""

from __future__ import annotations

from datetime import date

from app.training.models import CourseVersion
from courses import regions
from courses.errors import CourseDataError
from courses.mandates import Mandate, binding, mandate
from courses.sectors import GENERAL, lineage, sector, sectors
from courses.standing import Duty, Rule

ANYBODY = 0


def served_by(course: CourseVersion, region: str, year: int) -> tuple[Mandate, ...]:
    """Return the mandates that a session of *course* in *region* can serve in *year*, those of the nearest plan first.

    region: six digits of GB/T 2260. Only mandates whose fulfilment is counted from the registry; a course serves a
    mandate if it teaches one of the mandate's roles and some sector that the mandate binds.
    """
    found = (each for each in binding(region, year) if _reaches(each, course, region))
    return tuple(sorted(found, key=lambda each: -len(regions.prefix(each.region))))


def mandate_or_none(code: str | None) -> Mandate | None:
    """Return the mandate of *code*, or None where there is no code or its plan was taken out of the reference data."""
    try:
        return mandate(code) if code else None
    except CourseDataError:
        return None


def _reaches(each: Mandate, course: CourseVersion, region: str) -> bool:
    if not each.is_counted or course.role_code not in each.roles:
        return False
    if not each.sectors:
        return True
    if course.sector_code == GENERAL:
        return False
    rule = Rule(each)
    return any(rule.binds(_duty(each, taught, region, course.role_code)) for taught in _taught(course.sector_code))


def _taught(course_sector: str) -> tuple[str, ...]:
    """The sectors whose enterprises *course_sector* can teach: itself and those inside it under the same hours rule."""
    is_high_risk = sector(course_sector).is_high_risk
    return tuple(
        code for code, each in sectors().items() if course_sector in lineage(code) and each.is_high_risk == is_high_risk
    )


def _duty(each: Mandate, sector_code: str, region: str, role: str) -> Duty:
    return Duty(ANYBODY, ANYBODY, role, frozenset({sector_code}) | each.also_in, region, date.min)
