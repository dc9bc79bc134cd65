"""Lists and records of the registry, with everything their pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from app.core.actors import NATION, Actor, within_region, within_territory
from app.core.clock import today
from app.core.db import db
from app.core.i18n import listed, localised
from app.core.tables import Column, Filter, Table
from app.registry import words
from app.registry.forms import sector_choices
from app.registry.models import Appointment, Bar, Enterprise, Person, Scale, SectorMembership
from courses import regions, sectors


def holds_on(row: type[Appointment] | type[SectorMembership], day: date) -> sa.ColumnElement[bool]:
    """Return the condition that a dated row counts on *day*."""
    return sa.and_(row.valid_from <= day, sa.or_(row.valid_to.is_(None), row.valid_to > day))


def enterprises(actor: Actor) -> sa.Select[Any]:
    """Return the query for (Enterprise, number of incumbents) rows in the actor's territory."""
    incumbents = (
        sa.select(sa.func.count(sa.distinct(Appointment.person_id)))
        .where(Appointment.enterprise_id == Enterprise.id, holds_on(Appointment, today()))
        .correlate(Enterprise)
        .scalar_subquery()
    )
    query = sa.select(Enterprise, incumbents.label("incumbents")).options(selectinload(Enterprise.memberships))
    return query.where(within_territory(Enterprise.region_code, actor))


def enterprises_table(actor: Actor) -> Table:
    """Return the list of enterprises: columns, search by name or credit code, filters by the level below."""
    return Table(
        "enterprises",
        columns=(
            Column("name", _l("企业名称"), lambda row: row[0].name, Enterprise.name),
            Column("credit_code", _l("统一社会信用代码"), lambda row: row[0].credit_code, Enterprise.credit_code),
            Column("region", _l("地区"), lambda row: words.region_name(row[0].region_code), Enterprise.region_code),
            Column("sectors", _l("行业领域"), lambda row: sector_names(row[0])),
            Column("scale", _l("规模"), lambda row: str(words.SCALES[row[0].scale]), Enterprise.scale),
            Column("incumbents", _l("在任人数"), lambda row: row[1], sa.text("incumbents"), is_number=True),
            Column("state", _l("状态"), lambda row: _("已注销") if row[0].closed_on else _("存续")),
        ),
        search=(Enterprise.name, Enterprise.credit_code),
        search_label=_l("企业名称或信用代码"),
        filters=(
            Filter("region", _l("地区"), _regions_below(actor), _in_region),
            Filter("sector", _l("行业领域"), sector_choices(), _in_sector),
            Filter("scale", _l("规模"), [(each.value, name) for each, name in words.SCALES.items()], _of_scale),
            Filter("state", _l("状态"), [("open", _l("存续")), ("closed", _l("已注销"))], _in_state),
        ),
        default_sort="name",
        tie_break=Enterprise.id,
    )


def sector_names(enterprise: Enterprise) -> str:
    """Return the names of what the enterprise belongs to and bears today, or belonged to until it closed."""
    day = today()
    holding = [each for each in enterprise.memberships if each.valid_to is None or each.valid_to > day]
    if not holding and enterprise.closed_on is not None:
        holding = [each for each in enterprise.memberships if each.valid_to == enterprise.closed_on]
    return listed(words.sector_name(each.sector_code) for each in holding)


@dataclass(frozen=True)
class Offices:
    """Appointments to one enterprise, or of one person: those that hold and those that are over, newest first."""

    held: Sequence[Appointment]
    past: Sequence[Appointment]


def offices_in(enterprise: Enterprise) -> Offices:
    """Return who answers for *enterprise* and who did."""
    query = sa.select(Appointment).where(Appointment.enterprise_id == enterprise.id)
    return _offices(query.options(joinedload(Appointment.person)))


def offices_of(person: Person, actor: Actor) -> Offices:
    """Return the offices of *person* at enterprises in the actor's territory."""
    query = sa.select(Appointment).join(Enterprise, Enterprise.id == Appointment.enterprise_id)
    query = query.where(Appointment.person_id == person.id, within_territory(Enterprise.region_code, actor))
    loaded = joinedload(Appointment.enterprise).selectinload(Enterprise.memberships)
    return _offices(query.options(loaded))


def bars_of_person(person: Person) -> Sequence[Bar]:
    """Return every bar of *person*, withdrawn ones among them, newest first."""
    query = sa.select(Bar).where(Bar.person_id == person.id)
    return db.session.scalars(query.order_by(Bar.valid_from.desc(), Bar.id.desc())).all()


def people_by_id(person_ids: set[int]) -> dict[int, Person]:
    """Return people by id, for the names in a timeline."""
    query = sa.select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)
    return {person.id: person for person in db.session.scalars(query)}


def _offices(query: sa.Select[Any]) -> Offices:
    ordered = query.order_by(Appointment.valid_from.desc(), Appointment.id.desc())
    rows: Sequence[Appointment] = db.session.scalars(ordered).all()
    day = today()
    held = [row for row in rows if row.valid_to is None or row.valid_to > day]
    return Offices(held, [row for row in rows if row not in held])


def _regions_below(actor: Actor) -> list[tuple[str, str]]:
    return [(each.code, localised(each.name_zh, each.name_en)) for each in regions.children(actor.territory or NATION)]


def _in_region(chosen: str) -> sa.ColumnElement[bool]:
    return within_region(Enterprise.region_code, chosen)


def _in_sector(chosen: str) -> sa.ColumnElement[bool]:
    """A sector holds the sectors inside it."""
    codes = [code for code in sectors.sectors() if sectors.is_within(code, chosen)]
    member = sa.select(SectorMembership.id).where(
        SectorMembership.enterprise_id == Enterprise.id,
        SectorMembership.sector_code.in_(codes),
        holds_on(SectorMembership, today()),
    )
    return member.exists()


def _of_scale(chosen: str) -> sa.ColumnElement[bool]:
    return Enterprise.scale == Scale(chosen)


def _in_state(chosen: str) -> sa.ColumnElement[bool]:
    return Enterprise.closed_on.is_(None) if chosen == "open" else Enterprise.closed_on.is_not(None)
