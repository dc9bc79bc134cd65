"""Which mandates a session can serve: those that bind its region, take in its role and reach its sector."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import sqlalchemy as sa

from app.core.db import db
from app.registry.models import Enterprise, SectorMembership
from app.training.models import CourseVersion, Enrolment, EnrolmentState
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


def not_bound(session_id: int, served: Mandate, day: date) -> int:
    """Return how many trainees of a session, not withdrawn, *served* does not bind by what they are on *day*.

    Their passes do not count for the mandate, whatever the session was scheduled for. Two queries.
    """
    query = (
        sa.select(Enrolment.role_code, Enterprise.id, Enterprise.region_code)
        .join(Enrolment.enterprise)
        .where(Enrolment.training_session_id == session_id, Enrolment.state == EnrolmentState.ENROLLED)
    )
    rows, sectors_of, rule = db.session.execute(query).all(), _sectors_of_enterprises(session_id, day), Rule(served)
    return sum(
        not rule.binds(Duty(ANYBODY, ANYBODY, role, frozenset(sectors_of[enterprise_id]), region, date.min))
        for role, enterprise_id, region in rows
    )


def _sectors_of_enterprises(session_id: int, day: date) -> dict[int, set[str]]:
    """The sectors on *day* of every enterprise with a trainee in the session, by enterprise id."""
    query = sa.select(SectorMembership.enterprise_id, SectorMembership.sector_code).where(
        SectorMembership.enterprise_id.in_(
            sa.select(Enrolment.enterprise_id).where(Enrolment.training_session_id == session_id)
        ),
        SectorMembership.valid_from <= day,
        sa.or_(SectorMembership.valid_to.is_(None), SectorMembership.valid_to > day),
    )
    found: dict[int, set[str]] = defaultdict(set)
    for enterprise_id, code in db.session.execute(query):
        found[enterprise_id].add(code)
    return found


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
