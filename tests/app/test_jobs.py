"""Long work: claimed once, its result kept, its failure said in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app import worker
from app.core import jobs
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from tests.conftest import Clock


def handler(arguments: Mapping[str, Any], moment: datetime) -> dict[str, Any] | None:
    if arguments.get("refuse"):
        raise ServiceError("no_rows", place="示例")
    if arguments.get("break"):
        raise ZeroDivisionError
    jobs.report(1, 2)
    return {"doubled": arguments["number"] * 2}


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(worker.HANDLERS, "double", handler)


def queue(**arguments: Any) -> int:
    job = jobs.enqueue("double", arguments, actor=SYSTEM, now=now())
    db.session.commit()
    return job.id


def job(job_id: int) -> jobs.Job:
    db.session.expire_all()
    return db.session.get_one(jobs.Job, job_id)


def test_a_job_runs_once_and_keeps_its_result(app: Flask) -> None:
    job_id = queue(number=21)
    assert worker.run_all() == 1
    assert (job(job_id).state, job(job_id).result) == (jobs.JobState.DONE, {"doubled": 42})
    assert jobs.progress_of(job(job_id)) == (1, 2)


def test_a_refused_job_says_why(app: Flask) -> None:
    job_id = queue(refuse=True)
    worker.run_all()
    assert (job(job_id).state, job(job_id).error_code) == (jobs.JobState.FAILED, "no_rows")


def test_a_broken_job_does_not_stop_the_next(app: Flask) -> None:
    broken, good = queue(**{"break": True}), queue(number=1)
    worker.run_all()
    assert job(broken).error_code == "server_error"
    assert job(good).state is jobs.JobState.DONE


def test_a_job_that_was_never_committed_never_runs(app: Flask) -> None:
    jobs.enqueue("double", {"number": 1}, actor=SYSTEM, now=now())
    db.session.rollback()
    assert worker.run_all() == 0


def test_the_job_of_a_lost_worker_is_taken_up_again(app: Flask, clock: Clock) -> None:
    job_id = queue(number=5)
    jobs.claim(now())
    db.session.commit()
    assert worker.run_all() == 0
    clock.advance(minutes=11)
    assert worker.run_all() == 1
    assert job(job_id).result == {"doubled": 10}


def test_a_job_that_loses_its_worker_three_times_is_given_up(app: Flask, clock: Clock) -> None:
    job_id = queue(number=5)
    for _loss in range(3):
        jobs.claim(now())
        db.session.commit()
        clock.advance(minutes=11)
    worker.run_all()
    assert (job(job_id).state, job(job_id).error_code) == (jobs.JobState.FAILED, "job_gave_up")
