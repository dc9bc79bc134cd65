"""Marking: bounds, rules, rounding, and that choosing everything never pays."""

from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import Blueprint, Stratum
from question_bank.credit import RULES
from question_bank.errors import InvalidResponseError, PaperError, QuestionBankError
from question_bank.kinds import KINDS
from question_bank.kinds.numeric import number_in
from question_bank.marking import mark, mark_paper, passed
from question_bank.options import Option, lettered
from question_bank.papers import assemble
from question_bank.points import percent_of
from question_bank.pool import Pool
from question_bank.questions import Question
from tests.question_bank.samples import (
    SEED,
    case_study,
    multiple_choice,
    numeric,
    questions,
    quick,
    short_answer,
    single_choice,
    true_false,
)
from tests.question_bank.typed_numbers import WRITTEN

TWO = Decimal(2)
CHOICES = ("true_false", "single_choice", "multiple_choice")
rules = st.sampled_from(sorted(RULES))
points = st.integers(1, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


@quick
@given(question=questions(kinds=CHOICES), rule=rules, points=points, data=st.data())
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
    assert mark(question, list(question.rules.model_response(question)), rule, points).points == points
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


WEIGHTED = (
    Option("A", "甲", "70"),
    Option("B", "乙", "30"),
    Option("C", "丙", "-50"),
    Option("D", "丁", "0"),
)


@pytest.mark.parametrize(
    ("rule", "response", "expected"),
    [
        ("proportional", "A", "1.40"),
        ("proportional", "B", "0.60"),
        ("proportional", "AB", "2.00"),
        ("proportional", "AC", "0.00"),
        ("all_or_nothing", "A", "0.00"),
        ("all_or_nothing", "AB", "2.00"),
        ("plus_minus", "AC", "0.40"),  # 70 - 50: C costs its own 50, which is the half that every wrong one costs
        ("plus_minus", "AD", "0.40"),  # 70 - 50: D says 0, but one of two wrong options costs a half
        ("plus_minus", "BC", "0.00"),
        ("plus_minus", "ABCD", "0.00"),
    ],
)
def test_weights_of_a_question_decide_what_each_option_is_worth(rule: str, response: str, expected: str) -> None:
    question = multiple_choice(key="AB", weighted=WEIGHTED)
    assert mark(question, response, rule, TWO).points == Decimal(expected)


def test_a_wrong_option_costs_what_it_says_where_that_is_more() -> None:
    dear = (*WEIGHTED[:2], Option("C", "丙", "-60"), Option("D", "丁", "-10"))
    question = multiple_choice(key="AB", weighted=dear)
    earned = {response: mark(question, response, "plus_minus", TWO).points for response in ("AC", "AD", "ABC")}
    assert earned == {"AC": Decimal("0.20"), "AD": Decimal("0.40"), "ABC": Decimal("0.80")}


@pytest.mark.parametrize("rule", sorted(RULES))
@given(data=st.data())
@quick
def test_choosing_everything_never_pays_whatever_the_weights(rule: str, data: st.DataObject) -> None:
    right = data.draw(st.lists(st.integers(1, 100), min_size=2, max_size=4))
    wrong = data.draw(st.lists(st.integers(-100, 0), min_size=1, max_size=4))
    texts = lettered([f"示例{n}" for n in range(len(right) + len(wrong))])
    options = tuple(replace(o, weight=str(w)) for o, w in zip(texts, [*right, *wrong], strict=True))
    question = multiple_choice(key="ABCD"[: len(right)], weighted=options)
    assert mark(question, [option.key for option in options], rule, TWO).points == 0
    assert mark(question, list(question.key), rule, TWO).points == TWO


def test_a_second_best_option_earns_its_weight_only_where_options_count_up_and_down() -> None:
    options = (Option("A", "甲", "100"), Option("B", "乙", "50"), Option("C", "丙", "-20"))
    question = single_choice(options=options, key=("A",))
    earned = {rule: [mark(question, letter, rule, TWO).points for letter in "ABC"] for rule in sorted(RULES)}
    assert earned["plus_minus"] == [2, 1, 0]
    assert earned["proportional"] == earned["all_or_nothing"] == [2, 0, 0]


def test_any_of_several_right_options_of_a_single_choice_earns_everything() -> None:
    options = (Option("A", "甲", "100"), Option("B", "乙", "0"), Option("C", "丙", "100"))
    question = single_choice(options=options, key=("A", "C"))
    assert [mark(question, letter, "proportional", TWO).points for letter in "ABC"] == [2, 0, 2]


@pytest.mark.parametrize(
    ("accepted", "typed", "is_right"),
    [
        ("12.5", "12.5", True),
        ("12.5", "12.50", True),
        ("12.5", " １２．５ ", True),
        ("12.5", "12.5米", True),
        ("12.5", "12.5 米", True),
        ("12.5", "12.5 千克", False),
        ("12.5", "12.6", False),
        ("12.5±0.1", "12.6", True),
        ("12.5±0.1", "12.61", False),
        ("1..5", "5", True),
        ("1..5", "0.99", False),
        ("-3", "－3", True),
        ("1000", "1,000", True),
        ("1000", "10,00", False),
        ("0.3", "0.1+0.2", False),
        ("3", "三", False),
    ],
)
def test_a_number_counts_within_its_tolerance_bare_or_with_its_unit(accepted: str, typed: str, is_right: bool) -> None:
    assert mark(numeric(accepted=accepted), [typed], "proportional", TWO).is_correct is is_right


@pytest.mark.parametrize(("typed", "unit", "number"), WRITTEN)
def test_a_typed_number_counts_however_it_is_written_unless_it_says_another_one(
    typed: str, unit: str, number: str | None
) -> None:
    """Whoever types on a phone writes 5mpa; whoever writes mPa where MPa is asked is wrong by a factor of 10^9."""
    assert number_in(typed, unit) == (None if number is None else Decimal(number))


def test_another_unit_earns_nothing() -> None:
    question = numeric(accepted="5", unit="MPa")
    earned = [mark(question, [typed], "proportional", TWO).points for typed in ("5", "5mpa", "5 MPa", "5 mPa", "5 Pa")]
    assert earned == [2, 2, 2, 0, 0]


@given(middle=st.integers(-10_000, 10_000), spread=st.integers(0, 500), typed=st.integers(-11_000, 11_000))
@quick
def test_tolerances_are_exact_to_the_last_place(middle: int, spread: int, typed: int) -> None:
    hundredths = [f"{Decimal(number) / 100:f}" for number in (middle, spread, typed)]
    question = numeric(accepted=f"{hundredths[0]}±{hundredths[1]}")
    assert mark(question, [hundredths[2]], "proportional", TWO).is_correct == (abs(typed - middle) <= spread)


@pytest.mark.parametrize(
    ("accepted", "typed", "is_right"),
    [
        ("灭火器", "灭火器", True),
        ("灭火器", " 灭 火 器。", True),
        ("灭火器", "手提灭火器", False),
        ("*灭火器", "手提灭火器", True),
        ("手提*器", "手提式干粉灭火器", True),
        ("手提*器", "手提", False),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "abac", True),
        ("ab*ba", "aba", False),
        ("ABC", "abc", True),
        ("5\\*3", "5*3", True),
        ("5\\*3", "5x3", False),
    ],
)
def test_a_wording_is_compared_without_width_blanks_case_and_full_stop(
    accepted: str, typed: str, is_right: bool
) -> None:
    assert mark(short_answer("s", accepted.replace("\\\\", "\\")), [typed], "proportional", TWO).is_correct is is_right


def test_case_matters_where_the_question_says_so() -> None:
    question = short_answer("s", "pH", is_case_sensitive=True)
    assert [mark(question, [typed], "proportional", TWO).is_correct for typed in ("pH", "PH")] == [True, False]


def test_a_less_good_wording_earns_its_weight() -> None:
    options = (Option("A", "灭火器", "100"), Option("B", "灭火*", "50"))
    question = short_answer(options=options, key=("A",))
    assert [mark(question, [typed], "proportional", TWO).points for typed in ("灭火器", "灭火设备", "水")] == [2, 1, 0]
    assert mark(question, ["灭火设备"], "all_or_nothing", TWO).points == 0


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (["B", "ABD", "30"], "3.00"),
        (["B", "AB", "30日"], "2.67"),
        (["B", "", ""], "1.00"),
        ([], "0.00"),
        (["A", "C"], "0.00"),
    ],
)
def test_a_case_study_earns_the_mean_of_its_parts(response: list[str], expected: str) -> None:
    assert mark(case_study(), response, "proportional", Decimal(3)).points == Decimal(expected)


@pytest.mark.parametrize("raw", [["B", "ABD", "30", "x"], ["AB", "", ""], ["E", "", ""], "B", {"1": "B"}])
def test_what_no_page_sends_for_a_case_study_is_refused(raw: object) -> None:
    with pytest.raises(InvalidResponseError):
        mark(case_study(), raw, "proportional", TWO)


def test_an_unknown_rule_and_an_impossible_response_are_refused() -> None:
    with pytest.raises(QuestionBankError) as refusal:
        mark(single_choice(), "B", "generous", TWO)
    assert refusal.value.code == "unknown_rule"
    with pytest.raises(InvalidResponseError):
        mark(single_choice(), "AB", "proportional", TWO)


def pool() -> Pool:
    kinds = (true_false, single_choice, multiple_choice, numeric, short_answer, case_study)
    return Pool([make(f"s-{make.__name__}-{number}") for make in kinds for number in range(4)])


BLUEPRINT = Blueprint(
    (
        Stratum("general", "true_false", 2, Decimal(1)),
        Stratum("general", "single_choice", 2, Decimal(2)),
        Stratum("general", "multiple_choice", 2, Decimal("2.5")),
    )
)
EVERY_KIND = Blueprint(tuple(Stratum("general", kind, 2, Decimal(1)) for kind in KINDS))


def test_a_paper_of_every_kind_answered_in_shown_labels_earns_everything() -> None:
    paper = assemble(EVERY_KIND, pool(), SEED)
    model = {slot.position: slot.question.rules.model_response(slot.question) for slot in paper.slots}
    result = mark_paper(paper, {slot.position: list(slot.shown(model[slot.position])) for slot in paper.slots})
    assert result.score == result.maximum == Decimal(12)
    assert {slot.position: slot.response for slot in result.marks} == model


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
