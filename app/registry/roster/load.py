"""Writing a checked roster, and taking it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit import events
from app.audit.service import record
from app.core import jobs
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.core.imports import Import, NumberedRow
from app.registry.models import Appointment, Enterprise, Person, SectorMembership
from app.registry.roster.changes import Changes, take_back
from app.registry.roster.check import read_rows
from app.registry.roster.columns import RosterRow
from app.registry.roster.registered import Registered, registered
from app.registry.service import new_person

REPORTED_EVERY = 500
COUNTED = tuple(
    noun + suffix for noun in ("enterprises", "people", "appointments") for suffix in ("", "_new", "_changed")
)


def load(
    rows: Sequence[NumberedRow], context: Mapping[str, Any], imported: Import, actor: Actor, now: datetime
) -> dict[str, int]:
    """Write *rows*, which `check` found right, and return counts: enterprises, people and appointments of the file,
    each also as _new and _changed; the rest was known. What was there before is kept with its dates.

    Raises ServiceError("registry_moved_on") if somebody registered the same records at the same moment.
    """
    roster, errors = read_rows(rows, local_day(now))
    if errors:
        raise ServiceError("import_has_errors", count=len(errors))
    loading = Loading(roster, registered(roster), imported, now)
    try:
        with db.session.begin_nested():
            loading.write()
    except IntegrityError as error:
        raise ServiceError("registry_moved_on") from error
    imported.context = {**imported.context, "changes": loading.changes.to_json()}
    summary = {key: loading.counts[key] for key in COUNTED}
    record(_event(imported, summary), actor=actor, now=now)
    return summary


def undo(imported: Import, actor: Actor, now: datetime) -> None:
    """Remove what *imported* added and give back what it changed, unless that was changed again since.

    Phone numbers stay: they would have to be kept in clear to be given back.
    Raises ServiceError("import_in_use") if enrolments, bars or later appointments rest on a row of it.
    """
    members = sa.select(Enterprise.id).where(Enterprise.import_id == imported.id)
    has_account = sa.select(Person.id).where(Person.import_id == imported.id, Person.user_id.is_not(None))
    if db.session.scalar(has_account.limit(1)) is not None:
        raise ServiceError("import_in_use")
    try:
        with db.session.begin_nested():
            for removal in (
                sa.delete(Appointment).where(Appointment.import_id == imported.id),
                sa.delete(SectorMembership).where(SectorMembership.enterprise_id.in_(members)),
                sa.delete(Enterprise).where(Enterprise.import_id == imported.id),
                sa.delete(Person).where(Person.import_id == imported.id),
            ):
                db.session.execute(removal, execution_options={"synchronize_session": False})
    except IntegrityError as error:
        raise ServiceError("import_in_use") from error
    db.session.expire_all()
    take_back(imported.context.get("changes", []))
    record(events.ImportUndone(imported.id, import_kind=imported.kind), actor=actor, now=now)


def _event(imported: Import, summary: Mapping[str, int]) -> events.RosterImported:
    return events.RosterImported(
        imported.id,
        filename_digest=imported.digest,
        enterprises=summary["enterprises"],
        people=summary["people"],
        appointments=summary["appointments"],
    )


@dataclass(frozen=True)
class Loading:
    """One roster on its way into the registry."""

    roster: Sequence[RosterRow]
    known: Registered
    imported: Import
    now: datetime
    counts: Counter[str] = field(default_factory=Counter)
    changes: Changes = field(default_factory=Changes)

    def write(self) -> None:
        """Add what is new, bring what is known up to date, count both, and flush."""
        enterprises, people = self._enterprises(), self._people()
        db.session.flush()  # one batch a table; the appointments need the ids
        for number, row in enumerate(self.roster, start=1):
            self._appointment(row, enterprises[row.credit_code], people[row.document_number])
            if number % REPORTED_EVERY == 0:
                db.session.flush()
                jobs.report(number, len(self.roster))
        db.session.flush()

    def _enterprises(self) -> dict[str, Enterprise]:
        enterprises = dict(self.known.enterprises)
        rows_of: dict[str, list[RosterRow]] = {}
        for row in self.roster:
            rows_of.setdefault(row.credit_code, []).append(row)
        self.counts["enterprises"] = len(rows_of)
        for credit_code, rows in rows_of.items():
            if credit_code in enterprises:
                self.counts["enterprises_changed"] += self._update(enterprises[credit_code], rows[0])
                continue
            since = rows[0].opened_on or min(row.valid_from for row in rows)
            enterprises[credit_code] = self._new_enterprise(rows[0], since)
            db.session.add(enterprises[credit_code])
            self.counts["enterprises_new"] += 1
        return enterprises

    def _new_enterprise(self, row: RosterRow, since: date) -> Enterprise:
        """*since*: the enterprise belongs to its sectors from its opening or, if unknown, its first appointment."""
        return Enterprise(
            credit_code=row.credit_code,
            name=row.enterprise_name,
            region_code=row.region_code,
            scale=row.scale,
            opened_on=row.opened_on,
            import_id=self.imported.id,
            created_at=self.now,
            memberships=[SectorMembership(sector_code=code, valid_from=since) for code in row.sectors],
        )

    def _update(self, enterprise: Enterprise, row: RosterRow) -> bool:
        """Bring a known enterprise to what the file says; sectors end and begin today. Say whether it changed."""
        before = len(self.changes)
        self.changes.set(enterprise, "name", row.enterprise_name)
        self.changes.set(enterprise, "region_code", row.region_code)
        self.changes.set(enterprise, "scale", row.scale)
        if row.opened_on is not None:
            self.changes.set(enterprise, "opened_on", row.opened_on)
        today = local_day(self.now)
        still = {each.sector_code: each for each in enterprise.memberships if each.valid_to is None}
        for code in sorted(still.keys() - set(row.sectors)):
            self.changes.end_membership(still[code], today)
        for code in sorted(set(row.sectors) - still.keys()):
            self.changes.begin_membership(enterprise, code, today)
        return len(self.changes) > before

    def _people(self) -> dict[str, Person]:
        people = dict(self.known.people)
        changed: set[str] = set()
        for row in self.roster:
            number = row.document_number
            if number not in people:
                people[number] = new_person(
                    row.name, row.document_kind, number, row.phone, imported=self.imported, now=self.now
                )
                db.session.add(people[number])
            elif row.phone is not None and people[number].phone != row.phone:
                people[number].phone = row.phone
                changed.add(number)
        self.counts["people"] = len({row.document_number for row in self.roster})
        self.counts["people_new"] = len(people) - len(self.known.people)
        self.counts["people_changed"] = len(changed & self.known.people.keys())
        return people

    def _appointment(self, row: RosterRow, enterprise: Enterprise, person: Person) -> None:
        self.counts["appointments"] += 1
        held = next((each for each in self.known.appointments_of(row) if each.valid_from == row.valid_from), None)
        if held is None:
            db.session.add(self._new_appointment(row, person.id, enterprise.id))
            self.counts["appointments_new"] += 1
            return
        before = len(self.changes)
        if row.valid_to is not None:
            self.changes.set(held, "valid_to", row.valid_to)
        if row.form is not None:
            self.changes.set(held, "form", row.form)
        self.counts["appointments_changed"] += len(self.changes) > before

    def _new_appointment(self, row: RosterRow, person_id: int, enterprise_id: int) -> Appointment:
        return Appointment(
            person_id=person_id,
            enterprise_id=enterprise_id,
            role_code=row.role_code,
            form=row.form,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            import_id=self.imported.id,
            created_at=self.now,
        )
