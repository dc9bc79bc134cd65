"""Sentences for refusals about institutions."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "institution_suspended": _l("“%(name)s”已停训，停训期间不能安排新的培训班。恢复后才能安排；原因见该机构的记录。"),
    "institution_removed": _l("“%(name)s”已移出名单，不能再安排培训班。请选择其他机构。"),
    "standing_reason_missing": _l("没有填写原因。请写明决定的事实和理由。"),
    "standing_document_missing": _l("没有填写文书编号。请填写作出决定的文书编号，例如“示例应急〔2026〕1 号”。"),
    "standing_unchanged": _l("“%(name)s”已处于该状态，或已移出名单，不能再变更。请刷新后查看最新状态。"),
    "body_code_shape": _l("代码应为 2 至 20 位大写字母、数字或连字符，以字母或数字开头。"),
    "body_code_taken": _l("代码 %(taken)s 已被使用。请换一个代码。"),
    "institution_known": _l("这个统一社会信用代码的单位已在培训机构名单中。请在名单中查找，不必重复添加。"),
    "seats_missing": _l("考位数至少为 1。请按考场实际座位填写。"),
}
