"""bikao certificate issue, revoke, verify."""

from __future__ import annotations

import click
import sqlalchemy as sa

from app.certification import keys, queries, service
from app.certification.addresses import is_authentic, official_url
from app.certification.models import Certificate
from app.certification.words import shown_state
from app.cli.context import in_application, in_english
from app.core.actors import SYSTEM
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError
from app.sittings.models import Attempt
from app.training.models import TrainingSession
from certificates.address import split_address
from certificates.certificate import CertificateFacts
from certificates.errors import CertificateError
from certificates.numbering import normalise_number
from certificates.verify import Verdict, check


@click.group("certificate")
def certificate_group() -> None:
    """Certificates. Example: bikao certificate verify ZJ-2026-0000001-M"""


@certificate_group.command("issue")
@click.option("--session", "session_code", help="Code of a training session: everybody in it who passed.")
@click.option("--attempt", "attempt_id", type=int, help="Id of one attempt.")
@in_application
def issue(session_code: str | None, attempt_id: int | None) -> None:
    """Issue the certificates that are due; without an option, all of them. The worker draws the PDF files.

    \b
    Example: bikao certificate issue --session PX2026-0001
    """
    if session_code is not None and attempt_id is not None:
        raise click.UsageError("Give --session or --attempt, not both.")
    attempts = [_attempt(attempt_id)] if attempt_id is not None else _due(session_code)
    refused = [problem for attempt in attempts if (problem := _issued(attempt))]
    if refused:
        db.session.commit()  # those that were issued stay issued
        raise click.ClickException(f"{len(refused)} of {len(attempts)} were not issued.")
    click.echo(f"Issued: {len(attempts)}.")


@certificate_group.command("revoke")
@click.argument("number")
@click.option("--reason", required=True, help="Why, in one sentence.")
@click.option("--document", required=True, help="Number of the document that decides it.")
@in_application
def revoke(number: str, reason: str, document: str) -> None:
    """Revoke a certificate for good.

    \b
    Example: bikao certificate revoke ZJ-2026-0000001-M --reason 替考 --document 示例应急〔2026〕3号
    """
    found = service.change_state(_certificate(number), "revoke", reason, document, actor=SYSTEM, now=now())
    click.echo(f"Revoked {found.number}.")


@certificate_group.command("verify")
@click.argument("text")
@in_application
def verify(text: str) -> None:
    """Verify a certificate by its number, or by the text of its QR code with its signature.

    Exit status 0 only for a certificate that is genuine and valid now.

    \b
    Example: bikao certificate verify ZJ-2026-0000001-M
    """
    certificate = _of_address(text) if "/v/" in text else _certificate(text)
    state = shown_state(certificate, today()) if is_authentic(certificate, keys.records()) else "unconfirmed"
    facts = CertificateFacts.from_payload(certificate.facts)
    click.echo(f"{certificate.number}  {state}")
    for line in (facts.masked_name, facts.masked_document, facts.enterprise_name, facts.course_title_zh):
        click.echo(f"  {line}")
    click.echo(f"  {facts.issued_on} – {facts.valid_until}")
    if state != "valid":
        raise click.exceptions.Exit(1)


def _due(session_code: str | None) -> list[Attempt]:
    known = sa.select(TrainingSession.id).where(TrainingSession.code == session_code)
    if session_code is not None and db.session.scalar(known) is None:
        raise ServiceError("session_unknown", session=session_code)
    return queries.passed_without_certificate(session_code)


def _attempt(attempt_id: int) -> Attempt:
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None:
        raise ServiceError("attempt_unknown", attempt=attempt_id)
    return attempt


def _issued(attempt: Attempt) -> str | None:
    """Issue one and say so; or say why not and return the reason."""
    try:
        with db.session.begin_nested():
            certificate = service.issue(attempt, actor=SYSTEM, now=now())
    except ServiceError as error:
        click.echo(f"attempt {attempt.id}: {in_english(error.code, error.data)}", err=True)
        return error.code
    click.echo(f"attempt {attempt.id}: {certificate.number}")
    return None


def _certificate(number: str) -> Certificate:
    try:
        found = queries.by_number(normalise_number(number))
    except CertificateError as error:
        code = "verify_number_check" if error.code == "number_check" else "verify_number_shape"
        raise ServiceError(code) from error
    if found is None:
        raise ServiceError("certificate_unknown", number=number)
    return found


def _of_address(text: str) -> Certificate:
    """Check the signed text first, with the installation's public keys; then look the certificate up."""
    found = check(text, official_url(), keys.records(), today())
    if found.verdict is Verdict.NOT_SIGNED:
        raise click.ClickException("The address carries no signature; give the whole text of the QR code.")
    if not found.is_authentic:
        raise click.ClickException(f"Not to be trusted: {found.verdict.value} ({found.reason}).")
    certificate = queries.by_token(split_address(text)[0].removesuffix("#").rpartition("/")[2])
    if certificate is None:
        raise click.ClickException("The signature is good, but the register holds no such certificate.")
    return certificate
