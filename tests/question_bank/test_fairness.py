"""The provable draw: commitment, seeds of candidates, replay."""

from dataclasses import replace
from decimal import Decimal

import pytest

from question_bank.blueprint import Blueprint, Stratum
from question_bank.errors import FairnessError, PaperError
from question_bank.fairness import candidate_seed, commit, replay, verify_commitment
from question_bank.marking import Result, mark_paper
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from tests.question_bank.samples import SEED, multiple_choice, single_choice

BLUEPRINT = Blueprint(
    (Stratum("general", "single_choice", 4, Decimal(2)), Stratum("general", "multiple_choice", 3, Decimal(3)))
)
QUESTIONS = [make(f"s-{make.__name__}-{n}") for make in (single_choice, multiple_choice) for n in range(9)]
POOL = Pool(QUESTIONS)
OWN_SEED = candidate_seed(SEED, "2026070100001")
RESPONSES = {1: "A", 2: "B", 5: ["A", "B"], 6: "ABC"}


def stored() -> tuple[Paper, Result]:
    paper = assemble(BLUEPRINT, POOL, OWN_SEED)
    return paper, mark_paper(paper, RESPONSES)


def test_a_commitment_holds_for_its_seed_only() -> None:
    assert verify_commitment(SEED, commit(SEED))
    assert verify_commitment(SEED, f" {commit(SEED).upper()}\n")
    assert not verify_commitment(bytes(32), commit(SEED))
    assert not verify_commitment(SEED, "承诺")
    assert SEED.hex() not in commit(SEED)


def test_the_definition_of_commitment_and_candidate_seed_never_changes() -> None:
    assert commit(SEED) == "d846bf1d3a612224a96c26dcd4c50aabc1d537730d68fface4748d6a857fc4a2"
    assert (
        candidate_seed(SEED, "2026070100001").hex()
        == "b8baf92c148d44411c8bfa5c1bcd0e22f38fe78a0d7faad64d9c7fe7b7755c55"
    )


def test_every_candidate_has_a_seed_of_their_own() -> None:
    seeds = {candidate_seed(SEED, f"20260701{number:05}") for number in range(200)}
    assert len(seeds) == 200
    assert candidate_seed(SEED, " 2026070100001 ") == OWN_SEED
    assert candidate_seed(bytes(32), "2026070100001") != OWN_SEED


def test_seeds_of_the_wrong_length_and_missing_numbers_are_refused() -> None:
    with pytest.raises(FairnessError) as refusal:
        commit(b"short")
    assert refusal.value.code == "seed_length"
    with pytest.raises(FairnessError) as refusal:
        candidate_seed(SEED, " ")
    assert refusal.value.code == "no_admission_number"


def test_an_honest_record_replays_without_difference() -> None:
    paper, result = stored()
    assert replay(paper.to_payload(), BLUEPRINT, Pool(reversed(QUESTIONS)), OWN_SEED, RESPONSES, result) == ()


def test_another_seed_shows_in_the_questions() -> None:
    paper, result = stored()
    differences = replay(paper.to_payload(), BLUEPRINT, POOL, candidate_seed(SEED, "2"), RESPONSES, result)
    assert {"digest", "option_order"} <= {difference.field for difference in differences}


def test_a_swapped_question_shows_even_if_the_digest_was_made_to_fit() -> None:
    paper, result = stored()
    other = next(q for q in QUESTIONS if q.kind == "single_choice" and q not in [s.question for s in paper.slots])
    forged = replace(paper, slots=(replace(paper.slots[0], question=other), *paper.slots[1:]))
    differences = replay(forged.to_payload(), BLUEPRINT, POOL, OWN_SEED, RESPONSES, result)
    assert [(d.field, d.position) for d in differences] == [("question", 1), ("digest", None)]
    assert other.code in differences[0].recorded


def test_a_pool_that_is_not_the_frozen_one_shows() -> None:
    paper, result = stored()
    edited = Pool([replace(QUESTIONS[0], stem="改过的题干"), *QUESTIONS[1:]])
    fields = {difference.field for difference in replay(paper.to_payload(), BLUEPRINT, edited, OWN_SEED, {}, result)}
    assert {"pool", "digest"} <= fields


def test_a_changed_mark_shows_with_both_values() -> None:
    paper, result = stored()
    raised = replace(result.marks[2], mark=replace(result.marks[2].mark, points=Decimal("2.00"), is_correct=True))
    forged = replace(result, score=result.score + 2, marks=(*result.marks[:2], raised, *result.marks[3:]))
    differences = replay(paper.to_payload(), BLUEPRINT, POOL, OWN_SEED, RESPONSES, forged)
    assert [(d.field, d.position, d.recorded, d.replayed) for d in differences] == [
        ("score", None, str(forged.score), str(result.score)),
        ("mark", 3, ":2.00", ":0.00"),
    ]


def test_a_paper_of_an_unknown_algorithm_is_not_judged() -> None:
    paper, _ = stored()
    with pytest.raises(PaperError) as refusal:
        replay(replace(paper, algorithm="bikao-draw-0").to_payload(), BLUEPRINT, POOL, OWN_SEED, {})
    assert refusal.value.code == "unknown_algorithm"
