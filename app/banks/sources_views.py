"""The pages of legal documents: which ones questions rest on, what becomes of the questions when one changes."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import documents, sources, submitting, words_sources
from app.banks.blueprint import bp
from app.banks.history import document_history
from app.banks.models_documents import LegalDocument
from app.banks.permissions import READERS, may_review, require_reviewer
from app.banks.sources_forms import WHOLE, NoticeForm, WithdrawalForm
from app.banks.sources_lists import (
    COUNTED,
    DOCUMENTS,
    RESTING,
    documents_page,
    documents_query,
    ending_page,
    ending_query,
    ending_table,
)
from app.core.clock import now, today
from app.core.db import db
from app.core.forms import refusals_on
from question_bank.sources import Standing


@bp.app_context_processor
def _source_words() -> dict[str, object]:
    return {"source_words": words_sources}


@bp.get("/banks/sources")
@requires(*READERS)
def sources_list() -> Response | str:
    if DOCUMENTS.export_asked(request.args):
        return DOCUMENTS.export(documents_query(), request.args)
    page = documents_page(request.args)
    return render_template("banks/sources.html", table=DOCUMENTS, page=page, counted=COUNTED)


@bp.get("/banks/sources/ending")
@requires(*READERS)
def ending_sources() -> Response | str:
    """List the questions whose source ends soon or has ended: an ended one is not drawn, whatever its state."""
    table = ending_table(today())
    if table.export_asked(request.args):
        return table.export(ending_query(today()), request.args)
    page = ending_page(today(), request.args)
    return render_template("banks/sources_ending.html", table=table, page=page, day=today())


@bp.get("/banks/sources/<int:document_id>")
@requires(*READERS)
def source(document_id: int) -> Response | str:
    document = documents.document_by_id(document_id)
    within = {"legal_document_id": document.id}
    if RESTING.export_asked(request.args):
        return RESTING.export(RESTING.every(within, request.args), {})
    return render_template(
        "banks/source.html",
        document=document,
        table=RESTING,
        page=RESTING.page_within(within, request.args),
        alike=documents.named_alike(document),
        lines=document_history(document),
        reviews=may_review(actor()),
        marks=documents.marks_of(document),
        day=today(),
        taken_out=submitting.count_of(submitting.taken_out_by(document)),
    )


@bp.route("/banks/sources/<int:document_id>/mark", methods=["GET", "POST"])
@requires(*READERS)
def mark_source(document_id: int) -> Response | str:
    """Mark a document as changed or repealed: first the form, then what it would do, then the step itself."""
    require_reviewer(actor())
    document = documents.document_by_id(document_id)
    found = documents.articles_of(document)
    form = (_correction(document) or NoticeForm(changed_on=today())).offer(found)
    step = request.form.get("step", "look")
    if step in ("look", "do") and form.validate_on_submit() and (notice := form.notice()):
        with refusals_on(form):
            if step == "look":
                return _looked_at(document, notice, form)
            count = sources.mark(document_id, notice, actor=actor(), now=now())
            db.session.commit()
            flash(_marked(notice, count))
            return redirect(url_for("sittings.shortages_list", document=document_id))
        document = documents.document_by_id(document_id)
    counts = {one.article: one.questions for one in found}
    return render_template("banks/source_mark.html", document=document, form=form, counts=counts)


@bp.route("/banks/sources/<int:document_id>/marks/<int:mark_id>/withdraw", methods=["GET", "POST"])
@requires(*READERS)
def withdraw_mark(document_id: int, mark_id: int) -> Response | str:
    """Take a mistaken mark back."""
    require_reviewer(actor())
    document = documents.document_by_id(document_id)
    mark = sources.mark_to_withdraw(document, mark_id)
    form = WithdrawalForm()
    if form.validate_on_submit():
        with refusals_on(form):
            sources.withdraw(document_id, mark_id, form.reason.data or "", actor=actor(), now=now())
            db.session.commit()
            flash(_("已撤回。因它暂停的试题须重新送审、审定后才能使用。") if mark.carried_out_at else _("已撤回。"))
            return redirect(url_for("banks.source", document_id=document_id))
        document = documents.document_by_id(document_id)
    return render_template("banks/source_withdraw.html", document=document, mark=mark, form=form, day=today())


def _marked(notice: sources.Notice, count: int) -> str:
    if notice.changed_on > today():
        day = notice.changed_on.isoformat()
        return str(_("已记录。%(count)s 道试题自 %(day)s 起不再抽入新的试卷。", count=count, day=day))
    return str(_("已标记。%(count)s 道试题暂停使用，不再抽入新的试卷。", count=count))


def _correction(document: LegalDocument) -> NoticeForm | None:
    """Return the form that corrects what is recorded of a repealed document, filled with it; None for any other."""
    if document.standing is not Standing.REPEALED:
        return None
    repeals = [mark for mark in documents.marks_of(document) if mark.standing is Standing.REPEALED]
    return NoticeForm(obj=sources.recorded(repeals[-1]), scope=WHOLE).for_repealed()


def _looked_at(document: LegalDocument, notice: sources.Notice, form: NoticeForm) -> str:
    """Show how many questions of which banks would leave the pool. Raises ServiceError as the step itself would."""
    sources.refuse_notice(document, notice)
    found = documents.concerned(document, notice.as_mark(now()))
    return render_template(
        "banks/source_confirm.html",
        document=document,
        notice=notice,
        banks=documents.effect(found),
        total=len(found),
        gone=dict.fromkeys((one.version_id for one in found), notice.changed_on),
        is_ahead=notice.changed_on > today(),
        form=form,
        alike=documents.named_alike(document),
    )
