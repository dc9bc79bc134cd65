"""The claims that are signed, as canonical CBOR (RFC 8949 section 4.2) with integer keys.

Key 0 is the version of this table; 13 is kept for the status list index. Unknown keys are refused, so that a
verifier never calls genuine what it does not understand.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import cbor2

from certificates.certificate import CertificateFacts, score_text
from certificates.errors import CertificateError

VERSION = 1
NONCE_BYTES = 8
_KEYS = {
    "issuer": 1,
    "holder_name": 2,
    "valid_until": 3,
    "document_last4": 4,
    "issued_on": 5,
    "nonce": 6,
    "sector_code": 7,
    "course_code": 8,
    "role_code": 9,
    "score": 10,
    "number": 11,
    "exam_on": 12,
}
_EPOCH = date(1970, 1, 1)
_LAST_DAY = (date.max - _EPOCH).days
_HUNDREDTH = Decimal("0.01")
_TEXTS = ("issuer", "holder_name", "document_last4", "sector_code", "course_code", "role_code", "number")
_DAYS = ("valid_until", "issued_on", "exam_on")


@dataclass(frozen=True)
class Claims:
    """What the QR code itself proves, with no network.

    issuer: host of the official address, as 'zs.example.gov.cn'; nonce: 8 random bytes, so that nobody can test a
    guessed person against a signature seen elsewhere; score: points with at most two decimals; days in Asia/Shanghai.
    """

    issuer: str
    holder_name: str
    document_last4: str
    number: str
    sector_code: str
    course_code: str
    role_code: str
    score: Decimal
    exam_on: date
    issued_on: date
    valid_until: date
    nonce: bytes

    def printed(self) -> dict[str, str]:
        """Return the facts that also stand on the paper, as text by the name of the fact, for verify.compare."""
        names = {field.name for field in fields(CertificateFacts)}
        return {name: _text(getattr(self, name)) for name in _KEYS if name in names}


def claims_of(facts: CertificateFacts, issuer: str, nonce: bytes) -> Claims:
    """Choose from the facts what goes into the QR code.

    issuer: host of the official address; nonce: exactly 8 random bytes, else CertificateError payload_invalid.
    """
    if len(nonce) != NONCE_BYTES:
        raise CertificateError("payload_invalid", field="nonce")
    shared = {name: getattr(facts, name) for name in _KEYS if name not in ("issuer", "nonce")}
    return Claims(issuer=issuer, nonce=nonce, **shared)


def encode(claims: Claims) -> bytes:
    """Return the canonical bytes of the claims."""
    values: dict[int, object] = {0: VERSION, _KEYS["nonce"]: claims.nonce}
    values.update({_KEYS[name]: getattr(claims, name) for name in _TEXTS})
    values.update({_KEYS[name]: (getattr(claims, name) - _EPOCH).days for name in _DAYS})
    values[_KEYS["score"]] = int(claims.score / _HUNDREDTH)
    return cbor2.dumps(values, canonical=True)


def decode(data: bytes) -> Claims:
    """Read claims strictly: known keys only, exact types, no trailing bytes, and the same bytes when encoded again.

    Raises CertificateError not_readable, not_canonical or payload_invalid.
    """
    values = decode_strictly(data)
    if not isinstance(values, Mapping) or set(values) != {0, *_KEYS.values()} or values[0] != VERSION:
        raise CertificateError("payload_invalid", field="keys")
    named = {name: values[key] for name, key in _KEYS.items()}
    checked: dict[str, Any] = {name: _from_cbor(name, value) for name, value in named.items()}
    claims = Claims(**checked)
    if encode(claims) != data:
        raise CertificateError("not_canonical")
    return claims


def decode_strictly(data: bytes) -> object:
    """Decode one canonical CBOR item that fills *data*; raises CertificateError not_readable or not_canonical.

    A lenient decoder accepts trailing bytes, longer integers and repeated keys: several texts for one signature.
    """
    stream = io.BytesIO(data)
    try:
        value: object = cbor2.load(stream)
        again = cbor2.dumps(value, canonical=True)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise CertificateError("not_readable") from error
    if again != data:
        raise CertificateError("not_canonical")
    return value


def _from_cbor(name: str, value: object) -> object:
    if name in _TEXTS and isinstance(value, str) and value:
        return value
    if name == "nonce" and isinstance(value, bytes) and len(value) == NONCE_BYTES:
        return value
    if type(value) is int and value >= 0:
        if name in _DAYS and value <= _LAST_DAY:
            return _EPOCH + timedelta(days=value)
        if name == "score":
            return value * _HUNDREDTH
    raise CertificateError("payload_invalid", field=name)


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return score_text(value) if isinstance(value, Decimal) else str(value)
