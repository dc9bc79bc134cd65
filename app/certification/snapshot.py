"""The facts of a certificate as they are at this moment, tried on the paper before anything is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.certification.words import FACTS
from app.core.clock import local_day
from app.core.errors import ServiceError
from app.registry.models import Enterprise, Person
from app.sittings.models import Attempt
from certificates.address import address
from certificates.certificate import CertificateFacts, normalise_name
from certificates.composition import compose
from certificates.errors import CertificateError
from certificates.fonts import standard_fonts
from certificates.numbering import TOKEN_BYTES, format_number, token_from_bytes
from certificates.pdf import preflight
from certificates.template import load_template
from certificates.words import words_of
from courses.certificate_rules import CertificateRule
from courses.regions import full_name_zh
from courses.roles import role
from courses.sectors import sector

PROVISIONAL_SERIAL = 9_999_999
"""Stands on the trial print only; as wide as any serial."""
PROVISIONAL_TOKEN = token_from_bytes(bytes(TOKEN_BYTES))


def first_facts(
    attempt: Attempt, *, prefix: str, issuer_name: str, issued_on: date, rule: CertificateRule
) -> CertificateFacts:
    """Return the facts for the first certificate on *attempt*, with a provisional number and token.

    Raises ServiceError "certificate_fact_invalid" naming the field that is not fit for a certificate.
    """
    course = attempt.enrolment.training_session.course_version
    holder_role, trade = role(attempt.enrolment.role_code), sector(course.sector_code)
    try:
        return CertificateFacts(
            number=format_number(prefix, issued_on.year, PROVISIONAL_SERIAL),
            token=PROVISIONAL_TOKEN,
            **holder_facts(attempt.enrolment.person, attempt.enrolment.enterprise),
            role_code=holder_role.code,
            role_zh=holder_role.name_zh,
            role_en=holder_role.name_en,
            sector_code=trade.code,
            sector_zh=trade.name_zh,
            sector_en=trade.name_en,
            course_code=course.code,
            course_title_zh=course.title_zh,
            course_title_en=course.title_en,
            course_version=f"第{course.version}版",
            hours=int(course.hours),
            **exam_facts(attempt),
            issuer_name=issuer_name,
            issued_on=issued_on,
            valid_until=rule.valid_until(issued_on),
        )
    except CertificateError as error:
        raise unfit(error) from error


def renewed_facts(
    earlier: CertificateFacts, attempt: Attempt, *, prefix: str, issuer_name: str, issued_on: date
) -> CertificateFacts:
    """Return the facts for a replacement: the holder and the enterprise as they are named now, all else as before.

    The exam is the same, so is the last valid day. Raises ServiceError "certificate_fact_invalid".
    """
    try:
        return replace(
            earlier,
            number=format_number(prefix, issued_on.year, PROVISIONAL_SERIAL),
            token=PROVISIONAL_TOKEN,
            **holder_facts(attempt.enrolment.person, attempt.enrolment.enterprise),
            issuer_name=issuer_name,
            issued_on=issued_on,
        )
    except CertificateError as error:
        raise unfit(error) from error


def holder_facts(person: Person, enterprise: Enterprise) -> dict[str, Any]:
    """Return who holds the certificate and for whom the holder answers, in the names of the moment."""
    return {
        "holder_name": normalise_name(person.name),
        "document_kind": person.document_kind.value,
        "document_last4": person.document_last4,
        "enterprise_name": enterprise.name,
        "region_name": full_name_zh(enterprise.region_code),
    }


def exam_facts(attempt: Attempt) -> dict[str, Any]:
    """Return what was sat, where, when, and with which result; a finished attempt has a score."""
    sitting = attempt.candidate.sitting
    return {
        "exam_on": local_day(attempt.started_at),
        "score": attempt.score or Decimal(0),
        "pass_score": attempt.maximum * int(sitting.rule["pass_percent"]) / 100,
        "maximum": attempt.maximum,
        "institution_name": attempt.enrolment.training_session.institution.name,
        "exam_site_name": sitting.exam_site.name,
    }


def try_on_paper(facts: CertificateFacts, template_name: str, host_url: str) -> None:
    """Set the certificate in type without drawing it, so that nothing is numbered that cannot be printed.

    Raises ServiceError "character_not_available" with character and field, or "text_does_not_fit" with the field.
    """
    fonts = standard_fonts()
    try:
        preflight(facts, fonts)
        words = words_of(facts, address(host_url, facts.token, "A"))
        compose(load_template(template_name), words, fonts)
    except CertificateError as error:
        raise unfit(error) from error


def unfit(error: CertificateError) -> ServiceError:
    """Return the refusal for facts that no certificate can carry: which fact, and which character if it is one.

    The fact is named as the paper names it; *error* of another kind is raised again.
    """
    name = str(error.data.get("field", ""))
    fact = str(FACTS.get(name, name))
    if error.code == "character_not_available":
        return ServiceError(error.code, fact=fact, character=str(error.data["character"]))
    if error.code == "text_does_not_fit":
        return ServiceError(error.code, fact=fact)
    if error.code == "fact_invalid":
        return ServiceError("certificate_fact_invalid", fact=fact)
    raise error
