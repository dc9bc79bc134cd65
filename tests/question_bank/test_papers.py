"""Papers: the same for ever, never short, never a question twice, and nothing shown that gives a key away."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from question_bank.blueprint import MIXED, Blueprint, Stratum
from question_bank.errors import InvalidResponseError, PaperError, PoolError
from question_bank.feasibility import feasibility
from question_bank.papers import Paper, assemble, candidate_view, parse_responses
from question_bank.pool import Pool
from question_bank.questions import Question
from tests.question_bank.samples import (
    SEED,
    blueprints,
    case_study,
    multiple_choice,
    numeric,
    questions,
    quick,
    short_answer,
    single_choice,
    small_banks,
    true_false,
)

ONE = Decimal(1)


def seed(number: int) -> bytes:
    return number.to_bytes(32, "big")


def bank(count: int) -> list[Question]:
    return [single_choice(f"s-{place:03}", difficulty=place % 3 + 1) for place in range(count)]


def mixed_bank() -> list[Question]:
    return [
        *(true_false(f"tf-{n}", explanation="示例解析", source_document="示例法", tags=("密",)) for n in range(5)),
        *(single_choice(f"sc-{n}", explanation="示例解析", source_article="第九条") for n in range(8)),
        *(multiple_choice(f"mc-{n}", knowledge_point="示例知识点") for n in range(8)),
    ]


MIXED_BLUEPRINT = Blueprint(
    (
        Stratum("general", "true_false", 3, ONE),
        Stratum("general", "single_choice", 4, Decimal(2)),
        Stratum("general", "multiple_choice", 4, Decimal(3)),
    )
)


@quick
@given(bank=small_banks(), blueprint=blueprints(), number=st.integers(0, 2**64))
def test_a_feasible_blueprint_gives_a_full_paper_that_respects_its_strata(
    bank: list[Question], blueprint: Blueprint, number: int
) -> None:
    pool = Pool(bank)
    assume(feasibility(blueprint, pool).is_feasible)
    paper = assemble(blueprint, pool, seed(number))
    assert [slot.position for slot in paper.slots] == list(range(1, blueprint.count + 1))
    assert len({slot.question.code for slot in paper.slots}) == blueprint.count
    assert all(blueprint.strata[slot.stratum].admits(slot.question) for slot in paper.slots)
    taken = Counter(slot.stratum for slot in paper.slots)
    assert [taken[number] for number in range(len(blueprint.strata))] == [s.count for s in blueprint.strata]
    assert all(slot.points == blueprint.strata[slot.stratum].points for slot in paper.slots)


@quick
@given(bank=small_banks(), blueprint=blueprints())
def test_an_infeasible_blueprint_gives_no_paper(bank: list[Question], blueprint: Blueprint) -> None:
    pool = Pool(bank)
    assume(not feasibility(blueprint, pool).is_feasible)
    with pytest.raises(PaperError) as refusal:
        assemble(blueprint, pool, SEED)
    assert refusal.value.code == "not_feasible"


@quick
@given(bank=small_banks(), blueprint=blueprints(), data=st.data())
def test_the_same_seed_gives_the_same_paper_whatever_order_the_pool_came_in(
    bank: list[Question], blueprint: Blueprint, data: st.DataObject
) -> None:
    assume(feasibility(blueprint, Pool(bank)).is_feasible)
    again = data.draw(st.permutations(bank))
    assert assemble(blueprint, Pool(bank), SEED) == assemble(blueprint, Pool(again), SEED)


def test_papers_drawn_by_this_algorithm_never_change() -> None:
    # Written down once: if this digest changes, papers drawn in the past can no longer be replayed.
    paper = assemble(MIXED_BLUEPRINT, Pool(mixed_bank()), SEED)
    assert paper.algorithm == "bikao-draw-1"
    assert [slot.question.code for slot in paper.slots] == FROZEN_CODES
    assert ["".join(slot.option_order) for slot in paper.slots] == FROZEN_ORDERS


FROZEN_CODES = ["tf-4", "tf-2", "tf-0", "sc-0", "sc-7", "sc-6", "sc-3", "mc-7", "mc-1", "mc-2", "mc-4"]
FROZEN_ORDERS = ["AB", "AB", "AB", "BACD", "DABC", "BCDA", "ABDC", "CDBA", "CDAB", "ADCB", "CDBA"]


def test_crossing_strata_draw_the_same_for_ever() -> None:
    strata = (
        Stratum("general", "single_choice", 3, ONE, difficulties=(1, 2)),
        Stratum("general", "single_choice", 3, ONE, difficulties=(2, 3)),
    )
    paper = assemble(Blueprint(strata, question_order=MIXED), Pool(bank(12)), SEED, "bikao-draw-1")
    assert [slot.question.code for slot in paper.slots] == FROZEN_CROSSING


FROZEN_CROSSING = ["s-005", "s-011", "s-001", "s-006", "s-010", "s-007"]


def test_other_seeds_give_other_papers() -> None:
    pool = Pool(bank(40))
    blueprint = Blueprint((Stratum("general", "single_choice", 20, ONE),))
    assert len({assemble(blueprint, pool, seed(number)).digest for number in range(50)}) == 50


def test_strata_keep_their_order_unless_the_blueprint_mixes_them() -> None:
    pool = Pool(mixed_bank())
    kept = [slot.stratum for slot in assemble(MIXED_BLUEPRINT, pool, SEED).slots]
    assert kept == sorted(kept)
    mixed = [slot.stratum for slot in assemble(replace(MIXED_BLUEPRINT, question_order=MIXED), pool, SEED).slots]
    assert mixed != sorted(mixed)
    assert sorted(mixed) == kept


def test_true_false_options_keep_their_order_and_others_do_not() -> None:
    slots = [s for n in range(30) for s in assemble(MIXED_BLUEPRINT, Pool(mixed_bank()), seed(n)).slots]
    assert {s.option_order for s in slots if s.question.kind == "true_false"} == {("A", "B")}
    assert len({s.option_order for s in slots if s.question.kind == "single_choice"}) > 15


@quick
@given(question=questions(kinds=("true_false", "single_choice", "multiple_choice")), data=st.data())
def test_a_shown_label_leads_back_to_the_option_with_that_text(question: Question, data: st.DataObject) -> None:
    slot = paper_of_one(question, data.draw(st.integers(0, 1000))).slots[0]
    view = candidate_view(paper_of_one(question, 0))[0]
    view = {**question.rules.view(question, slot.option_order), "position": view["position"]}
    texts = {option.key: option.text for option in question.options}
    for option in view["options"]:
        (letter,) = slot.original([option["label"]])
        assert texts[letter] == option["text"]


@quick
@given(question=questions(), number=st.integers(0, 1000))
def test_what_is_shown_for_a_response_of_any_kind_leads_back_to_it(question: Question, number: int) -> None:
    slot = paper_of_one(question, number).slots[0]
    response = question.rules.model_response(question)
    assert slot.original(list(slot.shown(response))) == response


def paper_of_one(question: Question, number: int) -> Paper:
    return assemble(Blueprint((Stratum(question.bank, question.kind, 1, ONE),)), Pool([question]), seed(number))


@pytest.mark.parametrize("make", [numeric, short_answer, case_study])
def test_the_view_of_a_typed_answer_says_nothing_of_what_is_accepted(make: Callable[..., Question]) -> None:
    question = make()
    view = candidate_view(paper_of_one(question, 1))[0]
    assert view["options"] == []
    written = json.dumps(view, ensure_ascii=False)
    accepted = [option.text for one in (question, *question.parts) if one.kind in WRITTEN for option in one.options]
    assert accepted
    assert not any(text in written for text in accepted)
    assert not re.search(r'"(key|weight|feedback|explanation)"', written)


WRITTEN = ("numeric", "short_answer")


def test_the_candidate_view_holds_nothing_but_what_is_shown() -> None:
    question = single_choice(
        "secret-code",
        explanation="秘密解析",
        knowledge_point="秘密知识点",
        tags=("秘密标签",),
        source_document="秘密文件",
        source_article="秘密条款",
        difficulty=3,
    )
    view = candidate_view(assemble(Blueprint((Stratum("general", "single_choice", 1, ONE),)), Pool([question]), SEED))
    assert [set(entry) for entry in view] == [{"position", "kind", "markup", "input", "stem", "points", "options"}]
    offered = view[0]["options"]
    assert isinstance(offered, list)
    assert [option["label"] for option in offered] == ["A", "B", "C", "D"]
    assert all(set(option) == {"label", "text"} for option in offered)
    written = json.dumps(view, ensure_ascii=False)
    assert "秘密" not in written
    assert "secret-code" not in written


def test_the_view_is_the_same_whichever_option_is_right() -> None:
    blueprint = Blueprint((Stratum("general", "single_choice", 1, ONE),))
    views = [candidate_view(assemble(blueprint, Pool([single_choice(key=(letter,))]), SEED)) for letter in "ABCD"]
    assert all(view == views[0] for view in views)


@quick
@given(bank=small_banks(), blueprint=blueprints())
def test_a_paper_survives_storage(bank: list[Question], blueprint: Blueprint) -> None:
    pool = Pool(bank)
    assume(feasibility(blueprint, pool).is_feasible)
    paper = assemble(blueprint, pool, SEED)
    stored = json.loads(json.dumps(paper.to_payload()))
    assert Paper.from_payload(stored) == paper


@pytest.mark.parametrize(
    "path",
    [
        ("slots", 0, "question", "stem"),
        ("slots", 0, "question", "key"),
        ("slots", 3, "option_order"),
        ("slots", 0, "points"),
        ("marking_rule",),
        ("pool_digest",),
    ],
)
def test_a_stored_paper_that_was_changed_is_refused(path: tuple[str | int, ...]) -> None:
    paper = assemble(MIXED_BLUEPRINT, Pool(mixed_bank()), SEED)
    stored = json.loads(json.dumps(paper.to_payload()))
    place = stored
    for step in path[:-1]:
        place = place[step]
    replacements = {
        "stem": "改动",
        "key": ["B"],
        "option_order": ["D", "C", "B", "A"],
        "points": "9.00",
        "marking_rule": "plus_minus",
        "pool_digest": "0" * 64,
    }
    if path[-1] == "option_order":
        assert place["option_order"] != replacements["option_order"]
    place[path[-1]] = replacements[str(path[-1])]
    with pytest.raises(PaperError) as refusal:
        Paper.from_payload(stored)
    assert refusal.value.code == "digest_differs"


@pytest.mark.parametrize("payload", [None, [], {}, {"slots": 3}, {"slots": [], "digest": ""}])
def test_what_is_no_paper_is_refused(payload: object) -> None:
    with pytest.raises(PaperError) as refusal:
        Paper.from_payload(payload)
    assert refusal.value.code == "damaged_paper"


def test_a_short_seed_is_refused() -> None:
    with pytest.raises(PaperError) as refusal:
        assemble(MIXED_BLUEPRINT, Pool(mixed_bank()), b"short")
    assert refusal.value.code == "short_seed"


def test_a_pool_with_one_question_twice_is_refused() -> None:
    with pytest.raises(PoolError) as refusal:
        Pool([single_choice("s-1"), single_choice("s-1", version=2)])
    assert refusal.value.data == {"question": "s-1"}


def test_responses_are_read_by_position_and_empty_ones_left_out() -> None:
    paper = assemble(MIXED_BLUEPRINT, Pool(mixed_bank()), SEED)
    assert parse_responses(paper, {1: "A", 2: None, 9: ["C", "A"], 10: []}) == {1: ("A",), 9: ("A", "C")}
    with pytest.raises(InvalidResponseError) as refusal:
        parse_responses(paper, {1: ["A"], 2: ["C"]})
    assert refusal.value.data["position"] == 2
    with pytest.raises(PaperError):
        parse_responses(paper, {99: ["A"]})


def test_a_pool_with_nothing_to_spare_is_filled_all_the_same() -> None:
    # 60 questions, 60 needed, every stratum crossing every other: almost every independent draw collides.
    questions = [single_choice(f"s-{n}", difficulty=n % 3 + 1, tags=("x",) if n % 2 else ("y",)) for n in range(60)]
    strata = (
        Stratum("general", "single_choice", 15, ONE, difficulties=(1, 2)),
        Stratum("general", "single_choice", 15, ONE, difficulties=(2, 3)),
        Stratum("general", "single_choice", 15, ONE, tags=("x",)),
        Stratum("general", "single_choice", 15, ONE, tags=("y",)),
    )
    for number in range(20):
        paper = assemble(Blueprint(strata), Pool(questions), seed(number))
        assert {slot.question.code for slot in paper.slots} == {question.code for question in questions}
        assert all(strata[slot.stratum].admits(slot.question) for slot in paper.slots)
