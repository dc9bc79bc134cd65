"""Coming in with an admission number, and the candidate's page of a sitting: where, when, and the one button."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts.access import actor, admitted_sitting, public, requires
from app.accounts.models import User
from app.accounts.views import enter as sign_in
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.forms import refusals_on
from app.core.limits import limiter, reader_address, was_refused
from app.core.personal import personal_data
from app.sittings import entering, starting
from app.sittings.answers import first_blank, seconds_left
from app.sittings.blueprint import bp
from app.sittings.forms import EnterForm
from app.sittings.models import Attempt, SittingState
from app.sittings.permissions import own_candidate
from app.sittings.waiting import countdown
from question_bank.blueprint import Blueprint


def _document() -> str:
    """Tries are counted by document and address: a stranger elsewhere cannot use up those of a candidate.

    The key holds the index of the document: its number is stored nowhere in the clear.
    """
    return f"{personal_data().blind_index(request.form.get('document_number', ''))} {reader_address()}"


@bp.route("/enter", methods=["GET", "POST"])
@public
@limiter.limit("600/minute", methods=["POST"])  # a whole exam site stands behind one address
@limiter.limit("120/minute", methods=["POST"], deduct_when=was_refused)
@limiter.limit("10/minute", key_func=_document, methods=["POST"], deduct_when=was_refused)
def enter() -> Response | str:
    form = EnterForm()
    if form.validate_on_submit():
        with refusals_on(form):
            user, sitting = entering.admit(form.document_number.data or "", form.admission_number.data or "", now=now())
            sign_in(user, "admission", admitted_to=sitting.id)
            _act_as_trainee(user)
            return redirect(url_for("sittings.lobby", sitting_id=sitting.id))
    return render_template("sittings/enter.html", form=form)


@bp.get("/sittings/<int:sitting_id>/lobby")
@requires(Role.TRAINEE, admitted=True)
def lobby(sitting_id: int) -> Response | str:
    """The candidate's page of one sitting: what to expect, and the button once it can be pressed."""
    candidate = own_candidate(sitting_id, actor(), admitted_sitting())
    attempt = starting.attempt_of(candidate)
    if attempt is not None:
        return redirect(_where_left(attempt))
    sitting, moment = candidate.sitting, now()
    if entering.note_entry(candidate, now=moment):
        db.session.commit()
    is_entry = sitting.state is SittingState.OPEN and sitting.starts_at <= moment <= sitting.entry_until
    return render_template(
        "sittings/lobby.html",
        sitting=sitting,
        candidate=candidate,
        questions=Blueprint.from_payload(sitting.blueprint).count,
        is_entry=is_entry,
        is_over=sitting.state in (SittingState.CLOSED, SittingState.CANCELLED) or moment > sitting.entry_until,
        is_cancelled=sitting.state is SittingState.CANCELLED,
        words=countdown(sitting.starts_at, moment) if moment < sitting.starts_at else "",
        refresh=None if is_entry else max(10, min(60, seconds_left(sitting.starts_at, moment))),
    )


@bp.post("/sittings/<int:sitting_id>/start")
@requires(Role.TRAINEE, admitted=True)
def start(sitting_id: int) -> Response:
    candidate = own_candidate(sitting_id, actor(), admitted_sitting())
    try:
        attempt = starting.start(candidate, actor=actor(), now=now())
    except ServiceError as error:
        db.session.rollback()
        flash(worded(error), "stop")
        return redirect(url_for("sittings.lobby", sitting_id=sitting_id))
    db.session.commit()
    return redirect(_where_left(attempt))


def _where_left(attempt: Attempt) -> str:
    """Whoever comes back goes on with the first question that has no answer."""
    return url_for("sittings.question", attempt_id=attempt.id, position=first_blank(attempt))


def _act_as_trainee(user: User) -> None:
    """Somebody who is staff as well comes in as the trainee that the admission number names."""
    trainee = next((grant for grant in user.grants if grant.role is Role.TRAINEE), None)
    if trainee is not None:
        session[access.GRANT] = trainee.id
