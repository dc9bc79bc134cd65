"""Issue, draw, suspend, reinstate, revoke, replace. No certificate without a passed attempt."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app

from app.audit import events
from app.audit.service import record
from app.certification import keys, snapshot
from app.certification.addresses import official_url, qr_text
from app.certification.eligibility import require_eligible, require_not_barred
from app.certification.models import Certificate, CertificateEvent, CertificateState
from app.certification.numbers import locked_series
from app.certification.queries import LIVE
from app.core import jobs, storage
from app.core.actors import SYSTEM, Actor, require_region
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.sittings.models import Attempt
from certificates.address import address_prefix, issuer_host
from certificates.certificate import CertificateFacts
from certificates.fonts import standard_fonts
from certificates.numbering import TOKEN_BYTES, format_number, token_from_bytes
from certificates.payload import NONCE_BYTES, claims_of
from certificates.pdf import render
from certificates.signing import sign
from certificates.template import load_template
from courses.certificate_rules import certificate_rule, number_prefix
from courses.errors import CourseDataError

DRAW_JOB = "draw_certificate"

# From which states each change may start, and where it leads.
CHANGES: dict[str, tuple[frozenset[CertificateState], CertificateState]] = {
    "suspend": (frozenset({CertificateState.VALID}), CertificateState.SUSPENDED),
    "reinstate": (frozenset({CertificateState.SUSPENDED}), CertificateState.VALID),
    "revoke": (frozenset(LIVE), CertificateState.REVOKED),
    "replace": (frozenset({CertificateState.VALID}), CertificateState.REPLACED),
}


def issue(attempt: Attempt, *, actor: Actor, now: datetime) -> Certificate:
    """Return the certificate on *attempt*, issued now unless a live one stands already.

    Raises ServiceError: "certify_…" (see eligibility), "certificate_was_revoked" (a revoked certificate is not issued
    again), "certificate_no_prefix", "certificate_fact_invalid", "character_not_available", "text_does_not_fit";
    nothing is written then.
    """
    standing = _standing_on(attempt)
    if standing is not None:
        return standing
    require_eligible(attempt, now=now)
    issued_on = local_day(now)
    rule, prefix = certificate_rule(issued_on), _prefix(attempt)
    facts = snapshot.first_facts(attempt, prefix=prefix, issuer_name=_issuer(), issued_on=issued_on, rule=rule)
    snapshot.try_on_paper(facts, rule.template, official_url())
    certificate, is_new = _numbered(attempt, facts, prefix, rule.template, now)
    if is_new:
        _announce(certificate, actor, now)
    return certificate


def draw(certificate: Certificate) -> bytes:
    """Return the certificate's PDF; the same bytes each time."""
    text = qr_text(certificate, keys.records())
    facts = CertificateFacts.from_payload(certificate.facts)
    return render(facts, text, load_template(certificate.template), standard_fonts())


def keep_drawn(certificate: Certificate) -> str:
    """Draw the PDF, store it and return its digest."""
    certificate.pdf_digest = storage.keep(draw(certificate))
    db.session.flush()
    return certificate.pdf_digest


def change_state(
    certificate: Certificate, change: str, reason: str, document_number: str, *, actor: Actor, now: datetime
) -> Certificate:
    """Suspend, reinstate or revoke *certificate*, or replace it by a new one; return the one that stands afterwards.

    change: a key of CHANGES; reason, document_number: of the decision, both required.
    Raises Forbidden outside the actor's territory; ServiceError "certificate_reason_missing",
    "certificate_document_missing", "certificate_is_" and the state where it stands in the way; for a replacement also
    the codes of `issue` that concern its facts, "certificate_expired" and "certify_barred".
    """
    require_region(actor, certificate.region_code)
    reason, document_number = _stated(reason, document_number)
    db.session.refresh(certificate, with_for_update=True)
    allowed, becomes = CHANGES[change]
    if certificate.state not in allowed:
        raise ServiceError(f"certificate_is_{certificate.state.value}")
    replacement = _replacement_facts(certificate, now) if change == "replace" else None
    if replacement is not None:
        # Before the audit chain, as in `issue`: two transactions that lock both in two orders would wait for ever.
        locked_series(_prefix(certificate.attempt), replacement.issued_on.year)
    _move(certificate, becomes, reason, document_number, actor, now)
    if replacement is None:
        return certificate
    attempt = certificate.attempt
    successor, _is_new = _numbered(attempt, replacement, _prefix(attempt), certificate.template, now)
    _announce(successor, actor, now)
    return successor


def _standing_on(attempt: Attempt) -> Certificate | None:
    query = sa.select(Certificate).where(Certificate.attempt_id == attempt.id).order_by(Certificate.id.desc()).limit(1)
    latest = db.session.scalar(query)
    if latest is not None and latest.state is CertificateState.REVOKED:
        raise ServiceError("certificate_was_revoked", number=latest.number)
    return latest if latest is not None and latest.state in LIVE else None


def _prefix(attempt: Attempt) -> str:
    region_code = attempt.enrolment.enterprise.region_code
    try:
        return number_prefix(region_code)
    except CourseDataError as error:
        raise ServiceError("certificate_no_prefix", region=region_code) from error


def _issuer() -> str:
    name: str = current_app.config["SETTINGS"].issuer_name
    return name


def _numbered(
    attempt: Attempt, facts: CertificateFacts, prefix: str, template: str, now: datetime
) -> tuple[Certificate, bool]:
    """Take the next number, sign and write; or return the certificate that another worker wrote meanwhile."""
    series = locked_series(prefix, facts.issued_on.year)
    standing = _standing_on(attempt)
    if standing is not None:
        return standing, False
    series.last += 1
    numbered = replace(
        facts,
        number=format_number(prefix, facts.issued_on.year, series.last),
        token=token_from_bytes(secrets.token_bytes(TOKEN_BYTES)),
    )
    certificate = _signed(attempt, numbered, template, now)
    db.session.add(certificate)
    db.session.flush()
    return certificate, True


def _signed(attempt: Attempt, facts: CertificateFacts, template: str, now: datetime) -> Certificate:
    key = keys.active_key(now=now)
    claims = claims_of(facts, issuer_host(official_url()), secrets.token_bytes(NONCE_BYTES))
    return Certificate(
        number=facts.number,
        token=facts.token,
        attempt_id=attempt.id,
        person_id=attempt.enrolment.person_id,
        region_code=attempt.enrolment.enterprise.region_code,
        facts=facts.to_payload(),
        holder_name=facts.holder_name,
        signed=sign(claims, address_prefix(official_url(), facts.token), keys.opened(key)),
        signing_key=key,
        template=template,
        issued_on=facts.issued_on,
        valid_until=facts.valid_until,
        issued_at=now,
        state_at=now,
    )


def _announce(certificate: Certificate, actor: Actor, now: datetime) -> None:
    """Have the PDF drawn after the commit, and write the issue down."""
    jobs.enqueue(DRAW_JOB, {"certificate_id": certificate.id}, actor=SYSTEM, now=now)
    event = events.CertificateIssued(certificate.id, number=certificate.number, attempt_id=certificate.attempt_id)
    record(event, actor=actor, now=now)


def _stated(reason: str, document_number: str) -> tuple[str, str]:
    reason, document_number = reason.strip(), document_number.strip()
    if not reason:
        raise ServiceError("certificate_reason_missing", field="reason")
    if not document_number:
        raise ServiceError("certificate_document_missing", field="document_number")
    return reason, document_number


def _replacement_facts(certificate: Certificate, now: datetime) -> CertificateFacts:
    today: date = local_day(now)
    if certificate.valid_until <= today:
        raise ServiceError("certificate_expired", valid_until=certificate.valid_until.isoformat())
    attempt = certificate.attempt
    require_not_barred(attempt, now=now)
    earlier = CertificateFacts.from_payload(certificate.facts)
    prefix = _prefix(attempt)
    facts = snapshot.renewed_facts(earlier, attempt, prefix=prefix, issuer_name=_issuer(), issued_on=today)
    snapshot.try_on_paper(facts, certificate.template, official_url())
    return facts


def _move(
    certificate: Certificate, state: CertificateState, reason: str, document_number: str, actor: Actor, now: datetime
) -> None:
    certificate.state, certificate.state_at = state, now
    details = {"reason": reason, "document_number": document_number}
    certificate.events.append(CertificateEvent(state=state, by_name=actor.name, at=now, **details))
    event = events.CertificateStatusChanged(certificate.id, status=state.value, **details)
    record(event, actor=actor, now=now)
