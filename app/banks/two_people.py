"""Author and approver are two people: who wrote what a question says, and who answers for it where nobody did.

A question that came by the command line without an account has no author whom approval could keep out. Whoever sends
it to review answers for it then, and somebody else approves. The starter bank, which no import brought, was written by
the people who make this product: whoever approves it is the second person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.audit import events
from app.audit.models import AuditEvent
from app.banks.models import Question, QuestionState, QuestionVersion
from app.core.actors import Actor
from app.core.db import db

_IS_SENDING = AuditEvent.kind == events.QuestionsSubmitted.kind()
_IS_SENDING_ALONE = sa.and_(
    AuditEvent.kind == events.QuestionMoved.kind(),
    AuditEvent.data["state"].as_string() == QuestionState.IN_REVIEW.value,
)


def identity(actor: Actor) -> str:
    """Return what tells one person from another: the account, or the name of who acts without one."""
    return _identity(actor.user_id, actor.name)


def author_of(version: QuestionVersion) -> str:
    """Return the identity of who wrote *version*."""
    return _identity(version.author_id, version.author_name)


def authors(question: Question) -> set[str]:
    """Return who wrote the current version and every version since the last approved one before it, but for those that
    were discarded: nothing of them is in what is approved."""
    return {author_of(version) for version in _since_approved(question)}


def has_no_author(question: Question) -> bool:
    """Whether *question* came by an import without an account, and no account has written any of it since."""
    written = _since_approved(question)
    return question.import_id is not None and all(version.author_id is None for version in written)


def senders(questions: Iterable[Question]) -> dict[int, str]:
    """Return the identity of who sent them to review, by id, for those that wait and have no author (has_no_author).

    One statement, none where no question is without author.
    """
    waiting = [one for one in questions if one.state is QuestionState.IN_REVIEW and has_no_author(one)]
    if not waiting:
        return {}
    sent = [(event, _sent_in(event)) for event in db.session.scalars(_sendings(waiting))]
    return {
        question.id: _identity(event.actor_id, event.actor_name)
        for question in waiting
        for event, ids in sent
        if question.id in ids and event.at == question.submitted_at
    }


def is_sender(question: Question, actor: Actor) -> bool:
    """Whether *actor* answers for *question*, which has no author, by having sent it to review."""
    return senders([question]).get(question.id) == identity(actor)


def sent_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that a question waits, has no author and was sent to review by *actor*, as is_sender.

    Of a sending of many the moment and the bank are compared, not the list of questions: the same to the microsecond.
    """
    alone = sa.and_(AuditEvent.subject_type == "question", AuditEvent.subject_id == Question.id, _IS_SENDING_ALONE)
    together = sa.and_(AuditEvent.subject_type == "bank", AuditEvent.subject_id == Question.bank_id, _IS_SENDING)
    by_actor = AuditEvent.actor_id == actor.user_id
    if actor.user_id is None:
        by_actor = sa.and_(AuditEvent.actor_id.is_(None), AuditEvent.actor_name == actor.name[:100])
    sent = sa.exists().where(sa.or_(alone, together), AuditEvent.at == Question.submitted_at, by_actor)
    waits = sa.and_(Question.state == QuestionState.IN_REVIEW, Question.import_id.is_not(None))
    return sa.and_(waits, Question.author_id.is_(None), sent.correlate(Question), sa.not_(_was_written_by_somebody()))


def _was_written_by_somebody() -> sa.ColumnElement[bool]:
    """Return the condition that an account wrote one of the versions that authors(question) looks at."""
    approved = aliased(QuestionVersion)
    since = (
        sa.select(sa.func.coalesce(sa.func.max(approved.number), 0))
        .where(approved.question_id == Question.id, approved.approved_at.is_not(None))
        .where(approved.number < Question.current_version)
        .correlate(Question)
        .scalar_subquery()
    )
    written = aliased(QuestionVersion)
    by_account = sa.exists().where(written.question_id == Question.id, written.author_id.is_not(None))
    return by_account.where(written.number > since, written.discarded_at.is_(None)).correlate(Question)


def _sendings(waiting: Sequence[Question]) -> sa.Select[AuditEvent]:
    """Select the steps by which *waiting* questions were sent to review, alone or with others of their bank."""
    alone = sa.and_(
        AuditEvent.subject_type == "question",
        AuditEvent.subject_id.in_([one.id for one in waiting]),
        AuditEvent.kind == events.QuestionMoved.kind(),
    )
    together = sa.and_(
        AuditEvent.subject_type == "bank",
        AuditEvent.subject_id.in_({one.bank_id for one in waiting}),
        _IS_SENDING,
    )
    at = AuditEvent.at.in_({one.submitted_at for one in waiting})
    return sa.select(AuditEvent).where(sa.or_(alone, together), at).order_by(AuditEvent.id)


def _sent_in(event: AuditEvent) -> frozenset[int]:
    if event.kind == events.QuestionsSubmitted.kind():
        return frozenset(event.data["question_ids"])
    return frozenset([event.subject_id] if event.data["state"] == QuestionState.IN_REVIEW else [])


def _since_approved(question: Question) -> list[QuestionVersion]:
    earlier = [version.number for version in question.versions if version.approved_at is not None]
    approved = max((number for number in earlier if number < question.current_version), default=0)
    return [version for version in question.versions if version.number > approved and version.discarded_at is None]


def _identity(user_id: int | None, name: str) -> str:
    return f"name:{name[:100]}" if user_id is None else f"user:{user_id}"
