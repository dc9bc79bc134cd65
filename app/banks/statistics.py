"""The figures of questions: kept by a job from the sums of sittings, and read back for pages and for the draw."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.banks.models import Question, QuestionVersion
from app.banks.models_statistics import AttentionReason, ItemStatistics
from app.core.db import db, portions
from question_bank.questions import Question as Content
from question_bank.statistics.attention import CODES, Reason, attention
from question_bank.statistics.items import MINIMUM_ANSWERS, Drift, drift, item_statistics
from question_bank.statistics.items import ItemStatistics as Figures
from question_bank.statistics.sums import ItemSums


@dataclasses.dataclass(frozen=True)
class Sat:
    """A question version that was sat: its id, what it says, and the sums over every sitting."""

    version_id: int
    content: Content
    sums: ItemSums


def change(come: Mapping[int, ItemSums], gone: Mapping[int, ItemSums], now: datetime) -> None:
    """Add the sums *come* to the figures of question versions and take the sums *gone* away; flushes.

    come, gone: by version id; *gone* is what one sitting added before. The sums are whole numbers, so the figures are
    those that all sittings together give, and nobody has to read the others again: that would take longer with
    every sitting. The questions are locked: of two sittings that are computed at once, the second adds to the first.
    """
    question_ids = _questions_of(sorted({*come, *gone}))
    for ids in portions(question_ids):
        lock = sa.select(Question.id).where(Question.id.in_(ids)).order_by(Question.id)
        db.session.execute(lock.with_for_update(key_share=True))
        held = [dataclasses.replace(one, sums=_changed(one, come, gone)) for one in _versions(ids)]
        _write([one for one in held if one.sums.papers], [one.version_id for one in held], now)


def figures_of(version_id: int) -> ItemStatistics | None:
    """Return the figures of a question version with the reasons for attention, None if it was never sat."""
    query = sa.select(ItemStatistics).where(ItemStatistics.question_version_id == version_id)
    return db.session.scalar(query.options(selectinload(ItemStatistics.reasons)))


def exposures(version_ids: Collection[int]) -> dict[str, int]:
    """Return code -> how many papers have held the question, in any version, for the questions of *version_ids*.

    Questions that no paper has held are left out.
    """
    found: dict[str, int] = {}
    used = sa.func.sum(ItemStatistics.exposure)
    for ids in portions(sorted(version_ids), 5000):
        wanted = sa.select(QuestionVersion.question_id).where(QuestionVersion.id.in_(ids))
        query = (
            sa.select(Question.code, used)
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .join(ItemStatistics, ItemStatistics.question_version_id == QuestionVersion.id)
            .where(Question.id.in_(wanted))
            .group_by(Question.code)
        )
        found.update({code: int(papers) for code, papers in db.session.execute(query)})
    return found


def _questions_of(version_ids: Sequence[int]) -> list[int]:
    found: set[int] = set()
    for ids in portions(version_ids):
        found.update(db.session.scalars(sa.select(QuestionVersion.question_id).where(QuestionVersion.id.in_(ids))))
    return sorted(found)


def _versions(question_ids: Sequence[int]) -> list[Sat]:
    """Return every version of these questions, those of a question in order, with the sums so far."""
    query = (
        sa.select(QuestionVersion.id, QuestionVersion.payload, ItemStatistics.sums)
        .outerjoin(ItemStatistics, ItemStatistics.question_version_id == QuestionVersion.id)
        .where(QuestionVersion.question_id.in_(question_ids))
        .order_by(QuestionVersion.question_id, QuestionVersion.number)
    )
    return [
        Sat(version_id, Content.from_payload(payload), ItemSums.from_payload(sums or {}))
        for version_id, payload, sums in db.session.execute(query)
    ]


def _changed(sat: Sat, come: Mapping[int, ItemSums], gone: Mapping[int, ItemSums]) -> ItemSums:
    return sat.sums + come.get(sat.version_id, ItemSums()) - gone.get(sat.version_id, ItemSums())


def _write(held: Sequence[Sat], known: Sequence[int], now: datetime) -> None:
    """Replace the rows of the versions *known* by those of the versions *held*."""
    for ids in portions(known):
        db.session.execute(sa.delete(AttentionReason).where(AttentionReason.question_version_id.in_(ids)))
        db.session.execute(sa.delete(ItemStatistics).where(ItemStatistics.question_version_id.in_(ids)))
    rows, reasons = [], []
    for one, before in zip(held, _before(held), strict=True):
        figures, moved = item_statistics(one.sums), drift(before, one.sums) if before else None
        rows.append(_row(one, figures, moved, now))
        reasons += [_reason_row(one.version_id, reason) for reason in attention(one.content, figures, moved)]
    if rows:
        db.session.execute(sa.insert(ItemStatistics), rows)
    if reasons:
        db.session.execute(sa.insert(AttentionReason), reasons)


def _before(held: Sequence[Sat]) -> Iterator[ItemSums | None]:
    """Yield for each version the sums of the nearest older one of its question that enough people answered."""
    enough: dict[str, ItemSums] = {}
    for one in held:
        yield enough.get(one.content.code)
        if one.sums.n >= MINIMUM_ANSWERS:
            enough[one.content.code] = one.sums


def _row(sat: Sat, figures: Figures, moved: Drift | None, now: datetime) -> dict[str, Any]:
    return {
        "question_version_id": sat.version_id,
        "n": figures.n,
        "exposure": sat.sums.papers,
        "facility": figures.facility,
        "discrimination": figures.discrimination,
        "median_seconds": figures.median_seconds,
        "option_counts": dict(figures.counts),
        "best": figures.best,
        "best_counts": dict(figures.best_counts),
        "drift": dataclasses.asdict(moved) if moved else None,
        "sums": sat.sums.to_payload(),
        "computed_at": now,
    }


def _reason_row(version_id: int, reason: Reason) -> dict[str, Any]:
    return {"question_version_id": version_id, "rank": CODES.index(reason.code), **reason.to_payload()}
