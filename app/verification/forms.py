from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, SubmitField
from wtforms.validators import DataRequired, Length

from app.core.forms import Form


def _stripped(value: str | None) -> str | None:
    return value.strip() if value else value


class SearchForm(Form):
    """Number and name as they stand on the paper; both, so that names cannot be collected by counting numbers."""

    number = StringField(
        _l("证书编号"),
        [DataRequired(_l("请填写证书编号。")), Length(max=60, message=_l("证书编号没有这么长。请核对。"))],
        filters=[_stripped],
        description=_l("例如 ZJ-2026-0000001-M，不分大小写，横线可省略"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    name = StringField(
        _l("持证人姓名"),
        [DataRequired(_l("请填写持证人姓名。")), Length(max=100, message=_l("姓名没有这么长。请核对。"))],
        filters=[_stripped],
        description=_l("与证书上的姓名一致"),
        render_kw={"autocomplete": "off"},
    )
    submit = SubmitField(_l("核验"))
