"""Sentences for refusals about coverage."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "region_not_in_table": _l(
        "行政区划代码 %(region)s 不在区划表中，无法统计。请按 GB/T 2260 填写 2、4 或 6 位代码，例如 33、3301、330102。"
    ),
    "no_plan_in_year": _l("%(year)s 年没有生效的方案，没有可统计的任务条款。请选择 %(first)s 至 %(last)s 年。"),
    "no_such_mandate": _l("没有编号为 %(mandate)s 的任务条款。请从任务条款列表中选择。"),
    "mandate_elsewhere": _l("任务条款 %(mandate)s 在所选年度不约束这个地区。请从任务条款列表中选择。"),
    "output_not_writable": _l("文件 %(path)s 无法写入：%(reason)s。请换一个位置，用 --output 指定。"),
}
