"""The large class of the demo: what its people score follows from their place, whatever paper they are given."""

from __future__ import annotations

from decimal import Decimal

from app.cli.demo import crowd
from app.cli.demo.crowd import Crowd
from app.sittings.models import Candidate
from question_bank.blueprint import Blueprint
from question_bank.marking import mark_paper
from question_bank.papers import Paper, Slot, assemble
from question_bank.pool import Pool
from question_bank.questions import Question
from question_bank.statistics.answered import answered
from question_bank.statistics.items import item_statistics
from question_bank.statistics.sitting import sums_of
from tests.question_bank.samples import multiple_choice, single_choice, true_false

SIZE = 44
CROWD = Crowd(SIZE, misleading="sc-0", half_open="sc-1")


def pool() -> Pool:
    questions: list[Question] = []
    for number in range(11):
        questions.append(true_false(f"tf-{number}", difficulty=2))
        questions.append(single_choice(f"sc-{number}", difficulty=1 if number < 3 else 2))
        questions.append(multiple_choice(f"mc-{number}", difficulty=2))
    return Pool(tuple(_in_bank(each) for each in questions))


def _in_bank(question: Question) -> Question:
    return Question.from_payload({**question.to_payload(), "bank": crowd.BANK})


def papers(lot: int) -> list[Paper]:
    blueprint, everything = Blueprint(crowd.STRATA), pool()
    return [assemble(blueprint, everything, f"paper {lot} of candidate {place}".encode()) for place in range(SIZE)]


def response(paper: Paper, place: int) -> dict[int, list[str]]:
    return {entry.slot: list(entry.response) for entry in CROWD.answer(Candidate(), place, paper)}


def results(lot: int) -> list[Decimal]:
    return [mark_paper(paper, response(paper, place)).score for place, paper in enumerate(papers(lot))]


def test_who_passes_is_the_same_whatever_the_papers() -> None:
    one, other = results(1), results(2)
    assert [score >= 80 for score in one] == [score >= 80 for score in other]
    assert 20 < sum(score >= 80 for score in one) < 40
    assert max(one) - min(one) > 30


def test_the_misleading_and_the_half_open_question_show_in_the_figures() -> None:
    sat = [
        answered(paper, mark_paper(paper, response(paper, place)).marks, {}) for place, paper in enumerate(papers(1))
    ]
    sums = sums_of(sat)
    misleading = item_statistics(sums["sc-0", 1])
    key, wrong = key_and_wrong(slot_of("sc-0"))
    assert misleading.best_counts.get(wrong[0], 0) > misleading.best_counts.get(key, 0)
    half_open = item_statistics(sums["sc-1", 1])
    _key, wrong = key_and_wrong(slot_of("sc-1"))
    assert half_open.counts.get(wrong[-1], 0) == 0
    assert all(half_open.counts.get(letter, 0) for letter in wrong[:-1])


def slot_of(code: str) -> Slot:
    return next(slot for paper in papers(1) for slot in paper.slots if slot.question.code == code)


def key_and_wrong(slot: Slot) -> tuple[str, list[str]]:
    key = slot.question.key[0]
    return key, [option.key for option in slot.question.options if option.key != key]
