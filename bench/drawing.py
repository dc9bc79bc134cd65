"""How long a paper of 100 questions takes out of 10,000."""

from __future__ import annotations

import gc
import random
import statistics
import time
from decimal import Decimal

from bench import synthetic
from question_bank.blueprint import DEFAULT_MAJOR_HAZARD_PERCENT, Blueprint, MinimumShare, Stratum
from question_bank.papers import assemble
from question_bank.pool import Pool
from question_bank.questions import MAJOR_HAZARD_CRITERIA

POOL, DRAWN, WARM_UP, ROUNDS = 10_000, 100, 20, 300


def assemble_ms() -> dict[str, float]:
    """Return medians over ROUNDS papers, each with another seed, after the pool was indexed once.

    Strata overlap in knowledge points, difficulty and tags, and a share on major hazards is held, as in a paper for
    principals; the second figure is for a pool that was used before, where the least used questions come first.
    """
    questions = list(synthetic.questions("general", POOL, seed=3))
    draw = random.Random(4)
    exposure = {question.code: draw.randrange(0, 40) for question in questions}
    return {
        "assemble_ms_100_of_10000": _median(Pool(questions)),
        "assemble_ms_100_of_10000_by_exposure": _median(Pool(questions, exposure)),
    }


def _blueprint() -> Blueprint:
    def stratum(kind: str, count: int, **conditions: tuple[str, ...] | tuple[int, ...]) -> Stratum:
        return Stratum("general", kind, count, Decimal(1), **conditions)  # type: ignore[arg-type]

    strata = (
        stratum("single_choice", 30),
        stratum("single_choice", 10, knowledge_points=synthetic.POINTS[:20]),
        stratum("true_false", 30, difficulties=(1, 2)),
        stratum("multiple_choice", 20),
        stratum("multiple_choice", 5, tags=(MAJOR_HAZARD_CRITERIA,)),
        stratum("case_study", 5, difficulties=(2, 3)),
    )
    share = MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(DEFAULT_MAJOR_HAZARD_PERCENT))
    return Blueprint(strata=strata, minimum_shares=(share,))


def _median(pool: Pool) -> float:
    blueprint = _blueprint()
    times = []
    gc.collect()
    for number in range(WARM_UP + ROUNDS):
        seed = number.to_bytes(32, "big")
        started = time.perf_counter()
        paper = assemble(blueprint, pool, seed)
        took = (time.perf_counter() - started) * 1000
        if len(paper.slots) != DRAWN:
            raise RuntimeError("a short paper")
        if number >= WARM_UP:
            times.append(took)
    return round(statistics.median(times), 3)
