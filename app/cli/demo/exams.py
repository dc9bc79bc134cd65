"""How sample candidates sit their exam: the same saves and hand-ins as the exam page makes."""

from __future__ import annotations

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
from question_bank.papers import Paper, Slot

SAVED_AT_ONCE = 5


def sit(sitting: Sitting, clock: StoryClock, *, failing: frozenset[str]) -> list[Attempt]:
    """Let every candidate of *sitting* sit it; those whose names are in *failing* know too little. Commits."""
    query = sa.select(Candidate).where(Candidate.sitting_id == sitting.id).order_by(Candidate.id)
    finished = []
    for place, candidate in enumerate(db.session.scalars(query).all()):
        finished.append(_sit_one(candidate, clock, knows=candidate.enrolment.person.name not in failing, place=place))
        clock.moment = sitting.starts_at + timedelta(minutes=1)
    clock.moment = sitting.starts_at + timedelta(minutes=sitting.duration_minutes)
    return finished


def _sit_one(candidate: Candidate, clock: StoryClock, *, knows: bool, place: int) -> Attempt:
    user = candidate.enrolment.person.user
    if user is None:
        raise RuntimeError("a trainee without an account")
    actor = Actor(user.id, user.name, Role.TRAINEE)
    identity = Identity(user.id, user.session_version, None)
    attempt = start(candidate, actor=actor, now=clock())
    db.session.commit()
    entries = [entry_for(slot, is_right=_is_right(slot, knows, place)) for slot in paper_of(attempt).slots]
    for first in range(0, len(entries) - 1, SAVED_AT_ONCE):
        clock.moment += timedelta(minutes=4)
        answers.save(attempt.id, entries[first : first + SAVED_AT_ONCE], identity, now=clock())
        db.session.commit()
    hand_in(attempt.id, [], identity, actor=actor, now=clock())
    db.session.commit()
    return attempt


def _is_right(slot: Slot, knows: bool, place: int) -> bool:
    """Whoever knows the subject still misses a question now and then; whoever does not is right half the time."""
    return slot.position % 9 != place % 9 if knows else slot.position % 2 == 0


def entry_for(slot: Slot, *, is_right: bool) -> Entry:
    """Return the answer to *slot* as the exam page would send it."""
    right = set(slot.shown(tuple(slot.question.key)))
    everything = [chr(ord("A") + number) for number in range(len(slot.question.options))]
    wrong = [letter for letter in everything if letter not in right][:1] or sorted(right)[:1]
    return Entry(sequence=slot.position, slot=slot.position, response=tuple(sorted(right if is_right else wrong)))


def right_answers(paper: Paper) -> list[Entry]:
    """Return the answers that give full marks."""
    return [entry_for(slot, is_right=True) for slot in paper.slots]
