"""Handing in, by hand or by the clock: the last answers, the marks, the result. A finished attempt never goes back."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from app.accounts.access import Identity
from app.audit import events
from app.audit.service import record
from app.core import jobs
from app.core.actors import SYSTEM, Actor
from app.core.db import db
from app.sittings.answers import MOST_ENTRIES, Entry, append, latest, log_of
from app.sittings.models import Answer, Attempt, AttemptState, Candidate, FinishedBy
from app.sittings.starting import paper_of
from question_bank.canonical import digest_of
from question_bank.errors import InvalidResponseError, PaperError
from question_bank.marking import Result, mark_paper, passed
from question_bank.papers import Paper

log = logging.getLogger(__name__)

ISSUE_JOB = "issue_certificate"
SWEEP = 50


def hand_in(attempt_id: int, unsent: Sequence[Entry], identity: Identity, *, actor: Actor, now: datetime) -> Attempt:
    """Take the answers that had not arrived, mark the paper and return the finished attempt.

    Handing in again returns the same result. After the deadline only what was acknowledged before it counts, and the
    attempt is finished by the clock at its deadline. Raises what `answers.append` raises for *unsent*.
    """
    attempt = _locked(attempt_id)
    if attempt.state is AttemptState.FINISHED:
        return attempt
    if now > attempt.deadline_at:
        _finish(attempt, FinishedBy.CLOCK, attempt.deadline_at, SYSTEM, now)
        return attempt
    for first in range(0, len(unsent), MOST_ENTRIES):
        append(attempt_id, unsent[first : first + MOST_ENTRIES], identity, now=now)
    _finish(attempt, FinishedBy.CANDIDATE, now, actor, now)
    return attempt


def finish_overdue(now: datetime, *, sitting_id: int | None = None) -> int:
    """Finish attempts whose deadline has passed, at most SWEEP of them, and return how many; flushes.

    The finish time is the deadline, not the sweep. What somebody is handing in at this moment is left to them.
    """
    query = (
        sa.select(Attempt)
        .where(Attempt.state == AttemptState.OPEN, Attempt.deadline_at < now)
        .order_by(Attempt.deadline_at, Attempt.id)
        .limit(SWEEP)
        .with_for_update(skip_locked=True, of=Attempt)
    )
    if sitting_id is not None:
        query = query.join(Attempt.candidate).where(Candidate.sitting_id == sitting_id)
    overdue = db.session.scalars(query.execution_options(populate_existing=True)).all()
    return sum(_finished_by_clock(attempt, now) for attempt in overdue)


def mark_log(paper: Paper, entries: Sequence[Answer]) -> Result:
    """Return the marks of an answer log: the last response to each question counts.

    What no candidate can have chosen (a label that is not offered, two for a single choice) counts as no answer.
    """
    responses = latest(entries)
    return mark_paper(
        paper, {slot: response for slot, response in responses.items() if _is_possible(paper, slot, response)}
    )


def log_digest(entries: Sequence[Answer]) -> str:
    """Return the SHA-256 over the whole answer log: sequence, slot, response and moment of each entry."""
    return digest_of([[each.sequence, each.slot, each.response, each.saved_at.isoformat()] for each in entries])


def is_passed(result: Result, rule: Mapping[str, int]) -> bool:
    """Say whether *result* passes under the frozen exam rule."""
    return passed(result.score, result.maximum, rule["pass_percent"])


def _finished_by_clock(attempt: Attempt, now: datetime) -> bool:
    """Finish one attempt; a damaged paper is reported and left for a person, so that it holds up nobody else's."""
    try:
        _finish(attempt, FinishedBy.CLOCK, attempt.deadline_at, SYSTEM, now)
    except PaperError:
        log.exception("attempt %s cannot be marked", attempt.id)
        return False
    return True


def _locked(attempt_id: int) -> Attempt:
    query = sa.select(Attempt).where(Attempt.id == attempt_id).with_for_update(of=Attempt)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _finish(attempt: Attempt, by: FinishedBy, at: datetime, actor: Actor, now: datetime) -> None:
    """Set all that a result is made of at once: the database knows no finished attempt without its result."""
    entries, rule = log_of(attempt.id), attempt.candidate.sitting.rule
    result = mark_log(paper_of(attempt), entries)
    attempt.state, attempt.finished_at, attempt.finished_by = AttemptState.FINISHED, at, by
    attempt.score, attempt.marks = result.score, result.to_payload()["marks"]  # type: ignore[assignment]
    attempt.passed = is_passed(result, rule)
    attempt.answers_digest = log_digest(entries)
    if attempt.passed:
        jobs.enqueue(ISSUE_JOB, {"attempt_id": attempt.id}, actor=SYSTEM, now=now)
    event = events.AttemptFinished(
        attempt.id,
        by=by.value,
        finished_at=at.isoformat(),
        score=str(result.score),
        passed=attempt.passed,
        answers_digest=attempt.answers_digest,
    )
    record(event, actor=actor, now=now)


def _is_possible(paper: Paper, slot: int, response: Sequence[str]) -> bool:
    if slot > len(paper.slots):
        return False
    question = paper.slot(slot).question
    try:
        question.rules.parse_response(question, list(response))
    except InvalidResponseError:
        return False
    return True
