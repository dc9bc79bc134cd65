"""Saving answers: the exam's hot path. Its statement checks who is signed in; nothing else is loaded."""

from __future__ import annotations

from flask import request

from app.accounts.access import checked_by_statement, signed_identity
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.sittings import answers
from app.sittings.blueprint import bp

MOST_BYTES = 64 * 1024


@bp.post("/exam/<int:attempt_id>/answers")
@checked_by_statement(Role.TRAINEE)
def save(attempt_id: int) -> dict[str, int]:
    """Take one answer or several as JSON and say what the server holds: held, sequence, remaining_seconds."""
    identity = signed_identity()
    if identity is None:
        raise answers.SignedOut("signed_out")
    moment = now()
    entries = answers.parse_entries(_body())
    receipt = answers.save(attempt_id, entries, identity, now=moment)
    db.session.commit()
    return receipt.to_json(moment)


def _body() -> object:
    """Return the JSON of the request, None for anything that no page of the exam sends."""
    if request.content_length is None or request.content_length > MOST_BYTES:
        return None
    try:
        return request.get_json(silent=True)
    except RecursionError:  # nested by the thousand
        return None
