"""The pool of a large bank."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import pool
from app.banks.models import QuestionVersion
from app.core.db import db
from tests import sample


def test_a_pool_is_the_same_however_many_versions_a_statement_reads(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.banks("mines")
    ids = list(db.session.scalars(sa.select(QuestionVersion.id)))
    whole = pool.pool_of(ids)
    monkeypatch.setattr(pool, "READ_AT_ONCE", 7)
    in_pieces = pool.pool_of(ids[::-1])
    assert len(whole) == len(ids) > 14
    assert in_pieces.digest == whole.digest
