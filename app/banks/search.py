"""The search index of the questions: one table that each database has in its own kind (migration 0003).

SQLite: FTS5 over the tokens of question_bank.search_text. PostgreSQL: GIN over the same tokens as a tsvector. Nothing
else in the program knows the difference. The index proposes; whether a question contains the words is asked of its
text (`contains`), so that what is found is exact on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from question_bank.search_text import tokens_of_word

_INSERT = {
    "sqlite": "INSERT INTO question_search (rowid, tokens) VALUES (:id, :tokens || ' bank' || :bank_id)",
    "postgresql": "INSERT INTO question_search (question_id, bank_id, tokens)"
    " SELECT id, bank_id, array_to_tsvector(string_to_array(tokens, ' ')) FROM unnest(CAST(:id AS bigint[]),"
    " CAST(:bank_id AS bigint[]), CAST(:tokens AS text[])) AS new (id, bank_id, tokens)",
}
_DELETE = {
    "sqlite": "DELETE FROM question_search WHERE rowid = :id",
    "postgresql": "DELETE FROM question_search WHERE question_id = :id",
}
_FIND = {
    "sqlite": "SELECT rowid AS question_id FROM question_search WHERE question_search MATCH :asked",
    "postgresql": "SELECT question_id FROM question_search WHERE tokens @@ CAST(:asked AS tsquery)",
}


def add(questions: Sequence[tuple[int, int, str]]) -> None:
    """Index questions that are not in the index: (id, id of the bank, tokens with blanks between) of each."""
    rows = [{"id": one, "bank_id": bank, "tokens": tokens} for one, bank, tokens in questions]
    if rows:
        db.session.execute(sa.text(_INSERT[_dialect()]), rows if _dialect() == "sqlite" else as_columns(rows))


def as_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return *rows* as lists by column: PostgreSQL takes a thousand rows in three arrays far faster than one by one."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def remove(question_ids: Iterable[int]) -> None:
    """Take questions out of the index. A deleted question needs no call: a trigger takes it out."""
    rows = [{"id": one} for one in question_ids]
    if rows:
        db.session.execute(sa.text(_DELETE[_dialect()]), rows)


def candidates(words: Sequence[str], bank_id: int | None) -> sa.Select[Any]:
    """Select the ids of the questions that have all tokens of the folded *words* (at least one), of one bank or of all.

    Every question that contains the words is among them; ask `contains` of each.
    """
    asked = [token for word in words for token in tokens_of_word(word)]
    if _dialect() == "sqlite":
        own = [] if bank_id is None else [f"bank{bank_id}"]
        found = sa.text(_FIND["sqlite"]).bindparams(asked=" AND ".join([*own, *asked]))
    else:
        found = sa.text(_FIND["postgresql"] if bank_id is None else _FIND["postgresql"] + " AND bank_id = :bank_id")
        found = found.bindparams(asked=" & ".join(f"'{token}'" for token in asked))
        found = found if bank_id is None else found.bindparams(bank_id=bank_id)
    return sa.select(found.columns(sa.column("question_id", sa.BigInteger)).subquery("found").c.question_id)


def contains(text: Any, words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that the column *text* (search texts) contains each of the folded *words*."""
    return [text.contains(word, autoescape=True) for word in words]


def _dialect() -> str:
    return db.engine.dialect.name
