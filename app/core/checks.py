"""What must be right before anybody relies on this installation; shown by `bikao check` and to the administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.core.db import db
from certificates import fonts

Found = tuple[bool, str, dict[str, Any]]
CLOCK_TOLERANCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. name: stable; code and data: what was found, a key of DETAILS with its values."""

    name: str
    is_right: bool
    code: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """Return one line in English for the command line; the page words the code in the reader's language."""
        return DETAILS[self.code] % self.data


DETAILS = {
    "answers": "%(dialect)s answers",
    "at_release": "database at %(current)s, release at %(head)s",
    "behind": "database at %(current)s, release at %(head)s: run `bikao db upgrade`",
    "nothing_encrypted": "set; nothing encrypted yet",
    "keys_open": "open the stored personal data",
    "fonts_complete": "have every character of a certificate",
    "own_clock": "%(at)s UTC",
    "apart": "%(seconds)s s from the database's",
    "error": "%(error)s",
}


def run_checks() -> list[Check]:
    """Return one Check for each of database, migrations, keys, fonts and clock."""
    checks = {"database": _database, "migrations": _migrations, "keys": _keys, "fonts": _fonts, "clock": _clock}
    return list(_run(checks))


def _run(checks: dict[str, Callable[[], Found]]) -> Iterator[Check]:
    for name, look in checks.items():
        try:
            is_right, code, data = look()
        except Exception as error:
            db.session.rollback()
            is_right, code, data = False, "error", {"error": f"{type(error).__name__}: {first_line(error)}"}
        yield Check(name, is_right, code, data)


def first_line(error: Exception) -> str:
    """Return the first line of what *error* says; "" for one that says nothing."""
    return next(iter(str(error).splitlines()), "")


def _database() -> Found:
    db.session.execute(sa.text("SELECT 1"))
    return True, "answers", {"dialect": db.engine.dialect.name}


def head_revision() -> str | None:
    """Return the newest migration that this release brings."""
    return ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()


def current_revision() -> str | None:
    """Return the migration that the database is at."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def _migrations() -> Found:
    current, head = current_revision(), head_revision()
    return current == head, "at_release" if current == head else "behind", {"current": current, "head": head}


def _keys() -> Found:
    """Open one encrypted value: a wrong key must be noticed here, not at the first certificate."""
    query = sa.text("SELECT document_number FROM person ORDER BY id LIMIT 1")
    stored = db.session.scalar(query)
    if stored is None:
        return True, "nothing_encrypted", {}
    current_app.extensions["personal_data"].decrypt(bytes(stored))
    return True, "keys_open", {}


def _fonts() -> Found:
    fonts.standard_fonts().preflight("培训考试合格证明·Aa0", "title")
    return True, "fonts_complete", {}


def _clock() -> Found:
    """Compare with the database's clock where there is one of its own."""
    own = datetime.now(UTC)
    if db.engine.dialect.name == "sqlite":
        return own.year >= 2024, "own_clock", {"at": f"{own:%Y-%m-%d %H:%M:%S}", "moment": own}
    theirs: datetime = db.session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    apart = abs(theirs - own)
    return apart <= CLOCK_TOLERANCE, "apart", {"seconds": f"{apart.total_seconds():.1f}"}
