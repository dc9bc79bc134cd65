"""The job runner: takes queued jobs one at a time, commits their work, records how they ended; and sweeps."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any

from flask import Flask

from app.accounts.service import asked_again
from app.banks import importing_jobs, pictures, sources
from app.banks.importing import QUESTIONS
from app.certification import jobs as certification_jobs
from app.core import jobs, storage
from app.core.clock import now
from app.core.db import db, reading
from app.core.errors import ServiceError
from app.core.import_pages import LOAD_JOB
from app.core.imports import Import, ImportKind, check_again, load
from app.registry.roster.kind import ROSTER
from app.sittings import statistics as sitting_statistics
from app.sittings.finishing import finish_overdue
from app.training.trainee_file import TRAINEES

log = logging.getLogger(__name__)

IMPORT_KINDS: dict[str, ImportKind] = {ROSTER.code: ROSTER, QUESTIONS.code: QUESTIONS, TRAINEES.code: TRAINEES}
IDLE_SECONDS = 1.0
SWEEP_SECONDS = 10.0  # how late the result of somebody who did not hand in may come


def load_import(arguments: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Load a file that was checked before; the same for every kind of file.

    The file is read before the work on the database begins: on SQLite that holds the one write lock. Where the load is
    refused, for the database has moved on since the check, the import keeps the reasons for its page.
    """
    with reading():
        asked_again(arguments["actor"])
        imported = db.session.get_one(Import, arguments["import_id"])
        jobs.report(0, imported.rows_total)
        kind = IMPORT_KINDS[imported.kind]
        found = kind.rows_of(storage.read(imported.digest), imported.context)
    actor = asked_again(arguments["actor"])
    imported = db.session.get_one(Import, arguments["import_id"])
    try:
        load(kind, imported, leave_out_wrong=arguments["leave_out_wrong"], found=found, actor=actor, now=moment)
    except ServiceError:
        db.session.rollback()
        check_again(kind, db.session.get_one(Import, arguments["import_id"]), found=found)
        db.session.commit()
        raise
    return {name: count for name, count in imported.summary.items() if isinstance(count, int)}


HANDLERS: dict[str, jobs.Handler] = {
    LOAD_JOB: load_import,
    **sitting_statistics.HANDLERS,
    **importing_jobs.HANDLERS,
    **certification_jobs.HANDLERS,
}


def run_next() -> bool:
    """Run the next job, if one waits, and commit. Returns whether there was one."""
    moment = now()
    job = jobs.claim(moment)
    if job is None:
        db.session.rollback()
        return False
    job_id, kind, arguments, state = job.id, job.kind, dict(job.arguments), job.state
    db.session.commit()
    if state is jobs.JobState.RUNNING:
        _run(job_id, kind, arguments)
    return True


def run_all() -> int:
    """Run every job that waits; returns how many there were."""
    count = 0
    while run_next():
        count += 1
    return count


def _run(job_id: int, kind: str, arguments: dict[str, Any]) -> None:
    try:
        with jobs.running(job_id):
            result = HANDLERS[kind](arguments, now())
        jobs.finish(job_id, result=result, error_code=None, now=now())
    except ServiceError as error:
        db.session.rollback()
        jobs.finish(job_id, result={"data": error.data}, error_code=error.code, now=now())
    except Exception:
        log.exception("job %s (%s) failed", job_id, kind)
        db.session.rollback()
        jobs.finish(job_id, result=None, error_code="server_error", now=now())
    db.session.commit()


def sweep() -> int:
    """Finish the exams whose time is up, commit, and return how many there were; then see to changes of the law that
    take effect today, and to pictures that were uploaded and left."""
    count = finish_overdue(now())
    db.session.commit()
    for document_id, mark_id in sources.due(now()):
        sources.carry_out(document_id, mark_id, now())
        db.session.commit()
    pictures.remove_left(now())
    db.session.commit()
    return count


def run_forever(app: Flask, stopping: Event) -> None:
    """Run jobs until *stopping* is set; `bikao worker` and the thread inside `bikao serve` both come here."""
    swept = 0.0
    while not stopping.is_set():
        with app.app_context():
            try:
                if monotonic() - swept >= SWEEP_SECONDS:
                    swept = monotonic()
                    sweep()
                worked = run_next()
            except Exception:  # the database may be away for a moment; the worker must outlive that
                log.exception("the worker could not look for work")
                worked = False
        if not worked:
            stopping.wait(IDLE_SECONDS)
