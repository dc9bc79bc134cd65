"""What must be right before anybody relies on this installation; shown by `bikao check` and to the administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.core.db import db
from certificates import fonts

CLOCK_TOLERANCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. name: stable; detail: one line for the administrator, in English."""

    name: str
    is_right: bool
    detail: str


def run_checks() -> list[Check]:
    """Return one Check for each of database, migrations, keys, fonts and clock."""
    checks = {"database": _database, "migrations": _migrations, "keys": _keys, "fonts": _fonts, "clock": _clock}
    return list(_run(checks))


def _run(checks: dict[str, Callable[[], tuple[bool, str]]]) -> Iterator[Check]:
    for name, look in checks.items():
        try:
            is_right, detail = look()
        except Exception as error:
            db.session.rollback()
            is_right, detail = False, f"{type(error).__name__}: {str(error).splitlines()[0]}"
        yield Check(name, is_right, detail)


def _database() -> tuple[bool, str]:
    db.session.execute(sa.text("SELECT 1"))
    return True, f"{db.engine.dialect.name} answers"


def head_revision() -> str | None:
    """Return the newest migration that this release brings."""
    return ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()


def current_revision() -> str | None:
    """Return the migration that the database is at."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def _migrations() -> tuple[bool, str]:
    current, head = current_revision(), head_revision()
    advice = "" if current == head else ": run `bikao db upgrade`"
    return current == head, f"database at {current}, release at {head}{advice}"


def _keys() -> tuple[bool, str]:
    """Open one encrypted value: a wrong key must be noticed here, not at the first certificate."""
    query = sa.text("SELECT document_number FROM person ORDER BY id LIMIT 1")
    stored = db.session.scalar(query)
    if stored is None:
        return True, "set; nothing encrypted yet"
    current_app.extensions["personal_data"].decrypt(bytes(stored))
    return True, "open the stored personal data"


def _fonts() -> tuple[bool, str]:
    fonts.standard_fonts().preflight("培训考试合格证明·Aa0", "title")
    return True, "have every character of a certificate"


def _clock() -> tuple[bool, str]:
    """Compare with the database's clock where there is one of its own."""
    own = datetime.now(UTC)
    if db.engine.dialect.name == "sqlite":
        return own.year >= 2024, f"{own:%Y-%m-%d %H:%M:%S} UTC"
    theirs: datetime = db.session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    apart = abs(theirs - own)
    return apart <= CLOCK_TOLERANCE, f"{apart.total_seconds():.1f} s from the database's"
