"""What is kept beside a question so that a bank of 100,000 answers as fast as one of 1,000.

Columns to filter and sort by, tags, the search index, the fingerprint of what makes it the same question, the wordings
that tell a question of the other purpose, the bands that questions which read alike share: all of them say again what
the current version says, and all of them are written here. Counts are kept by triggers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.banks import search
from app.banks.models import Question, QuestionBand, QuestionTag, QuestionWording
from app.core.db import db
from question_bank.fingerprint import fingerprint
from question_bank.questions import Question as Content
from question_bank.search_text import search_text, tokens
from question_bank.similarity import bands
from question_bank.wording import Wordings

_BANDS_SQLITE = "INSERT INTO question_band (value, question_id) VALUES (?, ?)"
_BANDS_POSTGRESQL = (
    "INSERT INTO question_band (value, question_id)"
    " SELECT * FROM unnest(CAST(:value AS bigint[]), CAST(:question_id AS bigint[]))"
)


def columns(content: Content) -> dict[str, Any]:
    """Return the columns of Question that copy what *content*, its current version, says."""
    return {
        "kind": content.kind,
        "difficulty": content.difficulty,
        "knowledge_point": content.knowledge_point,
        "source_document": content.source_document,
        "search_text": search_text(content.code, content.plain_stem),
        "fingerprint": fingerprint(content),
    }


def version_columns(content: Content) -> dict[str, Any]:
    """Return the columns of QuestionVersion that hold and copy *content*; stem: in plain text."""
    return {
        "kind": content.kind,
        "stem": content.plain_stem,
        "difficulty": content.difficulty,
        "knowledge_point": content.knowledge_point,
        "source_document": content.source_document,
        "source_article": content.source_article,
        "payload": content.to_payload(),
        "digest": content.digest,
    }


@dataclass(frozen=True)
class Beside:
    """What stands in tables of its own: tags, bands, the tokens of the search index in one text, and wordings, of which
    those that the question looks for are not written."""

    tags: tuple[str, ...]
    bands: tuple[int, ...]
    tokens: str
    wordings: Wordings


def beside(content: Content) -> Beside:
    """Return what stands beside a question that says *content*; needs no database."""
    found = tokens(search_text(content.code, content.plain_stem))
    return Beside(content.tags, bands(content.plain_stem), " ".join(found), content.wordings)


@dataclass(frozen=True)
class Draft:
    """A question to come in, with all that can be worked out without the database.

    That takes longer than writing it, and on SQLite nobody else can write meanwhile: an import makes its drafts first.
    """

    content: Content
    question: Mapping[str, Any]
    version: Mapping[str, Any]
    beside: Beside


def draft_of(content: Content) -> Draft:
    """Return *content*, which is at version 1, ready to be written."""
    return Draft(content, columns(content), version_columns(content), beside(content))


def add(questions: Sequence[tuple[int, int, Beside]]) -> None:
    """Write what stands beside questions that have nothing there yet: (id, id of the bank, what to write) of each."""
    tags = [{"question_id": own, "tag": tag, "bank_id": bank} for own, bank, new in questions for tag in new.tags]
    values = [{"value": value, "question_id": own} for own, _bank, new in questions for value in new.bands]
    known = [
        {"question_id": own, "digest": one.digest, "part": one.part}
        for own, _bank, new in questions
        for one in new.wordings.own
    ]
    if tags:
        db.session.execute(sa.insert(QuestionTag), tags)
    if known:
        db.session.execute(sa.insert(QuestionWording), known)
    if values and db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text(_BANDS_POSTGRESQL), search.as_columns(values))
    elif values:  # straight to the driver, which takes them as they are; in order, so that a page is written once
        rows = sorted((one["value"], one["question_id"]) for one in values)
        db.session.connection().exec_driver_sql(_BANDS_SQLITE, rows)
    search.add([(own, bank, new.tokens) for own, bank, new in questions])


def renew(question: Question, content: Content) -> None:
    """Write what stands beside *question* anew: its current version has become *content*."""
    for table in (QuestionTag, QuestionWording, QuestionBand):
        db.session.execute(sa.delete(table).where(table.question_id == question.id))
    search.remove([question.id])
    add([(question.id, question.bank_id, beside(content))])
