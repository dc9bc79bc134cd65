"""What a sitting froze, read for a replay: what cannot be read or does not agree is noted, nothing is raised.

Whoever changed a record by hand may have left anything behind, a text that is no JSON, a seed that no key opens. A
replay must say so like any other difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.banks.models import QuestionVersion
from app.core.db import CANNOT_READ, db, portions
from app.core.personal import PersonalDataError
from app.sittings.models import Sitting
from question_bank.blueprint import Blueprint
from question_bank.errors import BlueprintError, FairnessError, InvalidQuestionError, PoolError
from question_bank.fairness import commit
from question_bank.pool import Pool
from question_bank.questions import Question

UNREADABLE: Final = "unreadable"
"""Stands for a value that is in the database and cannot be read."""

_CANNOT_READ = (*CANNOT_READ, PersonalDataError)


@dataclass(frozen=True)
class Difference:
    """One place where the record disagrees with what follows from what was frozen, or with the audit chain.

    field: of the draw, as question_bank.fairness.Difference has it, or "seed", "seed_commitment", "question_version";
    of the paper "paper", "paper_digest", or a name inside it such as "question.stem"; of the result "answer",
    "answers_digest", "score", "maximum", "passed", "mark", "rule"; "attempt" for one that is not there any more;
    "audit_..." where the audit chain says otherwise.
    position: of the question in the paper, from 1; None for the paper or the sitting as a whole.
    recorded, replayed: as text.
    """

    field: str
    position: int | None
    recorded: str
    replayed: str


@dataclass(frozen=True)
class Frozen:
    """What the papers of one sitting were drawn from; None for what cannot be read. differences: what disagrees."""

    blueprint: Blueprint | None
    pool: Pool | None
    seed: bytes | None
    pass_percent: int | None
    commitment: str
    pool_digest: str
    differences: tuple[Difference, ...]


def frozen_of(sitting_id: int) -> Frozen:
    """Return what the sitting froze. The pool is read from the question versions, not from memory."""
    columns = (Sitting.blueprint, Sitting.pool, Sitting.exposure, Sitting.pool_digest, Sitting.seed)
    row = read(Sitting.id == sitting_id, *columns, Sitting.seed_commitment, Sitting.rule)
    notes: list[Difference] = []
    blueprint = _blueprint(row["blueprint"], notes)
    pool = _pool(row["pool"], row["exposure"], row["pool_digest"], notes)
    seed = _seed(row["seed"], row["seed_commitment"], notes)
    pass_percent = row["rule"].get("pass_percent") if isinstance(row["rule"], Mapping) else None
    if type(pass_percent) is not int:
        notes.append(Difference("rule", None, shown(row["rule"]), "no pass mark"))
        pass_percent = None
    return Frozen(blueprint, pool, seed, pass_percent, row["seed_commitment"], row["pool_digest"], tuple(notes))


def read(where: sa.ColumnElement[bool], *columns: InstrumentedAttribute[Any]) -> dict[str, Any]:
    """Return the one row that *where* names, by column name; UNREADABLE for each value that is so."""
    try:
        return dict(db.session.execute(sa.select(*columns).where(where)).mappings().one())
    except _CANNOT_READ:
        return {column.key: _value(where, column) for column in columns}


def shown(value: object) -> str:
    """Return *value* as text, of a readable length."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _value(where: sa.ColumnElement[bool], column: InstrumentedAttribute[Any]) -> Any:
    try:
        return db.session.execute(sa.select(column).where(where)).scalar_one()
    except _CANNOT_READ:
        return UNREADABLE


def _blueprint(payload: object, notes: list[Difference]) -> Blueprint | None:
    try:
        return Blueprint.from_payload(payload)
    except BlueprintError as error:
        notes.append(Difference("blueprint", None, shown(payload), f"damaged: {error}"))
        return None


def _seed(text: str, commitment: str, notes: list[Difference]) -> bytes | None:
    """Return the seed, also one that does not belong to the commitment: the papers then show what it draws."""
    try:
        seed = bytes.fromhex(text)
        committed = commit(seed)
    except (ValueError, FairnessError):
        notes.append(Difference("seed", None, f"committed as {commitment}", "not 32 bytes in hexadecimal digits"))
        return None
    if committed != commitment:
        notes.append(Difference("seed_commitment", None, commitment, committed))
    return seed


def _pool(ids: object, exposure: object, digest: str, notes: list[Difference]) -> Pool | None:
    if not isinstance(ids, list) or not all(type(each) is int for each in ids):
        notes.append(Difference("pool", None, digest, f"damaged: {shown(ids)}"))
        return None
    if not isinstance(exposure, Mapping):
        notes.append(Difference("pool", None, digest, f"damaged exposure: {shown(exposure)}"))
        return None
    questions = [question for question in _questions(ids, notes) if question is not None]
    try:
        pool = Pool(questions, exposure)
    except PoolError as error:
        notes.append(Difference("pool", None, digest, f"damaged: {error}"))
        return None
    if pool.digest != digest:
        notes.append(Difference("pool", None, digest, pool.digest))
    return pool


def _questions(ids: Sequence[int], notes: list[Difference]) -> Iterator[Question | None]:
    for part in portions(ids):
        rows = _versions(part)
        for version_id in part:
            yield _question(version_id, rows.get(version_id), notes)


def _versions(ids: Sequence[int]) -> dict[int, tuple[str, Any]]:
    """Return digest and payload by id; one by one if there is an unreadable one among them."""
    query = sa.select(QuestionVersion.id, QuestionVersion.digest, QuestionVersion.payload)
    try:
        rows = db.session.execute(query.where(QuestionVersion.id.in_(ids))).all()
        return {row.id: (row.digest, row.payload) for row in rows}
    except _CANNOT_READ:
        there = db.session.scalars(sa.select(QuestionVersion.id).where(QuestionVersion.id.in_(ids))).all()
        columns = (QuestionVersion.digest, QuestionVersion.payload)
        found = {each: read(QuestionVersion.id == each, *columns) for each in there}
        return {each: (row["digest"], row["payload"]) for each, row in found.items()}


def _question(version_id: int, row: tuple[str, Any] | None, notes: list[Difference]) -> Question | None:
    """Return the question of one version, also one that was changed: the papers then show where it stands."""
    if row is None:
        notes.append(Difference("question_version", None, f"version {version_id}", "missing"))
        return None
    digest, payload = row
    try:
        question = Question.from_payload(payload)
    except (*_CANNOT_READ, InvalidQuestionError) as error:
        notes.append(Difference("question_version", None, f"version {version_id} {digest}", f"damaged: {error}"))
        return None
    if question.digest != digest:
        name = f"{question.code} version {question.version}"
        notes.append(Difference("question_version", None, f"{name} {digest}", question.digest))
    return question
