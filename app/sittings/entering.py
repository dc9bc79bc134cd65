"""Signing in for one sitting with a document number and an admission number."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts import service as accounts
from app.accounts.models import User
from app.core.db import db
from app.core.errors import ServiceError
from app.core.personal import personal_data
from app.sittings.models import Candidate, Sitting, SittingState
from app.training.models import Enrolment

COMES_BEFORE = timedelta(minutes=60)


def note_entry(candidate: Candidate, *, now: datetime) -> bool:
    """Write down once that *candidate* has come, in the hour before the start or later; say whether it was written.

    Who looks at the page days before is not waiting at the site.
    """
    if candidate.entered_at is not None or now < candidate.sitting.starts_at - COMES_BEFORE:
        return False
    candidate.entered_at = now
    return True


def admit(document_number: str, admission_number: str, *, now: datetime) -> tuple[User, Sitting]:
    """Return the account and the sitting that both numbers name together.

    Raises ServiceError: "admission_failed" for any mismatch, so that neither number can be tried alone;
    "sitting_over" once the sitting has been closed or cancelled.
    """
    query = (
        sa.select(Candidate)
        .where(Candidate.admission_number == re.sub(r"[\s-]", "", admission_number))
        .options(joinedload(Candidate.sitting), joinedload(Candidate.enrolment).joinedload(Enrolment.person))
    )
    candidate = db.session.scalar(query)
    index = personal_data().blind_index(document_number)
    if candidate is None or candidate.enrolment.person.document_index != index:
        raise ServiceError("admission_failed")
    if candidate.sitting.state in (SittingState.CLOSED, SittingState.CANCELLED):
        raise ServiceError("sitting_over")
    person = candidate.enrolment.person
    if person.user is None:
        person.user = accounts.trainee_account(index, person.name, now=now)
    if not person.user.is_active:
        raise ServiceError("admission_failed")
    return person.user, candidate.sitting
