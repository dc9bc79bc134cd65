"""bikao import: a file into the database, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from app.banks import importing as banks
from app.banks.queries import bank_by_code
from app.cli.context import in_application, in_english
from app.core import imports
from app.core.actors import NATION, SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.imports import ImportKind
from app.registry.roster.kind import ROSTER
from app.training.models import TrainingSession
from app.training.trainee_file import TRAINEES

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group("import")
def import_group() -> None:
    """Bring a file in, all of it or nothing. Example: bikao import roster roster.xlsx --dry-run"""


@import_group.command("roster")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@in_application
def roster(file: Path, dry_run: bool) -> None:
    """Enterprises and the people who answer for them, one row a person, enterprise and role.

    \b
    Example: bikao import roster docs/sample/roster.xlsx --dry-run
    """
    summary = bring(ROSTER, file, {"territory": NATION}, dry_run=dry_run)
    if summary is not None:
        for noun in ("enterprises", "people", "appointments"):
            click.echo(f"{noun}: {counted(summary, noun)}")


@import_group.command("questions")
@click.argument("file", type=FILE)
@click.option("--bank", required=True, help="Code of the bank that is filled, for example general or mines.")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@in_application
def questions(file: Path, bank: str, dry_run: bool) -> None:
    """Questions from .xlsx into a bank, as drafts that another person approves.

    \b
    Example: bikao import questions questions.xlsx --bank general --dry-run
    """
    code = bank_by_code(bank).code
    reading = banks.read_file(file.read_bytes(), code)
    for one in banks.remarks(reading)["similar"]:
        click.echo(f"{one['row']}\treads like {one['other']} ({one['percent']} %)", err=True)
    summary = bring(banks.kind_for(reading), file, {"bank": code}, dry_run=dry_run)
    if summary is not None:
        click.echo(f"{summary['questions']} questions are in {code} as drafts.")


@import_group.command("trainees")
@click.argument("file", type=FILE)
@click.option("--session", "code", required=True, help="Code of the training session, such as PX2026-0001.")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@in_application
def trainees(file: Path, code: str, dry_run: bool) -> None:
    """Trainees into a training session; all of them are in the registry already.

    \b
    Example: bikao import trainees trainees.xlsx --session PX2026-0001 --dry-run
    """
    session_id = db.session.scalar(sa.select(TrainingSession.id).where(TrainingSession.code == code))
    if session_id is None:
        raise click.ClickException(f"There is no training session {code}.")
    summary = bring(TRAINEES, file, {"session_id": session_id}, dry_run=dry_run)
    if summary is not None:
        click.echo(f"trainees: {summary['trainees']}")


def bring(kind: ImportKind, file: Path, context: dict[str, Any], *, dry_run: bool) -> dict[str, int] | None:
    """Check *file*, then load it unless *dry_run*; return the counts, None for a dry run.

    Prints one line a problem (row, column, sentence) and exits with status 1 if there is one; nothing is written then.
    """
    content = file.read_bytes()
    rows, errors = imports.checked_rows(kind, content, context)
    for error in errors:
        click.echo(f"{error.row}\t{error.column}\t{in_english(error.code, error.data)}", err=True)
    if errors:
        raise click.ClickException(f"{len(errors)} problems in {len(rows)} rows; nothing was written.")
    if dry_run:
        click.echo(f"{len(rows)} rows can be imported; nothing was written.")
        return None
    moment = now()
    imported = imports.check_file(kind, file.name, content, context, actor=SYSTEM, now=moment)
    return imports.load(kind, imported, actor=SYSTEM, now=moment).summary


def counted(summary: Mapping[str, int], noun: str) -> str:
    """Return "40 (38 new, 1 changed, 1 known)" for one *noun* of an import's summary."""
    total, new, changed = (summary[noun + suffix] for suffix in ("", "_new", "_changed"))
    return f"{total} ({new} new, {changed} changed, {total - new - changed} known)"
