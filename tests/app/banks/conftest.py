from __future__ import annotations

import pytest
from flask import Flask

from app.banks.models import Bank
from app.core.clock import now
from app.core.db import db
from tests import sample


@pytest.fixture
def bank(app: Flask) -> Bank:
    found: Bank = sample.added(Bank(code="general", name_zh="通用题库", name_en="General", created_at=now()))
    db.session.commit()
    return found
