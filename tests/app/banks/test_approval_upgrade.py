"""The step that lets the database hold approval: it stops at what breaks the rule, and loses no trigger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.core.db import db
from tests.app.upgrading import old_database

STEP = "0010"
FORGED = "UPDATE question_version SET approved_by_id = author_id WHERE id = 2"
KEPT = {"question_counted", "question_recounted", "question_forgotten"}


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A database with questions, one step before the database holds approval."""
    with old_database(request.param, tmp_path) as app:
        flask_migrate.upgrade(revision=f"{STEP}-1")
        yield app


def write(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text(statement))


def triggers() -> set[str]:
    """Return the names of the triggers of questions and their versions."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('question', 'question_version')"
    if db.engine.dialect.name == "postgresql":
        query = (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid IN ('question'::regclass, 'question_version'::regclass)"
        )
    with db.engine.connect() as connection:
        return set(connection.scalars(sa.text(query)))


def revision() -> str:
    with db.engine.connect() as connection:
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def test_the_step_adds_triggers_and_loses_none(before: Flask) -> None:
    earlier = triggers()
    assert earlier >= KEPT
    flask_migrate.upgrade(revision=STEP)
    assert triggers() > earlier
    flask_migrate.downgrade()
    assert triggers() == earlier
    write(FORGED)


def test_old_data_are_held_to_it_as_soon_as_somebody_moves_them(before: Flask) -> None:
    """What release 0.1.0 calls approved stays so; what is approved from now on was approved by somebody else."""
    flask_migrate.upgrade(revision=STEP)
    for statement in (FORGED, "UPDATE question SET state = 'approved' WHERE state <> 'approved'"):
        with pytest.raises(IntegrityError):
            write(statement)
    write("UPDATE question SET difficulty = 1 WHERE state = 'approved'")


def test_the_step_stops_at_a_version_that_its_author_approved(before: Flask, caplog: pytest.LogCaptureFixture) -> None:
    write(FORGED)
    was = revision()
    with pytest.raises(SystemExit):
        flask_migrate.upgrade(revision=STEP)
    assert "approved by who wrote them: qa-0002 version 1. This step was not taken." in caplog.text
    assert (revision(), triggers() >= KEPT) == (was, True)
    write("UPDATE question_version SET approved_by_id = 2 WHERE id = 2")
    flask_migrate.upgrade(revision=STEP)
    assert revision() == STEP
