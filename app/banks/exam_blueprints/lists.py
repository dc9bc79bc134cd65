"""The list of courses with what their exams draw by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.banks.exam_blueprints import availability, queries, showing, words
from app.banks.exam_blueprints.course_exam import exam_of
from app.banks.exam_blueprints.models import BlueprintState, ExamBlueprint
from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from courses import catalogue
from courses.catalogue import CourseDefinition
from question_bank.blueprint import MOST_QUESTIONS, Blueprint


@dataclass(frozen=True)
class Line:
    """One course of the catalogue. stored: the version in use; draft: the one being written; None if there is none."""

    course: CourseDefinition
    stored: ExamBlueprint | None
    draft: ExamBlueprint | None

    @property
    def blueprint(self) -> Blueprint:
        """What exams of the course draw by."""
        return exam_of(self.course).derived() if self.stored is None else queries.content_of(self.stored)

    @property
    def title(self) -> str:
        return localised(self.course.title_zh, self.course.title_en)

    @property
    def draws_by(self) -> str:
        if self.stored is None:
            return str(_("按考试规则"))
        return str(_("第 %(number)s 版：%(title)s", number=self.stored.number, title=self.stored.title))

    @property
    def written(self) -> str:
        return "" if self.draft is None else str(_("第 %(number)s 版草稿", number=self.draft.number))


def lines() -> list[Line]:
    """Return the newest version of every course of the catalogue, in its order."""
    stored = queries.current()
    newest = {course.code: course for course in catalogue.courses()}
    return [
        Line(course, stored.get(code, {}).get(BlueprintState.IN_USE), stored.get(code, {}).get(BlueprintState.DRAFT))
        for code, course in newest.items()
    ]


def verdicts(shown: Sequence[Line], day: date) -> dict[str, showing.Said]:
    """Return by course code whether the banks have enough on *day* for what its exams draw by."""
    blueprints = [line.blueprint for line in shown]
    found = availability.availability(blueprints, day, MOST_QUESTIONS)
    return {
        line.course.code: showing.verdict(blueprint, one)
        for line, blueprint, one in zip(shown, blueprints, found, strict=True)
    }


def table() -> Table:
    sectors = dict.fromkeys(course.sector for course in catalogue.courses())
    return Table(
        "blueprints",
        columns=(
            Column("course", _l("课程"), lambda line: line.title, lambda line: line.title),
            Column("bank", _l("题库够不够"), lambda line: ""),
            Column("by", _l("组卷依据"), lambda line: line.draws_by),
            Column("size", _l("题量 / 满分"), _size, is_number=True),
            Column("draft", _l("待启用"), lambda line: line.written),
        ),
        search=(lambda line: line.title,),
        search_label=_l("课程名称"),
        filters=(
            Filter(
                "sector",
                _l("行业领域"),
                [(code, words.bank_name(code)) for code in sectors],
                lambda code: lambda line: line.course.sector == code,
            ),
            Filter("by", _l("组卷依据"), [("own", _l("自定方案")), ("rule", _l("考试规则"))], _drawn_by),
        ),
    )


def _size(line: Line) -> str:
    blueprint = line.blueprint
    return f"{blueprint.count} / {words.plain(blueprint.points)}"


def _drawn_by(value: str) -> object:
    return lambda line: (line.stored is None) == (value == "rule")
