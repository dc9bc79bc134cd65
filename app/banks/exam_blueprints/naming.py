"""What a stratum names that is not there: it would never have a question, and its number alone does not say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.banks.models import Bank, BankPurpose, Question
from app.core.db import db
from courses.knowledge_points import points
from courses.sectors import sectors
from question_bank.blueprint import Stratum


@dataclass(frozen=True)
class Misnamed:
    """code: "no_bank", "practice_bank" (exams never draw from it), "no_point" (neither syllabus nor bank has it).

    name: of the bank, or of the first such knowledge point, as the stratum writes it.
    """

    code: str
    name: str


def misnamed(strata: Sequence[Stratum]) -> dict[int, Misnamed]:
    """Return by number of the stratum, from 0, what it names that is not there; two statements at most."""
    codes = sorted({stratum.bank for stratum in strata})
    purposes = dict(db.session.execute(sa.select(Bank.code, Bank.purpose).where(Bank.code.in_(codes))).all())
    live = [stratum for stratum in strata if purposes.get(stratum.bank) is BankPurpose.LIVE]
    unknown = {(each.bank, point) for each in live for point in each.knowledge_points} - _syllabus(live)
    unknown -= _asked_about(unknown)
    found: dict[int, Misnamed] = {}
    for number, stratum in enumerate(strata):
        purpose = purposes.get(stratum.bank)
        if purpose is not BankPurpose.LIVE:
            found[number] = Misnamed("no_bank" if purpose is None else "practice_bank", stratum.bank)
            continue
        names = [point for point in stratum.knowledge_points if (stratum.bank, point) in unknown]
        if names:
            found[number] = Misnamed("no_point", names[0])
    return found


def _syllabus(strata: Sequence[Stratum]) -> set[tuple[str, str]]:
    """Return (bank, knowledge point) of everything in the syllabuses of these strata's sectors."""
    banks = {stratum.bank for stratum in strata if stratum.bank in sectors()}
    return {(bank, point.name_zh) for bank in banks for point in points(bank)}


def _asked_about(named: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of *named* that some question is about, though the syllabus has them not."""
    if not named:
        return set()
    query = (
        sa.select(Bank.code, Question.knowledge_point)
        .join(Question, Question.bank_id == Bank.id)
        .where(Bank.code.in_({bank for bank, _point in named}))
        .where(Question.knowledge_point.in_({point for _bank, point in named}))
        .distinct()
    )
    return {(code, point) for code, point in db.session.execute(query)}
