"""The pages of the banks: lists and the page of a question. Writing, deciding and importing stand beside this file."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import (
    deciding_views,
    duplicates,
    importing_views,
    lists,
    queries,
    reference,
    service,
    words,
    writing_views,
)
from app.banks.blueprint import bp
from app.banks.history import history
from app.banks.permissions import READERS, may_review
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from question_bank.kinds import KINDS
from question_bank.lifecycle import missing_for_review

__all__ = ["bp", "deciding_views", "importing_views", "writing_views"]


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"bank_words": words, "question_kinds": KINDS}


@bp.get("/banks")
@requires(*READERS)
def banks() -> str:
    counts = queries.bank_counts()
    waiting = queries.waiting_count()
    return render_template(
        "banks/banks.html",
        counts=counts,
        waiting=waiting,
        reviews=may_review(actor()),
        load_allowed=actor().role is Role.ADMINISTRATOR,
    )


@bp.post("/banks/starter")
@requires(Role.ADMINISTRATOR)
def load_starter() -> Response:
    """Create the banks and bring in the starter questions as drafts; what is there already stays as it is."""
    moment = now()
    reference.load_banks(moment)
    added = reference.load_starter_questions(actor(), moment)
    db.session.commit()
    flash(_("已载入 %(count)s 道试题草稿。请由另一人逐题审定后使用。", count=added))
    return redirect(url_for("banks.banks"))


@bp.get("/banks/<code>")
@requires(*READERS)
def bank(code: str) -> Response | str:
    found = queries.bank_by_code(code)
    query = queries.versions_in(found)
    if lists.QUESTIONS.export_asked(request.args):
        return lists.exported(query, request.args, f"questions-{found.code}")
    page = lists.QUESTIONS.page(query, request.args)
    return render_template("banks/bank.html", bank=found, table=lists.QUESTIONS, page=page)


@bp.get("/questions/<int:question_id>")
@requires(*READERS)
def question(question_id: int) -> str:
    """Show the question as a candidate sees it, then what a candidate does not see; ?version= shows an older one."""
    found = queries.question_by_id(question_id)
    current = queries.current_of(found)
    asked = request.args.get("version", str(current.number))
    shown = next((one for one in found.versions if str(one.number) == asked), None)
    if shown is None:
        raise NotFound("not_found")
    content = queries.content_of(shown)
    return render_template(
        "banks/question.html",
        question=found,
        shown=shown,
        current=current,
        content=content,
        missing=missing_for_review(queries.content_of(current)),
        alike=duplicates.alike(content, queries.contents_to_compare(but=found.id)),
        ids=queries.ids_by_code,
        lines=history(found),
        reviews=may_review(actor()),
        is_author=service.identity(actor()) in service.authors(found),
    )
