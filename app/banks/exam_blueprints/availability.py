"""How many approved questions the strata of a blueprint have: counted in the database, no question is read.

Read off the columns of Question that copy its current version. One statement counts up to PER_STATEMENT strata, each no
further than is of interest, so that neither statements nor time grow without bound with the banks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.banks.models import Bank, BankPurpose, Question, QuestionState, QuestionTag
from app.core.db import db, portions
from question_bank.blueprint import MOST_QUESTIONS, Blueprint, Stratum

PER_STATEMENT = 100
MOST_COUNTED = 2_000
Conditions = tuple[str, str, tuple[str, ...], tuple[int, ...], tuple[str, ...], tuple[str, ...]]
"""Bank, kind, knowledge points, difficulties, tags of which a question has one, tags that it has all."""


@dataclass(frozen=True)
class Availability:
    """What the banks hold for one blueprint.

    by_stratum: approved questions that each stratum admits. missing: how many the strata lack, those with the same
    conditions taken together. by_share: by minimum share, the most of its questions that they can take.
    are_apart: no question meets two different conditions; with one share at most, these figures then decide.
    """

    by_stratum: tuple[int, ...]
    missing: int
    by_share: tuple[int, ...]
    are_apart: bool


def availability(blueprints: Sequence[Blueprint], day: date, most: int = MOST_COUNTED) -> list[Availability]:
    """Return what the banks hold for each of *blueprints* on *day*; no stratum is counted beyond *most*."""
    wanted = {each: None for blueprint in blueprints for each in _all_conditions(blueprint)}
    counted = counts(list(wanted), day, most)
    return [_availability(blueprint, counted) for blueprint in blueprints]


def conditions(stratum: Stratum, also: Iterable[str] = ()) -> Conditions:
    """Return what a question needs to stand in *stratum* and to have the tags *also* as well."""
    return (
        stratum.bank,
        stratum.kind,
        stratum.knowledge_points,
        stratum.difficulties,
        stratum.tags,
        tuple(sorted(also)),
    )


def counts(wanted: Sequence[Conditions], day: date, most: int = MOST_COUNTED) -> dict[Conditions, int]:
    """Return how many questions that may be drawn on *day* meet each of *wanted*, at most *most*.

    Of those with the tag of a share no more than MOST_QUESTIONS are counted: a paper has no more.
    """
    live = live_banks(each[0] for each in wanted)
    found = dict.fromkeys(wanted, 0)
    asked = [each for each in found if each[0] in live]
    for part in portions(asked, PER_STATEMENT):
        selects = [
            _count(number, meets(each, live[each[0]], day), MOST_QUESTIONS if each[-1] else most)
            for number, each in enumerate(part)
        ]
        rows = db.session.execute(sa.union_all(*selects) if len(selects) > 1 else selects[0])
        found.update({part[row.number]: row.count for row in rows})
    return found


def live_banks(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of those banks of *codes* that exams draw from."""
    query = sa.select(Bank.code, Bank.id).where(Bank.code.in_(sorted(set(codes))), Bank.purpose == BankPurpose.LIVE)
    return dict(db.session.execute(query).all())


def meets(wanted: Conditions, bank_id: int, day: date) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on Question that it may be drawn on *day* and meets *wanted*. bank_id: of its live bank.

    The same that app.banks.pool.drawable and question_bank.sources.is_in_force ask for.
    """
    _bank, kind, knowledge_points, difficulties, one_of, all_of = wanted
    asked = [
        Question.bank_id == bank_id,
        Question.state == QuestionState.APPROVED,
        Question.kind == kind,
        sa.or_(Question.source_from.is_(None), Question.source_from <= day),
        sa.or_(Question.source_to.is_(None), Question.source_to >= day),
        *(_has([tag]) for tag in all_of),
    ]
    if knowledge_points:
        asked.append(Question.knowledge_point.in_(knowledge_points))
    if difficulties:
        asked.append(Question.difficulty.in_(difficulties))
    if one_of:
        asked.append(_has(one_of))
    return asked


def _count(number: int, asked: Sequence[sa.ColumnElement[bool]], most: int) -> sa.Select[int, int]:
    found = sa.select(Question.id).where(*asked).limit(most).subquery()
    return sa.select(sa.literal(number).label("number"), sa.func.count().label("count")).select_from(found)


def _has(tags: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a question has one of *tags*."""
    tag = QuestionTag.tag == tags[0] if len(tags) == 1 else QuestionTag.tag.in_(tags)
    return sa.exists().where(QuestionTag.question_id == Question.id, tag).correlate(Question)


def _all_conditions(blueprint: Blueprint) -> list[Conditions]:
    return [
        conditions(stratum, also)
        for stratum in blueprint.strata
        for also in [(), *((share.tag,) for share in blueprint.minimum_shares)]
    ]


def _availability(blueprint: Blueprint, counted: dict[Conditions, int]) -> Availability:
    needs: dict[Conditions, int] = {}
    for each in blueprint.strata:
        needs[conditions(each)] = needs.get(conditions(each), 0) + each.count
    different = list({conditions(each): each for each in blueprint.strata}.values())
    return Availability(
        by_stratum=tuple(counted[conditions(each)] for each in blueprint.strata),
        missing=sum(max(0, needed - counted[wanted]) for wanted, needed in needs.items()),
        by_share=tuple(
            sum(min(needs[conditions(each)], counted[conditions(each, (share.tag,))]) for each in different)
            for share in blueprint.minimum_shares
        ),
        are_apart=all(are_apart(one, two) for number, one in enumerate(different) for two in different[:number]),
    )


def are_apart(one: Stratum, two: Stratum) -> bool:
    """Say whether no question can stand in both: tags never keep strata apart, for a question may have many."""
    return (one.bank, one.kind) != (two.bank, two.kind) or any(
        mine and other and set(mine).isdisjoint(other)
        for mine, other in ((one.knowledge_points, two.knowledge_points), (one.difficulties, two.difficulties))
    )
