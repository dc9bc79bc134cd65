"""Enterprises, people, appointments and bars."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class EnterpriseSaved(Event):
    change: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class SectorChanged(Event):
    ended: str
    begun: str
    on: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class EnterpriseClosed(Event):
    on: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class AppointmentAdded(Event):
    person_id: int
    role: str
    since: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class AppointmentEnded(Event):
    person_id: int
    role: str
    last_day: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class PersonSaved(Event):
    subject_type = "person"


@dataclass(frozen=True)
class PersonalDataShown(Event):
    purpose: str
    subject_type = "person"


@dataclass(frozen=True)
class PersonBarred(Event):
    decision_number: str
    subject_type = "person"


@dataclass(frozen=True)
class BarWithdrawn(Event):
    decision_number: str
    reason: str
    subject_type = "person"
