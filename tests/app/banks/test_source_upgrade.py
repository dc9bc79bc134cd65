"""Marks of legal documents brought along by migration 0008: what the row of a document held, what it had forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks.documents import marks_of
from app.banks.doubts import comparisons, doubts_of
from app.banks.models import Question, QuestionState
from app.banks.models_documents import LegalDocument, LegalDocumentMark
from app.banks.queries import content_of, current_of
from app.core.db import db
from question_bank.sources import Comparison, Standing
from tests.app.banks.test_source_marks import carried_out
from tests.app.upgrading import old_database

MOMENT = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
DOCUMENT = "示例法规"
"""What the questions of release_010 rest on, article one."""


def said(standing: str, note: str, articles: list[str] | None = None) -> dict[str, Any]:
    """Return the data of an event as it was written before."""
    return {
        "document": DOCUMENT,
        "standing": standing,
        "changed_on": "" if standing == "in_force" else "2026-02-01",
        "note": note,
        "document_number": "示例令第1号",
        "replaced_by": "",
        "articles": articles or [],
        "questions": 0,
    }


HISTORY = [
    ("repealed", "标错了文件", []),
    ("in_force", "并未废止", []),
    ("changed", "第一条修改", ["第一条"]),
    ("changed", "第二条修改", ["第二条"]),
]
"""What was recorded of DOCUMENT, oldest first; its row knows of the last only."""


def fill(connection: sa.Connection) -> None:
    """Write marks and a comparison; *connection* is at migration 0007."""
    tables = sa.MetaData()
    tables.reflect(connection)
    document, event = tables.tables["legal_document"], tables.tables["audit_event"]
    held = {"note": "", "document_number": "", "replaced_by": "", "created_at": MOMENT, "recorded_at": MOMENT}
    last = {**held, "standing": "changed", "changed_on": date(2026, 2, 1), "recorded_by_name": "李示例"}
    connection.execute(sa.update(document).values(**{**last, "note": "第二条修改", "articles": ["第二条"]}))
    lonely = {**last, "key": "无史示例法", "name": "无史示例法", "standing": "repealed", "articles": [], "note": "无史"}
    untouched = {**held, "key": "现行示例法", "name": "现行示例法", "standing": "in_force", "articles": []}
    connection.execute(sa.insert(document), lonely)
    connection.execute(sa.insert(document), untouched)
    document_id = connection.scalar(sa.select(document.c.id).where(document.c.name == DOCUMENT))
    events = [("LegalDocumentMarked", "legal_document", document_id, said(*one)) for one in HISTORY]
    compared = {"state": "approved", "version": 2, "reason": "", "is_source_checked": True}
    events.append(("QuestionMoved", "question", 2, compared))
    for number, (kind, subject_type, subject_id, data) in enumerate(events, start=1):
        row = {"id": number, "at": MOMENT + timedelta(hours=number), "kind": kind, "data": data}
        row |= {"actor_id": 7, "actor_name": "李示例", "actor_role": "regulator", "previous": "0" * 64}
        row |= {"subject_type": subject_type, "subject_id": subject_id, "digest": f"{number:064}"}
        connection.execute(sa.insert(event), row)
    connection.execute(sa.update(tables.tables["audit_head"]).values(length=len(events), digest=f"{len(events):064}"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with old_database(request.param, tmp_path_factory.mktemp("marks")) as app:
        flask_migrate.upgrade(revision="0007")
        with db.engine.begin() as connection:
            fill(connection)
        flask_migrate.upgrade()
        yield app


@pytest.fixture
def upgraded(upgraded_once: Flask) -> Iterator[Flask]:
    """The application on that database, brought up to this release; a test commits nothing."""
    with upgraded_once.app_context():
        yield upgraded_once
        db.session.rollback()
        db.session.remove()


def document(name: str) -> LegalDocument:
    return db.session.scalars(sa.select(LegalDocument).where(LegalDocument.name == name)).one()


def test_marks_that_a_later_one_had_overwritten_are_found_again(upgraded: Flask) -> None:
    marks = document(DOCUMENT).marks
    assert [(one.standing.value, one.note, one.articles) for one in marks] == [
        one for one in HISTORY if one[2] or one[0] == "repealed"
    ]
    assert [one.note for one in marks_of(document(DOCUMENT))] == ["第一条修改", "第二条修改"]
    first = marks[1]
    assert (first.since, first.recorded_by_name, first.recorded_by_id) == (date(2026, 2, 1), "李示例", 7)
    assert first.recorded_at == MOMENT + timedelta(hours=3)
    assert (marks[0].withdrawn_at, marks[0].withdrawal_reason) == (MOMENT + timedelta(hours=2), "并未废止")


def test_a_mark_without_a_history_is_the_one_that_its_document_held(upgraded: Flask) -> None:
    (mark,) = document("无史示例法").marks
    assert (mark.standing, mark.note, mark.since) == (Standing.REPEALED, "无史", date(2026, 2, 1))
    assert mark.recorded_at == mark.carried_out_at == MOMENT
    assert document("现行示例法").marks == []


def test_what_was_compared_stays_compared_and_the_rest_needs_it(upgraded: Flask) -> None:
    found = {one.code: one for one in db.session.scalars(sa.select(Question))}
    compared, other = found["qa-0002"], found["qa-0004"]
    day = MOMENT.date()
    done = comparisons(compared, content_of(current_of(compared)))
    assert done == [Comparison(MOMENT + timedelta(hours=5), day)]
    assert not doubts_of(compared, content_of(current_of(compared)), day).in_effect
    assert [one.note for one in doubts_of(other, content_of(current_of(other)), day).in_effect] == ["第一条修改"]


def test_what_a_mark_of_articles_had_left_in_use_leaves_it_now(upgraded: Flask) -> None:
    """qa-0002 was compared since; the other two approved ones were missed."""
    assert carried_out(MOMENT + timedelta(days=1)) == 2
    approved = sa.select(Question.code).where(Question.state == QuestionState.APPROVED)
    assert db.session.scalars(approved).all() == ["qa-0002"]
    assert (document(DOCUMENT).standing, document(DOCUMENT).changed_on) == (Standing.CHANGED, date(2026, 2, 1))


def test_a_new_mark_gets_a_number_of_its_own(upgraded: Flask) -> None:
    mark = LegalDocumentMark(
        standing=Standing.CHANGED, since=date(2026, 5, 1), articles=[], note="", document_number=""
    )
    mark.replaced_by, mark.recorded_by_name, mark.recorded_at = "", "李示例", MOMENT
    others = document("现行示例法")
    others.marks.append(mark)
    db.session.flush()
    assert mark.id > max(one.id for one in document(DOCUMENT).marks)
