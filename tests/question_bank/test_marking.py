"""Marking: bounds, rules, rounding, and that choosing everything never pays."""

from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import Blueprint, Stratum
from question_bank.credit import RULES
from question_bank.errors import InvalidResponseError, PaperError, QuestionBankError
from question_bank.marking import mark, mark_paper, passed
from question_bank.papers import assemble
from question_bank.points import percent_of
from question_bank.pool import Pool
from question_bank.questions import Question
from tests.question_bank.samples import SEED, multiple_choice, questions, quick, single_choice, true_false

TWO = Decimal(2)
rules = st.sampled_from(sorted(RULES))
points = st.integers(1, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


@quick
@given(question=questions(), rule=rules, points=points, data=st.data())
def test_a_mark_lies_between_nothing_and_full(
    question: Question, rule: str, points: Decimal, data: st.DataObject
) -> None:
    most = 1 if question.rules.response_input == "one" else 8
    letters = [option.key for option in question.options]
    response = data.draw(st.lists(st.sampled_from(letters), unique=True, max_size=most))
    given_mark = mark(question, response, rule, points)
    assert 0 <= given_mark.points <= points == given_mark.maximum
    assert given_mark.points == given_mark.points.quantize(Decimal("0.01"))
    assert given_mark.is_correct == (set(response) == set(question.key))


@quick
@given(question=questions(), rule=rules, points=points)
def test_the_key_earns_full_marks_and_no_answer_earns_none(question: Question, rule: str, points: Decimal) -> None:
    assert mark(question, list(question.key), rule, points).points == points
    assert mark(question, None, rule, points).points == 0


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("options", range(2, 9))
def test_choosing_every_option_never_pays_unless_every_option_is_right(rule: str, options: int) -> None:
    letters = "ABCDEFGH"[:options]
    for key in chain.from_iterable(combinations(letters, size) for size in range(2, options)):
        assert mark(multiple_choice(key="".join(key), options=options), letters, rule, TWO).points == 0
    assert mark(multiple_choice(key=letters, options=options), letters, rule, TWO).points == TWO


@pytest.mark.parametrize(
    ("rule", "response", "expected"),
    [
        ("proportional", "ABD", "2.00"),
        ("proportional", "AB", "1.33"),
        ("proportional", "A", "0.67"),
        ("proportional", "AC", "0.00"),
        ("proportional", "ABCD", "0.00"),
        ("all_or_nothing", "ABD", "2.00"),
        ("all_or_nothing", "AB", "0.00"),
        ("all_or_nothing", "ABCD", "0.00"),
        ("plus_minus", "ABD", "2.00"),
        ("plus_minus", "AB", "1.33"),
        ("plus_minus", "ABC", "0.00"),
        ("plus_minus", "ABCD", "0.00"),
        ("plus_minus", "C", "0.00"),
    ],
)
def test_marks_by_hand_with_three_of_four_right(rule: str, response: str, expected: str) -> None:
    assert mark(multiple_choice(key="ABD"), response, rule, TWO).points == Decimal(expected)


def test_plus_and_minus_by_hand_with_two_of_five_right() -> None:
    question = multiple_choice(key="AB", options=5)
    earned = {response: mark(question, response, "plus_minus", Decimal(3)).points for response in ("AB", "ABC", "ACD")}
    assert earned == {"AB": Decimal(3), "ABC": Decimal(2), "ACD": Decimal(0)}


def test_half_a_hundredth_is_rounded_up() -> None:
    assert mark(multiple_choice(key="AB"), "A", "proportional", Decimal("0.01")).points == Decimal("0.01")
    assert mark(multiple_choice(key="AB"), "A", "proportional", Decimal("0.05")).points == Decimal("0.03")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_questions_with_one_right_option_are_all_or_nothing_under_every_rule(rule: str) -> None:
    assert mark(single_choice(), "B", rule, TWO).points == TWO
    assert mark(single_choice(), "A", rule, TWO).points == 0
    assert mark(true_false(), "A", rule, TWO).points == TWO
    assert mark(true_false(), "B", rule, TWO).points == 0


def test_an_unknown_rule_and_an_impossible_response_are_refused() -> None:
    with pytest.raises(QuestionBankError) as refusal:
        mark(single_choice(), "B", "generous", TWO)
    assert refusal.value.code == "unknown_rule"
    with pytest.raises(InvalidResponseError):
        mark(single_choice(), "AB", "proportional", TWO)


def pool() -> Pool:
    kinds = (true_false, single_choice, multiple_choice)
    return Pool([make(f"s-{make.__name__}-{number}") for make in kinds for number in range(4)])


BLUEPRINT = Blueprint(
    (
        Stratum("general", "true_false", 2, Decimal(1)),
        Stratum("general", "single_choice", 2, Decimal(2)),
        Stratum("general", "multiple_choice", 2, Decimal("2.5")),
    )
)


def test_a_paper_answered_with_its_keys_in_shown_labels_earns_everything() -> None:
    paper = assemble(BLUEPRINT, pool(), SEED)
    result = mark_paper(paper, {slot.position: list(slot.shown(slot.question.key)) for slot in paper.slots})
    assert (result.score, result.maximum, result.percent) == (Decimal(11), Decimal(11), Decimal(100))
    assert all(slot.mark.is_correct for slot in result.marks)
    assert [slot.response for slot in result.marks] == [slot.question.key for slot in paper.slots]


def test_the_score_is_the_sum_of_the_marks_and_gaps_count_as_nothing() -> None:
    paper = assemble(BLUEPRINT, pool(), SEED)
    shown = {slot.position: slot.shown(slot.question.key) for slot in paper.slots}
    result = mark_paper(paper, {1: shown[1], 3: shown[3], 5: shown[5][:2]})
    assert [slot.mark.points for slot in result.marks] == [Decimal(text) for text in ("1", "0", "2", "0", "1.67", "0")]
    assert result.score == Decimal("4.67")
    assert result.percent == Decimal("42.45")
    assert result.to_payload()["score"] == "4.67"


def test_a_response_to_a_position_that_the_paper_has_not_is_refused() -> None:
    with pytest.raises(PaperError) as refusal:
        mark_paper(assemble(BLUEPRINT, pool(), SEED), {7: "A"})
    assert refusal.value.code == "no_such_position"


@pytest.mark.parametrize(
    ("score", "maximum", "expected"), [("80", "100", True), ("79.99", "100", False), ("2.4", "3", True)]
)
def test_passing_is_decided_on_exact_points(score: str, maximum: str, expected: bool) -> None:
    assert passed(Decimal(score), Decimal(maximum), 80) is expected


@quick
@given(score=st.integers(0, 30_000), maximum=st.integers(1, 30_000), needed=st.integers(0, 100))
def test_the_percentage_shown_reaches_the_pass_mark_exactly_when_the_score_does(
    score: int, maximum: int, needed: int
) -> None:
    shown = percent_of(Decimal(score) / 100, Decimal(maximum) / 100)
    assert (shown >= needed) == passed(Decimal(score) / 100, Decimal(maximum) / 100, needed)
