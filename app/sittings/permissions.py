"""Whose sitting it is: the site runs it, the institution asked for it, regulators look on, a candidate has his own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.core.actors import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, NotFound
from app.institutions.models import ExamSite, Institution
from app.registry.models import Person
from app.sittings.models import Attempt, Candidate, Sitting
from app.training.models import Enrolment, TrainingSession
from app.training.permissions import require_own


def sitting_in_scope(sitting_id: int, actor: Actor) -> Sitting:
    """Return a sitting that *actor* may look at. Raises NotFound, or Forbidden("outside_scope")."""
    sitting = _loaded(sitting_id)
    session = sitting.training_session
    concerned = (
        actor.works_for(Role.EXAM_SITE, sitting.exam_site.code)
        or actor.works_for(Role.INSTITUTION, session.institution.code)
        or actor.oversees(session.region_code)
    )
    if not concerned:
        raise Forbidden("outside_scope")
    return sitting


def own_sitting(sitting_id: int, actor: Actor) -> Sitting:
    """Return a sitting at the actor's own exam site. Raises NotFound, or Forbidden("only_own_site")."""
    sitting = _loaded(sitting_id)
    if not actor.works_for(Role.EXAM_SITE, sitting.exam_site.code):
        raise Forbidden("only_own_site")
    return sitting


def requested_sitting(sitting_id: int, actor: Actor) -> Sitting:
    """Return a sitting that the actor's own institution asked for. Raises NotFound, or Forbidden."""
    sitting = _loaded(sitting_id)
    require_own(sitting.training_session, actor)
    return sitting


def own_candidate(sitting_id: int, actor: Actor, admitted_to: int | None) -> Candidate:
    """Return the actor's own admission to a sitting.

    admitted_to: the only sitting of somebody who signed in by admission number. Raises NotFound for anything else.
    """
    query = _candidates(actor).where(Candidate.sitting_id == sitting_id)
    candidate = db.session.scalar(query)
    if candidate is None or admitted_to not in (None, sitting_id):
        raise NotFound("not_found")
    return candidate


def own_attempt(attempt_id: int, actor: Actor, admitted_to: int | None) -> Attempt:
    """Return the actor's own attempt with its sitting and course. Raises NotFound for anybody else's."""
    query = (
        sa.select(Attempt)
        .join(Attempt.candidate)
        .join(Candidate.enrolment)
        .join(Enrolment.person)
        .options(
            contains_eager(Attempt.candidate)
            .joinedload(Candidate.sitting)
            .joinedload(Sitting.training_session)
            .joinedload(TrainingSession.course_version)
        )
        .where(Attempt.id == attempt_id, Person.user_id == actor.user_id)
    )
    attempt = db.session.scalar(query)
    if attempt is None or admitted_to not in (None, attempt.candidate.sitting_id):
        raise NotFound("not_found")
    return attempt


def visible_sittings(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on Sitting (joined with its session, institution and site) that *actor* may see it."""
    if actor.role is Role.EXAM_SITE:
        return ExamSite.code == actor.scope
    if actor.role is Role.INSTITUTION:
        return Institution.code == actor.scope
    return sa.false()


def _candidates(actor: Actor) -> sa.Select[Candidate]:
    return (
        sa.select(Candidate)
        .join(Candidate.enrolment)
        .join(Enrolment.person)
        .options(contains_eager(Candidate.enrolment).contains_eager(Enrolment.person))
        .where(Person.user_id == actor.user_id)
    )


def _loaded(sitting_id: int) -> Sitting:
    query = sa.select(Sitting).where(Sitting.id == sitting_id)
    session = joinedload(Sitting.training_session)
    query = query.options(
        session.joinedload(TrainingSession.institution),
        session.joinedload(TrainingSession.course_version),
        joinedload(Sitting.exam_site),
    )
    sitting = db.session.scalar(query)
    if sitting is None:
        raise NotFound("not_found")
    return sitting
