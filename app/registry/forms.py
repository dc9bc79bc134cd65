from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published types
from wtforms.validators import DataRequired, Optional

from app.core.forms import Form, text
from app.registry import words
from app.registry.models import BarScope, DocumentKind, Enterprise, Scale
from courses import regions, roles, sectors

REQUIRED = DataRequired(_l("请填写此项。"))
ONE_OFF = {"autocomplete": "off"}  # the next person at this desk must not be offered the last one's data


def day_field(label: Any, *, required: bool = True, **kwargs: Any) -> DateField:
    """Return a field for one day, as a date picker."""
    return DateField(label, [REQUIRED if required else Optional()], **kwargs)


def day_of(field: DateField) -> date:
    """Return the day of a required field once its form is valid. Raises ValueError before."""
    if field.data is None:
        raise ValueError(f"{field.name} has no day")
    chosen: date = field.data
    return chosen


def region_choices(territory: str) -> list[SelectChoice]:
    """Return the cities and counties that stand in *territory* today, itself among them unless it is the country."""
    standing = (each for each in regions.regions() if each.valid_to is None and each.level != "country")
    inside = (each.code for each in standing if regions.is_within(each.code, territory))
    return [SelectChoice(code, words.region_name(code)) for code in inside]


def sector_choices() -> list[tuple[str, str]]:
    """Return every sector and risk trait that an enterprise can belong to or bear."""
    return [(code, words.sector_name(code)) for code, each in sectors.sectors().items() if each.kind != sectors.GENERAL]


def _labelled(names: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(each.value, label) for each, label in names.items()]


class AppointmentForm(Form):
    name = text(_l("姓名"), length=100, render_kw=ONE_OFF)
    document_kind = SelectField(
        _l("证件类型"),
        choices=[SelectChoice("", _l("由系统按号码判断")), *_labelled(words.DOCUMENT_KINDS)],
        validate_choice=True,
    )
    document_number = text(_l("证件号码"), length=30, render_kw=ONE_OFF)
    phone = text(_l("手机（可不填）"), length=30, required=False, render_kw=ONE_OFF)
    role_code = SelectField(_l("岗位"))
    form = SelectField(_l("负责人类别"), description=_l("只有主要负责人需要选择。"))
    since = day_field(_l("任职日期"))
    last_day = day_field(_l("离任日期（仍在任的不填）"), required=False, description=_l("在任的最后一天。"))
    submit = SubmitField(_l("登记任职"))

    def offer(self) -> None:
        """Fill in the choices, in the reader's language."""
        people = [code for code, role in roles.roles().items() if role.subject == "person"]
        self.role_code.choices = [SelectChoice(code, words.role_name(code)) for code in people]
        forms = [SelectChoice(code, words.form_name(code)) for code in roles.principal_forms()]
        self.form.choices = [SelectChoice("", _l("不适用")), *forms]

    @property
    def kind(self) -> DocumentKind | None:
        return DocumentKind(self.document_kind.data) if self.document_kind.data else None


class EndForm(Form):
    last_day = day_field(_l("在任的最后一天"), description=_l("记录保留；次日起不再计入在任人员。"))
    submit = SubmitField(_l("登记离任"))


class EnterpriseForm(Form):
    name = text(_l("企业名称"))
    region_code = SelectField(_l("地区"))
    scale = SelectField(_l("规模"), choices=_labelled(words.SCALES))
    opened_on = day_field(_l("成立日期（可不填）"), required=False)
    submit = SubmitField(_l("保存更正"))

    @property
    def chosen_scale(self) -> Scale:
        return Scale(self.scale.data)


class SectorForm(Form):
    ends = SelectField(_l("结束的行业领域"))
    begins = SelectField(_l("新增的行业领域或风险特征"))
    day = day_field(_l("变更日期"), description=_l("新状态的第一天。以前的统计不受影响。"))
    submit = SubmitField(_l("保存变更"))

    def offer(self, enterprise: Enterprise) -> None:
        """Offer to end what the enterprise is in now, and to begin anything else."""
        still = [each for each in enterprise.memberships if each.valid_to is None]
        ending = [SelectChoice(str(each.id), words.sector_name(each.sector_code)) for each in still]
        self.ends.choices = [SelectChoice("", _l("不结束")), *ending]
        borne = {each.sector_code for each in still}
        offered = [SelectChoice(code, name) for code, name in sector_choices() if code not in borne]
        self.begins.choices = [SelectChoice("", _l("不新增")), *offered]


class CloseForm(Form):
    day = day_field(_l("注销日期"), description=_l("自这一天起不再计入名录，在任人员同时离任；历史记录保留。"))
    submit = SubmitField(_l("登记注销"))


class BarForm(Form):
    scope = RadioField(_l("禁止范围"), choices=_labelled(words.BAR_SCOPES), default=BarScope.ALL_TRADES.value)
    sector_code = SelectField(_l("行业"), description=_l("只在禁止一个行业时选择；包括其下的细分行业。"))
    valid_from = day_field(_l("开始日期"))
    last_day = day_field(_l("最后一天（终身禁任的不填）"), required=False)
    decision_number = text(_l("决定文号"), length=80, description=_l("例如“示例应急罚〔2026〕1 号”。"))
    submit = SubmitField(_l("登记禁任"))

    def offer(self) -> None:
        traits = {code for code, each in sectors.sectors().items() if each.kind != "sector"}
        offered = [SelectChoice(code, name) for code, name in sector_choices() if code not in traits]
        self.sector_code.choices = [SelectChoice("", _l("不适用")), *offered]


class WithdrawForm(Form):
    reason = StringField(_l("更正原因"), [REQUIRED], description=_l("例如撤销原决定的文书编号。不写证件号码。"))
    submit = SubmitField(_l("更正：解除禁任"))


class NumberForm(Form):
    purpose = SelectField(
        _l("查看目的"),
        choices=[
            SelectChoice("verify_identity", _l("核对本人身份")),
            SelectChoice("handle_case", _l("办理行政处罚或申诉")),
            SelectChoice("answer_request", _l("答复本人查询")),
        ],
    )
    submit = SubmitField(_l("显示完整证件号码"))
