"""Files that were brought and taken back."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class RosterImported(Event):
    filename_digest: str
    enterprises: int
    people: int
    appointments: int
    subject_type = "import"


@dataclass(frozen=True)
class QuestionsImported(Event):
    bank: str
    questions: int
    subject_type = "import"


@dataclass(frozen=True)
class ImportUndone(Event):
    import_kind: str
    subject_type = "import"
