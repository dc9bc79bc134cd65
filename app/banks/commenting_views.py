"""Saying something about a question. The comments themselves stand on the page of the question."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from app.accounts.access import actor, requires
from app.banks import comments, queries
from app.banks.blueprint import bp
from app.banks.permissions import READERS
from app.core.clock import now
from app.core.db import db
from app.core.forms import Form, refusals_on


class CommentForm(Form):
    """What is to be said; the service checks its length, so that the sentence is the same wherever it comes from."""

    text = TextAreaField(
        _l("意见"), description=_l("提交后不能修改或删除；最多 2000 字"), render_kw={"rows": 3, "maxlength": 2000}
    )
    submit = SubmitField(_l("提交意见"))


@bp.app_context_processor
def _comment_form() -> dict[str, object]:
    return {"comment_form": lambda: CommentForm(formdata=None)}


@bp.route("/questions/<int:question_id>/comments", methods=["GET", "POST"])
@requires(*READERS)
def comment_question(question_id: int) -> Response | str:
    """Add a comment; what is refused stands on a page of its own with the text that was typed."""
    question = queries.question_by_id(question_id)
    form = CommentForm()
    if form.validate_on_submit():
        with refusals_on(form):
            locked = queries.question_to_change(question_id)  # an import that is undone meanwhile takes it away
            comments.comment(locked, form.text.data or "", actor=actor(), now=now())
            db.session.commit()
            flash(_("意见已提交。"))
            walk = request.args.get("queue")  # somebody goes through the queue: the way on stays open
            return redirect(url_for("banks.question", question_id=question_id, queue=walk, _anchor="comments"))
        question = queries.question_by_id(question_id)
    return render_template("banks/comment.html", question=question, form=form)
