"""Training institutions and exam sites: lists, the record of an institution, decisions about it, additions."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core.actors import NATION, Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import refusals_on
from app.institutions import permissions, queries, service
from app.institutions.forms import BodyForm, ExamSiteForm, InstitutionForm, StandingForm
from app.institutions.models import StandingEvent
from app.institutions.words import CHANGES, DECISIONS, OFFERED, STANDINGS
from app.registry.forms import region_choices
from app.registry.words import region_name

bp = Blueprint("institutions", __name__)


@bp.get("/institutions")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def institutions() -> Response | str:
    table, query = queries.institutions_table(actor()), queries.institutions(actor())
    if table.export_asked(request.args):
        return table.export(query, request.args)
    page = table.page(query, request.args)
    may_add = actor().role is Role.REGULATOR
    return render_template(
        "institutions/institutions.html", table=table, page=page, standings=STANDINGS, may_add=may_add
    )


@bp.get("/institutions/<int:institution_id>")
@requires(Role.REGULATOR, Role.ADMINISTRATOR, Role.INSTITUTION)
def institution(institution_id: int) -> str:
    found = permissions.visible_institution(institution_id, actor())
    may_decide = actor().role is Role.REGULATOR
    return render_template(
        "institutions/institution.html",
        institution=found,
        region=region_name(found.region_code),
        standing=STANDINGS[found.standing],
        offers=[(key, CHANGES[key]) for key in OFFERED[found.standing]] if may_decide else [],
        history=_history(found.standing_events),
        is_overseen=actor().role is not Role.INSTITUTION,
        own_sites=queries.sites_of_organisation(found.credit_code),
    )


@bp.route("/institutions/<int:institution_id>/<any(suspend, reinstate, remove):change>", methods=["GET", "POST"])
@requires(Role.REGULATOR)
def change_standing(institution_id: int, change: str) -> Response | str:
    found = permissions.overseen_institution(institution_id, actor())
    asked, form = CHANGES[change], StandingForm()
    if change not in OFFERED[found.standing]:
        raise NotFound("standing_unchanged", name=found.name)
    form.is_confirmed.label.text = asked.confirmation
    if form.validate_on_submit():
        with refusals_on(form):
            reason, document = form.reason.data or "", form.document_number.data or ""
            service.change_standing(found, asked.standing, reason, document, actor=actor(), now=now())
            db.session.commit()
            flash(str(asked.done))
            return redirect(url_for("institutions.institution", institution_id=found.id))
    return render_template("institutions/change.html", institution=found, form=form, change=asked)


@bp.route("/institutions/new", methods=["GET", "POST"])
@requires(Role.REGULATOR)
def add_institution() -> Response | str:
    form = InstitutionForm()
    form.region_code.choices = region_choices(actor().territory or NATION)
    if form.validate_on_submit():
        with refusals_on(form):
            found = service.add_institution(**_facts(form), actor=actor(), now=now())
            db.session.commit()
            flash(_("培训机构已添加。"))
            return redirect(url_for("institutions.institution", institution_id=found.id))
    places = [(_("培训机构"), url_for("institutions.institutions")), (_("添加培训机构"), None)]
    return render_template("institutions/add.html", form=form, title=_("添加培训机构"), places=places)


@bp.get("/exam-sites")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def exam_sites() -> Response | str:
    table, query = queries.exam_sites_table(actor()), queries.exam_sites(actor())
    if table.export_asked(request.args):
        return table.export(query, request.args)
    page, may_add = table.page(query, request.args), actor().role is Role.REGULATOR
    return render_template("institutions/exam_sites.html", table=table, page=page, may_add=may_add)


@bp.route("/exam-sites/new", methods=["GET", "POST"])
@requires(Role.REGULATOR)
def add_exam_site() -> Response | str:
    form = ExamSiteForm()
    form.region_code.choices = region_choices(actor().territory or NATION)
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_exam_site(**_facts(form), seats=form.seats.data or 0, actor=actor(), now=now())
            db.session.commit()
            flash(_("考试点已添加。"))
            return redirect(url_for("institutions.exam_sites"))
    places = [(_("考试点名单"), url_for("institutions.exam_sites")), (_("添加考试点"), None)]
    return render_template("institutions/add.html", form=form, title=_("添加考试点"), places=places)


def _facts(form: BodyForm) -> dict[str, str]:
    names = ("code", "credit_code", "name", "region_code", "address")
    return {name: form[name].data or "" for name in names}


def _history(standing_events: list[StandingEvent]) -> list[tuple[datetime, str, str]]:
    """Return (moment, sentence, by whom) of every decision, newest first."""
    return [
        (
            event.at,
            _(
                "%(standing)s：%(reason)s（文书编号 %(number)s）",
                standing=DECISIONS[event.standing],
                reason=event.reason,
                number=event.document_number,
            ),
            event.by_name,
        )
        for event in reversed(standing_events)
    ]
