"""Everything that can be wrong with a roster: cell by cell, row against row, row against the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.core.clock import today
from app.core.imports import NumberedRow, RowError
from app.registry.bars import forbidding
from app.registry.models import Appointment, Enterprise
from app.registry.roster.columns import TITLES, RosterRow, read_row
from app.registry.roster.registered import Registered, overlaps, registered
from courses import regions

FACTS = ("enterprise_name", "region_code", "sectors", "scale", "opened_on")


def read_rows(rows: Sequence[NumberedRow], day: date) -> tuple[list[RosterRow], list[RowError]]:
    """Return the rows that can be read and what is wrong with the others."""
    good: list[RosterRow] = []
    errors: list[RowError] = []
    for number, row in rows:
        read = read_row(number, row, today=day)
        if isinstance(read, RosterRow):
            good.append(read)
        else:
            errors.extend(read)
    return good, errors


def check(rows: Sequence[NumberedRow], context: Mapping[str, Any]) -> list[RowError]:
    """Return everything that is wrong with *rows*. context["territory"]: the region the importer oversees."""
    good, errors = read_rows(rows, today())
    known = registered(good)
    errors.extend(_conflicting_enterprises(good))
    errors.extend(_conflicting_people(good))
    errors.extend(_conflicting_offices(good))
    for row in good:
        errors.extend(_against_registry(row, known, context["territory"]))
    return errors


def _error(row: RosterRow, key: str, code: str, **data: Any) -> RowError:
    return RowError(row.number, TITLES[key], code, data)


def _conflicting_enterprises(rows: Sequence[RosterRow]) -> Iterator[RowError]:
    """An enterprise repeats over rows; both rows of a contradiction are wrong, for nobody knows which one is right."""
    first: dict[str, RosterRow] = {}
    for row in rows:
        earlier = first.setdefault(row.credit_code, row)
        for fact in FACTS:
            if getattr(row, fact) != getattr(earlier, fact):
                yield _error(row, fact, "enterprise_rows_differ", other=earlier.number)
                yield _error(earlier, fact, "enterprise_rows_differ", other=row.number)


def _conflicting_people(rows: Sequence[RosterRow]) -> Iterator[RowError]:
    first: dict[str, RosterRow] = {}
    for row in rows:
        earlier = first.setdefault(row.document_number, row)
        if row.name != earlier.name:
            yield _error(row, "name", "person_rows_differ", other=earlier.number)
            yield _error(earlier, "name", "person_rows_differ", other=row.number)


def _conflicting_offices(rows: Sequence[RosterRow]) -> Iterator[RowError]:
    """The same person may hold the same role in the same enterprise twice, but not at the same time."""
    offices: dict[tuple[str, str, str], list[RosterRow]] = {}
    for row in rows:
        held = offices.setdefault((row.document_number, row.credit_code, row.role_code), [])
        for earlier in held:
            if overlaps(row.valid_from, row.valid_to, earlier.valid_from, earlier.valid_to):
                yield _error(row, "valid_from", "office_repeated", other=earlier.number)
                break
        held.append(row)


def _against_registry(row: RosterRow, known: Registered, territory: str) -> Iterator[RowError]:
    enterprise, person = known.enterprises.get(row.credit_code), known.people.get(row.document_number)
    if not regions.is_within(row.region_code, territory):
        yield _error(row, "region_code", "region_outside", territory=regions.full_name_zh(territory))
    if enterprise is not None:
        yield from _against_enterprise(row, enterprise, territory)
    if person is not None:
        if person.name != row.name:
            yield _error(row, "name", "person_name_differs")
        bars = known.bars.get(person.id, [])
        bar = forbidding(bars, row.role_code, row.sectors, row.valid_from, row.valid_to)
        if bar is not None:
            yield _error(row, "name", "person_barred", decision_number=bar.decision_number)
    for appointment in known.appointments_of(row):
        yield from _against_appointment(row, appointment)


def _against_enterprise(row: RosterRow, enterprise: Enterprise, territory: str) -> Iterator[RowError]:
    if not regions.is_within(enterprise.region_code, territory):
        yield _error(row, "credit_code", "enterprise_elsewhere")
    closed = enterprise.closed_on
    if closed is not None and (row.valid_to is None or row.valid_to > closed):
        yield _error(row, "credit_code", "enterprise_closed", day=closed.isoformat())


def _against_appointment(row: RosterRow, held: Appointment) -> Iterator[RowError]:
    """A row is the appointment that begins on the same day; it may bring its end, but not another one."""
    if held.valid_from != row.valid_from:
        if overlaps(row.valid_from, row.valid_to, held.valid_from, held.valid_to):
            yield _error(row, "valid_from", "office_held", since=held.valid_from.isoformat())
    elif held.valid_to is not None and held.valid_to != row.valid_to:
        yield _error(row, "valid_to", "office_ended", until=held.valid_to.isoformat())
    elif held.form is not None and row.form is not None and held.form != row.form:
        yield _error(row, "form", "form_differs")
