"""The pages of sending many questions to review: what can be sent, what cannot and why, and the step itself."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import documents, importing_reach, queries, submitting, words
from app.banks.blueprint import bp
from app.banks.permissions import READERS
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import id_in
from app.core.i18n import localised

MOST_LISTED = 200
Places = list[tuple[str, str | None]]
_KEPT = ("q", "sort", "state", "kind", "difficulty", "knowledge_point", "source", "tag", "author", "import")


@bp.route("/banks/<code>/submit", methods=["GET", "POST"])
@requires(*READERS)
def submit_selected(code: str) -> Response | str:
    """Send what was ticked in the list of a bank; ?question= names those that had to stay."""
    bank = queries.bank_by_code(code)
    picked = [_number(text) for text in request.values.getlist("question")]
    condition = submitting.chosen(bank, picked)
    back = url_for("banks.bank", code=code) + _filters(request.values.get("back", ""))
    if request.method == "GET":
        return _page(condition, [(localised(bank.name_zh, bank.name_en), back)], back, questions=picked)
    if not picked:
        flash(_("没有选择试题。请先勾选要送审的试题。"), "warn")
        return redirect(back)
    batch = _sent(condition, among=len(set(picked)))
    if not batch.held:
        return redirect(back)
    held = [one.question_id for one in batch.held]
    return redirect(url_for("banks.submit_selected", code=code, question=held, back=request.form.get("back")))


@bp.route("/banks/imports/<int:import_id>/submit", methods=["GET", "POST"])
@requires(*READERS)
def submit_import(import_id: int) -> Response | str:
    """Send what an import brought that the reader may open."""
    imported = importing_reach.open_import(import_id, actor())
    condition, back = submitting.of_import(imported.id), url_for("banks.imported", import_id=import_id)
    if request.method == "GET":
        return _page(condition, [(_("我的导入"), url_for("banks.import_list")), (imported.filename, back)], back)
    held = _sent(condition).held
    return redirect(url_for("banks.submit_import", import_id=import_id) if held else back)


@bp.route("/banks/sources/<int:document_id>/submit", methods=["GET", "POST"])
@requires(*READERS)
def submit_source(document_id: int) -> Response | str:
    """Send what a mark of one document took out of the pool."""
    document = documents.document_by_id(document_id)
    condition, back = submitting.taken_out_by(document), url_for("banks.source", document_id=document_id)
    if request.method == "GET":
        return _page(condition, [(_("法规依据"), url_for("banks.sources_list")), (document.name, back)], back)
    held = _sent(condition).held
    return redirect(url_for("banks.submit_source", document_id=document_id) if held else back)


@bp.post("/questions/<int:question_id>/recall")
@requires(*READERS)
def recall_question(question_id: int) -> Response:
    """Take one's own question back from review."""
    question = queries.question_to_change(question_id)
    submitting.recall(question, seen=request.form.get("seen", ""), actor=actor(), now=now())
    db.session.commit()
    flash(_("已撤回送审，试题是草稿。"))
    return redirect(url_for("banks.question", question_id=question_id))


def _page(condition: sa.ColumnElement[bool], places: Places, back: str, *, questions: Iterable[int] = ()) -> str:
    """Show what can be sent and what cannot. questions: those that were ticked, to be ticked again."""
    return render_template(
        "banks/submit.html",
        batch=submitting.looked_at(condition),
        most_listed=MOST_LISTED,
        lack=words.lack,
        places=places,
        back=back,
        questions=questions,
    )


def _sent(condition: sa.ColumnElement[bool], *, among: int = 0) -> submitting.Batch:
    """Send what can be sent and say what became of it. among: how many were asked for, if that is known."""
    batch = submitting.submit(condition, actor=actor(), now=now())
    db.session.commit()
    if batch.ready:
        flash(_("已送审 %(count)s 道试题，由编写人以外的人审定。", count=len(batch.ready)))
    if batch.held:
        flash(_("%(count)s 道试题没有送审，原因列在下面。", count=len(batch.held)), "warn")
    elsewhere = among - len(batch.ready) - len(batch.held)
    if elsewhere > 0:
        flash(_("%(count)s 道试题已不是草稿或已暂停，没有处理。", count=elsewhere), "warn")
    if not batch.ready and not batch.held and not among:
        flash(_("没有可以送审的试题。"), "warn")
    return batch


def _number(text: str) -> int:
    """Return the id in the value of a tick box. Raises NotFound for anything else."""
    found = id_in(text)
    if found is None:
        raise NotFound("question_unknown")
    return found


def _filters(query: str) -> str:
    """Return the filters of the list in *query*, nothing else that somebody may have put there, as a query string."""
    kept = {key: value for key, value in parse_qsl(query[:1000].removeprefix("?")) if key in _KEPT}
    return f"?{urlencode(kept)}" if kept else ""
