"""Sentences for refusals about certification."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "certify_training_not_finished": _l("培训还没有结束，不能发证。请在培训结束、学时达到要求后再发证。"),
    "certify_hours_short": _l("学时不足：要求 %(required)s 学时，已认定 %(credited)s 学时。请补足考勤后再发证。"),
    "certify_barred": _l("此人被禁止任职（决定文号 %(decision)s），不能发证。决定有误的，请先在名录中更正禁任记录。"),
    "certify_institution_suspended": _l("培训机构已被暂停或移出，其学员暂不能发证。恢复后可以再发证。"),
    "certify_same_organisation": _l("培训和考试由同一单位承担，违反教考分离，不能发证。请安排其他考试点重新考试。"),
    "certify_resit_used": _l("不合格次数已超过规定的补考次数，这次成绩不能发证。请重新参加培训。"),
    "certify_no_exam": _l("没有考试成绩，不能发证。请先参加考试。"),
    "certify_exam_pending": _l("考试还没有出成绩，不能发证。请在交卷评分后再发证。"),
    "certify_failed": _l("考试不合格，不能发证。没有合格的考试，就没有证明。"),
    "certify_pass_expired": _l(
        "合格成绩（%(passed_on)s）已超过 %(valid_months)s 个月有效期，不能发证。请重新参加考试。"
    ),
    "certify_already_certified": _l("这次考试已经发证，不重复发证。"),
    "certificate_was_revoked": _l(
        "这次考试的证明 %(number)s 已被撤销，不能再次发证。需要证明的，请重新参加培训和考试。"
    ),
    "certificate_no_prefix": _l("行政区划 %(region)s 没有证明编号前缀，不能发证。请核对企业的行政区划代码。"),
    "certificate_fact_invalid": _l(
        "证明上的“%(fact)s”不合要求（空白、换行或不可见字符），未发证。请先更正名录中的信息。"
    ),
    "character_not_available": _l(
        "字体缺少“%(character)s”字（%(fact)s），无法印制证明，未发证。请联系管理员补充字体，或核对该字的写法。"
    ),
    "text_does_not_fit": _l("“%(fact)s”太长，证明上排不下，未发证。请核对名称。"),
    "certificate_reason_missing": _l("请写明理由。理由会记入证明的状态记录。"),
    "certificate_document_missing": _l("请填写作出决定的文书编号。没有文书，不能改变证明状态。"),
    "certificate_is_valid": _l("证明当前有效，没有暂停，无需恢复。"),
    "certificate_is_suspended": _l("证明已经暂停。请先恢复，再做这项操作。"),
    "certificate_is_revoked": _l("证明已经撤销。撤销是最终状态，不能再改变。"),
    "certificate_is_replaced": _l("证明已经换发。请对换发后的新证明进行操作。"),
    "certificate_expired": _l("证明的有效期已到（%(valid_until)s），不能换发。需要证明的，请重新参加培训和考试。"),
    "certificate_no_download_revoked": _l("这张证明已被撤销，不再提供下载。如有异议，请联系发证地的监管部门。"),
    "certificate_no_download_replaced": _l("这张证明已换发。请下载换发后的新证明。"),
    "certificate_unknown": _l("没有编号为 %(number)s 的证明。请核对编号。"),
    "attempt_unknown": _l("没有编号为 %(attempt)s 的作答记录。"),
    "session_unknown": _l("没有编号为 %(session)s 的培训班。"),
}
