"""Throw-away databases with a bank in them, and the real application on each."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import argon2
import flask_migrate
import psycopg
import sqlalchemy as sa
from flask import Flask

from app.accounts import service as accounts
from app.banks import copies, reference, service
from app.banks.models import Bank, QuestionVersion
from app.config import Settings
from app.core.actors import SYSTEM, Actor, Role
from app.core.clock import now
from app.core.db import db
from app.factory import create_app
from bench import synthetic
from question_bank.questions import Question

POSTGRES = os.environ.get("BIKAO_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
LOGIN, PASSWORD = "bench", "bench-password-1"
AUTHOR = Actor(None, "示例作者", Role.ADMINISTRATOR, "")
ADDED_AT_ONCE = 5_000
# Of ten questions: in which state they are.
STATES = ("draft", "draft", "in_review", *["approved"] * 6, "suspended")


@contextmanager
def application(database: str, folder: Path) -> Iterator[Flask]:
    """Yield the application on an empty, migrated database of its own: database is "sqlite" or "postgresql"."""
    folder.mkdir(parents=True)
    if database == "sqlite":
        yield from _migrated(f"sqlite:///{folder}/bench.sqlite3", folder)
        return
    name = f"bikao_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            url = sa.make_url(POSTGRES).set(database=name, drivername="postgresql+psycopg")
            yield from _migrated(url.render_as_string(hide_password=False), folder)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(
        environment="testing",
        instance=folder,
        database_url=url,
        secret_key="bench" * 8,
        personal_data_key=base64.b64decode("QmlrYW8gdGVzdCBrZXksIDMyIGJ5dGVzIGxvbmchISE="),
        base_url="http://127.0.0.1:8000",
        rate_limit_storage="memory://",
        issuer_name="示例签发机关",
    )


def make_app(settings: Settings) -> Flask:
    app = create_app(settings)
    app.testing = True
    app.extensions["password_hasher"] = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return app


def _migrated(url: str, folder: Path) -> Iterator[Flask]:
    app = make_app(settings_for(url, folder))
    with app.app_context():
        flask_migrate.upgrade()
        reference.load_banks(now())
        accounts.add_user(LOGIN, "示例管理员", PASSWORD, Role.ADMINISTRATOR, "", actor=SYSTEM, now=now())
        db.session.commit()
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def fill(app: Flask, contents: Sequence[Question]) -> None:
    """Write *contents* as the import does, then move them to the states that a bank in use has."""
    with app.app_context():
        ids = {bank.code: bank.id for bank in db.session.scalars(sa.select(Bank))}
        for start in range(0, len(contents), ADDED_AT_ONCE):
            drafts = [copies.draft_of(content) for content in contents[start : start + ADDED_AT_ONCE]]
            service.add_drafts(drafts, ids, actor=AUTHOR, now=now())
            db.session.commit()
        for place, state in enumerate(STATES):
            if state in ("approved", "suspended"):
                signed = sa.update(QuestionVersion).where(QuestionVersion.question_id % len(STATES) == place)
                db.session.execute(signed.values(approved_by_name="示例审定人", approved_at=now()))
            moved = sa.text("UPDATE question SET state = :state WHERE id % :parts = :place AND state <> :state")
            db.session.execute(moved, {"state": state, "parts": len(STATES), "place": place})
            db.session.commit()
        settle()


def settle() -> None:
    """Let PostgreSQL do what its autovacuum does after a while; SQLite has nothing of the kind."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def varied(count: int) -> list[Question]:
    """Return *count* questions for the general bank, and the same few for another, as in an installation in use."""
    return [*synthetic.questions("general", count, seed=1), *synthetic.questions("mines", 200, seed=2)]
