"""COSE_Sign1 (RFC 9052) over the claims, bound to the address in which it is carried.

The external data of the signature is every byte of the address up to and including '#': the same payload behind
another host or another token fails. Signatures are deterministic (RFC 6979) and always in the lower half of s, so
that one certificate has one text only.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from certificates import payload
from certificates.errors import CertificateError
from certificates.keys import ES256, P256_ORDER, KeyRecord, SigningKey
from certificates.payload import Claims

# IANA COSE registry: tag of COSE_Sign1, header labels, algorithm numbers.
_SIGN1_TAG, _ALG, _KID = 18, 1, 4
_ALGORITHMS = {ES256: -7}
_COORDINATE_BYTES = 32
# No QR code holds more than 2,953 bytes (version 40, correction L): anything longer was never one of ours.
_LONGEST_TEXT = 2953


@dataclass(frozen=True)
class _Sign1:
    """The parts of a message that has been read and not yet believed."""

    protected: bytes
    algorithm: int
    kid: str
    payload: bytes
    signature: bytes

    def signed_bytes(self, address_prefix: str) -> bytes:
        return _to_be_signed(self.protected, address_prefix, self.payload)


def sign(claims: Claims, address_prefix: str, key: SigningKey) -> str:
    """Return base64url text (no padding) of the signed claims, to be carried after *address_prefix*.

    address_prefix: 'https://HOST/v/TOKEN#', from certificates.address. The same input gives the same text.
    """
    protected = _protected(key.record)
    body = payload.encode(claims)
    der = key.private_key.sign(
        _to_be_signed(protected, address_prefix, body), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    )
    message = cbor2.CBORTag(_SIGN1_TAG, [protected, {}, body, _raw_signature(der)])
    return base64.urlsafe_b64encode(cbor2.dumps(message, canonical=True)).decode("ascii").rstrip("=")


def verify(text: str, address_prefix: str, keys: Iterable[KeyRecord]) -> Claims:
    """Return the claims of *text* if one of *keys* signed them for *address_prefix*.

    Raises CertificateError: not_readable (no signed message at all), not_canonical (a second spelling of one),
    unknown_key, wrong_algorithm (not the one of the key's record), bad_signature, wrong_address (authentic, but
    issued for the host in data['issuer'] and shown behind another), payload_invalid.
    """
    message = _read(text)
    record = next((key for key in keys if key.kid == message.kid), None)
    if record is None:
        raise CertificateError("unknown_key", kid=message.kid)
    if message.algorithm != _ALGORITHMS[record.algorithm]:
        raise CertificateError("wrong_algorithm", kid=message.kid)
    if not _holds(message, address_prefix, record):
        raise _why_it_fails(message, address_prefix, record)
    return payload.decode(message.payload)


def key_id_of(text: str) -> str:
    """Return the kid that *text* names, unbelieved; raises CertificateError not_readable or not_canonical."""
    return _read(text).kid


def _why_it_fails(message: _Sign1, address_prefix: str, record: KeyRecord) -> CertificateError:
    """Tell a true payload behind a strange host from an altered one: the claims name the host they were made for."""
    try:
        issuer = payload.decode(message.payload).issuer
    except CertificateError:
        return CertificateError("bad_signature", kid=record.kid)
    path = "/v/" + address_prefix.rpartition("/v/")[2]
    if any(_holds(message, f"{scheme}://{issuer}{path}", record) for scheme in ("https", "http")):
        return CertificateError("wrong_address", issuer=issuer, kid=record.kid)
    return CertificateError("bad_signature", kid=record.kid)


def _protected(record: KeyRecord) -> bytes:
    headers = {_ALG: _ALGORITHMS[record.algorithm], _KID: bytes.fromhex(record.kid)}
    return cbor2.dumps(headers, canonical=True)


def _to_be_signed(protected: bytes, address_prefix: str, body: bytes) -> bytes:
    # Sig_structure, RFC 9052 section 4.4.
    return cbor2.dumps(["Signature1", protected, address_prefix.encode("utf-8"), body], canonical=True)


def _read(text: str) -> _Sign1:
    match payload.decode_strictly(_base64url(text)):
        case cbor2.CBORTag(
            tag=18, value=[bytes() as protected, Mapping() as open_headers, bytes() as body, bytes() as mark]
        ):
            pass
        case _:
            raise CertificateError("not_readable")
    headers = payload.decode_strictly(protected)
    if not isinstance(headers, Mapping) or set(headers) != {_ALG, _KID} or open_headers:
        raise CertificateError("not_readable")
    algorithm, kid = headers[_ALG], headers[_KID]
    if type(algorithm) is not int or not isinstance(kid, bytes):
        raise CertificateError("not_readable")
    return _Sign1(protected, algorithm, kid.hex(), body, mark)


def _base64url(text: str) -> bytes:
    """Decode without padding; the unused bits of the last character must be zero, or two texts would mean one."""
    if len(text) > _LONGEST_TEXT:
        raise CertificateError("not_readable")
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise CertificateError("not_readable") from error
    if base64.urlsafe_b64encode(data).decode("ascii").rstrip("=") != text:
        raise CertificateError("not_canonical")
    return data


def _raw_signature(der: bytes) -> bytes:
    r, s = decode_dss_signature(der)
    low_s = min(s, P256_ORDER - s)
    return r.to_bytes(_COORDINATE_BYTES, "big") + low_s.to_bytes(_COORDINATE_BYTES, "big")


def _holds(message: _Sign1, address_prefix: str, record: KeyRecord) -> bool:
    if len(message.signature) != 2 * _COORDINATE_BYTES:
        return False
    r = int.from_bytes(message.signature[:_COORDINATE_BYTES], "big")
    s = int.from_bytes(message.signature[_COORDINATE_BYTES:], "big")
    if s > P256_ORDER // 2:
        return False
    try:
        record.public_key.verify(
            encode_dss_signature(r, s), message.signed_bytes(address_prefix), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return True
