"""The address behind a QR code: https://HOST/v/TOKEN#SIGNED, and what counts as an official host."""

from __future__ import annotations

import ipaddress
import re

from certificates.errors import CertificateError
from certificates.numbering import require_token

_HOST = re.compile(r"(https?)://((?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")


def require_host_url(text: str) -> str:
    """Return *text* if it is scheme and host with an optional port and nothing else, as 'https://zs.example.gov.cn'.

    Lower-case ASCII only: a look-alike letter cannot hide. Plain http is taken for local and private network
    addresses only, where a demonstration runs. Raises CertificateError host_invalid.
    """
    match = _HOST.fullmatch(text)
    if match is None or (match[1] == "http" and not _is_local(match[2].strip("[]"))):
        raise CertificateError("host_invalid", host=text)
    return text


def issuer_host(host_url: str) -> str:
    """Return the host with its port, as it is printed and as it stands in the claims: 'zs.example.gov.cn'."""
    return require_host_url(host_url).partition("://")[2]


def address_prefix(host_url: str, token: str) -> str:
    """Return every character of the address up to and including '#': what the signature is bound to."""
    return f"{require_host_url(host_url)}/v/{require_token(token)}#"


def address(host_url: str, token: str, signed: str) -> str:
    """Return the text of the QR code: 'https://HOST/v/TOKEN#SIGNED'."""
    return address_prefix(host_url, token) + signed


def split_address(text: str) -> tuple[str, str]:
    """Return (everything up to and including '#', signed text); raises CertificateError address_invalid without '#'."""
    before, mark, signed = text.partition("#")
    if not mark:
        raise CertificateError("address_invalid", text=text)
    return before + mark, signed


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
