"""The application on SQLite and on PostgreSQL, migrated once a run and emptied before each test."""

from __future__ import annotations

import base64
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import argon2
import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from app.config import Settings
from app.core.db import db
from app.core.limits import limiter
from app.factory import create_app

POSTGRES = os.environ.get("BIKAO_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
STARTED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 2026-03-02 09:00 in Shanghai
KEPT_ROWS = {"alembic_version", "audit_head"}
PATIENCE = 15_000  # ms that a page is waited for: the machine has other work
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = STARTED

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **timespan: float) -> None:
        self.moment += timedelta(**timespan)

    def set(self, moment: datetime) -> None:
        self.moment = moment


def settings_for(url: str, instance: Path) -> Settings:
    return Settings(
        environment="testing",
        instance=instance,
        database_url=url,
        secret_key="a key for tests",
        personal_data_key=base64.b64decode("QmlrYW8gdGVzdCBrZXksIDMyIGJ5dGVzIGxvbmchISE="),
        base_url="http://127.0.0.1:8000",
        rate_limit_storage="memory://",
        issuer_name="示例签发机关",
    )


def make_app(url: str, instance: Path, clock: Clock) -> Flask:
    app = create_app(settings_for(url, instance), ticking=clock)
    app.testing = True
    app.extensions["password_hasher"] = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return app


@contextmanager
def postgres_database() -> Iterator[str]:
    """The address of a new database, dropped afterwards; without a server, skipped at home and failed in CI."""
    name = f"bikao_test_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL does not answer: {error}")
        pytest.skip("PostgreSQL does not answer; set BIKAO_TEST_POSTGRES")
    with server:
        server.execute(f"CREATE DATABASE {name}")
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")  # no test outlives a power cut
    try:
        yield str(sa.make_url(POSTGRES).set(database=name, drivername="postgresql+psycopg").render_as_string(False))
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as again:
            again.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this run's own."""
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def clock_of_run() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def apps(clock_of_run: Clock, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Flask]:
    """Migrated applications by database name, made at first use."""
    return {}


def _migrated(name: str, request: pytest.FixtureRequest, apps: dict[str, Flask], clock: Clock) -> Flask:
    if name not in apps:
        folder = request.getfixturevalue("tmp_path_factory").mktemp(name)
        url = f"sqlite:///{folder}/test.sqlite3" if name == "sqlite" else request.getfixturevalue("postgres_url")
        app = make_app(url, folder, clock)
        with app.app_context():
            flask_migrate.upgrade()
        apps[name] = app
        request.session.addfinalizer(lambda: _dispose(app))
    return apps[name]


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, apps: dict[str, Flask], clock_of_run: Clock) -> Iterator[Flask]:
    """The application with an empty, migrated database, inside its context; each test runs on both databases."""
    app = _migrated(request.param, request, apps, clock_of_run)
    clock_of_run.set(STARTED)
    with app.app_context():
        _empty()
        limiter.reset()
        yield app
        db.session.remove()
    shutil.rmtree(Path(app.config["SETTINGS"].instance) / "files", ignore_errors=True)


def _empty() -> None:
    """Empty every table, numbers from 1 again; triggers that keep rows step aside."""
    tables = [table for table in db.metadata.sorted_tables if table.name not in KEPT_ROWS]
    filled: list[sa.TableClause] = []
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            filled = _empty_postgresql(connection, [sa.table("question_search"), *tables])
        else:
            _empty_sqlite(connection, tables)
        connection.execute(sa.text("UPDATE audit_head SET length = 0, digest = :none"), {"none": "0" * 64})
    if filled:  # no room is left before the next rows, so that they lie in the order in which they came
        names = ", ".join(f'"{table.name}"' for table in filled)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"VACUUM {names}"))


def _empty_postgresql(connection: sa.Connection, tables: list[sa.TableClause]) -> list[sa.TableClause]:
    """Empty the tables and return those that had rows. TRUNCATE makes all their files anew and is 30 times as slow."""
    has_rows = [sa.select(sa.literal(place)).where(sa.exists().select_from(each)) for place, each in enumerate(tables)]
    filled = [tables[place] for place in connection.execute(sa.union_all(*has_rows)).scalars()]
    connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
    for table in filled:
        connection.execute(table.delete())
    connection.execute(sa.text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"))
    return filled


def _empty_sqlite(connection: sa.Connection, tables: list[sa.Table]) -> None:
    triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _sql in triggers:
        connection.execute(sa.text(f"DROP TRIGGER {name}"))
    connection.execute(sa.text("DELETE FROM question_search"))
    for table in reversed(tables):
        connection.execute(table.delete())
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


@pytest.fixture
def clock(clock_of_run: Clock) -> Clock:
    """The clock of the application under test; it stands at STARTED."""
    return clock_of_run


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium; where it is missing, skipped at home and failed in CI."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed: apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()
