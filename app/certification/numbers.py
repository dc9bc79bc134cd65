"""Certificate numbers without gaps: the series' row is locked from taking a number until the commit."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.certification.models import NumberSeries
from app.core.db import db


def locked_series(prefix: str, year: int) -> NumberSeries:
    """Return the series of *prefix* and *year*, made at first use and locked FOR UPDATE.

    Whoever comes second waits until the first has committed or rolled back; a number that was taken in a transaction
    that failed is given again, so that the series has no gap. SQLite has one writer at a time anyway.
    """
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    values = {"prefix": prefix, "year": year, "last": 0}
    db.session.execute(dialect.insert(NumberSeries).values(**values).on_conflict_do_nothing())
    query = sa.select(NumberSeries).where(NumberSeries.prefix == prefix, NumberSeries.year == year)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
