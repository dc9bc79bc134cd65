"""Who may see questions and who may decide on them.

The banks are the platform's, not a territory's: every regulator reads and drafts. What is drawn in exams is decided
by the provinces (scope ending in 0000, as the plans leave question banks to provincial departments) and by
administrators. Nobody else ever sees a question outside an exam.
"""

from __future__ import annotations

from app.core.actors import Actor, Role
from app.core.errors import Forbidden

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
