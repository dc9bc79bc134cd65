"""The command itself: prepare, tell once, print the accounts, serve."""

from __future__ import annotations

import click
import flask_migrate
from flask import Flask

from app.cli.context import Application
from app.cli.demo import story
from app.cli.demo.told import Story, recall
from app.cli.serving import run_server
from app.core.clock import today
from app.coverage.figures import survey, years_of_plans
from courses.mandates import heading_for

ZHEJIANG = "330000"


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop before serving.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_context
def demo(ctx: click.Context, no_serve: bool, host: str, port: int) -> None:
    """Do the main job once on sample data, then serve it. A second run repeats nothing.

    \b
    Example: bikao demo --no-serve
    """
    app = ctx.obj.make(port) if isinstance(ctx.obj, Application) else ctx.obj
    with app.app_context():
        prepare(app)
    if not no_serve:
        click.echo(f"\nServing http://{host}:{port}  (stop with Ctrl+C)")
        run_server(app, host, port)


def prepare(app: Flask) -> None:
    """Migrate, tell the story unless it is told, and print what a visitor can try."""
    flask_migrate.upgrade()
    if story.is_told():
        click.echo("The sample data are there already; nothing is repeated.")
        told = recall()
    else:
        told = story.tell(say=click.echo)
    _print_coverage()
    _print_accounts(told)


def _print_coverage() -> None:
    """Coverage per sector and year of the clauses that name a year, from the function behind the page."""
    years = years_of_plans()
    counted = survey(ZHEJIANG, years, today())
    click.echo("\nCoverage in Zhejiang (clauses that name a year; bikao coverage shows all):")
    for year in years:
        for line in counted.lines(year):
            if line.mandate.period.kind == "year" and line.count is not None and line.count.due:
                _title_zh, title = heading_for(line.mandate)
                share = f"{line.count.covered} of {line.count.due} covered"
                click.echo(f"  {year}  {line.mandate.code:<7} {share:<18} {title}")


def _print_accounts(told: Story) -> None:
    click.echo("\nAccounts (sample people, sample password):")
    for who, login, password in told.accounts:
        click.echo(f"  {who:<28} {login:<20} {password}")
    if told.admission is not None:
        number, admission = told.admission
        click.echo(f"  {'trainee, by admission number':<28} {number:<20} {admission}")
    click.echo(f"\nCertificates to verify at /verify: {told.certificate} (valid), {told.revoked} (revoked)")
