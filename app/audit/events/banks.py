"""Questions and exam blueprints."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class QuestionSaved(Event):
    change: str
    version: int
    subject_type = "question"


@dataclass(frozen=True)
class QuestionMoved(Event):
    """is_source_checked: approved though its document has changed, compared with the articles as they read now.
    checked_ahead: the days of changes to come with whose text it was compared. Of an event written before that was
    told apart, is_source_checked says either."""

    state: str
    version: int
    reason: str = ""
    is_source_checked: bool = False
    checked_ahead: tuple[str, ...] = ()
    subject_type = "question"


@dataclass(frozen=True)
class QuestionDraftDiscarded(Event):
    """The versions *discarded* are given up: *version*, the last approved one, counts again, and the question becomes
    approved, or suspended: because it was before they were written, or because of *document*, if that is named.

    document_id, document, standing, changed_on: of the mark that puts *version* in doubt.
    """

    version: int
    discarded: tuple[int, ...]
    becomes: str
    document_id: int | None = None
    document: str = ""
    standing: str = ""
    changed_on: str = ""
    subject_type = "question"


@dataclass(frozen=True)
class QuestionsSubmitted(Event):
    """Questions of one bank were sent to review in one step; which ones, so that each one's timeline can tell it."""

    question_ids: tuple[int, ...]
    subject_type = "bank"


@dataclass(frozen=True)
class QuestionsApproved(Event):
    questions: int
    subject_type = "bank"


@dataclass(frozen=True)
class QuestionCommented(Event):
    """Somebody said something about a question; what it is stands in question_comment."""

    comment_id: int
    version: int
    subject_type = "question"


@dataclass(frozen=True)
class StarterQuestionsLoaded(Event):
    questions: int
    subject_type = "bank"


@dataclass(frozen=True)
class BlueprintSaved(Event):
    course: str
    number: int
    change: str
    digest: str
    subject_type = "exam_blueprint"


@dataclass(frozen=True)
class BlueprintMoved(Event):
    course: str
    number: int
    state: str
    digest: str
    reason: str = ""
    subject_type = "exam_blueprint"
