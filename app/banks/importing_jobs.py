"""The dry run and the export of questions as jobs: no page waits for a long file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts.service import asked_again
from app.banks import exporting, importing, importing_findings
from app.banks.importing import QUESTIONS
from app.core import imports, jobs, storage
from app.core.actors import Actor
from app.core.db import db
from app.core.db import reading as only_reading
from app.core.jobs import Handler, Job

CHECK_JOB = "check_questions"
EXPORT_JOB = "export_questions"
Places = Sequence[tuple[str, str | None]]


def ask_check(
    content: bytes,
    filename: str,
    context: dict[str, Any],
    *,
    then: str,
    back: str,
    actor: Actor,
    now: datetime,
    places: Places = (),
) -> Job:
    """Queue the dry run of a file. then: address of the report, with "{import_id}" in it; back: of the upload page;
    places: the breadcrumb of the job's page.

    Raises ServiceError (field "file") at once for a file in no known format.
    """
    importing.form_of(content, context["format"])
    arguments = {
        "digest": storage.keep(content),
        "filename": filename[-200:],
        "context": context,
        "about": filename[-200:],
        "places": places,
        "then": then,
        "back": back,
        "actor": jobs.asked_by(actor),
    }
    return jobs.enqueue(CHECK_JOB, arguments, actor=actor, now=now)


def check_questions(arguments: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Dry-run a file and keep its report. The file is read before the work on the database begins."""
    content, context = storage.read(arguments["digest"]), arguments["context"]
    form = importing.form_of(content, context["format"])
    reading = importing.read_file(content, context["bank"], form.code)
    found = importing.as_rows(reading)
    jobs.report(0, len(found[0]))
    with only_reading():
        told = importing_findings.findings(reading, found[0], context["bank"])
    told |= {"format": form.code, **importing_findings.shown(found[0])}
    actor = asked_again(arguments["actor"])
    kept = imports.check_file(QUESTIONS, arguments["filename"], content, context, found=found, actor=actor, now=moment)
    kept.summary = {**kept.summary, **told}
    db.session.flush()
    return {"import_id": kept.id}


def ask_export(
    bank: str,
    form: str,
    state: str,
    *,
    then: str,
    back: str,
    actor: Actor,
    now: datetime,
    about: str = "",
    places: Places = (),
) -> Job:
    """Queue the writing of a bank's questions to a file. then: address of the result, with "{job_id}" in it; about,
    places: what the job's page says of it, and its breadcrumb."""
    arguments = {
        "bank": bank,
        "format": form,
        "state": state,
        "about": about,
        "places": places,
        "then": then,
        "back": back,
        "actor": jobs.asked_by(actor),
    }
    return jobs.enqueue(EXPORT_JOB, arguments, actor=actor, now=now)


def export_questions(arguments: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Write the file and keep it by its digest; the result says what it lacks, as exporting.Exported does."""
    asked_again(arguments["actor"])
    with only_reading():
        contents = exporting.contents_of(arguments["bank"], arguments["state"])
        jobs.report(0, len(contents))
        found = exporting.exported(contents, arguments["format"])
    return {
        "digest": storage.keep(found.data),
        "questions": found.written,
        "lost": found.lost,
        "left_out": found.left_out,
        "left_out_total": found.left_out_total,
    }


HANDLERS: dict[str, Handler] = {CHECK_JOB: check_questions, EXPORT_JOB: export_questions}
