"""Who sees a certificate, who may change its state: the regulators of its territory alone."""

from __future__ import annotations

import sqlalchemy as sa

from app.certification import queries
from app.certification.models import Certificate
from app.core.actors import Actor, Role, require_body, require_region
from app.core.db import db
from app.core.errors import Forbidden, NotFound
from app.registry.models import Person
from app.sittings.models import Attempt


def certificate_in_scope(certificate_id: int, actor: Actor) -> Certificate:
    """Return a certificate that *actor* may look at: its regulators, and the institution that taught its holder.

    Raises NotFound, or Forbidden("outside_scope").
    """
    certificate = _found(certificate_id)
    institution = certificate.attempt.enrolment.training_session.institution
    require_body(actor, Role.INSTITUTION, institution.code, certificate.region_code)
    return certificate


def certificate_under_oversight(certificate_id: int, actor: Actor) -> Certificate:
    """Return a certificate whose state *actor* may change. Raises NotFound, or Forbidden("outside_territory")."""
    certificate = _found(certificate_id)
    require_region(actor, certificate.region_code)
    return certificate


def own_certificates(actor: Actor) -> list[Certificate]:
    """Return the trainee's own certificates, the newest first."""
    person_id = db.session.scalar(sa.select(Person.id).where(Person.user_id == actor.user_id))
    return [] if person_id is None else queries.of_person(person_id)


def downloadable_certificate(certificate_id: int, actor: Actor) -> Certificate:
    """Return a certificate whose PDF *actor* may fetch; a trainee only an own one that still stands.

    Raises NotFound for somebody else's, so that a trainee cannot find out which exist; Forbidden for staff.
    """
    if actor.role is not Role.TRAINEE:
        return certificate_in_scope(certificate_id, actor)
    own = next((one for one in own_certificates(actor) if one.id == certificate_id), None)
    if own is None:
        raise NotFound("not_found")
    if own.state not in queries.LIVE:
        raise Forbidden(f"certificate_no_download_{own.state.value}")
    return own


def attempt_in_scope(attempt_id: int, actor: Actor) -> Attempt:
    """Return an attempt for which *actor* may ask a certificate: the institution that taught, the regulators.

    Raises NotFound, or Forbidden("outside_scope").
    """
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFound("not_found")
    enrolment = attempt.enrolment
    require_body(actor, Role.INSTITUTION, enrolment.training_session.institution.code, enrolment.enterprise.region_code)
    return attempt


def _found(certificate_id: int) -> Certificate:
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound("not_found")
    return certificate
