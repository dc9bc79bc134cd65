"""What every response carries, and where a reader may be sent back to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.routing import IntegerConverter

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


KEPT_BY_BROWSERS = ("static", "bootstrap.static")
KEPT_WORDS = ("public", "immutable")  # a view that says so means it
LARGEST_ID = 2**63 - 1


class IdConverter(IntegerConverter):
    """<int:...> of an address, no larger than a database holds: a larger one leads to no page."""

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:  # noqa: A002 - werkzeug names it so
        super().__init__(map, *args, **{"max": LARGEST_ID, **kwargs})


def local_path(target: str | None, default: str) -> str:
    """Return *target* if it is a path on this site, else *default*: no open redirect.

    Browsers read a backslash as a slash and drop tabs and line breaks, so neither may stand in it.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    if "\\" in target or not target.isprintable():
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def harden(response: Response) -> Response:
    """Add the security headers; pages with personal data are never cached."""
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    is_kept = any(word in headers.get("Cache-Control", "") for word in KEPT_WORDS)
    if request.endpoint not in KEPT_BY_BROWSERS and not is_kept:
        headers["Cache-Control"] = "no-store"
    return response


def refuse_nul() -> None:
    """Answer 400 to a NUL in the address or a form: PostgreSQL stores none, and no keyboard types it."""
    texts = [
        request.path,
        *request.args.values(),
        *(text for key in request.form for text in request.form.getlist(key)),
    ]
    if any("\0" in text for text in texts):
        abort(400)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
    app.before_request(refuse_nul)
    app.after_request(harden)
