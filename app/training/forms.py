from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published types
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.core.errors import ServiceError, worded
from app.core.forms import Form, text
from app.training.models import AttendanceMethod, Classroom, CourseVersion, Mode
from app.training.scheduling import BRANCH_LIMIT, Place, SessionPlan, problems
from app.training.words import METHODS, MODES

MODE_CHOICES = [SelectChoice(mode.value, MODES[mode]) for mode in Mode]
METHOD_CHOICES = [SelectChoice(method.value, METHODS[method]) for method in AttendanceMethod]
SEPARATORS = ("|", "｜")


class ScheduleForm(Form):
    title = text(_l("培训班名称"), description=_l("例如：2026 年第三期矿山企业主要负责人再培训"))
    starts_on = DateField(_l("开班日期"), [InputRequired(_l("请填写日期，例如 2026-03-02。"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填写日期，例如 2026-03-04。"))])
    mode = SelectField(_l("培训方式"), choices=MODE_CHOICES)
    capacity = IntegerField(
        _l("名额（人）"),
        [InputRequired(_l("请填写名额。")), NumberRange(1, 5000, _l("名额为 1 至 5000 人。"))],
        default=50,
    )
    main_name = text(_l("主课堂名称"), length=100, default=_l("主课堂"))
    main_place = text(_l("主课堂地点"), description=_l("线上培训填写平台名称"))
    branches = TextAreaField(
        _l("分课堂（选填）"),
        [Length(max=3000)],
        description=_l("每行一个，写成“名称 | 地点”，最多 8 个"),
        render_kw={"rows": 4},
    )
    mandate_code = SelectField(_l("所服务的任务条款"), description=_l("只列出约束本地区、与课程行业和岗位相符的条款"))
    accept_short = BooleanField(_l("仍按这些日期安排"))
    submit = SubmitField(_l("安排培训班"))

    def refused_for(self, course: CourseVersion, region: str, today: date) -> bool:
        """Put everything that is wrong on the form at once, and say whether anything is.

        What the fields themselves refuse (nothing filled in, no date) keeps the plan from being looked at as far as
        it depends on them: without both dates there is nothing to say about the days.
        """
        self.validate()
        wrong = set(self.errors)
        try:
            read_branches(self.branches.data or "")
        except ServiceError as error:
            self.refuse(error)
        if not {"starts_on", "ends_on", "mode"} & wrong:
            branches = "" if self.branches.errors else None
            for problem in problems(course, self.plan(branches), region, today):
                if problem.field not in wrong:
                    self.refuse(problem)
        return bool(wrong) or self.refused

    def plan(self, branches: str | None = None) -> SessionPlan:
        """Return what was asked for. branches: read in place of the field's own lines.

        Raises ServiceError("branch_shape") for a line without name and place.
        """
        return SessionPlan(
            title=self.title.data or "",
            mode=Mode(self.mode.data),
            starts_on=self.starts_on.data or date.min,
            ends_on=self.ends_on.data or date.min,
            capacity=self.capacity.data or 0,
            main=Place(str(self.main_name.data), self.main_place.data or ""),
            branches=read_branches((self.branches.data or "") if branches is None else branches),
            mandate_code=self.mandate_code.data or None,
            accept_short=bool(self.accept_short.data),
        )


def read_branches(text_of_lines: str) -> tuple[Place, ...]:
    """Return the branch classrooms in *text_of_lines*, one a line: name, a bar, place. Empty lines are skipped.

    Raises ServiceError("branch_shape") naming the line, or ServiceError("branches_too_many").
    """
    found: list[Place] = []
    for number, line in enumerate(text_of_lines.splitlines(), start=1):
        if not line.strip():
            continue
        name, _bar, place = line.replace(SEPARATORS[1], SEPARATORS[0]).partition(SEPARATORS[0])
        branch = Place(name.strip(), place.strip())
        if not (0 < len(branch.name) <= 100 and 0 < len(branch.place) <= 200):
            raise ServiceError("branch_shape", field="branches", line=number)
        found.append(branch)
    if len(found) > BRANCH_LIMIT:
        raise ServiceError("branches_too_many", field="branches", limit=BRANCH_LIMIT)
    return tuple(found)


class EnrolForm(Form):
    document_number = text(_l("证件号码"), length=40, render_kw={"autocomplete": "off"})
    credit_code = text(_l("任职企业的统一社会信用代码"), length=40, render_kw={"autocomplete": "off"})
    classroom_id = SelectField(_l("课堂"), coerce=int)
    submit = SubmitField(_l("加入培训班"))

    def offer(self, classrooms: Sequence[Classroom]) -> None:
        self.classroom_id.choices = [SelectChoice(each.id, each.name) for each in classrooms]


class ExemptForm(Form):
    reason = TextAreaField(
        _l("免考理由"),
        [DataRequired(_l("请写明理由。")), Length(max=500)],
        description=_l("写明事实和所依据的规定；理由将进入档案，不可更改"),
        render_kw={"rows": 4},
    )
    document_number = text(_l("批准文号"), length=80, description=_l("例如：示例应急〔2026〕1 号"))
    submit = SubmitField(_l("登记免考"))


class AttendanceForm(Form):
    """The part of the attendance sheet that is one for all rows. row_errors: what is wrong, by enrolment id."""

    method = SelectField(_l("考勤方式"), choices=METHOD_CHOICES)
    submit = SubmitField(_l("保存考勤"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_errors: dict[int, list[str]] = {}

    def refuse(self, error: ServiceError) -> None:
        """Put what is wrong with one trainee's times beside the row, and everything else on top."""
        row = (error.field or "").removeprefix("row-")
        if not row.isdecimal():
            super().refuse(error)
            return
        self.refused = True
        said = self.row_errors.setdefault(int(row), [])
        if worded(error) not in said:  # morning and afternoon are often wrong in the same way
            said.append(worded(error))
