"""Writing blueprints, putting them in use, retiring them.

What saving does: a draft is replaced where it stands by the person who wrote it; anything else (somebody else's draft,
one in use) is kept, and what is saved becomes the next number, a draft. Somebody else's draft retires by it.
Who puts a draft in use must have written neither it nor any of the drafts that it was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.audit import events
from app.audit.service import record
from app.banks.exam_blueprints import checking, queries
from app.banks.exam_blueprints.course_exam import course_in_catalogue, exam_of, unfit
from app.banks.exam_blueprints.models import BlueprintState, ExamBlueprint
from app.banks.two_people import identity
from app.core.actors import Actor, Role
from app.core.clock import local_day
from app.core.db import db
from app.core.errors import NotFound, ServiceError
from question_bank.blueprint import Blueprint
from question_bank.canonical import digest_of


def starting_point(versions: Sequence[ExamBlueprint]) -> ExamBlueprint | None:
    """Return what an edit begins from: the draft, else what is in use; None if the rule's own blueprint is."""
    by_state = {each.state: each for each in versions}
    return by_state.get(BlueprintState.DRAFT) or by_state.get(BlueprintState.IN_USE)


def seen_of(row: ExamBlueprint | None) -> str:
    """Return what a page carries to say what it showed: the version with all that a person reads of it."""
    return "" if row is None else f"{row.number}:{digest_of([row.title, row.note, row.digest])}"


def save(
    course_code: str, blueprint: Blueprint, *, title: str, note: str = "", seen: str, actor: Actor, now: datetime
) -> ExamBlueprint:
    """Save *blueprint* as the draft of a course; see the top of this module for its number.

    seen: `seen_of` what the editor began from. Raises NotFound("blueprint_course_unknown"), ServiceError:
    "blueprint_changed_meanwhile", "blueprint_unchanged", or why it does not keep to the exam rule: "blueprint_count",
    "blueprint_points", "blueprint_marking", "blueprint_share".
    """
    exam = exam_of(course_in_catalogue(course_code))
    for misfit in exam.misfits(blueprint):
        raise misfit
    versions = queries.versions_to_change(course_code)
    begun = starting_point(versions)
    if seen_of(begun) != seen:
        raise ServiceError("blueprint_changed_meanwhile")
    values = {"title": title, "note": note, "payload": blueprint.to_payload(), "digest": blueprint.digest}
    if begun is not None and (begun.title, begun.note, begun.digest) == (title, note, blueprint.digest):
        raise ServiceError("blueprint_unchanged")
    if begun is not None and begun.state is BlueprintState.DRAFT and _author(begun) == identity(actor):
        row, change = _rewritten(begun, values, now), "rewritten"
    else:
        row, change = _added(course_code, versions, begun, values, actor, now), "edited" if begun else "created"
    event = events.BlueprintSaved(row.id, course=course_code, number=row.number, change=change, digest=row.digest)
    record(event, actor=actor, now=now)
    return row


def put_in_use(course_code: str, number: int, *, seen: str, actor: Actor, now: datetime) -> ExamBlueprint:
    """Let exams of a course draw by version *number* from now on; what was in use before retires.

    seen: `seen_of` the version that the actor has read. Raises NotFound("blueprint_unknown"), ServiceError:
    "blueprint_changed_meanwhile", "blueprint_not_draft", "blueprint_author_approves", "blueprint_unfit",
    "blueprint_short".
    """
    versions = queries.versions_to_change(course_code)
    row = _numbered(versions, number)
    if seen_of(row) != seen:
        raise ServiceError("blueprint_changed_meanwhile")
    if row.state is not BlueprintState.DRAFT:
        raise ServiceError("blueprint_not_draft", number=number)
    if identity(actor) in authors(versions, row):
        raise ServiceError("blueprint_author_approves", number=number)
    _refuse_unusable(course_code, row, local_day(now))
    for earlier in versions:
        if earlier.state is BlueprintState.IN_USE:
            _move(earlier, BlueprintState.RETIRED, "", actor, now)
    row.approved_by_id, row.approved_by_name, row.approved_at = actor.user_id, actor.name[:100], now
    _move(row, BlueprintState.IN_USE, "", actor, now)
    return row


def retire(course_code: str, number: int, *, reason: str, actor: Actor, now: datetime) -> ExamBlueprint:
    """Take version *number* out: a draft is given up; without one in use, exams draw by the exam rule again.

    Raises NotFound("blueprint_unknown"), ServiceError("blueprint_is_retired").
    """
    row = _numbered(queries.versions_to_change(course_code), number)
    if row.state is BlueprintState.RETIRED:
        raise ServiceError("blueprint_is_retired", number=number)
    _move(row, BlueprintState.RETIRED, reason, actor, now)
    return row


def authors(versions: Sequence[ExamBlueprint], row: ExamBlueprint) -> set[str]:
    """Return who wrote *row*, the draft that it was made from, the draft that this one was made from, and so on."""
    numbered = {each.number: each for each in versions}
    found = {_author(row)}
    while (earlier := numbered.get(row.based_on or 0)) is not None and earlier.approved_at is None:
        found.add(_author(earlier))
        row = earlier
    return found


def _author(row: ExamBlueprint) -> str:
    return identity(Actor(row.author_id, row.author_name, Role.REGULATOR))


def _numbered(versions: Sequence[ExamBlueprint], number: int) -> ExamBlueprint:
    for row in versions:
        if row.number == number:
            return row
    raise NotFound("blueprint_unknown")


def _rewritten(row: ExamBlueprint, values: dict[str, Any], now: datetime) -> ExamBlueprint:
    for name, value in values.items():
        setattr(row, name, value)
    row.created_at = now
    return row


def _added(
    course_code: str,
    versions: Sequence[ExamBlueprint],
    begun: ExamBlueprint | None,
    values: dict[str, Any],
    author: Actor,
    now: datetime,
) -> ExamBlueprint:
    if begun is not None and begun.state is BlueprintState.DRAFT:
        _move(begun, BlueprintState.RETIRED, "", author, now)
    row = ExamBlueprint(
        course_code=course_code,
        number=max((each.number for each in versions), default=0) + 1,
        based_on=None if begun is None else begun.number,
        author_id=author.user_id,
        author_name=author.name[:100],
        created_at=now,
        **values,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:  # two people began the first version of a course at the same moment
        raise ServiceError("blueprint_changed_meanwhile") from error
    return row


def _refuse_unusable(course_code: str, row: ExamBlueprint, day: date) -> None:
    """The rule or the banks may have changed since the draft was saved."""
    blueprint = queries.content_of(row)
    misfits = exam_of(course_in_catalogue(course_code)).misfits(blueprint)
    if misfits:
        raise unfit(row.number, misfits)
    checking.refuse_short(blueprint, checking.check(blueprint, day).report, "blueprint_short")


def _move(row: ExamBlueprint, state: BlueprintState, reason: str, actor: Actor, now: datetime) -> None:
    """Move *row* and write it down; flushed at once, since a course has one draft and one in use."""
    row.state = state
    db.session.flush()
    event = events.BlueprintMoved(
        row.id, course=row.course_code, number=row.number, state=state.value, digest=row.digest, reason=reason
    )
    record(event, actor=actor, now=now)
