"""The life of a question: which moves there are, and that nobody approves their own question."""

import pytest

from question_bank.errors import LifecycleError
from question_bank.lifecycle import MOVES, State, missing_for_review, move
from tests.question_bank.samples import single_choice


def test_a_question_goes_from_draft_to_retirement() -> None:
    state = State.DRAFT
    for target in (State.IN_REVIEW, State.APPROVED, State.SUSPENDED, State.RETIRED):
        state = move(state, target, author="a", actor="b")
    assert state is State.RETIRED


@pytest.mark.parametrize(
    ("state", "target"),
    [(s, t) for s in State for t in State if t not in MOVES[s]],
)
def test_every_other_move_is_refused(state: State, target: State) -> None:
    with pytest.raises(LifecycleError) as refusal:
        move(state, target, author="a", actor="b")
    assert refusal.value.code == "move_not_allowed"


def test_nothing_is_approved_without_review_and_retirement_is_final() -> None:
    assert [state for state in State if State.APPROVED in MOVES[state]] == [State.IN_REVIEW]
    assert MOVES[State.RETIRED] == frozenset()


def test_the_author_cannot_approve_but_may_submit_and_withdraw() -> None:
    with pytest.raises(LifecycleError) as refusal:
        move(State.IN_REVIEW, State.APPROVED, author="a", actor="a")
    assert refusal.value.code == "author_approves"
    assert move(State.DRAFT, State.IN_REVIEW, author="a", actor="a") is State.IN_REVIEW
    assert move(State.IN_REVIEW, State.DRAFT, author="a", actor="a") is State.DRAFT


def test_a_question_without_its_source_is_not_ready_for_review() -> None:
    draft = single_choice(explanation="示例解析", knowledge_point="示例知识点", source_document="示例法")
    assert missing_for_review(draft) == ("source_article",)
