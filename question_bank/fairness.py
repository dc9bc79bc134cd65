"""A draw that can be proved: the seed is committed to before a sitting, revealed after it, and every paper replayed.

Before the sitting opens its seed is fixed and commit(seed) is published. Each candidate's seed follows from it and
from the admission number, so nobody can choose a paper for anybody. After the sitting closes the seed is published;
anyone can check it against the commitment and rebuild every paper and every mark.

A third party who wants to do that needs, all as frozen when the seed was committed to:

* the commitment and the revealed seed (verify_commitment), and the candidate's admission number (candidate_seed);
* the blueprint (Blueprint.from_payload); its digest must be the paper's blueprint_digest;
* the pool: every question version that could be drawn, and, if exposure was weighed, how often each had been used;
  Pool(questions, exposure).digest must be the paper's pool_digest. It covers the exposure unless all were used
  equally often: whoever sets these numbers later has another pool;
* the stored paper (its digest covers algorithm, marking rule, both digests and every question, option order and
  value), the responses handed in, and the result if marks are to be checked.

replay() takes these. The algorithm that a paper names follows from blueprint and pool (see papers.py); another name on
record is a difference like any other. Nothing depends on the machine, its clock, floating-point numbers or the order in
which the questions come. The draw is written down completely in randomness.py, draw.py, draw_weighted.py and what
these import.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.blueprint import Blueprint
from question_bank.errors import FairnessError, PaperError
from question_bank.marking import Result, mark_paper
from question_bank.papers import ALGORITHMS, Paper, assemble
from question_bank.pool import Pool
from question_bank.questions import Question

SEED_BYTES = 32


@dataclass(frozen=True)
class Difference:
    """One place where a replay disagrees with the record.

    field: "algorithm", "marking_rule", "blueprint", "pool", "length", "question", "option_order", "points", "stratum",
    "digest", "score", "maximum" or "mark". position: of the slot, from 1; None for the paper as a whole.
    recorded, replayed: as text.
    """

    field: str
    position: int | None
    recorded: str
    replayed: str


def commit(seed: bytes) -> str:
    """Return what is published before the sitting opens: SHA-256 of a label and the 32-byte *seed*, 64 hex digits.

    The seed must come from the operating system's generator: 32 random bytes cannot be guessed from their hash.
    Raises FairnessError ("seed_length").
    """
    _check(seed)
    return hashlib.sha256(b"bikao-seed-1/commitment/" + seed).hexdigest()


def verify_commitment(seed: bytes, commitment: str) -> bool:
    """Say whether the revealed *seed* is the one that *commitment* was published for."""
    return hmac.compare_digest(commit(seed).encode(), commitment.strip().lower().encode())


def candidate_seed(seed: bytes, admission_number: str) -> bytes:
    """Return the 32-byte seed of one candidate's paper: HMAC-SHA256 of the admission number under the sitting's seed.

    A resit has an admission number of its own and so another paper.
    Raises FairnessError ("seed_length", "no_admission_number").
    """
    _check(seed)
    if not admission_number.strip():
        raise FairnessError("no_admission_number")
    return hmac.digest(seed, b"bikao-seed-1/candidate/" + admission_number.strip().encode(), "sha256")


def replay(
    payload: object,
    blueprint: Blueprint,
    pool: Pool,
    seed: bytes,
    responses: Mapping[int, object],
    recorded: Result | None = None,
) -> tuple[Difference, ...]:
    """Return every place where the record disagrees with what the rules give; empty if it is sound.

    payload: the stored paper (Paper.to_payload). blueprint, pool: as frozen for the sitting, the pool with the exposure
    it was drawn with. seed: the candidate's.
    responses: as handed in, position -> shown labels. recorded: the result on record, if marks are to be checked.
    Raises PaperError if the stored paper is damaged or names an algorithm that is not known here.
    """
    stored = Paper.from_payload(payload)
    if stored.algorithm not in ALGORITHMS:
        raise PaperError("unknown_algorithm", algorithm=stored.algorithm)
    rebuilt = assemble(blueprint, pool, seed, stored.algorithm)
    differences = _paper_differences(stored, rebuilt)
    if recorded is not None and not differences:
        differences += _result_differences(recorded, mark_paper(rebuilt, responses))
    return tuple(differences)


def _check(seed: bytes) -> None:
    if len(seed) != SEED_BYTES:
        raise FairnessError("seed_length", length=len(seed), needed=SEED_BYTES)


def _paper_differences(stored: Paper, rebuilt: Paper) -> list[Difference]:
    rows: list[tuple[str, int | None, object, object]] = [
        ("algorithm", None, stored.algorithm, rebuilt.algorithm),
        ("marking_rule", None, stored.marking_rule, rebuilt.marking_rule),
        ("blueprint", None, stored.blueprint_digest, rebuilt.blueprint_digest),
        ("pool", None, stored.pool_digest, rebuilt.pool_digest),
        ("length", None, len(stored.slots), len(rebuilt.slots)),
    ]
    for old, new in zip(stored.slots, rebuilt.slots, strict=False):
        rows += [
            ("question", old.position, _name(old.question), _name(new.question)),
            ("option_order", old.position, "".join(old.option_order), "".join(new.option_order)),
            ("points", old.position, old.points, new.points),
            ("stratum", old.position, old.stratum, new.stratum),
        ]
    rows.append(("digest", None, stored.digest, rebuilt.digest))
    return _unequal(rows)


def _result_differences(recorded: Result, replayed: Result) -> list[Difference]:
    rows: list[tuple[str, int | None, object, object]] = [
        ("score", None, recorded.score, replayed.score),
        ("maximum", None, recorded.maximum, replayed.maximum),
        ("length", None, len(recorded.marks), len(replayed.marks)),
    ]
    rows += [
        (
            "mark",
            new.position,
            f"{''.join(old.response)}:{old.mark.points}",
            f"{''.join(new.response)}:{new.mark.points}",
        )
        for old, new in zip(recorded.marks, replayed.marks, strict=False)
    ]
    return _unequal(rows)


def _unequal(rows: list[tuple[str, int | None, object, object]]) -> list[Difference]:
    return [Difference(field, position, str(old), str(new)) for field, position, old, new in rows if old != new]


def _name(question: Question) -> str:
    return f"{question.code}/{question.version}/{question.digest}"
