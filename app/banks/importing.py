"""Import of questions, as one kind of import among the others (app/core/imports.py).

How a file is read, and what is wrong with a question in it, is decided by question_bank.formats; what the database says
about it (the same question is there, the code is taken) is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from app.audit import events
from app.audit.service import record
from app.banks import across, duplicates, pictures, queries, service, undoing
from app.banks.copies import Draft, draft_of
from app.banks.importing_messages import reason_words
from app.core import imports
from app.core.actors import Actor
from app.core.errors import ServiceError
from app.core.i18n import listed
from app.core.imports import Import, ImportKind, NumberedRow, ReadRows, RowError
from question_bank.errors import FileRefusedError
from question_bank.fingerprint import fingerprint
from question_bank.formats import FORMATS, Format, Reading, RowQuestion, recognise
from question_bank.formats import RowError as Misread
from question_bank.formats.columns import heading
from question_bank.pictures import Picture

AUTO = "auto"
STEM_BEGINS = 60  # characters of a stem that an error quotes
_SHARED_FILE_CODES = {
    "file_too_large": "file_too_large",
    "unpacks_too_large": "file_too_large",
    "too_many_rows": "too_many_rows",
    "no_rows": "no_rows",
    "broken_workbook": "file_broken",
    "missing_column": "column_missing",
}
_SHARED_CODES = {"formula": "formula", "missing_text": "required"}  # worded once, for every import


def problem_code(code: str) -> str:
    """Return the code under which the library's problem *code* is worded in this application."""
    return _SHARED_CODES.get(code, f"question_{code}")


def form_of(content: bytes, code: str = AUTO) -> Format:
    """Return the format called *code*, or with "auto" the one that *content* is in.

    Raises ServiceError (field "file") for a file that no format takes.
    """
    try:
        return recognise(content) if code == AUTO else FORMATS[code]
    except FileRefusedError as error:
        raise refused(error) from error


def read_file(content: bytes, bank: str, code: str = AUTO) -> Reading:
    """Return the questions in *content*, and what is wrong. Raises ServiceError for a file refused as a whole."""
    form = form_of(content, code)
    try:
        return form.read(content, bank)
    except FileRefusedError as error:
        raise refused(error) from error


def refused(error: FileRefusedError) -> ServiceError:
    """Return the refusal for a file that the library refuses as a whole; line: where, 0 where files have no lines."""
    data: dict[str, Any] = {
        "limit_mb": imports.LIMIT_MB,
        "limit": imports.MAX_ROWS,
        "line": 0,
        "part": "",
        **error.data,
    }
    if "reason" in data:
        data["reason"] = reason_words(data["reason"])
    if error.code == "missing_column":
        columns: Sequence[str] = error.data["columns"]  # type: ignore[assignment]
        data["column"] = listed(columns)
    return ServiceError(_SHARED_FILE_CODES.get(error.code, f"question_file_{error.code}"), field="file", **data)


class QuestionRow(dict[str, str]):
    """A row that holds a question of any kind and markup; it starts at version 1 wherever it came from.

    line, part: where it stands, as in RowQuestion. pictures: those of the file that the question shows.
    """

    def __init__(self, found: RowQuestion, brought: Mapping[str, Picture]) -> None:
        content = found.question
        super().__init__(code=content.code)
        self.line, self.part = found.line, found.part
        self.content = content if content.version == 1 else replace(content, version=1)
        self.fingerprint = fingerprint(content)
        _ = self.content.wordings  # worked out while nobody waits for the database
        self.pictures = [brought[digest] for digest in content.pictures if digest in brought]

    @cached_property
    def draft(self) -> Draft:
        """The question ready to be written."""
        return draft_of(self.content)


def as_rows(reading: Reading) -> ReadRows:
    """Return *reading* as rows of an import; one that could not be read stands there without a question."""
    rows: dict[int, Mapping[str, str]] = {error.row: {} for error in reading.errors}
    rows.update((found.row, QuestionRow(found, reading.pictures)) for found in reading.rows)
    errors = [RowError(one.row, one.column, problem_code(one.code), _said(one)) for one in reading.errors]
    return sorted(rows.items()), errors


def _said(error: Misread) -> dict[str, Any]:
    """Return the data of the library's *error* with its place, and its reason in words."""
    reason = {"reason": reason_words(error.data["reason"])} if "reason" in error.data else {}
    return {**error.data, **reason, "line": error.line, "file_part": error.part}


def check(rows: Sequence[NumberedRow], context: Mapping[str, Any]) -> list[RowError]:
    """Return what the database and the other questions of the file say against these."""
    bank = queries.bank_by_code(context["bank"])
    read = questions_in(rows)
    taken = queries.ids_by_code([row.content.code for _number, row in read])
    known = duplicates.same_as_any([row.fingerprint for _number, row in read])
    shared = across.shared_by([row.content.wordings for _number, row in read], bank.purpose)
    first_with: dict[str, tuple[int, QuestionRow]] = {}
    errors: list[RowError] = []
    for number, row in read:
        own = row.fingerprint
        first = first_with.setdefault(own, (number, row))
        if (other := shared.get(row.content.wordings)) is not None:
            errors.append(_against(number, row, "stem", other.refusal, other.data))
        elif own in known:
            code = known[own].refusal(bank.purpose)
            errors.append(_against(number, row, "stem", code, known[own].data))
        elif first[0] != number:
            data = {"first_row": first[0], "first": place_of(*first)}
            errors.append(_against(number, row, "stem", "question_question_twice", data))
        elif row.content.code in taken:
            data = {"question": row.content.code, "other": row.content.code}
            errors.append(_against(number, row, "code", "question_code_taken", data))
    return errors


def place_of(number: int, row: QuestionRow) -> dict[str, Any]:
    """Return where a question stands in its file, as importing_words.place takes it."""
    return {"row": number, "line": row.line, "file_part": row.part}


def _against(number: int, row: QuestionRow, field: str, code: str, data: Mapping[str, Any]) -> RowError:
    """Return what is said against a question that was read, with its place and the beginning of its stem."""
    place = {"line": row.line, "file_part": row.part}
    return RowError(number, heading(field), code, {**data, **place, "stem": row.content.plain_stem[:STEM_BEGINS]})


def load(
    rows: Sequence[NumberedRow], context: Mapping[str, Any], imported: Import, actor: Actor, now: datetime
) -> dict[str, int]:
    """Write the questions as drafts of *actor*, in bulk, and the pictures that they show."""
    bank = queries.bank_by_code(context["bank"])
    read = questions_in(rows)
    drafts = [row.draft for _number, row in read]
    pictures.keep_all((picture for _number, row in read for picture in row.pictures), now=now)
    pictures.claim(digest for _number, row in read for digest in row.content.pictures)
    service.add_drafts(drafts, {bank.code: bank.id}, import_id=imported.id, actor=actor, now=now)
    loaded = events.QuestionsImported(imported.id, bank=bank.code, questions=len(drafts))
    record(loaded, actor=actor, now=now)
    return {"questions": len(drafts)}


def _read(content: bytes, context: Mapping[str, Any]) -> ReadRows:
    """Read a file to be loaded, and make its drafts while nobody waits for the database."""
    rows, errors = as_rows(read_file(content, context["bank"], context.get("format", AUTO)))
    for _number, row in questions_in(rows):
        _ = row.draft
    return rows, errors


QUESTIONS = ImportKind(code="questions", columns=(), check=check, load=load, undo=undoing.undo, read=_read)


def questions_in(rows: Sequence[NumberedRow]) -> list[tuple[int, QuestionRow]]:
    """Return those of *rows* that hold a question, with their numbers."""
    return [(number, row) for number, row in rows if isinstance(row, QuestionRow)]
