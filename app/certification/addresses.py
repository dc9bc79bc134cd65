"""Where a certificate can be verified: the address under which it was signed, and what the signature proves."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app

from app.certification.models import Certificate
from certificates.address import address, address_prefix
from certificates.certificate import CertificateFacts
from certificates.errors import CertificateError
from certificates.keys import KeyRecord
from certificates.payload import Claims
from certificates.signing import verify
from certificates.verify import compare


def official_url() -> str:
    """Return scheme and host of this installation, as they are printed and signed."""
    url: str = current_app.config["SETTINGS"].base_url
    return url


def origin_of(certificate: Certificate, records: Iterable[KeyRecord]) -> str:
    """Return scheme and host under which *certificate* was signed: today's, or a former one of this installation.

    Raises CertificateError if the signature does not hold under any.
    """
    known = tuple(records)
    try:
        _claims(certificate, official_url(), known)
    except CertificateError as error:
        if error.code != "wrong_address":
            raise
        former = [f"{scheme}://{error.data['issuer']}" for scheme in ("https", "http")]
        return next(url for url in former if _holds_under(certificate, url, known))
    return official_url()


def qr_text(certificate: Certificate, records: Iterable[KeyRecord]) -> str:
    """Return the whole text of the certificate's QR code. Raises CertificateError as `origin_of`."""
    return address(origin_of(certificate, records), certificate.token, certificate.signed)


def is_authentic(certificate: Certificate, records: Iterable[KeyRecord]) -> bool:
    """Whether the row still says what was signed: a fact changed behind the application's back is noticed here."""
    known = tuple(records)
    try:
        claims = _claims(certificate, origin_of(certificate, known), known)
        facts = CertificateFacts.from_payload(certificate.facts)
        same_row = (facts.number, facts.token) == (certificate.number, certificate.token)
        return same_row and facts.valid_until == certificate.valid_until and not compare(facts, claims.printed())
    except CertificateError:
        return False


def _claims(certificate: Certificate, host_url: str, known: tuple[KeyRecord, ...]) -> Claims:
    return verify(certificate.signed, address_prefix(host_url, certificate.token), known)


def _holds_under(certificate: Certificate, host_url: str, known: tuple[KeyRecord, ...]) -> bool:
    try:
        _claims(certificate, host_url, known)
    except CertificateError:
        return False
    return True
