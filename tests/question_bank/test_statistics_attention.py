"""Why a question needs attention: each reason at its limit, and none under the minimum n."""

from dataclasses import replace
from typing import Any

import pytest

from question_bank.questions import Question
from question_bank.statistics.attention import CODES, attention
from question_bank.statistics.items import Drift, ItemStatistics
from tests.question_bank.samples import multiple_choice, short_answer, single_choice, true_false

SOUND = ItemStatistics(
    n=100,
    facility=0.7,
    discrimination=0.3,
    counts={"A": 10, "B": 70, "C": 10, "D": 10},
    best=27,
    best_counts={"B": 25, "C": 2},
    median_seconds=30.0,
)


def codes(question: Question, statistics: ItemStatistics = SOUND, **changes: Any) -> list[str]:
    return [reason.code for reason in attention(question, replace(statistics, **changes))]


def test_a_sound_question_needs_none() -> None:
    assert attention(single_choice(), SOUND) == ()


def test_a_wrong_option_that_the_best_prefer_is_named() -> None:
    reasons = attention(single_choice(), replace(SOUND, best_counts={"B": 12, "C": 13, "A": 2}))
    assert [reason.code for reason in reasons] == ["key_missed_by_best"]
    assert reasons[0].figures == {
        "kind": "single_choice",
        "option": "C",
        "option_count": 13,
        "key": "B",
        "key_count": 12,
        "best": 27,
    }
    assert codes(single_choice(), best_counts={"B": 13, "C": 13}) == []


def test_of_several_right_options_each_must_beat_every_wrong_one() -> None:
    question = multiple_choice(key="AB")
    assert codes(question, counts={"A": 80, "B": 75, "C": 9, "D": 9}, best_counts={"A": 27, "B": 10, "C": 9}) == []
    reasons = attention(question, replace(SOUND, best_counts={"A": 27, "B": 8, "C": 9}))
    assert [(one.figures["option"], one.figures["key"]) for one in reasons] == [("C", "B")]


def test_too_few_of_the_best_say_nothing() -> None:
    assert codes(single_choice(), n=30, best=7, best_counts={"C": 7}) == []
    assert codes(single_choice(), n=30, best=8, best_counts={"C": 8}) == ["key_missed_by_best"]


def test_a_typed_answer_that_most_of_the_best_miss_is_named() -> None:
    """A wording that nobody thought of, or a wrong figure."""
    reasons = attention(short_answer(), replace(SOUND, counts={}, best_counts={"right": 9, "wrong": 14, "": 4}))
    assert [(one.code, one.figures["option"], one.figures["key_count"]) for one in reasons] == [
        ("key_missed_by_best", "wrong", 9)
    ]
    assert codes(short_answer(), counts={"right": 100}, best_counts={"right": 14, "wrong": 13}) == []


def test_any_one_of_several_right_options_is_right() -> None:
    """A single choice whose weights make both B and C right."""
    weights = {"A": "0", "B": "100", "C": "100", "D": "0"}
    options = tuple(replace(option, weight=weights[option.key]) for option in single_choice().options)
    question = single_choice(options=options, key=("B", "C"))
    assert codes(question, best_counts={"B": 9, "C": 8, "A": 10}) == []
    assert codes(question, facility=0.49) == ["too_hard"]


def test_blanks_of_the_best_are_no_wrong_option() -> None:
    assert codes(single_choice(), best_counts={"": 20, "B": 4, "C": 3}) == []


def test_options_that_hardly_anybody_takes_are_named() -> None:
    counts = {"A": 1, "B": 89, "C": 10}
    reasons = attention(single_choice(), replace(SOUND, facility=0.89, counts=counts))
    assert [(one.code, one.figures) for one in reasons] == [
        ("distractor_unused", {"options": "AD", "most": 1, "n": 100})
    ]
    assert codes(single_choice(), counts={"A": 2, "B": 88, "C": 8, "D": 2}) == []


def test_blanks_do_not_make_an_option_unused() -> None:
    """Of 100 papers 60 left it blank: 1 of the 40 answers is 2.5 %."""
    assert codes(single_choice(), counts={"": 60, "A": 1, "B": 37, "C": 1, "D": 1}) == []
    assert codes(single_choice(), counts={"": 71, "B": 29}) == []


def test_the_other_half_of_true_or_false_is_no_distractor() -> None:
    assert codes(true_false(), counts={"A": 100}, best_counts={"A": 27}) == []


def test_too_easy_and_too_hard_at_their_limits() -> None:
    question = single_choice()
    assert codes(question, facility=0.95) == []
    assert codes(question, facility=0.951) == ["too_easy"]
    assert codes(question, facility=0.25) == []
    assert codes(question, facility=0.249) == ["too_hard"]


def test_less_than_guessing_gives_is_too_hard() -> None:
    reasons = attention(true_false(), replace(SOUND, facility=0.49, counts={"A": 49, "B": 51}, best_counts={"A": 27}))
    assert [(one.code, one.figures["limit"]) for one in reasons] == [("too_hard", 0.5)]
    assert codes(multiple_choice(key="AB"), facility=0.26, best_counts={"A": 27, "B": 27}) == []


def test_discrimination_at_its_limits() -> None:
    assert codes(single_choice(), discrimination=0.1) == []
    assert codes(single_choice(), discrimination=0.099) == ["weak_discrimination"]
    assert codes(single_choice(), discrimination=0.0) == ["weak_discrimination"]
    assert codes(single_choice(), discrimination=-0.001) == ["negative_discrimination"]
    assert codes(single_choice(), discrimination=None) == []


def test_only_a_significant_drift_counts() -> None:
    found = Drift(-0.2, 0.05, True, 60, 100)
    reasons = attention(single_choice(), SOUND, found)
    assert [one.to_payload() for one in reasons] == [
        {
            "code": "drifted",
            "figures": {"difference": -0.2, "standard_error": 0.05, "older_n": 60, "newer_n": 100},
        }
    ]
    assert attention(single_choice(), SOUND, replace(found, is_significant=False)) == ()


BAD = replace(SOUND, facility=0.1, discrimination=-0.2, counts={"C": 90, "B": 10}, best_counts={"C": 27})


def test_the_most_serious_comes_first() -> None:
    found = codes(single_choice(), BAD)
    assert found == ["key_missed_by_best", "negative_discrimination", "too_hard", "distractor_unused"]
    assert found == sorted(found, key=CODES.index)


@pytest.mark.parametrize("minimum", [30, 101])
def test_nothing_is_said_under_the_minimum(minimum: int) -> None:
    bad = replace(BAD, n=minimum - 1)
    assert attention(single_choice(), bad, Drift(-0.5, 0.01, True, 90, 90), minimum) == ()
