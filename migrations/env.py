"""Alembic's environment: runs inside the application, on whichever database it has."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.core.db import db

config = context.config


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our column types by what they are in the database, so that a migration never imports the application."""
    if kind == "type" and type(item).__module__.startswith("app."):
        if type(item).__name__ == "UTCDateTime":
            return "sa.DateTime(timezone=True)"
        if type(item).__name__ == "EncryptedText":
            return "sa.LargeBinary()"
        if type(item).__name__ == "Hundredths":
            return "sa.Integer()"
    return False


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave the search index out of comparisons: it is no model, and its tables are each database's own."""
    return not (kind == "table" and name is not None and name.startswith("question_search"))


def run_migrations() -> None:
    """Run on the connection handed over by a caller (tests), or on one of the application's engine."""
    connection = config.attributes.get("connection")
    if connection is not None:
        migrate_on(connection)
        return
    with current_app.extensions["migrate"].db.engine.connect() as own:
        migrate_on(own)
        own.commit()


def migrate_on(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        include_name=include_name,
    )
    with context.begin_transaction():
        context.run_migrations()


run_migrations()
