"""Taking a row for oneself until the commit."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa

from app.core.db import Base, db

Row = TypeVar("Row", bound=Base)


def locked(row: Row, *, shared: bool = False) -> Row:
    """Lock *row* until the commit, read it afresh and return it.

    shared: others may share it too, but nobody change it. Not Session.refresh: that repeats the joins with which the
    row was loaded, and PostgreSQL locks no outer join.
    """
    model = type(row)
    key = sa.inspect(row).identity
    if key is None:
        raise ValueError("only a row that is in the database can be locked")
    query = sa.select(model).where(sa.inspect(model).primary_key[0] == key[0])
    query = query.with_for_update(read=shared, of=model).execution_options(populate_existing=True)
    return db.session.scalars(query).one()
