"""What waits for approval, in the order in which it was sent: one list, and the way from one question to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.banks import comments, finding, queries, two_people, words
from app.banks.doubts import Doubts, doubts_of
from app.banks.finding import Trait
from app.banks.lists import KIND, QuestionTable, author_trait
from app.banks.models import Question, QuestionState, QuestionVersion
from app.core.actors import Actor
from app.core.clock import today
from app.core.db import db
from app.core.i18n import localised
from app.core.tables import Column
from question_bank.comparison import changed_fields
from question_bank.questions import MAJOR_HAZARD_CRITERIA
from question_bank.questions import Question as Content

KEPT = ("q", "bank", "kind", "tag", "author", "sort")
WAITING = {"state": QuestionState.IN_REVIEW}
_TAG = Trait("tag", _l("标签"), ((MAJOR_HAZARD_CRITERIA, words.MAJOR_HAZARDS),))


@dataclass(frozen=True)
class Waiting:
    """One question in the queue.

    base: the last approved version before it, None for a new question; changed: fields that differ from it.
    doubts: what became of the document that it rests on. may_approve: whether the reader wrote none of it
    and does not answer for it as who sent it (two_people). is_sender: whether they do.
    """

    version: QuestionVersion
    content: Content
    base: QuestionVersion | None
    changed: tuple[str, ...]
    comments: int
    doubts: Doubts
    may_approve: bool
    is_sender: bool


def queue_table(reader: Actor) -> QuestionTable:
    """Return the list of what waits, sent first to sent last; it can be filtered by bank, kind, tag and author."""
    return QuestionTable(
        "questions-in-review",
        columns=(
            Column("pick", _l("选择"), lambda row: ""),
            Column("stem", _l("题干"), lambda row: row.stem),
            Column("since", _l("送审时间"), lambda row: row.question.submitted_at, Question.submitted_at),
            Column("action", _l("审定"), lambda row: ""),
        ),
        search=(Question.search_text,),
        search_label=_l("题干或编号"),
        filters=(_bank_filter(), KIND, _TAG, _author_filter(reader)),
        default_sort="submitted_at",
    )


def described(versions: Sequence[QuestionVersion], reader: Actor) -> list[Waiting]:
    """Return what the queue says of *versions*; three or four statements whatever their number."""
    queries.load_along(versions)
    said = comments.counts([version.question_id for version in versions])
    senders = two_people.senders(version.question for version in versions)
    return [
        _described(version, said.get(version.question_id, 0), senders.get(version.question_id), reader)
        for version in versions
    ]


def next_waiting(table: QuestionTable, args: Mapping[str, str], reader: Actor, after: int | None) -> int | None:
    """Return the id of the next question that somebody else than *reader* answers for, under the filters in *args*.

    after: id of the question just judged or passed over; None for the oldest. A list that is sorted otherwise is
    walked by age all the same.
    """
    query = _by_others(table, args, reader)
    if after is not None:
        query = query.where(_sent_after(after))
    return db.session.scalar(query.order_by(Question.submitted_at, Question.code).limit(1))


def previous_waiting(table: QuestionTable, args: Mapping[str, str], reader: Actor, before: int) -> int | None:
    """Return the id of the question that stands before *before* in the same walk."""
    query = _by_others(table, args, reader).where(_sent_before(before))
    return db.session.scalar(query.order_by(Question.submitted_at.desc(), Question.code.desc()).limit(1))


def kept(args: Mapping[str, str]) -> str:
    """Return the filters of the queue in *args* as one value of an address, so that a question leads back to them."""
    return urlencode({key: args[key] for key in KEPT if args.get(key)})


def unpacked(value: str) -> dict[str, str]:
    """Return the filters that `kept` wrote, nothing else that somebody may have put there."""
    return {key: text for key, text in parse_qsl(value[:1000]) if key in KEPT}


def _described(version: QuestionVersion, said: int, sender: str | None, reader: Actor) -> Waiting:
    question, content = version.question, queries.content_of(version)
    base = queries.approved_before(question)
    own = two_people.identity(reader)
    return Waiting(
        version=version,
        content=content,
        base=base,
        changed=() if base is None else changed_fields(queries.content_of(base), content),
        comments=said,
        doubts=doubts_of(question, content, today()),
        may_approve=own not in two_people.authors(question) and own != sender,
        is_sender=own == sender,
    )


def _by_others(table: QuestionTable, args: Mapping[str, str], reader: Actor) -> sa.Select[int]:
    asked = finding.conditions(table.wish(WAITING, args))
    return sa.select(Question.id).where(
        *asked,
        sa.or_(Question.author_id.is_(None), Question.author_id != reader.user_id),
        sa.not_(two_people.sent_by(reader)),
    )


def _sent_after(question_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that a question stands behind this one in the queue, wherever this one stands by now."""
    last, code = _place_of(question_id)
    return sa.or_(Question.submitted_at > last, sa.and_(Question.submitted_at == last, Question.code > code))


def _sent_before(question_id: int) -> sa.ColumnElement[bool]:
    last, code = _place_of(question_id)
    return sa.or_(Question.submitted_at < last, sa.and_(Question.submitted_at == last, Question.code < code))


def _place_of(question_id: int) -> tuple[sa.ScalarSelect[Any], sa.ScalarSelect[Any]]:
    """Return when a question was sent and its code: where it stands or stood in the queue."""
    columns = (Question.submitted_at, Question.code)
    last, code = (sa.select(one).where(Question.id == question_id).scalar_subquery() for one in columns)
    return last, code


def _bank_filter() -> Trait:
    banks = queries.banks()
    ids = {bank.code: bank.id for bank in banks}
    names = tuple((bank.code, localised(bank.name_zh, bank.name_en)) for bank in banks)
    return Trait("bank", _l("所属题库"), names, attribute="bank_id", parse=ids.__getitem__)


def _author_filter(reader: Actor) -> Trait:
    return author_trait(queries.authors([QuestionState.IN_REVIEW]), reader)
