"""The life of a question: which moves there are, and that nobody approves their own question."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.errors import LifecycleError
from question_bank.lifecycle import MOVES, State, missing_for_review, move
from question_bank.options import Option, lettered
from question_bank.questions import Part, Question
from tests.question_bank.samples import (
    case_study,
    multiple_choice,
    numeric,
    quick,
    short_answer,
    single_choice,
    true_false,
)


def weighted(text: str) -> tuple[Option, ...]:
    """Return options from "text weight text weight"."""
    said = text.split()
    return tuple(
        Option(letter, *pair) for letter, pair in zip("ABC", zip(said[::2], said[1::2], strict=True), strict=True)
    )


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


COMPLETE: dict[str, object] = dict.fromkeys(
    ("explanation", "knowledge_point", "source_document", "source_article"), "示例"
)


@pytest.mark.parametrize(
    ("question", "lacks"),
    [
        (multiple_choice(key="ABCD"), ("wrong_option",)),
        (multiple_choice(key="ABC"), ()),
        (multiple_choice(key="ABC", weighted=weighted("甲 40 乙 40 丙 20")), ("wrong_option",)),
        (single_choice(), ()),
        (true_false(), ()),
        (short_answer("s", "灭火器", "* *"), ("wording",)),
        (short_answer("s", "*灭火器*"), ()),
        (short_answer("s", r"\*"), ()),
        (numeric(), ()),
        (numeric(accepted="0±1"), ()),
        (numeric(accepted="0..2"), ()),
        (numeric(accepted="1..10"), ()),
        (numeric(accepted="-10..-1"), ()),
        (numeric(accepted="999999999999999±1"), ()),
        (numeric(accepted="0±999999999999999"), ("narrow_range",)),
        (numeric(accepted="0..999999999999999"), ("narrow_range",)),
        (numeric(accepted="1..10.01"), ("narrow_range",)),
        (numeric(accepted="-1..1.01"), ("narrow_range",)),
        (numeric(options=weighted("5 100 0..100 50 6 0")), ("narrow_range",)),
        (numeric(options=weighted("5 100 0..100 0 6 0")), ()),
        (case_study(), ()),
    ],
)
def test_what_pays_without_knowing_anything_is_not_ready_for_review(question: Question, lacks: tuple[str, ...]) -> None:
    assert missing_for_review(replace(question, **COMPLETE)) == lacks  # type: ignore[arg-type]


def test_a_case_is_not_ready_while_a_part_pays_without_knowing() -> None:
    every = Part("multiple_choice", "示例小题", lettered(["甲", "乙"]), ("A", "B"))
    anything = Part("short_answer", "示例小题", lettered(["*"]), ("A",))
    any_number = Part("numeric", "示例小题", lettered(["0±1000"]), ("A",))
    case = case_study(parts=(every, anything, every, any_number), **COMPLETE)
    assert missing_for_review(case) == ("narrow_range", "wording", "wrong_option")


@quick
@given(st.lists(st.tuples(st.sampled_from(list(State)), st.sampled_from("abc")), max_size=12))
def test_whatever_is_tried_nothing_is_approved_without_a_second_person_and_retirement_is_final(
    tried: list[tuple[State, str]],
) -> None:
    """Walk any sequence of attempts: only allowed ones change the state, and each approval came from review."""
    state, reviewed_by = State.DRAFT, None
    for target, actor in tried:
        before = state
        try:
            state = move(state, target, author="a", actor=actor)
        except LifecycleError:
            assert target not in MOVES[before] or (target is State.APPROVED and actor == "a")
            continue
        assert before is not State.RETIRED
        if state is State.APPROVED:
            assert before is State.IN_REVIEW
            reviewed_by = actor
    assert reviewed_by != "a"
    assert state is not State.SUSPENDED or reviewed_by is not None


def test_whoever_acts_a_question_leaves_the_pool_when_its_document_changes() -> None:
    """The one step over a whole document may not be stopped by who wrote one of its questions."""
    assert move(State.APPROVED, State.SUSPENDED, author="a", actor="a") is State.SUSPENDED
    assert State.APPROVED not in MOVES[State.SUSPENDED]
