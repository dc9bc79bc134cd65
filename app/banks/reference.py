"""The banks and questions that every installation begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.audit import events
from app.audit.service import record
from app.banks import copies, service
from app.banks.models import Bank, BankPurpose, Question, QuestionState
from app.core.actors import Actor
from app.core.db import db
from courses import catalogue
from courses.sectors import GENERAL, sector
from question_bank.starter import load_starter


def load_banks(now: datetime) -> list[Bank]:
    """Create the general bank, one bank for each sector that the catalogue or the starter bank names, and beside each
    an empty one to practise with.

    Banks that exist stay as they are. Returns all of them: the live ones, the general bank first, then those for
    practice in the same order.
    """
    existing = {bank.code: bank for bank in db.session.scalars(sa.select(Bank))}
    purposes = (BankPurpose.LIVE, BankPurpose.PRACTICE)
    wanted = [_bank(code, purpose, now) for purpose in purposes for code in _bank_codes()]
    db.session.add_all(bank for bank in wanted if bank.code not in existing)
    db.session.flush()
    return [existing.get(bank.code, bank) for bank in wanted]


def load_starter_questions(actor: Actor, now: datetime) -> int:
    """Add the questions of the starter bank that are not there yet, by code, as drafts of *actor*.

    Returns how many were added. Needs load_banks first.
    """
    banks = {bank.code: bank.id for bank in db.session.scalars(sa.select(Bank))}
    there = set(db.session.scalars(sa.select(Question.code)))
    new = [content for content in load_starter() if content.code not in there]
    if new:
        service.add_drafts([copies.draft_of(content) for content in new], banks, actor=actor, now=now)
        loaded = events.StarterQuestionsLoaded(banks[GENERAL], questions=len(new))
        record(loaded, actor=actor, now=now)
    return len(new)


def approve_all(bank_codes: Iterable[str], reviewer: Actor, now: datetime) -> int:
    """Approve every complete draft and waiting question of these banks; returns how many.

    Raises ServiceError("question_author_approves") if *reviewer* wrote one of them.
    """
    query = (
        sa.select(Question)
        .join(Bank)
        .where(Bank.code.in_(list(bank_codes)), Question.state.in_([QuestionState.DRAFT, QuestionState.IN_REVIEW]))
        .options(selectinload(Question.versions), joinedload(Question.bank), joinedload(Question.legal_document))
        .order_by(Question.id)
    )
    found: Sequence[Question] = db.session.scalars(query).all()
    return service.approve_where_possible(found, actor=reviewer, now=now)


def _bank_codes() -> list[str]:
    named = {course.sector for course in catalogue.courses()} | {question.bank for question in load_starter()}
    return [GENERAL, *sorted(named - {GENERAL})]


def _bank(code: str, purpose: BankPurpose, now: datetime) -> Bank:
    of, is_live = sector(code), purpose is BankPurpose.LIVE
    return Bank(
        code=code if is_live else f"{code}_practice",
        name_zh=f"{of.name_zh}题库" if is_live else f"{of.name_zh}练习题库",
        name_en=f"{of.name_en} question bank" if is_live else f"{of.name_en} practice bank",
        sector_code=None if code == GENERAL else code,
        purpose=purpose,
        created_at=now,
    )
