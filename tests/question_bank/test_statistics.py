"""Item statistics against tables computed by hand, and silence under the minimum n."""

from decimal import Decimal

import pytest

from question_bank.blueprint import Blueprint, Stratum
from question_bank.errors import StatisticsError
from question_bank.marking import mark_paper
from question_bank.papers import assemble
from question_bank.pool import Pool
from question_bank.statistics import Answer, answers_of, discrimination, facility, item_statistics
from tests.question_bank.samples import SEED, single_choice


def test_facility_is_the_mean_share_of_the_maximum() -> None:
    assert facility([2, 1, 0, 2, 0], 2) == pytest.approx(0.5)
    assert facility([0, 0], 5) == 0.0
    assert facility([5, 5], 5) == 1.0


def test_discrimination_by_hand() -> None:
    # marks 1 1 1 0 0, rests .9 .8 .6 .5 .2: sum of products of deviations 0.5, of squares 1.2 and 0.30.
    assert discrimination([1, 1, 1, 0, 0], [0.9, 0.8, 0.6, 0.5, 0.2]) == pytest.approx(0.5 / (1.2 * 0.30) ** 0.5)
    assert discrimination([0, 1], [1.0, 0.0]) == pytest.approx(-1.0)


def test_discrimination_has_no_meaning_where_all_are_equal() -> None:
    assert discrimination([1, 1, 1], [0.2, 0.5, 0.9]) is None
    assert discrimination([1, 0, 1], [0.7, 0.7, 0.7]) is None
    assert discrimination([0.1] * 7, [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) is None


def test_the_rest_of_a_person_leaves_the_question_itself_out() -> None:
    strata = (Stratum("general", "single_choice", 4, Decimal(2)),)
    paper = assemble(Blueprint(strata), Pool([single_choice(f"s-{n}") for n in range(4)]), SEED)
    right = {slot.position: list(slot.shown(slot.question.key)) for slot in paper.slots[:3]}
    answers = answers_of(mark_paper(paper, right))
    assert answers[1] == Answer(1.0, pytest.approx(2 / 3))
    assert answers[4] == Answer(0.0, 1.0)


def test_a_paper_of_one_question_has_no_rest() -> None:
    blueprint = Blueprint((Stratum("general", "single_choice", 1, Decimal(2)),))
    answers = answers_of(mark_paper(assemble(blueprint, Pool([single_choice()]), SEED), {}))
    assert answers == {1: Answer(0.0, None)}


def test_nothing_but_the_number_is_given_under_the_minimum() -> None:
    answers = [Answer(number % 2, number / 10) for number in range(9)]
    few = item_statistics(answers, minimum=10)
    assert (few.answers, few.facility, few.discrimination) == (9, None, None)
    enough = item_statistics(answers, minimum=9)
    assert enough.facility == pytest.approx(4 / 9)
    assert enough.discrimination == pytest.approx(0.0)


def test_impossible_figures_are_refused() -> None:
    refusals = [
        (lambda: facility([], 1), "no_answers"),
        (lambda: facility([0], 0), "no_points"),
        (lambda: discrimination([1], []), "unequal_length"),
        (lambda: discrimination([], []), "no_answers"),
        (lambda: item_statistics([], minimum=1), "minimum_too_small"),
    ]
    for compute, code in refusals:
        with pytest.raises(StatisticsError) as refusal:
            compute()
        assert refusal.value.code == code
