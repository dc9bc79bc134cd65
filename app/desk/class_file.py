"""The class file: the record page of a training session, closing it, and withdrawing a trainee."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, load_only
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.forms import refusals_on
from app.desk.blueprint import bp
from app.desk.class_record import class_record
from app.desk.class_words import exam_tag, exempted, headline, history, steps
from app.desk.forms import WithdrawForm
from app.desk.trainee_table import trainee_query, trainee_table
from app.institutions.models import ExamSite
from app.sittings import closing
from app.sittings.models import Sitting
from app.sittings.queries import AWAITED, result_of
from app.sittings.wording import SITTING_STATES
from app.training import words
from app.training.enrolling import withdraw as withdraw_trainee
from app.training.models import Enrolment, SessionState
from app.training.permissions import READERS, own_enrolment, own_session, session_in_scope
from app.training.serving import mandate_or_none, not_bound
from app.training.trail import places


@bp.get("/sessions/<int:session_id>")
@requires(*READERS)
def class_file(session_id: int) -> Response | str:
    session = session_in_scope(session_id, actor())
    record = class_record(session, today())
    mandate = mandate_or_none(session.mandate_code)
    table, query, sittings = trainee_table(record), trainee_query(session_id), _sittings(session_id)
    if table.export_asked(request.args):
        return table.export(query, request.args)
    return render_template(
        "desk/class_file.html",
        session=session,
        record=record,
        table=table,
        page=table.page(query, request.args),
        headline=headline(record),
        steps=steps(record),
        step=record.next_step(),
        exam_tag=exam_tag,
        history=history(session_id),
        mandate=mandate,
        not_bound=not_bound(session_id, mandate, today()) if mandate else 0,
        exempted=exempted(record),
        words=words,
        sittings=sittings,
        next_sitting=next((each for each in sittings if each.state in AWAITED), None),
        sitting_states=SITTING_STATES,
        may_see_sittings=actor().role is not Role.ADMINISTRATOR,
        is_own=actor().role is Role.INSTITUTION,
        may_change=actor().role is Role.INSTITUTION and session.state is SessionState.SCHEDULED,
    )


@bp.post("/sessions/<int:session_id>/close")
@requires(Role.INSTITUTION)
def close(session_id: int) -> Response:
    """Close the session, or go back to it with the list of who is still missing."""
    session = own_session(session_id, actor())
    try:
        closing.close(session, actor=actor(), now=now())
    except ServiceError as error:
        db.session.rollback()
        flash(worded(error), "stop")
        shown = "missing" if error.code == "exam_missing" else None
        return redirect(url_for(".class_file", session_id=session_id, exam=shown))
    db.session.commit()
    flash(_("已结班，档案已归档。"))
    return redirect(url_for(".class_file", session_id=session_id))


@bp.route("/enrolments/<int:enrolment_id>/withdraw", methods=["GET", "POST"])
@requires(Role.INSTITUTION)
def withdraw(enrolment_id: int) -> Response | str:
    """Withdraw a trainee with a reason; refused once an exam has begun, which only this layer can see."""
    enrolment = own_enrolment(enrolment_id, actor())
    form = WithdrawForm()
    if form.validate_on_submit():
        with refusals_on(form):
            if result_of(enrolment).attempts:
                raise ServiceError("withdraw_after_exam")
            withdraw_trainee(enrolment, (form.reason.data or "").strip(), actor=actor(), now=now())
            db.session.commit()
            flash(_("已退训，档案中可查。"))
            return redirect(url_for(".class_file", session_id=enrolment.training_session_id))
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    session = enrolment.training_session
    return render_template(
        "desk/class_file_withdraw.html", form=form, enrolment=enrolment, places=places(session, _("退训"))
    )


def _sittings(session_id: int) -> list[Sitting]:
    """The sittings of a session with their sites, in the order of time; nothing of papers or seeds is loaded."""
    query = (
        sa.select(Sitting)
        .join(Sitting.exam_site)
        .options(
            load_only(Sitting.code, Sitting.starts_at, Sitting.state, Sitting.is_resit),
            contains_eager(Sitting.exam_site).load_only(ExamSite.name),
        )
        .where(Sitting.training_session_id == session_id)
        .order_by(Sitting.starts_at, Sitting.id)
    )
    return list(db.session.scalars(query))
