"""Words for the figures of questions and for the reasons why one needs attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.banks.models_statistics import AttentionReason, ItemStatistics
from app.banks.option_tables import option_name
from app.core.charts import shown_percent
from app.core.i18n import listed, localised
from question_bank.statistics.answered import WRONG
from question_bank.statistics.items import MINIMUM_ANSWERS, fewest_best

MINIMUM = MINIMUM_ANSWERS
FEWEST_BEST = fewest_best(MINIMUM)

NAMES: dict[str, LazyString] = {
    "key_missed_by_best": _l("答案存疑"),
    "negative_discrimination": _l("区分度为负"),
    "too_hard": _l("过难"),
    "drifted": _l("修订后难度变化"),
    "weak_discrimination": _l("区分度低"),
    "too_easy": _l("过易"),
    "distractor_unused": _l("干扰项无人选"),
}
"""The short name of each reason, for the filter and the mark on a page."""


def percent(share: float) -> str:
    """Return a share (0..1) in percent with one decimal."""
    return shown_percent(share * 100)


def hundredths(value: float) -> str:
    """Return *value* rounded down to two decimals, so that what lies below a limit is shown below it."""
    return f"{floor(value * 100 + 1e-9) / 100:.2f}"


def sentence(reason: AttentionReason) -> str:
    """Return one reason with its figures in one sentence; of a case study one clause a part that it holds for."""
    words = _SENTENCES[reason.code]
    if "parts" not in reason.figures:
        return words(reason.figures)
    return listed((_of_part(one["part"], words(one)) for one in reason.figures["parts"]), clauses=True)


def _of_part(number: int, told: str) -> str:
    return str(_("第 %(number)s 小题：%(told)s", number=number, told=told))


def sentences(row: ItemStatistics) -> str:
    """Return all reasons of a question version on one line, for a table that is exported."""
    colon = localised("：", ": ")
    return listed((f"{NAMES[each.code]}{colon}{sentence(each)}" for each in row.reasons), clauses=True)


def _key_missed(figures: Mapping[str, Any]) -> str:
    if figures["option"] == WRONG:
        return str(
            _(
                "成绩最好的 %(best)s 人中，答错的有 %(option_count)s 人，答对的只有 %(key_count)s 人。"
                "请核对答案，看是否漏了可以接受的写法",
                **figures,
            )
        )
    if figures.get("kind") == "true_false":
        said = {name: option_name("true_false", figures[name]) for name in ("option", "key")}
        return str(
            _(
                "成绩最好的 %(best)s 人中，%(option_count)s 人判断为“%(option)s”，"
                "只有 %(key_count)s 人按答案判断为“%(key)s”。请核对答案",
                **{**figures, **said},
            )
        )
    return str(
        _(
            "成绩最好的 %(best)s 人中，%(option_count)s 人选了错误选项 %(option)s，"
            "只有 %(key_count)s 人选了正确选项 %(key)s。请核对答案",
            **figures,
        )
    )


def _negative(figures: Mapping[str, Any]) -> str:
    return str(
        _(
            "区分度 %(value)s：其余试题得分高的人，这道题反而得分低（%(n)s 人作答）",
            value=hundredths(figures["discrimination"]),
            n=figures["n"],
        )
    )


def _weak(figures: Mapping[str, Any]) -> str:
    return str(
        _(
            "区分度 %(value)s，低于 0.10：这道题几乎不能区分掌握与未掌握的人（%(n)s 人作答）",
            value=hundredths(figures["discrimination"]),
            n=figures["n"],
        )
    )


def _too_hard(figures: Mapping[str, Any]) -> str:
    return str(
        _(
            "得分率 %(facility)s，低于 %(limit)s（%(n)s 人作答）",
            facility=percent(figures["facility"]),
            limit=percent(figures["limit"]),
            n=figures["n"],
        )
    )


def _too_easy(figures: Mapping[str, Any]) -> str:
    return str(
        _("得分率 %(facility)s，高于 95%%（%(n)s 人作答）", facility=percent(figures["facility"]), n=figures["n"])
    )


def _drifted(figures: Mapping[str, Any]) -> str:
    return str(
        _(
            "与以前的版本相比，得分率变化 %(difference)s 个百分点，超出偶然"
            "（标准误 %(error)s，以前 %(older)s 人、现在 %(newer)s 人作答）",
            **_change(figures),
        )
    )


def drift_sentence(figures: Mapping[str, Any]) -> str:
    """Return in words a change between versions that chance alone may have made."""
    return str(
        _(
            "与以前的版本相比，得分率变化 %(difference)s 个百分点，在偶然范围之内"
            "（标准误 %(error)s，以前 %(older)s 人、现在 %(newer)s 人作答）。",
            **_change(figures),
        )
    )


def _change(figures: Mapping[str, Any]) -> dict[str, object]:
    return {
        "difference": f"{figures['difference'] * 100:+.1f}",
        "error": f"{figures['standard_error'] * 100:.1f}",
        "older": figures["older_n"],
        "newer": figures["newer_n"],
    }


def _unused(figures: Mapping[str, Any]) -> str:
    return str(
        _(
            "%(n)s 人作答，错误选项 %(options)s 几乎无人选（最多 %(most)s 人）",
            n=figures["n"],
            options=listed(figures["options"]),
            most=figures["most"],
        )
    )


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "key_missed_by_best": _key_missed,
    "negative_discrimination": _negative,
    "too_hard": _too_hard,
    "drifted": _drifted,
    "weak_discrimination": _weak,
    "too_easy": _too_easy,
    "distractor_unused": _unused,
}
