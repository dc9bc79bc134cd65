"""Training institutions and exam sites."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class BodyAdded(Event):
    code: str
    subject_type = "institution"


@dataclass(frozen=True)
class ExamSiteAdded(BodyAdded):
    subject_type = "exam_site"


@dataclass(frozen=True)
class InstitutionStatusChanged(Event):
    status: str
    reason: str
    document_number: str
    subject_type = "institution"
