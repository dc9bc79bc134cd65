"""Who answers for an enterprise: appointments begin and end by date, nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.registry.bars import bars_of, forbidding
from app.registry.models import Appointment, Enterprise, Person
from courses import roles


def appoint(
    person: Person,
    enterprise: Enterprise,
    role_code: str,
    form: str | None,
    since: date,
    last_day: date | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> Appointment:
    """Record that *person* holds a role in *enterprise* from *since*, to and with *last_day* if that is known.

    Somebody who held the role before keeps the record of it: a replacement is one appointment ended, one begun.
    Raises ServiceError with the field at fault: "role_unknown", "form_without_principal", "office_in_future",
    "office_ends_early", "enterprise_closed", "office_held" (the same office at the same time), or
    "person_barred" with the decision's number.
    """
    _check_role(role_code, form)
    if since > local_day(now):
        raise ServiceError("office_in_future", field="since")
    valid_to = None if last_day is None else last_day + timedelta(days=1)
    if valid_to is not None and valid_to <= since:
        raise ServiceError("office_ends_early", field="last_day")
    closed = enterprise.closed_on
    if closed is not None and (valid_to is None or valid_to > closed):
        raise ServiceError("enterprise_closed", day=closed.isoformat())
    _check_bars(person, enterprise, role_code, since, valid_to)
    _check_free(person, enterprise, role_code, since, valid_to)
    appointment = Appointment(
        person=person,
        enterprise=enterprise,
        role_code=role_code,
        form=form or None,
        valid_from=since,
        valid_to=valid_to,
        created_at=now,
    )
    db.session.add(appointment)
    db.session.flush()
    added = events.AppointmentAdded(enterprise.id, person_id=person.id, role=role_code, since=since.isoformat())
    record(added, actor=actor, now=now)
    return appointment


def end_appointment(appointment: Appointment, last_day: date, *, actor: Actor, now: datetime) -> None:
    """End an appointment after *last_day*, the last day in office.

    Raises ServiceError "appointment_ended" if it has an end, "office_ends_early" or "office_in_future" (field
    "last_day").
    """
    if appointment.valid_to is not None:
        raise ServiceError("appointment_ended", until=appointment.valid_to.isoformat())
    if last_day < appointment.valid_from:
        raise ServiceError("office_ends_early", field="last_day")
    if last_day > local_day(now):
        raise ServiceError("office_in_future", field="last_day")
    appointment.valid_to = last_day + timedelta(days=1)
    ended = events.AppointmentEnded(
        appointment.enterprise_id,
        person_id=appointment.person_id,
        role=appointment.role_code,
        last_day=last_day.isoformat(),
    )
    record(ended, actor=actor, now=now)


def _check_role(role_code: str, form: str | None) -> None:
    role = roles.roles().get(role_code)
    if role is None or role.subject != "person":
        raise ServiceError("role_unknown", field="role_code", given=role_code, near="")
    if form and (role_code != "principal" or form not in roles.principal_forms()):
        raise ServiceError("form_without_principal", field="form")


def _check_bars(person: Person, enterprise: Enterprise, role_code: str, since: date, valid_to: date | None) -> None:
    """Sectors of any day count: a bar from the trade must not be got round by a later change of sector."""
    codes = {each.sector_code for each in enterprise.memberships if each.valid_to is None or each.valid_to > since}
    bar = forbidding(bars_of([person.id]).get(person.id, []), role_code, codes, since, valid_to)
    if bar is not None:
        raise ServiceError("person_barred", field="document_number", decision_number=bar.decision_number)


def _check_free(person: Person, enterprise: Enterprise, role_code: str, since: date, valid_to: date | None) -> None:
    query = sa.select(Appointment).where(
        Appointment.person_id == person.id,
        Appointment.enterprise_id == enterprise.id,
        Appointment.role_code == role_code,
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > since),
    )
    if valid_to is not None:
        query = query.where(Appointment.valid_from < valid_to)
    held = db.session.scalar(query.order_by(Appointment.valid_from).limit(1))
    if held is not None:
        raise ServiceError("office_held", field="since", since=held.valid_from.isoformat())
