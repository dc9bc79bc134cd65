"""The legal documents that questions rest on: one row a document, whatever way its name is spelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, lazyload

from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.banks.models_documents import LegalDocument, LegalDocumentMark
from app.core.db import db, portions
from app.core.errors import NotFound
from question_bank.articles import article_order, touches
from question_bank.questions import Question as Content
from question_bank.sources import Comparison, Mark, Standing, core_name, source_key

MOST_LIKE = 10


@dataclass(frozen=True)
class ArticleCount:
    """How many approved questions rest on one article of a document, as they write it."""

    article: str
    questions: int


@dataclass(frozen=True)
class Concerned:
    """An approved question that a change of its document concerns, with its current version and its bank."""

    question_id: int
    version_id: int
    version: int
    bank_id: int


def register(names: Iterable[str], *, now: datetime) -> dict[str, int]:
    """Return the id of the document that each of *names* means; a document met for the first time gets its row.

    Names without a letter or digit are left out. Two people may write of a new document at once: the second one's
    INSERT does nothing.
    """
    key_of = {name: key for name in names if (key := source_key(name))}
    missing = set(key_of.values()) - _ids(key_of.values()).keys()
    rows: dict[str, dict[str, Any]] = {}
    for name, key in key_of.items():
        if key in missing:
            rows.setdefault(key, {"key": key, "name": name, "created_at": now})
    if rows:
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(LegalDocument).on_conflict_do_nothing(index_elements=[LegalDocument.key])
        db.session.execute(statement, [rows[key] for key in sorted(rows)])
    ids = _ids(key_of.values())
    return {name: ids[key] for name, key in key_of.items()}


def rests_on(content: Content, ids: Mapping[str, int]) -> dict[str, Any]:
    """Return the columns of Question that say what *content* rests on. ids: of `register`."""
    return {
        "legal_document_id": ids.get(content.source_document),
        "source_from": date.fromisoformat(content.source_from) if content.source_from else None,
        "source_to": date.fromisoformat(content.source_to) if content.source_to else None,
    }


def document_by_id(document_id: int) -> LegalDocument:
    """Return a document. Raises NotFound("source_unknown")."""
    return _found(sa.select(LegalDocument).where(LegalDocument.id == document_id))


def document_to_mark(document_id: int) -> LegalDocument:
    """Return a document whose standing is about to change, locked: who approves a question on it waits, or is seen.

    Raises NotFound("source_unknown").
    """
    return _found(sa.select(LegalDocument).where(LegalDocument.id == document_id).with_for_update(key_share=True))


def marks_of(document: LegalDocument | None) -> list[LegalDocumentMark]:
    """Return the marks of *document* that were not taken back, as recorded; a question without document has none."""
    return [] if document is None else [one for one in document.marks if one.withdrawn_at is None]


def marks_to_judge(question: Question) -> list[LegalDocumentMark]:
    """Return the marks of the document that *question* rests on, which nobody marks before the commit."""
    if question.legal_document_id is None:
        return []
    query = sa.select(LegalDocument).where(LegalDocument.id == question.legal_document_id)
    return marks_of(_found(query.with_for_update(read=True)))


def document_called(name: str, *, is_held: bool = False) -> LegalDocument | None:
    """Return the document that *name* means, however it is spelled; None if no question has rested on it yet.

    is_held: nobody marks it before the commit.
    """
    query = sa.select(LegalDocument).where(LegalDocument.key == source_key(name))
    query = query.with_for_update(read=True) if is_held else query
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def standings(names: Iterable[str]) -> dict[str, Standing]:
    """Return the standing of those of the documents called *names* that the register has, by name."""
    key_of = {name: source_key(name) for name in names}
    found: dict[str, Standing] = {}
    for some in portions(sorted(set(key_of.values()))):
        query = sa.select(LegalDocument.key, LegalDocument.standing).where(LegalDocument.key.in_(some))
        found.update(db.session.execute(query).all())
    return {name: found[key] for name, key in key_of.items() if key in found}


def hold(document_ids: Iterable[int | None]) -> None:
    """Hold these documents until the commit, by id: nobody marks one, and none is waited for later."""
    for some in portions(sorted({one for one in document_ids if one is not None})):
        query = sa.select(LegalDocument).where(LegalDocument.id.in_(some)).order_by(LegalDocument.id)
        db.session.scalars(query.with_for_update(read=True).execution_options(populate_existing=True)).all()


def hold_of(question_ids: Iterable[int]) -> None:
    """Hold the documents that these questions rest on."""
    for_each = (sa.select(Question.legal_document_id).where(Question.id.in_(some)) for some in portions(question_ids))
    hold([one for query in for_each for one in db.session.scalars(query)])


def as_mark(row: LegalDocumentMark) -> Mark:
    """Return a mark as the library weighs it."""
    return Mark(row.standing, row.since, row.recorded_at, tuple(row.articles))


def concerned(document: LegalDocument, mark: Mark, *, is_locked: bool = False) -> list[Concerned]:
    """Return the approved questions on *document* that *mark* puts in doubt, by id; the rule is sources.is_in_doubt.

    is_locked: they are to be changed; waits for whoever edits one of them. One statement.
    """
    columns = (Question.id, QuestionVersion.id, Question.current_version, Question.bank_id)
    query = _approved_on(document).with_only_columns(*columns, QuestionVersion.source_article).order_by(Question.id)
    if mark.standing is Standing.CHANGED:
        is_new = sa.and_(Question.source_from.is_not(None), Question.source_from >= mark.since)
        query = query.where(sa.not_(is_new), sa.not_(_is_settled(mark)))
    is_touched = cache(lambda article: touches(article, mark.articles))
    found = db.session.execute(query.with_for_update(of=Question) if is_locked else query)
    return [Concerned(*row) for *row, article in found if mark.standing is Standing.REPEALED or is_touched(article)]


def ending(document: LegalDocument, day: date) -> Iterator[tuple[int, Content, tuple[Comparison, ...]]]:
    """Yield the approved questions on *document* whose last day is *day*, locked, with what they say and the
    comparisons of that with the document as changed."""
    columns = (Question.id, QuestionVersion.payload)
    query = _approved_on(document).with_only_columns(*columns).where(Question.source_to == day)
    found = db.session.execute(query.with_for_update(of=Question)).all()
    other, same = _resting_alike()
    resting = _approved_on(document).join(other, same).where(Question.source_to == day)
    compared = resting.with_only_columns(Question.id, other.source_checked_at, other.source_checked_to)
    by_question: dict[int, list[Comparison]] = {}
    for question_id, at, to in db.session.execute(compared):
        if at and to:
            by_question.setdefault(question_id, []).append(Comparison(at, to))
    for question_id, payload in found:
        yield question_id, Content.from_payload(payload), tuple(by_question.get(question_id, ()))


def effect(found: Iterable[Concerned]) -> list[tuple[Bank, int]]:
    """Return how many of these questions stand in which banks, the general bank first."""
    counts = Counter(one.bank_id for one in found)
    order = (sa.case((Bank.sector_code.is_(None), 0), else_=1), Bank.code)
    banks = db.session.scalars(sa.select(Bank).where(Bank.id.in_(sorted(counts))).order_by(*order))
    return [(bank, counts[bank.id]) for bank in banks]


def articles_of(document: LegalDocument) -> list[ArticleCount]:
    """Return the articles that approved questions rest on, in the order of the document."""
    columns = (QuestionVersion.source_article, sa.func.count())
    query = _approved_on(document).with_only_columns(*columns).group_by(QuestionVersion.source_article)
    found = [ArticleCount(article, count) for article, count in db.session.execute(query)]
    return sorted(found, key=lambda one: article_order(one.article))


def named_alike(document: LegalDocument) -> list[LegalDocument]:
    """Return other documents that may be this one under another spelling, or another edition of it; at most ten."""
    core = core_name(document.name)
    query = sa.select(LegalDocument).where(
        LegalDocument.id != document.id, LegalDocument.key.contains(core, autoescape=True)
    )
    query = query.options(lazyload(LegalDocument.marks)).order_by(LegalDocument.name, LegalDocument.id)
    found = db.session.scalars(query.limit(100))
    return [one for one in found if core_name(one.name) == core][:MOST_LIKE]


def _approved_on(document: LegalDocument) -> sa.Select[Question]:
    current = (QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.current_version)
    resting = (Question.legal_document_id == document.id, Question.state == QuestionState.APPROVED)
    return sa.select(Question).join(QuestionVersion, sa.and_(*current)).where(*resting)


def _resting_alike() -> tuple[type[QuestionVersion], sa.ColumnElement[bool]]:
    """Return the versions of a question that rest on what it rests on now, and the condition to join them by."""
    other = aliased(QuestionVersion)
    same = (
        other.question_id == Question.id,
        other.source_document == QuestionVersion.source_document,
        other.source_article == QuestionVersion.source_article,
    )
    return other, sa.and_(*same)


def _is_settled(mark: Mark) -> sa.ColumnElement[bool]:
    """Say whether a question was compared with the text of *mark*, as Comparison.settles does."""
    other, same = _resting_alike()
    reaching = (other.source_checked_at > mark.recorded_at, other.source_checked_to >= mark.since)
    settling = sa.select(other.id).where(same, *reaching)
    return settling.correlate(Question, QuestionVersion).exists()


def _ids(keys: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in portions(sorted(set(keys))):
        query = sa.select(LegalDocument.key, LegalDocument.id).where(LegalDocument.key.in_(some))
        found.update(db.session.execute(query).all())
    return found


def _found(query: sa.Select[LegalDocument]) -> LegalDocument:
    document = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if document is None:
        raise NotFound("source_unknown")
    return document
