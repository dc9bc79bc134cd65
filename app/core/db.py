"""The database session, the declarative base and the column types all models share."""

from __future__ import annotations

import enum
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from flask import has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An aware UTC moment on both databases; a naive value is refused rather than guessed."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(sa.TypeDecorator[Decimal]):
    """A decimal with two places, kept as a whole number of hundredths: exact and comparable on both databases."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | float | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int((Decimal(str(value)) * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


def choice(cls: type[enum.StrEnum], name: str) -> sa.Enum:
    """Return a column type that stores a StrEnum by value with a CHECK constraint called *name*."""
    return sa.Enum(
        cls,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=40,
        validate_strings=True,
    )


class Base(DeclarativeBase):
    """Every model derives from this; columns, constraints and nothing else."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UTCDateTime, dict[str, Any]: sa.JSON, list[Any]: sa.JSON},
    )


Id = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]

Value = TypeVar("Value")

db = SQLAlchemy(model_class=Base)
migrate = Migrate()


def portions(values: Iterable[Value], size: int = 500) -> Iterator[list[Value]]:
    """Yield *values* in portions of at most *size*, as many as one statement takes as parameters without trouble."""
    left = list(values)
    for start in range(0, len(left), size):
        yield left[start : start + size]


_only_reads: ContextVar[bool] = ContextVar("only reads", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Let a job read for long and hold nobody up: what it does to the database inside is read only.

    On SQLite a transaction outside a page view is a writing one from its start. The one before is ended.
    """
    db.session.rollback()
    token = _only_reads.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        _only_reads.reset(token)


CANNOT_READ = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What reading a value raises that somebody has damaged behind the application's back."""


@contextmanager
def damaged_texts() -> Iterator[None]:
    """Let whoever looks for damage read texts that are no UTF-8 any more, a mark in place of each broken byte.

    SQLite keeps whatever bytes it is given; PostgreSQL cannot hold such a text.
    """
    connection = db.session.connection().connection.driver_connection
    if not isinstance(connection, sqlite3.Connection):
        yield
        return
    connection.text_factory = lambda data: data.decode(errors="replace")
    try:
        yield
    finally:
        connection.text_factory = str


def prepare_sqlite(engine: sa.Engine) -> None:
    """Give a SQLite engine WAL, foreign keys and explicit transactions.

    A writing transaction begins IMMEDIATE: SQLite cannot wait when a read turns into a write, so the lock
    is taken at the start, where busy_timeout queues it. Page views only read and begin DEFERRED.
    """

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # an acknowledged answer survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA recursive_triggers = ON")  # what OR REPLACE pushes out asks the triggers too
        cursor.execute("PRAGMA busy_timeout = 15000")
        cursor.execute("PRAGMA cache_size = -65536")  # KiB; the indexes of a large bank are written from memory
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        reads_only = _only_reads.get() or (has_request_context() and request.method in ("GET", "HEAD"))
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
