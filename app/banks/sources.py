"""When a legal document changes: in one step and one transaction, the questions that rest on it leave the pool.

A change that takes effect on a later day is recorded as soon as it is known. Until then the questions are drawn; each
gets the day before as its last one, so that no paper of a later day holds it, and on the day itself `carry_out`
suspends what nobody has compared by then.
Questions in review stay where they are; they are approved only after somebody has compared them with the text as it
reads now, and never on a document that is repealed. A mark that was a mistake is taken back by `withdraw`; the
questions that it suspended come back by review, as every suspended question does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.audit import events
from app.audit.models import AuditEvent
from app.audit.service import record
from app.banks import documents, doubts
from app.banks.models import Question, QuestionState
from app.banks.models_documents import LegalDocument, LegalDocumentMark
from app.banks.models_review import SourceSuspension
from app.core.actors import SYSTEM, Actor
from app.core.clock import local_day
from app.core.db import db, portions
from app.core.errors import ServiceError
from question_bank import lifecycle
from question_bank.sources import Mark, Standing


@dataclass(frozen=True)
class Notice:
    """What becomes of a document.

    standing: changed or repealed, from changed_on, which may lie ahead. note: why. document_number: of the document
    that says so; may be empty. replaced_by: what takes its place; may be empty. articles: of a change, those it
    touches, as questions write them; empty for the whole document, as it must be for one that is repealed.
    """

    standing: Standing
    changed_on: date
    note: str
    document_number: str = ""
    replaced_by: str = ""
    articles: tuple[str, ...] = ()

    def as_mark(self, now: datetime) -> Mark:
        """Return it as a mark that is recorded *now*."""
        return Mark(self.standing, self.changed_on, now, self.articles)


def mark(document_id: int, notice: Notice, *, actor: Actor, now: datetime) -> int:
    """Record *notice* and take every approved question that it concerns out of the pool, in all banks, from its day on.

    Returns how many. A later record of a repeal takes the place of the one before.
    Raises ServiceError as refuse_notice does.
    """
    document = documents.document_to_mark(document_id)
    refuse_notice(document, notice)
    if notice.standing is Standing.REPEALED:
        _supersede(document, actor, now)
    row = _written(document, notice, actor, now)
    is_ahead = notice.changed_on > local_day(now)
    found = documents.concerned(document, documents.as_mark(row), is_locked=True)
    if is_ahead:
        _end(found, row.since - timedelta(days=1))
    else:
        _suspend(found)
        row.carried_out_at = now
        _sum_up(document)
    event = events.LegalDocumentMarked(
        document.id,
        document_number=row.document_number,
        replaced_by=row.replaced_by,
        is_ahead=is_ahead,
        **_said(document, row, len(found)),
    )
    written = record(event, actor=actor, now=now)
    if not is_ahead:
        _note(found, written)
    return len(found)


def due(now: datetime) -> list[tuple[int, int]]:
    """Return the marks whose day has come to be carried out, by day: document id and mark id. The worker asks often."""
    is_due = (LegalDocumentMark.carried_out_at.is_(None), LegalDocumentMark.withdrawn_at.is_(None))
    query = sa.select(LegalDocumentMark.legal_document_id, LegalDocumentMark.id)
    query = query.where(*is_due, LegalDocumentMark.since <= local_day(now))
    found = db.session.execute(query.order_by(LegalDocumentMark.since, LegalDocumentMark.id))
    return [(document_id, mark_id) for document_id, mark_id in found]


def carry_out(document_id: int, mark_id: int, now: datetime) -> bool:
    """Suspend what a mark concerns that is due, unless somebody has withdrawn it meanwhile or another worker was
    faster. The caller commits before the next: who holds one document and the head of the audit chain waits for no
    other document."""
    document = documents.document_to_mark(document_id)
    row = next((one for one in documents.marks_of(document) if one.id == mark_id), None)
    if row is None or row.carried_out_at is not None:
        return False
    found = documents.concerned(document, documents.as_mark(row), is_locked=True)
    _suspend(found)
    row.carried_out_at = now
    _sum_up(document)
    event = events.LegalDocumentMarkTookEffect(document.id, **_said(document, row, len(found)))
    _note(found, record(event, actor=SYSTEM, now=now))
    return True


def refuse_notice(document: LegalDocument, notice: Notice) -> None:
    """Refuse what cannot be recorded.

    Raises ServiceError: "source_standing_missing", "source_is_repealed" (only a document in force can change),
    "source_mark_unchanged" (it says so already).
    """
    if notice.standing is Standing.IN_FORCE:
        raise ServiceError("source_standing_missing", field="standing")
    if document.standing is Standing.REPEALED and notice.standing is not Standing.REPEALED:
        raise ServiceError("source_is_repealed", field="standing")
    if notice in [recorded(one) for one in documents.marks_of(document)]:
        raise ServiceError("source_mark_unchanged", field="note")


def recorded(row: LegalDocumentMark) -> Notice:
    """Return the notice that a mark was recorded from."""
    return Notice(
        standing=row.standing,
        changed_on=row.since,
        note=row.note,
        document_number=row.document_number,
        replaced_by=row.replaced_by,
        articles=tuple(row.articles),
    )


def withdraw(document_id: int, mark_id: int, reason: str, *, actor: Actor, now: datetime) -> int:
    """Take a mistaken mark back. Questions that it suspended stay so until approved again; those that it would have
    ended on a day to come are drawn on. Returns how many these are.

    Raises ServiceError("source_mark_withdrawn") if *document_id* has no such mark, or no longer.
    """
    document = documents.document_to_mark(document_id)
    row = mark_to_withdraw(document, mark_id)
    _take_back(row, reason, actor, now)
    released = _release(document, row)
    _sum_up(document)
    said = _said(document, row, released)
    del said["note"]
    record(events.LegalDocumentMarkWithdrawn(document.id, reason=reason, **said), actor=actor, now=now)
    return released


def mark_to_withdraw(document: LegalDocument, mark_id: int) -> LegalDocumentMark:
    """Return the mark of *document* with this id. Raises ServiceError("source_mark_withdrawn") if there is none to take
    back."""
    found = next((one for one in documents.marks_of(document) if one.id == mark_id), None)
    if found is None:
        raise ServiceError("source_mark_withdrawn")
    return found


def _written(document: LegalDocument, notice: Notice, actor: Actor, now: datetime) -> LegalDocumentMark:
    row = LegalDocumentMark(
        standing=notice.standing,
        since=notice.changed_on,
        articles=list(notice.articles),
        note=notice.note,
        document_number=notice.document_number,
        replaced_by=notice.replaced_by,
        recorded_by_id=actor.user_id,
        recorded_by_name=actor.name[:100],
        recorded_at=now,
    )
    document.marks.append(row)
    db.session.flush()
    return row


def _supersede(document: LegalDocument, actor: Actor, now: datetime) -> None:
    for row in documents.marks_of(document):
        if row.standing is Standing.REPEALED:
            _take_back(row, "", actor, now)
            _release(document, row)
    _sum_up(document)


def _take_back(row: LegalDocumentMark, reason: str, actor: Actor, now: datetime) -> None:
    row.withdrawn_by_id, row.withdrawn_by_name, row.withdrawn_at = actor.user_id, actor.name[:100], now
    row.withdrawal_reason = reason


def _sum_up(document: LegalDocument) -> None:
    """Bring the standing of *document* in line with the marks in effect: repealed counts for more, later for more."""
    in_effect = [one for one in documents.marks_of(document) if one.carried_out_at is not None]
    last = max(in_effect, key=lambda one: (one.standing is Standing.REPEALED, one.since, one.id), default=None)
    document.standing = Standing.IN_FORCE if last is None else last.standing
    document.changed_on = None if last is None else last.since


def _said(document: LegalDocument, row: LegalDocumentMark, questions: int) -> dict[str, Any]:
    return {
        "document": document.name,
        "standing": row.standing.value,
        "changed_on": row.since.isoformat(),
        "note": row.note,
        "articles": tuple(row.articles),
        "questions": questions,
    }


def _note(found: Sequence[documents.Concerned], event: AuditEvent) -> None:
    for some in portions(found):
        rows = [{"question_id": one.question_id, "version": one.version, "event_id": event.id} for one in some]
        db.session.execute(sa.insert(SourceSuspension), rows)


def _suspend(found: Sequence[documents.Concerned]) -> None:
    """Suspend these questions. The rule is the same for each and asks for nobody in particular, so it is asked once."""
    target = lifecycle.move(lifecycle.State.APPROVED, lifecycle.State.SUSPENDED, author="", actor="")
    for some in portions(one.question_id for one in found):
        db.session.execute(sa.update(Question).where(Question.id.in_(some)).values(state=QuestionState(target)))


def _end(found: Sequence[documents.Concerned], last: date) -> None:
    """Let these questions be drawn until *last* at most."""
    later = sa.or_(Question.source_to.is_(None), Question.source_to > last)
    for some in portions(one.question_id for one in found):
        db.session.execute(sa.update(Question).where(Question.id.in_(some), later).values(source_to=last))


def _release(document: LegalDocument, row: LegalDocumentMark) -> int:
    """Give back the last day that they had to the questions that *row*, taken back before its day, would have ended."""
    if row.carried_out_at is not None:
        return 0
    ended = row.since - timedelta(days=1)
    marks = documents.marks_of(document)
    days: dict[tuple[Any, ...], date | None] = {}
    by_day: dict[date | None, list[int]] = {}
    for question_id, content, compared in documents.ending(document, ended):
        asked = (content.source_article, content.source_from, content.source_to, compared)
        if asked not in days:  # thousands of questions share what they cite
            days[asked] = doubts.last_day_of(content, marks, compared)
        by_day.setdefault(days[asked], []).append(question_id)
    by_day.pop(ended, None)
    for day, ids in by_day.items():
        for some in portions(ids):
            db.session.execute(sa.update(Question).where(Question.id.in_(some)).values(source_to=day))
    return sum(len(ids) for ids in by_day.values())
