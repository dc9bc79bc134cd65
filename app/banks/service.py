"""Writing questions and moving them through their life.

What an edit does:
- of a draft that was never approved, by the person who wrote it: the text is replaced, the version number stays;
- of anything else that is not retired (approved, in review, suspended, or somebody else's draft): a new version, in
  draft. An approved question leaves the pool the moment somebody edits it, because the edit says that something about
  it was wrong; papers that were frozen before keep the version they hold.
An edit of what was approved can be taken back (discarding); no number is used again after that.
Who approves must not have written any version since the last approved one (two_people).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from app.audit import events
from app.audit.service import record
from app.banks import across, bulk, copies, documents, doubts, once, pictures, queries
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.banks.models_documents import LegalDocumentMark
from app.banks.two_people import author_of, authors, has_no_author, identity, is_sender
from app.core import jobs
from app.core.actors import Actor
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import ServiceError
from question_bank import lifecycle
from question_bank.errors import LifecycleError
from question_bank.questions import Question as Content

WRITTEN_AT_ONCE = 1_000


def add_drafts(
    drafts: Sequence[copies.Draft],
    bank_ids: Mapping[str, int],
    *,
    import_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Add many questions as drafts of *actor* with a handful of statements for every thousand.

    drafts: checked by the caller, codes not taken, none there already. bank_ids: bank code -> id. Records no event:
    whoever brings questions in bulk records one for all of them. Raises ServiceError if somebody was faster:
    "question_codes_taken_meanwhile", "question_duplicates_meanwhile".
    """
    contents = [draft.content for draft in drafts]
    across.take_turns()
    # All documents first: two who bring many would else wait for each other.
    known = documents.register((one.source_document for one in contents), now=now)
    for start in range(0, len(drafts), WRITTEN_AT_ONCE):
        jobs.report(start, len(drafts))
        batch = drafts[start : start + WRITTEN_AT_ONCE]
        bulk.write(batch, bank_ids, known, import_id=import_id, actor=actor, now=now)
    purposes = queries.purposes({bank_ids[one.bank] for one in contents})
    across.hold(purposes.values())
    for purpose in set(purposes.values()):  # also of one another, should they be of both
        if across.shared_by([one.wordings for one in contents if purposes[bank_ids[one.bank]] is purpose], purpose):
            raise ServiceError("question_duplicates_meanwhile")


def create(bank: Bank, content: Content, *, actor: Actor, now: datetime) -> Question:
    """Add *content* to *bank* as a draft.

    Raises ServiceError: as once.refuse_duplicate does, "question_picture_unknown" (field "stem"), "question_code_taken"
    (field "code").
    """
    content = dataclasses.replace(content, version=1, bank=bank.code)
    pictures.claim_all(content)
    once.refuse_duplicate(content, bank, but=None)
    if queries.ids_by_code([content.code]):
        raise ServiceError("question_code_taken", field="code", question=content.code)
    question = Question(bank=bank, code=content.code, created_at=now, **_question_values(content, actor, now))
    question.versions = [QuestionVersion(**_version_values(content, actor, now))]
    db.session.add(question)
    once.flush(content)
    copies.add([(question.id, bank.id, copies.beside(content))])
    once.refuse_shared_meanwhile(content, bank)
    record(events.QuestionSaved(question.id, change="created", version=1), actor=actor, now=now)
    return question


def edit(question: Question, content: Content, *, seen: str, actor: Actor, now: datetime) -> Question:
    """Replace what *question* says by *content*; see the top of this module for what becomes of version and state.

    seen: digest of the version that the editor started from.
    Raises ServiceError: "question_changed_meanwhile", "question_unchanged", "question_retired",
    "question_picture_unknown", and as once.refuse_duplicate does.
    """
    current = seen_version(question, seen)
    if question.state is QuestionState.RETIRED:
        raise ServiceError("question_retired", question=question.code)
    content = dataclasses.replace(content, version=current.number, code=question.code, bank=question.bank.code)
    if content.digest == current.digest:
        raise ServiceError("question_unchanged")
    pictures.claim_all(content)
    once.refuse_duplicate(content, question.bank, but=question.id)
    in_place = _may_rewrite(question, current, actor)
    if in_place:
        for name, value in copies.version_columns(content).items():
            setattr(current, name, value)
    else:
        content = dataclasses.replace(content, version=question.versions[-1].number + 1)
        question.versions.append(QuestionVersion(**_version_values(content, actor, now)))
        question.current_version, question.state = content.version, QuestionState.DRAFT
    for name, value in _question_values(content, actor, now).items():
        setattr(question, name, value)
    once.flush(content)
    copies.renew(question, content)
    once.refuse_shared_meanwhile(content, question.bank)
    change = "rewritten" if in_place else "edited"
    record(events.QuestionSaved(question.id, change=change, version=content.version), actor=actor, now=now)
    return question


def move(
    question: Question,
    target: QuestionState,
    *,
    seen: str,
    reason: str = "",
    compared: Collection[int] = (),
    actor: Actor,
    now: datetime,
) -> Question:
    """Move *question* to *target* by the rules of question_bank.lifecycle.

    seen: digest of the version that the actor has read. compared: ids of the marks of its document with whose text the
    actor has compared it; to approve, all those in effect are needed.
    Raises ServiceError: "question_changed_meanwhile", "question_move_not_allowed", "question_author_approves",
    "question_sender_approves" for one without author, "question_needs_<field>" for a question without explanation,
    knowledge point or source, "question_source_repealed" (to review, to approve), "question_source_changed" (to
    approve).
    """
    current = seen_version(question, seen)
    checked: list[LegalDocumentMark] = []
    if target is QuestionState.IN_REVIEW:
        _refuse_incomplete(current)
    _check_move(question, target, actor)
    if target is QuestionState.IN_REVIEW:
        doubts.refuse_repealed(question, queries.content_of(current), local_day(now))
        question.submitted_at = now
    if target is QuestionState.APPROVED:
        content = queries.content_of(current)
        checked = doubts.settle(question, current, content, compared=compared, now=now)
        _approve([(question, current)], actor, now)
    question.state = target
    of_today = [mark for mark in checked if mark.is_in_effect(local_day(now))]
    moved = events.QuestionMoved(
        question.id,
        state=target.value,
        version=current.number,
        reason=reason,
        is_source_checked=bool(of_today),
        checked_ahead=tuple(sorted({mark.since.isoformat() for mark in checked if mark not in of_today})),
    )
    record(moved, actor=actor, now=now)
    return question


def approve_selected(
    selected: Sequence[tuple[int, str]],
    *,
    compared: Mapping[int, Collection[int]] = MappingProxyType({}),
    actor: Actor,
    now: datetime,
) -> int:
    """Approve several questions, all or none; returns how many. selected: (question id, digest of what was read).

    compared: question id -> ids of the marks with whose text it was compared.
    Documents and questions are held before the first is moved, in the order in which whoever marks a document takes
    them, for every move takes the head of the audit chain until the commit.
    Raises ServiceError as move does, naming the question, and "nothing_selected".
    """
    if not selected:
        raise ServiceError("nothing_selected")
    wanted = sorted(set(selected))
    documents.hold_of(question_id for question_id, _seen in wanted)
    held = [(queries.question_to_change(question_id), seen) for question_id, seen in wanted]
    for question, seen in held:
        given = compared.get(question.id, ())
        move(question, QuestionState.APPROVED, seen=seen, compared=given, actor=actor, now=now)
    return len(wanted)


def approve_where_possible(questions: Sequence[Question], *, actor: Actor, now: datetime) -> int:
    """Approve those drafts and waiting questions that are complete and not outdated by a change of their document; one
    event a bank. Returns how many.

    For banks that arrive as a whole, such as the starter bank. Imported questions without author stay, for nobody else
    would have answered for them. Raises ServiceError("question_author_approves") if the actor wrote one of them.
    """
    by_bank: dict[int, int] = {}
    ready: list[tuple[Question, QuestionVersion]] = []
    day = local_day(now)
    documents.hold(question.legal_document_id for question in questions)
    for question in questions:
        current = queries.current_of(question)
        content = queries.content_of(current)
        is_outdated = doubts.is_outdated(question, content, day)
        if lifecycle.missing_for_review(content) or is_outdated or has_no_author(question):
            continue
        if question.state is QuestionState.DRAFT:
            _check_move(question, QuestionState.IN_REVIEW, actor)
            question.state = QuestionState.IN_REVIEW
        _check_move(question, QuestionState.APPROVED, actor)
        doubts.end_with_source(question, content)
        ready.append((question, current))
        by_bank[question.bank_id] = by_bank.get(question.bank_id, 0) + 1
    _approve(ready, actor, now)
    for bank_id, count in sorted(by_bank.items()):
        record(events.QuestionsApproved(bank_id, questions=count), actor=actor, now=now)
    return sum(by_bank.values())


def _may_rewrite(question: Question, current: QuestionVersion, actor: Actor) -> bool:
    """Whether the text may be replaced where it stands: a draft of the actor's own that no paper can hold."""
    is_own = author_of(current) == identity(actor)
    return question.state is QuestionState.DRAFT and is_own and current.approved_at is None


def _version_values(content: Content, author: Actor, now: datetime) -> dict[str, Any]:
    return {"number": content.version, **bulk.written_by(author, now), **copies.version_columns(content)}


def _question_values(content: Content, author: Actor, now: datetime) -> dict[str, Any]:
    """Return the columns of Question that follow from *content*, written by *author*."""
    known = documents.register([content.source_document], now=now)
    return {**copies.columns(content), **documents.rests_on(content, known), "author_id": author.user_id}


def seen_version(question: Question, seen: str) -> QuestionVersion:
    """Return the current version if it is the one that the actor has read; another tab may have been faster.

    Raises ServiceError("question_changed_meanwhile").
    """
    current = queries.current_of(question)
    if current.digest != seen:
        raise ServiceError("question_changed_meanwhile", question=question.code)
    return current


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
    if target is QuestionState.APPROVED and is_sender(question, actor):
        raise ServiceError("question_sender_approves", question=question.code)


def _approve(ready: Sequence[tuple[Question, QuestionVersion]], actor: Actor, now: datetime) -> None:
    """Sign these current versions, then let their questions say so: the database refuses the other order."""
    for _question, version in ready:
        version.approved_by_id, version.approved_by_name, version.approved_at = actor.user_id, actor.name[:100], now
    db.session.flush()
    for question, _version in ready:
        question.state = QuestionState.APPROVED
