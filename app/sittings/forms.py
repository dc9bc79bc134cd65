from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, SelectField, SubmitField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from app.core.clock import SHANGHAI
from app.core.forms import Form, text
from app.institutions.models import ExamSite


class SittingForm(Form):
    exam_site = SelectField(
        _l("考试点"), [DataRequired(_l("请选择考试点。"))], coerce=str, description=_l("须由本培训机构以外的单位运行")
    )
    starts_at = DateTimeLocalField(
        _l("开考时间"),
        [DataRequired(_l("请填写开考时间，例如 2026-03-02 14:30。"))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    entry_minutes = IntegerField(
        _l("入场时间（分钟）"),
        [InputRequired(_l("请填写分钟数。")), NumberRange(5, 120, _l("请填写 5 到 120 之间的分钟数。"))],
        default=30,
        description=_l("开考后多少分钟内可以开始答题"),
    )
    submit = SubmitField(_l("申请考试"))

    def offer(self, sites: Iterable[ExamSite]) -> None:
        """Fill the choice of sites."""
        self.exam_site.choices = [("", _l("请选择")), *((str(site.id), site.name) for site in sites)]

    def starting_moment(self) -> datetime:
        """Return the starting time, aware; the form is in the time of Beijing."""
        if self.starts_at.data is None:
            raise ValueError("the form has not been validated")
        return self.starts_at.data.replace(tzinfo=SHANGHAI)


class EnterForm(Form):
    document_number = text(
        _l("证件号码"),
        length=40,
        description=_l("身份证等证件上的号码"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    admission_number = text(
        _l("准考证号"),
        length=20,
        description=_l("考试通知单上的 12 位数字"),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    submit = SubmitField(_l("进入考试"))


class PostForm(Form):
    """Nothing but the token against forged requests."""
