"""A question stands once: what is refused before it is written, and after, should somebody else have been faster."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from app.banks import across, bulk, duplicates
from app.banks.models import Bank
from app.core.db import db
from app.core.errors import ServiceError
from question_bank.questions import Question as Content


def refuse_duplicate(content: Content, bank: Bank, *, but: int | None) -> None:
    """Refuse *content* for *bank* if it is there already; but: an id to leave out.

    Raises ServiceError: "question_duplicate" or as across.refuse_shared does (field "stem").
    """
    across.refuse_shared(content, bank.purpose, but=but)
    other = duplicates.same_as(content, but=but)
    if other is not None:
        raise ServiceError(other.refusal(bank.purpose), field="stem", **other.data)


def flush(content: Content) -> None:
    """Flush; a code or a question that somebody else brought between the check and now is refused like one before."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if bulk.is_about_fingerprint(error):
            raise ServiceError("question_duplicate_meanwhile", field="stem") from error
        raise ServiceError("question_code_taken", field="code", question=content.code) from error


def refuse_shared_meanwhile(content: Content, bank: Bank) -> None:
    """Refuse *content*, which is written by now, if somebody has brought it for the other purpose since it was begun;
    whoever does after this sees it."""
    across.hold([bank.purpose])
    across.refuse_shared(content, bank.purpose)
