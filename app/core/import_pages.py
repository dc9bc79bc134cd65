"""The pages of an import, the same for every kind of file: upload, report of the dry run, load, undo, template.

A feature's views declare who may come in and call these; the templates are templates/imports/*.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SubmitField

from app.core import imports, jobs, storage
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import NotFound, ServiceError, sentence
from app.core.forms import Form
from app.core.imports import Import, ImportKind
from app.core.tables import workbook_response

LOAD_JOB = "load_import"
ERROR_TITLES = (_l("行"), _l("姓名"), _l("列"), _l("原因与处理"))


class UploadForm(Form):
    file = FileField(_l("文件（.xlsx）"), [FileRequired(_l("请选择一个文件。"))], render_kw={"accept": ".xlsx"})
    submit = SubmitField(_l("检查文件"))


class ConfirmForm(Form):
    submit = SubmitField(_l("确认"))


def check_upload(kind: ImportKind, form: UploadForm, context: dict[str, Any], *, actor: Actor, now: datetime) -> Import:
    """Dry-run the uploaded file. Raises ServiceError (field "file") if it cannot be read."""
    upload = form.file.data
    try:
        return imports.check_file(kind, upload.filename or "", upload.read(), context, actor=actor, now=now)
    except ServiceError as error:
        if error.code == "not_xlsx" and not (upload.filename or "").lower().endswith(".xlsx"):
            raise ServiceError("other_than_xlsx", field="file") from error
        error.field = error.field or "file"
        raise


def own_import(import_id: int, kind: ImportKind, actor: Actor) -> Import:
    """Return one of the actor's own imports of this kind. Raises NotFound for any other."""
    imported = db.session.get(Import, import_id)
    if imported is None or imported.kind != kind.code or imported.created_by_id != actor.user_id:
        raise NotFound("import_unknown")
    return imported


def start_loading(
    imported: Import,
    *,
    leave_out_wrong: bool,
    back: str,
    actor: Actor,
    now: datetime,
    places: Sequence[tuple[str, str | None]] = (),
) -> jobs.Job:
    """Queue the loading of *imported*; *back* is the page to return to when it is done, *places* lead to it."""
    arguments = {
        "import_id": imported.id,
        "leave_out_wrong": leave_out_wrong,
        "back": back,
        "about": imported.filename,
        "places": places,
        "actor": jobs.asked_by(actor),
    }
    return jobs.enqueue(LOAD_JOB, arguments, actor=actor, now=now)


def error_rows(errors: list[Mapping[str, Any]], names: Mapping[int, str] | None = None) -> list[dict[str, Any]]:
    """Return the wrong rows of a report with their sentences in the reader's language, and the name in the row."""
    known = names or {}
    return [
        {**error, "name": known.get(error["row"], ""), "sentence": sentence(error["code"], error["data"])}
        for error in errors
    ]


def names_in(imported: Import, kind: ImportKind) -> dict[int, str]:
    """Return the names that stand in the wrong rows, by row, so that a person finds them in the file.

    They are read from the file again, not kept beside the errors; a number that slipped into the column is blotted out.
    """
    if not imported.errors:
        return {}
    wrong = {error["row"] for error in imported.errors}
    content = storage.read(imported.digest)
    rows, _errors = kind.rows_of(content, imported.context)
    return {
        number: imports.NUMBER_OF_SOMEBODY.sub("***", row.get("name", "")) for number, row in rows if number in wrong
    }


def errors_response(imported: Import, kind: ImportKind, filename: str) -> Response:
    """Return the list of errors as a workbook: row, name, column, reason."""
    header = [str(title) for title in ERROR_TITLES]
    rows = [
        [error["row"] or None, error["name"], error["column"], error["sentence"]]
        for error in error_rows(imported.errors, names_in(imported, kind))
    ]
    return workbook_response(filename, header, rows)


def template_response(kind: ImportKind, filename: str) -> Response:
    """Return the empty workbook that users fill in: the headers and one plainly sample row."""
    header, rows = imports.template_rows(kind.columns)
    return workbook_response(filename, header, rows)
