"""Sittings to come that would fall short: when a question leaves the pool, some paper may no longer be filled.

A sitting keeps its frozen pool as long as every question in it may still be drawn. Once one may not, opening it draws
from all that may be drawn on its day (running.open_sitting); what that pool would lack is found out here, before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.banks.exam_blueprints.checking import missing
from app.banks.pool import Drawable, drawable, pool_of
from app.core.clock import local_day
from app.core.db import db
from app.sittings.models import Sitting, SittingState
from app.sittings.rules import banks_of
from app.training.models import TrainingSession
from question_bank.blueprint import Blueprint
from question_bank.feasibility import Feasibility, decide


@dataclass(frozen=True)
class Shortage:
    """A sitting that could not be opened as the bank stands, and why. missing: questions that are lacking in all."""

    sitting: Sitting
    blueprint: Blueprint
    report: Feasibility

    @property
    def missing(self) -> int:
        return missing(self.report)


def shortages(
    now: datetime, *, touching: Collection[int] | None = None, gone: Mapping[int, date] | None = None
) -> list[Shortage]:
    """Return every scheduled sitting to come that would fall short, the earliest first.

    touching: ids of question versions; only sittings whose frozen pool holds one of them are looked at. gone: question
    versions that would not be drawn any more, with the first day of that.
    Two queries, and one more for each different pool that a sitting would have to be renewed with.
    """
    looked_for = None if touching is None else set(touching)
    found = [each for each in _to_come(now) if looked_for is None or not looked_for.isdisjoint(each.pool)]
    return _short(found, gone or {})


def shortage_of(sitting: Sitting, now: datetime) -> Shortage | None:
    """Return what *sitting* lacks as the bank stands; None if nothing, or if it cannot be opened any more."""
    is_to_come = sitting.state is SittingState.SCHEDULED and sitting.entry_until >= now
    return next(iter(_short([sitting], {})), None) if is_to_come else None


def _short(planned: Sequence[Sitting], gone: Mapping[int, date]) -> list[Shortage]:
    blueprints = {each.id: Blueprint.from_payload(each.blueprint) for each in planned}
    found = drawable({bank for blueprint in blueprints.values() for bank in banks_of(blueprint)}) if planned else []
    reports = _Reports()
    weighed = []
    for sitting in planned:
        blueprint = blueprints[sitting.id]
        day = local_day(sitting.starts_at)
        versions = [one for one in _versions(found, blueprint, day) if gone.get(one, date.max) > day]
        if not set(sitting.pool) <= set(versions):
            weighed.append(Shortage(sitting, blueprint, reports.of(blueprint, versions)))
    return [each for each in weighed if not each.report.is_feasible]


class _Reports:
    """Feasibility worked out once for each blueprint and pool: sittings of one course share both."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[int, ...]], Feasibility] = {}

    def of(self, blueprint: Blueprint, versions: Sequence[int]) -> Feasibility:
        key = (blueprint.digest, tuple(versions))
        if key not in self._known:
            self._known[key] = decide(blueprint, pool_of(versions))
        return self._known[key]


def _to_come(now: datetime) -> list[Sitting]:
    query = (
        sa.select(Sitting)
        .where(Sitting.state == SittingState.SCHEDULED, Sitting.entry_until >= now)
        .options(
            joinedload(Sitting.exam_site),
            joinedload(Sitting.training_session).joinedload(TrainingSession.institution),
        )
        .order_by(Sitting.starts_at, Sitting.id)
    )
    return list(db.session.scalars(query))


def _versions(found: Sequence[Drawable], blueprint: Blueprint, day: date) -> list[int]:
    banks = set(banks_of(blueprint))
    return [one.version_id for one in found if one.bank in banks and one.is_drawn_on(day)]
