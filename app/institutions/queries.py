"""Lists of institutions and exam sites."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.actors import NATION, Actor, within_region, within_territory
from app.core.db import db
from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from app.institutions.models import ExamSite, Institution, Standing, StandingEvent
from app.institutions.words import STANDINGS
from app.registry.words import region_name
from courses import regions


def institutions(actor: Actor) -> sa.Select[Any]:
    """Return the query for the institutions in the actor's territory."""
    return sa.select(Institution).where(within_territory(Institution.region_code, actor))


def institutions_table(actor: Actor) -> Table:
    """Return the list of institutions: search by name, code or credit code; filters by standing and region."""
    states = [(each.value, word) for each, (word, _tone) in STANDINGS.items()]
    return Table(
        "institutions",
        columns=(
            Column("name", _l("名称"), lambda row: row.name, Institution.name),
            Column("code", _l("代码"), lambda row: row.code, Institution.code),
            Column("credit_code", _l("统一社会信用代码"), lambda row: row.credit_code, Institution.credit_code),
            Column("region", _l("地区"), lambda row: region_name(row.region_code), Institution.region_code),
            Column("standing", _l("状态"), lambda row: str(STANDINGS[row.standing][0]), Institution.standing),
        ),
        search=(Institution.name, Institution.code, Institution.credit_code),
        search_label=_l("名称或代码"),
        filters=(
            Filter("standing", _l("状态"), states, lambda chosen: Institution.standing == Standing(chosen)),
            Filter("region", _l("地区"), _regions_below(actor), _institution_in_region),
        ),
        default_sort="name",
        tie_break=Institution.id,
    )


def exam_sites(actor: Actor) -> sa.Select[Any]:
    """Return the query for the exam sites in the actor's territory."""
    return sa.select(ExamSite).where(within_territory(ExamSite.region_code, actor))


def exam_sites_table(actor: Actor) -> Table:
    """Return the list of exam sites: search by name, code or credit code; filter by region."""
    return Table(
        "exam-sites",
        columns=(
            Column("name", _l("名称"), lambda row: row.name, ExamSite.name),
            Column("code", _l("代码"), lambda row: row.code, ExamSite.code),
            Column("credit_code", _l("统一社会信用代码"), lambda row: row.credit_code, ExamSite.credit_code),
            Column("region", _l("地区"), lambda row: region_name(row.region_code), ExamSite.region_code),
            Column("address", _l("地址"), lambda row: row.address or None),
            Column("seats", _l("考位数"), lambda row: row.seats, ExamSite.seats, is_number=True),
            Column("state", _l("状态"), lambda row: _("正常") if row.is_active else _("已停止使用")),
        ),
        search=(ExamSite.name, ExamSite.code, ExamSite.credit_code),
        search_label=_l("名称或代码"),
        filters=(Filter("region", _l("地区"), _regions_below(actor), _site_in_region),),
        default_sort="name",
        tie_break=ExamSite.id,
    )


def sites_of_organisation(credit_code: str) -> list[ExamSite]:
    """Return the exam sites that the same organisation runs; it cannot examine there what it taught."""
    query = sa.select(ExamSite).where(ExamSite.credit_code == credit_code)
    return list(db.session.scalars(query.order_by(ExamSite.code)))


def _regions_below(actor: Actor) -> list[tuple[str, str]]:
    return [(each.code, localised(each.name_zh, each.name_en)) for each in regions.children(actor.territory or NATION)]


def _institution_in_region(chosen: str) -> sa.ColumnElement[bool]:
    return within_region(Institution.region_code, chosen)


def _site_in_region(chosen: str) -> sa.ColumnElement[bool]:
    return within_region(ExamSite.region_code, chosen)


def last_decision(institution: Institution) -> StandingEvent | None:
    """Return the decision that led to the institution's present standing, None where none was ever taken."""
    found = institution.standing_events
    return found[-1] if found and found[-1].standing is institution.standing else None
