"""The list of training sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core.actors import Role
from app.core.clock import today
from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from app.institutions.models import Institution
from app.training import words
from app.training.blueprint import bp
from app.training.models import CourseVersion, TrainingSession
from app.training.permissions import READERS
from app.training.queries import ENROLLED, PHASES, in_month, in_phase, phase, sessions_of
from courses import catalogue

MONTHS_BACK, MONTHS_AHEAD = 18, 6
PHASE_WORDS = {
    "coming": _l("未开班"),
    "running": _l("培训中"),
    "ended": _l("待结班"),
    "closed": _l("已结班"),
    "cancelled": _l("已取消"),
}
PHASE_TAGS = {"coming": "", "running": "info", "ended": "warn", "closed": "ok", "cancelled": ""}


def _table(day: date, *, shows_institution: bool) -> Table:
    columns = (
        Column("title", _l("培训班名称"), lambda row: row[0].title, TrainingSession.title),
        Column("code", _l("编号"), lambda row: row[0].code, TrainingSession.code),
        Column("institution", _l("举办机构"), lambda row: row[0].institution.name, Institution.name),
        Column("course", _l("课程"), _course_title, CourseVersion.title_zh),
        Column("dates", _l("日期"), _dates, TrainingSession.starts_on),
        Column("enrolled", _l("学员"), lambda row: row[1], ENROLLED, is_number=True),
        Column("capacity", _l("名额"), lambda row: row[0].capacity, TrainingSession.capacity, is_number=True),
        Column("state", _l("状态"), lambda row: str(PHASE_WORDS[phase(row[0], day)])),
    )
    return Table(
        "sessions",
        columns=tuple(each for each in columns if shows_institution or each.key != "institution"),
        search=(TrainingSession.title, TrainingSession.code, Institution.name, CourseVersion.title_zh),
        search_label=_l("培训班、编号、课程"),
        filters=_filters(day),
        default_sort="-dates",
        tie_break=TrainingSession.id.desc(),
    )


def _filters(day: date) -> tuple[Filter, ...]:
    sectors = dict.fromkeys(each.sector for each in catalogue.courses())
    return (
        Filter("state", _l("状态"), [(each, PHASE_WORDS[each]) for each in PHASES], lambda name: in_phase(name, day)),
        Filter(
            "sector",
            _l("行业领域"),
            [(code, words.sector_name(code)) for code in sectors],
            lambda code: CourseVersion.sector_code == code,
        ),
        Filter("month", _l("开班月份"), [(month, month) for month in _months(day)], in_month),
    )


def _months(day: date) -> list[str]:
    count = day.year * 12 + day.month - 1
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(count + MONTHS_AHEAD, count - MONTHS_BACK, -1)]


def _course_title(row: Any) -> str:
    return localised(row[0].course_version.title_zh, row[0].course_version.title_en)


def _dates(row: Any) -> str:
    first, last = row[0].starts_on.isoformat(), row[0].ends_on.isoformat()
    return first if first == last else str(_("%(first)s 至 %(last)s", first=first, last=last))


@bp.get("/sessions")
@requires(*READERS)
def sessions() -> Response | str:
    is_own = actor().role is Role.INSTITUTION
    table, query = _table(today(), shows_institution=not is_own), sessions_of(actor())
    if table.export_asked(request.args):
        return table.export(query, request.args)
    return render_template(
        "training/sessions.html",
        table=table,
        page=table.page(query, request.args),
        is_own=is_own,
        phase=phase,
        today=today(),
        phase_words=PHASE_WORDS,
        phase_tags=PHASE_TAGS,
    )
