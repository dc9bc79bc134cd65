"""Whose imports of questions somebody opens: their own; an administrator everybody's, those of commands too."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.accounts.models import User
from app.banks import words
from app.banks.importing import QUESTIONS
from app.core.actors import SYSTEM, Actor, Role
from app.core.db import db
from app.core.errors import NotFound
from app.core.imports import Import

LISTED = 50


def may_open(imported: Import, actor: Actor) -> bool:
    """Whether *actor* may open and undo *imported*: who brought it, and administrators, for the banks are nobody's
    territory."""
    return actor.role is Role.ADMINISTRATOR or imported.created_by_id == actor.user_id


def open_import(import_id: int, actor: Actor) -> Import:
    """Return an import of questions that *actor* may open. Raises NotFound for any other."""
    imported = db.session.get(Import, import_id)
    if imported is None or imported.kind != QUESTIONS.code or not may_open(imported, actor):
        raise NotFound("import_unknown")
    return imported


def others(actor: Actor) -> Sequence[tuple[Import, str]]:
    """Return the newest imports of everybody else that *actor* may open, at most LISTED, each with who brought it."""
    if actor.role is not Role.ADMINISTRATOR:
        return []
    of_others = sa.or_(Import.created_by_id.is_(None), Import.created_by_id != actor.user_id)
    query = sa.select(Import, User.name).outerjoin(User, User.id == Import.created_by_id)
    query = query.where(Import.kind == QUESTIONS.code, of_others).options(defer(Import.errors), defer(Import.summary))
    found = db.session.execute(query.order_by(Import.id.desc()).limit(LISTED))
    return [(imported, words.person(name or SYSTEM.name)) for imported, name in found]


def brought_by(imported: Import) -> str:
    """Return the name of who brought *imported*."""
    name = db.session.scalar(sa.select(User.name).where(User.id == imported.created_by_id))
    return words.person(name or SYSTEM.name)
