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
    """is_source_checked: approved though its document has changed, compared with the articles as they read now."""

    state: str
    version: int
    reason: str = ""
    is_source_checked: bool = False
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
