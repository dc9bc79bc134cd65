"""Replaying an attempt: the paper from blueprint, pool, exposure, seed and admission number; the marks from the log.

Every place where the record disagrees is named; nothing that somebody changed by hand raises an error. The audit chain
is asked too: whoever changes a result together with all that it follows from has not changed what was written there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.audit.service import timeline
from app.core.db import damaged_texts, db
from app.core.errors import NotFound
from app.sittings.answers import log_of
from app.sittings.finishing import log_digest, mark_log
from app.sittings.frozen import UNREADABLE, Difference, Frozen, frozen_of, read, shown
from app.sittings.models import Answer, Attempt, AttemptState, Candidate, Sitting
from question_bank import fairness
from question_bank.errors import FairnessError, PaperError
from question_bank.marking import Result, passed
from question_bank.papers import Paper, assemble

Row = Mapping[str, Any]


def replay(attempt_id: int) -> tuple[Difference, ...]:
    """Return every place where an attempt disagrees with what was frozen for it; empty if it is sound.

    An open attempt has no result yet: only its paper is replayed. Raises NotFound("replay_attempt_unknown").
    """
    query = sa.select(Candidate.sitting_id).join(Attempt, Attempt.candidate_id == Candidate.id)
    sitting_id = db.session.scalar(query.where(Attempt.id == attempt_id))
    if sitting_id is None:
        raise NotFound("replay_attempt_unknown", attempt=attempt_id)
    with damaged_texts():
        return _replay(attempt_id, frozen_of(sitting_id), _chain_of_sitting(sitting_id))


def replay_sitting(code: str) -> Iterator[tuple[int, tuple[Difference, ...]]]:
    """Yield id and differences of every attempt of a sitting, by id; one that is gone since the sitting was closed too.

    Raises NotFound("replay_sitting_unknown").
    """
    sitting_id = db.session.scalar(sa.select(Sitting.id).where(Sitting.code == code))
    if sitting_id is None:
        raise NotFound("replay_sitting_unknown", sitting=code[:40])
    with damaged_texts():
        frozen, chain = frozen_of(sitting_id), _chain_of_sitting(sitting_id)
        query = sa.select(Attempt.id).join(Attempt.candidate).where(Candidate.sitting_id == sitting_id)
        there = set(db.session.scalars(query))
        for attempt_id in sorted({*there, *_begun(sitting_id)}):
            if attempt_id in there:
                yield attempt_id, _replay(attempt_id, frozen, chain)
            else:
                yield attempt_id, (Difference("attempt", None, "missing", "begun before the sitting was closed"),)


def _replay(attempt_id: int, frozen: Frozen, chain: Mapping[str, Any]) -> tuple[Difference, ...]:
    columns = (Attempt.candidate_id, Attempt.state, Attempt.paper, Attempt.paper_digest, Attempt.score, Attempt.maximum)
    moments = (Attempt.started_at, Attempt.deadline_at, Attempt.finished_at, Attempt.finished_by)
    row = read(Attempt.id == attempt_id, *columns, *moments, Attempt.passed, Attempt.marks, Attempt.answers_digest)
    candidate = read(Candidate.id == row["candidate_id"], Candidate.admission_number)
    paper, differences = _paper(row, frozen, candidate["admission_number"])
    if row["state"] != AttemptState.OPEN and paper is not None:
        differences += _result(attempt_id, row, paper, frozen)
    written = {**chain, **_chain_of_attempt(attempt_id)}
    held = {
        "seed_commitment": frozen.commitment,
        "pool_digest": frozen.pool_digest,
        "by": row["finished_by"],
        **row,
    }
    if frozen.pass_percent is not None:
        held["pass_percent"] = frozen.pass_percent
    return tuple(dict.fromkeys([*frozen.differences, *differences, *_against(written, held)]))


def _paper(row: Row, frozen: Frozen, admission_number: str) -> tuple[Paper | None, list[Difference]]:
    """Return the paper to mark (as stored, or drawn again if that is damaged) and what is wrong with the stored one."""
    stored, differences = _stored(row)
    if frozen.blueprint is None or frozen.pool is None or frozen.seed is None:
        return stored, differences  # what is missing is noted already
    try:
        seed = fairness.candidate_seed(frozen.seed, admission_number)
        if stored is None:
            rebuilt = assemble(frozen.blueprint, frozen.pool, seed)
            return rebuilt, differences + _raw_differences(row["paper"], rebuilt)
        found = fairness.replay(row["paper"], frozen.blueprint, frozen.pool, seed, {})
    except (FairnessError, PaperError) as error:
        undrawn = Difference("paper", None, row["paper_digest"], f"cannot be drawn: {shown(error)}")
        return stored, [*differences, undrawn]
    return stored, differences + [Difference(one.field, one.position, one.recorded, one.replayed) for one in found]


def _stored(row: Row) -> tuple[Paper | None, list[Difference]]:
    try:
        stored = Paper.from_payload(row["paper"])
    except PaperError as error:
        return None, [Difference("paper", None, row["paper_digest"], f"damaged: {shown(error)}")]
    return stored, _unequal([("paper_digest", None, row["paper_digest"], stored.digest)])


def _raw_differences(stored: object, rebuilt: Paper) -> list[Difference]:
    """Name what was changed in a stored paper that is no paper any more, by the names of its payload."""
    if not isinstance(stored, Mapping):
        return []
    payload = rebuilt.to_payload()
    rows: list[tuple[str, int | None, object, object]] = [
        (name, None, stored.get(name), value) for name, value in payload.items() if name != "slots"
    ]
    slots = stored.get("slots")
    for slot, new in zip_longest(slots if isinstance(slots, list) else [], [s.to_payload() for s in rebuilt.slots]):
        rows += _raw_slot(slot, new or {})
    return _unequal(rows)


def _raw_slot(stored: object, new: Mapping[str, Any]) -> Iterator[tuple[str, int | None, object, object]]:
    old = stored if isinstance(stored, Mapping) else {}
    position = new.get("position")
    for name in sorted({*old, *new}, key=str):
        before, after = old.get(name), new.get(name)
        if name == "question" and isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from ((f"question.{n}", position, before.get(n), after.get(n)) for n in sorted({*before, *after}))
        else:
            yield str(name), position, before, after


def _result(attempt_id: int, row: Row, paper: Paper, frozen: Frozen) -> list[Difference]:
    log = _log(attempt_id)
    if log is None:
        return [Difference("answers_digest", None, shown(row["answers_digest"]), UNREADABLE)]
    broken = [each for each in log if not _is_response(each.response)]
    differences = [Difference("answer", each.slot, shown(each.response), UNREADABLE) for each in broken]
    result = mark_log(paper, [each for each in log if each not in broken])
    rows: list[tuple[str, int | None, object, object]] = [
        ("answers_digest", None, row["answers_digest"], log_digest(log)),
        ("score", None, row["score"], result.score),
        ("maximum", None, row["maximum"], result.maximum),
    ]
    if frozen.pass_percent is not None:
        is_passed = passed(result.score, result.maximum, frozen.pass_percent)
        rows.append(("passed", None, row["passed"], is_passed))
    return [*differences, *_unequal(rows), *_mark_differences(row["marks"], result)]


def _log(attempt_id: int) -> list[Answer] | None:
    try:
        return log_of(attempt_id)
    except (ValueError, TypeError):
        return None


def _is_response(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _mark_differences(recorded: object, result: Result) -> list[Difference]:
    marks: Any = result.to_payload()["marks"]
    stored = recorded if isinstance(recorded, list) else []
    return _unequal(
        [("mark", number, _mark(old), _mark(new)) for number, (old, new) in enumerate(zip_longest(stored, marks), 1)]
    )


def _mark(values: object) -> str:
    if not isinstance(values, Mapping):
        return "none" if values is None else shown(values)
    response = values.get("response")
    given = "".join(map(str, response)) if isinstance(response, list) else shown(response)
    full = "" if not values.get("is_correct") else " correct"
    return f"{given or '-'}: {values.get('points')} of {values.get('maximum')}{full}"


def _chain_of_sitting(sitting_id: int) -> dict[str, Any]:
    """Return what the audit chain says of a sitting: its commitment, and the pool with which it was opened."""
    written: dict[str, Any] = {}
    for event in timeline("sitting", sitting_id):
        if event.kind in ("SittingRequested", "SittingOpened"):
            written |= _data(event, "seed_commitment", "pool_digest", "pass_percent")
    return written


def _begun(sitting_id: int) -> set[int]:
    """Return the attempts that the audit chain counts at the closing of a sitting; none while it is open."""
    closings = [event for event in timeline("sitting", sitting_id) if event.kind == "SeedRevealed"]
    return {attempt_id for event in closings for attempt_id in event.data.get("attempts", ())}


def _chain_of_attempt(attempt_id: int) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for event in timeline("attempt", attempt_id):
        if event.kind in ("AttemptStarted", "AttemptFinished"):
            written |= _data(event, "paper_digest", "started_at", "deadline_at", "finished_at", "by")
            written |= _data(event, "score", "passed", "answers_digest")
    return written


def _data(event: AuditEvent, *names: str) -> dict[str, Any]:
    return {name: event.data[name] for name in names if name in event.data}


def _against(written: Row, held: Row) -> list[Difference]:
    """Compare with the audit chain, which has points as text with two decimals and moments as ISO 8601."""
    return _unequal(
        [
            (f"audit_{name}", None, _written(held[name]), str(value))
            for name, value in sorted(written.items())
            if name in held
        ]
    )


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _unequal(rows: list[tuple[str, int | None, object, object]]) -> list[Difference]:
    return [Difference(field, position, shown(old), shown(new)) for field, position, old, new in rows if old != new]
