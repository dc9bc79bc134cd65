"""Rate limits: sign-in and the public pages, so that neither can be guessed through."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

IPV6_SUBSCRIBER = 64  # bits; a subscriber has all addresses below them


def reader_address() -> str:
    """Return whom a limit counts: the reader's address, of IPv6 the network of one subscriber."""
    text = get_remote_address()
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, IPV6_SUBSCRIBER), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def was_refused(response: Response) -> bool:
    """Whether a form came back with an error: limits on guessing count these alone, not a class that signs in."""
    return response.status_code != 302


limiter = Limiter(reader_address, strategy="moving-window", headers_enabled=False)
