"""Sentences for refusals about sittings."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "exam_missing": _l(
        "还有 %(count)s 人既没有考试结果也没有免考记录，不能结班，名单见下表。请安排考试，或登记免考原因和文号。"
    ),
    "closing_not_open": _l("这个培训班已经结班或取消，不能再次结班。"),
    "sitting_awaited": _l("考试场次 %(sitting)s 还没有结束，不能结班。请等考试点结束这场考试，或先取消它。"),
    "same_organisation": _l("“%(site)s”与本培训机构是同一单位。教考分离：请选择由其他单位运行的考试点。"),
    "site_closed": _l("“%(site)s”目前不接受考试。请选择其他考试点。"),
    "institution_stopped": _l("本机构目前被暂停或已退出，不能申请考试。请先按主管部门的决定整改。"),
    "sitting_in_past": _l("开考时间已经过去。请选择现在以后的时间。"),
    "sitting_too_far": _l("开考时间在 %(days)s 天以后，太远了。请核对年份和日期，选择 %(days)s 天以内的时间。"),
    "bank_short": _l("题库不足，共缺 %(missing)s 题，不能安排考试：%(strata)s。请联系主管部门补充并审定试题。"),
    "no_candidates": _l("没有可以参加这场考试的学员，没有安排考试。请查看下方每位学员的原因。"),
    "seats_short": _l(
        "“%(site)s”座位不够：共 %(seats)s 个，同一时段已占 %(taken)s 个，这场需要 %(needed)s 个。请改时间或换考试点。"
    ),
    "sitting_begun": _l("这场考试已经开始、结束或取消，不能再取消。"),
    "sitting_not_scheduled": _l("这场考试已经开始、结束或取消，不能再次开考。"),
    "too_early_to_open": _l("现在还不能开考。最早可在开考前 %(minutes)s 分钟开考。"),
    "too_late_to_open": _l("入场时间已过，这场考试不能再开。请联系培训机构另行安排。"),
    "sitting_not_open": _l("这场考试不在进行中，无需结束。"),
    "still_writing": _l("还有 %(count)s 人正在答题，不能结束考试。请等他们交卷或到时自动收卷。"),
    "sitting_not_begun": _l("考试还没有开始。到开考时间、考试点开考后，页面上的按钮即可使用。"),
    "entry_over": _l("入场时间已过，不能再开始答题。请联系监考人员或培训机构。"),
    "candidate_withdrawn": _l("您的报名已撤销，或培训班已结班，不能参加这场考试。请联系培训机构。"),
    "may_not_sit": _l("现在不能参加这场考试：%(reasons)s。请联系培训机构。"),
    "replay_attempt_unknown": _l("没有编号为 %(attempt)s 的答卷。"),
    "replay_sitting_unknown": _l("没有编号为“%(sitting)s”的考试场次。"),
    "pool_changed": _l("冻结的题目与登记的摘要不一致，不能组卷。请立即联系管理员。"),
    "answer_malformed": _l("答案格式不对，没有保存。请刷新页面后重新作答。"),
    "signed_out": _l("登录已失效，答案暂时没有保存。请重新登录，已保存的答案都在。"),
    "attempt_over": _l("您已经交卷，不能再作答。"),
    "time_over": _l("考试时间已到，不能再作答。此前已保存的答案全部有效。"),
    "answer_stale": _l("另一个页面保存了更新的答案，这里的没有保存。请刷新页面后继续作答。"),
    "only_own_site": _l("这场考试不在您的考试点，您不能操作。"),
}
