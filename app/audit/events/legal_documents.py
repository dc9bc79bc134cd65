"""Changes of the law that questions rest on."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class LegalDocumentMarked(Event):
    """A law, regulation or standard changed or was repealed (in_force: an older release took every mark back).

    questions: how many this took out of the pool; each has a row in source_suspension that names this event. With
    is_ahead, how many are not drawn any more from the day changed_on, which is still to come.
    """

    document: str
    standing: str
    note: str
    changed_on: str = ""
    document_number: str = ""
    replaced_by: str = ""
    articles: tuple[str, ...] = ()
    questions: int = 0
    is_ahead: bool = False
    subject_type = "legal_document"


@dataclass(frozen=True)
class LegalDocumentMarkTookEffect(Event):
    """The day came that a mark had been recorded for. questions: how many left the pool, as in LegalDocumentMarked."""

    document: str
    standing: str
    note: str
    changed_on: str
    articles: tuple[str, ...]
    questions: int
    subject_type = "legal_document"


@dataclass(frozen=True)
class LegalDocumentMarkWithdrawn(Event):
    """A mark was a mistake. questions: how many are drawn on after its day, which was still to come."""

    document: str
    standing: str
    changed_on: str
    articles: tuple[str, ...]
    reason: str
    questions: int = 0
    subject_type = "legal_document"
