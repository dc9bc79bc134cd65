from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SubmitField
from wtforms.validators import DataRequired, EqualTo, Length

from app.accounts.passwords import MINIMUM_LENGTH
from app.core.forms import Form, text


class SignInForm(Form):
    login = text(
        _l("登录名"),
        description=_l("学员请填证件号码"),
        render_kw={"autocomplete": "username", "autocapitalize": "off"},
    )
    password = PasswordField(
        _l("密码"), [DataRequired(_l("请填写密码。")), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
    submit = SubmitField(_l("登录"))


class PasswordForm(Form):
    current = PasswordField(
        _l("现在的密码"),
        [DataRequired(_l("请填写密码。")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("新密码"),
        [
            DataRequired(_l("请填写密码。")),
            Length(min=MINIMUM_LENGTH, max=200, message=_l("密码至少 %(minimum)s 个字符。", minimum=MINIMUM_LENGTH)),
        ],
        description=_l(
            "至少 %(minimum)s 个字符；不要用证件号码、登录名、姓名、连续或重复的字符", minimum=MINIMUM_LENGTH
        ),
        render_kw={"autocomplete": "new-password"},
    )
    repeat = PasswordField(
        _l("再输入一次"),
        [EqualTo("password", _l("两次输入的密码不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )
    submit = SubmitField(_l("保存密码"))
