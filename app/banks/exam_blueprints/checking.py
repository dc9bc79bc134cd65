"""The full check of a blueprint: can every paper be filled, which stratum or share blocks, what will papers be like.

It reads questions, so it runs on demand and on a bounded number of them. What it says of being filled is exact all the
same. Of each stratum (and of its questions with the tags of shares) it reads at least as many as a paper has questions,
or all. Take any full paper, and a question of it that was not read: of those that were read in its place, with the same
tags of shares at least, one is not in the paper yet and can take its place. So if there is a full paper that holds the
shares, there is one among the questions that were read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations

import sqlalchemy as sa

from app.banks.exam_blueprints.availability import Availability, availability, conditions, live_banks, meets
from app.banks.exam_blueprints.naming import Misnamed, misnamed
from app.banks.exam_blueprints.words import shortfall_sentences
from app.banks.models import Question, QuestionVersion
from app.banks.pool import pool_for
from app.core.db import db
from app.core.errors import ServiceError
from app.core.i18n import listed
from question_bank.blueprint import Blueprint
from question_bank.feasibility import Feasibility, feasibility
from question_bank.pool import Pool

MOST_READ = 6_000
SCRAMBLE, PRIME = 48_271, 65_537


@dataclass(frozen=True)
class Check:
    """What was found. is_sample: more questions are there than were read; overlap, difficulty then hold for these.

    misnamed: by number of the stratum, from 0, what it names that is not there.
    """

    report: Feasibility
    found: Availability
    is_sample: bool
    misnamed: Mapping[int, Misnamed]


def check(blueprint: Blueprint, day: date) -> Check:
    """Return whether the banks as they are now fill *blueprint* on *day*, and what papers will be like."""
    pool, is_sample = pool_to_check(blueprint, day)
    [found] = availability([blueprint], day)
    return Check(feasibility(blueprint, pool), found, is_sample, misnamed(blueprint.strata))


def refuse_short(blueprint: Blueprint, report: Feasibility, code: str) -> None:
    """Raise ServiceError(*code*) with what is missing, unless papers of *blueprint* can be filled."""
    if report.is_feasible:
        return
    sentences = shortfall_sentences(blueprint, report, misnamed(blueprint.strata))
    raise ServiceError(code, missing=missing(report), strata=listed(sentences, clauses=True))


def missing(report: Feasibility) -> int:
    """Return how many questions are lacking: in strata, or with the tag of a share; 0 if papers can be filled."""
    strata = sum(each.missing for each in report.shortfalls)
    return strata + sum(each.needed - each.available for each in report.share_shortfalls)


def pool_to_check(blueprint: Blueprint, day: date) -> tuple[Pool, bool]:
    """Return a pool in which *blueprint* can be filled exactly if it can be in the banks; whether these hold more."""
    tags = [share.tag for share in blueprint.minimum_shares]
    also = list(chain.from_iterable(combinations(tags, number) for number in range(len(tags) + 1)))
    selections = [conditions(stratum, each) for stratum in blueprint.strata for each in also]
    most = max(blueprint.count, MOST_READ // len(selections))
    chosen: set[int] = set()
    is_sample = False
    live = live_banks(selection[0] for selection in selections)
    for selection in dict.fromkeys(each for each in selections if each[0] in live):
        ids = db.session.scalars(_versions(meets(selection, live[selection[0]], day), most + 1)).all()
        is_sample = is_sample or len(ids) > most
        chosen.update(ids[:most])
    return pool_for(sorted(chosen)), is_sample


def _versions(asked: Sequence[sa.ColumnElement[bool]], most: int) -> sa.Select[int]:
    """Select the current versions of *most* questions that meet *asked*, in an order that has nothing to do with them.

    So of a larger number those that are read are a sample of all, and the same every time.
    """
    scrambled = (Question.id * SCRAMBLE % PRIME, Question.id)
    query = sa.select(Question.id, Question.current_version).where(*asked)
    some = query.order_by(*scrambled).limit(most).subquery()
    is_theirs = sa.and_(QuestionVersion.question_id == some.c.id, QuestionVersion.number == some.c.current_version)
    return sa.select(QuestionVersion.id).join(some, is_theirs).order_by(QuestionVersion.id)
