"""Signing keys: a public record that verifiers keep, and a private half that only the issuing office opens.

The algorithm belongs to the record and is never taken from what is being verified.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from certificates.errors import CertificateError

ES256 = "ES256"
KEY_SEED_BYTES = 48
# Order of the group of P-256, SEC 2 section 2.4.2.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# China has had one civil time without daylight saving since 1991; days are counted there.
_CIVIL_TIME = timezone(timedelta(hours=8))
_KID_BYTES = 8


@dataclass(frozen=True)
class KeyRecord:
    """What a verifier must know of one key.

    kid: 16 hexadecimal digits, the start of SHA-256 over the public key (DER); algorithm: ES256;
    not_before and retired_at: aware times between which the key signs. A retired key still verifies what it signed.
    Raises CertificateError key_invalid with a reason.
    """

    kid: str
    algorithm: str
    public_key_pem: str
    not_before: datetime
    retired_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.algorithm != ES256:
            raise CertificateError("key_invalid", reason="algorithm", kid=self.kid)
        if self.kid != key_id(self.public_key):
            raise CertificateError("key_invalid", reason="kid", kid=self.kid)
        times = (self.not_before, self.retired_at or self.not_before)
        if any(moment.tzinfo is None for moment in times) or times[1] < times[0]:
            raise CertificateError("key_invalid", reason="times", kid=self.kid)

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The key itself; raises CertificateError key_invalid when the text is not a P-256 public key."""
        try:
            key = serialization.load_pem_public_key(self.public_key_pem.encode("ascii"))
        except ValueError as error:
            raise CertificateError("key_invalid", reason="public_key", kid=self.kid) from error
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise CertificateError("key_invalid", reason="curve", kid=self.kid)
        return key

    def signed_on(self, day: date) -> bool:
        """Whether the key was in use on *day*, counted in Asia/Shanghai, both ends included."""
        begins = self.not_before.astimezone(_CIVIL_TIME).date()
        return begins <= day and (self.retired_at is None or day <= self.retired_at.astimezone(_CIVIL_TIME).date())

    def retired(self, at: datetime) -> KeyRecord:
        """Return the record of the same key, retired at the aware time *at*."""
        return replace(self, retired_at=at)

    def to_payload(self) -> dict[str, str | None]:
        """Return JSON values by field name, times as ISO 8601 in UTC."""
        return {
            "kid": self.kid,
            "algorithm": self.algorithm,
            "public_key_pem": self.public_key_pem,
            "not_before": self.not_before.astimezone(UTC).isoformat(),
            "retired_at": self.retired_at.astimezone(UTC).isoformat() if self.retired_at else None,
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> KeyRecord:
        """Rebuild a record; raises CertificateError key_invalid when a field is missing or misshapen."""
        try:
            retired = payload["retired_at"]
            return cls(
                kid=str(payload["kid"]),
                algorithm=str(payload["algorithm"]),
                public_key_pem=str(payload["public_key_pem"]),
                not_before=datetime.fromisoformat(str(payload["not_before"])),
                retired_at=datetime.fromisoformat(str(retired)) if retired is not None else None,
            )
        except (KeyError, ValueError) as error:
            raise CertificateError("key_invalid", reason="record") from error


@dataclass(frozen=True)
class SigningKey:
    """A record together with its private half; never written anywhere, repr shows the record only."""

    record: KeyRecord
    private_key: ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"SigningKey(kid={self.record.kid!r})"


def key_id(public_key: ec.EllipticCurvePublicKey) -> str:
    """Return the 16 hexadecimal digits that name a public key: the start of SHA-256 over its DER form."""
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[: 2 * _KID_BYTES]


def generate(random_bytes: bytes, not_before: datetime) -> tuple[KeyRecord, str]:
    """Make a P-256 key from 48 random bytes; return its record and the private key as unencrypted PKCS 8 PEM.

    The caller encrypts the private half before it stores it. The same bytes give the same key.
    Raises CertificateError key_invalid for any other number of bytes.
    Source: FIPS 186-5 A.2.1, key pair by extra random bits.
    """
    if len(random_bytes) != KEY_SEED_BYTES:
        raise CertificateError("key_invalid", reason="random_bytes")
    secret = int.from_bytes(random_bytes, "big") % (P256_ORDER - 1) + 1
    private_key = ec.derive_private_key(secret, ec.SECP256R1())
    public_key = private_key.public_key()
    public_pem = public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode("ascii")
    private_pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")
    return KeyRecord(key_id(public_key), ES256, public_pem, not_before), private_pem


def load_signing_key(record: KeyRecord, private_pem: str) -> SigningKey:
    """Join a record with its private half; raises CertificateError key_invalid when they are not one pair."""
    try:
        private_key = serialization.load_pem_private_key(private_pem.encode("ascii"), password=None)
    except (ValueError, TypeError) as error:
        raise CertificateError("key_invalid", reason="private_key", kid=record.kid) from error
    if not isinstance(private_key, ec.EllipticCurvePrivateKey) or key_id(private_key.public_key()) != record.kid:
        raise CertificateError("key_invalid", reason="pair", kid=record.kid)
    return SigningKey(record, private_key)


def dump_keys(records: Iterable[KeyRecord]) -> str:
    """Return the JSON text of public records, sorted by kid, for the file that offline verifiers keep."""
    return json.dumps(
        {"keys": [record.to_payload() for record in sorted(records, key=lambda each: each.kid)]}, indent=2
    )


def load_keys(text: str) -> tuple[KeyRecord, ...]:
    """Read what dump_keys wrote; raises CertificateError key_invalid when it is anything else."""
    try:
        entries = json.loads(text)["keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise CertificateError("key_invalid", reason="file") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CertificateError("key_invalid", reason="file")
    return tuple(KeyRecord.from_payload(entry) for entry in entries)
