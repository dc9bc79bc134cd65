"""Sentences for refusals about registry."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, LazyString] = {
    "document_missing": _l("没有填写证件号码。请填写后再提交。"),
    "document_shape": _l("证件号码的位数或字符不对。居民身份证和居住证为 18 位；请对照证件核对。"),
    "document_old": _l("15 位身份证号码自 2013 年起停用。请填写现行证件上的 18 位号码。"),
    "document_birth_date": _l("证件号码里的出生日期不存在或不合理。请对照证件核对第 7 至 14 位。"),
    "document_checksum": _l("证件号码校验位不对，其中至少一位有误。请对照证件核对。"),
    "document_kind_differs": _l("证件类型与证件号码不符。请改正其中一项，或把证件类型留空由系统判断。"),
    "credit_code_shape": _l("统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）。请对照营业执照核对。"),
    "credit_code_checksum": _l("统一社会信用代码校验位不对，其中至少一位有误。请对照营业执照核对。"),
    "person_name_shape": _l("姓名为空、超过 100 个字符或含有不可见字符。请重新填写姓名。"),
    "person_name_differs": _l("这个证件号码已用另一个姓名登记。请核对号码和姓名；确需更名的，请联系登记地主管部门。"),
    "phone_shape": _l("手机号码只能含数字、连字符和开头的加号，5 至 20 位。请核对，或留空。"),
}
