"""Certificates and the keys that sign them."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class CertificateIssued(Event):
    number: str
    attempt_id: int
    subject_type = "certificate"


@dataclass(frozen=True)
class CertificateStatusChanged(Event):
    status: str
    reason: str
    document_number: str
    subject_type = "certificate"


@dataclass(frozen=True)
class SigningKeyMade(Event):
    kid: str
    subject_type = "signing_key"
