"""Ten thousand papers a test: no paper that is allowed is likelier than another, and a biased draw would be noticed."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from itertools import combinations, islice, permutations, product

import pytest

from question_bank import draw_weighted
from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.papers import Paper, assemble
from question_bank.pool import Pool
from question_bank.questions import Question
from question_bank.randomness import Stream
from tests.question_bank.chi_square import equally, is_fair
from tests.question_bank.samples import SEED, single_choice

ONE = Decimal(1)
PAPERS = 10_000


def stratum(count: int, **conditions: object) -> Stratum:
    return Stratum("general", "single_choice", count, ONE, **conditions)  # type: ignore[arg-type]


def bank(*tags: str, difficulty: Sequence[int] = (2,)) -> list[Question]:
    """Return one question for each of *tags*, a word of the letters it is tagged with; difficulties take turns."""
    return [
        single_choice(f"s-{place:02}", tags=tuple(sorted(word)), difficulty=difficulty[place % len(difficulty)])
        for place, word in enumerate(tags)
    ]


def papers(blueprint: Blueprint, pool: Pool, count: int = PAPERS) -> list[Paper]:
    return [assemble(blueprint, pool, number.to_bytes(32, "big")) for number in range(count)]


def choice(paper: Paper) -> Hashable:
    """Return which questions stand in which stratum, whatever their order."""
    return frozenset((slot.stratum, slot.question.code) for slot in paper.slots)


def choices(blueprint: Blueprint, questions: Sequence[Question]) -> list[Hashable]:
    """Return every choice that the blueprint allows, found by trying all of them."""
    own = [combinations([q for q in questions if s.admits(q)], s.count) for s in blueprint.strata]
    return [
        frozenset((number, q.code) for number, part in enumerate(parts) for q in part)
        for parts in product(*own)
        if len({q.code for part in parts for q in part}) == blueprint.count
        and all(
            sum(share.tag in q.tags for part in parts for q in part) >= share.needed(blueprint.count)
            for share in blueprint.minimum_shares
        )
    ]


FEW_OF_MANY = (Blueprint((stratum(5),)), bank(*[""] * 25))
PLAIN = (Blueprint((stratum(3),)), bank(*[""] * 8))
APART = (
    Blueprint((stratum(2, difficulties=(1,)), stratum(1, difficulties=(2,)))),
    bank(*[""] * 10, difficulty=(1, 2)),
)
CROSSING = (
    Blueprint((stratum(2, difficulties=(1, 2)), stratum(2, difficulties=(2, 3)))),
    bank(*[""] * 6, difficulty=(1, 2, 3)),
)
HALF = Decimal(50)
SHARE = (
    Blueprint(
        (stratum(2, difficulties=(1,)), stratum(2, difficulties=(2,))), minimum_shares=(MinimumShare("x", HALF),)
    ),
    bank(*"xxx", *[""] * 7, difficulty=(1, 2)),
)
SHARE_BESIDE_ITS_STRATUM = (
    Blueprint((stratum(1, tags=("x",)), stratum(3)), minimum_shares=(MinimumShare("x", HALF),)),
    bank(*"xxx", *[""] * 6),
)
SHARE_OF_CROSSING_STRATA = (
    Blueprint(CROSSING[0].strata, minimum_shares=(MinimumShare("x", Decimal(75)),)),
    bank("", "x", "x", "x", "", "x", difficulty=(1, 2, 3)),
)
TWO_SHARES = (
    Blueprint((stratum(4),), minimum_shares=(MinimumShare("x", HALF), MinimumShare("y", HALF))),
    bank("x", "x", "y", "xy", "", "", "", "y", ""),
)
SHARE_WITH_NOTHING_TO_SPARE = (
    Blueprint(
        (stratum(3, difficulties=(1, 2)), stratum(2, difficulties=(2, 3))), minimum_shares=(MinimumShare("x", HALF),)
    ),
    bank("x", "", "x", "x", "", difficulty=(1, 2, 3, 2, 2)),
)
RING = (
    Blueprint(
        (stratum(1, difficulties=(1, 2)), stratum(1, difficulties=(2, 3)), stratum(1, difficulties=(1, 3))),
    ),
    bank(*[""] * 3, difficulty=(1, 2, 3)),
)
SAMPLES = {
    "plain": PLAIN,
    "apart": APART,
    "crossing": CROSSING,
    "share": SHARE,
    "share beside its stratum": SHARE_BESIDE_ITS_STRATUM,
    "share of crossing strata": SHARE_OF_CROSSING_STRATA,
    "share with nothing to spare": SHARE_WITH_NOTHING_TO_SPARE,
    "two shares": TWO_SHARES,
    "ring with nothing to spare": RING,
}


@pytest.mark.parametrize(
    "sample", [name for name in SAMPLES if "share" in name or name.startswith(("crossing", "ring"))]
)
def test_exchanging_alone_makes_every_choice_equally_likely(monkeypatch: pytest.MonkeyPatch, sample: str) -> None:
    """The last resort of a draw starts from one and the same arrangement and gets away from it."""
    monkeypatch.setattr(draw_weighted, "MOST_ATTEMPTS", 0)
    monkeypatch.setattr(draw_weighted, "FEW_ATTEMPTS", 0)
    blueprint, questions = SAMPLES[sample]
    found = Counter(map(choice, papers(blueprint, Pool(questions), 4000)))
    assert is_fair(found, equally(choices(blueprint, questions), 4000))


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_choice_that_is_allowed_is_equally_likely(sample: str) -> None:
    blueprint, questions = SAMPLES[sample]
    found = Counter(map(choice, papers(blueprint, Pool(questions))))
    assert is_fair(found, equally(choices(blueprint, questions), PAPERS))


def test_every_question_every_place_and_every_option_order_is_equally_likely() -> None:
    blueprint, questions = FEW_OF_MANY
    drawn = papers(blueprint, Pool(questions))
    codes: list[Hashable] = [question.code for question in questions]
    found = Counter(slot.question.code for paper in drawn for slot in paper.slots)
    assert is_fair(found, equally(codes, PAPERS * 5), of_how_many=5)
    for position in range(1, 6):
        assert is_fair(Counter(paper.slot(position).question.code for paper in drawn), equally(codes, PAPERS))
    orders = Counter("".join(slot.option_order) for paper in drawn for slot in paper.slots)
    assert is_fair(orders, equally(["".join(order) for order in permutations("ABCD")], PAPERS * 5))


def numbers_by_remainder(stream: Stream) -> set[int]:
    """Five of 25 by the remainder of six random bits: 0 to 13 are likelier than the others by half."""
    found: set[int] = set()
    while len(found) < 5:
        found.add(stream.below(64) % 25)
    return found


def one_preferred(stream: Stream) -> set[int]:
    """Five of 25, but a paper without question 7 is drawn a second time in one case of five."""
    found = set(islice(stream.in_random_order(range(25)), 5))
    return found if 7 in found or stream.below(5) else set(islice(stream.in_random_order(range(25)), 5))


def a_block_from_somewhere(stream: Stream) -> set[int]:
    """Five neighbours of 25 from an end: those in the middle come up more often."""
    start = stream.below(21)
    return set(range(start, start + 5))


@pytest.mark.parametrize("draw", [numbers_by_remainder, one_preferred, a_block_from_somewhere])
def test_the_same_bound_catches_a_draw_that_prefers_questions(draw: Callable[[Stream], set[int]]) -> None:
    stream = Stream(SEED, b"biased/")
    found = Counter(number for _ in range(PAPERS) for number in draw(stream))
    assert not is_fair(found, equally(list(range(25)), PAPERS * 5), of_how_many=5)


def test_the_same_bound_catches_crossing_strata_drawn_one_after_the_other() -> None:
    """Without the rejection, what the first stratum takes from both makes the choices of the second too likely."""
    blueprint, questions = CROSSING
    stream = Stream(SEED, b"biased/")
    found: Counter[Hashable] = Counter()
    for _ in range(PAPERS):
        drawn: set[tuple[int, str]] = set()
        for number, own in enumerate(blueprint.strata):
            left = [q.code for q in questions if own.admits(q) and (0, q.code) not in drawn]
            drawn |= {(number, code) for code in islice(stream.in_random_order(left), own.count)}
        found[frozenset(drawn)] += 1
    assert not is_fair(found, equally(choices(blueprint, questions), PAPERS))


def test_the_same_bound_catches_a_share_that_is_taken_first() -> None:
    """Two tagged questions first, then the rest from all: easy, never short of the share, and biased."""
    blueprint = Blueprint((stratum(4),), minimum_shares=(MinimumShare("x", HALF),))
    questions = bank(*"xxxx", *[""] * 4)
    stream = Stream(SEED, b"biased/")
    found: Counter[Hashable] = Counter()
    for _ in range(PAPERS):
        first = set(islice(stream.in_random_order([q.code for q in questions if q.tags]), 2))
        rest = islice(stream.in_random_order([q.code for q in questions if q.code not in first]), 2)
        found[frozenset((0, code) for code in (*first, *rest))] += 1
    assert not is_fair(found, equally(choices(blueprint, questions), PAPERS))
    fair = Counter(map(choice, papers(blueprint, Pool(questions))))
    assert is_fair(fair, equally(choices(blueprint, questions), PAPERS))
