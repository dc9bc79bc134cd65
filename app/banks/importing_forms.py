from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectChoice, SelectField, SubmitField  # type: ignore[attr-defined]  # the stubs are older

from app.banks import words
from app.banks.exporting import ALL_STATES
from app.banks.importing import AUTO
from app.banks.models import QuestionState
from app.core.forms import Form

FORMAT_NAMES = {
    "xlsx": _l("Excel 工作簿（.xlsx）"),
    "csv": _l("CSV 表格（逗号、分号或制表符分隔）"),
    "gift": "GIFT",
    "aiken": "Aiken",
    "moodle_xml": "Moodle XML",
    "qti21": _l("QTI 2.1（试题或内容包）"),
    "qti22": _l("QTI 2.2（试题或内容包）"),
    "qti30": _l("QTI 3.0（试题或内容包）"),
}
_FORMATS = [SelectChoice(code, name) for code, name in FORMAT_NAMES.items()]


class QuestionsForm(Form):
    file = FileField(
        _l("文件"),
        [FileRequired(_l("请选择一个文件。"))],
        description=_l("不超过 20 MB、20000 题。按内容识别格式，与文件名无关。"),
        render_kw={"accept": ".xlsx,.csv,.txt,.gift,.xml,.zip"},
    )
    format = SelectField(_l("格式"), choices=[SelectChoice(AUTO, _l("自动识别")), *_FORMATS], default=AUTO)
    submit = SubmitField(_l("检查文件"))


class ExportForm(Form):
    format = SelectField(_l("格式"), choices=_FORMATS)
    state = SelectField(
        _l("试题状态"),
        description=_l("状态、编写人和审定人不写入文件；从文件导入的都是草稿。"),
    )
    submit = SubmitField(_l("导出试题"))

    def offer(self, counts: Mapping[QuestionState, int]) -> None:
        """Offer the states with their counts; approved questions come first, where the bank has any: what is exported
        goes to others, and drafts are nobody's word yet. counts: state -> questions of the bank."""
        states = [
            SelectChoice(state.value, f"{word}（{counts.get(state, 0)}）") for state, word in words.STATES.items()
        ]
        self.state.choices = [SelectChoice(ALL_STATES, _("全部（%(count)s）", count=sum(counts.values()))), *states]
        if not self.is_submitted():
            self.state.data = QuestionState.APPROVED.value if counts.get(QuestionState.APPROVED) else ALL_STATES
