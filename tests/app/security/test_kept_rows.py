# ruff: noqa: S608 - the statements are put together from the words in this file
"""What the database itself refuses: changing what was written down, and a certificate without a passed exam."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.audit.models import AuditEvent
from app.audit.service import faults
from app.certification import keys
from app.certification.models import Certificate, CertificateEvent, SigningKey
from app.core.clock import now
from app.core.db import db
from app.sittings.models import Answer, Attempt
from app.training.models import Exemption
from tests import sample
from tests.app.certification.samples import changed, issued, passed_attempt

KEPT = ("audit_event", "answer", "certificate_event", "standing_event", "exemption", "certificate", "attempt")


def everything_once() -> Certificate:
    """One row at least in every table that is kept; committed."""
    certificate = issued()
    db.session.add(Answer(attempt_id=certificate.attempt_id, sequence=1, slot=1, response=["A"], saved_at=now()))
    enrolment = sample.enrolment(certificate.attempt.enrolment.training_session)
    db.session.add(
        Exemption(enrolment_id=enrolment.id, reason="示例", document_number="示例", by_name="示例", at=now())
    )
    changed(certificate, "suspend")
    return certificate


def refused(statement: str) -> None:
    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(sa.text(statement))


@pytest.mark.parametrize("table", KEPT)
def test_rows_are_not_deleted(app: Flask, table: str) -> None:
    everything_once()
    db.session.rollback()
    if table != "standing_event":  # it has no row here, and a trigger of rows has nothing to refuse
        refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", KEPT)
def test_tables_are_not_emptied_at_a_stroke(app: Flask, table: str) -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.rollback()
        refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", [table for table in KEPT if table != "standing_event"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_rows_are_not_pushed_out_by_or_replace(app: Flask, table: str, recursive: str) -> None:
    """With another program's connection too, in which SQLite asks no trigger about what it replaces."""
    everything_once()
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.detach()  # its setting ends with it
            connection.exec_driver_sql(f"PRAGMA recursive_triggers = {recursive}")
            with pytest.raises(IntegrityError):
                connection.execute(sa.text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"))


def test_an_answer_is_not_pushed_out_by_its_sequence(app: Flask) -> None:
    certificate = everything_once()
    attempt_id = certificate.attempt_id
    db.session.rollback()
    verb = "INSERT OR REPLACE" if db.engine.dialect.name == "sqlite" else "INSERT"
    refused(
        f"{verb} INTO answer (id, attempt_id, sequence, slot, response, saved_at) "
        f"SELECT 999, {attempt_id}, 1, 1, response, saved_at FROM answer LIMIT 1"
    )


@pytest.mark.parametrize(
    "change",
    [
        "holder_name = '章冒名'",
        "number = 'ZJ-2026-9999999-X'",
        "token = 'x'",
        "attempt_id = attempt_id + 1",
        "person_id = person_id + 1",
        "region_code = '110000'",
        "facts = '{}'",
        "signed = 'x'",
        "template = 'x'",
        "issued_on = '2020-01-01'",
        "valid_until = '2040-01-01'",
    ],
)
def test_the_facts_of_a_certificate_stay_as_they_were_signed(app: Flask, change: str) -> None:
    issued()
    db.session.rollback()
    refused(f"UPDATE certificate SET {change}")


def test_its_state_and_its_drawing_still_change(app: Flask) -> None:
    certificate = issued()
    certificate.pdf_digest = "0" * 64
    db.session.commit()
    assert changed(certificate, "revoke").state.value == "revoked"


@pytest.mark.parametrize("score", [50, None])
def test_no_certificate_stands_on_an_exam_that_was_not_passed(app: Flask, score: int | None) -> None:
    certificate = issued()
    other = passed_attempt("周样本", score=50) if score else certificate.attempt
    values = {column.name: getattr(certificate, column.key) for column in sa.inspect(Certificate).columns}
    values |= {"id": 99, "number": "x", "token": "x", "attempt_id": other.id if score else 9999}
    db.session.rollback()
    for claimed in (True, False, None):
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(sa.insert(Certificate).values({**values, "attempt_passed": claimed}))


def test_a_finished_attempt_takes_no_other_result(app: Flask) -> None:
    passed_attempt("周样本", score=50)
    db.session.rollback()
    refused("UPDATE attempt SET passed = (1 = 1), score = 10000")
    assert db.session.scalars(sa.select(Attempt.passed)).all() == [False]


def test_two_first_certificates_at_once_make_one_key(app: Flask) -> None:
    db.session.rollback()

    def kid() -> str:
        with app.app_context():
            found = keys.active_key(now=now()).kid
            db.session.commit()
            db.session.remove()
        return found

    with ThreadPoolExecutor(4) as pool:
        kids = {future.result() for future in [pool.submit(kid) for _worker in range(4)]}
    rows = db.session.scalars(sa.select(SigningKey)).all()
    assert len(kids) == len(rows) == 1
    made = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "SigningKeyMade")).all()
    assert len(made) == 1 and list(faults()) == []


def test_the_database_keeps_one_active_key(app: Flask) -> None:
    first = keys.active_key(now=now())
    first.retired_at = now() + timedelta(days=1)
    db.session.flush()
    assert keys.active_key(now=now()).kid != first.kid
    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(SigningKey).values(retired_at=None))


def test_an_event_of_a_certificate_keeps_its_words(app: Flask) -> None:
    everything_once()
    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(CertificateEvent).values(by_name="别人"))
