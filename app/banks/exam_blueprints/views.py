"""The pages of blueprints: what the exams of a course draw by, its versions, a sample paper; using, retiring."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks.blueprint import bp
from app.banks.exam_blueprints import checking, editing_views, lists, queries, service, showing, words
from app.banks.exam_blueprints.availability import availability
from app.banks.exam_blueprints.course_exam import course_in_catalogue, exam_of
from app.banks.exam_blueprints.history import history
from app.banks.exam_blueprints.models import BlueprintState, ExamBlueprint
from app.banks.forms import ReasonForm
from app.banks.permissions import READERS, may_review, require_reviewer
from app.banks.two_people import identity
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.forms import refusals_on
from app.core.i18n import localised
from question_bank.blueprint import Blueprint
from question_bank.papers import assemble

__all__ = ["editing_views"]


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"blueprint_words": words}


@bp.get("/banks/blueprints")
@requires(*READERS)
def blueprints() -> str:
    table, lines = lists.table(), lists.lines()
    page = table.page_of(lines, request.args)
    return render_template(
        "banks/blueprints.html",
        table=table,
        page=page,
        verdicts=lists.verdicts(page.rows, today()),
        waiting=sum(line.draft is not None for line in lines),
        own=sum(line.stored is not None for line in lines),
    )


@bp.get("/banks/blueprints/<course>")
@requires(*READERS)
def blueprint(course: str) -> str:
    """Show by what the exams of a course draw: the version in use, else the exam rule's own."""
    versions = queries.versions(course)
    return _page(course, next((one for one in versions if one.state is BlueprintState.IN_USE), None), versions)


@bp.get("/banks/blueprints/<course>/<int:number>")
@requires(*READERS)
def blueprint_version(course: str, number: int) -> str:
    return _page(course, queries.version(course, number), queries.versions(course))


@bp.get("/banks/blueprints/<course>/paper")
@requires(*READERS)
def sample_paper(course: str) -> str:
    """Show one paper as it could be drawn, with its key, from a seed that no sitting has. ?number=, ?seed= choose."""
    require_reviewer(actor())
    definition, number = course_in_catalogue(course), request.args.get("number", type=int)
    row = None if number is None else queries.version(course, number)
    found = exam_of(definition).derived() if row is None else queries.content_of(row)
    pool, _is_sample = checking.pool_to_check(found, today())
    seed = request.args.get("seed", 1, type=int) % 1000
    drawn = assemble(found, pool, _sample_seed(found, seed)) if pool.plan(found).is_feasible else None
    title = localised(definition.title_zh, definition.title_en)
    return render_template("banks/blueprint_paper.html", course=course, title=title, row=row, paper=drawn, seed=seed)


@bp.post("/banks/blueprints/<course>/<int:number>/use")
@requires(*READERS)
def use_blueprint(course: str, number: int) -> Response:
    require_reviewer(actor())
    try:
        service.put_in_use(course, number, seen=request.form.get("seen", ""), actor=actor(), now=now())
        db.session.commit()
        flash(_("已启用。此后安排的考试按这个方案组卷；已安排的考试不变。"))
    except ServiceError as error:
        db.session.rollback()
        flash(worded(error), "stop")
    return redirect(url_for("banks.blueprint_version", course=course, number=number))


@bp.route("/banks/blueprints/<course>/<int:number>/retire", methods=["GET", "POST"])
@requires(*READERS)
def retire_blueprint(course: str, number: int) -> Response | str:
    """Take a version out, with a reason."""
    require_reviewer(actor())
    row, definition = queries.version(course, number), course_in_catalogue(course)
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            reason = (form.reason.data or "").strip()
            service.retire(course, number, reason=reason, actor=actor(), now=now())
            db.session.commit()
            flash(_("已记录。"))
            return redirect(url_for("banks.blueprint", course=course))
    title = localised(definition.title_zh, definition.title_en)
    return render_template("banks/blueprint_retire.html", form=form, row=row, course=course, title=title)


def _page(course: str, row: ExamBlueprint | None, versions: Sequence[ExamBlueprint]) -> str:
    definition = course_in_catalogue(course)
    exam = exam_of(definition)
    found = exam.derived() if row is None else queries.content_of(row)
    [there] = availability([found], today())
    check = checking.check(found, today()) if "check" in request.args else None
    return render_template(
        "banks/blueprint.html",
        course=course,
        title=localised(definition.title_zh, definition.title_en),
        row=row,
        versions=versions,
        draft=next((one for one in versions if one.state is BlueprintState.DRAFT), None),
        blueprint=found,
        strata=showing.strata_said(found, there, check),
        misfits=[worded(each) for each in exam.misfits(found)],
        check=check,
        findings=showing.findings(found, check) if check else None,
        seen=service.seen_of(row),
        reviews=may_review(actor()),
        is_author=row is not None and identity(actor()) in service.authors(versions, row),
        lines=history(row) if row else [],
    )


def _sample_seed(blueprint: Blueprint, number: int) -> bytes:
    return hashlib.sha256(f"bikao sample paper {number} {blueprint.digest}".encode()).digest()
