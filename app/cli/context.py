"""What every command has in common: the application, one commit, refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.config import SAMPLE_PORT, from_environment
from app.core.db import db
from app.core.errors import ServiceError, sentence
from app.factory import create_app

P = ParamSpec("P")
R = TypeVar("R")


class Application:
    """Makes the application when the first command needs it, so that --help needs none."""

    def make(self, port: int = SAMPLE_PORT) -> Flask:
        """Return the application; port: where it will be served, if it will be."""
        return create_app(from_environment(port=port))


def in_english(code: str, data: dict[str, Any] | None = None) -> str:
    """Return the sentence for a refusal in English, as every other sentence of the command line is."""
    with force_locale("en"):
        return sentence(code, data)


def in_application(command: Callable[P, R]) -> Callable[P, R]:
    """Run *command* inside the application: commit when it returns, roll back and say one sentence when refused, or
    when the database is away, empty or of another release."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        ctx = click.get_current_context()
        app = ctx.obj if isinstance(ctx.obj, Flask) else ctx.obj.make()
        with app.app_context():
            try:
                result = command(*args, **kwargs)
                db.session.commit()
            except ServiceError as error:
                db.session.rollback()
                raise click.ClickException(in_english(error.code, error.data)) from error
            except (OperationalError, ProgrammingError) as error:
                db.session.rollback()
                raise click.ClickException(_unanswered(error)) from error
            return result

    return run


def _unanswered(error: DBAPIError) -> str:
    """Return why the database gave no answer, in one sentence, and what to do."""
    reason = str(error.orig).strip().partition("\n")[0]
    return (
        f"The database did not answer ({reason}). Run `bikao check`; on a new installation, `bikao db upgrade` first."
    )
