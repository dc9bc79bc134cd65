"""What an import changed in rows that were there before, so that its undo can give it back."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.core.db import db
from app.registry.models import Appointment, Enterprise, Scale, SectorMembership

Value = str | date | Scale | None
MODELS: dict[str, type[Enterprise] | type[Appointment] | type[SectorMembership]] = {
    "enterprise": Enterprise,
    "appointment": Appointment,
    "sector_membership": SectorMembership,
}


class Changes:
    """Sets values and remembers the ones before. None of them is personal data; a phone number is not kept here."""

    def __init__(self) -> None:
        self._values: list[tuple[Enterprise | Appointment | SectorMembership, str, Value, Value]] = []
        self._begun: list[SectorMembership] = []

    def __len__(self) -> int:
        return len(self._values) + len(self._begun)

    def set(self, row: Enterprise | Appointment | SectorMembership, name: str, value: Value) -> None:
        """Give *row* a new value and remember the old one; an equal value is no change."""
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            self._values.append((row, name, before, value))

    def end_membership(self, membership: SectorMembership, day: date) -> None:
        """End a membership on *day*, its first day that no longer counts; one that begins later ends as it begins."""
        end = max(day, date.fromordinal(membership.valid_from.toordinal() + 1))
        self.set(membership, "valid_to", end)

    def begin_membership(self, enterprise: Enterprise, sector_code: str, day: date) -> None:
        """Begin a membership on *day*, or go on with the one that ended on it or began with it."""
        for membership in enterprise.memberships:
            ended = membership.valid_to
            if membership.sector_code == sector_code and ended is not None and ended >= day:
                self.set(membership, "valid_to", None)
                return
        membership = SectorMembership(sector_code=sector_code, valid_from=day)
        enterprise.memberships.append(membership)
        self._begun.append(membership)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the changes as JSON; call it after the flush, when new rows have their ids."""
        begun = [{"table": "sector_membership", "id": each.id} for each in self._begun]
        return begun + [
            {"table": row.__tablename__, "id": row.id, "name": name, "before": _json(before), "after": _json(after)}
            for row, name, before, after in self._values
        ]


def take_back(changes: Sequence[dict[str, Any]]) -> None:
    """Give the rows their values of before, last change first; what was changed again since stays as it is now."""
    for change in reversed(changes):
        row = db.session.get(MODELS[change["table"]], change["id"])
        if row is None:
            continue
        if "name" not in change:
            db.session.delete(row)
        elif _json(getattr(row, change["name"])) == change["after"]:
            setattr(row, change["name"], _value(change["name"], change["before"]))
    db.session.flush()


def _json(value: Value) -> str | None:
    if isinstance(value, enum.Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, text: str | None) -> Value:
    if text is not None and name in ("valid_to", "opened_on"):
        return date.fromisoformat(text)
    return Scale(text) if name == "scale" and text is not None else text
