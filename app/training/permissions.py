"""Whose session it is: the institution that holds it changes it, the regulators of its territory look on."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.actors import Actor, Role, require_body, within_territory
from app.core.db import db
from app.core.errors import Forbidden, NotFound
from app.institutions.models import Institution
from app.training.models import Enrolment, TrainingSession

READERS = (Role.INSTITUTION, Role.REGULATOR, Role.ADMINISTRATOR)
"""Who may look at courses and sessions; which sessions, each function below decides."""


def session_in_scope(session_id: int, actor: Actor) -> TrainingSession:
    """Return a session that *actor* may look at. Raises NotFound, or Forbidden("outside_scope")."""
    session = db.session.get(TrainingSession, session_id)
    if session is None:
        raise NotFound("not_found")
    require_body(actor, Role.INSTITUTION, session.institution.code, session.region_code)
    return session


def own_session(session_id: int, actor: Actor) -> TrainingSession:
    """Return a session of the actor's own institution. Raises NotFound, or Forbidden for everybody else."""
    session = session_in_scope(session_id, actor)
    require_own(session, actor)
    return session


def own_enrolment(enrolment_id: int, actor: Actor) -> Enrolment:
    """Return an enrolment in a session of the actor's own institution. Raises NotFound, or Forbidden."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound("not_found")
    own_session(enrolment.training_session_id, actor)
    return enrolment


def require_own(session: TrainingSession, actor: Actor) -> None:
    """Raise Forbidden unless *actor* is staff of the institution that holds *session*."""
    if not is_own(session, actor):
        raise Forbidden("outside_scope")


def is_own(session: TrainingSession, actor: Actor) -> bool:
    """Whether *actor* is staff of the institution that holds *session*."""
    return actor.works_for(Role.INSTITUTION, session.institution.code)


def own_institution(actor: Actor) -> Institution:
    """Return the institution the actor works for. Raises Forbidden if the actor works for none."""
    found = None
    if actor.role is Role.INSTITUTION:
        found = db.session.scalar(sa.select(Institution).where(Institution.code == actor.scope))
    if found is None:
        raise Forbidden("outside_scope")
    return found


def visible_sessions(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on TrainingSession (joined with Institution) that *actor* may see a session."""
    if actor.role is Role.INSTITUTION:
        return Institution.code == actor.scope
    return within_territory(TrainingSession.region_code, actor)
