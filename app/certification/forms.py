from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.core.forms import Form, text


class ChangeForm(Form):
    """A decision about a certificate: why, and in which document it stands."""

    reason = TextAreaField(
        _l("理由"),
        [
            DataRequired(_l("请写明理由。理由会记入证明的状态记录。")),
            Length(max=500, message=_l("理由最多 500 字。请精简。")),
        ],
        description=_l("写明事实和依据，不写证件号码。最多 500 字。"),
        render_kw={"rows": 4},
        filters=[lambda value: value.strip() if value else value],
    )
    document_number = text(_l("文书编号"), length=80, description=_l("作出决定的文书，例如“示例应急〔2026〕1 号”。"))
    submit = SubmitField(_l("确认"))
