"""Words for what the libraries report as codes: kinds of question, marking rules, reasons against sitting."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.i18n import localised
from app.sittings.models import SittingState
from courses.eligibility import Refusal
from question_bank.kinds import KINDS

SITTING_STATES: dict[SittingState, tuple[LazyString, str]] = {
    SittingState.SCHEDULED: (_l("待开考"), ""),
    SittingState.OPEN: (_l("进行中"), "info"),
    SittingState.CLOSED: (_l("已结束"), "ok"),
    SittingState.CANCELLED: (_l("已取消"), "stop"),
}
"""The word for each state of a sitting and the mark beside it."""

REASONS: dict[str, LazyString] = {
    "training_not_finished": _l("培训还没有结束"),
    "hours_short": _l("学时不足：%(credited)s / %(required)s"),
    "barred": _l("处于禁任期（决定文号 %(decision)s）"),
    "institution_suspended": _l("培训机构已被暂停"),
    "same_organisation": _l("考试点与培训机构是同一单位"),
    "attempt_open": _l("正在考试"),
    "already_passed": _l("%(passed_on)s 已合格"),
    "resit_used": _l("补考机会已用完，须重新培训"),
    "already_admitted": _l("已编入另一场考试"),
}


def reason(refusal: Refusal) -> str:
    """Return the words for one reason against sitting."""
    data = {key: f"{value:g}" if isinstance(value, float) else value for key, value in refusal.data.items()}
    return str(REASONS[refusal.code]) % data


def kind_name(code: str) -> str:
    """Return the name of a kind of question in the reader's language."""
    kind = KINDS[code]
    return localised(kind.name_zh, kind.name_en)


def question_hint(view: Mapping[str, Any], marking_rule: str) -> str:
    """Return how a question, or a part of one, with several right options is marked; nothing for most kinds.

    view: as in question_bank.papers.candidate_view.
    """
    if view["input"] == "parts":
        return str(_("共 %(count)s 小题，分值相同", count=len(view["parts"])))
    return str(_MARKING[marking_rule]) if view["input"] == "many" else ""


def points(value: Decimal | str) -> str:
    """Return points without needless zeros: "6", "86.5"."""
    return f"{Decimal(value).normalize():f}"


_MARKING: dict[str, LazyString] = {
    "proportional": _l("选错不得分，少选按比例得分"),
    "all_or_nothing": _l("选错、多选、少选均不得分"),
    "plus_minus": _l("选对加分，选错扣分，最低零分"),
}
