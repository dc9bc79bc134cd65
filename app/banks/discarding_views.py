"""Giving up the draft of a question that was approved before: what is lost and what comes back, and the step."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import comments, discarding, queries
from app.banks.blueprint import bp
from app.banks.discarding import Effect
from app.banks.forms import DiscardForm
from app.banks.history import said_of
from app.banks.models import BankPurpose, Question, QuestionState
from app.banks.permissions import READERS, may_discard, require_discarder
from app.core.clock import now, today
from app.core.db import db
from app.core.forms import refusals_on
from app.core.i18n import listed
from question_bank.comparison import changed_fields


@bp.route("/questions/<int:question_id>/discard", methods=["GET", "POST"])
@requires(*READERS)
def discard_draft(question_id: int) -> Response | str:
    """Say what discarding does, and do it."""
    is_asked = request.method == "POST"
    question = queries.question_to_change(question_id) if is_asked else queries.question_by_id(question_id)
    effect = discarding.effect(question, today(), is_held=is_asked)
    require_discarder(actor(), question, effect.state)
    form = DiscardForm(data={"seen": queries.current_of(question).digest})
    if form.validate_on_submit():
        with refusals_on(form):
            discarding.discard(question, effect, seen=form.seen.data or "", actor=actor(), now=now())
            db.session.commit()
            flash(_discarded(question, effect), "" if effect.state is QuestionState.APPROVED else "warn")
            return redirect(url_for("banks.question", question_id=question_id))
        question = queries.question_by_id(question_id)
        effect = discarding.effect(question, today())
    return _page(form, question, effect)


def offers_discarding(question: Question) -> bool:
    """Whether the page of *question* offers its reader to discard the draft."""
    if not discarding.has_draft_to_discard(question):
        return False
    return may_discard(actor(), discarding.effect(question, today()).state)


def _page(form: DiscardForm, question: Question, effect: Effect) -> str:
    current = queries.current_of(question)
    before, after = queries.content_of(effect.base), queries.content_of(current)
    gone = {one.number for one in effect.gone}
    return render_template(
        "banks/discard.html",
        form=form,
        question=question,
        current=current,
        effect=effect,
        changed=changed_fields(before, after),
        kind=after.kind,
        comments=sum(one.version in gone for one in comments.comments_on(question.id)),
        suspended=said_of(effect.suspended) if effect.suspended else "",
    )


def _discarded(question: Question, effect: Effect) -> str:
    facts = {
        "gone": listed(one.number for one in effect.gone),
        "number": effect.base.number,
        "code": question.code,
    }
    if effect.state is QuestionState.SUSPENDED:
        return str(_("已放弃第 %(gone)s 版草稿。试题 %(code)s 恢复为第 %(number)s 版，暂停使用。", **facts))
    if question.bank.purpose is BankPurpose.LIVE:
        return str(_("已放弃第 %(gone)s 版草稿。试题 %(code)s 恢复为第 %(number)s 版，可用于考试。", **facts))
    return str(_("已放弃第 %(gone)s 版草稿。试题 %(code)s 恢复为第 %(number)s 版，可用于练习。", **facts))
