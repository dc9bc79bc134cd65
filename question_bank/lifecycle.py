"""Lifecycle of a question version: draft -> in review -> approved -> suspended -> retired, and who may move it."""

from collections.abc import Mapping
from enum import StrEnum

from question_bank.errors import LifecycleError
from question_bank.questions import Question


class State(StrEnum):
    """Where a question version stands. Only approved ones are drawn."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    RETIRED = "retired"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.IN_REVIEW, State.RETIRED}),
    State.IN_REVIEW: frozenset({State.DRAFT, State.APPROVED, State.RETIRED}),
    State.APPROVED: frozenset({State.SUSPENDED, State.RETIRED}),
    # A suspended question comes back by review only: something about it was in doubt.
    State.SUSPENDED: frozenset({State.IN_REVIEW, State.RETIRED}),
    State.RETIRED: frozenset(),
}

_NEEDED_FOR_REVIEW = ("explanation", "knowledge_point", "source_document", "source_article")


def move(state: State, target: State, *, author: str, actor: str) -> State:
    """Return *target* if a question in *state* may go there by the hand of *actor*.

    author, actor: identifiers of people, compared as they are. Approval needs another person than the author.
    Raises LifecycleError: "move_not_allowed" or "author_approves".
    """
    if target not in MOVES[state]:
        raise LifecycleError("move_not_allowed", state=state.value, target=target.value)
    if target is State.APPROVED and author == actor:
        raise LifecycleError("author_approves", actor=actor)
    return target


def missing_for_review(question: Question) -> tuple[str, ...]:
    """Return what *question* lacks to leave draft: fields to be filled, for a question without source is a draft, and
    what its kind says would let an answer pay that knows nothing (QuestionKind.lacking)."""
    empty = tuple(field for field in _NEEDED_FOR_REVIEW if not getattr(question, field))
    return (*empty, *question.rules.lacking(question))
