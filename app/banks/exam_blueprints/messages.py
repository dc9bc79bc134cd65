"""Sentences for refusals about blueprints."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

BLUEPRINT_MESSAGES: dict[str, LazyString] = {
    "blueprint_course_unknown": _l("课程目录中没有代码为“%(course)s”的课程。"),
    "blueprint_unknown": _l("没有找到这个版本的组卷方案。请从组卷方案列表重新打开。"),
    # Against the exam rule
    "blueprint_count": _l("各分层合计 %(count)s 题，考试规则要求 %(needed)s 题。请增减题数。"),
    "blueprint_points": _l("各分层合计 %(points)s 分，考试规则要求满分 %(needed)s 分。请调整题数或每题分值。"),
    "blueprint_marking": _l("多选题的评分方式与考试规则不一致。请按考试规则填写。"),
    "blueprint_share": _l(
        "主要负责人课程的试卷，重大事故隐患判定标准试题不得少于 %(percent)s%%（%(needed)s 题）。请提高最低占比。"
    ),
    "blueprint_unfit": _l("组卷方案第 %(number)s 版不符合这门课程的考试规则，不能使用。%(reasons)s"),
    # Saving and moving
    "blueprint_changed_meanwhile": _l(
        "在您打开页面之后，有人修改了这门课程的组卷方案，本次操作没有执行。请重新打开，看过最新内容再操作。"
    ),
    "blueprint_unchanged": _l("内容没有变化，没有产生新版本。"),
    "blueprint_not_draft": _l("组卷方案第 %(number)s 版不是草稿，不能启用。要重新使用旧方案，请照它另存一份草稿。"),
    "blueprint_is_retired": _l("组卷方案第 %(number)s 版已经停用。"),
    "blueprint_author_approves": _l("组卷方案第 %(number)s 版由您编写或参与修改，须由另一人启用。"),
    "blueprint_short": _l(
        "题库抽不满这个方案，共缺 %(missing)s 题，不能启用：%(strata)s。请先补充并审定试题，或调整方案。"
    ),
    # One field
    "blueprint_no_strata": _l("还没有分层。请至少添加一层。"),
    "blueprint_too_many_strata": _l("最多 %(most)s 层。请合并条件相近的分层。"),
    "blueprint_bad_bank": _l("请选择题库。"),
    "blueprint_unknown_kind": _l("请选择题型。"),
    "blueprint_bad_count": _l("请填写 1 到 %(most)s 之间的整数。"),
    "blueprint_bad_points": _l("请填写每题分值，大于 0，最多两位小数，例如 2 或 1.5。"),
    "blueprint_bad_difficulty": _l("难度只有易、中、难。"),
    "blueprint_bad_tag": _l("“%(value)s”不能作标签。标签不含空格、逗号、顿号和分号，不超过 64 个字符。"),
    "blueprint_bad_percent": _l("请填写 1 到 100 之间的百分数，最多两位小数。"),
    "blueprint_tag_twice": _l("标签“%(value)s”写了两次。请合并为一项。"),
    "blueprint_too_many": _l("一份试卷最多 %(most)s 题。"),
    "blueprint_too_many_shares": _l("最低占比最多写两项。"),
    "blueprint_unknown_rule": _l("不认识评分方式“%(value)s”。"),
    "blueprint_unknown_order": _l("不认识出题顺序“%(value)s”。"),
    "blueprint_wrong_type": _l("“%(field)s”缺少，或不是应有的类型。"),
    "blueprint_unknown_field": _l("不认识字段“%(field)s”。"),
}
