"""Importing questions: upload, report of the dry run, load, undo, templates."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import (
    importing_jobs,
    importing_overview,
    importing_reach,
    importing_words,
    queries,
    showing,
    submitting,
    undoing,
)
from app.banks.blueprint import bp
from app.banks.importing import QUESTIONS
from app.banks.importing_forms import FORMAT_NAMES, QuestionsForm
from app.banks.models import Bank, Picture
from app.banks.permissions import READERS
from app.core import import_pages, imports, storage
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, ServiceError
from app.core.forms import refusals_on
from app.core.i18n import localised
from app.core.imports import ImportState
from app.core.jobs import JobState
from app.core.tables import workbook_response
from question_bank.formats import FORMATS


@bp.route("/banks/<code>/import", methods=["GET", "POST"])
@requires(*READERS)
def import_questions(code: str) -> Response | str:
    """Take a file and have it checked by the worker; nothing is written before its report has been seen."""
    bank = queries.bank_by_code(code)
    form = QuestionsForm()
    if form.validate_on_submit():
        with refusals_on(form):
            job = importing_jobs.ask_check(
                form.file.data.read(),
                form.file.data.filename or "",
                {"bank": bank.code, "format": form.format.data},
                then=f"{url_for('banks.import_list')}/{{import_id}}",
                back=url_for("banks.import_questions", code=bank.code),
                places=_import_places(bank),
                actor=actor(),
                now=now(),
            )
            db.session.commit()
            return redirect(url_for("accounts.job", job_id=job.id))
    return render_template("banks/import.html", form=form, bank=bank, formats=FORMAT_NAMES, places=places_of(bank))


@bp.get("/banks/import-templates/<code>")
@requires(*READERS)
def import_template(code: str) -> FlaskResponse:
    """The library's own template in one format: a sample question a kind, and instructions where there is room."""
    if code not in FORMATS:
        raise NotFound("not_found")
    form = FORMATS[code]
    name = f"questions-template{form.suffix}"
    return send_file(BytesIO(form.template()), form.media_type, as_attachment=True, download_name=name)


@bp.get("/banks/imports")
@requires(*READERS)
def import_list() -> str:
    """The reader's own imports and exports, so that each can be left and found again, also while it is worked on; for
    administrators also what others brought."""
    banks = importing_overview.bank_names()
    unfinished = importing_overview.unfinished(actor(), banks, now())
    return render_template(
        "banks/imports.html",
        imports=[(one, "") for one in imports.own(QUESTIONS, actor())],
        others=importing_reach.others(actor()),
        banks=banks,
        unfinished=unfinished,
        running=any(one.state is not JobState.FAILED for one in unfinished),
        exports=importing_overview.exports(actor(), banks),
    )


@bp.get("/banks/imports/<int:import_id>")
@requires(*READERS)
def imported(import_id: int) -> str:
    found = importing_reach.open_import(import_id, actor())
    bank, told = queries.bank_by_code(found.context["bank"]), found.summary
    form = told.get("format", "")
    is_open, is_own = found.state is ImportState.CHECKED, found.created_by_id == actor().user_id
    return render_template(
        "banks/imported.html",
        imported=found,
        errors=_linked(importing_words.errors(found.errors, form)),
        remarks=importing_words.remarks(told.get("remarks", []), form),
        similar=_similar(told, form),
        usual=importing_words.usual(told.get("usual", {})),
        names=importing_words.doubtful_names(told),
        shown=importing_words.shown(told.get("shown", []), form) if is_open else [],
        pictures_at=url_for("banks.import_picture", import_id=found.id, digest="x").removesuffix("/x"),
        bank=bank,
        to_send=submitting.count_of(submitting.of_import(found.id)) if found.state is ImportState.LOADED else 0,
        title=_("导入试题"),
        places=[*_import_places(bank), (found.filename, None)],
        brought_by="" if is_own else importing_reach.brought_by(found),
        load_address=url_for("banks.load_import", import_id=found.id) if is_own else "",
        undo_address=url_for("banks.confirm_undo", import_id=found.id),
        upload_address=url_for("banks.import_questions", code=bank.code),
        errors_address=url_for("banks.import_findings", import_id=found.id),
    )


@bp.get("/banks/imports/<int:import_id>/findings.xlsx")
@requires(*READERS)
def import_findings(import_id: int) -> FlaskResponse:
    """Everything that the report lists, as a workbook: errors, then what was read otherwise than it was written."""
    found = importing_reach.open_import(import_id, actor())
    header = [_("性质"), _("位置"), _("题干"), _("列"), _("说明")]
    form = found.summary.get("format", "")
    wrong, notes = found.errors, found.summary.get("remarks", [])
    rows = [
        [_("错误"), one["place"], one["stem"], one["column"], one["sentence"]]
        for one in importing_words.errors(wrong, form)
    ]
    rows += [[_("提示"), one["place"], "", "", one["sentence"]] for one in importing_words.remarks(notes, form)]
    return workbook_response("findings.xlsx", header, rows)


@bp.get("/banks/imports/<int:import_id>/pictures/<digest>")
@requires(*READERS)
def import_picture(import_id: int, digest: str) -> Response:
    """A picture of a question that the report shows before it is loaded."""
    found = importing_reach.open_import(import_id, actor())
    media_type = found.summary.get("shown_pictures", {}).get(digest)
    if media_type is None:
        raise NotFound("picture_unknown")
    return showing.picture_response(Picture(digest=digest, media_type=media_type, content=storage.read(digest)))


@bp.post("/banks/imports/<int:import_id>/load")
@requires(*READERS)
def load_import(import_id: int) -> Response:
    found = import_pages.own_import(import_id, QUESTIONS, actor())
    back = url_for("banks.imported", import_id=found.id)
    leave_out = request.form.get("leave_out_wrong") == "yes"
    places = _import_places(queries.bank_by_code(found.context["bank"]))
    job = import_pages.start_loading(
        found, leave_out_wrong=leave_out, back=back, places=places, actor=actor(), now=now()
    )
    db.session.commit()
    return redirect(url_for("accounts.job", job_id=job.id))


@bp.get("/banks/imports/<int:import_id>/confirm-undo")
@requires(*READERS)
def confirm_undo(import_id: int) -> Response | str:
    """Say what undoing would remove, or what stands in its way and where that is."""
    found = importing_reach.open_import(import_id, actor())
    here = url_for("banks.imported", import_id=found.id)
    if found.state is not ImportState.LOADED:
        return redirect(here)
    bank = queries.bank_by_code(found.context["bank"])
    places = [*_import_places(bank), (found.filename, here)]
    return render_template(
        "banks/undo.html", imported=found, bank=bank, effect=undoing.effect(found), places=places, back=here
    )


@bp.post("/banks/imports/<int:import_id>/undo")
@requires(*READERS)
def undo_import(import_id: int) -> Response:
    """Remove what was imported; where that is refused, the page that asked says why."""
    found = importing_reach.open_import(import_id, actor())
    try:
        imports.undo(QUESTIONS, found, actor=actor(), now=now())
    except ServiceError:
        db.session.rollback()
        return redirect(url_for("banks.confirm_undo", import_id=import_id))
    db.session.commit()
    flash(_("这次导入的试题已全部删除。"))
    return redirect(url_for("banks.imported", import_id=import_id))


def _linked(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return *errors* with see: code -> address of the question of the banks that stands in the way, if one does."""
    ids = queries.ids_by_code(sorted({one["data"]["other"] for one in errors if "other" in one["data"]}))
    there = {code: url_for("banks.question", question_id=question_id) for code, question_id in ids.items()}
    return [
        {**one, "see": {code: there[code] for code in (one["data"].get("other"),) if code in there}} for one in errors
    ]


def _similar(told: Mapping[str, Any], form: str) -> list[dict[str, Any]]:
    pairs = told.get("similar", [])
    stored = queries.questions_by_code([one["other"] for one in pairs if not one.get("other_place")]) if pairs else {}
    return importing_words.similar(pairs, stored, form)


def _import_places(bank: Bank) -> list[tuple[str, str | None]]:
    return [*places_of(bank), (_("我的导入"), url_for("banks.import_list"))]


def places_of(bank: Bank) -> list[tuple[str, str]]:
    """Return the breadcrumb that leads to *bank*."""
    name = localised(bank.name_zh, bank.name_en)
    return [(_("题库"), url_for("banks.banks")), (name, url_for("banks.bank", code=bank.code))]
