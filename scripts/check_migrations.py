"""Fail if models and migrations differ, on SQLite and on PostgreSQL (where one answers; with CI=true it must)."""

from __future__ import annotations

import base64
import os
import sys
import tempfile
import uuid
from pathlib import Path

import flask_migrate
import psycopg
import sqlalchemy as sa

from app.config import Settings
from app.core.db import db
from app.factory import create_app

POSTGRES = os.environ.get("BIKAO_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def agrees(url: str, folder: str) -> bool:
    """Migrate an empty database at *url* and compare it with the models."""
    settings = Settings(
        environment="testing",
        instance=Path(folder),
        database_url=url,
        secret_key="check",  # noqa: S106 - signs nothing
        personal_data_key=base64.b64decode("QmlrYW8gdGVzdCBrZXksIDMyIGJ5dGVzIGxvbmchISE="),
        base_url="http://127.0.0.1",
        rate_limit_storage="memory://",
        issuer_name="check",
    )
    with create_app(settings).app_context():
        try:
            flask_migrate.upgrade()
            flask_migrate.check()
        except SystemExit:
            return False
        finally:
            db.session.remove()
            db.engine.dispose()
    return True


def on_postgres(folder: str) -> bool:
    name = f"bikao_check_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True)
    except psycopg.OperationalError as error:
        print(f"PostgreSQL was not checked: {error}", file=sys.stderr)
        return not os.environ.get("CI")
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            url = sa.make_url(POSTGRES).set(database=name, drivername="postgresql+psycopg")
            return agrees(url.render_as_string(hide_password=False), folder)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        right = [agrees(f"sqlite:///{folder}/check.sqlite3", folder), on_postgres(folder)]
    print("Models and migrations agree." if all(right) else "Models and migrations differ: write a migration.")
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
