"""Forms of the banks: fields and their words. What a filled-in form says as a question stands in filling.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (  # type: ignore[attr-defined]  # the stubs are older
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import TextInput

from app.banks import words
from app.core.forms import Form, text
from question_bank.kinds import SIMPLE_KINDS
from question_bank.kinds.case_study import MOST_PARTS
from question_bank.options import LETTERS
from question_bank.questions import trimmed
from question_bank.rich_text import PLAIN

_ROWS = {  # of answers: those shown on a new form, and the fewest that a question can do with
    "single_choice": (4, 2),
    "multiple_choice": (4, 2),
    "numeric": (1, 1),
    "short_answer": (2, 1),
}
_KINDS_OF_PARTS = [SelectChoice(code, words.KIND_NAMES[code]) for code in SIMPLE_KINDS]
BESIDE = ("option", "tolerance", "weight", "feedback")
"""What stands on the card of one answer, each a field with the letter behind it: option_A, weight_A, ..."""
_CHOICE = ("key", "rows", "option", "weight", "feedback")
ANSWER_FIELDS: dict[str, tuple[str, ...]] = {
    "true_false": ("truth", "feedback"),
    "single_choice": _CHOICE,
    "multiple_choice": _CHOICE,
    "numeric": ("unit", "rows", *BESIDE),
    "short_answer": ("is_case_sensitive", "rows", "option", "weight", "feedback"),
    "case_study": (),
}
"""Of each kind, the fields that say how it is answered; those of BESIDE stand for one field a letter."""


def _area(label: Any, rows: int, **kwargs: Any) -> TextAreaField:
    return TextAreaField(label, filters=[lambda value: trimmed(value or "")], render_kw={"rows": rows}, **kwargs)


class AnswerFields:
    """What is asked and how it is answered: fields of a question, and of each part of a case study.

    key: the letters of the right options, ticked one by one. option_A: an option; in the written kinds an answer that
    is accepted, of a number without the tolerance that stands beside it. rows: how many answers have a card.
    """

    stem = _area(_l("题干"), 4)
    key = SelectMultipleField(_l("答案"), choices=[SelectChoice(letter) for letter in LETTERS], validate_choice=False)
    truth = RadioField(
        _l("答案"), choices=[SelectChoice("A", _l("正确")), SelectChoice("B", _l("错误"))], validate_choice=False
    )
    unit = text(_l("计量单位"), required=False, description=_l("如“米”；可不填"))
    is_case_sensitive = BooleanField(_l("区分大小写"))
    rows = HiddenField()
    explanation = _area(_l("解析"), 3, description=_l("答完后供学习；送审前必填"))


for _letter in LETTERS:
    setattr(AnswerFields, f"option_{_letter}", _area(_l("选项%(letter)s", letter=_letter), 2))
    setattr(AnswerFields, f"tolerance_{_letter}", text(_l("允许误差 ±"), required=False))
    setattr(AnswerFields, f"weight_{_letter}", text(_l("权重（百分比）"), required=False))
    setattr(AnswerFields, f"feedback_{_letter}", _area(_l("选择 %(letter)s 的反馈", letter=_letter), 2))
ONCE = {name for names in ANSWER_FIELDS.values() for name in names if name not in BESIDE}
"""The fields of an answer that stand once, not once a letter."""
_EVERY_ANSWER_FIELD = ONCE | {f"{name}_{letter}" for name in BESIDE for letter in LETTERS}


class PartForm(AnswerFields, Form):
    """One part of a case study. Only the fields that its kind has a use for are there.

    shown: the kind whose fields were on the page; kind: the one that is chosen, which may be another since.
    """

    kind = SelectField(_l("题型"), choices=_KINDS_OF_PARTS)
    shown = HiddenField()

    class Meta:
        csrf = False  # the form around it has the token

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = (self.shown.data, self.kind.data)
        self.shown.data = next((kind for kind in asked if kind in SIMPLE_KINDS), "single_choice")
        narrow(self, self.shown.data)


class QuestionForm(Form, AnswerFields):
    """One question of one kind, with a form of its own for each part of a case study."""

    markup = HiddenField(default=PLAIN)
    source_document = text(
        _l("法规依据"),
        required=False,
        description=_l("法规或标准的全称，从列表中选，或自己填写；送审前必填"),
        render_kw={"list": "source-documents", "autocomplete": "off"},
    )
    source_article = text(_l("条文"), length=100, required=False, description=_l("如“第二十一条”；送审前必填"))
    source_from = text(_l("依据自何日施行"), required=False, description=_l("可不填"), render_kw={"type": "date"})
    source_to = text(_l("依据至何日失效"), required=False, description=_l("现行有效的不填"), render_kw={"type": "date"})
    knowledge_point = text(
        _l("知识点"),
        length=80,
        required=False,
        description=_l("从课程大纲中选，或自己填写；送审前必填"),
        render_kw={"list": "knowledge-points", "autocomplete": "off"},
    )
    difficulty = RadioField(
        _l("难度"), choices=[SelectChoice(str(n), word) for n, word in words.DIFFICULTIES.items()], default="2"
    )
    is_major_hazard = BooleanField(_l("考查重大事故隐患判定标准"))
    tags = text(_l("其他标签"), required=False, description=_l("可不填；多个标签用空格分开"))
    code = text(_l("编号"), length=60, required=False, description=_l("可不填，保存时自动编号"))
    part_count = HiddenField()
    part_kind = SelectField(_l("新小题的题型"), choices=_KINDS_OF_PARTS, validate_choice=False)
    picture = FileField(
        _l("图片文件"),
        description=_l("PNG、JPEG、GIF 或 WebP，不超过 2 MB"),
        render_kw={"accept": "image/png,image/jpeg,image/gif,image/webp"},
    )
    picture_alt = StringField(_l("图片说明"), description=_l("写给看不见图片的人；不要写出答案"))
    picture_place = SelectField(_l("放在哪里"), choices=[], validate_choice=False)
    seen = HiddenField()
    newest = HiddenField()
    has_read_newest = BooleanField(_l("我已看过最新内容，以我填写的为准"))
    submit = SubmitField(_l("保存草稿"))

    def __init__(self, kind: str, *, is_new: bool, **kwargs: Any) -> None:
        """Take what the request posted, or what is given as formdata=None, data={...}, with "parts" a list of such."""
        super().__init__(**kwargs)
        if self.part_count.raw_data is None:
            given = kwargs.get("data", {}).get("parts", [])
            self.parts = [PartForm(formdata=None, data=one, prefix=_prefix(n)) for n, one in enumerate(given, start=1)]
        else:
            self.parts = [PartForm(prefix=_prefix(n)) for n in range(1, _count(self.part_count.data) + 1)]
        self.part_count.data = str(len(self.parts))
        narrow(self, kind)
        if not is_new:
            del self["code"]

    @property
    def has_new_kinds(self) -> bool:
        """Whether for a part another kind was chosen than the one whose fields were on the page."""
        return any(part.kind.data in SIMPLE_KINDS and part.kind.data != part.shown.data for part in self.parts)

    @property
    def read_last(self) -> str:
        """Digest of the version that the editor has read last: the one the form began from, or the newest since."""
        return str((self.newest if self.has_read_newest.data else self.seen).data or "")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Look at every part too, so that all that is wrong is said at once."""
        own = super().validate(*args, **kwargs)
        return all([own, *(part.validate() for part in self.parts)])


def narrow(form: Form, kind: str) -> None:
    """Take away the fields that a question of *kind* has no use for, and word those that mean another thing in it."""
    letters = LETTERS[:2] if kind == "true_false" else LETTERS
    kept = {name for name in ANSWER_FIELDS[kind] if name not in BESIDE}
    kept |= {f"{name}_{letter}" for name in ANSWER_FIELDS[kind] if name in BESIDE for letter in letters}
    for name in sorted(_EVERY_ANSWER_FIELD - kept):
        del form[name]
    form.answer_kind = kind
    if form.truth:
        form.feedback_A.label.text, form.feedback_B.label.text = _l("选“正确”时的反馈"), _l("选“错误”时的反馈")
    if form.rows and not form.key:
        for number, letter in enumerate(LETTERS, start=1):
            answer = form[f"option_{letter}"]
            answer.label.text, answer.widget, answer.render_kw = (
                _l("第 %(number)s 个答案", number=number),
                TextInput(),
                {},
            )
            form[f"feedback_{letter}"].label.text = _l("这样作答时的反馈")


def rows_shown(data: Mapping[str, Any], kind: str) -> int:
    """Return how many answers have a card: as many as asked for, and every one of which something is filled in.

    data: of a form (field -> value) of *kind*.
    """
    if kind not in _ROWS:
        return 2 if kind == "true_false" else 0
    usual, fewest = _ROWS[kind]
    asked = data.get("rows") or ""
    count = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else usual
    return min(max(count, fewest, rows_filled(data)), len(LETTERS))


def rows_filled(data: Mapping[str, Any]) -> int:
    """Return the place of the last answer of which something is filled in."""
    places = (place for place, letter in enumerate(LETTERS, 1) if any(data.get(f"{name}_{letter}") for name in BESIDE))
    return max(places, default=0)


def letters_shown(form: Form) -> str:
    """Return the letters of the answers that have a card on the page."""
    return LETTERS[: rows_shown(form.data, form.answer_kind)]


def _prefix(number: int) -> str:
    return f"part-{number}-"


def _count(text: str | None) -> int:
    return min(int(text), MOST_PARTS) if text and text.isdecimal() and len(text) < 4 else 0


class ReasonForm(Form):
    """Why a question is sent back, suspended or retired: its author and later readers want to know."""

    reason = TextAreaField(
        _l("原因"), [DataRequired(_l("请填写原因。")), Length(max=500)], render_kw={"rows": 4, "maxlength": 500}
    )
    seen = HiddenField()
    submit = SubmitField(_l("确认"))


class DiscardForm(Form):
    """That a draft is given up; seen: digest of what was read."""

    seen = HiddenField()
    submit = SubmitField(_l("放弃草稿"))
