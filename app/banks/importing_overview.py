"""What somebody brought in or took out lately: files that are being worked on, that were refused, that are ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.banks import queries
from app.banks.importing import QUESTIONS
from app.banks.importing_forms import FORMAT_NAMES
from app.banks.importing_jobs import CHECK_JOB, EXPORT_JOB
from app.core import jobs
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import sentence
from app.core.i18n import localised
from app.core.import_pages import LOAD_JOB
from app.core.imports import Import, ImportState
from app.core.jobs import Job, JobState

REFUSED_FOR = timedelta(days=30)  # how long a refusal is listed
UNFINISHED = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)


@dataclass(frozen=True)
class Work:
    """One job in words. name: of the file; state: of the job; reason: why it was refused, or ""; address: where it is
    looked at."""

    name: str
    bank: str
    what: str
    at: datetime
    state: JobState
    reason: str
    address: str


def bank_names() -> dict[str, str]:
    """Return code -> name of every bank."""
    return {bank.code: localised(bank.name_zh, bank.name_en) for bank in queries.banks()}


def unfinished(actor: Actor, banks: Mapping[str, str], now: datetime) -> list[Work]:
    """Return the actor's checks, loads and exports that run, wait or were refused lately, the newest first; banks: code
    -> name. A load that was refused is left out once its file was loaded after all."""
    found = jobs.own((CHECK_JOB, LOAD_JOB, EXPORT_JOB), UNFINISHED, actor)
    recent = [job for job in found if job.state is not JobState.FAILED or now - job.created_at < REFUSED_FOR]
    imported = _imports(recent)
    return [_work(job, imported, banks) for job in recent if job.kind != LOAD_JOB or _is_open(job, imported)]


def exports(actor: Actor, banks: Mapping[str, str]) -> list[Work]:
    """Return the actor's files that are ready to be fetched, the newest first; banks: code -> name."""
    return [_work(job, {}, banks) for job in jobs.own((EXPORT_JOB,), (JobState.DONE,), actor)]


def _imports(found: Sequence[Job]) -> dict[int, Any]:
    ids = [job.arguments["import_id"] for job in found if job.kind == LOAD_JOB]
    query = sa.select(Import.id, Import.filename, Import.context, Import.state)
    rows = db.session.execute(query.where(Import.id.in_(ids), Import.kind == QUESTIONS.code)) if ids else ()
    return {row.id: row for row in rows}


def _is_open(job: Job, imported: Mapping[int, Any]) -> bool:
    """Whether *job* loads questions, and its file was not loaded since."""
    found = imported.get(job.arguments["import_id"])
    return found is not None and (job.state is not JobState.FAILED or found.state is ImportState.CHECKED)


def _work(job: Job, imported: Mapping[int, Any], banks: Mapping[str, str]) -> Work:
    arguments, address = job.arguments, url_for("accounts.job", job_id=job.id)
    if job.kind == EXPORT_JOB:
        name, bank, what = str(FORMAT_NAMES[arguments["format"]]), arguments["bank"], _("导出")
        if job.state is JobState.DONE:
            address = url_for("banks.exported", job_id=job.id)
    elif job.kind == CHECK_JOB:
        name, bank, what = arguments["filename"], arguments["context"]["bank"], _("检查")
    else:
        one = imported[arguments["import_id"]]
        name, bank, what = one.filename, one.context["bank"], _("导入")
        if job.state is JobState.FAILED:
            address = url_for("banks.imported", import_id=one.id)
    reason = sentence(job.error_code, (job.result or {}).get("data")) if job.error_code else ""
    return Work(name, banks.get(bank, bank), what, job.created_at, job.state, reason, address)
