"""Sentences for refusals about desk."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "withdraw_after_exam": _l("此人已经开始或完成考试，不能退训。考试结果须留在本班档案中。"),
}
