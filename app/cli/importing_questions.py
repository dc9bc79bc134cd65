"""bikao import questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from app.banks import importing, importing_words
from app.banks.importing import AUTO, QUESTIONS
from app.banks.importing_findings import LISTED_REMARKS, findings
from app.banks.permissions import READERS
from app.banks.queries import bank_by_code
from app.cli.acting import AS, acting
from app.cli.context import in_application, in_english
from app.cli.importing import FILE, SKIP, Opened, left_out, loaded, refusal, said_left_out
from app.cli.output import as_json
from app.cli.progress import Progress
from app.core import imports
from app.core.actors import Actor
from app.core.db import db, reading
from app.core.errors import ServiceError
from app.core.imports import Import, NumberedRow, ReadRows, RowError
from question_bank.formats import FORMATS, Reading
from question_bank.formats.limits import MOST_BYTES


@click.command("questions")
@click.argument("file", type=FILE)
@click.option("--bank", required=True, help="Code of the bank that is filled, for example general or mines.")
@click.option("--format", "form", type=click.Choice([AUTO, *FORMATS]), default=AUTO, show_default=True)
@AS
@SKIP
@click.option("--dry-run", is_flag=True, help="Check every question and write nothing.")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", show_default=True)
@in_application
def import_questions(
    file: Path, bank: str, form: str, login: str | None, skip_errors: bool, dry_run: bool, report: str
) -> None:
    """Questions from a file into a bank, as drafts that another person approves; all of them or none.

    Prints one line a problem (place, field, reason) on standard error; with --report json one object for machines on
    standard output. The format is found by content.

    The account given with --as is their author, and opens and undoes the import on the web. Without it they have no
    author: whoever sends them to review does not approve them, and administrators open and undo the import.

    \b
    Example: bikao import questions questions.xlsx --bank general --dry-run
    Example: bikao import questions questions.xlsx --bank general --as wang --skip-errors
    """
    context = {"bank": bank, "format": form}
    progress = Progress(is_wanted=report == "text")
    try:
        brought = _brought(file, context, login=login, skip_errors=skip_errors, dry_run=dry_run, progress=progress)
    except ServiceError as error:
        if report == "text":
            raise
        db.session.rollback()
        click.echo(as_json({"file": file.name, **context, "refused": _refusal(error)}))
        raise click.exceptions.Exit(1) from error
    if report == "json":
        click.echo(as_json(_report(file, context, brought)))
        if brought.left_out is None:
            raise click.exceptions.Exit(1)
        return
    _print(brought)
    if brought.left_out is None:
        raise click.ClickException(refusal(brought.rows, brought.errors, "questions", skip_errors=skip_errors))
    _print_outcome(brought, bank)


@dataclass(frozen=True)
class Brought:
    """What became of a file.

    form: of which format it is. told: importing_findings.findings. left_out: the rows of the questions that stay out,
    None where nothing can be loaded. actor: who brought it. kept: its import, None where nothing was loaded.
    """

    form: str
    reading: Reading
    found: ReadRows
    rows: Sequence[NumberedRow]
    errors: Sequence[RowError]
    told: Mapping[str, Any]
    left_out: Collection[int] | None
    actor: Actor
    kept: Import | None = None

    @property
    def loaded(self) -> int:
        """How many questions were written."""
        return int(self.kept.summary["questions"]) if self.kept else 0


def _brought(
    file: Path, context: dict[str, Any], *, login: str | None, skip_errors: bool, dry_run: bool, progress: Progress
) -> Brought:
    """Check *file*, holding nobody up, and load it unless something is in the way or *dry_run*. Raises ServiceError."""
    with reading():
        actor = acting(login, READERS)
        bank = bank_by_code(context["bank"]).code
        content = _content(file)
        progress.say(f"Reading {file.name} ...")
        form = importing.form_of(content, context["format"]).code
        read = importing.read_file(content, bank, form)
        found = importing.as_rows(read)
        progress.say(f"Checking {len(found[0])} questions ...")
        rows, errors = imports.checked_rows(QUESTIONS, found, context)
        told = findings(read, found[0], bank, most=None)
    out = left_out(rows, errors, skip_errors=skip_errors)
    checked = Brought(form, read, found, rows, errors, told, out, actor)
    if out is None or dry_run:
        return checked
    kept_told = {**told, "remarks": told["remarks"][:LISTED_REMARKS], "format": form}
    with progress.bar("Writing", len(rows) - len(out)):
        opened = Opened(file.name, content, found)
        kept = loaded(QUESTIONS, opened, context, out=out, told=kept_told, actor=actor)
    return Brought(form, read, found, rows, errors, told, out, actor, kept)


def _content(file: Path) -> bytes:
    """Return the bytes of *file*; one that no reader takes is refused by its size, before it is read."""
    if file.stat().st_size > MOST_BYTES:
        raise ServiceError("file_too_large", field="file", limit_mb=imports.LIMIT_MB)
    return file.read_bytes()


def _print(brought: Brought) -> None:
    """Say what is wrong and what a person should look at, one line each, on standard error."""
    told, form = brought.told, brought.form
    with force_locale("en"):
        for one in importing_words.errors([error.to_json() for error in brought.errors], form):
            click.echo(f"{one['place']}\t{one['column']}\t{one['sentence']}", err=True)
        notes = [
            *((one["place"], one["sentence"]) for one in importing_words.remarks(told["remarks"], form)),
            *(("-", phrase) for phrase in importing_words.usual(told["usual"])),
            *(("-", f"{sentence} {names}") for sentence, names in importing_words.doubtful_names(told)),
            *((one["place"], _alike(one)) for one in importing_words.similar(told["similar"], {}, form)),
            *((title, "was not read") for title in told["ignored"]),
        ]
    for place, said in notes:
        click.echo(f"{place}\tnote\t{said}", err=True)


def _print_outcome(brought: Brought, bank: str) -> None:
    """Say how many questions were or can be written, who answers for them and how they are taken back."""
    out = brought.left_out or ()
    if brought.kept is None:
        can = f"{len(brought.rows) - len(out)} questions can be imported{said_left_out(out)}"
        click.echo(f"{can}; nothing was written.")
        return
    click.echo(f"{brought.loaded} questions are in {bank} as drafts{said_left_out(out)}.")
    if brought.actor.user_id is None:
        click.echo("They have no author: who sends them to review does not approve them. --as names an account.")
    else:
        click.echo(f"Their author is {brought.actor.name}: somebody else approves them.")
    click.echo(f"To take all of them back: bikao import undo {brought.kept.id}")


def _alike(one: Mapping[str, Any]) -> str:
    return f"reads like {one['other_place'] or one['other']} ({one['percent']} %)"


def _report(file: Path, context: Mapping[str, Any], brought: Brought) -> dict[str, Any]:
    """Return everything that was found, as JSON values; questions: what was read, each with its place.

    left_out: how many of them stay out, None where nothing can be loaded; import: its id, None where nothing was.
    """
    return {
        "file": file.name,
        **context,
        "questions": [
            {"row": one.row, "line": one.line, "file_part": one.part, "question": one.question.to_payload()}
            for one in brought.reading.rows
        ],
        "errors": [{**one.to_json(), "reason": _reason(one, brought.form)} for one in brought.errors],
        **brought.told,
        "loaded": brought.loaded,
        "left_out": None if brought.left_out is None else len(brought.left_out),
        "import": brought.kept.id if brought.kept else None,
    }


def _reason(error: RowError, form: str) -> str:
    with force_locale("en"):
        return importing_words.error(error.code, error.data, form)


def _refusal(error: ServiceError) -> dict[str, Any]:
    return {"code": error.code, "data": error.data, "reason": in_english(error.code, error.data)}
