"""What the registry holds already about the rows of one roster, fetched with a few queries for the whole file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.core.db import db, portions
from app.registry.bars import bars_of
from app.registry.models import Appointment, Bar, Enterprise, Person
from app.registry.roster.columns import RosterRow
from app.registry.service import people_by_numbers

K = TypeVar("K", int, str)
R = TypeVar("R")
Office = tuple[int, int, str]  # person id, enterprise id, role


@dataclass(frozen=True)
class Registered:
    """enterprises by credit code, people by document number, appointments by office, bars by person id."""

    enterprises: dict[str, Enterprise]
    people: dict[str, Person]
    appointments: dict[Office, list[Appointment]]
    bars: dict[int, list[Bar]]

    def appointments_of(self, row: RosterRow) -> list[Appointment]:
        """Return every appointment of this row's person to this row's role in this row's enterprise."""
        person, enterprise = self.people.get(row.document_number), self.enterprises.get(row.credit_code)
        if person is None or enterprise is None:
            return []
        return self.appointments.get((person.id, enterprise.id, row.role_code), [])


def registered(rows: Sequence[RosterRow]) -> Registered:
    """Return what the registry knows of the enterprises and people in *rows*."""
    codes = {row.credit_code for row in rows}
    enterprises = {each.credit_code: each for each in _chunked(codes, _enterprises)}
    people = people_by_numbers({row.document_number for row in rows})
    appointments: dict[Office, list[Appointment]] = {}
    for each in _chunked({enterprise.id for enterprise in enterprises.values()}, _appointments):
        appointments.setdefault((each.person_id, each.enterprise_id, each.role_code), []).append(each)
    bars = dict(_chunked({person.id for person in people.values()}, lambda ids: bars_of(ids).items()))
    return Registered(enterprises, people, appointments, bars)


def overlaps(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two half-open periods share a day; None: still."""
    return (end is None or other_start < end) and (other_end is None or start < other_end)


def _enterprises(codes: Sequence[str]) -> Iterator[Enterprise]:
    query = sa.select(Enterprise).where(Enterprise.credit_code.in_(codes))
    yield from db.session.scalars(query.options(selectinload(Enterprise.memberships)))


def _appointments(enterprise_ids: Sequence[int]) -> Iterator[Appointment]:
    query = sa.select(Appointment).where(Appointment.enterprise_id.in_(enterprise_ids))
    yield from db.session.scalars(query.order_by(Appointment.valid_from, Appointment.id))


def _chunked(keys: Collection[K], fetch: Callable[[Sequence[K]], Collection[R] | Iterator[R]]) -> Iterator[R]:
    for some in portions(sorted(keys)):
        yield from fetch(some)
