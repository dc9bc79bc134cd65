"""What the story leaves for a visitor to try."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.certification.models import Certificate, CertificateState
from app.core.clock import now
from app.core.db import db
from app.registry.models import Person
from app.sittings.models import Attempt, Candidate, Sitting, SittingState
from app.training.models import Enrolment, TrainingSession

PASSWORD = "bikao-demo-2026"  # noqa: S105 - of sample accounts, printed on the screen
OPEN_TITLE = "危险化学品企业主要负责人集中培训（示例）"


@dataclass(frozen=True)
class Story:
    """What a visitor can try. accounts: (who, login, password); the sitting to come is open for ENTRY_DAYS."""

    accounts: tuple[tuple[str, str, str], ...]
    admission: tuple[str, str] | None
    certificate: str
    revoked: str


def recall() -> Story:
    """Return what a visitor can try, read back from the database."""
    session = sa.select(TrainingSession.id).where(TrainingSession.title == OPEN_TITLE)
    enrolled = sa.select(Enrolment).where(Enrolment.training_session_id.in_(session)).order_by(Enrolment.id).limit(1)
    trainee = db.session.scalars(enrolled).one().person
    return Story(
        accounts=(
            ("regulator (province)", "province", PASSWORD),
            ("regulator (city)", "city", PASSWORD),
            ("regulator (county)", "county", PASSWORD),
            ("training institution", "teacher", PASSWORD),
            ("exam site", "site", PASSWORD),
            ("enterprise", "enterprise", PASSWORD),
            ("administrator", "admin", PASSWORD),
            ("question author / reviewer", "author / reviewer", PASSWORD),
            ("trainee", trainee.document_number, PASSWORD),
        ),
        admission=_admission(trainee),
        certificate=_last_certificate(CertificateState.VALID),
        revoked=_last_certificate(CertificateState.REVOKED),
    )


def _admission(but: Person) -> tuple[str, str] | None:
    """Return identity and admission number of somebody who can still begin an exam, or None."""
    begun = sa.select(Attempt.candidate_id)
    query = (
        sa.select(Candidate)
        .join(Sitting)
        .join(Enrolment)
        .where(Sitting.state == SittingState.OPEN, Sitting.entry_until > now())
        .where(Candidate.id.not_in(begun), Enrolment.person_id != but.id)
        .order_by(Candidate.id)
        .limit(1)
    )
    found = db.session.scalar(query)
    return None if found is None else (found.enrolment.person.document_number, found.admission_number)


def _last_certificate(state: CertificateState) -> str:
    query = sa.select(Certificate.number).where(Certificate.state == state).order_by(Certificate.id.desc()).limit(1)
    return db.session.scalars(query).first() or "-"
