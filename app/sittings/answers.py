"""The answer log: one statement checks the candidate, the state and the deadline and appends.

It is the hot path: no user, attempt or paper is loaded. What was refused is looked into only after a refusal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeGuard
from unicodedata import category

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.selectable import TextualSelect

from app.accounts.access import Identity
from app.accounts.models import User
from app.core.db import UTCDateTime, db
from app.core.errors import NotFound, ServiceError
from app.registry.models import Person
from app.sittings.models import Answer, Attempt, AttemptState, Candidate
from app.training.models import Enrolment
from question_bank.kinds.written import LONGEST_RESPONSE
from question_bank.options import LETTERS

MOST_ENTRIES = 100
MOST_TEXTS = len(LETTERS)
MOST_SEQUENCE = 1_000_000
MOST_SLOT = 500


class Malformed(ServiceError):
    status = 400


class SignedOut(ServiceError):
    status = 401


class Over(ServiceError):
    """The attempt takes no answers any more."""

    status = 410


@dataclass(frozen=True)
class Entry:
    """One answer as given. sequence: from 1, counted by the page; slot: from 1.

    response: as the kind of the question has it: shown labels, the one text typed, or one text a part of a case study;
    empty if nothing was answered.
    """

    sequence: int
    slot: int
    response: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """What the server holds after a save. held: questions with an answer; sequence: the highest; deadline_at: aware."""

    held: int
    sequence: int
    deadline_at: datetime

    def to_json(self, now: datetime) -> dict[str, int]:
        """Return what the page is told; remaining_seconds by the server's clock, never below 0."""
        return {"held": self.held, "sequence": self.sequence, "remaining_seconds": seconds_left(self.deadline_at, now)}


def seconds_left(deadline_at: datetime, now: datetime) -> int:
    """Return the whole seconds until *deadline_at*, 0 after it."""
    return max(0, int((deadline_at - now).total_seconds()))


def parse_entries(raw: object, most: int = MOST_ENTRIES) -> list[Entry]:
    """Return the entries of a request: one {"sequence", "slot", "response"} or {"answers": [such, ...]}.

    most: how many there may be. Raises Malformed("answer_malformed") for anything else, sequences that do not ascend
    among them. Whether the question could be answered so is not looked at here: marking counts an impossible response
    as no answer.
    """
    if isinstance(raw, Mapping) and "answers" in raw:
        raw = raw["answers"]
    values = raw if isinstance(raw, list) else [raw]
    entries = [_entry(value) for value in values]
    ascend = all(one.sequence < two.sequence for one, two in pairwise(entries))
    if not 1 <= len(entries) <= most or not ascend:
        raise Malformed("answer_malformed")
    return entries


def save(attempt_id: int, entries: Sequence[Entry], identity: Identity, *, now: datetime) -> Receipt:
    """Append as `append` does, in a transaction of its own: the same entries may arrive twice at once."""
    try:
        return append(attempt_id, entries, identity, now=now)
    except IntegrityError:
        db.session.rollback()
        return append(attempt_id, entries, identity, now=now)


def append(attempt_id: int, entries: Sequence[Entry], identity: Identity, *, now: datetime) -> Receipt:
    """Append *entries* to the log of *attempt_id* and return what the server then holds; one statement.

    A repeat of what is held already (its reply was lost) is acknowledged again.
    Raises NotFound, SignedOut("signed_out"), Over("attempt_over" or "time_over"), ServiceError("answer_stale") if the
    log has gone on without this page.
    """
    return _insert(attempt_id, entries, identity, now) or _resend(attempt_id, entries, identity, now)


def latest(answers: Sequence[Answer]) -> dict[int, list[str]]:
    """Return the response that counts for each slot of a log in ascending sequence; cleared ones are left out."""
    found = {answer.slot: list(answer.response) for answer in answers}
    return {slot: response for slot, response in found.items() if response}


def first_blank(attempt: Attempt) -> int:
    """Return the position of the first question without an answer, 1 if every question has one."""
    answered = latest(log_of(attempt.id))
    return next((slot for slot in range(1, len(attempt.paper["slots"]) + 1) if slot not in answered), 1)


def log_of(attempt_id: int) -> list[Answer]:
    """Return the whole log of an attempt, ascending."""
    return list(db.session.scalars(sa.select(Answer).where(Answer.attempt_id == attempt_id).order_by(Answer.sequence)))


def _entry(value: object) -> Entry:
    if not isinstance(value, Mapping):
        raise Malformed("answer_malformed")
    sequence, slot, response = value.get("sequence"), value.get("slot"), value.get("response")
    if not _is_within(sequence, MOST_SEQUENCE) or not _is_within(slot, MOST_SLOT) or not isinstance(response, list):
        raise Malformed("answer_malformed")
    if len(response) > MOST_TEXTS or not all(_is_text(text) for text in response):
        raise Malformed("answer_malformed")
    texts = tuple(text.strip() for text in response)
    return Entry(sequence, slot, texts if any(texts) else ())


def _is_text(value: object) -> bool:
    """Say whether *value* is what a line of a form can hold: no longer than an answer may be, no control characters."""
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_RESPONSE
        and (value.isprintable() or not any(category(character) in ("Cc", "Cs") for character in value))
    )


def _is_within(value: object, most: int) -> TypeGuard[int]:
    return type(value) is int and 1 <= value <= most


def _insert(attempt_id: int, entries: Sequence[Entry], identity: Identity, now: datetime) -> Receipt | None:
    """Run the one statement; None if it appended nothing."""
    parameters: dict[str, Any] = {
        "attempt_id": attempt_id,
        "user_id": identity.user_id,
        "session_version": identity.session_version,
        "admitted_to": identity.admitted_to,
        "first": entries[0].sequence,
        "now": now,
    }
    for number, entry in enumerate(entries):
        parameters[f"sequence_{number}"] = entry.sequence
        parameters[f"slot_{number}"] = entry.slot
        parameters[f"response_{number}"] = json.dumps(entry.response)
    statement = _statement(len(entries), db.engine.dialect.name)
    row = db.session.execute(statement, parameters).first()
    if row is None:
        return None
    answered = {entry.slot: bool(entry.response) for entry in entries}
    return Receipt(row.others + sum(answered.values()), entries[-1].sequence, row.deadline_at)


@lru_cache(maxsize=2 * MOST_ENTRIES)
def _statement(count: int, dialect: str) -> TextualSelect:
    """Return the statement that appends *count* entries.

    On PostgreSQL it shares the attempt's row: handing in takes it for update, so a save either commits before the
    marks are read or finds the attempt finished. SQLite has one writer at a time.
    RETURNING sees the log as it was before: the slots of this request are left out and counted by the caller.
    """
    given = " UNION ALL ".join(
        f"SELECT CAST(:sequence_{n} AS integer) AS sequence, CAST(:slot_{n} AS integer) AS slot,"
        f" CAST(:response_{n} AS {'json' if dialect == 'postgresql' else 'text'}) AS response"
        for n in range(count)
    )
    slots = ", ".join(f":slot_{n}" for n in range(count))
    text = sa.text(
        _APPEND.format(given=given, slots=slots, lock="FOR SHARE OF attempt" if dialect == "postgresql" else "")
    )
    return text.bindparams(sa.bindparam("now", type_=UTCDateTime())).columns(
        others=sa.Integer(), deadline_at=UTCDateTime()
    )


_APPEND = """
INSERT INTO answer (attempt_id, sequence, slot, response, saved_at)
SELECT attempt.id, given.sequence, given.slot, given.response, :now
FROM attempt
JOIN candidate ON candidate.id = attempt.candidate_id
JOIN enrolment ON enrolment.id = attempt.enrolment_id
JOIN person ON person.id = enrolment.person_id
JOIN "user" ON "user".id = person.user_id
CROSS JOIN ({given}) AS given
WHERE attempt.id = :attempt_id AND attempt.state = 'open' AND :now <= attempt.deadline_at
AND "user".id = :user_id AND "user".session_version = :session_version AND "user".is_active
AND candidate.sitting_id = coalesce(CAST(:admitted_to AS integer), candidate.sitting_id)
AND NOT EXISTS (SELECT 1 FROM answer AS held WHERE held.attempt_id = attempt.id AND held.sequence >= :first)
{lock}
RETURNING
(SELECT coalesce(sum(last % 2), 0) FROM (
    SELECT max(held.sequence * 2 + CASE WHEN CAST(held.response AS text) = '[]' THEN 0 ELSE 1 END) AS last
    FROM answer AS held WHERE held.attempt_id = :attempt_id AND held.slot NOT IN ({slots}) GROUP BY held.slot
) AS slots) AS others,
(SELECT deadline_at FROM attempt WHERE attempt.id = :attempt_id) AS deadline_at
"""


def _resend(attempt_id: int, entries: Sequence[Entry], identity: Identity, now: datetime) -> Receipt:
    """Say why nothing was appended; or acknowledge what is held already and append what is not."""
    deadline_at = _check(attempt_id, identity, now)
    log = log_of(attempt_id)
    given = {entry.sequence: (entry.slot, list(entry.response)) for entry in entries}
    newer = [answer for answer in log if answer.sequence >= entries[0].sequence]
    if any(given.get(answer.sequence) != (answer.slot, answer.response) for answer in newer):
        raise ServiceError("answer_stale")
    held = newer[-1].sequence if newer else 0
    rest = [entry for entry in entries if entry.sequence > held]
    if len(rest) + len(newer) != len(entries):
        raise ServiceError("answer_stale")
    if not rest:
        return Receipt(len(latest(log)), held, deadline_at)
    receipt = _insert(attempt_id, rest, identity, now)
    if receipt is None:
        raise ServiceError("answer_stale")
    return receipt


def _check(attempt_id: int, identity: Identity, now: datetime) -> datetime:
    """Return the deadline if the attempt still takes answers from *identity*; raise why not otherwise."""
    query = (
        sa.select(Attempt.state, Attempt.deadline_at, User.is_active, User.session_version)
        .join(Candidate, Attempt.candidate_id == Candidate.id)
        .join(Enrolment, Attempt.enrolment_id == Enrolment.id)
        .join(Person, Enrolment.person_id == Person.id)
        .join(User, Person.user_id == User.id)
        .where(Attempt.id == attempt_id, User.id == identity.user_id)
    )
    if identity.admitted_to is not None:
        query = query.where(Candidate.sitting_id == identity.admitted_to)
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound("not_found")
    if not row.is_active or row.session_version != identity.session_version:
        raise SignedOut("signed_out")
    if row.state is not AttemptState.OPEN:
        raise Over("attempt_over")
    if now > row.deadline_at:
        raise Over("time_over")
    deadline_at: datetime = row.deadline_at
    return deadline_at
