"""Sending many questions to review in one step: those that were ticked, those of an import, those that one document
took out of the pool.

What cannot be reviewed as it stands stays where it is and is named with what it lacks; the rest goes together, one
event a bank, with a handful of statements whatever the number. Here too: an author takes a question back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.audit import events
from app.audit.models import AuditEvent
from app.audit.service import record
from app.banks import discarding, service, two_people
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.banks.models_documents import LegalDocument
from app.banks.models_review import SourceSuspension
from app.banks.queries import is_current
from app.core.actors import Actor
from app.core.db import db, portions
from app.core.errors import ServiceError
from question_bank import lifecycle
from question_bank.questions import Question as Content
from question_bank.sources import Standing

SENDABLE = tuple(QuestionState(one) for one, targets in lifecycle.MOVES.items() if lifecycle.State.IN_REVIEW in targets)
"""The states from which a question may go to review."""

MOST_CHOSEN = 500
"""How many questions can be ticked together: as many as one statement names."""


@dataclass(frozen=True)
class Held:
    """A question that stays. lacks: as lifecycle.missing_for_review, and "source_repealed" if its document is."""

    question_id: int
    code: str
    stem: str
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """Questions that can be sent to review. ready: (id of the bank, id of the question); held: those that stay."""

    ready: tuple[tuple[int, int], ...]
    held: tuple[Held, ...]

    @property
    def lacking(self) -> Counter[str]:
        """Return how many questions lack what."""
        return Counter(name for one in self.held for name in one.lacks)


def chosen(bank: Bank, question_ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition for these questions of *bank*, at most MOST_CHOSEN."""
    return sa.and_(Question.bank_id == bank.id, Question.id.in_(sorted(set(question_ids))[:MOST_CHOSEN]))


def of_import(import_id: int) -> sa.ColumnElement[bool]:
    """Return the condition for the questions that one import brought."""
    return Question.import_id == import_id


def taken_out_by(document: LegalDocument) -> sa.ColumnElement[bool]:
    """Return the condition for the questions that *document* took out of the pool, or kept out of it when a draft was
    discarded, and that have not been back since."""
    marks = (
        sa.exists()
        .where(SourceSuspension.question_id == Question.id, SourceSuspension.version == Question.current_version)
        .where(AuditEvent.id == SourceSuspension.event_id, AuditEvent.at >= QuestionVersion.approved_at)
        .where(AuditEvent.subject_type == "legal_document", AuditEvent.subject_id == document.id)
        .correlate(Question, QuestionVersion)
    )
    resting = sa.and_(Question.legal_document_id == document.id, Question.state == QuestionState.SUSPENDED)
    return sa.and_(resting, sa.or_(marks, discarding.suspended_by(document)))


def count_of(condition: sa.ColumnElement[bool]) -> int:
    """Return how many drafts and suspended questions *condition* names."""
    named = _query(condition).with_only_columns(Question.id).order_by(None)
    return db.session.scalar(sa.select(sa.func.count()).select_from(named.subquery())) or 0


def looked_at(condition: sa.ColumnElement[bool]) -> Batch:
    """Return what would become of the drafts and suspended questions that *condition* names."""
    return _weighed(_query(condition))


def submit(condition: sa.ColumnElement[bool], *, actor: Actor, now: datetime) -> Batch:
    """Send to review what is ready among the drafts and suspended questions that *condition* names.

    Waits for whoever edits one of them. Returns what was sent and what was not.
    """
    batch = _weighed(_query(condition).with_for_update(of=Question))
    sent = {"state": QuestionState.IN_REVIEW, "submitted_at": now}
    for some in portions(question_id for _bank, question_id in batch.ready):
        db.session.execute(sa.update(Question).where(Question.id.in_(some)).values(**sent))
    for bank_id in sorted({bank_id for bank_id, _question in batch.ready}):
        ids = tuple(question_id for bank, question_id in batch.ready if bank == bank_id)
        record(events.QuestionsSubmitted(bank_id, question_ids=ids), actor=actor, now=now)
    return batch


def recall(question: Question, *, seen: str, actor: Actor, now: datetime) -> Question:
    """Take *question* back from review: a draft again, to be changed and resent. Whoever wrote it may, and whoever sent
    it if it has no author.

    Raises ServiceError as move does, and "question_recalled_by_author".
    """
    is_own = two_people.identity(actor) in two_people.authors(question) or two_people.is_sender(question, actor)
    if question.state is QuestionState.IN_REVIEW and not is_own:
        raise ServiceError("question_recalled_by_author", question=question.code)
    if question.state is not QuestionState.IN_REVIEW:
        raise ServiceError("question_move_not_allowed", question=question.code)
    return service.move(question, QuestionState.DRAFT, seen=seen, actor=actor, now=now)


def _query(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = (Question.id, Question.bank_id, Question.code, QuestionVersion.stem, QuestionVersion.payload)
    return (
        sa.select(*columns, LegalDocument.standing)
        .join(QuestionVersion, is_current())
        .outerjoin(LegalDocument, LegalDocument.id == Question.legal_document_id)
        .where(condition, Question.state.in_(SENDABLE))
        .order_by(Question.id)
    )


def _weighed(query: sa.Select[Any]) -> Batch:
    ready: list[tuple[int, int]] = []
    held: list[Held] = []
    for question_id, bank_id, code, stem, payload, standing in db.session.execute(query):
        lacks = lifecycle.missing_for_review(Content.from_payload(payload))
        if standing is Standing.REPEALED:
            lacks = (*lacks, "source_repealed")
        if lacks:
            held.append(Held(question_id, code, stem, lacks))
        else:
            ready.append((bank_id, question_id))
    return Batch(tuple(ready), tuple(held))
