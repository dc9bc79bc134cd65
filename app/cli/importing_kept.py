"""bikao import list, bikao import undo: what was brought, by whom, and taking it back as a whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.accounts.models import User
from app.banks import undoing
from app.banks.importing import QUESTIONS
from app.banks.importing_reach import may_open
from app.banks.permissions import READERS
from app.cli.acting import AS, acting
from app.cli.context import in_application
from app.cli.importing import ROSTER_ROLES
from app.core import imports
from app.core.actors import Actor, Role
from app.core.clock import SHANGHAI, now
from app.core.db import db, reading
from app.core.errors import NotFound, ServiceError
from app.core.imports import Import, ImportKind, ImportState
from app.registry.roster.kind import ROSTER
from app.training.models import TrainingSession
from app.training.permissions import is_own
from app.training.trainee_file import TRAINEES

KINDS: dict[str, ImportKind] = {kind.code: kind for kind in (QUESTIONS, ROSTER, TRAINEES)}
ROLES = {QUESTIONS.code: READERS, ROSTER.code: ROSTER_ROLES, TRAINEES.code: (Role.INSTITUTION,)}
NOUNS = {ROSTER.code: ("enterprises_new", "people_new", "appointments_new"), TRAINEES.code: ("trainees",)}
LISTED = 50


@click.command("list")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only files of one kind.")
@click.option("--most", type=click.IntRange(1, 10_000), default=LISTED, show_default=True, help="So many at most.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@in_application
def list_imports(kind: str | None, most: int, form: str) -> None:
    """Files that were brought by page or command, the newest first: id, what, into where, when, by whom, state, counts.

    \b
    Example: bikao import list --kind questions --format json
    """
    found = _listed(kind, most)
    if form == "json":
        click.echo(json.dumps({"imports": found}, ensure_ascii=False, indent=1, default=datetime.isoformat))
        return
    for one in found:
        who = one["by"] or "system"
        place = f"{one['kind']}\t{one['file']}\t{one['into']}\t{_minute(one['brought_at'])}"
        way = " by command" if one["via"] else ""
        click.echo(f"{one['id']}\t{place}\t{who}{way}\t{one['state']}\t{_counts(one)}")
    if not found:
        click.echo("No file was brought yet.")


@click.command("undo")
@click.argument("import_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))
@AS
@click.option("--yes", is_flag=True, help="Do not ask.")
@in_application
def undo_import(import_id: int, login: str | None, yes: bool) -> None:
    """Remove everything that one import brought; says first what will go. ID is the one that `bikao import list` shows.

    Refused once something rests on it: a question was approved, changed or commented on, a person was enrolled. With
    --as the account that brought it, or for questions an administrator.

    \b
    Example: bikao import undo 12
    """
    with reading():
        said = _what_goes(_import(import_id, login)[0])
    click.echo(said)
    if not yes:
        click.confirm("Undo this import?", abort=True)
    imported, actor = _import(import_id, login)
    imports.undo(KINDS[imported.kind], imported, actor=actor, now=now())
    click.echo(f"Import {import_id} is undone.")


def _listed(kind: str | None, most: int) -> list[dict[str, Any]]:
    """Return the newest imports as JSON values.

    into: code of the bank, of the training session or of the region; by: name of who brought it, None for the system;
    via: "command" or ""; rows, wrong: how many were read and how many of them were wrong; left_out: how many of them
    were skipped when the others were loaded.
    """
    query = sa.select(Import, User).outerjoin(User, User.id == Import.created_by_id).options(defer(Import.errors))
    if kind is not None:
        query = query.where(Import.kind == kind)
    found = db.session.execute(query.order_by(Import.id.desc()).limit(most)).all()
    sessions = _session_codes([imported for imported, _user in found])
    return [_described(imported, user, sessions) for imported, user in found]


def _described(imported: Import, user: User | None, sessions: dict[int, str]) -> dict[str, Any]:
    return {
        "id": imported.id,
        "kind": imported.kind,
        "file": imported.filename,
        "into": _into(imported, sessions),
        "brought_at": imported.created_at,
        "loaded_at": imported.loaded_at,
        "undone_at": imported.undone_at,
        "by": user.name if user else None,
        "login": user.login if user else None,
        "via": imported.summary.get("via", ""),
        "state": imported.state.value,
        "rows": imported.rows_total,
        "wrong": imported.rows_wrong,
        "left_out": imported.summary.get("left_out", 0),
    }


def _session_codes(found: Sequence[Import]) -> dict[int, str]:
    ids = {one.context["session_id"] for one in found if one.kind == TRAINEES.code}
    query = sa.select(TrainingSession.id, TrainingSession.code).where(TrainingSession.id.in_(ids))
    return dict(db.session.execute(query).all()) if ids else {}


def _into(imported: Import, sessions: dict[int, str]) -> str:
    if imported.kind == TRAINEES.code:
        return sessions.get(imported.context["session_id"], "-")
    return str(imported.context["bank" if imported.kind == QUESTIONS.code else "territory"])


def _counts(one: dict[str, Any]) -> str:
    wrong = f", {one['wrong']} wrong" if one["wrong"] else ""
    return f"{one['rows']} read{wrong}" + (f", {one['left_out']} left out" if one["left_out"] else "")


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _import(import_id: int, login: str | None) -> tuple[Import, Actor]:
    """Return an import and who undoes it: the account *login* under a grant that may, without one the system.

    Raises NotFound("import_unknown"), ServiceError("import_not_loaded"), and as `acting` does.
    """
    imported = db.session.get(Import, import_id)
    if imported is None:
        raise NotFound("import_unknown")
    actor = acting(login, ROLES[imported.kind], lambda one: _may_undo(imported, one))
    if imported.state is not ImportState.LOADED:
        raise ServiceError("import_not_loaded")
    return imported, actor


def _may_undo(imported: Import, actor: Actor) -> bool:
    """Whether *actor* may undo *imported* on its page."""
    if imported.kind == QUESTIONS.code:
        return may_open(imported, actor)
    if imported.created_by_id != actor.user_id:
        return False
    if imported.kind == ROSTER.code:
        return actor.oversees(imported.context["territory"])
    session = db.session.get(TrainingSession, imported.context["session_id"])
    return session is not None and is_own(session, actor)


def _what_goes(imported: Import) -> str:
    """Return in one sentence what undoing would remove. Raises ServiceError("question_import_in_use")."""
    where = f"import {imported.id} ({imported.filename}, {_minute(imported.loaded_at or imported.created_at)})"
    if imported.kind == QUESTIONS.code:
        effect = undoing.effect(imported)
        if effect.kept:
            raise ServiceError("question_import_in_use", count=effect.kept)
        states = ", ".join(f"{count} {state.value}" for state, count in effect.by_state.items())
        return f"{effect.questions} questions of {where} will be removed from {imported.context['bank']}: {states}."
    counted = [(imported.summary.get(noun, 0), noun.removesuffix("_new")) for noun in NOUNS[imported.kind]]
    said = ", ".join(f"{count} {noun}" for count, noun in counted)
    return f"{said} of {where} will be removed; what it changed becomes again what it was."
