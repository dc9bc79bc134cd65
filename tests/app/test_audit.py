"""The audit chain holds, and says where it does not."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit import events
from app.audit.models import AuditEvent, AuditHead
from app.audit.service import Fault, faults, record, timeline
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db
from tests.tampering import tamper


def record_three() -> None:
    for number in (1, 2, 3):
        record(events.EnterpriseSaved(number, change=f"示例 {number}"), actor=SYSTEM, now=now())
    db.session.commit()


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


def test_an_event_that_cannot_be_read_any_more_is_named_and_the_others_are_walked(app: Flask) -> None:
    """SQLite takes any bytes for a text; PostgreSQL refuses them."""
    if db.engine.dialect.name == "postgresql":
        return
    record_three()
    tamper(sa.text("UPDATE audit_event SET data = CAST(X'7BFF' AS TEXT) WHERE id = 2"))
    assert list(faults()) == [Fault(2, "unreadable")]
    tamper(sa.text("UPDATE audit_event SET actor_name = CAST(X'FF' AS TEXT) WHERE id = 3"))
    assert list(faults()) == [Fault(2, "unreadable"), Fault(3, "changed")]


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


def test_every_kind_of_event_is_named_in_one_place() -> None:
    modules = [importlib.import_module(one.name) for one in pkgutil.iter_modules(events.__path__, "app.audit.events.")]
    classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    kinds = {one.kind(): one for one in classes if issubclass(one, events.Event)}
    assert kinds == {name: getattr(events, name) for name in events.__all__}
