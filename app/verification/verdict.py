"""What the public page says of a certificate, before anything else."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.certification.addresses import is_authentic
from app.certification.models import Certificate
from app.certification.words import shown_state
from app.core.clock import local_day
from certificates.keys import KeyRecord


class Verdict(enum.StrEnum):
    """The states of a certificate as they are shown, and one more: what is on record no longer fits its signature."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Finding:
    """A verdict and the day in Asia/Shanghai on which it began; None for valid, unconfirmed and expired, of which the
    facts tell the day."""

    verdict: Verdict
    since: date | None = None


def judge(certificate: Certificate, records: Iterable[KeyRecord], today: date) -> Finding:
    """Return the finding on *certificate* on the day *today* (Asia/Shanghai).

    A record that does not fit its signature is never called valid; a revoked one stays verifiable as revoked
    (register, trap 19).
    """
    if not is_authentic(certificate, records):
        return Finding(Verdict.UNCONFIRMED)
    verdict = Verdict(shown_state(certificate, today))
    was_changed = verdict not in (Verdict.VALID, Verdict.EXPIRED)
    return Finding(verdict, local_day(certificate.state_at) if was_changed else None)
