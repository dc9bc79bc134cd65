"""What a regulator changes about an enterprise: facts, sectors, its end, and who answers for it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core.actors import NATION, Role
from app.core.clock import now
from app.core.db import db
from app.core.forms import Form, refusals_on
from app.registry import appointments, enterprises, permissions, service
from app.registry.blueprint import bp
from app.registry.forms import AppointmentForm, CloseForm, EndForm, EnterpriseForm, SectorForm, day_of, region_choices
from app.registry.models import Enterprise


@bp.route("/enterprises/<int:enterprise_id>/appointments/new", methods=["GET", "POST"])
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def add_appointment(enterprise_id: int) -> Response | str:
    enterprise = permissions.visible_enterprise(enterprise_id, actor())
    form = AppointmentForm()
    form.offer()
    if form.validate_on_submit():
        with refusals_on(form):
            person = service.save_person(
                form.name.data or "",
                form.kind,
                form.document_number.data or "",
                form.phone.data,
                actor=actor(),
                now=now(),
            )
            role, kind = form.role_code.data, form.form.data or None
            appointments.appoint(
                person, enterprise, role, kind, day_of(form.since), form.last_day.data, actor=actor(), now=now()
            )
            db.session.commit()
            flash(_("任职已登记。"))
            return _back(enterprise)
    return _form_page(enterprise, form, _("登记任职"), _("接替他人的，先登记前任离任；前任的记录会保留。"))


@bp.route("/appointments/<int:appointment_id>/end", methods=["GET", "POST"])
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def end_appointment(appointment_id: int) -> Response | str:
    appointment = permissions.visible_appointment(appointment_id, actor())
    enterprise, form = appointment.enterprise, EndForm()
    if form.validate_on_submit():
        with refusals_on(form):
            appointments.end_appointment(appointment, day_of(form.last_day), actor=actor(), now=now())
            db.session.commit()
            flash(_("离任已登记，任职记录保留。"))
            return _back(enterprise)
    return _form_page(enterprise, form, _("登记离任"), appointment.person.name)


@bp.route("/enterprises/<int:enterprise_id>/correct", methods=["GET", "POST"])
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def correct_enterprise(enterprise_id: int) -> Response | str:
    enterprise = permissions.visible_enterprise(enterprise_id, actor())
    form = EnterpriseForm(obj=enterprise)
    form.region_code.choices = region_choices(actor().territory or NATION)
    if form.validate_on_submit():
        with refusals_on(form):
            facts = (form.name.data or "", form.region_code.data, form.chosen_scale, form.opened_on.data)
            enterprises.correct(enterprise, *facts, actor=actor(), now=now())
            db.session.commit()
            flash(_("更正已保存。"))
            return _back(enterprise)
    return _form_page(enterprise, form, _("更正基本信息"), enterprise.credit_code)


@bp.route("/enterprises/<int:enterprise_id>/sectors", methods=["GET", "POST"])
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def change_sector(enterprise_id: int) -> Response | str:
    enterprise = permissions.visible_enterprise(enterprise_id, actor())
    form = SectorForm()
    form.offer(enterprise)
    if form.validate_on_submit():
        ending = next((each for each in enterprise.memberships if str(each.id) == form.ends.data), None)
        with refusals_on(form):
            begins = form.begins.data or None
            enterprises.change_sector(enterprise, ending, begins, day_of(form.day), actor=actor(), now=now())
            db.session.commit()
            flash(_("行业领域变更已保存，原登记保留起止日期。"))
            return _back(enterprise)
    return _form_page(enterprise, form, _("变更行业领域"), _("一个结束，一个开始，都留有日期。"))


@bp.route("/enterprises/<int:enterprise_id>/close", methods=["GET", "POST"])
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def close_enterprise(enterprise_id: int) -> Response | str:
    enterprise = permissions.visible_enterprise(enterprise_id, actor())
    form = CloseForm()
    if form.validate_on_submit():
        with refusals_on(form):
            enterprises.close(enterprise, day_of(form.day), actor=actor(), now=now())
            db.session.commit()
            flash(_("注销已登记，历史记录保留。"))
            return _back(enterprise)
    return _form_page(enterprise, form, _("登记注销"), _("注销后不能再登记任职，也不再计入以后的覆盖率。"))


def _back(enterprise: Enterprise) -> Response:
    return redirect(url_for("registry.enterprise", enterprise_id=enterprise.id))


def _form_page(enterprise: Enterprise, form: Form, title: str, state: str) -> str:
    return render_template("registry/change.html", enterprise=enterprise, form=form, title=title, state=state)
