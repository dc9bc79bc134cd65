"""What becomes of an enterprise: it changes sector, it is struck off. Past facts keep their dates."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor, require_region
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import NotFound, ServiceError
from app.registry.models import Appointment, Enterprise, Scale, SectorMembership
from courses import sectors


def enterprise_by_credit_code(credit_code: str) -> Enterprise:
    """Return the enterprise with this credit code. Raises NotFound."""
    found = db.session.scalar(sa.select(Enterprise).where(Enterprise.credit_code == credit_code))
    if found is None:
        raise NotFound("not_found")
    return found


def correct(
    enterprise: Enterprise,
    name: str,
    region_code: str,
    scale: Scale,
    opened_on: date | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Correct the facts of an enterprise; none changed is no event.

    Raises Forbidden if the new region lies outside the actor's territory.
    """
    require_region(actor, region_code)
    facts = {"name": name, "region_code": region_code, "scale": scale, "opened_on": opened_on}
    changed = [key for key, value in facts.items() if getattr(enterprise, key) != value]
    for key in changed:
        setattr(enterprise, key, facts[key])
    if changed:
        record(events.EnterpriseSaved(enterprise.id, change=",".join(changed)), actor=actor, now=now)


def change_sector(
    enterprise: Enterprise,
    ending: SectorMembership | None,
    begins: str | None,
    day: date,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """From *day* on, let *ending* count no more and *begins* (a sector or risk trait) count.

    Reports frozen before stay as they are: both memberships keep their dates.
    Raises ServiceError "sector_change_empty", "sector_not_offered" or "sector_borne" (field "begins"),
    "sector_change_day" (field "day": in the future, or not after the beginning of what ends), "enterprise_closed".
    """
    if enterprise.closed_on is not None:
        raise ServiceError("enterprise_closed", day=enterprise.closed_on.isoformat())
    if ending is None and not begins:
        raise ServiceError("sector_change_empty", field="begins")
    if day > local_day(now) or (ending is not None and (ending.valid_to is not None or day <= ending.valid_from)):
        raise ServiceError("sector_change_day", field="day")
    if ending is not None:
        ending.valid_to = day
    if begins:
        _begin(enterprise, begins, day)
    ended = ending.sector_code if ending else ""
    changed = events.SectorChanged(enterprise.id, ended=ended, begun=begins or "", on=day.isoformat())
    record(changed, actor=actor, now=now)


def close(enterprise: Enterprise, day: date, *, actor: Actor, now: datetime) -> None:
    """Strike *enterprise* off: from *day* on it counts nowhere; open memberships and appointments end with it.

    Raises ServiceError "enterprise_closed" if it is closed, "close_day" (field "day") if the day lies in the future or
    not after the beginning of an open membership or appointment.
    """
    if enterprise.closed_on is not None:
        raise ServiceError("enterprise_closed", day=enterprise.closed_on.isoformat())
    query = sa.select(Appointment).where(Appointment.enterprise_id == enterprise.id)
    rows = [*enterprise.memberships, *db.session.scalars(query)]
    still = [row for row in rows if row.valid_to is None or row.valid_to > day]
    if day > local_day(now) or any(row.valid_from >= day for row in still):
        raise ServiceError("close_day", field="day")
    for row in still:
        row.valid_to = day
    enterprise.closed_on = day
    record(events.EnterpriseClosed(enterprise.id, on=day.isoformat()), actor=actor, now=now)


def _begin(enterprise: Enterprise, sector_code: str, day: date) -> None:
    known = sectors.sectors().get(sector_code)
    if known is None or known.kind == sectors.GENERAL:
        raise ServiceError("sector_not_offered", field="begins")
    for membership in enterprise.memberships:
        if membership.sector_code == sector_code and (membership.valid_to is None or membership.valid_to > day):
            raise ServiceError("sector_borne", field="begins", since=membership.valid_from.isoformat())
    enterprise.memberships.append(SectorMembership(sector_code=sector_code, valid_from=day))
