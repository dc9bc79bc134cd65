"""Sittings and attempts."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class SittingRequested(Event):
    training_session_id: int
    candidates: int
    is_resit: bool
    seed_commitment: str
    pool_digest: str
    pass_percent: int
    subject_type = "sitting"


@dataclass(frozen=True)
class SittingMoved(Event):
    state: str
    subject_type = "sitting"


@dataclass(frozen=True)
class SittingOpened(Event):
    pool_digest: str
    seed_commitment: str
    subject_type = "sitting"


@dataclass(frozen=True)
class SeedRevealed(Event):
    """A sitting was closed. attempts: the ids of all that were begun in it."""

    seed: str
    attempts: tuple[int, ...]
    subject_type = "sitting"


@dataclass(frozen=True)
class AttemptStarted(Event):
    paper_digest: str
    started_at: str
    deadline_at: str
    subject_type = "attempt"


@dataclass(frozen=True)
class AttemptFinished(Event):
    by: str
    finished_at: str
    score: str
    passed: bool
    answers_digest: str
    subject_type = "attempt"
