"""People of the registry: one row a document, whoever brings it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db, portions
from app.core.errors import ServiceError
from app.core.imports import Import
from app.core.personal import personal_data
from app.registry.documents import checked, checked_name
from app.registry.models import DocumentKind, Person

_PHONE = re.compile(r"\+?[\d-]{5,20}")


def save_person(
    name: str,
    kind: DocumentKind | None,
    number: str,
    phone: str | None,
    *,
    imported: Import | None = None,
    actor: Actor,
    now: datetime,
) -> Person:
    """Return the one person with this document, added at the first call; a phone given later replaces the old one.

    kind: None to tell it from the number. imported: the file that brought the row; its own event then covers the
    change and none is recorded here.
    Raises ServiceError: the codes of `documents.checked` and `checked_name`, "phone_shape" (field "phone"), and
    "person_name_differs" (field "name") if the number is registered under another name.
    """
    found_kind, normalised = checked(kind, number, on=local_day(now))
    name, phone = checked_name(name), checked_phone(phone)
    person = person_by_number(normalised)
    if person is None:
        person = new_person(name, found_kind, normalised, phone, imported=imported, now=now)
        db.session.add(person)
        db.session.flush()
    elif person.name != name:
        raise ServiceError("person_name_differs", field="name")
    elif phone is None or phone == person.phone:
        return person
    else:
        person.phone = phone
    if imported is None:
        record(events.PersonSaved(person.id), actor=actor, now=now)
    return person


def new_person(
    name: str, kind: DocumentKind, number: str, phone: str | None, *, imported: Import | None, now: datetime
) -> Person:
    """Return a row for a person that is not registered yet, not added to the session; every value is checked before."""
    return Person(
        name=name,
        document_kind=kind,
        document_number=number,
        document_index=personal_data().blind_index(number),
        document_last4=number[-4:],
        phone=phone,
        import_id=imported.id if imported else None,
        created_at=now,
    )


def person_by_number(number: str) -> Person | None:
    """Return the person with this document number (as `documents.checked` spells it), or None."""
    index = personal_data().blind_index(number)
    return db.session.scalar(sa.select(Person).where(Person.document_index == index))


def people_by_numbers(numbers: Iterable[str]) -> dict[str, Person]:
    """Return the registered people among *numbers* (as `documents.checked` spells them), by number.

    For files: one query for every 500 numbers instead of one a row.
    """
    numbers_of = {personal_data().blind_index(number): number for number in numbers}
    found: dict[str, Person] = {}
    for indexes in portions(numbers_of):
        query = sa.select(Person).where(Person.document_index.in_(indexes))
        found.update((numbers_of[person.document_index], person) for person in db.session.scalars(query))
    return found


def checked_phone(text: str | None) -> str | None:
    """Return a phone number in plain digits (a leading + and hyphens stay), None for an empty one.

    Raises ServiceError("phone_shape", field="phone").
    """
    phone = "".join(unicodedata.normalize("NFKC", text or "").split())
    if phone and not _PHONE.fullmatch(phone):
        raise ServiceError("phone_shape", field="phone")
    return phone or None
