"""Forms about legal documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectChoice, SelectMultipleField, SubmitField, TextAreaField  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput

from app.banks.documents import ArticleCount
from app.banks.sources import Notice
from app.core.errors import ServiceError
from app.core.forms import Form, text
from question_bank.sources import Standing

WHOLE, SOME = "whole", "some"
_REPEALED = SelectChoice("repealed", _l("已废止"))


def _reason(label: Any, **kwargs: Any) -> TextAreaField:
    return TextAreaField(
        label,
        [DataRequired(_l("请填写此项。")), Length(max=500, message=_l("最多 500 字。请精简。"))],
        filters=[lambda value: value.strip() if value else value],
        render_kw={"rows": 3, "maxlength": 500},
        **kwargs,
    )


class NoticeForm(Form):
    """What became of a document, since when, and which articles it concerns."""

    standing = RadioField(
        _l("这份文件"),
        choices=[SelectChoice("changed", _l("已修改")), _REPEALED],
        default="changed",
    )
    changed_on = DateField(
        _l("自何日起施行或废止"),
        [DataRequired(_l("请填写日期，例如 2026-03-02。"))],
        description=_l("可以是以后的日期，在此之前照常抽题"),
    )
    document_number = text(
        _l("依据文号（可不填）"), length=80, required=False, description=_l("修改决定或废止公告的文号")
    )
    note = _reason(_l("说明"), description=_l("改了什么、依据什么；会写入每道试题的经过"))
    replaced_by = text(_l("由何文件替代（可不填）"), required=False)
    scope = RadioField(
        _l("涉及的条文"),
        choices=[SelectChoice(WHOLE, _l("整份文件")), SelectChoice(SOME, _l("只涉及下面勾选的条文"))],
        default=WHOLE,
    )
    articles = SelectMultipleField(_l("条文"), option_widget=CheckboxInput(), validate_choice=False)
    submit = SubmitField(_l("下一步：看影响"))

    def offer(self, found: Sequence[ArticleCount]) -> NoticeForm:
        """Offer the articles that approved questions rest on."""
        self.articles.choices = [SelectChoice(one.article, one.article) for one in found]
        return self

    def for_repealed(self) -> NoticeForm:
        """Offer nothing but that the document is repealed: its record is corrected."""
        self.standing.choices = [_REPEALED]
        return self

    def notice(self) -> Notice | None:
        """Return what was filled in; None after saying what is missing."""
        chosen = tuple(self.articles.data or ()) if self.scope.data == SOME else ()
        is_repealed = self.standing.data == Standing.REPEALED
        if self.scope.data == SOME and not chosen and not is_repealed:
            self.refuse(ServiceError("source_articles_missing", field="articles"))
            return None
        if self.changed_on.data is None:
            return None
        return Notice(
            standing=Standing(self.standing.data),
            changed_on=self.changed_on.data,
            note=self.note.data or "",
            document_number=self.document_number.data or "",
            replaced_by=self.replaced_by.data or "",
            articles=() if is_repealed else chosen,
        )


class WithdrawalForm(Form):
    """Why a mark is taken back."""

    reason = _reason(_l("原因"))
    submit = SubmitField(_l("撤回这条记录"))
