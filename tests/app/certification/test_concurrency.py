"""Many workers at once: numbers stay gapless and one attempt gets one certificate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from app.audit.service import faults
from app.certification import service
from app.certification.models import Certificate, NumberSeries
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.sittings.models import Attempt
from tests.app.certification.samples import changed, issued, passed_attempt

WORKERS = 4


def issue_in_own_transaction(app: Flask, attempt_id: int) -> str | None:
    """Issue as another process would; None if it was refused."""
    with app.app_context():
        try:
            number = service.issue(db.session.get_one(Attempt, attempt_id), actor=SYSTEM, now=now()).number
            db.session.commit()
        except ServiceError:
            db.session.rollback()
            return None
        finally:
            db.session.remove()
        return number


def issued_at_once(app: Flask, attempt_ids: list[int]) -> list[str | None]:
    db.session.rollback()  # the test's own transaction must not stand in their way
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda attempt_id: issue_in_own_transaction(app, attempt_id), attempt_ids))


def test_numbers_are_gapless_when_many_are_issued_at_once_and_some_are_refused(app: Flask) -> None:
    attempts = [passed_attempt(f"示例{serial}", score=50 if serial % 4 == 3 else 90).id for serial in range(12)]
    numbers = issued_at_once(app, attempts)
    db.session.rollback()
    serials = sorted(int(number.split("-")[2]) for number in numbers if number)
    assert serials == list(range(1, 10))
    assert db.session.scalars(sa.select(NumberSeries.last)).all() == [9]
    assert list(faults()) == []


def test_issuing_and_replacing_at_once_ends_with_gapless_numbers(app: Flask) -> None:
    held = [issued(f"旧{serial}").id for serial in range(6)]
    passed = [passed_attempt(f"新{serial}").id for serial in range(6)]
    db.session.rollback()

    def replaced_in_own_transaction(certificate_id: int) -> None:
        with app.app_context():
            changed(db.session.get_one(Certificate, certificate_id), "replace")
            db.session.remove()

    with ThreadPoolExecutor(WORKERS) as pool:
        work = [pool.submit(replaced_in_own_transaction, each) for each in held]
        work += [pool.submit(issue_in_own_transaction, app, each) for each in passed]
        for done in work:
            done.result()
    assert db.session.scalars(sa.select(NumberSeries.last)).all() == [18]
    assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 18
    assert list(faults()) == []


def test_one_attempt_issued_by_many_at_once_gets_one_certificate(app: Flask) -> None:
    attempt = passed_attempt()
    numbers = issued_at_once(app, [attempt.id] * (WORKERS * 2))
    db.session.rollback()
    assert len(set(numbers)) == 1
    assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 1
    assert db.session.scalars(sa.select(NumberSeries.last)).all() == [1]
