"""Whose records of the registry somebody may see and change. The views ask here, once for each record."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.actors import Actor, Role, require_region, within_territory
from app.core.db import db
from app.core.errors import Forbidden, NotFound
from app.registry.models import Appointment, Bar, Enterprise, Person


def visible_enterprise(enterprise_id: int, actor: Actor) -> Enterprise:
    """Return an enterprise in the actor's territory. Raises NotFound or Forbidden."""
    enterprise = db.session.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NotFound("not_found")
    require_region(actor, enterprise.region_code)
    return enterprise


def own_enterprise(actor: Actor) -> Enterprise:
    """Return the enterprise that the actor is staff of. Raises Forbidden for others, NotFound if it is not listed."""
    if actor.role is not Role.ENTERPRISE:
        raise Forbidden("wrong_role")
    enterprise = db.session.scalar(sa.select(Enterprise).where(Enterprise.credit_code == actor.scope))
    if enterprise is None:
        raise NotFound("enterprise_not_listed")
    return enterprise


def visible_person(person_id: int, actor: Actor) -> Person:
    """Return a person who holds or held an office in the actor's territory. Raises NotFound or Forbidden."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound("not_found")
    if actor.role is not Role.ADMINISTRATOR and not _serves_within(person, actor):
        raise Forbidden("outside_territory")
    return person


def visible_appointment(appointment_id: int, actor: Actor) -> Appointment:
    """Return an appointment to an enterprise in the actor's territory. Raises NotFound or Forbidden."""
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound("not_found")
    require_region(actor, appointment.enterprise.region_code)
    return appointment


def visible_bar(bar_id: int, actor: Actor) -> Bar:
    """Return a bar of a person whom the actor may see. Raises NotFound or Forbidden."""
    bar = db.session.get(Bar, bar_id)
    if bar is None:
        raise NotFound("not_found")
    visible_person(bar.person_id, actor)
    return bar


def _serves_within(person: Person, actor: Actor) -> bool:
    query = (
        sa.select(Appointment.id)
        .join(Enterprise, Enterprise.id == Appointment.enterprise_id)
        .where(Appointment.person_id == person.id, within_territory(Enterprise.region_code, actor))
    )
    return db.session.scalar(query.limit(1)) is not None
