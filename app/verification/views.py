"""The page behind the QR code, the search by number and name, public keys, what to do about a fake."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.access import public
from app.certification import keys, queries
from app.certification.addresses import official_url, origin_of
from app.certification.models import Certificate
from app.certification.words import face
from app.core.clock import now, today
from app.core.forms import refusals_on
from app.core.limits import limiter
from app.verification.forms import SearchForm
from app.verification.queries import found_by_number_and_name
from app.verification.verdict import Verdict, judge
from app.verification.words import COMPARE, SENTENCES
from certificates.address import address_prefix, issuer_host
from certificates.certificate import CertificateFacts
from certificates.keys import KeyRecord, dump_keys

bp = Blueprint("verification", __name__)

LONGEST_TOKEN = 60
KEYS_KEPT_SECONDS = 86_400


@bp.get("/v/<token>")
@public
@limiter.limit("30/minute")
@limiter.limit("10/minute", deduct_when=lambda response: response.status_code == 404)
def certificate(token: str) -> Response:
    """Say what the certificate is worth now. Misses are counted apart and more strictly: nobody can try addresses."""
    found = queries.by_token(token.lower()) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        return _unlisted(render_template("verification/unknown.html", host=issuer_host(official_url())), 404)
    records = keys.records()
    finding = judge(found, records, today())
    return _unlisted(
        render_template(
            "verification/certificate.html",
            verdict=finding.verdict,
            sentence=SENTENCES[finding.verdict],
            since=finding.since,
            face=face(CertificateFacts.from_payload(found.facts)),
            compare=COMPARE,
            host=issuer_host(official_url()),
            checked_at=now(),
            local_check=None if finding.verdict is Verdict.UNCONFIRMED else _local_check(found, records),
        )
    )


@bp.route("/verify", methods=["GET", "POST"])
@public
@limiter.limit("10/minute", methods=["POST"])
def search() -> Response | str:
    form = SearchForm()
    if form.validate_on_submit():
        with refusals_on(form):
            found = found_by_number_and_name(form.number.data or "", form.name.data or "")
            return redirect(url_for("verification.certificate", token=found.token))
    return render_template("verification/search.html", form=form, host=issuer_host(official_url()))


@bp.get("/verify/report")
@public
def report() -> str:
    return render_template("verification/report.html", host=issuer_host(official_url()))


@bp.get("/verify/keys.json")
@public
@limiter.limit("60/minute")
def public_keys() -> Response:
    """Send every public key that ever signed, for verifiers that work without a network."""
    response = make_response(dump_keys(keys.records()))
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = f"public, max-age={KEYS_KEPT_SECONDS}"
    return response


def _unlisted(page: str, status: int = 200) -> Response:
    """A page for whoever holds the paper, not for search engines; app.core.http keeps it out of every cache."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _local_check(found: Certificate, records: Iterable[KeyRecord]) -> str:
    """Return the JSON with which the reader's own browser checks the signature that stands behind '#'."""
    known = tuple(records)
    origin = origin_of(found, known)
    return json.dumps(
        {
            "prefix": address_prefix(origin, found.token),
            "number": found.number,
            "keys": [_jwk(record) for record in known],
        }
    )


def _jwk(record: KeyRecord) -> dict[str, str]:
    """Return a public key as the browser's WebCrypto imports it (RFC 7517, 7518 section 6.2.1)."""
    point = record.public_key.public_numbers()
    return {"kid": record.kid, "kty": "EC", "crv": "P-256", "x": _coordinate(point.x), "y": _coordinate(point.y)}


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode("ascii").rstrip("=")
