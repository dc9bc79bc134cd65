"""Who may see questions and who may decide on them.

The banks are the platform's, not a territory's: every regulator reads and drafts. What is drawn in exams is decided
by the provinces (scope ending in 0000, as the plans leave question banks to provincial departments) and by
administrators. Nobody else ever sees a question outside an exam.
"""

from __future__ import annotations

from app.banks.models import Question, QuestionState
from app.core.actors import Actor, Role
from app.core.errors import Forbidden, ServiceError

READERS = (Role.REGULATOR, Role.ADMINISTRATOR)


def may_review(actor: Actor) -> bool:
    """Whether *actor* may approve, return, suspend and retire questions."""
    if actor.role is Role.ADMINISTRATOR:
        return True
    return actor.role is Role.REGULATOR and actor.scope.endswith("0000")


def require_reviewer(actor: Actor) -> None:
    """Raise Forbidden("question_review_needs_province") unless *actor* may review."""
    if not may_review(actor):
        raise Forbidden("question_review_needs_province")


def may_edit(actor: Actor, question: Question) -> bool:
    """Whether *actor* may change what *question* says.

    An edit takes an approved question out of the pool as suspension does, so it needs the same right; nobody edits a
    retired one.
    """
    if question.state is QuestionState.RETIRED:
        return False
    return question.state is not QuestionState.APPROVED or may_review(actor)


def may_discard(actor: Actor, becomes: QuestionState) -> bool:
    """Whether *actor* may discard the draft of a question that *becomes* approved or suspended again by that.

    As with an edit: who may change what the question says as it will stand, for that puts it back into the pool.
    """
    return becomes is not QuestionState.APPROVED or may_review(actor)


def require_discarder(actor: Actor, question: Question, becomes: QuestionState) -> None:
    """Raise Forbidden("question_discard_needs_province") unless *actor* may discard the draft of *question*."""
    if not may_discard(actor, becomes):
        raise Forbidden("question_discard_needs_province", question=question.code)


def require_editor(actor: Actor, question: Question) -> None:
    """Raise ServiceError("question_retired") or Forbidden("question_edit_needs_province") unless *actor* may edit."""
    if question.state is QuestionState.RETIRED:
        raise ServiceError("question_retired", question=question.code)
    if not may_edit(actor, question):
        raise Forbidden("question_edit_needs_province", question=question.code)
