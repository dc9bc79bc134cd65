"""What the pages call the states of a certificate, its facts and the changes to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.certification.models import Certificate, CertificateState
from app.core.actors import SYSTEM
from app.core.i18n import localised
from certificates.certificate import CertificateFacts, score_text

STATES: dict[str, tuple[LazyString, str]] = {
    "valid": (_l("有效"), "ok"),
    "suspended": (_l("已暂停"), "warn"),
    "revoked": (_l("已撤销"), "stop"),
    "replaced": (_l("已换发"), ""),
    "expired": (_l("已过期"), "warn"),
}
"""State as it is shown: the word and the colour of its tag."""

FACTS: dict[str, LazyString] = {
    "holder_name": _l("姓名"),
    "document_last4": _l("证件号码"),
    "enterprise_name": _l("任职单位"),
    "role_zh": _l("岗位"),
    "sector_zh": _l("行业领域"),
    "course_title_zh": _l("课程名称"),
    "hours": _l("学时"),
    "score": _l("成绩"),
    "institution_name": _l("培训机构名称"),
    "exam_site_name": _l("考试点"),
    "issuer_name": _l("签发机关"),
    "region_name": _l("行政区域"),
}
"""What a refusal calls the facts that come from the registry."""


@dataclass(frozen=True)
class Change:
    """How one change of state is offered and reported."""

    offer: LazyString
    consequence: LazyString
    done: LazyString
    event: LazyString


CHANGES = {
    "suspend": Change(
        _l("暂停证明"),
        _l("暂停后，任何人扫码都会看到“暂停使用”。查清后可以恢复。"),
        _l("证明已暂停。扫码核验从现在起显示暂停。"),
        _l("暂停"),
    ),
    "reinstate": Change(
        _l("恢复证明"),
        _l("恢复后，证明重新有效，扫码核验显示真实且有效。"),
        _l("证明已恢复有效。"),
        _l("恢复有效"),
    ),
    "revoke": Change(
        _l("撤销证明"),
        _l("撤销不能恢复。撤销后，任何人扫码都会看到“已撤销”，持证人需要重新培训和考试。"),
        _l("证明已撤销。扫码核验从现在起显示撤销。"),
        _l("撤销"),
    ),
    "replace": Change(
        _l("换发证明"),
        _l("换发用名录中现在的姓名和任职单位出具新证明，编号另给，有效期不变；这一张从此显示“已换发”。"),
        _l("已换发新证明，这就是新的一张。"),
        _l("换发"),
    ),
}
EVENTS = {
    CertificateState.SUSPENDED: CHANGES["suspend"].event,
    CertificateState.VALID: CHANGES["reinstate"].event,
    CertificateState.REVOKED: CHANGES["revoke"].event,
    CertificateState.REPLACED: CHANGES["replace"].event,
}


def shown_state(certificate: Certificate, today: date) -> str:
    """Return the state as a reader sees it on the day *today* (Asia/Shanghai): a valid one may have expired.

    The last valid day counts whole: a certificate expires at midnight in Shanghai after valid_until.
    """
    if certificate.state is CertificateState.VALID and today > certificate.valid_until:
        return "expired"
    return certificate.state.value


def officer(name: str) -> str:
    """Return who decided, as the record shows it; decisions of the command line bear the system's name."""
    return str(_("系统")) if name == SYSTEM.name else name


def face(facts: CertificateFacts, *, name: str | None = None) -> list[tuple[str, str]]:
    """Return labels and values in the order of the paper (certificates.certificate.FACE_ORDER).

    name: what to show for the holder, the masked name by default; the document is masked always.
    """
    return [
        (_("编号"), facts.number),
        (_("姓名"), facts.masked_name if name is None else name),
        (_("证件号码"), facts.masked_document),
        (_("任职单位"), facts.enterprise_name),
        (_("类别"), category(facts)),
        (_("课程与学时"), course(facts)),
        (_("考试"), exam(facts)),
        (_("签发"), _("%(day)s · %(issuer)s", day=facts.issued_on.isoformat(), issuer=facts.issuer_name)),
        (_("有效期至"), facts.valid_until.isoformat()),
    ]


def category(facts: CertificateFacts) -> str:
    """Return role and sector in the reader's language, as they were named on the day of issue."""
    role = localised(facts.role_zh, facts.role_en)
    return f"{role} · {localised(facts.sector_zh, facts.sector_en)}"


def course(facts: CertificateFacts) -> str:
    """Return the course, its version, its hours and who taught it."""
    title = localised(f"{facts.course_title_zh}（{facts.course_version}）", facts.course_title_en)
    values = {"title": title, "hours": facts.hours, "institution": facts.institution_name}
    return str(_("%(title)s · %(hours)s 学时 · %(institution)s", **values))


def exam(facts: CertificateFacts) -> str:
    """Return day, score, pass mark and where the exam was sat."""
    values = {
        "day": facts.exam_on.isoformat(),
        "score": score_text(facts.score),
        "pass_score": score_text(facts.pass_score),
        "site": facts.exam_site_name,
    }
    return str(_("%(day)s · %(score)s 分（%(pass_score)s 分合格）· %(site)s", **values))
