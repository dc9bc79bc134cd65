"""Who may come in, and who came."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class UserAdded(Event):
    role: str
    scope: str
    subject_type = "user"


@dataclass(frozen=True)
class PasswordSet(Event):
    subject_type = "user"


@dataclass(frozen=True)
class SignedIn(Event):
    way: str
    subject_type = "user"
