"""How sample candidates sit their exam: the same saves and hand-ins as the exam page makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from app.accounts.access import Identity
from app.cli.demo.clock import StoryClock
from app.core.actors import Actor, Role
from app.core.db import db
from app.sittings import answers
from app.sittings.answers import Entry
from app.sittings.finishing import hand_in
from app.sittings.models import Attempt, Candidate, Sitting
from app.sittings.starting import paper_of, start
from question_bank.kinds import Response
from question_bank.papers import Paper, Slot
from question_bank.questions import Part, Question

SAVED_AT_ONCE = 5
UNKNOWN = "不清楚"  # typed by whoever does not know
Answering = Callable[[Candidate, int, Paper], list[Entry]]
"""What a candidate answers: the candidate, the place among the candidates from 0, the paper."""


def sit(sitting: Sitting, clock: StoryClock, answering: Answering) -> list[Attempt]:
    """Let every candidate of *sitting* sit it and answer as *answering* says. Commits."""
    query = sa.select(Candidate).where(Candidate.sitting_id == sitting.id).order_by(Candidate.id)
    finished = []
    for place, candidate in enumerate(db.session.scalars(query).all()):
        finished.append(_sit_one(candidate, place, clock, answering))
        clock.moment = sitting.starts_at + timedelta(minutes=1)
    clock.moment = sitting.starts_at + timedelta(minutes=sitting.duration_minutes)
    return finished


def _sit_one(candidate: Candidate, place: int, clock: StoryClock, answering: Answering) -> Attempt:
    user = candidate.enrolment.person.user
    if user is None:
        raise RuntimeError("a trainee without an account")
    actor = Actor(user.id, user.name, Role.TRAINEE)
    identity = Identity(user.id, user.session_version, None)
    attempt = start(candidate, actor=actor, now=clock())
    db.session.commit()
    entries = answering(candidate, place, paper_of(attempt))
    for first in range(0, len(entries) - 1, SAVED_AT_ONCE):
        clock.moment += timedelta(minutes=2 + (place + first) % 4)
        answers.save(attempt.id, entries[first : first + SAVED_AT_ONCE], identity, now=clock())
        db.session.commit()
    hand_in(attempt.id, [], identity, actor=actor, now=clock())
    db.session.commit()
    return attempt


def all_know_but(failing: frozenset[str]) -> Answering:
    """Return how a class answers in which everybody knows the subject but those whose names are in *failing*."""

    def answering(candidate: Candidate, place: int, paper: Paper) -> list[Entry]:
        knows = candidate.enrolment.person.name not in failing
        return [entry_for(slot, is_right=_is_right(slot, knows, place)) for slot in paper.slots]

    return answering


def _is_right(slot: Slot, knows: bool, place: int) -> bool:
    """Whoever knows the subject still misses a question now and then; whoever does not is right half the time."""
    return slot.position % 9 != place % 9 if knows else slot.position % 2 == 0


def entry_for(slot: Slot, *, is_right: bool) -> Entry:
    """Return the answer to *slot* as the exam page would send it."""
    return entry_of(slot, slot.question.rules.model_response(slot.question) if is_right else _wrong(slot.question))


def entry_of(slot: Slot, response: Response) -> Entry:
    """Return *response*, in letters of the bank, as the exam page would send it."""
    return Entry(sequence=slot.position, slot=slot.position, response=slot.shown(response))


def _wrong(question: Question | Part) -> Response:
    """Return what somebody answers who does not know, in letters of the bank; one alone where all are right."""
    if question.parts:
        return tuple("".join(_wrong(part)) for part in question.parts)
    if not question.rules.offers_options:
        return (UNKNOWN,)
    wrong = [option.key for option in question.options if option.key not in question.key]
    return tuple((wrong or list(question.key))[:1])


def right_answers(paper: Paper) -> list[Entry]:
    """Return the answers that give full marks."""
    return [entry_for(slot, is_right=True) for slot in paper.slots]
