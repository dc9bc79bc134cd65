from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.core.forms import Form, text


class StandingForm(Form):
    """A decision about an institution: why, in which document, and a sentence to confirm."""

    reason = TextAreaField(
        _l("原因"),
        [DataRequired(_l("请写明原因。")), Length(max=500, message=_l("原因最多 500 字。请精简。"))],
        description=_l("写明事实和依据，会记入该机构的记录。最多 500 字。"),
        render_kw={"rows": 4},
        filters=[lambda value: value.strip() if value else value],
    )
    document_number = text(_l("文书编号"), length=80, description=_l("作出决定的文书，例如“示例应急〔2026〕1 号”。"))
    is_confirmed = BooleanField(_l("确认"), [InputRequired(_l("请勾选确认后再提交。"))])
    submit = SubmitField(_l("提交"))


class BodyForm(Form):
    name = text(_l("名称"))
    credit_code = text(_l("统一社会信用代码"), length=30, description=_l("举办单位的 18 位代码。"))
    code = text(_l("代码"), length=20, description=_l("2 至 20 位大写字母、数字或连字符，确定后不变，例如 HZ-PX01。"))
    region_code = SelectField(_l("地区"))
    address = text(_l("地址（可不填）"), required=False)


class InstitutionForm(BodyForm):
    submit = SubmitField(_l("添加培训机构"))


class ExamSiteForm(BodyForm):
    seats = IntegerField(
        _l("考位数"),
        [InputRequired(_l("请填写考位数。")), NumberRange(1, 10_000, _l("考位数为 1 至 10000。"))],
        default=30,
    )
    submit = SubmitField(_l("添加考试点"))
