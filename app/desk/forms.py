from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.core.forms import Form


class WithdrawForm(Form):
    reason = TextAreaField(
        _l("退训理由"),
        [DataRequired(_l("请写明理由。")), Length(max=500)],
        description=_l("理由将进入档案，不可更改"),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("退训"))
