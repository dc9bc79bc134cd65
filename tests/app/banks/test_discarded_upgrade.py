"""The step that knows discarded drafts and pictures nobody used: what it finds in a database that is in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.core.db import db
from tests.app.banks.test_approval_upgrade import triggers
from tests.app.upgrading import old_database

STEP = "0012"
MOMENT = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
SHOWN, LEFT = "a" * 64, "b" * 64


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A database with questions and two pictures, of which one is shown, one step before."""
    with old_database(request.param, tmp_path) as app:
        flask_migrate.upgrade(revision=f"{STEP}-1")
        with db.engine.begin() as connection:
            tables = sa.MetaData()
            tables.reflect(connection, only=["picture", "question_version"])
            picture, version = tables.tables["picture"], tables.tables["question_version"]
            held = {"media_type": "image/png", "width": 1, "height": 1, "size": 1, "content": b"x"}
            rows = [{**held, "digest": digest, "created_at": MOMENT} for digest in (SHOWN, LEFT)]
            connection.execute(sa.insert(picture), rows)
            first = connection.execute(sa.select(version.c.id, version.c.payload).order_by(version.c.id)).first()
            assert first is not None
            payload = {**first.payload, "explanation": f'<img src="picture:{SHOWN}" alt="图">'}
            connection.execute(sa.update(version).where(version.c.id == first.id).values(payload=payload))
        yield app


def asked(statement: str) -> list[Any]:
    with db.engine.begin() as connection:
        found = connection.execute(sa.text(statement))
        return [tuple(row) for row in found] if found.returns_rows else []


def test_pictures_that_no_version_shows_are_unclaimed_since_they_were_brought(before: Flask) -> None:
    flask_migrate.upgrade(revision=STEP)
    found = asked("SELECT digest, created_at = unclaimed_since FROM picture ORDER BY digest")
    assert [(digest, bool(is_left)) for digest, is_left in found] == [(SHOWN, False), (LEFT, True)]


def test_the_step_loses_no_trigger_and_goes_back_while_nothing_was_discarded(before: Flask) -> None:
    earlier = triggers()
    flask_migrate.upgrade(revision=STEP)
    assert triggers() == earlier
    flask_migrate.downgrade()
    assert triggers() == earlier
    flask_migrate.upgrade(revision=STEP)
    asked("UPDATE question_version SET discarded_at = created_at WHERE approved_at IS NULL")
    with pytest.raises(SystemExit):
        flask_migrate.downgrade()
    assert asked("SELECT count(*) FROM question_version WHERE discarded_at IS NOT NULL") != [(0,)]


def test_what_was_approved_is_never_discarded(before: Flask) -> None:
    flask_migrate.upgrade(revision=STEP)
    with pytest.raises(IntegrityError, match="ck_question_version_discarded_unapproved"):
        asked("UPDATE question_version SET discarded_at = created_at, approved_at = created_at")


def test_the_jobs_that_somebody_asked_for_are_found_by_an_index(before: Flask) -> None:
    flask_migrate.upgrade(revision=STEP)
    found = sa.inspect(db.engine).get_indexes("job")
    assert ["created_by_id", "created_at"] in [index["column_names"] for index in found]
