"""The pages of the banks: lists and the page of a question. Writing, deciding and importing stand beside this file."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import (
    attention_views,
    commenting_views,
    comments,
    comparing_views,
    deciding_views,
    discarding_views,
    duplicates,
    exporting_views,
    importing_views,
    lists,
    own,
    pictures_views,
    queries,
    reference,
    sources_views,
    submitting,
    submitting_views,
    syllabus_views,
    two_people,
    words,
    writing_views,
)
from app.banks.blueprint import bp
from app.banks.doubts import doubts_of
from app.banks.exam_blueprints import views as blueprint_views
from app.banks.history import history, returned
from app.banks.models import QuestionState
from app.banks.permissions import READERS, may_edit, may_review
from app.banks.statistics import figures_of
from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import NotFound
from question_bank.kinds import KINDS
from question_bank.lifecycle import missing_for_review

__all__ = [
    "attention_views",
    "blueprint_views",
    "bp",
    "commenting_views",
    "comparing_views",
    "deciding_views",
    "discarding_views",
    "exporting_views",
    "importing_views",
    "pictures_views",
    "sources_views",
    "submitting_views",
    "syllabus_views",
    "writing_views",
]

MOST_ALIKE = 10  # similar questions that the page of a question lists


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
    table, within = lists.questions_table(found, request.args, actor()), {"bank_id": found.id}
    if table.export_asked(request.args):
        return lists.exported(table.every(within, request.args), f"questions-{found.code}")
    page = table.page_within(within, request.args)
    can_be_sent = page.args.get("state") in submitting.SENDABLE
    return render_template(
        "banks/bank.html",
        bank=found,
        table=lists.with_boxes(table) if can_be_sent else table,
        page=page,
        can_be_sent=can_be_sent,
    )


@bp.get("/banks/own")
@requires(*READERS)
def own_questions() -> str:
    """List the reader's own questions: drafts, what was sent back and why, what waits."""
    page = own.own_page(actor(), request.args)
    return render_template(
        "banks/own.html",
        table=own.OWN,
        page=page,
        counts=own.counts(actor()),
        returned=returned([row.question_id for row in page.rows]),
        lacks={row.id: missing_for_review(queries.content_of(row)) for row in page.rows},
    )


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
    alike = duplicates.alike(content, but=found.id)[:MOST_ALIKE]
    return render_template(
        "banks/question.html",
        question=found,
        shown=shown,
        current=current,
        content=content,
        missing=missing_for_review(queries.content_of(current)),
        alike=alike,
        known=queries.questions_by_code([one.other for one in alike]) if alike else {},
        base=queries.approved_before(found),
        returned=returned([found.id]).get(found.id) if found.state is QuestionState.DRAFT else None,
        lines=history(found),
        statistics=figures_of(shown.id),
        reviews=may_review(actor()),
        may_edit=may_edit(actor(), found),
        may_discard=discarding_views.offers_discarding(found),
        is_author=two_people.identity(actor()) in two_people.authors(found),
        is_sender=two_people.is_sender(found, actor()),
        doubts=doubts_of(found, content, today()),
        said=comments.comments_on(found.id),
        day=today(),
    )
