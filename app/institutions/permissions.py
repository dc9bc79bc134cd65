"""Whose institution somebody may see: its regulator's, and its own staff's."""

from __future__ import annotations

from app.core.actors import Actor, Role, require_body, require_region
from app.core.db import db
from app.core.errors import NotFound
from app.institutions.models import Institution


def visible_institution(institution_id: int, actor: Actor) -> Institution:
    """Return an institution that the actor oversees or works for. Raises NotFound or Forbidden."""
    found = _institution(institution_id)
    require_body(actor, Role.INSTITUTION, found.code, found.region_code)
    return found


def overseen_institution(institution_id: int, actor: Actor) -> Institution:
    """Return an institution in the actor's territory. Raises NotFound or Forbidden."""
    found = _institution(institution_id)
    require_region(actor, found.region_code)
    return found


def _institution(institution_id: int) -> Institution:
    found = db.session.get(Institution, institution_id)
    if found is None:
        raise NotFound("not_found")
    return found
