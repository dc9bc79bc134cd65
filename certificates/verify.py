"""What a certificate's QR code proves with no network, and which printed facts differ from the certified ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from certificates.address import address_prefix, issuer_host, split_address
from certificates.certificate import CertificateFacts, normalise_name
from certificates.errors import CertificateError
from certificates.keys import KeyRecord
from certificates.numbering import normalise_number
from certificates.payload import Claims
from certificates.signing import key_id_of, verify


class Verdict(StrEnum):
    """What can be said of a QR code; suspension and revocation need the live status and are never claimed here."""

    GENUINE_OFFLINE = "genuine_offline"
    EXPIRED = "expired"
    NOT_YET_ISSUED = "not_yet_issued"
    OTHER_ISSUER = "other_issuer"
    SPOOFED_ADDRESS = "spoofed_address"
    ALTERED = "altered"
    KEY_NOT_IN_USE = "key_not_in_use"
    NOT_SIGNED = "not_signed"
    NOT_A_CERTIFICATE = "not_a_certificate"


@dataclass(frozen=True)
class Check:
    """A verdict; claims stand only where the signature is good, reason is the code of what failed ('' if nothing)."""

    verdict: Verdict
    claims: Claims | None = None
    reason: str = ""

    @property
    def is_authentic(self) -> bool:
        """Whether the content is what the office signed, valid today or not."""
        return self.verdict in (Verdict.GENUINE_OFFLINE, Verdict.EXPIRED, Verdict.NOT_YET_ISSUED)


def check(text_of_qr: str, host_url: str, keys: Iterable[KeyRecord], today: date) -> Check:
    """Judge the text of a QR code with what lies on this machine; the address is never opened.

    host_url: the one official host, as 'https://zs.example.gov.cn', known beforehand and not read from the code;
    keys: the office's public records; today: the day in Asia/Shanghai. Never raises for what the code holds;
    raises CertificateError host_invalid when host_url itself is wrong.
    """
    official = issuer_host(host_url)
    text, known = text_of_qr.strip(), tuple(keys)
    try:
        prefix, signed = split_address(text)
    except CertificateError as error:
        verdict = Verdict.NOT_SIGNED if text.startswith(f"{host_url}/v/") else Verdict.NOT_A_CERTIFICATE
        return Check(verdict, reason=error.code)
    if not _is_official(prefix, host_url):
        return _judge_strange_address(signed, known)
    try:
        claims = verify(signed, prefix, known)
    except CertificateError as error:
        return Check(Verdict.OTHER_ISSUER if error.code == "unknown_key" else Verdict.ALTERED, reason=error.code)
    if claims.issuer != official:
        return Check(Verdict.ALTERED, reason="wrong_address")
    return _judge_dates(claims, next(key for key in known if key.kid == key_id_of(signed)), today)


def compare(facts: CertificateFacts, printed: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the fields in which *printed* differs from the certified facts, in the facts' order.

    printed: text by field name of CertificateFacts, as read from a paper or from Claims.printed(); full-width and
    half-width, letter case, spaces and the kind of middle dot are no difference; dates as YYYY-MM-DD.
    Raises CertificateError unknown_field for a name that no fact has.
    """
    certified = {name: str(value) for name, value in facts.to_payload().items()}
    strange = sorted(set(printed).difference(certified))
    if strange:
        raise CertificateError("unknown_field", field=strange[0])
    return tuple(name for name, value in certified.items() if name in printed and not _same(name, value, printed[name]))


def _is_official(prefix: str, host_url: str) -> bool:
    """Whether every byte is that of an official address: no look-alike, user part, port or path may hide in it."""
    token = prefix.removeprefix(f"{host_url}/v/").removesuffix("#")
    try:
        return prefix == address_prefix(host_url, token)
    except CertificateError:
        return False


def _judge_strange_address(signed: str, known: tuple[KeyRecord, ...]) -> Check:
    """Behind a strange address: our key's name makes it a copy of ours, another key's makes it another's."""
    try:
        kid = key_id_of(signed)
    except CertificateError as error:
        return Check(Verdict.NOT_A_CERTIFICATE, reason=error.code)
    if any(key.kid == kid for key in known):
        return Check(Verdict.SPOOFED_ADDRESS, reason="wrong_address")
    return Check(Verdict.OTHER_ISSUER, reason="unknown_key")


def _judge_dates(claims: Claims, key: KeyRecord, today: date) -> Check:
    if not key.signed_on(claims.issued_on):
        return Check(Verdict.KEY_NOT_IN_USE, claims, "key_not_in_use")
    if today < claims.issued_on:
        return Check(Verdict.NOT_YET_ISSUED, claims)
    return Check(Verdict.EXPIRED if today > claims.valid_until else Verdict.GENUINE_OFFLINE, claims)


def _same(name: str, certified: str, printed: str) -> bool:
    if name == "number":
        try:
            return normalise_number(printed) == certified
        except CertificateError:
            return False
    if name in ("score", "pass_score", "maximum", "hours"):
        return _decimal(printed) == _decimal(certified)
    return _plain(printed) == _plain(certified)


def _plain(text: str) -> str:
    return normalise_name(unicodedata.normalize("NFKC", text)).replace(" ", "").casefold()


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(unicodedata.normalize("NFKC", text).strip())
    except InvalidOperation:
        return None
