"""Questions about certificates that other features ask, and what the pages show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.certification.models import Certificate, CertificateState
from app.core.actors import Actor, Role, within_territory
from app.core.db import db
from app.institutions.models import Institution
from app.registry.models import Enterprise
from app.sittings.models import Attempt
from app.training.models import Enrolment, TrainingSession

LIVE = (CertificateState.VALID, CertificateState.SUSPENDED)
"""States in which a certificate still stands; the others are final."""


def by_attempt(attempt_ids: Iterable[int]) -> dict[int, Certificate]:
    """Return for each attempt its live certificate, else its latest; attempts without one are left out. One query."""
    query = sa.select(Certificate).where(Certificate.attempt_id.in_(set(attempt_ids))).order_by(Certificate.id)
    found: dict[int, Certificate] = {}
    for one in db.session.scalars(query):
        earlier = found.get(one.attempt_id)
        if earlier is None or one.state in LIVE or earlier.state not in LIVE:
            found[one.attempt_id] = one
    return found


def of_person(person_id: int) -> list[Certificate]:
    """Return every certificate of a person, whatever its state, the newest first."""
    query = sa.select(Certificate).where(Certificate.person_id == person_id)
    return list(db.session.scalars(query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())))


def by_number(number: str) -> Certificate | None:
    """Return the certificate with *number* (in its stored spelling), or None."""
    return db.session.scalar(sa.select(Certificate).where(Certificate.number == number))


def by_token(token: str) -> Certificate | None:
    """Return the certificate behind the address with *token*, or None."""
    return db.session.scalar(sa.select(Certificate).where(Certificate.token == token))


def successor_of(certificate: Certificate) -> Certificate | None:
    """Return the certificate that replaced *certificate*, or None."""
    query = sa.select(Certificate).where(
        Certificate.attempt_id == certificate.attempt_id, Certificate.id > certificate.id
    )
    return db.session.scalar(query.order_by(Certificate.id).limit(1))


def within_scope(actor: Actor) -> sa.Select[Any]:
    """Return the certificates that *actor* may list: a regulator's territory, an institution's own sessions."""
    query = sa.select(Certificate)
    if actor.role is Role.INSTITUTION:
        taught = (
            sa.select(Attempt.id)
            .join(Enrolment, Attempt.enrolment_id == Enrolment.id)
            .join(TrainingSession, Enrolment.training_session_id == TrainingSession.id)
            .join(Institution, TrainingSession.institution_id == Institution.id)
            .where(Institution.code == actor.scope)
        )
        return query.where(Certificate.attempt_id.in_(taught))
    return query.where(within_territory(Certificate.region_code, actor))


def years_of_issue(query: sa.Select[Any]) -> list[int]:
    """Return the years, the newest first, from the first to the last certificate of *query*; empty without any."""
    first, last = sa.func.min(Certificate.issued_on), sa.func.max(Certificate.issued_on)
    earliest, latest = db.session.execute(query.with_only_columns(first, last)).one()
    return [] if earliest is None else list(range(latest.year, earliest.year - 1, -1))


def sectors_of_issue(query: sa.Select[Any]) -> set[str]:
    """Return the codes of the sectors that the certificates of *query* stand for."""
    sector = Certificate.facts["sector_code"].as_string()
    return set(db.session.scalars(query.with_only_columns(sector).order_by(None).distinct()))


def passed_without_certificate(session_code: str | None = None) -> list[Attempt]:
    """Return passed attempts on which no certificate was ever issued, of one training session or of all, by id."""
    query = _uncertified().order_by(Attempt.id)
    if session_code is not None:
        query = query.where(TrainingSession.code == session_code)
    return list(db.session.scalars(query))


def uncertified_within_scope(actor: Actor) -> sa.Select[Any]:
    """Return the passed attempts without a certificate in the actor's scope, with what a list of them shows.

    Usually empty: certificates are issued as soon as an exam is passed. What is left was refused for a reason.
    """
    query = _uncertified().options(
        contains_eager(Attempt.enrolment).joinedload(Enrolment.person),
        contains_eager(Attempt.enrolment).contains_eager(Enrolment.enterprise),
        contains_eager(Attempt.enrolment).contains_eager(Enrolment.training_session),
    )
    query = query.join(Enrolment.enterprise)
    if actor.role is Role.INSTITUTION:
        return query.join(TrainingSession.institution).where(Institution.code == actor.scope)
    return query.where(within_territory(Enterprise.region_code, actor))


def counted(query: sa.Select[Any]) -> int:
    """Return how many rows *query* would give."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0


def _uncertified() -> sa.Select[Any]:
    return (
        sa.select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.training_session)
        .where(Attempt.passed.is_(True), Attempt.id.not_in(sa.select(Certificate.attempt_id)))
    )
