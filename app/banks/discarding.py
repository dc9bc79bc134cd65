"""Giving up an edit: a question that was approved before stands again on its last approved version.

The versions since then keep row, number and text, marked as discarded: comments, events and the history name them, and
no number ever means two texts. What comes back was approved as it stands, so it needs no review, unless something has
put it in doubt: it was suspended before somebody edited it, or its document has changed. Then it comes back suspended,
and returns by review as every suspended question does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.audit import events
from app.audit.models import AuditEvent
from app.audit.service import record
from app.banks import across, copies, documents, doubts, duplicates, once, queries, service
from app.banks.models import Question, QuestionState, QuestionVersion
from app.banks.models_documents import LegalDocument, LegalDocumentMark
from app.banks.models_review import SourceSuspension
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError
from question_bank.questions import Question as Content
from question_bank.sources import Standing


@dataclass(frozen=True)
class Effect:
    """What discarding would do.

    base: the version that counts again. gone: those that would be discarded, oldest first. suspended: the event that
    suspended *base* before it was edited, None if none did. marks: of its *document*, in effect, that put it in doubt.
    last_day: the last day on which it may be drawn; None: open.
    """

    base: QuestionVersion
    gone: tuple[QuestionVersion, ...]
    suspended: AuditEvent | None
    document: LegalDocument | None
    marks: tuple[LegalDocumentMark, ...]
    last_day: date | None

    @property
    def state(self) -> QuestionState:
        """What the question becomes."""
        return QuestionState.SUSPENDED if self.suspended or self.marks else QuestionState.APPROVED


def has_draft_to_discard(question: Question) -> bool:
    """Whether *question* is a draft of which an earlier version was approved."""
    return question.state is QuestionState.DRAFT and queries.approved_before(question) is not None


def effect(question: Question, day: date, *, is_held: bool = False) -> Effect:
    """Return what discarding the draft of *question* would do on *day*.

    is_held: it is about to be done; nobody marks the document before the commit.
    Raises ServiceError: "question_retired", "question_discard_in_review", "question_discard_nothing".
    """
    if question.state is QuestionState.RETIRED:
        raise ServiceError("question_retired", question=question.code)
    if question.state is QuestionState.IN_REVIEW:
        raise ServiceError("question_discard_in_review", question=question.code)
    base = queries.approved_before(question)
    if base is None or question.state is not QuestionState.DRAFT:
        raise ServiceError("question_discard_nothing", question=question.code)
    content = queries.content_of(base)
    document = documents.document_called(content.source_document, is_held=is_held)
    compared = doubts.comparisons(question, content)
    return Effect(
        base=base,
        gone=tuple(one for one in question.versions if one.number > base.number and one.discarded_at is None),
        suspended=_suspended_before(question, base),
        document=document,
        marks=doubts.doubts_on(document, question, content, day).in_effect,
        last_day=doubts.last_day_of(content, documents.marks_of(document), compared),
    )


def discard(question: Question, found: Effect, *, seen: str, actor: Actor, now: datetime) -> Question:
    """Discard the draft of *question*, which is locked. found: of `effect`, held; seen: digest of what was read.

    Raises ServiceError: "question_changed_meanwhile", "question_discard_twin" if the same question has come in since,
    "question_duplicate_meanwhile" and as across.refuse_shared does if it is coming in at this moment.
    """
    service.seen_version(question, seen)
    content = queries.content_of(found.base)
    _refuse_twin(content, question)
    known = documents.register([content.source_document], now=now)
    for version in found.gone:
        version.discarded_at = now
    question.current_version, question.state = found.base.number, found.state
    for name, value in {**copies.columns(content), **documents.rests_on(content, known)}.items():
        setattr(question, name, value)
    question.author_id, question.source_to = found.base.author_id, found.last_day
    if question.submitted_at and found.base.approved_at and question.submitted_at > found.base.approved_at:
        question.submitted_at = None  # a draft to come was not sent back because one that is gone was
    once.flush(content)
    copies.renew(question, content)
    once.refuse_shared_meanwhile(content, question.bank)
    record(_event(question, found), actor=actor, now=now)
    return question


def suspended_by(document: LegalDocument) -> sa.ColumnElement[bool]:
    """Return the condition that a question came back suspended because of *document*, and was not approved since; the
    query has its current version."""
    return (
        sa.exists()
        .where(*_is_discarding(), AuditEvent.subject_id == Question.id)
        .where(AuditEvent.at >= QuestionVersion.approved_at)
        .where(AuditEvent.data["document_id"].as_integer() == document.id)
        .correlate(Question, QuestionVersion)
    )


def _suspended_before(question: Question, base: QuestionVersion) -> AuditEvent | None:
    """Return the last event that suspended *base* since it was approved: by a person, by its document, or as a draft
    after it was discarded. To come back from that, it would have been approved anew."""
    by_person = sa.and_(
        AuditEvent.kind == events.QuestionMoved.kind(),
        AuditEvent.data["state"].as_string() == QuestionState.SUSPENDED.value,
    )
    came_back = sa.and_(*_is_discarding(), AuditEvent.data["becomes"].as_string() == QuestionState.SUSPENDED.value)
    own = (AuditEvent.subject_type == "question", AuditEvent.subject_id == question.id, sa.or_(by_person, came_back))
    taken_out = (SourceSuspension.question_id == question.id, SourceSuspension.version == base.number)
    of_document = sa.select(AuditEvent).join(SourceSuspension, SourceSuspension.event_id == AuditEvent.id)
    each = (sa.select(AuditEvent).where(*own), of_document.where(*taken_out))
    since = [query.where(AuditEvent.at >= base.approved_at).order_by(AuditEvent.id.desc()).limit(1) for query in each]
    found = [one for one in map(db.session.scalar, since) if one is not None]
    return max(found, key=lambda event: event.id, default=None)


def _is_discarding() -> tuple[sa.ColumnElement[bool], ...]:
    return AuditEvent.subject_type == "question", AuditEvent.kind == events.QuestionDraftDiscarded.kind()


def _refuse_twin(content: Content, question: Question) -> None:
    """Refuse to bring back *content* if another question that is in use says the same by now."""
    twin = duplicates.same_as(content, but=question.id)
    shared = across.shared_by([content.wordings], question.bank.purpose, but=question.id).get(content.wordings)
    other = twin or shared
    if other is not None:
        raise ServiceError("question_discard_twin", question=question.code, other=other.code)


def _event(question: Question, found: Effect) -> events.QuestionDraftDiscarded:
    said: dict[str, Any] = {}
    if found.document is not None and found.marks and not found.suspended:
        mark = max(found.marks, key=lambda one: (one.standing is Standing.REPEALED, one.since, one.id))
        said = {
            "document_id": found.document.id,
            "document": found.document.name,
            "standing": mark.standing.value,
            "changed_on": mark.since.isoformat(),
        }
    return events.QuestionDraftDiscarded(
        question.id,
        version=found.base.number,
        discarded=tuple(one.number for one in found.gone),
        becomes=found.state.value,
        **said,
    )
