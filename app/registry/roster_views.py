"""Importing a roster: upload, report of the dry run, load, undo, template."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core import import_pages, imports
from app.core.actors import NATION, Role, require_region
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.forms import refusals_on
from app.core.import_pages import UploadForm
from app.core.imports import Import
from app.registry.blueprint import bp
from app.registry.roster.kind import ROSTER


@bp.route("/roster", methods=["GET", "POST"])
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def import_roster() -> Response | str:
    form = UploadForm()
    if form.validate_on_submit():
        with refusals_on(form):
            context = {"territory": actor().territory or NATION}
            imported = import_pages.check_upload(ROSTER, form, context, actor=actor(), now=now())
            db.session.commit()
            return redirect(url_for("registry.roster_report", import_id=imported.id))
    return render_template(
        "imports/upload.html",
        form=form,
        title=_("导入名册"),
        template_address=url_for("registry.roster_template"),
        places=_places(),
    )


@bp.get("/roster/template.xlsx")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def roster_template() -> FlaskResponse:
    return import_pages.template_response(ROSTER, "roster.xlsx")


@bp.get("/roster/<int:import_id>")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def roster_report(import_id: int) -> str:
    imported = _own(import_id)
    return render_template(
        "registry/roster.html",
        imported=imported,
        errors=import_pages.error_rows(imported.errors, import_pages.names_in(imported, ROSTER)),
        errors_address=url_for("registry.roster_errors", import_id=import_id),
        title=_("导入名册"),
        places=_places(),
        load_address=url_for("registry.load_roster", import_id=import_id),
        undo_address=url_for("registry.undo_roster", import_id=import_id),
        upload_address=url_for("registry.import_roster"),
    )


@bp.get("/roster/<int:import_id>/errors.xlsx")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def roster_errors(import_id: int) -> FlaskResponse:
    return import_pages.errors_response(_own(import_id), ROSTER, "roster-errors.xlsx")


@bp.post("/roster/<int:import_id>/load")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def load_roster(import_id: int) -> Response:
    imported = _own(import_id)
    leave_out = request.form.get("leave_out_wrong") == "yes"
    back = url_for("registry.roster_report", import_id=import_id)
    job = import_pages.start_loading(imported, leave_out_wrong=leave_out, back=back, actor=actor(), now=now())
    db.session.commit()
    return redirect(url_for("accounts.job", job_id=job.id))


@bp.post("/roster/<int:import_id>/undo")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def undo_roster(import_id: int) -> Response:
    imported = _own(import_id)
    try:
        imports.undo(ROSTER, imported, actor=actor(), now=now())
        db.session.commit()
        flash(_("这次导入已撤销，它新增的企业、人员和任职已删除。"))
    except ServiceError as error:
        db.session.rollback()
        flash(worded(error), "stop")
    return redirect(url_for("registry.roster_report", import_id=import_id))


def _own(import_id: int) -> Import:
    """Return one of the actor's own rosters; brought under another grant, it is loaded under that one only."""
    imported = import_pages.own_import(import_id, ROSTER, actor())
    require_region(actor(), imported.context["territory"])
    return imported


def _places() -> list[tuple[str, str | None]]:
    return [(_("名录"), url_for("registry.enterprises")), (_("导入名册"), None)]
