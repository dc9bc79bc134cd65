"""Importing questions: upload, report of the dry run, load, undo, template."""

from __future__ import annotations

from io import BytesIO

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import importing, queries
from app.banks.blueprint import bp
from app.banks.importing import QUESTIONS
from app.banks.models import Bank
from app.banks.permissions import READERS
from app.core import import_pages, imports
from app.core.clock import now
from app.core.db import db
from app.core.forms import refusals_on
from app.core.i18n import localised
from app.core.import_pages import UploadForm
from app.core.imports import Import
from question_bank.formats import FORMATS


@bp.route("/banks/<code>/import", methods=["GET", "POST"])
@requires(*READERS)
def import_questions(code: str) -> Response | str:
    bank = queries.bank_by_code(code)
    form = UploadForm()
    if form.validate_on_submit():
        with refusals_on(form):
            imported = _checked(form, bank.code)
            db.session.commit()
            return redirect(url_for("banks.imported", import_id=imported.id))
    places = _places(bank)
    return render_template(
        "imports/upload.html",
        form=form,
        title=_("导入试题"),
        template_address=url_for("banks.import_template"),
        places=[*places, (_("导入试题"), None)],
    )


@bp.get("/banks/import-template.xlsx")
@requires(*READERS)
def import_template() -> FlaskResponse:
    """The library's own template: a sample row a kind and a sheet of instructions."""
    form = FORMATS["xlsx"]
    return send_file(BytesIO(form.template()), form.media_type, as_attachment=True, download_name="questions.xlsx")


@bp.get("/banks/imports/<int:import_id>")
@requires(*READERS)
def imported(import_id: int) -> str:
    found = import_pages.own_import(import_id, QUESTIONS, actor())
    bank = queries.bank_by_code(found.context["bank"])
    places = _places(bank)
    return render_template(
        "banks/imported.html",
        imported=found,
        errors=import_pages.error_rows(found.errors),
        bank=bank,
        title=_("导入试题"),
        places=[*places, (_("导入试题"), None)],
        load_address=url_for("banks.load_import", import_id=found.id),
        undo_address=url_for("banks.undo_import", import_id=found.id),
        upload_address=url_for("banks.import_questions", code=bank.code),
    )


@bp.post("/banks/imports/<int:import_id>/load")
@requires(*READERS)
def load_import(import_id: int) -> Response:
    found = import_pages.own_import(import_id, QUESTIONS, actor())
    back = url_for("banks.imported", import_id=found.id)
    leave_out = request.form.get("leave_out_wrong") == "yes"
    job = import_pages.start_loading(found, leave_out_wrong=leave_out, back=back, actor=actor(), now=now())
    db.session.commit()
    return redirect(url_for("accounts.job", job_id=job.id))


@bp.post("/banks/imports/<int:import_id>/undo")
@requires(*READERS)
def undo_import(import_id: int) -> Response:
    found = import_pages.own_import(import_id, QUESTIONS, actor())
    imports.undo(QUESTIONS, found, actor=actor(), now=now())
    db.session.commit()
    flash(_("这次导入的试题已全部删除。"))
    return redirect(url_for("banks.imported", import_id=found.id))


def _places(bank: Bank) -> list[tuple[str, str]]:
    name = localised(bank.name_zh, bank.name_en)
    return [(_("题库"), url_for("banks.banks")), (name, url_for("banks.bank", code=bank.code))]


def _checked(form: UploadForm, bank: str) -> Import:
    """Dry-run the uploaded file and keep, beside its errors, what else its reader should know."""
    content: bytes = form.file.data.read()
    reading = importing.read_file(content, bank)
    form.file.data.seek(0)
    kind = importing.kind_for(reading)
    checked = import_pages.check_upload(kind, form, {"bank": bank}, actor=actor(), now=now())
    checked.summary = {**checked.summary, **importing.remarks(reading)}
    return checked
