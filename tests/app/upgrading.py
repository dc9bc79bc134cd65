"""A database of release 0.1.0 with data in it, to be upgraded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from flask import Flask

from app.core.db import db
from tests.app import release_010
from tests.conftest import Clock, make_app, postgres_database


@contextmanager
def old_database(dialect: str, folder: Path) -> Iterator[Flask]:
    """The application on a database of its own as release 0.1.0 left it, inside its context.

    dialect: "sqlite" (a file in *folder*) or "postgresql".
    """
    if dialect == "postgresql":
        with postgres_database() as url, _filled(url, folder) as app:
            yield app
    else:
        with _filled(f"sqlite:///{folder}/old.sqlite3", folder) as app:
            yield app


@contextmanager
def _filled(url: str, folder: Path) -> Iterator[Flask]:
    app = make_app(url, folder, Clock())
    with app.app_context():
        flask_migrate.upgrade(revision="0002")
        with db.engine.begin() as connection:
            release_010.fill(connection)
        yield app
        db.session.remove()
        db.engine.dispose()
