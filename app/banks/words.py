"""Words for states, kinds and difficulties, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.banks.models import QuestionState
from app.core.actors import SYSTEM
from app.core.i18n import localised
from question_bank.kinds import KINDS
from question_bank.tags import MAJOR_HAZARD_CRITERIA

STATES: dict[QuestionState, LazyString] = {
    QuestionState.DRAFT: _l("草稿"),
    QuestionState.IN_REVIEW: _l("待审定"),
    QuestionState.APPROVED: _l("已审定"),
    QuestionState.SUSPENDED: _l("已暂停"),
    QuestionState.RETIRED: _l("已停用"),
}
MARKS: dict[QuestionState, str] = {
    QuestionState.DRAFT: "",
    QuestionState.IN_REVIEW: "info",
    QuestionState.APPROVED: "ok",
    QuestionState.SUSPENDED: "warn",
    QuestionState.RETIRED: "stop",
}
DIFFICULTIES: dict[int, LazyString] = {1: _l("易"), 2: _l("中"), 3: _l("难")}
KIND_NAMES: dict[str, LazyString] = {
    kind.code: LazyString(localised, kind.name_zh, kind.name_en) for kind in KINDS.values()
}
FIELDS: dict[str, LazyString] = {
    "code": _l("编号"),
    "version": _l("版本"),
    "kind": _l("题型"),
    "stem": _l("题干"),
    "options": _l("选项"),
    "key": _l("答案"),
    "explanation": _l("解析"),
    "knowledge_point": _l("知识点"),
    "difficulty": _l("难度"),
    "tags": _l("标签"),
    "source_document": _l("法规依据"),
    "source_article": _l("条文"),
    "source_from": _l("依据生效日期"),
    "source_to": _l("依据失效日期"),
    "markup": _l("排版（加粗、上下标、表格等）"),
    "unit": _l("计量单位"),
    "is_case_sensitive": _l("区分大小写"),
    "parts": _l("小题"),
    "weights": _l("选项权重"),
    "feedback": _l("选项反馈"),
    "pictures": _l("图片"),
}
"""The fields of a question, and what formats call besides: weights, feedback, pictures."""
_SYSTEM = _l("系统")
MAJOR_HAZARDS = _l("重大事故隐患判定标准")
_LACKS: dict[str, LazyString] = {
    "source_repealed": _l("依据已废止"),
    "wrong_option": _l("缺错误选项：现在全选就能得分"),
    "wording": _l("缺答案：现在填什么都算对"),
    "narrow_range": _l("缺准确的数：现在的范围太宽，随便填也能得分"),
}


def lack(name: str) -> str:
    """Return in words what a question lacks to be reviewed, a name of lifecycle.missing_for_review or Held.lacks."""
    return str(_LACKS[name]) if name in _LACKS else str(_("缺%(field)s", field=FIELDS[name]))


def tag_name(tag: str) -> str:
    """Return how a tag is called: the one with a meaning of its own by its term, every other by itself."""
    return str(MAJOR_HAZARDS) if tag == MAJOR_HAZARD_CRITERIA else tag


def tag_names(tags: Iterable[str]) -> str:
    """Return how *tags* are called, in one line."""
    return " ".join(map(tag_name, tags))


def person(name: str) -> str:
    """Return who that is to the reader: the system's own name is a word, a person's name stays."""
    return str(_SYSTEM) if name == SYSTEM.name else name
