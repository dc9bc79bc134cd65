"""Writing many questions at once, with a handful of statements whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.banks import copies, documents, queries
from app.banks.models import Question, QuestionVersion
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError


def write(
    drafts: Sequence[copies.Draft],
    bank_ids: Mapping[str, int],
    known: Mapping[str, int],
    *,
    import_id: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write *drafts* with one statement a table; known: ids of their documents, as documents.register gives them.

    Raises ServiceError as service.add_drafts does.
    """
    shared = {"import_id": import_id, "author_id": actor.user_id, "created_at": now}
    contents = [draft.content for draft in drafts]
    rows = [
        {"bank_id": bank_ids[one.bank], "code": one.code, **shared, **own.question, **documents.rests_on(one, known)}
        for one, own in zip(contents, drafts, strict=True)
    ]
    try:
        # Without render_nulls, every change between rows that rest on a known document and rows that do not would be a
        # statement of its own.
        db.session.execute(sa.insert(Question).execution_options(render_nulls=True), rows)
    except IntegrityError as error:
        is_twin = is_about_fingerprint(error)
        raise ServiceError("question_duplicates_meanwhile" if is_twin else "question_codes_taken_meanwhile") from error
    ids = queries.ids_by_code([one.code for one in contents])
    by = written_by(actor, now)
    versions = [{"question_id": ids[own.content.code], "number": 1, **by, **own.version} for own in drafts]
    db.session.execute(sa.insert(QuestionVersion), versions)
    copies.add([(ids[one.code], bank_ids[one.bank], own.beside) for one, own in zip(contents, drafts, strict=True)])


def written_by(author: Actor, now: datetime) -> dict[str, Any]:
    """Return the columns of QuestionVersion that say who wrote it and when."""
    return {"author_name": author.name[:100], "author_id": author.user_id, "created_at": now}


def is_about_fingerprint(error: IntegrityError) -> bool:
    """Say whether *error* is that the same question is there already, and not that its code is taken."""
    return "fingerprint" in str(error.orig)
