"""Deciding on questions: the queue of what waits, approval, return, suspension, retirement."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import lists, queries, service
from app.banks.blueprint import bp
from app.banks.forms import ReasonForm
from app.banks.models import QuestionState
from app.banks.permissions import READERS, require_reviewer
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import refusals_on

TARGETS = {
    "return": QuestionState.DRAFT,
    "suspend": QuestionState.SUSPENDED,
    "retire": QuestionState.RETIRED,
}


@bp.get("/banks/review")
@requires(*READERS)
def review() -> str:
    """Show what waits for approval, each question whole, so that it can be judged without leaving the page."""
    require_reviewer(actor())
    table = lists.waiting_table([counts.bank for counts in queries.bank_counts()])
    page = table.page(queries.versions_waiting(), request.args)
    return render_template(
        "banks/review.html",
        table=table,
        page=page,
        contents={row.id: queries.content_of(row) for row in page.rows},
        own_id=actor().user_id,
    )


@bp.post("/banks/review/approve")
@requires(*READERS)
def approve_selected() -> Response:
    """Approve what was ticked, or the one whose own button was pressed; all or none."""
    require_reviewer(actor())
    one = request.form.get("one")
    picked = [one] if one else request.form.getlist("question")
    count = service.approve_selected([_pair(text) for text in picked], actor=actor(), now=now())
    db.session.commit()
    flash(_("已审定通过 %(count)s 道试题，可用于考试。", count=count))
    return redirect(url_for("banks.review"))


@bp.post("/questions/<int:question_id>/approve")
@requires(*READERS)
def approve_question(question_id: int) -> Response:
    require_reviewer(actor())
    question = queries.question_to_change(question_id)
    seen = request.form.get("seen", "")
    service.move(question, QuestionState.APPROVED, seen=seen, actor=actor(), now=now())
    db.session.commit()
    flash(_("已审定通过，可用于考试。"))
    return redirect(url_for("banks.question", question_id=question_id))


@bp.route("/questions/<int:question_id>/<any(return, suspend, retire):action>", methods=["GET", "POST"])
@requires(*READERS)
def withdraw_question(question_id: int, action: str) -> Response | str:
    """Send back, suspend or retire a question, with a reason."""
    require_reviewer(actor())
    question = queries.question_by_id(question_id)
    form = ReasonForm(data={"seen": queries.current_of(question).digest})
    if form.validate_on_submit():
        with refusals_on(form):
            locked = queries.question_to_change(question_id)
            seen, reason = form.seen.data or "", form.reason.data or ""
            service.move(locked, TARGETS[action], seen=seen, reason=reason.strip(), actor=actor(), now=now())
            db.session.commit()
            flash(_("已记录。"))
            return redirect(url_for("banks.question", question_id=question_id))
        question = queries.question_by_id(question_id)
    return render_template("banks/withdraw.html", form=form, question=question, action=action)


def _pair(text: str) -> tuple[int, str]:
    """Return question id and digest from the value of a tick box. Raises NotFound for anything else."""
    number, _colon, seen = text.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise NotFound("question_unknown")
    return int(number), seen
