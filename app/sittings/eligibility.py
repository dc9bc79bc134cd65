"""Who of a session may sit on a day at a site: the facts for courses.eligibility, and its reasons against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.clock import local_day
from app.core.db import db
from app.institutions.models import ExamSite, Standing
from app.registry.bars import bars_of, decision_against
from app.registry.models import Bar, Enterprise
from app.sittings.models import Attempt, AttemptState, Candidate, Sitting
from app.sittings.queries import AWAITED
from app.sittings.rules import rule_of
from app.training.enrolling import sectors_at_stake
from app.training.models import Enrolment, EnrolmentState, TrainingSession
from courses.eligibility import AttemptFacts, Refusal, SittingFacts, may_sit


@dataclass(frozen=True)
class Standpoint:
    """One enrolment and every reason why it may not sit; none if it may. is_resit: an exam was failed before."""

    enrolment: Enrolment
    refusals: tuple[Refusal, ...]
    is_resit: bool

    @property
    def may_sit(self) -> bool:
        return not self.refusals


def standpoints(
    session: TrainingSession, site: ExamSite, on: date, enrolment_ids: Iterable[int] | None = None
) -> list[Standpoint]:
    """Return where each enrolment of *session* (or only those given) stands for an exam at *site* on the day *on*.

    A withdrawn enrolment keeps its attempts: who enrols again in the same session has used them (register, trap 9).
    Absence from a sitting uses no attempt: who never saw a paper has learned nothing from it.
    """
    query = _enrolled(session.id)
    if enrolment_ids is not None:
        query = query.where(Enrolment.id.in_(list(enrolment_ids)))
    enrolments = db.session.scalars(query).unique().all()
    attempts = _attempts(enrolments)
    bars = bars_of([each.person_id for each in enrolments])
    return [
        Standpoint(
            each,
            (*may_sit(_facts(session, site, on, each, attempts.get(each.id, ()))), *_barred(session, each, bars, on)),
            is_resit=any(fact.outcome == "failed" for fact in attempts.get(each.id, ())),
        )
        for each in enrolments
    ]


def awaiting_exam(session_id: int) -> set[int]:
    """Return the enrolments that have an admission number for a sitting still to come or under way."""
    query = (
        sa.select(Candidate.enrolment_id)
        .join(Candidate.sitting)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(
            Sitting.training_session_id == session_id,
            Sitting.state.in_(AWAITED),
            sa.or_(Attempt.id.is_(None), Attempt.state == AttemptState.OPEN),
        )
    )
    return set(db.session.scalars(query))


def _enrolled(session_id: int) -> sa.Select[Enrolment]:
    return (
        sa.select(Enrolment)
        .where(Enrolment.training_session_id == session_id, Enrolment.state == EnrolmentState.ENROLLED)
        .options(
            joinedload(Enrolment.person),
            joinedload(Enrolment.enterprise).selectinload(Enterprise.memberships),
        )
        .order_by(Enrolment.id)
    )


def _facts(
    session: TrainingSession, site: ExamSite, on: date, enrolment: Enrolment, attempts: Sequence[AttemptFacts]
) -> SittingFacts:
    rule, institution = rule_of(session.course_version), session.institution
    return SittingFacts(
        on=on,
        sector=session.course_version.sector_code,
        required_hours=float(session.course_version.hours),
        credited_hours=float(enrolment.credited_hours),
        is_training_finished=on >= session.ends_on,
        attempts=tuple(attempts),
        resits=rule["resits"],
        pass_valid_months=rule["pass_valid_months"],
        institution_code=institution.credit_code,
        exam_site_code=site.credit_code,
        is_institution_suspended=institution.standing is not Standing.ACTIVE,
    )


def _attempts(enrolments: Sequence[Enrolment]) -> dict[int, list[AttemptFacts]]:
    columns = (Attempt.enrolment_id, Attempt.state, Attempt.passed, Attempt.started_at, Attempt.finished_at)
    query = sa.select(*columns).where(Attempt.enrolment_id.in_([each.id for each in enrolments]))
    found: dict[int, list[AttemptFacts]] = {}
    for row in db.session.execute(query.order_by(Attempt.id)):
        outcome = "open" if row.state is AttemptState.OPEN else "passed" if row.passed else "failed"
        day = local_day(row.finished_at or row.started_at)
        found.setdefault(row.enrolment_id, []).append(AttemptFacts(outcome, day))
    return found


def _barred(session: TrainingSession, enrolment: Enrolment, bars: dict[int, list[Bar]], on: date) -> list[Refusal]:
    """Bars bind an office in the sectors of the enterprise as well as in the sector that is taught."""
    sectors = sectors_at_stake(enrolment.enterprise, session.course_version.sector_code, on)
    decision = decision_against(bars.get(enrolment.person_id, []), enrolment.role_code, sectors, on)
    return [] if decision is None else [Refusal("barred", {"decision": decision})]
