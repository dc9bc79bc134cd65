"""The questions of the bench: valid, different from each other, of every kind, and the same in every run."""

from bench.synthetic import COMMON, RARE, questions
from question_bank.fingerprint import fingerprint
from question_bank.kinds import KINDS


def test_synthetic_questions_are_varied_and_never_the_same_question() -> None:
    found = list(questions("general", 600, seed=1))
    assert {question.kind for question in found} == set(KINDS)
    assert len({question.code for question in found}) == len({fingerprint(question) for question in found}) == 600
    assert sum(COMMON in question.stem for question in found) > 100
    assert sum(RARE in question.stem for question in found) == 1


def test_a_seed_gives_the_same_questions_again() -> None:
    assert list(questions("mines", 20, seed=3)) == list(questions("mines", 20, seed=3))
