"""The page on which a question is written: its form and what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import render_template, request

from app.banks import drafting, queries, remarks, suggesting
from app.banks.forms import QuestionForm
from app.banks.models import Bank, Question, QuestionCount, QuestionState, QuestionVersion
from app.core.db import db
from question_bank.kinds import KINDS
from question_bank.questions import Question as Content
from question_bank.rich_text import ELEMENTS


@dataclass(frozen=True)
class Newer:
    """What somebody else saved while the form was filled in: the version that the form began from, and the newest.

    begun: None where that version was rewritten in place, so that there is nothing to compare with.
    """

    begun: QuestionVersion | None
    newest: QuestionVersion


def writing_page(
    form: QuestionForm,
    bank: Bank,
    kind: str,
    question: Question | None,
    *,
    preview: Content | None = None,
    to_kind: str = "",
    lost: Sequence[str] = (),
) -> str:
    """Return the page of *form*.

    question: the one that is edited, None for a new one. to_kind, lost: the kind that is asked for, and what of the
    form it has no place for, in words.
    """
    more: dict[str, Any] = drafting.offered(form)
    if question is not None:
        more |= {"newer": _newer(form, question), "others": _others_approved(question)}
    return render_template(
        "banks/write.html",
        form=form,
        bank=bank,
        kind=KINDS[kind],
        question=question,
        preview=preview,
        scaled=[remarks.scaled_words(one) for one in remarks.scaled(preview)] if preview else [],
        to_kind=to_kind,
        lost=lost,
        knowledge_points=suggesting.knowledge_points(bank),
        source_documents=suggesting.source_documents(bank),
        rich_elements=sorted(ELEMENTS),
        **more,
    )


def _newer(form: QuestionForm, question: Question) -> Newer | None:
    """Return what was saved since the form was opened, None for nothing; the form can say that it was read since."""
    newest = queries.current_of(question)
    if request.method == "GET" or form.seen.data == newest.digest:
        return None
    if form.newest.data != newest.digest:
        form.newest.data, form.has_read_newest.data = newest.digest, False
    begun = next((one for one in question.versions if one.digest == form.seen.data), None)
    return Newer(begun, newest)


def _others_approved(question: Question) -> int:
    """Return how many approved questions of its kind the bank has besides *question*."""
    count = sa.func.coalesce(sa.func.sum(QuestionCount.questions), 0)
    of_kind = (QuestionCount.bank_id == question.bank_id, QuestionCount.kind == question.kind)
    approved = db.session.scalar(sa.select(count).where(*of_kind, QuestionCount.state == QuestionState.APPROVED))
    return int(approved or 0) - (question.state is QuestionState.APPROVED)
