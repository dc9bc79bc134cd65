"""Papers written down once. If one of these changes, papers that were drawn in the past can no longer be replayed.

Whoever changes a draw gives it a new name and leaves the old one as it is (see question_bank/papers.py).
"""

from decimal import Decimal

import pytest

from question_bank.blueprint import MIXED, Blueprint, MinimumShare, Stratum
from question_bank.papers import assemble
from question_bank.pool import Pool
from question_bank.questions import Question
from tests.question_bank.samples import SEED, single_choice

ONE = Decimal(1)


def stratum(count: int, **conditions: object) -> Stratum:
    return Stratum("general", "single_choice", count, ONE, **conditions)  # type: ignore[arg-type]


def bank(count: int) -> list[Question]:
    """Return *count* questions: difficulties take turns, every third is tagged x, every fourth y."""
    return [
        single_choice(
            f"s-{n:02}",
            difficulty=n % 3 + 1,
            tags=tuple(tag for tag, every in (("x", 3), ("y", 4)) if n % every == 0),
        )
        for n in range(count)
    ]


USED = {f"s-{n:02}": n * 7 % 11 for n in range(40)}
X, Y = MinimumShare("x", Decimal(40)), MinimumShare("y", Decimal("33.33"))
APART = (stratum(4, difficulties=(1,)), stratum(6, difficulties=(2, 3)))
CROSSING = (stratum(4, difficulties=(1, 2)), stratum(6, difficulties=(2, 3)))
TIGHT = (stratum(4, difficulties=(1, 2)), stratum(4, difficulties=(2, 3)), stratum(4, difficulties=(1, 3)))

FROZEN = {
    "strata apart": (Blueprint(APART), Pool(bank(40)), "bikao-draw-1", "03 27 30 15 26 23 14 10 08 17"),
    "crossing strata, mixed": (
        Blueprint(CROSSING, question_order=MIXED),
        Pool(bank(40)),
        "bikao-draw-1",
        "27 29 31 32 37 17 26 34 15 20",
    ),
    "a pool with nothing to spare": (
        Blueprint(TIGHT),
        Pool(bank(12)),
        "bikao-draw-1",
        "00 01 10 07 02 08 04 11 03 05 06 09",
    ),
    "crossing strata of a new paper, mixed": (
        Blueprint(CROSSING, question_order=MIXED),
        Pool(bank(40)),
        "bikao-draw-2",
        "13 08 37 23 12 05 29 30 00 14",
    ),
    "a new paper of a pool with nothing to spare": (
        Blueprint(TIGHT),
        Pool(bank(12)),
        "bikao-draw-2",
        "00 06 01 10 05 04 08 07 03 09 11 02",
    ),
    "exposure": (Blueprint(APART), Pool(bank(40), USED), "bikao-draw-2", "00 18 39 27 19 04 05 32 02 38"),
    "exposure, crossing strata, mixed": (
        Blueprint(CROSSING, question_order=MIXED),
        Pool(bank(40), USED),
        "bikao-draw-2",
        "07 05 37 19 00 23 26 16 27 11",
    ),
    "exposure, nothing to spare": (
        Blueprint(TIGHT),
        Pool(bank(12), USED),
        "bikao-draw-2",
        "04 03 01 10 11 07 02 08 06 09 05 00",
    ),
    "a share": (Blueprint(APART, minimum_shares=(Y,)), Pool(bank(40)), "bikao-draw-2", "33 30 27 36 04 08 11 07 32 38"),
    "a share and exposure": (
        Blueprint(APART, minimum_shares=(Y,)),
        Pool(bank(40), USED),
        "bikao-draw-2",
        "27 09 21 12 08 16 05 37 32 02",
    ),
    "a share that most papers hold, and exposure": (
        Blueprint(APART, minimum_shares=(MinimumShare("y", Decimal(20)),)),
        Pool(bank(40), USED),
        "bikao-draw-2",
        "00 18 39 27 19 04 05 32 02 38",
    ),
    "a share, crossing strata": (
        Blueprint(CROSSING, minimum_shares=(X,)),
        Pool(bank(40)),
        "bikao-draw-2",
        "39 33 18 21 11 19 04 38 32 31",
    ),
    "two shares": (
        Blueprint(APART, minimum_shares=(X, MinimumShare("y", Decimal(50)))),
        Pool(bank(40)),
        "bikao-draw-2",
        "03 39 24 36 04 08 11 07 32 38",
    ),
    "two shares and exposure, nothing to spare": (
        Blueprint(TIGHT, minimum_shares=(MinimumShare("x", Decimal(33)), MinimumShare("y", Decimal(25)))),
        Pool(bank(13), USED),
        "bikao-draw-2",
        "06 04 01 12 02 08 10 07 09 11 03 00",
    ),
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_paper_stays_as_it_was_drawn(name: str) -> None:
    blueprint, pool, algorithm, codes = FROZEN[name]
    paper = assemble(blueprint, pool, SEED, algorithm)
    assert paper.algorithm == algorithm
    assert [slot.question.code.removeprefix("s-") for slot in paper.slots] == codes.split()


def test_a_new_paper_is_drawn_by_the_plain_draw_only_where_that_never_draws_again() -> None:
    assert assemble(Blueprint(APART), Pool(bank(40)), SEED).algorithm == "bikao-draw-1"
    assert assemble(Blueprint(CROSSING), Pool(bank(40)), SEED).algorithm == "bikao-draw-2"
    assert assemble(Blueprint(APART), Pool(bank(40), USED), SEED, "bikao-draw-1").algorithm == "bikao-draw-2"


def test_digests_of_blueprints_and_pools_stay_as_they_were() -> None:
    """Without shares and without exposure, digests are what they were before there were such things."""
    assert Blueprint(APART).digest == "75ebeb565e8b5a9b9378a767fe6cca5889321356ae5838155cd814447addaa40"
    assert (
        Blueprint(APART, minimum_shares=(X, Y)).digest
        == "9c4a062d21ffdc8bb4fa0c9679c5e54cfe7b930482beaf68854ddd90d683a6df"
    )
    assert Pool(bank(3)).digest == "a3d204d52d9a31239578ffe0937713b6d6f807818c5558846f74f96c06d260c3"
    assert (
        Pool(bank(3), {"s-00": 2, "s-02": 1}).digest
        == "3a372963cc6d6f19ed7b102febffeb36c00dc7d01ff085b855116cb33db6dbe1"
    )
