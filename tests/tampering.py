"""Writing to the database as somebody would who can, and who has switched its triggers off."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.db import db


def tamper(*statements: sa.Executable) -> None:
    """Run *statements* in a transaction of their own, with every trigger out of the way; commits."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(statement)
            return
        triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _sql in triggers:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(statement)
        for _name, sql in triggers:
            connection.exec_driver_sql(sql)
