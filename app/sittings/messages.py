"""Sentences for refusals about sittings."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "exam_missing": _l(
        "还有 %(count)s 人既没有考试结果也没有免考记录，不能结班：%(names)s。请安排考试，或登记免考原因和文号。"
    ),
    "closing_not_open": _l("这个培训班已经结班或取消，不能再次结班。"),
    "sitting_awaited": _l("考试场次 %(sitting)s 还没有结束，不能结班。请等考试点结束这场考试，或先取消它。"),
}
