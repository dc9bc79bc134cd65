"""Bringing trainees into a session: by file or one at a time; exemptions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core import imports
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import refusals_on
from app.core.import_pages import (
    UploadForm,
    check_upload,
    error_rows,
    errors_response,
    names_in,
    own_import,
    start_loading,
    template_response,
)
from app.core.imports import Import
from app.training import enrolling, words
from app.training.blueprint import bp
from app.training.forms import EnrolForm, ExemptForm
from app.training.models import Enrolment, TrainingSession
from app.training.permissions import own_enrolment, own_session
from app.training.trail import places
from app.training.trainee_file import TRAINEES


@bp.route("/sessions/<int:session_id>/trainees/import", methods=["GET", "POST"])
@requires(Role.INSTITUTION)
def import_trainees(session_id: int) -> Response | str:
    own_session(session_id, actor())
    form = UploadForm()
    if form.validate_on_submit():
        with refusals_on(form):
            imported = check_upload(TRAINEES, form, {"session_id": session_id}, actor=actor(), now=now())
            db.session.commit()
            return redirect(url_for(".import_report", session_id=session_id, import_id=imported.id))
    title = _("导入学员")
    return render_template(
        "imports/upload.html",
        form=form,
        title=title,
        template_address=url_for(".trainee_template"),
        places=places(own_session(session_id, actor()), title),
    )


@bp.get("/trainees/template.xlsx")
@requires(Role.INSTITUTION)
def trainee_template() -> Response:
    return template_response(TRAINEES, "trainees.xlsx")


@bp.get("/sessions/<int:session_id>/trainees/imports/<int:import_id>")
@requires(Role.INSTITUTION)
def import_report(session_id: int, import_id: int) -> str:
    session = own_session(session_id, actor())
    imported = _import_of(session, import_id)
    addresses: dict[str, Any] = {"session_id": session_id, "import_id": import_id}
    title = _("导入学员：检查结果")
    return render_template(
        "training/import_report.html",
        imported=imported,
        errors=error_rows(imported.errors, names_in(imported, TRAINEES)),
        errors_address=url_for(".import_errors", **addresses),
        title=title,
        places=places(session, title),
        session=session,
        load_address=url_for(".load_trainees", **addresses),
        undo_address=url_for(".undo_trainees", **addresses),
        upload_address=url_for(".import_trainees", session_id=session_id),
    )


@bp.get("/sessions/<int:session_id>/trainees/imports/<int:import_id>/errors.xlsx")
@requires(Role.INSTITUTION)
def import_errors(session_id: int, import_id: int) -> Response:
    imported = _import_of(own_session(session_id, actor()), import_id)
    return errors_response(imported, TRAINEES, "trainee-errors.xlsx")


@bp.post("/sessions/<int:session_id>/trainees/imports/<int:import_id>/load")
@requires(Role.INSTITUTION)
def load_trainees(session_id: int, import_id: int) -> Response:
    imported = _import_of(own_session(session_id, actor()), import_id)
    back = url_for(".import_report", session_id=session_id, import_id=import_id)
    left_out = request.form.get("leave_out_wrong") == "yes"
    job = start_loading(imported, leave_out_wrong=left_out, back=back, actor=actor(), now=now())
    db.session.commit()
    return redirect(url_for("accounts.job", job_id=job.id))


@bp.post("/sessions/<int:session_id>/trainees/imports/<int:import_id>/undo")
@requires(Role.INSTITUTION)
def undo_trainees(session_id: int, import_id: int) -> Response:
    imported = _import_of(own_session(session_id, actor()), import_id)
    imports.undo(TRAINEES, imported, actor=actor(), now=now())
    db.session.commit()
    flash(_("已撤销这次导入。"))
    return redirect(url_for(".import_report", session_id=session_id, import_id=import_id))


@bp.route("/sessions/<int:session_id>/trainees/add", methods=["GET", "POST"])
@requires(Role.INSTITUTION)
def enrol(session_id: int) -> Response | str:
    session = own_session(session_id, actor())
    form = EnrolForm()
    form.offer(session.classrooms)
    if form.validate_on_submit():
        document, credit_code = form.document_number.data or "", form.credit_code.data or ""
        with refusals_on(form):
            enrolment = enrolling.enrol_by_numbers(
                session, document, credit_code, form.classroom_id.data, actor=actor(), now=now()
            )
            db.session.commit()
            flash(_("%(name)s 已加入培训班。", name=enrolment.person.name))
            return redirect(url_for("desk.class_file", session_id=session_id))
    session = own_session(session_id, actor())
    return render_template(
        "training/enrol.html",
        form=form,
        session=session,
        places=places(session, _("加入一名学员")),
        role=words.role_name(session.course_version.role_code),
    )


@bp.route("/enrolments/<int:enrolment_id>/exempt", methods=["GET", "POST"])
@requires(Role.INSTITUTION)
def exempt(enrolment_id: int) -> Response | str:
    enrolment = own_enrolment(enrolment_id, actor())
    form = ExemptForm()
    if form.validate_on_submit():
        reason, number = form.reason.data or "", form.document_number.data or ""
        with refusals_on(form):
            enrolling.exempt(enrolment, reason.strip(), number, actor=actor(), now=now())
            db.session.commit()
            flash(_("已登记免考，档案中可查。"))
            return redirect(url_for("desk.class_file", session_id=enrolment.training_session_id))
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    return render_template(
        "training/exempt.html",
        form=form,
        enrolment=enrolment,
        places=places(enrolment.training_session, _("登记免考")),
    )


def _import_of(session: TrainingSession, import_id: int) -> Import:
    imported = own_import(import_id, TRAINEES, actor())
    if imported.context.get("session_id") != session.id:
        raise NotFound("import_unknown")
    return imported
