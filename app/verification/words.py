"""The sentences of the public page, for each verdict."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.verification.verdict import Verdict


@dataclass(frozen=True)
class Sentence:
    """line: the verdict, readable at arm's length; advice: what follows from it; tone: "ok", "warn" or "stop"."""

    line: LazyString
    advice: LazyString
    tone: str


COMPARE = _l("请与手中证书逐项对照，并核对本人证件。任何一项不同，即为被改动的证书。")
SENTENCES = {
    Verdict.VALID: Sentence(_l("真实且有效"), COMPARE, "ok"),
    Verdict.SUSPENDED: Sentence(
        _l("已暂停使用"),
        _l("这份证书是真实的，但已被监管部门暂停。暂停期间不能作为培训考试合格的证明。"),
        "warn",
    ),
    Verdict.REVOKED: Sentence(
        _l("已撤销，无效"), _l("这份证书已被监管部门撤销，不能再使用。持证人需要重新培训和考试。"), "stop"
    ),
    Verdict.REPLACED: Sentence(
        _l("已换发，请看新证"), _l("这份证书已换发，不再使用。请持证人出示换发后的新证书。"), "warn"
    ),
    Verdict.EXPIRED: Sentence(
        _l("已过期"), _l("这份证书是真实的，但有效期已过，不能再作为培训考试合格的证明。"), "warn"
    ),
    Verdict.UNCONFIRMED: Sentence(
        _l("暂时无法确认"),
        _l("登记内容与签发时的数字签名不一致。请不要采信这份证书，并联系签发机关核实。"),
        "stop",
    ),
}
