"""一人一档: the page of a person, the whole number on request, and bars."""

from __future__ import annotations

from datetime import timedelta

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.audit import events
from app.audit.service import record
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.forms import Form, refusals_on
from app.registry import bars, permissions, queries
from app.registry.blueprint import bp
from app.registry.forms import BarForm, NumberForm, WithdrawForm, day_of
from app.registry.history import person_history
from app.registry.models import BarScope, Person


@bp.get("/people/<int:person_id>")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def person(person_id: int) -> str:
    return _page(permissions.visible_person(person_id, actor()))


@bp.post("/people/<int:person_id>/number")
@requires(Role.REGULATOR)
def show_number(person_id: int) -> FlaskResponse | Response:
    """Show the whole document number once; who looked, when and why is written down first."""
    found, form = permissions.visible_person(person_id, actor()), NumberForm()
    if not form.validate_on_submit():
        return redirect(url_for("registry.person", person_id=person_id))
    record(events.PersonalDataShown(found.id, purpose=form.purpose.data), actor=actor(), now=now())
    db.session.commit()
    response = make_response(_page(found, shown_number=found.document_number))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/people/<int:person_id>/bars/new", methods=["GET", "POST"])
@requires(Role.REGULATOR)
def add_bar(person_id: int) -> Response | str:
    found, form = permissions.visible_person(person_id, actor()), BarForm()
    form.offer()
    if form.validate_on_submit():
        last_day = form.last_day.data
        with refusals_on(form):
            bars.add_bar(
                found,
                BarScope(form.scope.data),
                form.sector_code.data or None,
                day_of(form.valid_from),
                last_day and last_day + timedelta(days=1),
                form.decision_number.data or "",
                actor=actor(),
                now=now(),
            )
            db.session.commit()
            flash(_("禁任已登记。以后登记任职时会核对。"))
            return redirect(url_for("registry.person", person_id=found.id))
    return _form_page(found, form, _("登记禁任"), _("依据生效的行政处罚或判决；登记任职、报名和发证时都会核对。"))


@bp.route("/bars/<int:bar_id>/withdraw", methods=["GET", "POST"])
@requires(Role.REGULATOR)
def withdraw_bar(bar_id: int) -> Response | str:
    bar, form = permissions.visible_bar(bar_id, actor()), WithdrawForm()
    if form.validate_on_submit():
        with refusals_on(form):
            bars.withdraw_bar(bar, form.reason.data or "", actor=actor(), now=now())
            db.session.commit()
            flash(_("已更正，禁任解除；原记录保留。"))
            return redirect(url_for("registry.person", person_id=bar.person_id))
    return _form_page(bar.person, form, _("更正禁任记录"), _("决定文号 %(number)s", number=bar.decision_number))


def _page(found: Person, shown_number: str | None = None) -> str:
    decisions = queries.bars_of_person(found)
    return render_template(
        "registry/person.html",
        person=found,
        shown_number=shown_number,
        offices=queries.offices_of(found, actor()),
        bars=decisions,
        in_force=[bar for bar in decisions if bars.is_in_force(bar, now())],
        number_form=NumberForm() if actor().role is Role.REGULATOR else None,
        history=person_history(found),
    )


def _form_page(found: Person, form: Form, title: str, state: str) -> str:
    return render_template("registry/bar.html", person=found, form=form, title=title, state=state)
