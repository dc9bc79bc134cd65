"""The traps of the register, through tables, queries and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Flask

from app.coverage.figures import Survey, survey
from courses.coverage import Count
from courses.mandates import mandate
from tests import sample
from tests.app.coverage.roster import School, appoint, head, join

TODAY = date(2026, 11, 22)
ZHEJIANG = "330000"
MINES = "mines-principal-campaign"


def surveyed(region: str = ZHEJIANG, today: date = TODAY) -> Survey:
    return survey(region, (2024, 2025, 2026), today)


def count(code: str, year: int, region: str = ZHEJIANG, today: date = TODAY) -> Count:
    found = surveyed(region, today).line(mandate(code), year).count
    assert found is not None
    return found


def figures(code: str, year: int, **kwargs: date) -> tuple[int, int]:
    found = count(code, year, **kwargs)  # type: ignore[arg-type]
    return found.covered, found.due


def test_trap_1_a_pass_in_one_sector_does_not_cover_the_same_person_in_another(app: Flask) -> None:
    smelter, mine = sample.enterprise(), sample.enterprise("示例矿山", ("underground_mines",))
    who, school = head(smelter), School()
    appoint(who, mine)
    school.graduate(who, smelter, date(2025, 6, 1))
    assert figures("Z4-1", 2025) == (1, 1)
    assert figures("N30b-1", 2025) == (0, 1)


def test_trap_1_a_pass_in_another_role_does_not_cover_either(app: Flask) -> None:
    smelter, school = sample.enterprise(), School()
    who = head(smelter)
    taught = school.teach(who, smelter, date(2025, 6, 1))
    taught.role_code = "safety_manager"
    school.examine(taught, date(2025, 6, 2))
    assert figures("Z4-1", 2025) == (0, 1)


def test_a_fire_responsible_is_not_a_principal(app: Flask) -> None:
    complex_ = sample.enterprise("示例综合体", ("large_commercial_complexes",))
    head(complex_)
    head(complex_, "fire_responsible")
    assert count("Z5-1", 2026).due == 1
    assert count("Z2", 2026).due == 1


def test_a_dust_clause_asks_for_industry_and_trade_too(app: Flask) -> None:
    head(sample.enterprise("示例粮库", ("grain_reserves", "dust_explosion")))
    assert count("N15c-1", 2026).due == 0
    head(sample.enterprise("示例家具厂", ("industry_trade", "dust_explosion")))
    assert count("N15c-1", 2026).due == 1


def test_trap_2_the_clause_says_whether_every_principal_or_one_of_them_is_asked(app: Flask) -> None:
    smelter, school = sample.enterprise(), School()
    school.graduate(head(smelter), smelter, date(2025, 6, 1))
    head(smelter)
    everybody = mandate("Z4-1")
    anybody = replace(everybody, code="any", coverage_of="any")
    found = surveyed()
    all_of_them, one_of_them = found.line(everybody, 2025), found.line(anybody, 2025)
    assert all_of_them.count is not None and (all_of_them.count.covered, all_of_them.count.due) == (1, 2)
    assert one_of_them.count is not None and (one_of_them.count.covered, one_of_them.count.due) == (1, 1)
    assert sorted(each.status for each in one_of_them.standings) == ["covered", "represented"]


def test_trap_3_coverage_follows_the_incumbent_and_the_predecessors_pass_stays_in_its_year(app: Flask) -> None:
    mine, school = sample.enterprise("示例矿山", ("underground_mines",)), School()
    former = head(mine, until=date(2025, 9, 1))
    school.graduate(former, mine, date(2024, 5, 1), course=MINES)
    school.graduate(former, mine, date(2025, 5, 1), course=MINES)
    head(mine, since=date(2025, 9, 1))
    assert figures("N30b-1", 2024) == (1, 1)
    assert figures("N30b-1", 2025, today=date(2025, 8, 31)) == (1, 1)
    assert figures("N30b-1", 2025, today=date(2025, 9, 1)) == (0, 1)
    assert figures("N30b-1", 2025) == (0, 1)


def test_trap_4_an_enterprise_is_bound_by_the_sector_that_it_has_at_the_cut_off(app: Flask) -> None:
    works = sample.enterprise(sectors=())
    join(works, "underground_mines", date(2023, 1, 1), date(2025, 7, 1))
    join(works, "metal_smelting", date(2025, 7, 1))
    head(works)
    assert [count("N30b-1", year).due for year in (2024, 2025)] == [1, 0]
    assert count("Z4-1", 2025).due == 1


def test_trap_5_nobody_due_is_no_percentage(app: Flask) -> None:
    found = count("Z5-1", 2026)
    assert (found.due, found.percent) == (0, None)


def test_trap_6_persons_and_attendances_differ(app: Flask) -> None:
    mine, school = sample.enterprise("示例矿山", ("underground_mines",)), School()
    who = head(mine)
    school.teach(who, mine, date(2025, 3, 1), course=MINES)
    school.teach(
        who,
        mine,
        date(2025, 9, 1),
        session=sample.training_session(school.institution, school.session(MINES).course_version),
    )
    found = count("N30b-1", 2025)
    assert (found.trained, found.attendances, found.examined, found.passed, found.certified) == (1, 2, 0, 0, 0)


def test_trap_7_every_year_begins_again_and_three_years_add_up(app: Flask) -> None:
    smelter, mine, school = sample.enterprise(), sample.enterprise("示例矿山", ("underground_mines",)), School()
    school.graduate(head(smelter), smelter, date(2024, 6, 1))
    school.graduate(head(mine), mine, date(2024, 6, 1), course=MINES)
    assert [figures("N30b-1", year) for year in (2024, 2025, 2026)] == [(1, 1), (0, 1), (0, 1)]
    assert [figures("N15a", year) for year in (2024, 2025, 2026)] == [(1, 1), (1, 1), (1, 1)]


def test_trap_7_the_year_ends_at_midnight_in_shanghai(app: Flask) -> None:
    mine, school = sample.enterprise("示例矿山", ("underground_mines",)), School()
    taught = school.teach(head(mine), mine, date(2025, 12, 30), course=MINES)
    school.examine(taught, date(2026, 1, 1), hour=1)  # 17:00 of 31 December in UTC
    assert count("N30c-1", 2025).passed == 0
    assert count("N30c-1", 2026).passed == 1


def test_a_year_that_has_not_begun_binds_nobody(app: Flask) -> None:
    head(sample.enterprise("示例综合体", ("large_commercial_complexes",)), "fire_responsible")
    assert count("Z5-1", 2026, today=date(2025, 6, 1)).due == 0


def test_each_territory_sees_the_plans_that_bind_it(app: Flask) -> None:
    head(sample.enterprise(region="330102"))
    head(sample.enterprise(region="370406"))
    plans = {
        region: {each.plan for each in surveyed(region).mandates(2026)} for region in ("330102", "370406", "000000")
    }
    assert plans["330102"] == {"national-2024", "zhejiang-2024"}
    assert plans["370406"] == {"national-2024", "shanting-2024"}
    assert plans["000000"] == {"national-2024", "zhejiang-2024", "shanting-2024"}
    assert count("S5", 2026, region="000000").due == 1
    assert count("Z2", 2026, region="000000").due == 1
