"""How mandates, periods, statuses and gaps are said, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.core.i18n import listed, localised
from courses import regions, roles, sectors
from courses.mandates import Mandate, Period
from courses.plans import plans


def _(sentence: str, **values: object) -> str:
    """Word *sentence* in the reader's language; flask_babel publishes no types."""
    return str(gettext(sentence, **values))


STATUS_WORDS = {
    "covered": _l("已覆盖"),
    "not_trained": _l("未培训"),
    "not_examined": _l("未考试"),
    "failed": _l("考试不合格"),
    "revoked": _l("证明已撤销"),
    "not_certified": _l("未发证"),
    "represented": _l("由本单位其他人代表"),
}
STATUS_TAGS = {
    "covered": "ok",
    "not_trained": "stop",
    "not_examined": "warn",
    "failed": "stop",
    "revoked": "stop",
    "not_certified": "warn",
    "represented": "info",
}
REQUIRES_WORDS = {
    "training": _l("完成培训"),
    "exam": _l("培训并考试合格"),
    "certificate": _l("培训、考试合格并发证"),
    "drill": _l("开展演练"),
    "review": _l("条件复核"),
    "rate": _l("达到比率"),
    "rules": _l("制定制度"),
    "bar": _l("禁止任职"),
}
REPORTED_WORDS = {
    "training": _l("名录没有这类人员的名单，由主管部门报告，不逐人计算。"),
    "exam": _l("名录没有这类人员的名单，由主管部门报告，不逐人计算。"),
    "certificate": _l("名录没有这类人员的名单，由主管部门报告，不逐人计算。"),
    "drill": _l("由演练情况报告，不逐人计算。"),
    "review": _l("由培训机构条件复核和检查的结果报告，不逐人计算。"),
    "rate": _l("由现场抽样测试或检查得出，附样本量；不用考试合格率代替。"),
    "rules": _l("由制度制定情况报告，不逐人计算。"),
    "bar": _l("由禁任决定报告，任职和报名时逐人核对。"),
}
RECURRING_WORDS = {
    "every_year": _l("每年"),
    "every_half_year": _l("每半年"),
    "every_two_months": _l("每两个月"),
    "every_month": _l("每月"),
}


def title(mandate: Mandate) -> str:
    return localised(mandate.title_zh, mandate.title_en)


def role_words(mandate: Mandate) -> str:
    """Return the names of the mandate's roles."""
    found = [roles.role(code) for code in sorted(mandate.roles)]
    return listed(localised(each.name_zh, each.name_en) for each in found)


def sector_words(mandate: Mandate) -> str:
    """Return the names of the mandate's sectors; where it asks for a second one too, both."""
    named = listed(_sector(code) for code in sectors.sectors() if code in mandate.sectors) or _("全部行业")
    also = listed(_sector(code) for code in sectors.sectors() if code in mandate.also_in)
    return _("%(sectors)s（%(also)s领域）", sectors=named, also=also) if also else named


def _sector(code: str) -> str:
    found = sectors.sector(code)
    return localised(found.name_zh, found.name_en)


def subject_words(mandate: Mandate) -> str:
    """Return sector and role in one, e.g. 大型商业综合体消防安全责任人."""
    return _("%(sector)s%(role)s", sector=sector_words(mandate), role=role_words(mandate))


def region_words(code: str) -> str:
    """Return the region's own name, or its code where the table does not know it."""
    found = next((each for each in reversed(regions.regions()) if each.code == code), None)
    return localised(found.name_zh, found.name_en) if found else code


def period_words(period: Period) -> str:
    """Return when the clause is to be met, e.g. "2025 年", "2026 年底前", "每半年"."""
    if period.kind == "year":
        return _("%(year)s 年", year=period.starts.year)
    if period.kind == "by_deadline":
        return _deadline_words(period.ends)
    if period.kind == "cumulative":
        return _("%(first)s—%(last)s 年累计", first=period.starts.year, last=period.ends.year)
    if period.kind == "undated":
        return _("未定期限")
    every = str(RECURRING_WORDS[period.kind])
    return every if period.times == 1 else _("%(every)s %(times)s 次", every=every, times=period.times)


def _deadline_words(day: date) -> str:
    if (day.month, day.day) == (12, 31):
        return _("%(year)s 年底前", year=day.year)
    return _("%(day)s 前", day=day.isoformat())


def target_words(mandate: Mandate) -> str:
    if mandate.target_percent is None:
        return _("原文没有指标")
    return _("全覆盖") if mandate.target_percent == 100 else _("不低于 %(percent)s%%", percent=mandate.target_percent)


def measured_words(mandate: Mandate) -> str:
    """Return how the figure comes about: from the registry person by person, or from a report, and why."""
    if not mandate.is_counted:
        return str(REPORTED_WORDS[mandate.requires])
    if mandate.coverage_of == "any":
        return _("按名录计算，每家企业有一人达到即可：%(proof)s。", proof=str(REQUIRES_WORDS[mandate.requires]))
    if mandate.newly_appointed_only:
        return _("按名录逐人计算，只计新任人员：%(proof)s。", proof=str(REQUIRES_WORDS[mandate.requires]))
    return _("按名录逐人计算：%(proof)s。", proof=str(REQUIRES_WORDS[mandate.requires]))


def plan_words(mandate: Mandate) -> str:
    plan = plans()[mandate.plan]
    return _("%(title)s（%(number)s）", title=localised(plan.title_zh, plan.title_en), number=plan.document_number)


def reason_words(reasons: Mapping[str, int]) -> str:
    """Return why people are not covered, the commonest reason first: "28 人未培训，13 人考试不合格"."""
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    parts = [
        _("%(persons)s 人%(status)s", persons=f"{number:,}", status=str(STATUS_WORDS[code])) for code, number in ordered
    ]
    return listed(parts)


def days_words(days: int) -> str:
    """Return how far away the last day is."""
    if days > 0:
        return _("距期限 %(days)s 天", days=days)
    return _("今天到期") if days == 0 else _("期限已过")
