"""The statistics of a closed sitting, computed by a job: its own figures, and what it adds to each question's."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.banks.models import Question, QuestionVersion
from app.banks.statistics import change
from app.core import jobs
from app.core.actors import SYSTEM
from app.core.db import db, portions, reading
from app.sittings.locking import locked
from app.sittings.models import Answer, Attempt, AttemptState, Candidate, Sitting
from app.sittings.models_statistics import SittingItem, SittingStatistics
from question_bank.errors import PaperError
from question_bank.marking import Mark, SlotMark
from question_bank.papers import Paper
from question_bank.statistics.answered import AnsweredPaper, ItemId, answered
from question_bank.statistics.reliability import SittingStatistics as Figures
from question_bank.statistics.reliability import reliability
from question_bank.statistics.seconds import seconds_by_slot
from question_bank.statistics.sitting import sums_of
from question_bank.statistics.sums import ItemSums

log = logging.getLogger(__name__)

STATISTICS_JOB = "compute_statistics"


def ask_for_statistics(sitting: Sitting, *, now: datetime) -> None:
    """Have the statistics of *sitting* computed after the commit; asked again, they replace what is there."""
    jobs.enqueue(STATISTICS_JOB, {"sitting_id": sitting.id}, actor=SYSTEM, now=now)


def statistics_of(sitting: Sitting) -> SittingStatistics | None:
    """Return the figures of a sitting, None while they have not been computed."""
    return db.session.get(SittingStatistics, sitting.id)


def compute_statistics(arguments: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Compute the statistics of one sitting and of every question on its papers. arguments: sitting_id.

    Whatever it added before is replaced: run twice, it says the same.
    """
    with reading():
        papers = list(_papers(arguments["sitting_id"]))
    found, sums = reliability(papers), sums_of(papers)
    sitting = locked(db.session.get_one(Sitting, arguments["sitting_id"]))
    _keep_figures(sitting, found, moment)
    ids = _version_ids(sums)
    come = {ids[item]: one for item, one in sums.items() if item in ids}
    gone = _sums_before(sitting)
    _keep_sums(sitting, come)
    change(come, gone, moment)
    return {"papers": len(papers), "questions": len(come)}


HANDLERS: dict[str, jobs.Handler] = {STATISTICS_JOB: compute_statistics}


def _papers(sitting_id: int) -> Iterator[AnsweredPaper]:
    """Yield the finished papers of a sitting; one that was tampered with is reported and left out."""
    finished = (
        sa.select(Attempt.id)
        .join(Attempt.candidate)
        .where(Candidate.sitting_id == sitting_id, Attempt.state == AttemptState.FINISHED)
        .order_by(Attempt.id)
    )
    ids = db.session.scalars(finished).all()
    for done, attempt_id in enumerate(ids, start=1):
        try:
            yield _paper(attempt_id)
        except PaperError:
            log.exception("attempt %s cannot be counted", attempt_id)
        jobs.report(done, len(ids))


def _paper(attempt_id: int) -> AnsweredPaper:
    """Return one answered paper by its recorded marks. One at a time: frozen papers are too large to hold them all."""
    attempt = sa.select(Attempt.paper, Attempt.marks, Attempt.started_at).where(Attempt.id == attempt_id)
    row = db.session.execute(attempt).one()
    query = sa.select(Answer.saved_at, Answer.slot).where(Answer.attempt_id == attempt_id).order_by(Answer.sequence)
    log_rows = db.session.execute(query).all()
    # Entries that one request brought have one moment.
    seconds = seconds_by_slot(((at - row.started_at).total_seconds(), slot, at) for at, slot in log_rows)
    return answered(Paper.from_payload(row.paper), [_mark(each) for each in row.marks or ()], seconds)


def _mark(stored: Mapping[str, Any]) -> SlotMark:
    """Return one entry of Attempt.marks as the library's own."""
    mark = Mark(Decimal(stored["points"]), Decimal(stored["maximum"]), stored["is_correct"])
    return SlotMark(stored["position"], tuple(stored["response"]), mark)


def _keep_figures(sitting: Sitting, found: Figures, now: datetime) -> None:
    row = statistics_of(sitting) or SittingStatistics(sitting_id=sitting.id)
    row.n, row.mean, row.deviation = found.n, found.mean, found.deviation
    row.reliability, row.standard_error, row.computed_at = found.reliability, found.standard_error, now
    db.session.add(row)


def _sums_before(sitting: Sitting) -> dict[int, ItemSums]:
    """Return what *sitting* has added to each question version so far."""
    query = sa.select(SittingItem.question_version_id, SittingItem.sums).where(SittingItem.sitting_id == sitting.id)
    return {version_id: ItemSums.from_payload(sums) for version_id, sums in db.session.execute(query)}


def _keep_sums(sitting: Sitting, sums: Mapping[int, ItemSums]) -> None:
    db.session.execute(sa.delete(SittingItem).where(SittingItem.sitting_id == sitting.id))
    rows = [
        {"sitting_id": sitting.id, "question_version_id": version_id, "n": one.n, "sums": one.to_payload()}
        for version_id, one in sums.items()
    ]
    if rows:
        db.session.execute(sa.insert(SittingItem), rows)


def _version_ids(items: Iterable[ItemId]) -> dict[ItemId, int]:
    """Return the ids of the question versions with these codes and numbers."""
    wanted = set(items)
    found: dict[ItemId, int] = {}
    for codes in portions(sorted({code for code, _number in wanted})):
        query = sa.select(Question.code, QuestionVersion.number, QuestionVersion.id)
        query = query.join(QuestionVersion.question).where(Question.code.in_(codes))
        for code, number, version_id in db.session.execute(query):
            found[code, number] = version_id
    return found
