"""Whose figures somebody may see: those of the own territory and of what lies inside it."""

from __future__ import annotations

from app.core.actors import Actor, require_region
from app.core.errors import Forbidden, NotFound
from app.coverage.figures import years_of_plans
from courses import regions
from courses.errors import CourseDataError
from courses.mandates import Mandate, binding, mandates


def territory_asked(actor: Actor, code: str | None) -> str:
    """Return the region that the address asks for, else the actor's own.

    Raises NotFound("region_not_in_table"), Forbidden("outside_territory") and Forbidden("wrong_role").
    """
    if actor.territory is None:
        raise Forbidden("wrong_role")
    asked = actor.territory if code is None else code
    known_region(asked)
    require_region(actor, asked)
    return asked


def known_region(code: str) -> str:
    """Return *code* if the table of regions holds it. Raises NotFound("region_not_in_table")."""
    try:
        return regions.region(code).code
    except CourseDataError as error:
        raise NotFound("region_not_in_table", region=code, field="region") from error


def known_year(year: int) -> int:
    """Return *year* if some plan binds in it. Raises NotFound("no_plan_in_year")."""
    years = years_of_plans()
    if year not in years:
        raise NotFound("no_plan_in_year", year=year, first=years[0], last=years[-1])
    return year


def known_mandate(code: str, region: str, year: int | None = None) -> Mandate:
    """Return the mandate of *code* if it binds *region* or a part of it (and is alive in *year*, if one is given).

    Raises NotFound("no_such_mandate") or NotFound("mandate_elsewhere").
    """
    found = mandates().get(code)
    if found is None:
        raise NotFound("no_such_mandate", mandate=code)
    years = years_of_plans() if year is None else (year,)
    if not any(found in binding(region, each, include_below=True) for each in years):
        raise NotFound("mandate_elsewhere", mandate=code)
    return found
