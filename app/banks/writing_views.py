"""Writing a question: new, edit, send to review. Buttons that do not save show the form again (drafting.py)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import drafting, duplicates, pictures, queries, recasting, remarks, service
from app.banks.blueprint import bp
from app.banks.filling import filled_in, filled_question
from app.banks.forms import QuestionForm
from app.banks.models import Bank, Question, QuestionState
from app.banks.permissions import READERS, require_editor
from app.banks.rich_fields import sanitise
from app.banks.writing import writing_page
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, ServiceError, worded
from app.core.forms import id_in, refusals_on
from question_bank.kinds import KINDS
from question_bank.questions import Question as Content

QUESTION_PAGE = "banks.question"
CHANGES_OF_KIND = ("kind", "kind_anyway")
Answer = Response | str | tuple[str, int]


@bp.route("/banks/<code>/questions/new/<kind>", methods=["GET", "POST"])
@requires(*READERS)
def new_question(code: str, kind: str) -> Answer:
    bank = queries.bank_by_code(code)
    if kind not in KINDS:
        raise NotFound("not_found")
    if _do() in CHANGES_OF_KIND and request.form.get("was") in KINDS:
        return _recast(bank, request.form["was"], kind)
    if not _is_saving():
        return _redrawn(bank, kind, _begun(kind))
    form = QuestionForm(kind, is_new=True)
    if form.has_new_kinds:
        return _recast_parts(form, bank, kind)
    content = _content(form, kind, bank.code)
    if content is not None and _do() == "save":
        with refusals_on(form):
            is_new = bool(remarks.new_documents([content.source_document]))
            saved = service.create(bank, content, actor=actor(), now=now())
            db.session.commit()
            return _saved(saved, is_new)
        bank = queries.bank_by_code(code)
    return _page(form, bank, kind, preview=content)


@bp.route("/questions/<int:question_id>/edit", methods=["GET", "POST"])
@requires(*READERS)
def edit_question(question_id: int) -> Answer:
    question = queries.question_by_id(question_id)
    current = queries.current_of(question)
    kind, bank = current.kind, question.bank
    try:
        require_editor(actor(), question)
    except ServiceError as refused:
        return _not_edited(question, kind, refused)
    if not _is_saving():
        return _redrawn(bank, kind, filled_in(queries.content_of(current)), question)
    form = QuestionForm(kind, is_new=False)
    if form.has_new_kinds:
        return _recast_parts(form, bank, kind, question)
    content = _content(form, kind, bank.code, question.code)
    if content is not None and _do() == "save":
        with refusals_on(form):
            locked = queries.question_to_change(question_id)
            require_editor(actor(), locked)
            if queries.current_of(locked).digest != form.read_last:
                raise ServiceError("question_changed_while_writing", question=locked.code)
            leaves_pool = locked.state is QuestionState.APPROVED
            is_new = bool(remarks.new_documents([content.source_document]))
            saved = service.edit(locked, content, seen=form.read_last, actor=actor(), now=now())
            db.session.commit()
            return _saved(saved, is_new, "sittings.after_withdrawal" if leaves_pool else QUESTION_PAGE)
        question = queries.question_by_id(question_id)
    return _page(form, question.bank, kind, question, preview=content)


@bp.post("/questions/<int:question_id>/submit")
@requires(*READERS)
def submit_question(question_id: int) -> Response:
    question = queries.question_to_change(question_id)
    seen = request.form.get("seen", "")
    service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=actor(), now=now())
    db.session.commit()
    flash(_("已送审。由编写人以外的审定人员审定后使用。"))
    return redirect(url_for(QUESTION_PAGE, question_id=question_id))


def _begun(kind: str) -> drafting.Data:
    """Return what a new form shows: nothing, or what the question ?copy= says, which may be retired."""
    copied = id_in(request.args.get("copy", ""))
    if copied is None:
        return drafting.blank(kind)
    content = queries.content_of(queries.current_of(queries.question_by_id(copied)))
    return {**filled_in(content), "code": "", "seen": ""} if content.kind == kind else drafting.blank(kind)


def _not_edited(question: Question, kind: str, refused: ServiceError) -> Answer:
    """Say why nobody edits here and what can be done; what was typed before the question changed its state stays."""
    if request.method == "GET":
        said = worded(refused)
        return render_template("banks/not_edited.html", question=question, kind=kind, refused=said), refused.status
    form = QuestionForm(kind, is_new=False)
    form.refuse(refused)
    return _page(form, question.bank, kind, question), refused.status


def _do() -> str:
    """Return what the button that was pressed asks for."""
    return request.form.get("do", "save")


def _is_saving() -> bool:
    """Whether the form was sent to be saved or looked at, not to be changed and shown again."""
    return request.method == "POST" and _do() in ("save", "preview")


def _content(form: QuestionForm, kind: str, bank: str, code: str = "") -> Content | None:
    """Return the question as filled in, None with everything that is wrong beside the fields."""
    is_valid, is_whole = form.validate_on_submit(), sanitise(form)
    content = filled_question(form, kind, bank, code)
    return content if is_valid and is_whole else None


def _recast(bank: Bank, was: str, kind: str) -> str:
    """Show what was filled in on a form of the kind *was* on one of *kind*; say first what would be left out."""
    data = drafting.data_of(QuestionForm(was, is_new=True))
    lost = recasting.lost(data, was, kind) if was != kind else []
    if lost and _do() == "kind":
        form = QuestionForm(was, is_new=True, formdata=None, data=data)
        return writing_page(form, bank, was, None, to_kind=kind, lost=lost)
    data = recasting.recast(data, was, kind) if was != kind else data
    return writing_page(QuestionForm(kind, is_new=True, formdata=None, data=data), bank, kind, None)


def _recast_parts(form: QuestionForm, bank: Bank, kind: str, question: Question | None = None) -> str:
    """Show the fields of the kinds that were chosen for parts before anything is saved."""
    data = drafting.step("refresh", drafting.data_of(form), kind)
    again = QuestionForm(kind, is_new=question is None, formdata=None, data=data)
    again.refuse(ServiceError("question_part_of_new_kind"))
    return _page(again, bank, kind, question)


def _redrawn(bank: Bank, kind: str, data: drafting.Data, question: Question | None = None) -> str:
    """Show *data*; after a step, what was filled in and what the step made of it."""
    refused: ServiceError | None = None
    if request.method == "POST":
        data = drafting.data_of(QuestionForm(kind, is_new=question is None))
        try:
            data = _uploaded(data, kind) if _do() == "upload" else drafting.step(_do(), data, kind)
        except ServiceError as error:
            db.session.rollback()
            refused = error
    form = QuestionForm(kind, is_new=question is None, formdata=None, data=data)
    if refused:
        form.refuse(refused)
    return _page(form, bank, kind, question)


def _uploaded(data: drafting.Data, kind: str) -> drafting.Data:
    """Keep the picture and put it where it belongs. Raises ServiceError (field "picture" or "picture_alt")."""
    file = request.files.get("picture")
    if file is None or not file.filename:
        raise ServiceError("picture_missing", field="picture")
    if not (data["picture_alt"] or "").strip():
        raise ServiceError("picture_without_words", field="picture_alt")
    digest = pictures.keep(file.read(), now=now())
    db.session.commit()
    return drafting.with_picture(data, kind, digest)


def _page(
    form: QuestionForm, bank: Bank, kind: str, question: Question | None = None, *, preview: Content | None = None
) -> str:
    return writing_page(form, bank, kind, question, preview=preview if _do() == "preview" else None)


def _saved(question: Question, is_new_document: bool, then: str = QUESTION_PAGE) -> Response:
    """Go to the page of the question by way of *then*; what looks doubtful is pointed out, not refused."""
    content = queries.content_of(queries.current_of(question))
    flash(_("草稿已保存。"))
    if alike := duplicates.alike(content, but=question.id):
        flash(_("有 %(count)s 道试题与它相似，请在本页“相似试题”中核对。", count=len(alike)), "warn")
    for sentence in remarks.on_saved(content, question.bank, is_new=is_new_document):
        flash(sentence, "warn")
    return redirect(url_for(then, question_id=question.id))
