"""bikao import: a file into the database, all of it or nothing; or, asked to, what is right in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from app.cli.acting import AS, acting
from app.cli.context import in_application, in_english
from app.cli.progress import Progress
from app.core import imports
from app.core.actors import COMMAND, NATION, Actor, Role
from app.core.clock import now, today
from app.core.db import db, reading
from app.core.errors import Forbidden
from app.core.imports import Import, ImportKind, NumberedRow, ReadRows, RowError
from app.registry.roster.columns import region_codes
from app.registry.roster.kind import ROSTER
from app.training.models import TrainingSession
from app.training.permissions import is_own
from app.training.trainee_file import TRAINEES

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
SKIP = click.option("--skip-errors", is_flag=True, help="Leave out what is wrong, name it, and load the rest.")
ROSTER_ROLES = (Role.REGULATOR, Role.ADMINISTRATOR)
"""Who may bring a roster; trainees are brought by staff of the institution."""


@click.group("import")
def import_group() -> None:
    """Bring a file in, all of it or nothing. Example: bikao import roster roster.xlsx --dry-run"""


@import_group.command("roster")
@click.argument("file", type=FILE)
@AS
@SKIP
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@in_application
def roster(file: Path, login: str | None, skip_errors: bool, dry_run: bool) -> None:
    """Enterprises and the people who answer for them, one row a person, enterprise and role.

    With --as within a territory of that account, as on its page: the one that holds every region of the file.

    \b
    Example: bikao import roster docs/sample/roster.xlsx --dry-run
    """
    opened = read(ROSTER, file)
    actor = _roster_actor(login, opened.found[0])
    context = {"territory": actor.territory or NATION}
    summary = bring(ROSTER, opened, context, actor=actor, skip_errors=skip_errors, dry_run=dry_run)
    if summary is not None:
        for noun in ("enterprises", "people", "appointments"):
            click.echo(f"{noun}: {counted(summary, noun)}")


@import_group.command("trainees")
@click.argument("file", type=FILE)
@click.option("--session", "code", required=True, help="Code of the training session, such as PX2026-0001.")
@AS
@SKIP
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@in_application
def trainees(file: Path, code: str, login: str | None, skip_errors: bool, dry_run: bool) -> None:
    """Trainees into a training session; all of them are in the registry already.

    \b
    Example: bikao import trainees trainees.xlsx --session PX2026-0001 --dry-run
    """
    opened = read(TRAINEES, file)
    session = db.session.scalar(sa.select(TrainingSession).where(TrainingSession.code == code))
    if session is None:
        raise click.ClickException(f"There is no training session {code}.")
    actor = acting(login, [Role.INSTITUTION], lambda one: is_own(session, one))
    context = {"session_id": session.id}
    summary = bring(TRAINEES, opened, context, actor=actor, skip_errors=skip_errors, dry_run=dry_run)
    if summary is not None:
        click.echo(f"trainees: {summary['trainees']}")


def _roster_actor(login: str | None, rows: Sequence[NumberedRow]) -> Actor:
    """Return who brings *rows*: the account under a grant whose territory holds all their regions.

    Where none of its territories does, under the first: the check names the rows outside. Raises as `acting` does.
    """
    codes = region_codes(rows, today=today())
    try:
        return acting(login, ROSTER_ROLES, lambda one: all(one.oversees(code) for code in codes))
    except Forbidden:
        return acting(login, ROSTER_ROLES)


@dataclass(frozen=True)
class Opened:
    """A file that was read: its name, its bytes, its rows and what is wrong with their shape."""

    name: str
    content: bytes
    found: ReadRows


def read(kind: ImportKind, file: Path) -> Opened:
    """Read *file*, whose rows are told by its columns alone. Raises ServiceError for one that is not of this kind."""
    Progress().say(f"Reading {file.name} ...")
    content = file.read_bytes()
    return Opened(file.name, content, kind.rows_of(content, {}))


def bring(
    kind: ImportKind, opened: Opened, context: dict[str, Any], *, actor: Actor, skip_errors: bool, dry_run: bool
) -> dict[str, Any] | None:
    """Check a file, then load it unless *dry_run*; return the counts, None for a dry run.

    Prints one line a problem (row, column, sentence) and exits with status 1 if there is one that is not skipped;
    nothing is written then.
    """
    with reading():
        rows, errors = imports.checked_rows(kind, opened.found, context)
    for error in errors:
        click.echo(f"{error.row}\t{error.column}\t{in_english(error.code, error.data)}", err=True)
    out = left_out(rows, errors, skip_errors=skip_errors)
    if out is None:
        raise click.ClickException(refusal(rows, errors, "rows", skip_errors=skip_errors))
    if dry_run:
        click.echo(f"{len(rows) - len(out)} rows can be imported{said_left_out(out)}; nothing was written.")
        return None
    with Progress().bar("Writing", len(rows) - len(out)):
        kept = loaded(kind, opened, context, out=out, actor=actor)
    if out:
        click.echo(f"left out: {len(out)} rows", err=True)
    return kept.summary


def left_out(rows: Sequence[NumberedRow], errors: Sequence[RowError], *, skip_errors: bool) -> frozenset[int] | None:
    """Return which of *rows* stay out, by number; None where nothing can be loaded.

    That is where something is wrong and was not to be skipped, is wrong with the file as a whole, or no row is right.
    """
    wrong = frozenset(error.row for error in errors)
    if wrong and (not skip_errors or 0 in wrong or len(wrong) >= len(rows)):
        return None
    return wrong


def said_left_out(rows: Collection[int]) -> str:
    """Return ", 3 are left out", or "" if none is."""
    count = len(rows)
    return f", {count} {'is' if count == 1 else 'are'} left out" if count else ""


def refusal(rows: Sequence[NumberedRow], errors: Sequence[RowError], noun: str, *, skip_errors: bool) -> str:
    """Return why nothing was written, and that the rest can be loaded where it can."""
    said = f"{len(errors)} problems in {len(rows)} {noun}; nothing was written."
    could = not skip_errors and left_out(rows, errors, skip_errors=True)
    return f"{said} --skip-errors loads the other {len(rows) - len(could)}." if could else said


def loaded(
    kind: ImportKind,
    opened: Opened,
    context: dict[str, Any],
    *,
    out: Collection[int],
    told: Mapping[str, Any] | None = None,
    actor: Actor,
) -> Import:
    """Load a file that was checked, in one transaction, and return its import, which remembers that a command brought
    it. out: the rows that were named and stay out; told: what else its page says of it.

    Raises ServiceError if the database has moved on since, so that others than those would stay out.
    """
    moment, found = now(), opened.found
    kept = imports.check_file(kind, opened.name, opened.content, context, found=found, actor=actor, now=moment)
    kept.summary = {**kept.summary, **(told or {}), "via": COMMAND}
    return imports.load(kind, kept, leave_out_wrong=bool(out), named=out, found=found, actor=actor, now=moment)


def counted(summary: Mapping[str, int], noun: str) -> str:
    """Return "40 (38 new, 1 changed, 1 known)" for one *noun* of an import's summary."""
    total, new, changed = (summary[noun + suffix] for suffix in ("", "_new", "_changed"))
    return f"{total} ({new} new, {changed} changed, {total - new - changed} known)"
