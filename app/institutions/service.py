"""Training institutions and exam sites: adding them, and what changes an institution's standing."""

from __future__ import annotations

import re
from datetime import datetime

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.core.actors import Actor, require_region
from app.core.db import db
from app.core.errors import NotFound, ServiceError
from app.institutions.models import ExamSite, Institution, Standing, StandingEvent
from app.registry.documents import checked_credit_code

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
MOVES = {
    Standing.ACTIVE: (Standing.SUSPENDED, Standing.REMOVED),
    Standing.SUSPENDED: (Standing.ACTIVE, Standing.REMOVED),
    Standing.REMOVED: (),  # an institution that was removed applies anew and gets a new code
}
"""From each standing, where it may go."""


def require_active(institution: Institution) -> None:
    """Raise ServiceError("institution_suspended" or "institution_removed") unless it may schedule training."""
    if institution.standing is not Standing.ACTIVE:
        raise ServiceError(f"institution_{institution.standing.value}", name=institution.name)


def change_standing(
    institution: Institution, standing: Standing, reason: str, document_number: str, *, actor: Actor, now: datetime
) -> StandingEvent:
    """Suspend, reinstate or remove *institution*, with the reason and the number of the document that says so.

    Raises Forbidden outside the actor's territory, ServiceError "standing_reason_missing", "standing_document_missing"
    or "standing_unchanged" (already so, or removed for good).
    """
    require_region(actor, institution.region_code)
    if not reason.strip():
        raise ServiceError("standing_reason_missing", field="reason")
    if not document_number.strip():
        raise ServiceError("standing_document_missing", field="document_number")
    db.session.refresh(institution, with_for_update=True)  # two officers may decide at once; the second one is told
    if standing not in MOVES[institution.standing]:
        raise ServiceError("standing_unchanged", name=institution.name)
    institution.standing = standing
    event = StandingEvent(
        institution=institution,
        standing=standing,
        reason=reason.strip(),
        document_number=document_number.strip(),
        by_name=actor.name,
        at=now,
    )
    db.session.add(event)
    change = events.InstitutionStatusChanged(
        institution.id, status=standing.value, reason=event.reason, document_number=event.document_number
    )
    record(change, actor=actor, now=now)
    return event


def add_institution(
    code: str, credit_code: str, name: str, region_code: str, address: str = "", *, actor: Actor, now: datetime
) -> Institution:
    """Add a training institution, active from now.

    Raises Forbidden outside the actor's territory; ServiceError with the field at fault: "body_code_shape",
    "body_code_taken", "institution_known" (the organisation is an institution already), or a credit code's codes.
    """
    require_region(actor, region_code)
    code, credit_code = _checked_code(code, Institution), checked_credit_code(credit_code)
    same = sa.select(Institution.id).where(
        Institution.credit_code == credit_code, Institution.standing != Standing.REMOVED
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise ServiceError("institution_known", field="credit_code")
    body = Institution(
        code=code,
        credit_code=credit_code,
        name=name.strip(),
        region_code=region_code,
        address=address.strip(),
        created_at=now,
    )
    db.session.add(body)
    db.session.flush()
    record(events.BodyAdded(body.id, code=code), actor=actor, now=now)
    return body


def add_exam_site(
    code: str,
    credit_code: str,
    name: str,
    region_code: str,
    address: str = "",
    *,
    seats: int,
    actor: Actor,
    now: datetime,
) -> ExamSite:
    """Add an exam site with its number of seats (at least 1).

    That it does not examine what the same organisation taught is decided at every sitting, by the credit codes.
    Raises Forbidden outside the actor's territory; ServiceError with the field at fault: "body_code_shape",
    "body_code_taken", "seats_missing", or a credit code's codes.
    """
    require_region(actor, region_code)
    code, credit_code = _checked_code(code, ExamSite), checked_credit_code(credit_code)
    if seats < 1:
        raise ServiceError("seats_missing", field="seats")
    site = ExamSite(
        code=code,
        credit_code=credit_code,
        name=name.strip(),
        region_code=region_code,
        address=address.strip(),
        seats=seats,
        created_at=now,
    )
    db.session.add(site)
    db.session.flush()
    record(events.ExamSiteAdded(site.id, code=code), actor=actor, now=now)
    return site


def institution_by_code(code: str) -> Institution:
    """Return the institution with *code*. Raises NotFound."""
    found = db.session.scalar(sa.select(Institution).where(Institution.code == code))
    if found is None:
        raise NotFound("not_found")
    return found


def _checked_code(code: str, model: type[Institution] | type[ExamSite]) -> str:
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        raise ServiceError("body_code_shape", field="code")
    if db.session.scalar(sa.select(model.id).where(model.code == code)) is not None:
        raise ServiceError("body_code_taken", field="code", taken=code)
    return code
