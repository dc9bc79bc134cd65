"""Append to the chain and walk it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.audit.events.base import Event
from app.audit.models import AuditEvent, AuditHead
from app.core.actors import Actor
from app.core.db import CANNOT_READ, damaged_texts, db, portions
from app.core.personal import personal_data

GENESIS = "0" * 64


@dataclass(frozen=True)
class Fault:
    """Where the chain breaks. position: the event's number, from 1; code: what is wrong there."""

    position: int
    code: str


def record(event: Event, *, actor: Actor, now: datetime) -> AuditEvent:
    """Append *event* to the chain in the current transaction and flush; its data name the way if that was not a page.

    The head row is locked until the commit: call it last in a service, after the change itself, so that
    transactions hold it briefly and take it in one order.
    """
    db.session.flush()
    locked = sa.select(AuditHead).where(AuditHead.id == 1).with_for_update()
    head = db.session.scalar(locked.execution_options(populate_existing=True))
    if head is None:
        raise RuntimeError("the audit chain has no head; run the migrations")
    data = {key: value for key, value in asdict(event).items() if key != "subject_id"}
    if actor.via:
        data["via"] = actor.via
    row = AuditEvent(
        id=head.length + 1,
        at=now.astimezone(UTC),
        kind=event.kind(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        actor_role=actor.role.value,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        data=data,
        previous=head.digest,
    )
    row.digest = digest_of(row)
    head.length, head.digest = row.id, row.digest
    db.session.add(row)
    db.session.flush()
    return row


def digest_of(row: AuditEvent) -> str:
    """Return the keyed digest (HMAC-SHA-256) of every field of *row* but the digest itself.

    Keyed, so that somebody who can write to the database but has not the key cannot compute a new chain.
    """
    fields: list[Any] = [
        row.id,
        row.at.astimezone(UTC).isoformat(),
        row.kind,
        row.actor_id,
        row.actor_name,
        row.actor_role,
        row.subject_type,
        row.subject_id,
        row.data,
        row.previous,
    ]
    message = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(personal_data().audit_key, message, hashlib.sha256).hexdigest()


def faults() -> Iterator[Fault]:
    """Walk the whole chain and yield every place where it does not hold."""
    previous, position = GENESIS, 0
    with damaged_texts():
        for number, row in _rows():
            position += 1
            if number != position:
                yield Fault(position, "missing")
                position = number
            if row is None:
                yield Fault(position, "unreadable")
                previous = db.session.scalar(sa.select(AuditEvent.digest).where(AuditEvent.id == number)) or ""
                continue
            if row.previous != previous:
                yield Fault(position, "broken_link")
            if not _is_own(row):
                yield Fault(position, "changed")
            previous = row.digest
        head = db.session.get(AuditHead, 1)
    if head is None or (head.length, head.digest) != (position, previous):
        yield Fault(position + 1, "cut_off")


def _rows() -> Iterator[tuple[int, AuditEvent | None]]:
    """Yield every event with its number, None for one that cannot be read; some at a time."""
    for numbers in portions(db.session.scalars(sa.select(AuditEvent.id).order_by(AuditEvent.id)), 1000):
        query = sa.select(AuditEvent).where(AuditEvent.id.between(numbers[0], numbers[-1])).order_by(AuditEvent.id)
        try:
            yield from [(row.id, row) for row in db.session.scalars(query)]
        except CANNOT_READ:
            yield from ((number, _row(number)) for number in numbers)


def _row(number: int) -> AuditEvent | None:
    try:
        return db.session.scalar(sa.select(AuditEvent).where(AuditEvent.id == number))
    except CANNOT_READ:
        return None


def _is_own(row: AuditEvent) -> bool:
    """Whether the digest of *row* is its own; a field that was emptied is no reason to fail."""
    try:
        return hmac.compare_digest(digest_of(row).encode(), str(row.digest).encode())
    except CANNOT_READ:
        return False


def timeline(subject_type: str, subject_id: int) -> list[AuditEvent]:
    """Return what happened to one record, oldest first."""
    query = sa.select(AuditEvent).where(AuditEvent.subject_type == subject_type, AuditEvent.subject_id == subject_id)
    return list(db.session.scalars(query.order_by(AuditEvent.id)))
