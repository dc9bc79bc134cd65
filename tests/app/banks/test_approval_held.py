"""What the database holds of approval, whoever writes to it: two people, and nothing approved that nobody approved."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.banks import copies, service
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.core.clock import now
from app.core.db import db
from tests.app.banks.samples import LI, WANG, single_choice
from tests.app.banks.test_lifecycle import approved, edit, move

IN_USE = "UPDATE question SET state = 'approved'"
NOT_APPROVED = "needs a current version that was approved"


def next_version(approver: str) -> sa.Insert:
    """Return the statement that adds a second version like the first, approved by who stands in column *approver*."""
    columns = QuestionVersion.__table__.columns
    changed = {"id": columns.id + 1, "number": sa.literal(2), "approved_by_id": columns[approver]}
    values = [changed.get(column.name, column) for column in columns]
    return sa.insert(QuestionVersion).from_select([column.name for column in columns], sa.select(*values))


def write(statement: str | sa.Insert) -> None:
    db.session.flush()
    db.session.execute(sa.text(statement) if isinstance(statement, str) else statement)


def refused(statement: str | sa.Insert, said: str) -> None:
    """Expect the database to refuse *statement* with what it says; nothing else of the test is lost."""
    with pytest.raises(IntegrityError, match=said), db.session.begin_nested():
        write(statement)


def test_nobody_approves_what_they_wrote(app: Flask, bank: Bank) -> None:
    approved(bank)
    two_people = "ck_question_version_two_people"
    refused("UPDATE question_version SET approved_by_id = author_id", two_people)
    refused("UPDATE question_version SET author_id = approved_by_id", two_people)
    refused(next_version("author_id"), two_people)
    write(next_version("approved_by_id"))
    write("UPDATE question_version SET approved_by_id = 999")
    write("UPDATE question_version SET author_id = NULL, approved_by_id = 1")


@pytest.mark.parametrize("state", [QuestionState.DRAFT, QuestionState.IN_REVIEW])
def test_a_question_that_nobody_approved_does_not_say_it_was(app: Flask, bank: Bank, state: QuestionState) -> None:
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    if state is QuestionState.IN_REVIEW:
        move(question, state, WANG)
    refused(IN_USE, NOT_APPROVED)
    write("UPDATE question_version SET approved_at = created_at")
    write(IN_USE)


def test_an_approved_version_says_nothing_of_the_next_one(app: Flask, bank: Bank) -> None:
    question = approved(bank)
    edit(question, LI, stem="改过的示例题干（　　）。")
    refused(IN_USE, NOT_APPROVED)
    write("UPDATE question SET state = 'approved', current_version = 1")
    refused("UPDATE question SET current_version = 2", NOT_APPROVED)


def test_no_question_is_born_approved(app: Flask, bank: Bank) -> None:
    columns = copies.columns(single_choice())
    question = Question(bank=bank, code="sc-1", state=QuestionState.APPROVED, created_at=now(), **columns)
    with pytest.raises(IntegrityError, match=NOT_APPROVED), db.session.begin_nested():
        db.session.add(question)


def test_an_approval_is_not_taken_back(app: Flask, bank: Bank) -> None:
    approved(bank)
    refused("UPDATE question_version SET approved_at = NULL", "an approval is not taken back")
    write("UPDATE question_version SET approved_at = created_at, approved_by_name = '示例审定人'")
    write("UPDATE question SET state = 'suspended'")
