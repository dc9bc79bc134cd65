"""Words for the figures of a sitting."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.sittings.models_statistics import SittingStatistics
from question_bank.statistics.items import MINIMUM_ANSWERS

RELIABLE: tuple[tuple[float, LazyString], ...] = (
    (0.9, _l("很高：换一份同样方案的试卷再考，名次几乎不变")),
    (0.8, _l("较高：换一份同样方案的试卷再考，名次变化不大")),
    (0.7, _l("尚可：换一份同样方案的试卷再考，名次会有些变化")),
    (0.0, _l("偏低：换一份同样方案的试卷再考，名次会有明显变化。大家水平相近时本来就低，应看测量标准误")),
)
"""From which reliability on, and what it means; above 0.9 is customary for decisions on single people (J. C. Nunnally,
I. H. Bernstein, Psychometric Theory, 3rd ed. 1994, ch. 7)."""


def figures(found: SittingStatistics | None) -> list[tuple[str, str]]:
    """Return the figures of a sitting as (label, words); empty while there are none to show."""
    if found is None or found.mean is None or found.deviation is None:
        return []
    rows = [
        (
            _("平均分"),
            _("%(mean)s 分，标准差 %(deviation)s 分", mean=_tenth(found.mean), deviation=_tenth(found.deviation)),
        ),
        (_("信度"), _reliability(found.reliability)),
    ]
    if found.standard_error is not None:
        rows.append((_("测量标准误"), _standard_error(found.standard_error)))
    return rows


def nothing_yet(found: SittingStatistics | None) -> str:
    """Return why there are no figures."""
    if found is None:
        return str(_("考试结束后由系统自动计算，还没有结果。请稍后再看。"))
    return str(_("有作答的答卷 %(count)s 份，不足 %(minimum)s 份，不作统计。", count=found.n, minimum=MINIMUM_ANSWERS))


def _reliability(value: float | None) -> str:
    if value is None:
        return str(_("所有人得分相同，无法计算"))
    if value <= 0:
        return str(_("没有：得分的差别不超出抽题的偶然"))
    meaning = next(words for limit, words in RELIABLE if value >= limit)
    return str(_("%(value)s，%(meaning)s", value=f"{value:.2f}", meaning=meaning))


def _standard_error(points: float) -> str:
    return str(
        _("%(points)s 分：因为抽到的题不同，约三分之一的人得分偏离其真实水平超过 %(points)s 分", points=_tenth(points))
    )


def _tenth(points: float) -> str:
    return f"{points:.1f}"
