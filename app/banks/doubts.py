"""What puts a question in doubt: the marks of its document that it was not yet compared with.

One rule (question_bank.sources.is_in_doubt) decides what leaves the pool, what a reviewer is told, and what may be
approved. A mark in effect refuses the approval, until the reviewer says to have compared; one whose day lies ahead ends
the question the day before, unless the reviewer says to have compared with that text as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.banks import documents
from app.banks.models import Question, QuestionVersion
from app.banks.models_documents import LegalDocument, LegalDocumentMark
from app.core.clock import local_day
from app.core.errors import ServiceError
from question_bank.errors import LifecycleError
from question_bank.questions import Question as Content
from question_bank.sources import Comparison, Standing, check_source, compared_to, is_in_doubt, last_day


@dataclass(frozen=True)
class Doubts:
    """The marks that put a question in doubt. in_effect: of a day that has come; ahead: of one still to come."""

    document: LegalDocument | None
    in_effect: tuple[LegalDocumentMark, ...]
    ahead: tuple[LegalDocumentMark, ...]

    @property
    def is_repealed(self) -> bool:
        """Whether nothing but another document helps."""
        return any(mark.standing is Standing.REPEALED for mark in self.in_effect)

    @property
    def to_compare(self) -> tuple[LegalDocumentMark, ...]:
        """The changes in effect: approving takes the reviewer's word to have compared the question with them all."""
        return () if self.is_repealed else self.in_effect

    @property
    def to_compare_ahead(self) -> tuple[LegalDocumentMark, ...]:
        """The changes to come: that word, given for them as well, keeps the question in use beyond their day."""
        return () if self.is_repealed else tuple(one for one in self.ahead if one.standing is Standing.CHANGED)

    @property
    def days_ahead(self) -> list[str]:
        """The days of the changes to come, in order."""
        return sorted({mark.since.isoformat() for mark in self.to_compare_ahead})

    @property
    def replaced_by(self) -> str:
        """Return what takes the document's place, as last recorded; "" if nothing is."""
        named = [mark.replaced_by for mark in (*self.in_effect, *self.ahead) if mark.replaced_by]
        return named[-1] if named else ""


def doubts_of(question: Question, content: Content, day: date) -> Doubts:
    """Return what on *day* puts *question*, loaded with its document and versions, in doubt as it says *content*."""
    return doubts_on(question.legal_document, question, content, day)


def doubts_on(document: LegalDocument | None, question: Question, content: Content, day: date) -> Doubts:
    """Return the same of *content* that another version says, which rests on *document*."""
    found = _in_doubt(question, content, documents.marks_of(document))
    in_effect = tuple(mark for mark in found if mark.is_in_effect(day))
    return Doubts(document, in_effect, tuple(mark for mark in found if mark not in in_effect))


def is_outdated(question: Question, content: Content, day: date) -> bool:
    """Whether *question* rests on what was changed or repealed and was not compared with it."""
    return bool(doubts_of(question, content, day).in_effect)


def refuse_repealed(question: Question, content: Content, day: date) -> None:
    """Raise ServiceError("question_source_repealed") if *question* rests on a document that is repealed.

    What has changed is compared by who approves; what is repealed would be refused there in any case.
    """
    found = _in_doubt(question, content, documents.marks_to_judge(question))
    _refuse(question, content, [mark for mark in found if mark.standing is Standing.REPEALED], day)


def settle(
    question: Question, current: QuestionVersion, content: Content, *, compared: Collection[int], now: datetime
) -> list[LegalDocumentMark]:
    """Weigh the source of *question* as it is approved: write down how far it was compared, and the last day on which
    it is drawn. Returns the marks with whose text it was compared.

    compared: ids of the marks with whose text the reviewer says to have compared it; no other is settled by that.

    Raises ServiceError: "question_source_repealed", "question_source_changed" if a change in effect is not among them.
    """
    found = _in_doubt(question, content, documents.marks_to_judge(question))
    done = [mark for mark in found if mark.standing is Standing.CHANGED and mark.id in compared]
    left = [mark for mark in found if mark not in done]
    _refuse(question, content, left, local_day(now))
    question.source_to = last_day(content, map(documents.as_mark, left))
    if done:
        known = comparisons(question, content)
        to = compared_to(local_day(now), known, map(documents.as_mark, done), map(documents.as_mark, left))
        current.source_checked_at, current.source_checked_to = now, to
    return done


def end_with_source(question: Question, content: Content) -> None:
    """Let *question*, loaded with its document and versions, be drawn no longer than its marks allow."""
    marks = documents.marks_of(question.legal_document)
    question.source_to = last_day_of(content, marks, comparisons(question, content))


def last_day_of(content: Content, marks: Iterable[LegalDocumentMark], compared: Collection[Comparison]) -> date | None:
    """Return the last day on which *content*, compared so far, may be drawn under those of *marks* whose questions are
    still in the pool; None: open."""
    ahead = [documents.as_mark(mark) for mark in marks if mark.carried_out_at is None]
    return last_day(content, [mark for mark in ahead if is_in_doubt(content, mark, compared)])


def comparisons(question: Question, content: Content) -> list[Comparison]:
    """Return the comparisons of *question* with its document, made while it rested on what *content* rests on."""
    source = (content.source_document, content.source_article)
    return [
        Comparison(one.source_checked_at, one.source_checked_to)
        for one in question.versions
        if one.source_checked_at and one.source_checked_to and (one.source_document, one.source_article) == source
    ]


def _refuse(question: Question, content: Content, found: Iterable[LegalDocumentMark], day: date) -> None:
    try:
        check_source(content, [documents.as_mark(mark) for mark in found if mark.is_in_effect(day)])
    except LifecycleError as error:
        document = content.source_document
        raise ServiceError(f"question_{error.code}", question=question.code, document=document) from error


def _in_doubt(question: Question, content: Content, marks: Iterable[LegalDocumentMark]) -> list[LegalDocumentMark]:
    compared = comparisons(question, content)
    return [mark for mark in marks if is_in_doubt(content, documents.as_mark(mark), compared)]
