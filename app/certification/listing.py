"""The list of certificates: what can be searched, filtered, sorted and exported."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.certification.models import Certificate, CertificateState
from app.certification.words import STATES, shown_state
from app.core.clock import local_day, today
from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from app.sittings.models import Attempt
from app.training.models import TrainingSession
from certificates.certificate import score_text
from courses.sectors import sectors


def certificates_table(years: Iterable[int], held: Collection[str | None]) -> Table:
    """Return the list's description. years: of issue, held: codes of sectors, those that can be chosen."""
    return Table(
        "certificates",
        columns=(
            Column("number", _l("编号"), lambda row: row.number, Certificate.number),
            Column("holder", _l("姓名"), lambda row: row.holder_name, Certificate.holder_name),
            Column("enterprise", _l("任职单位"), lambda row: row.facts["enterprise_name"]),
            Column("category", _l("类别"), _category),
            Column("issued_on", _l("签发日期"), lambda row: row.issued_on.isoformat(), Certificate.issued_on),
            Column("valid_until", _l("有效期至"), lambda row: row.valid_until.isoformat(), Certificate.valid_until),
            Column("state", _l("状态"), lambda row: str(STATES[shown_state(row, today())][0])),
        ),
        search=(Certificate.number, Certificate.holder_name),
        search_label=_l("编号或姓名"),
        filters=(
            Filter("state", _l("状态"), [(code, word) for code, (word, _tone) in STATES.items()], _in_state),
            Filter("sector", _l("行业领域"), _sector_options(held), _in_sector),
            Filter("year", _l("签发年度"), [(str(year), str(year)) for year in years], _in_year),
        ),
        default_sort="-issued_on",
        tie_break=Certificate.id.desc(),
    )


def uncertified_table() -> Table:
    """Return the description of the list of passed exams that have no certificate."""
    return Table(
        "uncertified",
        columns=(
            Column("person", _l("姓名"), lambda row: row.enrolment.person.name),
            Column("enterprise", _l("任职单位"), lambda row: row.enrolment.enterprise.name),
            Column("session", _l("所属培训班"), lambda row: row.enrolment.training_session.code, TrainingSession.code),
            Column(
                "examined_on", _l("考试日期"), lambda row: local_day(row.started_at).isoformat(), Attempt.started_at
            ),
            Column("score", _l("成绩"), lambda row: score_text(row.score), Attempt.score, is_number=True),
            Column("issue", _l("处理"), lambda row: ""),
        ),
        default_sort="examined_on",
        tie_break=Attempt.id,
    )


def _category(row: Certificate) -> str:
    role = localised(row.facts["role_zh"], row.facts["role_en"])
    return f"{role} · {localised(row.facts['sector_zh'], row.facts['sector_en'])}"


def _sector_options(held: Collection[str | None]) -> list[tuple[str, str]]:
    return [(code, localised(each.name_zh, each.name_en)) for code, each in sectors().items() if code in held]


def _in_state(chosen: str) -> sa.ColumnElement[bool]:
    """Expired is no state of the row: a valid certificate whose last day has passed."""
    if chosen == "expired":
        return sa.and_(Certificate.state == CertificateState.VALID, Certificate.valid_until < today())
    if chosen == "valid":
        return sa.and_(Certificate.state == CertificateState.VALID, Certificate.valid_until >= today())
    return Certificate.state == CertificateState(chosen)


def _in_sector(chosen: str) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = Certificate.facts["sector_code"].as_string() == chosen
    return condition


def _in_year(chosen: str) -> sa.ColumnElement[bool]:
    year = int(chosen)
    return Certificate.issued_on.between(date(year, 1, 1), date(year, 12, 31))
