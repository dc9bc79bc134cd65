"""The one job runner: long work as rows of a table, claimed by a worker, with progress that anybody can read.

A table of our own instead of a queue library: the job must be written in the same transaction as the change that
asks for it, on SQLite and on PostgreSQL alike (docs/decisions/0003-jobs.md).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.actors import Actor
from app.core.db import Base, Id, choice, db

LOST_AFTER = timedelta(minutes=10)  # a running job without a sign of life for so long is queued again
MAX_ATTEMPTS = 3


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    __tablename__ = "job"
    __table_args__ = (
        sa.Index("ix_job_state_created_at", "state", "created_at"),
        sa.Index(None, "created_by_id", "created_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(60))
    arguments: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(choice(JobState, "job_state"), default=JobState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    error_code: Mapped[str | None] = mapped_column(sa.String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


_running: ContextVar[int | None] = ContextVar("running job", default=None)
Listener = Callable[[int, int], None]
_listener: ContextVar[Listener | None] = ContextVar("who hears of progress", default=None)
Handler = Callable[[Mapping[str, Any], datetime], dict[str, Any] | None]
"""handler(arguments, now) -> result; it flushes, the worker commits."""


@contextmanager
def running(job_id: int) -> Iterator[None]:
    """Let `report` speak of this job; the worker wraps a handler in it."""
    token = _running.set(job_id)
    try:
        yield
    finally:
        _running.reset(token)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let *listener*(done, total) hear what `report` says; a command wraps its work in it."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report(done: int, total: int) -> None:
    """Say how far the work is, from however deep in it, at once; does nothing where no job runs and nobody listens.

    On SQLite the job itself holds the one write lock, so its progress goes to a file beside the database.
    """
    job_id, listener = _running.get(), _listener.get()
    if listener is not None:
        listener(done, total)
    if job_id is None:
        return
    if db.engine.dialect.name == "sqlite":
        _progress_file(job_id).write_text(f"{done} {total}", encoding="ascii")
        return
    with db.engine.begin() as connection:
        values = {"done": done, "total": total, "seen_at": clock.now()}
        connection.execute(sa.update(Job).where(Job.id == job_id).values(**values))


def progress_of(job: Job) -> tuple[int, int]:
    """Return (done, total) of *job*; (0, 0) while nothing was reported."""
    if db.engine.dialect.name == "sqlite":
        with suppress(FileNotFoundError, ValueError):
            done, total = _progress_file(job.id).read_text(encoding="ascii").split()
            return int(done), int(total)
    return job.done, job.total


def _progress_file(job_id: int) -> Path:
    folder: Path = current_app.config["SETTINGS"].instance / "progress"
    folder.mkdir(exist_ok=True)
    return folder / str(job_id)


def asked_by(actor: Actor) -> dict[str, Any]:
    """Return *actor* as a job's argument; whoever runs the job looks again whether they may still act."""
    return {"user_id": actor.user_id, "role": actor.role.value, "scope": actor.scope}


def enqueue(kind: str, arguments: dict[str, Any], *, actor: Actor, now: datetime) -> Job:
    """Write a job in the current transaction; it starts after the commit."""
    job = Job(kind=kind, arguments=arguments, created_by_id=actor.user_id, created_at=now)
    db.session.add(job)
    db.session.flush()
    return job


def own(kinds: Collection[str], states: Collection[JobState], actor: Actor, most: int = 20) -> Sequence[Job]:
    """Return the newest jobs of these kinds and states that *actor* asked for, at most *most*."""
    query = sa.select(Job).where(Job.created_by_id == actor.user_id, Job.kind.in_(kinds), Job.state.in_(states))
    return db.session.scalars(query.order_by(Job.created_at.desc(), Job.id.desc()).limit(most)).all()


def claim(now: datetime) -> Job | None:
    """Take the oldest job that waits, or one whose worker was lost; None if there is nothing to do."""
    lost = sa.and_(Job.state == JobState.RUNNING, Job.seen_at < now - LOST_AFTER)
    query = (
        sa.select(Job)
        .where(sa.or_(Job.state == JobState.QUEUED, lost))
        .order_by(Job.created_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = db.session.scalar(query)
    if job is None:
        return None
    job.attempts += 1
    job.state = JobState.RUNNING if job.attempts <= MAX_ATTEMPTS else JobState.FAILED
    job.started_at = job.seen_at = now
    if job.state is JobState.FAILED:
        job.error_code, job.finished_at = "job_gave_up", now
    return job


def finish(job_id: int, *, result: dict[str, Any] | None, error_code: str | None, now: datetime) -> None:
    """Record how a job ended."""
    values = {
        "state": JobState.DONE if error_code is None else JobState.FAILED,
        "result": result,
        "error_code": error_code,
        "finished_at": now,
        "seen_at": now,
    }
    db.session.execute(sa.update(Job).where(Job.id == job_id).values(**values))
