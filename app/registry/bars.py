"""Bars (禁任): decisions that keep a person from heading an enterprise, checked at every appointment.

Source: Work Safety Law art. 94: five years from any enterprise, or for life from those of the trade.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db, portions
from app.core.errors import ServiceError
from app.registry.models import Bar, BarScope, Person
from courses import eligibility, sectors


def add_bar(
    person: Person,
    scope: BarScope,
    sector_code: str | None,
    valid_from: date,
    valid_to: date | None,
    decision_number: str,
    *,
    actor: Actor,
    now: datetime,
) -> Bar:
    """Record a decision. sector_code: the trade, for one trade only; valid_to: the first day that is free again.

    Appointments that stand already are not ended by it; the person's page shows the conflict.
    Raises ServiceError "bar_sector" (field "sector_code"), "bar_dates" (field "valid_to"), "bar_decision_missing".
    """
    if (scope is BarScope.ONE_TRADE) != bool(sector_code) or (sector_code and sector_code not in sectors.sectors()):
        raise ServiceError("bar_sector", field="sector_code")
    if valid_to is not None and valid_to <= valid_from:
        raise ServiceError("bar_dates", field="valid_to")
    if not decision_number.strip():
        raise ServiceError("bar_decision_missing", field="decision_number")
    bar = Bar(
        person=person,
        scope=scope,
        sector_code=sector_code or None,
        valid_from=valid_from,
        valid_to=valid_to,
        decision_number=decision_number.strip(),
        created_at=now,
    )
    db.session.add(bar)
    db.session.flush()
    record(events.PersonBarred(person.id, decision_number=bar.decision_number), actor=actor, now=now)
    return bar


def withdraw_bar(bar: Bar, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take back a bar that was recorded by mistake or annulled; it stays on record as withdrawn.

    Raises ServiceError "bar_withdrawn" if it was taken back before, "bar_reason_missing" (field "reason").
    """
    if bar.withdrawn_at is not None:
        raise ServiceError("bar_withdrawn")
    if not reason.strip():
        raise ServiceError("bar_reason_missing", field="reason")
    bar.withdrawn_at = now
    withdrawn = events.BarWithdrawn(bar.person_id, decision_number=bar.decision_number, reason=reason.strip())
    record(withdrawn, actor=actor, now=now)


def bars_of(person_ids: Collection[int]) -> dict[int, list[Bar]]:
    """Return the bars that were not withdrawn, by person."""
    found: dict[int, list[Bar]] = {}
    for people in portions(person_ids):
        query = sa.select(Bar).where(Bar.person_id.in_(people), Bar.withdrawn_at.is_(None)).order_by(Bar.id)
        for bar in db.session.scalars(query):
            found.setdefault(bar.person_id, []).append(bar)
    return found


def is_in_force(bar: Bar, now: datetime) -> bool:
    """Whether *bar* holds at this moment."""
    day = local_day(now)
    return bar.withdrawn_at is None and bar.valid_from <= day and (bar.valid_to is None or day < bar.valid_to)


def forbidding(
    bars: Iterable[Bar], role_code: str, sector_codes: Collection[str], valid_from: date, valid_to: date | None
) -> Bar | None:
    """Return the first of *bars* that forbids this office on any day of the period, or None.

    sector_codes: those of the enterprise. The rule itself: courses.eligibility.Bar.forbids.
    """
    return next((bar for bar in bars if _as_rule(bar).forbids(role_code, sector_codes, valid_from, valid_to)), None)


def _as_rule(bar: Bar) -> eligibility.Bar:
    return eligibility.Bar(bar.scope.value, bar.sector_code, bar.valid_from, bar.valid_to, bar.decision_number)


def decision_against(bars: Iterable[Bar], role_code: str, sector_codes: Collection[str], on: date) -> str | None:
    """Return the number of a decision that forbids this office on the day *on*, or None."""
    bar = forbidding(bars, role_code, sector_codes, on, on + timedelta(days=1))
    return None if bar is None else bar.decision_number
