"""Upwards from the last release, with data: nothing is lost, everything new is filled in, what was refused stays so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.banks import copies, finding, queries, search
from app.banks.finding import Wish
from app.banks.models import Question, QuestionBand, QuestionState, QuestionTag, QuestionWording
from app.banks.models_documents import LegalDocument
from app.core.db import db
from question_bank.search_text import search_words
from question_bank.sources import Standing
from tests.app import release_010
from tests.app.banks.counts import miscounted
from tests.app.upgrading import old_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with old_database(request.param, tmp_path_factory.mktemp("old")) as app:
        flask_migrate.upgrade()
        yield app


@pytest.fixture
def upgraded(upgraded_once: Flask) -> Iterator[Flask]:
    """The application on a database of release 0.1.0 that was brought up to this one; a test commits nothing."""
    with upgraded_once.app_context():
        yield upgraded_once
        db.session.rollback()
        db.session.remove()


def question(code: str) -> Question:
    return db.session.scalars(sa.select(Question).where(Question.code == code)).one()


def test_questions_and_their_versions_are_what_they_were(upgraded: Flask) -> None:
    stored = db.session.execute(sa.text("SELECT payload, digest FROM question_version ORDER BY id")).all()
    said = [version for _state, versions in release_010.QUESTIONS for version in versions]
    payloads = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in stored]
    assert payloads == said
    assert [row[1] for row in stored] == [release_010.digest(one) for one in said]
    states = [row.state for row in db.session.scalars(sa.select(Question).order_by(Question.id))]
    assert states == [QuestionState(state) for state, _versions in release_010.QUESTIONS]


def test_copies_say_what_the_current_versions_say(upgraded: Flask) -> None:
    for row in db.session.scalars(sa.select(Question).where(Question.code != "qa-0008")):
        content = queries.content_of(queries.current_of(row))
        expected = copies.columns(content)
        if row.code == "qa-0006":  # the first of two that are the same keeps the fingerprint
            assert expected.pop("fingerprint") == question("qa-0001").fingerprint
            assert row.fingerprint is None
        assert {name: getattr(row, name) for name in expected} == expected, row.code
        tags = db.session.scalars(sa.select(QuestionTag.tag).where(QuestionTag.question_id == row.id))
        assert sorted(tags) == list(content.tags)
    bands = sa.select(sa.func.count()).select_from(QuestionBand)
    assert db.session.scalar(bands) == 20 * len(release_010.QUESTIONS)


def test_questions_are_known_by_their_wordings(upgraded: Flask) -> None:
    rows = db.session.scalars(sa.select(Question).where(Question.code != "qa-0008")).all()
    expected = {
        (row.id, own.digest) for row in rows for own in queries.content_of(queries.current_of(row)).wordings.own
    }
    assert {(one.question_id, one.digest) for one in db.session.scalars(sa.select(QuestionWording))} == expected


def test_a_question_that_an_older_rule_let_in_is_kept_and_found(upgraded: Flask) -> None:
    row = question("qa-0008")
    assert (row.kind, row.fingerprint) == ("true_false", None)
    assert found("前面有空格") == ["qa-0008"]


def test_two_in_use_may_not_be_the_same_from_now_on(upgraded: Flask) -> None:
    """The retired one does not stand in the way of the one that took its place."""
    assert question("qa-0005").fingerprint == question("qa-0007").fingerprint is not None
    with pytest.raises(IntegrityError):
        db.session.execute(
            sa.update(Question).where(Question.code == "qa-0006").values(fingerprint=question("qa-0001").fingerprint)
        )
    db.session.rollback()


def found(words: str) -> list[str]:
    bank_id = question("qa-0003").bank_id
    wish = Wish({"bank_id": bank_id}, words=search_words(words))
    ids = finding.find(wish, 1, 25).ids
    gathered = set(db.session.scalars(search.candidates(wish.words, bank_id)))
    assert set(ids) <= gathered
    query = sa.select(Question.code).where(Question.id.in_(ids)).order_by(Question.code)
    return list(db.session.scalars(query))


def test_search_finds_current_stems_and_codes(upgraded: Flask) -> None:
    assert found("a级") == ["qa-0002"]
    assert found("3.5米") == ["qa-0002"]
    assert found("制度") == ["qa-0001", "qa-0006"]
    assert found("QA-0003") == ["qa-0003"]
    assert found(release_010.PAST) == []


def test_counts_are_right_and_stay_right(upgraded: Flask) -> None:
    assert miscounted() == []
    question("qa-0004").state = QuestionState.RETIRED
    db.session.flush()
    db.session.execute(sa.text("DELETE FROM question_version WHERE question_id = 1"))
    db.session.execute(sa.text("DELETE FROM question WHERE id = 1"))
    assert miscounted() == []
    assert found("制度") == ["qa-0006"]


def test_documents_authors_and_the_day_of_sending_are_filled_in(upgraded: Flask) -> None:
    document = db.session.scalars(sa.select(LegalDocument)).one()
    assert (document.name, document.standing) == ("示例法规", Standing.IN_FORCE)
    rows = db.session.scalars(sa.select(Question)).all()
    assert {(row.legal_document_id, row.author_id) for row in rows} == {(document.id, 1)}
    sent = {row.code: row.submitted_at for row in rows if row.submitted_at}
    assert sent == {"qa-0003": release_010.MOMENT}


def test_an_exam_that_was_sat_is_what_it_was(upgraded: Flask) -> None:
    row = db.session.execute(sa.text("SELECT number, state, maximum, paper_digest FROM attempt")).one()
    assert tuple(row) == (1, "open", 10000, "0" * 64)
    assert db.session.execute(sa.text("SELECT sequence, slot FROM answer")).one() == (1, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answer SET slot = 2",
        "DELETE FROM answer",
        "UPDATE audit_event SET actor_name = 'x'",
    ],
)
def test_what_was_append_only_still_is(upgraded: Flask, statement: str) -> None:
    values: dict[str, Any] = {"none": "0" * 64}
    db.session.execute(
        sa.text(
            "INSERT INTO audit_event (id, at, kind, actor_name, actor_role, subject_type, subject_id, data, previous,"
            " digest) VALUES (1, '2026-01-05 02:00:00', 'x', 'x', 'x', 'x', 1, '{}', :none, :none)"
        ),
        values,
    )
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
