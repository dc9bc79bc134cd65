"""Exporting questions: format and state, what the format could not carry, the file."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Response as FlaskResponse
from flask import redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import exporting, importing_jobs, importing_words, queries, words
from app.banks.blueprint import bp
from app.banks.exporting import ALL_STATES
from app.banks.importing_forms import FORMAT_NAMES, ExportForm
from app.banks.importing_jobs import EXPORT_JOB
from app.banks.importing_views import places_of
from app.banks.models import QuestionState
from app.banks.permissions import READERS
from app.core import storage
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import refusals_on
from app.core.jobs import Job, JobState
from question_bank.formats import FORMATS


@bp.route("/banks/<code>/export", methods=["GET", "POST"])
@requires(*READERS)
def export_questions(code: str) -> Response | str:
    """Choose format and state; the worker writes the file and counts what the format cannot carry."""
    bank = queries.bank_by_code(code)
    form = ExportForm()
    form.offer(exporting.counts_of(bank))
    if form.validate_on_submit():
        with refusals_on(form):
            job = importing_jobs.ask_export(
                bank.code,
                form.format.data,
                form.state.data,
                then=f"{url_for('banks.banks')}/exports/{{job_id}}",
                back=url_for("banks.export_questions", code=bank.code),
                about=_said(form.format.data, form.state.data),
                places=[*places_of(bank), (_("导出试题"), url_for("banks.export_questions", code=bank.code))],
                actor=actor(),
                now=now(),
            )
            db.session.commit()
            return redirect(url_for("accounts.job", job_id=job.id))
    return render_template("banks/export.html", form=form, bank=bank, places=places_of(bank))


@bp.get("/banks/exports/<int:job_id>")
@requires(*READERS)
def exported(job_id: int) -> str:
    job = _own_export(job_id)
    bank = queries.bank_by_code(job.arguments["bank"])
    result = _result(job)
    return render_template(
        "banks/exported.html",
        job=job,
        bank=bank,
        said=_said(job.arguments["format"], job.arguments["state"]),
        losses=importing_words.losses(result["lost"]),
        left_out=queries.ids_by_code(result["left_out"]),
        places=places_of(bank),
    )


@bp.get("/banks/exports/<int:job_id>/file")
@requires(*READERS)
def exported_file(job_id: int) -> FlaskResponse:
    job = _own_export(job_id)
    form = FORMATS[job.arguments["format"]]
    name = f"questions-{job.arguments['bank']}{form.suffix}"
    content = BytesIO(storage.read(_result(job)["digest"]))
    return send_file(content, form.media_type, as_attachment=True, download_name=name)


def _said(form: str, state: str) -> str:
    """Return format and state of an export in words."""
    of_state = _("全部状态") if state == ALL_STATES else words.STATES[QuestionState(state)]
    return f"{FORMAT_NAMES[form]} · {of_state}"


def _own_export(job_id: int) -> Job:
    job = db.session.get(Job, job_id)
    if job is None or job.kind != EXPORT_JOB or job.created_by_id != actor().user_id or job.state is not JobState.DONE:
        raise NotFound("not_found")
    return job


def _result(job: Job) -> Mapping[str, Any]:
    return job.result or {}
