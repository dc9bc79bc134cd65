"""The audit chain holds, and says where it does not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit import events
from app.audit.models import AuditEvent, AuditHead
from app.audit.service import Fault, faults, record, timeline
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db


def record_three() -> None:
    for number in (1, 2, 3):
        record(events.EnterpriseSaved(number, change=f"示例 {number}"), actor=SYSTEM, now=now())
    db.session.commit()


def tamper(statement: sa.Executable) -> None:
    """Change the chain as somebody would who can write to the database and has switched its triggers off."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            connection.execute(statement)
            return
        triggers = connection.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'")
        ).all()
        for name, _sql in triggers:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(statement)
        for _name, sql in triggers:
            connection.exec_driver_sql(sql)


def test_an_untouched_chain_has_no_faults(app: Flask) -> None:
    record_three()
    assert list(faults()) == []


def test_an_empty_chain_has_no_faults(app: Flask) -> None:
    assert list(faults()) == []


@pytest.mark.parametrize("column", ["kind", "actor_name", "actor_role", "subject_type"])
def test_one_changed_letter_is_found_where_it_is(app: Flask, column: str) -> None:
    record_three()
    tamper(sa.update(AuditEvent).where(AuditEvent.id == 2).values({column: "x"}))
    assert Fault(2, "changed") in list(faults())


def test_changed_data_is_found(app: Flask) -> None:
    record_three()
    tamper(sa.update(AuditEvent).where(AuditEvent.id == 2).values(data={"change": "示例 9"}))
    assert list(faults()) == [Fault(2, "changed")]


def test_a_removed_event_is_found(app: Flask) -> None:
    record_three()
    tamper(sa.delete(AuditEvent).where(AuditEvent.id == 2))
    assert Fault(2, "missing") in list(faults())


def test_a_cut_off_tail_is_found(app: Flask) -> None:
    record_three()
    tamper(sa.delete(AuditEvent).where(AuditEvent.id == 3))
    assert list(faults()) == [Fault(3, "cut_off")]


def test_a_tail_cut_off_together_with_the_head_is_found_by_its_digest(app: Flask) -> None:
    record_three()
    tamper(sa.update(AuditHead).values(length=2))
    assert [fault.code for fault in faults()] == ["cut_off"]


@pytest.mark.parametrize("statement", [sa.update(AuditEvent).values(kind="x"), sa.delete(AuditEvent)])
def test_the_database_refuses_to_change_an_event(app: Flask, statement: sa.Executable) -> None:
    record_three()
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(statement)


def test_an_event_vanishes_with_the_change_that_failed(app: Flask) -> None:
    record_three()
    record(events.EnterpriseSaved(4, change="示例 4"), actor=SYSTEM, now=now())
    db.session.rollback()
    assert list(faults()) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 3


def test_the_timeline_of_a_record_holds_its_own_events(app: Flask) -> None:
    record_three()
    assert [event.data["change"] for event in timeline("enterprise", 2)] == ["示例 2"]
