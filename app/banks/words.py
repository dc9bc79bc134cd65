"""Words for states, kinds and difficulties, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.banks.models import BankPurpose, QuestionState
from app.core.actors import SYSTEM
from app.core.i18n import localised
from question_bank.kinds import KINDS

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
PURPOSES: dict[BankPurpose, LazyString] = {BankPurpose.LIVE: _l("考试"), BankPurpose.PRACTICE: _l("练习")}
KIND_NAMES: dict[str, LazyString] = {
    kind.code: LazyString(localised, kind.name_zh, kind.name_en) for kind in KINDS.values()
}
_SYSTEM = _l("系统")


def person(name: str) -> str:
    """Return who that is to the reader: the system's own name is a word, a person's name stays."""
    return str(_SYSTEM) if name == SYSTEM.name else name
