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
    "document_rounded": _l("证件号码在表格里被存成了数字，末三位变成了 0。请把该列设为“文本”格式后重新填写。"),
    "text_too_long": _l("内容超过 %(limit)s 个字符。请缩短后再填写。"),
    "region_unknown": _l("没有行政区划代码“%(region)s”。请填写现行的六位代码，例如 330106。"),
    "region_replaced": _l("行政区划代码 %(region)s 已撤销，由 %(successors)s 接替。请改填现行代码。"),
    "region_outside": _l("这个地区不在您的管辖区域“%(territory)s”内，您不能登记。请交由所在地主管部门登记。"),
    "sector_unknown": _l("没有行业领域“%(given)s”。是否要填：%(near)s？多个行业领域请用顿号或分号分开。"),
    "role_unknown": _l("没有岗位“%(given)s”。是否要填：%(near)s？"),
    "form_unknown": _l("没有负责人类别“%(given)s”。是否要填：%(near)s？"),
    "form_without_principal": _l("负责人类别只用于主要负责人。请留空，或把岗位改为主要负责人。"),
    "form_differs": _l("这项任职已用另一个负责人类别登记。身份变更的，请先登记离任，再登记新的任职。"),
    "scale_unknown": _l("没有规模“%(given)s”。请填：大型、中型、小型或微型。"),
    "roster_document_kind_unknown": _l("没有证件类型“%(given)s”。是否要填：%(near)s？也可以留空，由系统按号码判断。"),
    "date_unreadable": _l("日期“%(given)s”无法识别。请按 2026-11-22 的格式填写。"),
    "date_out_of_range": _l("日期 %(given)s 不合理：不能晚于今天，也不能早于 1949-10-01。请核对。"),
    "office_ends_early": _l("离任日期早于任职日期。离任日期填写在任的最后一天，请核对。"),
    "enterprise_rows_differ": _l("同一家企业在第 %(other)s 行的这一项与本行不同。请改成一致，或改正统一社会信用代码。"),
    "person_rows_differ": _l("同一证件号码在第 %(other)s 行是另一个姓名。请核对号码和姓名。"),
    "office_repeated": _l("与第 %(other)s 行重复：同一人在同一企业的同一岗位，任期重叠。请删去一行或改正日期。"),
    "office_held": _l("此人自 %(since)s 起已登记在该企业的这个岗位，任期重叠。请改用登记的任职日期，或先登记离任。"),
    "office_ended": _l("这项任职已登记至 %(until)s 前一日为止，与本行的离任日期不同。请按登记改正，或删去本行。"),
    "enterprise_elsewhere": _l("这家企业登记在您的管辖区域之外，您不能修改。请联系其登记地主管部门。"),
    "enterprise_closed": _l("这家企业已于 %(day)s 注销，之后不能再登记任职。请核对统一社会信用代码。"),
    "person_barred": _l(
        "此人被禁止担任该职务（决定文号：%(decision_number)s），不能登记。请核对决定；决定有误的先更正禁任记录。"
    ),
    "registry_moved_on": _l("导入时，名录中的同一条记录被他人同时登记，未写入任何数据。请重新上传检查。"),
    "bar_sector": _l("禁止从事一个行业的，须选择行业；禁止所有行业的，不选行业。"),
    "bar_dates": _l("禁任截止日期早于开始日期。请核对；终身禁任的留空。"),
    "bar_decision_missing": _l("没有填写决定文号。请填写作出禁任决定的文书编号。"),
    "bar_withdrawn": _l("这条禁任记录已经更正，无需再次更正。"),
    "bar_reason_missing": _l("没有填写更正原因。请写明依据，例如决定被撤销的文书编号。"),
    "enterprise_not_listed": _l("您的单位还没有登记在名录中。请联系所在地主管部门登记。"),
    "office_in_future": _l("日期晚于今天。任职和离任在发生之后登记，请核对日期。"),
    "appointment_ended": _l("这项任职已登记离任（%(until)s 起不在任），无需再次登记。"),
    "sector_change_empty": _l("没有选择要结束或新增的行业领域。请至少选择一项。"),
    "sector_change_day": _l("变更日期须晚于原登记的起始日期，且不晚于今天。请核对日期。"),
    "sector_not_offered": _l("没有这个行业领域。请从列表中选择。"),
    "sector_borne": _l("这家企业自 %(since)s 起已登记在该行业领域，无需重复登记。"),
    "close_day": _l("注销日期须晚于现有行业登记和任职的起始日期，且不晚于今天。请核对日期。"),
}
