"""Writing a blueprint: the editor, and what its page asks while somebody types."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks.blueprint import bp
from app.banks.exam_blueprints import checking, queries, service, showing
from app.banks.exam_blueprints.course_exam import CourseExam, course_in_catalogue, exam_of
from app.banks.exam_blueprints.forms import MOST_STRATA, BlueprintForm, filled_in, kept, new_row
from app.banks.exam_blueprints.suggestions import banks_to_choose, knowledge_points
from app.banks.permissions import READERS, require_reviewer
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import worded
from app.core.forms import refusals_on
from app.core.i18n import localised
from courses.catalogue import CourseDefinition
from question_bank.blueprint import Blueprint


@bp.post("/banks/blueprints/check")
@requires(*READERS)
def count_blueprint() -> dict[str, object]:
    """Say how many approved questions each row has as typed; ?course= says whose exam rule it has to keep to."""
    exam = exam_of(course_in_catalogue(request.args.get("course", "")))
    return showing.said_of_typed(BlueprintForm(kept(request.form)), exam, today()).to_json()


@bp.route("/banks/blueprints/<course>/edit", methods=["GET", "POST"])
@requires(*READERS)
def edit_blueprint(course: str) -> Response | str:
    """Write the draft of a course's blueprint. Buttons add rows and take them out; nothing is saved by that."""
    require_reviewer(actor())
    definition = course_in_catalogue(course)
    exam = exam_of(definition)
    if request.method == "GET":
        return _editor(definition, exam, _form_at_first(course, exam))
    done, _dash, number = request.form.get("do", "save").partition("-")
    form = BlueprintForm(kept(request.form, int(number) if number.isdecimal() and len(number) < 5 else None))
    if done == "add" and len(form.strata.entries) < MOST_STRATA:
        form.strata.append_entry(new_row(exam.sector))
    if done in ("add", "remove"):
        return _editor(definition, exam, form)
    blueprint = form.blueprint(exam.rule["marking"]) if form.validate_on_submit() else None
    if blueprint is not None and done == "check":
        return _editor(definition, exam, form, blueprint)
    if blueprint is not None and (saved := _saved(course, exam, form, blueprint)):
        return saved
    return _editor(definition, exam, form)


def _form_at_first(course: str, exam: CourseExam) -> BlueprintForm:
    begun = service.starting_point(queries.versions(course))
    if begun is None:
        return BlueprintForm(data=filled_in(exam.derived(), title=_("自定组卷方案"), seen=""))
    more = {"title": begun.title, "note": begun.note, "seen": service.seen_of(begun)}
    return BlueprintForm(data=filled_in(queries.content_of(begun), **more))


def _saved(course: str, exam: CourseExam, form: BlueprintForm, blueprint: Blueprint) -> Response | None:
    """Save and go to the page of the draft; None with the refusals on the form."""
    misfits = exam.misfits(blueprint)
    for misfit in misfits:
        form.refuse(misfit)
    if misfits:
        return None
    with refusals_on(form):
        row = service.save(
            course,
            blueprint,
            title=form.title.data or "",
            note=form.note.data or "",
            seen=form.seen.data or "",
            actor=actor(),
            now=now(),
        )
        db.session.commit()
        flash(_("草稿已保存。由另一位审定人员启用后，考试按它组卷。"))
        return redirect(url_for("banks.blueprint_version", course=course, number=row.number))
    return None


def _editor(
    definition: CourseDefinition, exam: CourseExam, form: BlueprintForm, checked: Blueprint | None = None
) -> str:
    banks = banks_to_choose()
    form.offer(banks)
    check = None if checked is None else checking.check(checked, today())
    blank = BlueprintForm(None, data={"strata": [new_row(exam.sector)]}, prefix="new")
    blank.offer(banks)
    return render_template(
        "banks/blueprint_edit.html",
        course=definition.code,
        title=localised(definition.title_zh, definition.title_en),
        form=form,
        typed=showing.said_of_typed(form, exam, today(), check),
        exam=exam,
        blank=blank.strata[0].form,
        most=MOST_STRATA,
        points=knowledge_points({row.form.bank.data or "" for row in form.strata} | {exam.sector}),
        misfits=[worded(each) for each in exam.misfits(checked)] if checked else [],
        findings=showing.findings(checked, check) if checked and check else None,
    )
