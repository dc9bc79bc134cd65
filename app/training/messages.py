"""Sentences for refusals about training."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "starts_in_past": _l("开班日期已过。请选择今天或以后的日期。"),
    "ends_before_start": _l("结束日期早于开班日期。请核对两个日期。"),
    "session_too_long": _l("培训班最长 %(days)s 天。请核对结束日期。"),
    "course_not_open": _l("这门课程的本版本在该日期不开放。请在课程目录中选择有效版本。"),
    "days_too_few": _l(
        "这些天最多计 %(fitting)s 学时（每天最多 %(cap)s 学时），少于课程的 %(hours)s 学时。"
        "请延长日期；确需如此安排的，勾选下方“仍按这些日期安排”。"
    ),
    "mandate_not_served": _l(
        "所选任务条款在 %(year)s 年不约束本地区，或与课程的行业、岗位不符。请重新选择，或选“不计入任务”。"
    ),
    "classroom_twice": _l("课堂名称“%(name)s”重复。请为每个课堂取不同的名称。"),
    "branches_too_many": _l("分课堂最多 %(limit)s 个。请减少分课堂。"),
    "branch_shape": _l("第 %(line)s 行应写成“名称 | 地点”。请补全名称和地点，各不超过 100 字和 200 字。"),
    "session_not_open": _l("培训班已结班或已取消，不能再改动。"),
    "session_full": _l("培训班名额 %(capacity)s 人已满。请减少人数，或另开一期。"),
    "classroom_unknown": _l("培训班没有这个课堂。请对照培训班的课堂名称填写，或留空表示主课堂。"),
    "document_kind_unknown": _l(
        "证件类型不认识。请填写居民身份证、港澳台居民居住证、外国人永久居留身份证或护照，或留空。"
    ),
    "trainee_unknown": _l("名录中没有这个证件号码的人员。请核对号码；确有其人的，先请企业或主管部门登记到名录。"),
    "trainee_enterprise_unknown": _l("名录中没有这个统一社会信用代码的企业。请核对代码，或先登记到名录。"),
    "trainee_not_appointed": _l(
        "名录中没有这项任职：此人今天在该企业没有本课程对应的岗位。请核对企业和岗位，或先更新名录。"
    ),
    "trainee_sector": _l("任职企业不属于本课程的行业领域（%(sector)s）。请核对名录，或换一门课程。"),
    "trainee_role_differs": _l("岗位与课程不符：本课程面向“%(role)s”。请改正岗位，或改报其他课程。"),
    "trainee_barred": _l("此人处于禁任期（决定文号：%(decision)s），不能作为负责人参加培训。请与作出决定的部门核实。"),
    "trainee_enrolled": _l("此人已在本培训班，无需再次加入。"),
    "trainee_row_enrolled": _l("此人已在本培训班。请从文件中删去这一行。"),
    "trainee_twice": _l("与第 %(other)s 行重复：同一证件号码。请只保留一行。"),
    "already_withdrawn": _l("此人已退训。"),
    "withdraw_trained": _l("此人学时已满，不能退训。培训必有考试：请安排考试，或按规定登记免考。"),
    "already_exempt": _l("此人已登记免考。"),
    "attendance_empty": _l("没有勾选任何人。请勾选到课的学员后再保存。"),
    "attendance_day": _l("日期不对。请选择培训班内、今天或以前的一天。"),
    "attendance_outside": _l("考勤日期不在培训班日期内（%(first)s 至 %(last)s）。请核对日期。"),
    "attendance_future": _l("结束时间还没有到。请在下课后记录。"),
    "attendance_times": _l("起止时间不对：应为 24 小时制的时:分，结束晚于开始。"),
    "attendance_not_enrolled": _l("此人不在本培训班或已退训。请刷新页面。"),
    "attendance_overlap": _l("这一时段与此人已有的考勤重叠。请改正时间，或先删除错误的记录。"),
}
