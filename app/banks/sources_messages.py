"""Sentences for refusals about legal documents and comments."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SOURCE_MESSAGES: dict[str, LazyString] = {
    "source_unknown": _l("没有找到这份法规文件。"),
    "source_standing_missing": _l("请选择这份文件是已修改还是已废止。"),
    "source_is_repealed": _l("这份文件已记录为废止，不能再标记为修改。如果标记有误，请先撤回。"),
    "source_mark_unchanged": _l("与已有的记录完全相同，没有可以标记的内容。"),
    "source_mark_withdrawn": _l("这条记录已经撤回，或不属于这份文件。"),
    "source_articles_missing": _l("请勾选所涉及的条文，或选择“整份文件”。"),
    "question_source_repealed": _l(
        "试题 %(question)s 依据的“%(document)s”已废止，不能审定通过，也不能送审。请改用现行的依据，或停用试题。"
    ),
    "question_source_changed": _l(
        "试题 %(question)s 依据的“%(document)s”已修改。请对照修改后的条文核对，勾选“已按修改后的条文核对”再审定。"
    ),
    "comment_empty": _l("请写下意见。"),
    "comment_too_long": _l("意见有 %(length)s 字，超过上限 %(most)s 字。请精简或分开提交。"),
}
