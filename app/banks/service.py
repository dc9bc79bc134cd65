"""Writing questions and moving them through their life.

What an edit does:
- of a draft that was never approved, by the person who wrote it: the text is replaced, the version number stays;
- of anything else that is not retired (approved, in review, suspended, or somebody else's draft): a new version, in
  draft. An approved question leaves the pool the moment somebody edits it, because the edit says that something about
  it was wrong; papers that were frozen before keep the version they hold.
Who approves must not have written any version since the last approved one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit import events
from app.audit.service import record
from app.banks import duplicates, queries
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.core.actors import Actor
from app.core.db import db
from app.core.errors import ServiceError
from question_bank import lifecycle
from question_bank.errors import LifecycleError
from question_bank.questions import Question as Content


def add_drafts(
    contents: Sequence[Content],
    bank_ids: Mapping[str, int],
    *,
    import_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Add many questions as drafts of *actor* with a handful of statements, whatever their number.

    contents: at version 1, checked by the caller, codes not taken. bank_ids: bank code -> id. Records no event: whoever
    brings questions in bulk records one for all of them. Raises ServiceError("question_codes_taken_meanwhile") if
    somebody was faster.
    """
    shared = {"import_id": import_id, "created_at": now}
    try:
        rows = [{"bank_id": bank_ids[one.bank], "code": one.code, **shared} for one in contents]
        db.session.execute(sa.insert(Question), rows)
    except IntegrityError as error:
        raise ServiceError("question_codes_taken_meanwhile") from error
    ids = queries.ids_by_code([one.code for one in contents])
    versions = [{"question_id": ids[one.code], **_version_values(one, actor, now)} for one in contents]
    db.session.execute(sa.insert(QuestionVersion), versions)


def create(bank: Bank, content: Content, *, actor: Actor, now: datetime) -> Question:
    """Add *content* to *bank* as a draft.

    Raises ServiceError: "question_duplicate" (field "stem"), "question_code_taken" (field "code").
    """
    content = dataclasses.replace(content, version=1, bank=bank.code)
    _refuse_duplicate(content, but=None)
    if queries.ids_by_code([content.code]):
        raise ServiceError("question_code_taken", field="code", question=content.code)
    question = Question(bank=bank, code=content.code, created_at=now)
    question.versions = [QuestionVersion(**_version_values(content, actor, now))]
    db.session.add(question)
    _flush_new(content.code)
    record(events.QuestionSaved(question.id, change="created", version=1), actor=actor, now=now)
    return question


def edit(question: Question, content: Content, *, seen: str, actor: Actor, now: datetime) -> Question:
    """Replace what *question* says by *content*; see the top of this module for what becomes of version and state.

    seen: digest of the version that the editor started from.
    Raises ServiceError: "question_changed_meanwhile", "question_unchanged", "question_retired", "question_duplicate".
    """
    current = _seen_version(question, seen)
    if question.state is QuestionState.RETIRED:
        raise ServiceError("question_retired", question=question.code)
    content = dataclasses.replace(content, version=current.number, code=question.code, bank=question.bank.code)
    if content.digest == current.digest:
        raise ServiceError("question_unchanged")
    _refuse_duplicate(content, but=question.id)
    in_place = _may_rewrite(question, current, actor)
    if in_place:
        for name, value in _columns(content).items():
            setattr(current, name, value)
    else:
        content = dataclasses.replace(content, version=current.number + 1)
        question.versions.append(QuestionVersion(**_version_values(content, actor, now)))
        question.current_version, question.state = content.version, QuestionState.DRAFT
    change = "rewritten" if in_place else "edited"
    record(events.QuestionSaved(question.id, change=change, version=content.version), actor=actor, now=now)
    return question


def move(
    question: Question, target: QuestionState, *, seen: str, reason: str = "", actor: Actor, now: datetime
) -> Question:
    """Move *question* to *target* by the rules of question_bank.lifecycle.

    seen: digest of the version that the actor has read.
    Raises ServiceError: "question_changed_meanwhile", "question_move_not_allowed", "question_author_approves",
    "question_needs_<field>" for a question without explanation, knowledge point or source.
    """
    current = _seen_version(question, seen)
    if target is QuestionState.IN_REVIEW:
        _refuse_incomplete(current)
    _check_move(question, target, actor)
    question.state = target
    if target is QuestionState.APPROVED:
        _sign(current, actor, now)
    moved = events.QuestionMoved(question.id, state=target.value, version=current.number, reason=reason)
    record(moved, actor=actor, now=now)
    return question


def approve_selected(selected: Sequence[tuple[int, str]], *, actor: Actor, now: datetime) -> int:
    """Approve several questions, all or none; returns how many. selected: (question id, digest of what was read).

    Raises ServiceError as move does, naming the question, and "nothing_selected".
    """
    if not selected:
        raise ServiceError("nothing_selected")
    for question_id, seen in sorted(set(selected)):
        question = queries.question_to_change(question_id)
        move(question, QuestionState.APPROVED, seen=seen, actor=actor, now=now)
    return len(set(selected))


def approve_where_possible(questions: Sequence[Question], *, actor: Actor, now: datetime) -> int:
    """Approve those drafts and waiting questions that are complete; one event a bank. Returns how many.

    For banks that arrive as a whole, such as the starter bank. Raises ServiceError("question_author_approves") if
    the actor wrote one of them.
    """
    by_bank: dict[int, int] = {}
    for question in questions:
        current = queries.current_of(question)
        if lifecycle.missing_for_review(queries.content_of(current)):
            continue
        if question.state is QuestionState.DRAFT:
            _check_move(question, QuestionState.IN_REVIEW, actor)
            question.state = QuestionState.IN_REVIEW
        _check_move(question, QuestionState.APPROVED, actor)
        question.state = QuestionState.APPROVED
        _sign(current, actor, now)
        by_bank[question.bank_id] = by_bank.get(question.bank_id, 0) + 1
    for bank_id, count in sorted(by_bank.items()):
        record(events.QuestionsApproved(bank_id, questions=count), actor=actor, now=now)
    return sum(by_bank.values())


def _may_rewrite(question: Question, current: QuestionVersion, actor: Actor) -> bool:
    """Whether the text may be replaced where it stands: a draft of the actor's own that no paper can hold."""
    is_own = _author_of(current) == identity(actor)
    return question.state is QuestionState.DRAFT and is_own and current.approved_at is None


def identity(actor: Actor) -> str:
    """Return what tells one person from another: the account, or the name of who acts without one."""
    return _identity(actor.user_id, actor.name)


def authors(question: Question) -> set[str]:
    """Return who wrote the current version and every version since the last approved one before it."""
    earlier = [version.number for version in question.versions if version.approved_at is not None]
    approved = max((number for number in earlier if number < question.current_version), default=0)
    return {_author_of(version) for version in question.versions if version.number > approved}


def _identity(user_id: int | None, name: str) -> str:
    return f"name:{name[:100]}" if user_id is None else f"user:{user_id}"


def _author_of(version: QuestionVersion) -> str:
    return _identity(version.author_id, version.author_name)


def _version_values(content: Content, author: Actor, now: datetime) -> dict[str, Any]:
    return {
        "number": content.version,
        "author_name": author.name[:100],
        "author_id": author.user_id,
        "created_at": now,
        **_columns(content),
    }


def _columns(content: Content) -> dict[str, Any]:
    return {
        "kind": content.kind,
        "stem": content.stem,
        "difficulty": content.difficulty,
        "knowledge_point": content.knowledge_point,
        "source_document": content.source_document,
        "source_article": content.source_article,
        "payload": content.to_payload(),
        "digest": content.digest,
    }


def _seen_version(question: Question, seen: str) -> QuestionVersion:
    """Return the current version if it is the one that the actor has read; another tab may have been faster."""
    current = queries.current_of(question)
    if current.digest != seen:
        raise ServiceError("question_changed_meanwhile", question=question.code)
    return current


def _refuse_duplicate(content: Content, *, but: int | None) -> None:
    other = duplicates.same_as(content, queries.contents_to_compare(but=but))
    if other is not None:
        raise ServiceError("question_duplicate", field="stem", other=other.code)


def _refuse_incomplete(version: QuestionVersion) -> None:
    missing = lifecycle.missing_for_review(queries.content_of(version))
    if missing:
        raise ServiceError(f"question_needs_{missing[0]}", field=missing[0])


def _check_move(question: Question, target: QuestionState, actor: Actor) -> None:
    try:
        for author in sorted(authors(question)):
            state, to = lifecycle.State(question.state), lifecycle.State(target)
            lifecycle.move(state, to, author=author, actor=identity(actor))
    except LifecycleError as error:
        raise ServiceError(f"question_{error.code}", question=question.code) from error


def _sign(version: QuestionVersion, actor: Actor, now: datetime) -> None:
    version.approved_by_id, version.approved_by_name, version.approved_at = actor.user_id, actor.name[:100], now


def _flush_new(code: str) -> None:
    """Flush; a code that somebody else took between the check and now is refused like one taken before."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise ServiceError("question_code_taken", field="code", question=code) from error
