"""Writing a question: new, edit, send to review."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import duplicates, queries, service
from app.banks.blueprint import bp
from app.banks.forms import QuestionForm, filled_in
from app.banks.models import Question, QuestionState
from app.banks.permissions import READERS
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import refusals_on
from question_bank.kinds import KINDS


@bp.route("/banks/<code>/questions/new/<kind>", methods=["GET", "POST"])
@requires(*READERS)
def new_question(code: str, kind: str) -> Response | str:
    bank = queries.bank_by_code(code)
    if kind not in KINDS:
        raise NotFound("not_found")
    form = QuestionForm().keep_for(kind, is_new=True)
    if form.validate_on_submit() and (content := form.question(kind, bank.code)):
        with refusals_on(form):
            saved = service.create(bank, content, actor=actor(), now=now())
            db.session.commit()
            return _saved(saved)
    return render_template("banks/write.html", form=form, bank=bank, kind=KINDS[kind], question=None)


@bp.route("/questions/<int:question_id>/edit", methods=["GET", "POST"])
@requires(*READERS)
def edit_question(question_id: int) -> Response | str:
    question = queries.question_by_id(question_id)
    current = queries.current_of(question)
    kind, bank = current.kind, question.bank
    form = QuestionForm(data=filled_in(queries.content_of(current))).keep_for(kind, is_new=False)
    if form.validate_on_submit() and (content := form.question(kind, bank.code, question.code)):
        with refusals_on(form):
            locked = queries.question_to_change(question_id)
            saved = service.edit(locked, content, seen=form.seen.data or "", actor=actor(), now=now())
            db.session.commit()
            return _saved(saved)
    return render_template(
        "banks/write.html", form=form, bank=bank, kind=KINDS[kind], question=queries.question_by_id(question_id)
    )


@bp.post("/questions/<int:question_id>/submit")
@requires(*READERS)
def submit_question(question_id: int) -> Response:
    question = queries.question_to_change(question_id)
    seen = request.form.get("seen", "")
    service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=actor(), now=now())
    db.session.commit()
    flash(_("已送审。由编写人以外的审定人员审定后用于考试。"))
    return redirect(url_for("banks.question", question_id=question_id))


def _saved(question: Question) -> Response:
    """Go to the page of the question; a stem that reads like another's is pointed out, not refused."""
    content = queries.content_of(queries.current_of(question))
    alike = duplicates.alike(content, queries.contents_to_compare(but=question.id))
    flash(_("草稿已保存。"))
    if alike:
        flash(_("有 %(count)s 道试题与它相似，请在本页“相似试题”中核对。", count=len(alike)), "warn")
    return redirect(url_for("banks.question", question_id=question.id))
