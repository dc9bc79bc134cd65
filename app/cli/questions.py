"""bikao export questions, bikao bank stats."""

from __future__ import annotations

from pathlib import Path

import click
from flask_babel import force_locale

from app.banks import exporting, importing_words
from app.banks.models import QuestionState
from app.banks.stats import HEADINGS, bank_stats
from app.cli.context import in_application
from app.cli.output import as_json, require_writable, write
from question_bank.formats import FORMATS


@click.group("export")
def export_group() -> None:
    """Write a file. Example: bikao export questions --bank mines --format qti30 mines.zip"""


@export_group.command("questions")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--bank", required=True, help="Code of the bank.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True)
@click.option(
    "--state",
    type=click.Choice([exporting.ALL_STATES, *(state.value for state in QuestionState)], case_sensitive=False),
    default=exporting.ALL_STATES,
    show_default=True,
    help="Only those in one state, as `bikao bank stats` names it.",
)
@in_application
def export_questions(file: Path, bank: str, form: str, state: str) -> None:
    """The questions of a bank, keys included, in one of the formats; says what the format cannot carry.

    \b
    Example: bikao export questions --bank mines --format moodle_xml mines.xml
    """
    require_writable(file)
    found = exporting.exported(exporting.contents_of(bank, state), form)
    write(file, found.data)
    with force_locale("en"):
        for loss in importing_words.losses(found.lost):
            click.echo(f"not carried: {loss}", err=True)
    if found.left_out_total:
        click.echo(f"left out, {found.left_out_total} in all: {', '.join(found.left_out)}", err=True)
    click.echo(f"{found.written} questions written to {file}.")


@click.group("bank")
def bank_group() -> None:
    """The question banks. Example: bikao bank stats --format json"""


@bank_group.command("stats")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@in_application
def stats(form: str) -> None:
    """Count every bank's questions by state, kind, difficulty, tag and legal source.

    \b
    Example: bikao bank stats --format json
    """
    counted = bank_stats()
    if form == "json":
        click.echo(as_json({"banks": counted}))
        return
    for one in counted:
        click.echo(f"{one['bank']} ({one['purpose']}): {one['questions']}")
        for heading in HEADINGS:
            parts = ", ".join(f"{name} {count}" for name, count in one[heading].items())
            click.echo(f"  {heading:<10} {parts or '-'}")
