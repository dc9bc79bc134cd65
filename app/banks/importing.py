"""Import of questions from .xlsx, as one kind of import among the others (app/core/imports.py).

How a file is read, and what is wrong with a row, is decided by question_bank.formats; what the database says about it
(the same question is there, the code is taken) is decided here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.audit import events
from app.audit.service import record
from app.banks import duplicates, queries, service
from app.banks.models import Question, QuestionVersion
from app.core import imports
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError
from app.core.i18n import listed
from app.core.imports import Import, ImportColumn, ImportKind, NumberedRow, RowError
from courses.sectors import GENERAL
from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading
from question_bank.formats.columns import FIELDS, REQUIRED, heading
from question_bank.formats.rows import question_from, row_of
from question_bank.questions import Question as Content

LISTED_SIMILAR = 200
_FILE_CODES = {
    "file_too_large": "file_too_large",
    "unpacks_too_large": "file_too_large",
    "too_many_rows": "too_many_rows",
    "no_rows": "no_rows",
    "broken_workbook": "file_broken",
    "not_a_workbook": "not_xlsx",
    "text_file_not_workbook": "not_xlsx",
    "empty_file": "question_file_empty",
    "old_or_encrypted_workbook": "question_file_old_or_encrypted",
    "missing_column": "column_missing",
    "column_twice": "question_column_twice",
}
_SHARED_CODES = {"formula": "formula", "missing_text": "required"}  # worded once, for every import


def problem_code(code: str) -> str:
    """Return the code under which the library's problem *code* is worded in this application."""
    return _SHARED_CODES.get(code, f"question_{code}")


def read_file(content: bytes, bank: str) -> Reading:
    """Return the questions in *content*, and what is wrong. Raises ServiceError for a file refused as a whole."""
    try:
        return FORMATS["xlsx"].read(content, bank)
    except FileRefusedError as error:
        data = {"limit_mb": imports.LIMIT_MB, "limit": imports.MAX_ROWS, "column": error.data.get("column", "")}
        if error.code == "missing_column":
            columns: Sequence[str] = error.data["columns"]  # type: ignore[assignment]
            data["column"] = listed(columns)
        raise ServiceError(_FILE_CODES[error.code], field="file", **data) from error


def as_rows(reading: Reading) -> tuple[list[NumberedRow], list[RowError]]:
    """Return *reading* as rows of an import; a row that could not be read stands there without texts."""
    rows: dict[int, Mapping[str, str]] = {error.row: {} for error in reading.errors}
    rows.update({found.row: row_of(found.question) for found in reading.rows})
    errors = [RowError(one.row, one.column, problem_code(one.code), dict(one.data)) for one in reading.errors]
    return sorted(rows.items()), errors


def check(rows: Sequence[NumberedRow], context: Mapping[str, Any]) -> list[RowError]:
    """Return what the database and the other rows say against these rows."""
    bank = queries.bank_by_code(context["bank"]).code
    contents = _contents(rows, bank)
    taken = queries.ids_by_code([content.code for _number, content in contents])
    known = {duplicates.fingerprint(one): one.code for one in queries.contents_to_compare()}
    row_of_print: dict[duplicates.Fingerprint, int] = {}
    errors: list[RowError] = []
    for number, content in contents:
        own = duplicates.fingerprint(content)
        first = row_of_print.setdefault(own, number)
        if own in known:
            errors.append(RowError(number, heading("stem"), "question_duplicate", {"other": known[own]}))
        elif first != number:
            errors.append(RowError(number, heading("stem"), "question_question_twice", {"first_row": first}))
        elif content.code in taken:
            errors.append(RowError(number, heading("code"), "question_code_taken", {"question": content.code}))
    return errors


def load(
    rows: Sequence[NumberedRow], context: Mapping[str, Any], imported: Import, actor: Actor, now: datetime
) -> dict[str, int]:
    """Write the questions as drafts of *actor*, in bulk."""
    bank = queries.bank_by_code(context["bank"])
    contents = [content for _number, content in _contents(rows, bank.code)]
    service.add_drafts(contents, {bank.code: bank.id}, import_id=imported.id, actor=actor, now=now)
    loaded = events.QuestionsImported(imported.id, bank=bank.code, questions=len(contents))
    record(loaded, actor=actor, now=now)
    return {"questions": len(contents)}


def undo(imported: Import, actor: Actor, now: datetime) -> None:
    """Remove the questions of *imported*. Raises ServiceError("question_import_in_use") once one was approved or
    has a second version: somebody has built on it."""
    own = sa.select(Question.id).where(Question.import_id == imported.id)
    touched = sa.or_(QuestionVersion.approved_at.is_not(None), QuestionVersion.number > 1)
    used = sa.select(sa.func.count(sa.distinct(QuestionVersion.question_id)))
    count = db.session.scalar(used.where(QuestionVersion.question_id.in_(own), touched))
    if count:
        raise ServiceError("question_import_in_use", count=count)
    db.session.execute(sa.delete(QuestionVersion).where(QuestionVersion.question_id.in_(own)))
    db.session.execute(sa.delete(Question).where(Question.import_id == imported.id))
    record(events.ImportUndone(imported.id, import_kind=imported.kind), actor=actor, now=now)


def _read(content: bytes, context: Mapping[str, Any]) -> tuple[list[NumberedRow], list[RowError]]:
    return as_rows(read_file(content, context["bank"]))


QUESTIONS = ImportKind(
    code="questions",
    columns=tuple(ImportColumn(field, (heading(field),), field in REQUIRED) for field in FIELDS),
    check=check,
    load=load,
    undo=undo,
    read=_read,
)


def kind_for(reading: Reading) -> ImportKind:
    """Return QUESTIONS for a file that has been read already, so that it is read once."""
    return dataclasses.replace(QUESTIONS, read=lambda _content, _context: as_rows(reading))


def remarks(reading: Reading) -> dict[str, Any]:
    """Return what the reader of a dry run should know beside errors, as JSON values.

    similar: [{"row", "code", "other", "other_stem", "percent"}], at most LISTED_SIMILAR; ignored: titles of columns and
    sheets that were not read, but for the instructions that the template itself brings.
    """
    row_of_code = {found.question.code: found.row for found in reading.rows}
    known = [one for one in queries.contents_to_compare() if one.code not in row_of_code]
    known_prints = {duplicates.fingerprint(one) for one in known}
    new = [one for one in reading.questions if duplicates.fingerprint(one) not in known_prints]
    pairs = duplicates.alike_among(new, known)[:LISTED_SIMILAR]
    similar = [{"row": row_of_code[pair.code], **dataclasses.asdict(pair)} for pair in pairs]
    return {"similar": similar, "ignored": [title for title in reading.ignored if title not in _instructions()]}


@cache
def _instructions() -> tuple[str, ...]:
    """Return the titles in the template that no question stands under."""
    form = FORMATS["xlsx"]
    return form.read(form.template(), GENERAL).ignored


def _contents(rows: Sequence[NumberedRow], bank: str) -> list[tuple[int, Content]]:
    """Return row number and question of each row. A question starts at version 1 wherever it came from."""
    return [(number, question_from({**texts, "version": "1"}, bank)) for number, texts in rows]
