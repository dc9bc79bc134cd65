"""What happened to a question, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit import events
from app.audit.models import AuditEvent
from app.audit.service import timeline
from app.banks.models import Question, QuestionState
from app.banks.models_documents import LegalDocument
from app.banks.models_review import SourceSuspension
from app.banks.words import person
from app.core.db import db
from app.core.i18n import listed
from question_bank.sources import Standing

Line = tuple[datetime, str, str]


def said_of(event: AuditEvent) -> str:
    """Return in words what *event* did to a question: of its own, or of the document that it rests on."""
    return _source_sentence(event.data) if event.subject_type == "legal_document" else _sentence(event)


def history(question: Question) -> list[Line]:
    """Return (moment, sentence, by whom) of everything that happened to *question*, oldest first.

    Questions that arrive, are sent to review, are approved or lose their document in bulk have one event for all of
    them; their own lines come from the versions, from the events of their bank and from source_suspension.
    """
    # A question that an undone import removed may have had the same id before.
    happened = [one for one in timeline("question", question.id) if one.at >= question.created_at]
    lines = _from_versions(question, happened)
    lines += [(one.at, _sentence(one), one.actor_name) for one in happened]
    lines += [(one.at, _source_sentence(one.data), one.actor_name) for one in _source_changes(question)]
    lines += [(one.at, _sent(question, one), one.actor_name) for one in _sent_with_others(question)]
    return [(at, sentence, person(by)) for at, sentence, by in sorted(lines, key=lambda line: line[0])]


@dataclass(frozen=True)
class Returned:
    """That a reviewer sent a question back. by: the name of who did."""

    at: datetime
    reason: str
    by: str


def sent_back() -> sa.ColumnElement[bool]:
    """Return the condition that joins a question to the event by which a reviewer sent it back, if it is a draft since.

    A question that was sent to review again has none, even if it became a draft once more.
    """
    return sa.and_(
        AuditEvent.subject_type == "question",
        AuditEvent.subject_id == Question.id,
        AuditEvent.kind == events.QuestionMoved.kind(),
        AuditEvent.at >= Question.submitted_at,
        AuditEvent.data["state"].as_string() == QuestionState.DRAFT.value,
        AuditEvent.data["reason"].as_string() != "",
        Question.state == QuestionState.DRAFT,
    )


def returned(question_ids: Sequence[int]) -> dict[int, Returned]:
    """Return why those of these questions (one page of them) that were sent back were, by id."""
    query = sa.select(AuditEvent).join(Question, sent_back()).where(Question.id.in_(question_ids))
    found = db.session.scalars(query.order_by(AuditEvent.id))
    return {one.subject_id: Returned(one.at, one.data["reason"], person(one.actor_name)) for one in found}


def document_history(document: LegalDocument) -> list[Line]:
    """Return (moment, sentence, by whom) of every mark that *document* was given and of what became of it, oldest
    first."""
    happened = timeline("legal_document", document.id)
    return [(one.at, _document_sentence(one), person(one.actor_name)) for one in happened]


def _source_changes(question: Question) -> list[AuditEvent]:
    query = sa.select(AuditEvent).join(SourceSuspension, SourceSuspension.event_id == AuditEvent.id)
    return list(db.session.scalars(query.where(SourceSuspension.question_id == question.id)))


def _sent_with_others(question: Question) -> list[AuditEvent]:
    """Return the steps in which *question* was sent to review together with others of its bank."""
    of_bank = (AuditEvent.subject_type == "bank", AuditEvent.subject_id == question.bank_id)
    query = sa.select(AuditEvent).where(*of_bank, AuditEvent.kind == events.QuestionsSubmitted.kind())
    found = db.session.scalars(query.where(AuditEvent.at >= question.created_at).order_by(AuditEvent.id))
    return [one for one in found if question.id in one.data["question_ids"]]


def _sent(question: Question, event: AuditEvent) -> str:
    """Return that the version of then was sent to review; a draft that is rewritten in place keeps its number."""
    there = [one for one in question.versions if one.created_at <= event.at]
    number = max(one.number for one in there if one.discarded_at is None or one.discarded_at > event.at)
    return str(_("第 %(number)s 版与其他试题一并送审", number=number))


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
    if event.kind == events.QuestionDraftDiscarded.kind():
        return _discarding(event.data)
    if event.kind == "QuestionSaved":
        return _saving(event.data["change"], number)
    if event.kind == "QuestionCommented":
        return str(_("对第 %(number)s 版提出意见", number=number))
    if event.data.get("is_source_checked") or event.data.get("checked_ahead"):
        return _comparing(event.data)
    return _move(QuestionState(event.data["state"]), number, event.data.get("reason", ""))


def _comparing(data: dict[str, Any]) -> str:
    """Return that a question was approved, and with which text of its document it was compared."""
    number, days = data["version"], listed(data.get("checked_ahead", ()))
    if not days:
        return str(_("第 %(number)s 版审定通过，已按修改后的条文核对", number=number))
    if not data["is_source_checked"]:
        return str(_("第 %(number)s 版审定通过，已按 %(days)s 起施行的条文核对", number=number, days=days))
    return str(_("第 %(number)s 版审定通过，已按修改后的条文和 %(days)s 起施行的条文核对", number=number, days=days))


def _discarding(data: dict[str, Any]) -> str:
    """Return which versions were discarded, and how the question stands on the one before."""
    facts = {"gone": listed(data["discarded"]), "number": data["version"]}
    if data["becomes"] == QuestionState.APPROVED:
        return str(_("放弃第 %(gone)s 版草稿，恢复为已审定的第 %(number)s 版", **facts))
    if not data["document"]:
        return str(_("放弃第 %(gone)s 版草稿，恢复为第 %(number)s 版，仍暂停使用", **facts))
    facts |= {"document": data["document"], "day": data["changed_on"]}
    if data["standing"] == Standing.REPEALED:
        words = _("放弃第 %(gone)s 版草稿，恢复为第 %(number)s 版；“%(document)s”自 %(day)s 起废止，暂停使用", **facts)
        return str(words)
    return str(_("放弃第 %(gone)s 版草稿，恢复为第 %(number)s 版；“%(document)s”自 %(day)s 起修改，暂停使用", **facts))


def _source_sentence(data: dict[str, Any]) -> str:
    """Return what a change of its document did to a question."""
    document, day, note = data["document"], data["changed_on"], data["note"]
    if data["standing"] == Standing.REPEALED:
        return str(_("暂停使用：“%(document)s”自 %(day)s 起废止。%(note)s", document=document, day=day, note=note))
    return str(_("暂停使用：“%(document)s”自 %(day)s 起修改。%(note)s", document=document, day=day, note=note))


def _document_sentence(event: AuditEvent) -> str:
    if event.kind == events.LegalDocumentMarkWithdrawn.kind():
        return _withdrawal_sentence(event.data)
    return _ahead_sentence(event.data) if event.data.get("is_ahead") else _mark_sentence(event.data)


def _withdrawal_sentence(data: dict[str, Any]) -> str:
    facts = {"day": data["changed_on"], "reason": data["reason"]}
    if data["standing"] == Standing.REPEALED:
        return str(_("撤回自 %(day)s 起废止的记录：%(reason)s", **facts))
    if data["articles"]:
        return str(_("撤回%(articles)s自 %(day)s 起修改的记录：%(reason)s", articles=listed(data["articles"]), **facts))
    return str(_("撤回自 %(day)s 起修改的记录：%(reason)s", **facts))


def _ahead_sentence(data: dict[str, Any]) -> str:
    """Return what was recorded of a document for a day to come."""
    facts = {"day": data["changed_on"], "count": data["questions"], "note": data["note"]}
    if data["standing"] == Standing.REPEALED:
        return str(_("预先记录：自 %(day)s 起废止，%(count)s 道试题届时不再抽取：%(note)s", **facts))
    if data["articles"]:
        words = _(
            "预先记录：%(articles)s自 %(day)s 起修改，%(count)s 道试题届时不再抽取：%(note)s",
            articles=listed(data["articles"]),
            **facts,
        )
        return str(words)
    return str(_("预先记录：自 %(day)s 起修改，%(count)s 道试题届时不再抽取：%(note)s", **facts))


def _mark_sentence(data: dict[str, Any]) -> str:
    """Return what was recorded of a document, or took effect, and what it did."""
    facts = {"day": data["changed_on"], "count": data["questions"], "note": data["note"]}
    if data["standing"] == Standing.IN_FORCE:
        return str(_("恢复为现行有效：%(note)s", note=data["note"]))
    if data["standing"] == Standing.REPEALED:
        return str(_("自 %(day)s 起废止，暂停 %(count)s 道试题：%(note)s", **facts))
    if data["articles"]:
        articles = listed(data["articles"])
        words = _("%(articles)s自 %(day)s 起修改，暂停 %(count)s 道试题：%(note)s", articles=articles, **facts)
        return str(words)
    return str(_("自 %(day)s 起修改，暂停 %(count)s 道试题：%(note)s", **facts))


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
        QuestionState.DRAFT: _("退回修改：%(reason)s", reason=reason) if reason else _("撤回送审"),
        QuestionState.SUSPENDED: _("暂停使用：%(reason)s", reason=reason),
        QuestionState.RETIRED: _("停用：%(reason)s", reason=reason),
    }
    return sentences[state]
