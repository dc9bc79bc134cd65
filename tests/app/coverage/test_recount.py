"""The figures recounted another way: plain SQL for the rows, plain Python for the rules, no library."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.certification.models import CertificateState
from app.core.db import db
from app.coverage.figures import Survey, survey, together
from app.coverage.findings import by_territory
from app.coverage.lists import enterprise_rows, name_rows
from app.coverage.queries import enterprise_names, names
from courses.mandates import mandate
from tests import sample
from tests.app.coverage.roster import SMELTING, School, appoint, change, head

TODAY = date(2026, 3, 2)
MINES = "mines-principal-campaign"
REGIONS = ("330102", "330203", "330106", "370406")

# One row a person and enterprise that answers at the cut-off, with the days of every enrolment of the person.
ROWS = """
SELECT a.person_id, a.enterprise_id, e.region_code,
       (SELECT MAX(t.ends_at) FROM attendance t WHERE t.enrolment_id = n.id AND n.credited_hours >= c.hours) AS trained,
       (SELECT MIN(x.finished_at) FROM attempt x WHERE x.enrolment_id = n.id AND x.passed
          AND NOT EXISTS (SELECT 1 FROM certificate p WHERE p.attempt_id = x.id AND p.state = 'revoked')) AS passed
FROM appointment a
JOIN enterprise e ON e.id = a.enterprise_id
JOIN sector_membership m ON m.enterprise_id = e.id AND m.sector_code = :sector
LEFT JOIN enrolment n ON n.person_id = a.person_id AND n.role_code = a.role_code AND n.state = 'enrolled'
     AND EXISTS (SELECT 1 FROM training_session s JOIN course_version v ON v.id = s.course_version_id
                 WHERE s.id = n.training_session_id AND v.sector_code IN (:course_sector, :sector))
LEFT JOIN training_session g ON g.id = n.training_session_id
LEFT JOIN course_version c ON c.id = g.course_version_id
WHERE a.role_code = 'principal' AND e.region_code LIKE :prefix
  AND a.valid_from <= :cut_off AND (a.valid_to IS NULL OR a.valid_to > :cut_off)
"""


@pytest.fixture
def roster(app: Flask) -> None:
    """Eighty enterprises in four districts; their heads are trained, examined and replaced by the seed."""
    chance, school = random.Random(7), School()
    kinds = (("metal_smelting", SMELTING), ("underground_mines", MINES))
    heads = []
    for number in range(80):
        sector, course = kinds[number % 2]
        works = sample.enterprise(f"示例企业{number}", (sector,), REGIONS[number % len(REGIONS)])
        if number % 10 == 9:
            who = heads[-2]  # heads two enterprises of one sector
            appoint(who, works)
        else:
            who = head(works, until=date(2025, 7, 1) if chance.random() < 0.2 else None)
        heads.append(who)
        if number % 10 != 9:
            _study(chance, school, who, works, course)
    db.session.commit()


def _study(chance: random.Random, school: School, who: Any, works: Any, course: str) -> None:
    for year in (2024, 2025):
        if chance.random() < 0.3:
            continue
        day = date(year, 1, 10) + timedelta(days=chance.randrange(340))
        taught = school.teach(who, works, day, course=course, share=chance.choice([1, 1, 1, 0.5]))
        if chance.random() < 0.8:
            sat = school.examine(taught, day + timedelta(days=1), chance.choice([60, 80, 95]))
            if sat.passed and day.month % 4 == 0:
                change(school.certify(sat, day + timedelta(days=2)), CertificateState.REVOKED, date(2026, 2, 2))


def recounted(code: str, year: int, region: str) -> tuple[int, int, int, int]:
    """Return due, trained, passed and covered persons of a yearly clause on mines or smelters, without the library."""
    asked = mandate(code)
    sector = "underground_mines" if "mines" in asked.sectors else "metal_smelting"
    rows = db.session.execute(
        sa.text(ROWS),
        {
            "sector": sector,
            "course_sector": "mines" if sector == "underground_mines" else sector,
            "prefix": region.rstrip("0") + "%",
            "cut_off": str(date(year, 12, 31)) if db.engine.dialect.name == "sqlite" else date(year, 12, 31),
        },
    ).all()
    reached: defaultdict[int, set[str]] = defaultdict(set)
    for person, _enterprise, _region, trained, passed in rows:
        stages = reached[person]
        days = (("trained", trained), ("passed", passed))
        in_year = {name for name, moment in days if str(moment or "").startswith(str(year))}
        stages |= in_year
        if in_year >= ({"trained", "passed"} if asked.requires == "exam" else {"trained"}):
            stages.add("covered")
    return (len(reached), *(sum(name in own for own in reached.values()) for name in ("trained", "passed", "covered")))


def of_today(region: str) -> Survey:
    return survey(region, (2024, 2025, 2026), TODAY)


@pytest.mark.usefixtures("roster")
@pytest.mark.parametrize(
    ("code", "year", "region"),
    [("Z4-1", 2025, "330000"), ("Z4-1", 2025, "330102"), ("Z3-1", 2024, "330000"), ("N30b-1", 2025, "000000")],
)
def test_the_figures_equal_those_of_another_query(app: Flask, code: str, year: int, region: str) -> None:
    found = of_today(region).line(mandate(code), year).count
    assert found is not None
    counted = (found.due, found.trained, found.passed, found.covered)
    # The clause of Zhejiang binds nobody in Shandong, so the other query asks for Zhejiang alone.
    assert counted == recounted(code, year, region)
    assert found.due > found.covered > 0


@pytest.mark.usefixtures("roster")
def test_lists_and_parts_add_up_to_the_figure(app: Flask) -> None:
    whole = of_today("330000")
    line = whole.line(mandate("N30b-1"), 2025)
    assert line.count is not None
    known = enterprise_names("330000")
    rows = name_rows(line.standings, whole.outcomes(2025), names("330000", line.mandate.roles), known)
    assert len({row.name + row.document for row in rows}) == line.count.due
    assert sum(row.status == "covered" for row in rows) >= line.count.covered
    assert {row.enterprise_id for row in enterprise_rows(line, known)} == {row.enterprise_id for row in rows}
    assert sum(line.reasons.values()) == line.missing


@pytest.mark.usefixtures("roster")
def test_a_territory_counts_the_same_alone_and_as_a_part(app: Flask) -> None:
    whole = of_today("330000")
    for part, count in by_territory(whole.lines(2025), whole.parts):
        assert part is not None
        assert count == together(of_today(part).lines(2025))


@pytest.mark.usefixtures("roster")
def test_reading_a_territory_takes_six_queries_whatever_its_size(app: Flask) -> None:
    statements: list[str] = []
    listen = lambda *args: statements.append(args[2])  # noqa: E731 - removed again by identity
    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        for region in ("330000", "330102"):
            statements.clear()
            of_today(region).lines(2025)
            assert len([each for each in statements if each.startswith("SELECT")]) == 6
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)
