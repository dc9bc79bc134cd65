"""The provable draw: commitment, seeds of candidates, replay."""

from dataclasses import replace
from decimal import Decimal

import pytest

from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.credit import RULES
from question_bank.errors import FairnessError, PaperError
from question_bank.fairness import candidate_seed, commit, replay, verify_commitment
from question_bank.kinds import KINDS
from question_bank.marking import Result, mark_paper
from question_bank.options import lettered
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from tests.question_bank.samples import (
    SEED,
    case_study,
    multiple_choice,
    numeric,
    short_answer,
    single_choice,
    true_false,
)

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
    published = commit(SEED)
    assert not verify_commitment(SEED, published[:-1] + ("0" if published[-1] != "0" else "1")), "the last digit counts"
    assert not verify_commitment(SEED, published[:-1])
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


def test_a_paper_drawn_with_exposure_and_a_share_replays_with_these_only() -> None:
    used = {question.code: number % 5 for number, question in enumerate(QUESTIONS)}
    tagged = [replace(question, tags=("x",)) if n % 3 == 0 else question for n, question in enumerate(QUESTIONS)]
    blueprint = replace(BLUEPRINT, minimum_shares=(MinimumShare("x", Decimal(40)),))
    pool = Pool(tagged, used)
    stored = assemble(blueprint, pool, OWN_SEED).to_payload()
    assert replay(stored, blueprint, Pool(reversed(tagged), used), OWN_SEED, {}) == ()
    for other_blueprint, other_pool, fields in [
        (blueprint, Pool(tagged), {"pool", "digest"}),
        (blueprint, Pool(tagged, used | {QUESTIONS[0].code: 9}), {"pool", "digest"}),
        (BLUEPRINT, pool, {"blueprint", "digest"}),
        (BLUEPRINT, Pool(tagged), {"algorithm", "blueprint", "pool", "digest"}),
    ]:
        found = {difference.field for difference in replay(stored, other_blueprint, other_pool, OWN_SEED, {})}
        assert fields <= found
        assert ("algorithm" in fields) == ("algorithm" in found)


def test_an_algorithm_that_does_not_follow_from_blueprint_and_pool_shows() -> None:
    paper, _ = stored()
    forged = replace(paper, algorithm="bikao-draw-2")
    differences = replay(forged.to_payload(), BLUEPRINT, POOL, OWN_SEED, {})
    assert [difference.field for difference in differences] == ["algorithm", "digest"]
    assert (differences[0].recorded, differences[0].replayed) == ("bikao-draw-2", "bikao-draw-1")


def test_a_paper_of_an_unknown_algorithm_is_not_judged() -> None:
    paper, _ = stored()
    with pytest.raises(PaperError) as refusal:
        replay(replace(paper, algorithm="bikao-draw-0").to_payload(), BLUEPRINT, POOL, OWN_SEED, {})
    assert refusal.value.code == "unknown_algorithm"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_paper_of_every_kind_replays_under_every_rule_and_a_changed_mark_of_any_kind_shows(rule: str) -> None:
    makers = (true_false, single_choice, multiple_choice, numeric, short_answer, case_study)
    questions = [make(f"s-{make.__name__}-{n}") for make in makers for n in range(4)]
    questions = [replace(one, options=lettered("甲乙丙丁戊己")) if len(one.key) == 3 else one for one in questions]
    strata = tuple(Stratum("general", kind, 2, Decimal(6)) for kind in KINDS)
    blueprint, pool = Blueprint(strata, marking_rule=rule), Pool(questions)
    paper = assemble(blueprint, pool, OWN_SEED)
    given = {one.position: list(one.shown(one.question.rules.model_response(one.question))) for one in paper.slots}
    several = [slot for slot in paper.slots if slot.question.kind == "multiple_choice"]
    for slot, letters in zip(several, ("AB", "ABC"), strict=True):
        given[slot.position] = list(slot.shown(tuple(letters)))
    given[paper.slots[-1].position][1:] = ["", "不是数"]
    result = mark_paper(paper, given)
    assert replay(paper.to_payload(), blueprint, Pool(reversed(questions)), OWN_SEED, given, result) == ()
    for place, of in enumerate(result.marks):
        other = replace(of, mark=replace(of.mark, points=of.mark.points + Decimal("0.01")))
        changed = replace(result, marks=(*result.marks[:place], other, *result.marks[place + 1 :]))
        found = replay(paper.to_payload(), blueprint, pool, OWN_SEED, given, changed)
        assert [each.position for each in found if each.field == "mark"] == [of.position]
    for name in sorted(set(RULES) - {rule}):
        other_rule = mark_paper(replace(paper, marking_rule=name), given)
        found = replay(paper.to_payload(), blueprint, pool, OWN_SEED, given, other_rule)
        assert "mark" in [each.field for each in found]
