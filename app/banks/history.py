"""What happened to a question, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.audit.models import AuditEvent
from app.audit.service import timeline
from app.banks.models import Question, QuestionState
from app.banks.words import person

Line = tuple[datetime, str, str]


def history(question: Question) -> list[Line]:
    """Return (moment, sentence, by whom) of everything that happened to *question*, oldest first.

    Questions that arrive or are approved in bulk have one event for all of them; their own lines come from the
    versions.
    """
    # A question that an undone import removed may have had the same id before.
    happened = [one for one in timeline("question", question.id) if one.at >= question.created_at]
    lines = _from_versions(question, happened)
    lines += [(one.at, _sentence(one), one.actor_name) for one in happened]
    return [(at, sentence, person(by)) for at, sentence, by in sorted(lines, key=lambda line: line[0])]


def _from_versions(question: Question, happened: list[AuditEvent]) -> list[Line]:
    written = {one.data["version"] for one in happened if one.kind == "QuestionSaved"}
    approved = {one.data["version"] for one in happened if one.data.get("state") == QuestionState.APPROVED}
    lines: list[Line] = []
    for version in question.versions:
        if version.number not in written:
            words = _("导入题库") if question.import_id else _("载入题库")
            lines.append((version.created_at, words, version.author_name))
        if version.approved_at is not None and version.number not in approved:
            words = _("第 %(number)s 版随整库审定通过", number=version.number)
            lines.append((version.approved_at, words, version.approved_by_name or ""))
    return lines


def _sentence(event: AuditEvent) -> str:
    number = event.data["version"]
    if event.kind == "QuestionSaved":
        return _saving(event.data["change"], number)
    return _move(QuestionState(event.data["state"]), number, event.data.get("reason", ""))


def _saving(change: str, number: int) -> str:
    sentences: dict[str, str] = {
        "created": _("新建草稿"),
        "rewritten": _("修改草稿（第 %(number)s 版）", number=number),
        "edited": _("修改，形成第 %(number)s 版草稿", number=number),
    }
    return sentences[change]


def _move(state: QuestionState, number: int, reason: str) -> str:
    sentences: dict[QuestionState, str] = {
        QuestionState.IN_REVIEW: _("第 %(number)s 版送审", number=number),
        QuestionState.APPROVED: _("第 %(number)s 版审定通过", number=number),
        QuestionState.DRAFT: _("退回修改：%(reason)s", reason=reason),
        QuestionState.SUSPENDED: _("暂停使用：%(reason)s", reason=reason),
        QuestionState.RETIRED: _("停用：%(reason)s", reason=reason),
    }
    return sentences[state]
