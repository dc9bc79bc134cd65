"""Deciding on questions: the queue of what waits, approval, return, suspension, retirement."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import queries, queue, service
from app.banks.blueprint import bp
from app.banks.forms import ReasonForm
from app.banks.models import BankPurpose, QuestionState
from app.banks.permissions import READERS, require_reviewer
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, ServiceError, worded
from app.core.forms import id_in, refusals_on

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
    return _queue(request.args)


@bp.get("/banks/review/next")
@requires(*READERS)
def next_in_queue() -> Response:
    """Go to the next question that the reader may judge: the oldest, or the one behind ?after=."""
    require_reviewer(actor())
    table, filters = queue.queue_table(actor()), queue.unpacked(request.args.get("queue", ""))
    found = queue.next_waiting(table, filters, actor(), request.args.get("after", type=int))
    if found is None:
        flash(_("后面没有您可以审定的试题了。"))
        return _to_list(filters)
    return redirect(url_for("banks.question", question_id=found, queue=queue.kept(filters)))


@bp.get("/banks/review/previous/<int:question_id>")
@requires(*READERS)
def previous_in_queue(question_id: int) -> Response:
    """Go to the question before this one that the reader may judge; stay if there is none."""
    require_reviewer(actor())
    table, filters = queue.queue_table(actor()), queue.unpacked(request.args.get("queue", ""))
    found = queue.previous_waiting(table, filters, actor(), question_id)
    if found is None:
        flash(_("前面没有您可以审定的试题了。"))
    return redirect(url_for("banks.question", question_id=found or question_id, queue=queue.kept(filters)))


@bp.route("/banks/review/approve", methods=["GET", "POST"])
@requires(*READERS)
def approve_selected() -> Response | tuple[str, int]:
    """Approve what was ticked, or the one whose own button was pressed; all or none.

    What is refused is said above the list, with the ticks kept; the links and filters of that page ask by GET.
    """
    require_reviewer(actor())
    if request.method == "GET":
        return redirect(url_for("banks.review") + f"?{request.query_string.decode()}")
    one, filters = request.form.get("one"), queue.unpacked(request.form.get("queue", ""))
    picked = [_pair(text) for text in ([one] if one else request.form.getlist("question"))]
    try:
        count = service.approve_selected(picked, compared=_compared(), actor=actor(), now=now())
    except NotFound:
        raise
    except ServiceError as refused:
        db.session.rollback()
        return _queue(filters, refused), refused.status
    db.session.commit()
    flash(_("已审定通过 %(count)s 道试题。", count=count))
    return _to_list(filters)


@bp.post("/questions/<int:question_id>/approve")
@requires(*READERS)
def approve_question(question_id: int) -> Response:
    require_reviewer(actor())
    question = queries.question_to_change(question_id)
    service.move(
        question,
        QuestionState.APPROVED,
        seen=request.form.get("seen", ""),
        compared=_compared().get(question_id, ()),
        actor=actor(),
        now=now(),
    )
    db.session.commit()
    if question.bank.purpose is BankPurpose.LIVE:
        flash(_("试题 %(code)s 已审定通过，可用于考试。", code=question.code))
    else:
        flash(_("试题 %(code)s 已审定通过，可用于练习。", code=question.code))
    return _onward(question_id, QuestionState.APPROVED)


@bp.route("/questions/<int:question_id>/<any(return, suspend, retire):action>", methods=["GET", "POST"])
@requires(*READERS)
def withdraw_question(question_id: int, action: str) -> Response | str:
    """Send back, suspend or retire a question, with a reason; ?queue= leads on to the next one that waits."""
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
            return _onward(question_id, TARGETS[action])
        question = queries.question_by_id(question_id)
    stem = queries.current_of(question).stem
    return render_template("banks/withdraw.html", form=form, question=question, action=action, stem=stem)


def _queue(args: Mapping[str, str], refused: ServiceError | None = None) -> str:
    """Show the queue under the filters in *args*, with what was ticked before it was refused."""
    table = queue.queue_table(actor())
    page = table.page_within(queue.WAITING, args)
    return render_template(
        "banks/review.html",
        table=table,
        page=page,
        total=queries.waiting_count() if page.args else page.total,
        waiting={one.version.id: one for one in queue.described(page.rows, actor())},
        queue=queue.kept(page.args),
        refused=worded(refused) if refused else "",
        ticked=request.form.getlist("question"),
        compared=request.form.getlist("checked"),
    )


def _to_list(filters: dict[str, str]) -> Response:
    return redirect(url_for("banks.review") + (f"?{queue.kept(filters)}" if filters else ""))


def _onward(question_id: int, target: QuestionState) -> Response:
    """Go where a decision leads: on through the queue or back to its list, to the sittings that now may be short, or to
    the question."""
    if "back" in request.values:
        return _to_list(queue.unpacked(request.values["back"]))
    if "queue" in request.values:
        return redirect(url_for("banks.next_in_queue", after=question_id, queue=request.values["queue"]))
    if target in (QuestionState.SUSPENDED, QuestionState.RETIRED):
        return redirect(url_for("sittings.after_withdrawal", question_id=question_id))
    return redirect(url_for("banks.question", question_id=question_id))


def _pair(text: str) -> tuple[int, str]:
    """Return question id and digest from the value of a tick box. Raises NotFound for anything else."""
    number, _colon, seen = text.partition(":")
    question_id = id_in(number)
    if question_id is None:
        raise NotFound("question_unknown")
    return question_id, seen


def _compared() -> dict[int, list[int]]:
    """Return the marks that were ticked as compared with, by question; each tick stands for those shown beside it."""
    found: dict[int, list[int]] = {}
    for text in request.form.getlist("checked"):
        question_id, marks = _pair(text)
        found.setdefault(question_id, []).extend(one for one in map(id_in, marks.split(",")) if one is not None)
    return found
