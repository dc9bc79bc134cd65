"""Forms of the banks. A question is read from its form by the same rules as from a row of a spreadsheet."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SubmitField, TextAreaField  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length

from app.banks import words
from app.banks.importing import problem_code
from app.core.errors import ServiceError
from app.core.forms import Form, text
from question_bank.errors import InvalidQuestionError, Problem
from question_bank.formats.rows import question_from, row_of
from question_bank.options import LETTERS
from question_bank.questions import MAJOR_HAZARD_CRITERIA, Question

_OPTION_FIELDS = tuple(f"option_{letter}" for letter in LETTERS)
_KEY_HINTS = {
    "single_choice": _l("填一个选项的字母，如 B"),
    "multiple_choice": _l("填两个及以上选项的字母，如 ABD"),
}


def _area(label: Any, rows: int, **kwargs: Any) -> TextAreaField:
    strip = [lambda value: value.strip() if value else value]
    return TextAreaField(label, filters=strip, render_kw={"rows": rows}, **kwargs)


class QuestionForm(Form):
    """One question of one kind; the fields that the kind has no use for are taken away."""

    stem = _area(_l("题干"), 4)
    key = text(_l("答案"), length=40, required=False)
    truth = RadioField(
        _l("答案"), choices=[SelectChoice("A", _l("正确")), SelectChoice("B", _l("错误"))], validate_choice=False
    )
    explanation = _area(_l("解析"), 3, description=_l("答完后供学习；送审前必填"))
    source_document = text(_l("法规依据"), required=False, description=_l("法规或标准的全称；送审前必填"))
    source_article = text(_l("条文"), length=100, required=False, description=_l("如“第二十一条”；送审前必填"))
    knowledge_point = text(_l("知识点"), length=80, required=False, description=_l("送审前必填"))
    difficulty = RadioField(
        _l("难度"), choices=[SelectChoice(str(n), word) for n, word in words.DIFFICULTIES.items()], default="2"
    )
    is_major_hazard = BooleanField(_l("考查重大事故隐患判定标准"))
    tags = text(_l("其他标签"), required=False, description=_l("可不填；多个标签用空格分开"))
    code = text(_l("编号"), length=60, required=False, description=_l("可不填，保存时自动编号"))
    seen = HiddenField()
    submit = SubmitField(_l("保存草稿"))

    def keep_for(self, kind: str, *, is_new: bool) -> QuestionForm:
        """Take away what a question of *kind* does not have, and the code of a question that has one."""
        for name in (*_OPTION_FIELDS, "key") if kind == "true_false" else ("truth",):
            self.__delitem__(name)
        if kind != "true_false":
            self.key.description = _KEY_HINTS[kind]
        if not is_new:
            self.__delitem__("code")
        return self

    def question(self, kind: str, bank: str, code: str = "") -> Question | None:
        """Return the question as filled in; None after putting everything that is wrong beside its field."""
        row = {name: value for name, value in self.data.items() if isinstance(value, str)}
        row["kind"], row["key"] = kind, row.get("key") or row.get("truth") or ""
        row["code"] = code or row.get("code", "")
        if self.is_major_hazard.data:
            row["tags"] = f"{row.get('tags', '')} {MAJOR_HAZARD_CRITERIA}"
        try:
            return question_from(row, bank)
        except InvalidQuestionError as error:
            for problem in error.problems:
                self.refuse(self._refusal(problem))
            return None

    def _refusal(self, problem: Problem) -> ServiceError:
        name = problem.field
        if name == "options":
            name = f"option_{problem.data.get('key', 'A')}"
        if name == "key" and "truth" in self._fields:
            name = "truth"
        return ServiceError(problem_code(problem.code), field=name, **problem.data)


for _letter in LETTERS:
    setattr(QuestionForm, f"option_{_letter}", _area(_l("选项%(letter)s", letter=_letter), 2))


def filled_in(question: Question) -> dict[str, Any]:
    """Return what QuestionForm shows for *question*."""
    row: dict[str, Any] = dict(row_of(question))
    others = [tag for tag in question.tags if tag != MAJOR_HAZARD_CRITERIA]
    return {
        **row,
        "truth": question.key[0],
        "difficulty": str(question.difficulty),
        "is_major_hazard": MAJOR_HAZARD_CRITERIA in question.tags,
        "tags": " ".join(others),
        "seen": question.digest,
    }


class ReasonForm(Form):
    """Why a question is sent back, suspended or retired: its author and later readers want to know."""

    reason = TextAreaField(
        _l("原因"), [DataRequired(_l("请填写原因。")), Length(max=500)], render_kw={"rows": 4, "maxlength": 500}
    )
    seen = HiddenField()
    submit = SubmitField(_l("确认"))
