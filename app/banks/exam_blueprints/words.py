"""Blueprints in words: their strata, what they lack, their states."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.banks.exam_blueprints.models import BlueprintState
from app.banks.exam_blueprints.naming import Misnamed
from app.banks.words import DIFFICULTIES, KIND_NAMES, tag_name
from app.core.i18n import listed, localised
from courses.knowledge_points import points
from courses.sectors import sectors
from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.feasibility import Feasibility, ShareShortfall, Shortfall

STATES: dict[BlueprintState, LazyString] = {
    BlueprintState.DRAFT: _l("草稿"),
    BlueprintState.IN_USE: _l("使用中"),
    BlueprintState.RETIRED: _l("已停用"),
}
MARKS: dict[BlueprintState, str] = {
    BlueprintState.DRAFT: "info",
    BlueprintState.IN_USE: "ok",
    BlueprintState.RETIRED: "",
}
ORDERS: dict[str, LazyString] = {
    "by_stratum": _l("按分层顺序出题，层内随机"),
    "mixed": _l("全卷随机出题"),
}
MARKING_RULES: dict[str, LazyString] = {
    "proportional": _l("多选题选错不得分，少选按正确选项比例得分"),
    "all_or_nothing": _l("多选题全部选对才得分"),
    "plus_minus": _l("多选题选对加分，选错扣分，每题最低零分"),
}
MISNAMED: dict[str, LazyString] = {
    "no_bank": _l("没有代码为“%(name)s”的题库"),
    "practice_bank": _l("“%(name)s”是练习题库，考试从不抽练习题"),
    "no_point": _l("大纲和题库里都没有知识点“%(name)s”"),
}


def bank_name(code: str) -> str:
    """Return the name of the sector that the bank *code* belongs to, in the reader's language."""
    found = sectors().get(code)
    return code if found is None else localised(found.name_zh, found.name_en)


def point_name(bank: str, point: str) -> str:
    """Return a knowledge point in the reader's language; one that the syllabus has not stays as it is written."""
    known = points(bank) if bank in sectors() else ()
    return next((localised(each.name_zh, each.name_en) for each in known if each.name_zh == point), point)


def stratum_name(stratum: Stratum) -> str:
    """Return bank, kind and conditions of *stratum* in one phrase."""
    name: str = _("%(bank)s题库%(kind)s", bank=bank_name(stratum.bank), kind=KIND_NAMES[stratum.kind])
    conditions = conditions_of(stratum)
    return name + str(_("（%(conditions)s）", conditions=conditions)) if conditions else name


def conditions_of(stratum: Stratum) -> str:
    """Return what *stratum* asks for beyond bank and kind, "" if nothing."""
    parts = []
    if stratum.difficulties:
        parts.append(_("难度 %(list)s", list=listed(DIFFICULTIES[each] for each in stratum.difficulties)))
    if stratum.knowledge_points:
        names = [point_name(stratum.bank, each) for each in stratum.knowledge_points]
        parts.append(_("知识点 %(list)s", list=listed(names)))
    if stratum.tags:
        parts.append(_("标签 %(list)s", list=listed(tag_name(each) for each in stratum.tags)))
    return listed(parts, clauses=True)


def share_words(share: MinimumShare, count: int) -> str:
    """Return one minimum share of a paper of *count* questions in words."""
    words: str = _(
        "%(tag)s试题不少于 %(percent)s%%（%(count)s 题中至少 %(needed)s 题）",
        tag=tag_name(share.tag),
        percent=plain(share.percent),
        count=count,
        needed=share.needed(count),
    )
    return words


def misnamed_words(found: Misnamed) -> str:
    """Return in a phrase what a stratum names that is not there."""
    return str(MISNAMED[found.code]) % {"name": found.name}


def misnamed_sentence(number: int, found: Misnamed) -> str:
    """Return the phrase of `misnamed_words` with the stratum; number: from 0."""
    sentence: str = _("第 %(number)s 层：%(reason)s", number=number + 1, reason=misnamed_words(found))
    return sentence


def shortfall_sentences(
    blueprint: Blueprint, report: Feasibility, misnamed: Mapping[int, Misnamed] = MappingProxyType({})
) -> list[str]:
    """Return one phrase for each stratum that cannot be filled and each share that cannot be held: by how much.

    misnamed: by number of the stratum, from 0; of these the phrase says what is not there instead.
    """
    strata = [
        misnamed_sentence(each.stratum, misnamed[each.stratum])
        if each.stratum in misnamed
        else _stratum_short(blueprint, each)
        for each in report.shortfalls
    ]
    return strata + [_share_short(each) for each in report.share_shortfalls]


def _stratum_short(blueprint: Blueprint, short: Shortfall) -> str:
    phrase: str = _(
        "第 %(number)s 层：%(stratum)s需要 %(needed)s 题，现有 %(available)s 题，缺 %(missing)s 题",
        number=short.stratum + 1,
        stratum=stratum_name(blueprint.strata[short.stratum]),
        needed=short.needed,
        available=short.available,
        missing=short.missing,
    )
    if not short.competitors:
        return phrase
    numbers = listed(number + 1 for number in short.competitors)
    return phrase + str(_("（与第 %(numbers)s 层争用同一批试题）", numbers=numbers))


def _share_short(short: ShareShortfall) -> str:
    phrase: str = _(
        "%(tag)s试题一份试卷至少要 %(needed)s 题，题库最多只能抽出 %(available)s 题",
        tag=tag_name(short.tag),
        needed=short.needed,
        available=short.available,
    )
    if not short.competitor:
        return phrase
    return phrase + str(_("（在满足%(other)s占比的前提下）", other=tag_name(short.competitor)))


def plain(value: Decimal) -> str:
    """Return a decimal without needless zeros: "6", "2.5", "100"."""
    return f"{value.normalize():f}"
