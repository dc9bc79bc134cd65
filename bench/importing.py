"""An import of 10,000 questions from upload to the last row, and what others feel of it meanwhile."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import worker
from app.accounts.models import User
from app.banks import importing_jobs
from app.banks.importing import QUESTIONS
from app.config import Settings
from app.core.actors import Actor, Role
from app.core.clock import now
from app.core.db import db
from app.core.import_pages import start_loading
from app.core.imports import Import
from app.core.jobs import Job, JobState
from bench import synthetic
from bench.databases import LOGIN, make_app
from bench.pages import LIST, Reader
from question_bank.formats import FORMATS

BANK, COUNT = "hazardous_chemicals", 10_000
IDLE_ROUNDS = 100
PAUSE = 0.02  # between two that look or answer; nobody clicks without end


def measure(app: Flask, reader: Reader) -> dict[str, Any]:
    """Return seconds of the check and of the load, and latencies (ms) of a page and of a small write: idle, and while
    each of them runs in a process of its own, as `bikao worker` does."""
    content = FORMATS["xlsx"].write(synthetic.questions(BANK, COUNT, seed=9, prefix="new"))
    with app.app_context():
        db.session.execute(sa.text("CREATE TABLE bench_answer (id integer PRIMARY KEY, response text NOT NULL)"))
        db.session.commit()
    write = _writer(app)
    found: dict[str, Any] = {"questions": COUNT, "file_bytes": len(content)}
    found["idle"] = _latencies(reader, write, lambda turn: turn < IDLE_ROUNDS)
    for name, ask in (("check", lambda: _ask_check(content)), ("load", _ask_load)):
        with app.app_context():
            job_id = ask().id
            db.session.commit()
        found[name] = _while_working(app, reader, write, job_id)
    found["seconds"] = round(found["check"]["seconds"] + found["load"]["seconds"], 1)
    return found


def _while_working(app: Flask, reader: Reader, write: Callable[[int], float], job_id: int) -> dict[str, Any]:
    settings: Settings = app.config["SETTINGS"]
    process = multiprocessing.get_context("spawn").Process(target=work, args=(settings,))
    process.start()
    while not _state(app, job_id, JobState.RUNNING):
        time.sleep(PAUSE)
    started = time.perf_counter()
    felt = _latencies(reader, write, lambda _turn: process.is_alive())
    seconds = time.perf_counter() - started
    process.join()
    if not _state(app, job_id, JobState.DONE):
        raise RuntimeError("the import failed")
    return {"seconds": round(seconds, 1), **felt}


def work(settings: Settings) -> None:
    """Run every job that waits: the other process."""
    with make_app(settings).app_context():
        worker.run_all()


def _state(app: Flask, job_id: int, state: JobState) -> bool:
    with app.app_context():
        reached = {JobState.RUNNING: (JobState.RUNNING, JobState.DONE, JobState.FAILED)}.get(state, (state,))
        return db.session.scalar(sa.select(Job.state).where(Job.id == job_id)) in reached


def _latencies(reader: Reader, write: Callable[[int], float], goes_on: Callable[[int], bool]) -> dict[str, Any]:
    pages, writes, turn = [], [], 0
    while goes_on(turn):
        pages.append(reader.open(LIST))
        writes.append(write(turn))
        turn += 1
        time.sleep(PAUSE)
    return {"page_ms": _summed(pages), "write_ms": _summed(writes)}


def _summed(times: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(times), 2), "worst": round(max(times), 1), "n": len(times)}


def _writer(app: Flask) -> Callable[[int], float]:
    """Return what writes one row and commits, as saving an answer does, and says how long it took (ms)."""
    with app.app_context():
        engine = db.engine
    insert = sa.text("INSERT INTO bench_answer (id, response) VALUES (:id, 'AC')")
    last = 0

    def write(_turn: int) -> float:
        nonlocal last
        last += 1
        started = time.perf_counter()
        with app.app_context(), engine.begin() as connection:
            connection.execute(insert, {"id": last})
        return (time.perf_counter() - started) * 1000

    return write


def _actor() -> Actor:
    user = db.session.scalars(sa.select(User).where(User.login == LOGIN)).one()
    return Actor(user.id, user.name, Role.ADMINISTRATOR, "")


def _ask_check(content: bytes) -> Job:
    context = {"bank": BANK, "format": "auto"}
    return importing_jobs.ask_check(content, "bench.xlsx", context, then="", back="", actor=_actor(), now=now())


def _ask_load() -> Job:
    checked = db.session.scalars(
        sa.select(Import).where(Import.kind == QUESTIONS.code).order_by(Import.id.desc())
    ).first()
    if checked is None or checked.rows_wrong:
        raise RuntimeError(f"the file was not read as it was written: {checked and checked.errors[:3]}")
    return start_loading(checked, leave_out_wrong=False, back="", actor=_actor(), now=now())
