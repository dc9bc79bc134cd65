"""The words in which pages and files name the codes of training."""

from __future__ import annotations

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.core.clock import SHANGHAI
from app.core.i18n import localised
from app.training.models import AttendanceMethod, Mode, SessionState
from courses.attendance import Flag
from courses.errors import CourseDataError
from courses.mandates import Mandate, heading_for
from courses.plans import plans
from courses.roles import role
from courses.sectors import sector
from question_bank import kinds as question_kinds

KINDS: dict[str, LazyString] = {
    "initial": _l("初次培训"),
    "refresher": _l("年度再培训"),
    "campaign": _l("专题集中培训"),
}
MODES: dict[str, LazyString] = {
    Mode.ONSITE: _l("线下"),
    Mode.ONLINE: _l("线上"),
    Mode.MIXED: _l("线上线下结合"),
}
STATES: dict[str, LazyString] = {
    SessionState.SCHEDULED: _l("进行中"),
    SessionState.CLOSED: _l("已结班"),
    SessionState.CANCELLED: _l("已取消"),
}
METHODS: dict[str, LazyString] = {
    AttendanceMethod.SIGNATURE: _l("签到"),
    AttendanceMethod.CARD: _l("刷卡"),
    AttendanceMethod.FACE: _l("人脸识别"),
    AttendanceMethod.ONLINE: _l("线上记录"),
}
QUESTION_KINDS: dict[str, LazyString] = {
    kind.code: LazyString(localised, kind.name_zh, kind.name_en) for kind in question_kinds.KINDS.values()
}
BANKS: dict[str, LazyString] = {"general": _l("通用题库"), "sector": _l("本行业题库")}
MARKINGS: dict[str, LazyString] = {
    "proportional": _l("多选题选错不得分，少选按正确选项比例得分"),
    "all_or_nothing": _l("多选题全部选对才得分"),
    "plus_minus": _l("多选题选对加分，选错扣分，每题最低零分"),
}


def sector_name(code: str) -> str:
    """Return a sector's name in the reader's language, or the code if the reference data no longer know it."""
    try:
        found = sector(code)
    except CourseDataError:
        return code
    return localised(found.name_zh, found.name_en)


def role_name(code: str) -> str:
    """Return a role's name in the reader's language, or the code if the reference data no longer know it."""
    try:
        found = role(code)
    except CourseDataError:
        return code
    return localised(found.name_zh, found.name_en)


def mandate_title(mandate: Mandate) -> str:
    """Return a mandate's short title in the reader's language."""
    return localised(*heading_for(mandate))


def plan_title(mandate: Mandate) -> str:
    """Return the title of the plan that holds *mandate*, in the reader's language."""
    plan = plans()[mandate.plan]
    return localised(plan.title_zh, plan.title_en)


def time_of_day(moment: datetime) -> str:
    """Return the hour and minute of an aware moment in Asia/Shanghai, like 09:00."""
    return moment.astimezone(SHANGHAI).strftime("%H:%M")


def flag_sentence(flag: Flag) -> str:
    """Return in the reader's language what looks wrong in the attendance."""
    return str(FLAGS[flag.code]) % dict(flag.data)


FLAGS: dict[str, LazyString] = {
    "overlapping_classrooms": _l("同一时间出现在两处课堂（重叠 %(minutes)s 分钟）"),
    "repeated_record": _l("同一时段重复记录（重叠 %(minutes)s 分钟）"),
    "more_than_daily_cap": _l("%(day)s 考勤 %(minutes)s 分钟，超过每日 %(cap_hours)s 学时的上限"),
    "more_than_a_day": _l("%(day)s 考勤合计 %(minutes)s 分钟，超过 24 小时"),
    "outside_session": _l("考勤日期不在培训班日期内（%(first_day)s 至 %(last_day)s）"),
    "uniform_records": _l("%(count)s 次考勤的开始时刻和时长完全相同"),
    "uniform_class": _l("%(people)s 名学员的考勤时刻完全相同"),
}
