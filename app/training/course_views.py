"""The course catalogue, one course, and scheduling a session from it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

from app.accounts.access import actor, requires
from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import refusals_on
from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from app.institutions.models import Standing
from app.institutions.queries import last_decision
from app.training import scheduling, words
from app.training.blueprint import bp
from app.training.forms import ScheduleForm
from app.training.models import CourseVersion
from app.training.permissions import READERS, own_institution
from app.training.queries import current_courses
from app.training.serving import served_by
from courses import catalogue
from courses.hours import crediting
from courses.mandates import Mandate


def _table() -> Table:
    return Table(
        "courses",
        columns=(
            Column("title", _l("课程"), lambda row: localised(row.title_zh, row.title_en), CourseVersion.title_zh),
            Column("sector", _l("行业领域"), lambda row: words.sector_name(row.sector_code), CourseVersion.sector_code),
            Column("role", _l("面向岗位"), lambda row: words.role_name(row.role_code), CourseVersion.role_code),
            Column("kind", _l("类别"), lambda row: str(words.KINDS[row.kind]), CourseVersion.kind),
            Column("hours", _l("学时"), lambda row: int(row.hours), CourseVersion.hours, is_number=True),
            Column("exam", _l("考试"), lambda row: exam_in_short(row.definition["exam_rule"])),
        ),
        search=(CourseVersion.title_zh, CourseVersion.title_en, CourseVersion.code),
        search_label=_l("课程名称"),
        filters=_filters(),
        default_sort="sector",
        tie_break=CourseVersion.id,
        per_page=50,
    )


def _filters() -> tuple[Filter, ...]:
    offered = catalogue.courses()
    sectors = [(code, words.sector_name(code)) for code in dict.fromkeys(each.sector for each in offered)]
    roles = [(code, words.role_name(code)) for code in dict.fromkeys(each.role for each in offered)]
    return (
        Filter("sector", _l("行业领域"), sectors, lambda code: CourseVersion.sector_code == code),
        Filter("role", _l("岗位"), roles, lambda code: CourseVersion.role_code == code),
        Filter("kind", _l("类别"), list(words.KINDS.items()), lambda code: CourseVersion.kind == code),
    )


def exam_in_short(rule: dict[str, object]) -> str:
    """Return an exam rule in a few words: length, number of questions, pass mark."""
    minutes, questions, points = rule["duration_minutes"], rule["question_count"], pass_points(rule)
    return str(
        _("%(minutes)s 分钟 %(questions)s 题，%(points)s 分合格", minutes=minutes, questions=questions, points=points)
    )


def pass_points(rule: dict[str, object]) -> str:
    """Return the least points that pass, without a fraction where there is none."""
    return f"{int(str(rule['total_points'])) * int(str(rule['pass_percent'])) / 100:g}"


@bp.get("/courses")
@requires(*READERS)
def courses() -> Response | str:
    table, query = _table(), current_courses(today())
    if table.export_asked(request.args):
        return table.export(query, request.args)
    return render_template("training/courses.html", table=table, page=table.page(query, request.args))


@bp.get("/courses/<int:course_version_id>")
@requires(*READERS)
def course(course_version_id: int) -> str:
    found = _course(course_version_id)
    rule = found.definition["exam_rule"]
    standing = own_institution(actor()).standing if actor().role is Role.INSTITUTION else None
    return render_template(
        "training/course.html",
        course=found,
        rule=rule,
        pass_points=pass_points(rule),
        words=words,
        is_open=found.valid_to is None or found.valid_to > today(),
        may_schedule=standing is Standing.ACTIVE,
        decision=last_decision(own_institution(actor())) if standing not in (None, Standing.ACTIVE) else None,
        standing=standing,
    )


@bp.route("/courses/<int:course_version_id>/schedule", methods=["GET", "POST"])
@requires(Role.INSTITUTION)
def schedule(course_version_id: int) -> Response | str:
    found, institution = _course(course_version_id), own_institution(actor())
    if institution.standing is not Standing.ACTIVE:
        decision = last_decision(institution)
        standing = institution.standing
        return render_template("training/not_scheduling.html", course=found, standing=standing, decision=decision)
    form = ScheduleForm()
    offered = _mandates(found, institution.region_code)
    form.mandate_code.choices = [SelectChoice("", _("不计入任务"))] + [
        SelectChoice(each.code, f"{each.code} {words.mandate_title(each)}") for each in offered
    ]
    if form.is_submitted() and not form.refused_for(found, institution.region_code, today()):
        with refusals_on(form):
            session = scheduling.schedule(found, form.plan(), actor=actor(), now=now())
            db.session.commit()
            flash(_("已安排培训班 %(code)s。下一步：导入学员。", code=session.code))
            return redirect(url_for("desk.class_file", session_id=session.id))
    return render_template(
        "training/schedule.html",
        form=form,
        course=_course(course_version_id),
        mandates=offered,
        words=words,
        cap=crediting().daily_cap_hours,
        today=today(),
    )


def _course(course_version_id: int) -> CourseVersion:
    found = db.session.get(CourseVersion, course_version_id)
    if found is None:
        raise NotFound("not_found")
    return found


def _mandates(course: CourseVersion, region: str) -> list[Mandate]:
    """The clauses to choose from: those of this year and, for a session scheduled ahead, of the next."""
    year = today().year
    found = (*served_by(course, region, year), *served_by(course, region, year + 1))
    return list({each.code: each for each in found}.values())
