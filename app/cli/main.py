"""`bikao`: the group, and how a refusal becomes one sentence and exit status 1."""

from __future__ import annotations

import sys

import click
from flask import Flask

from app.cli import (
    administration,
    blueprint,
    certificate,
    coverage,
    importing,
    importing_kept,
    importing_questions,
    paper,
    questions,
    serving,
)
from app.cli.context import Application
from app.cli.demo.command import demo
from app.config import ConfigError


class Sentences(click.Group):
    """A group whose refusals are one sentence on standard error, without a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx: click.Context) -> None:
    """逢培必考: training, examination and certification.

    Sentences are in English; names, titles of clauses and the reports of `bikao coverage` in Chinese, as in the plans.

    \b
    Example: bikao demo
    """
    if not isinstance(ctx.obj, Flask):  # tests hand over an application of their own
        ctx.obj = Application()


for command in (
    administration.db_group,
    administration.user_group,
    administration.audit_group,
    administration.check,
    importing.import_group,
    questions.export_group,
    questions.bank_group,
    blueprint.blueprint_group,
    paper.paper_group,
    certificate.certificate_group,
    coverage.coverage,
    serving.serve,
    serving.worker_command,
    demo,
):
    main.add_command(command)

for command in (importing_questions.import_questions, importing_kept.list_imports, importing_kept.undo_import):
    importing.import_group.add_command(command)


if __name__ == "__main__":
    sys.exit(main())
