"""What the editor offers: live banks, and the knowledge points that their questions have."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from app.banks import queries
from app.banks.models import Bank, BankPurpose
from app.core.db import db
from app.core.i18n import localised

MOST_SUGGESTED = 200


def banks_to_choose() -> list[tuple[str, str]]:
    """Return (code, name) of every live bank, the general bank first: practice and exams never share a question."""
    order = (sa.case((Bank.sector_code.is_(None), 0), else_=1), Bank.code)
    query = sa.select(Bank).where(Bank.purpose == BankPurpose.LIVE).order_by(*order)
    return [(bank.code, localised(bank.name_zh, bank.name_en)) for bank in db.session.scalars(query)]


def knowledge_points(bank_codes: Collection[str]) -> dict[str, list[str]]:
    """Return by bank code the knowledge points that its questions have, by name, MOST_SUGGESTED at most."""
    banks = db.session.scalars(sa.select(Bank).where(Bank.code.in_(sorted(bank_codes))).order_by(Bank.code))
    return {bank.code: queries.knowledge_points(bank, MOST_SUGGESTED) for bank in banks.all()}
