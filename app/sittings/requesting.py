"""Asking for a sitting: another organisation, a bank that fills every paper, trainees who may sit, seats for all."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.banks.exam_blueprints.checking import refuse_short
from app.banks.pool import current_versions, exposure_of, pool_for
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from app.institutions.models import ExamSite, Standing
from app.sittings.eligibility import Standpoint, awaiting_exam, standpoints
from app.sittings.locking import locked
from app.sittings.models import Candidate, Sitting, SittingState
from app.sittings.queries import AWAITED
from app.sittings.rules import banks_of, blueprint_for, rule_of
from app.training.enrolling import open_session
from app.training.models import CourseVersion, Enrolment, TrainingSession
from courses.eligibility import Refusal
from question_bank import fairness
from question_bank.blueprint import Blueprint
from question_bank.feasibility import decide
from question_bank.pool import Pool

ENTRY_MINUTES = 30
ADMISSION_DIGITS = 12
GRACE = timedelta(minutes=1)  # a form names whole minutes
MOST_AHEAD = timedelta(days=180)  # further away it is a slip in the year


@dataclass(frozen=True)
class Draw:
    """What papers will be drawn from. versions: ids of question versions, ascending."""

    blueprint: Blueprint
    versions: list[int]
    pool: Pool


def request_sitting(
    session_id: int,
    site: ExamSite,
    starts_at: datetime,
    *,
    entry_minutes: int = ENTRY_MINUTES,
    actor: Actor,
    now: datetime,
) -> Sitting:
    """Schedule a sitting for every trainee of the session who may sit then, each with an admission number.

    Raises ServiceError: "session_not_open", "same_organisation", "site_closed", "institution_stopped",
    "sitting_in_past", "sitting_too_far" (more than MOST_AHEAD away), "blueprint_unfit", "bank_short" (which stratum or
    minimum share lacks what), "no_candidates", "seats_short".
    Source: 教考分离; register, trap 13: too few questions are found out when the sitting is scheduled.
    """
    session = open_session(session_id)
    _refuse_bodies(session, site)
    if starts_at < now - GRACE:
        raise ServiceError("sitting_in_past", field="starts_at")
    if starts_at > now + MOST_AHEAD:
        raise ServiceError("sitting_too_far", field="starts_at", days=MOST_AHEAD.days)
    drawn = draw_for(session.course_version, local_day(starts_at))
    chosen = [each for each in weigh(session, site, starts_at) if each.may_sit]
    if not chosen:
        raise ServiceError("no_candidates")
    sitting = _sitting(session, site, starts_at, entry_minutes, drawn, now)
    sitting.is_resit = any(each.is_resit for each in chosen)
    _refuse_crowd(sitting, len(chosen))
    db.session.add(sitting)
    _admit(sitting, [each.enrolment for each in chosen], now)
    event = events.SittingRequested(
        sitting.id,
        training_session_id=session.id,
        candidates=len(chosen),
        is_resit=sitting.is_resit,
        seed_commitment=sitting.seed_commitment,
        pool_digest=sitting.pool_digest,
        pass_percent=sitting.rule["pass_percent"],
    )
    record(event, actor=actor, now=now)
    return sitting


def weigh(session: TrainingSession, site: ExamSite, starts_at: datetime) -> list[Standpoint]:
    """Return every enrolled trainee with the reasons against sitting at *site* then.

    To those of courses.eligibility comes "already_admitted": an admission number for another sitting to come.
    """
    admitted = awaiting_exam(session.id)
    found = standpoints(session, site, local_day(starts_at))
    return [_already_admitted(each) if each.enrolment.id in admitted else each for each in found]


def weigh_anywhere(session: TrainingSession, starts_at: datetime) -> list[Standpoint]:
    """Return what `weigh` returns for a site of some other organisation: the preview before a site is chosen."""
    return weigh(session, ExamSite(credit_code=""), starts_at)


def draw_for(course: CourseVersion, day: date) -> Draw:
    """Return blueprint and pool for an exam of *course* on *day*.

    Raises ServiceError: "blueprint_unfit", "bank_short".
    """
    return draw_by(blueprint_for(course), day)


def draw_by(blueprint: Blueprint, day: date) -> Draw:
    """Return the pool of *blueprint* for an exam on *day*, as the banks are now.

    Raises ServiceError("bank_short") unless every paper can be filled and hold every minimum share.
    """
    versions = current_versions(banks_of(blueprint), day)
    pool = pool_for(versions)
    refuse_short(blueprint, decide(blueprint, pool), "bank_short")
    return Draw(blueprint, versions, pool)


def cancel(sitting: Sitting, *, actor: Actor, now: datetime) -> None:
    """Cancel a sitting that has not been opened. Raises ServiceError("sitting_begun")."""
    locked(sitting)
    if sitting.state is not SittingState.SCHEDULED:
        raise ServiceError("sitting_begun")
    sitting.state = SittingState.CANCELLED
    record(events.SittingMoved(sitting.id, state=sitting.state.value), actor=actor, now=now)


def is_same_organisation(session: TrainingSession, site: ExamSite) -> bool:
    """Say whether who taught *session* runs *site* too: such a site cannot examine it (教考分离)."""
    return site.credit_code.upper() == session.institution.credit_code.upper()


def _refuse_bodies(session: TrainingSession, site: ExamSite) -> None:
    if is_same_organisation(session, site):
        raise ServiceError("same_organisation", field="exam_site", site=site.name)
    if not site.is_active:
        raise ServiceError("site_closed", field="exam_site", site=site.name)
    if session.institution.standing is not Standing.ACTIVE:
        raise ServiceError("institution_stopped")


def _already_admitted(each: Standpoint) -> Standpoint:
    others = tuple(refusal for refusal in each.refusals if refusal.code != "attempt_open")
    return Standpoint(each.enrolment, (*others, Refusal("already_admitted")), each.is_resit)


def _sitting(
    session: TrainingSession, site: ExamSite, starts_at: datetime, entry_minutes: int, drawn: Draw, now: datetime
) -> Sitting:
    """The seed comes from the operating system; only its hash is public before the sitting is over."""
    rule, seed = rule_of(session.course_version), secrets.token_bytes(fairness.SEED_BYTES)
    return Sitting(
        code=f"KS{local_day(starts_at):%Y%m%d}-{secrets.token_hex(4).upper()}",
        training_session=session,
        exam_site=site,
        starts_at=starts_at,
        entry_until=starts_at + timedelta(minutes=entry_minutes),
        duration_minutes=rule["duration_minutes"],
        rule=rule,
        blueprint=drawn.blueprint.to_payload(),
        pool=drawn.versions,
        pool_digest=drawn.pool.digest,
        exposure=exposure_of(drawn.pool),
        seed_commitment=fairness.commit(seed),
        seed=seed.hex(),
        created_at=now,
    )


def _refuse_crowd(sitting: Sitting, candidates: int) -> None:
    """Count the seats that other sittings at the site need at the same time; the site is locked meanwhile."""
    site = db.session.get_one(ExamSite, sitting.exam_site.id, with_for_update=True, populate_existing=True)
    query = (
        sa.select(Sitting, sa.func.count(Candidate.id))
        .join(Candidate, Candidate.sitting_id == Sitting.id)
        .where(Sitting.exam_site_id == site.id, Sitting.state.in_(AWAITED))
        .group_by(Sitting.id)
    )
    with db.session.no_autoflush:
        taken = sum(count for other, count in db.session.execute(query) if _overlap(sitting, other))
    if taken + candidates > site.seats:
        raise ServiceError(
            "seats_short", field="exam_site", site=site.name, seats=site.seats, taken=taken, needed=candidates
        )


def _overlap(one: Sitting, other: Sitting) -> bool:
    return one.starts_at < latest_end(other) and other.starts_at < latest_end(one)


def latest_end(sitting: Sitting) -> datetime:
    """Return when the last paper of *sitting* can be handed in: begun at the end of the entry window."""
    return sitting.entry_until + timedelta(minutes=sitting.duration_minutes)


def _admit(sitting: Sitting, enrolments: list[Enrolment], now: datetime) -> None:
    db.session.flush()
    for enrolment, number in zip(enrolments, _fresh_numbers(len(enrolments)), strict=True):
        db.session.add(Candidate(sitting=sitting, enrolment=enrolment, admission_number=number, created_at=now))
    db.session.flush()


def _fresh_numbers(count: int) -> list[str]:
    """Return *count* admission numbers that nobody has: random, since a number and a document let somebody in."""
    fresh: dict[str, None] = {}
    while len(fresh) < count:
        number = f"{secrets.randbelow(10**ADMISSION_DIGITS):0{ADMISSION_DIGITS}d}"
        if not db.session.scalar(sa.select(Candidate.id).where(Candidate.admission_number == number)):
            fresh[number] = None
    return list(fresh)
