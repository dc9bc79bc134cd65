"""Mandates: every row of the register is there, every quotation stands in its source, every territory sees its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from courses import mandates as mandates_module
from courses import tables
from courses.errors import CourseDataError
from courses.mandates import Mandate, binding, heading_for, mandate, mandates
from courses.plans import conflicts, plans, territory

REGISTER_ROWS = """
    N01 N02a N02b N03 N04a N04b N04c N05 N06 N07a N07b N08a N08b N08c N08d N08e N09a N09b N09c N10a
    N10b N11a N11b N12 N13a N13b N13c N14a N14b N14c N15a N15b N15c N15d N15e N15f N16 N17 N18a N18b
    N19 N20 N21 N22a N22b N22c N23a N23b N24 N25 N26a N26b N27 N28 N29 N30a N30b N30c N30d N30e N31a
    N31b N31c N31d N31e N31f Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9 Z10 Z11 Z12 Z13 S1 S2 S3 S4 S5 S6 S7 S8 S9
    S10 S11 S12 S13 S14 S15 S16
"""

# rows that the register marks as contradicting another clause
CONFLICTING_ROWS = """
    N08b N08c N09b N13a N14a N14b N15b N15c N15d N15e N23a N26b N27 N29 N30a N30d N30e N31a N31b Z3
    Z4 Z6 Z9 Z10 S2 S3 S4 S8 S10 S12 S13
"""

SOURCES = Path(os.environ.get("BIKAO_SOURCES", Path(__file__).parents[2] / ".." / "shared" / "sources"))
CHINESE_HEADING = re.compile(r"[（(]([一二三四五六七八九十]+)[）)]")
CLAUSE = re.compile(r"([一二三四])[（(]([一二三四五六七八九十]+)[）)]\d*$")


@cache
def _source(name: str) -> str:
    """Return the source text with every white space removed, or skip where the folder is absent."""
    path = SOURCES / name
    if not path.is_file():
        pytest.skip(f"source text {name} is not in {SOURCES}; set BIKAO_SOURCES to the folder that holds it")
    return "".join(path.read_text(encoding="utf-8").split())


def _sub_plan(each: Mandate) -> str:
    """Return the text in which the quotation must stand: the mandate's own sub-plan, or the whole document."""
    text = _source(each.source_file)
    named = re.match(r"子方案(\d+) ", each.clause)
    if not named:
        return text
    starts = [
        found.start() for found in re.finditer(r"安全(?:生产)?治本攻坚三年行动方案（2024—2026年）(?=为认真)", text)
    ]
    assert len(starts) == 31
    number = int(named.group(1))
    return text[starts[number - 1] : [*starts, len(text)][number]]


def _quotation(each: Mandate) -> str:
    return "".join(each.quotation.split())


@pytest.mark.parametrize("code", list(mandates()))
def test_every_quotation_stands_in_the_sub_plan_that_its_clause_names(code: str) -> None:
    each = mandate(code)
    assert _quotation(each) in _sub_plan(each)


@pytest.mark.parametrize("code", [code for code, each in mandates().items() if "附件" not in each.clause])
def test_every_quotation_stands_under_the_heading_that_its_clause_names(code: str) -> None:
    each = mandate(code)
    text, quotation = _sub_plan(each), _quotation(each)
    heading = CLAUSE.search(each.clause)
    assert heading is not None
    before = [text[: found.start() + 6] for found in re.finditer(re.escape(quotation), text)]
    assert heading.group(2) in {CHINESE_HEADING.findall(part)[-1] for part in before}


def test_every_row_of_the_register_is_represented_and_no_other() -> None:
    assert {each.register_id for each in mandates().values()} == set(REGISTER_ROWS.split())


def test_a_code_is_its_register_id_with_a_running_suffix_where_the_row_holds_several_duties() -> None:
    codes: dict[str, list[str]] = {}
    for code, each in mandates().items():
        codes.setdefault(each.register_id, []).append(code)
    for row, found in codes.items():
        assert found == ([row] if len(found) == 1 else [f"{row}-{number}" for number in range(1, len(found) + 1)])


@pytest.mark.parametrize("row", CONFLICTING_ROWS.split())
def test_every_row_that_the_register_marks_names_its_conflict(row: str) -> None:
    assert all(each.conflicts for each in mandates().values() if each.register_id == row)


def test_every_conflict_is_borne_by_at_least_two_mandates() -> None:
    for code in conflicts():
        assert sum(code in each.conflicts for each in mandates().values()) >= 2, code


def test_both_titles_are_written_and_no_two_mandates_of_a_plan_share_one() -> None:
    titles = [(each.plan, heading_for(each)) for each in mandates().values()]
    assert len(titles) == len(set(titles))


def test_a_row_with_years_and_person_kinds_becomes_one_mandate_each() -> None:
    found = {(*each.roles, *each.sectors, each.period.year) for each in mandates().values() if each.register_id == "Z4"}
    assert found == {
        ("principal", "metal_smelting", 2025),
        ("fire_responsible", "heritage_units", 2025),
        ("principal", "metal_smelting", None),
        ("fire_responsible", "heritage_units", None),
    }


def test_zhejiang_keeps_the_year_of_the_body_beside_the_deadline_of_the_task_table() -> None:
    z5 = [each for each in mandates().values() if each.register_id == "Z5"]
    assert {(each.period.kind, each.period.deadline) for each in z5} == {
        ("year", date(2026, 12, 31)),
        ("by_deadline", date(2026, 12, 31)),
    }


def test_what_zhejiang_counts_of_principals_needs_an_exam() -> None:
    counted = [
        each
        for each in mandates().values()
        if each.plan == "zhejiang-2024" and each.roles == {"principal"} and each.is_counted
    ]
    assert {"Z2", "Z3-1", "Z4-1", "Z6-1"} <= {each.code for each in counted}
    assert {each.requires for each in counted} == {"exam"}


def test_awareness_is_reported_and_never_counted() -> None:
    assert not mandate("Z1").is_counted
    assert mandate("Z1").requires == "rate"


def test_fire_managers_of_heritage_units_are_no_responsible_persons() -> None:
    assert mandate("N29-1").roles == {"fire_manager"}
    assert mandate("N31b").roles == {"fire_responsible"}
    assert {"museums", "heritage_units"} == mandate("N31b").sectors


def _plans_of(found: tuple[Mandate, ...]) -> set[str]:
    return {each.plan for each in found}


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("330106", {"national-2024", "zhejiang-2024"}),
        ("331000", {"national-2024", "zhejiang-2024"}),
        ("330000", {"national-2024", "zhejiang-2024"}),
        ("33", {"national-2024", "zhejiang-2024"}),
        ("370406", {"national-2024", "shanting-2024"}),
        ("370400", {"national-2024"}),
        ("000000", {"national-2024"}),
        ("110101", {"national-2024"}),
    ],
)
def test_a_territory_is_bound_by_its_own_plans_and_those_above_it(region: str, expected: set[str]) -> None:
    assert _plans_of(binding(region, 2024)) == expected


@pytest.mark.parametrize(
    ("region", "below"), [("370000", {"shanting-2024"}), ("000000", {"shanting-2024", "zhejiang-2024"})]
)
def test_a_territory_sees_the_plans_inside_it_when_it_asks(region: str, below: set[str]) -> None:
    assert _plans_of(binding(region, 2024, include_below=True)) == {"national-2024"} | below


def test_a_named_year_binds_in_that_year_only() -> None:
    years = [year for year in range(2023, 2028) if mandate("Z3-1") in binding("330000", year)]
    assert years == [2024]


def test_a_deadline_binds_from_the_plans_first_year_until_it_passes() -> None:
    years = [year for year in range(2023, 2028) if mandate("N23a-1") in binding("000000", year)]
    assert years == [2024, 2025]


def test_nothing_of_these_plans_binds_before_or_after_their_term() -> None:
    assert binding("330106", 2023) == ()
    assert binding("330106", 2027) == ()


@pytest.mark.parametrize("region", ["", "3", "330", "3301061", "３３", "zj"])
def test_a_malformed_region_is_refused(region: str) -> None:
    with pytest.raises(CourseDataError, match="malformed_region"):
        territory(region)


def test_an_unknown_mandate_is_named_in_the_error() -> None:
    with pytest.raises(CourseDataError, match="unknown_mandate: mandate='Z99'"):
        mandate("Z99")


GOOD = {
    "code": "T1",
    "register_id": "T1",
    "title_zh": "示例",
    "title_en": "Sample",
    "clause": "二（一）",
    "quotation": "示例",
    "person_zh": "主要负责人",
    "roles": ["principal"],
    "sectors": ["mines"],
    "period": "every_year",
    "requires": "exam",
    "measured_by": "registry",
}


@pytest.fixture
def mandate_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Let a test write the national plan's mandates, and forget them afterwards."""
    written: list[dict[str, Any]] = []
    plans()
    conflicts()

    def read(name: str) -> dict[str, Any]:
        plan = name.removeprefix("mandates/").removesuffix(".toml")
        return {"plan": plan, "mandate": written if plan == "national-2024" else []}

    monkeypatch.setattr(tables, "read_table", read)
    monkeypatch.setattr(mandates_module, "read_table", read)
    mandates.cache_clear()
    yield written
    mandates.cache_clear()


def test_a_sound_entry_is_read(mandate_file: list[dict[str, Any]]) -> None:
    mandate_file.append(GOOD)
    assert mandate("T1").period.ends == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"roles": ["captain"]}, "unknown_role", "roles"),
        ({"roles": []}, "missing_field", "roles"),
        ({"sectors": ["moon_mines"]}, "unknown_sector", "sectors"),
        ({"sectors": ["general"]}, "general_sector", "sectors"),
        ({"also_in": ["moon_mines"]}, "unknown_sector", "sectors"),
        ({"conflicts": ["C99"]}, "unknown_conflict", "conflicts"),
        ({"period": "whenever"}, "unknown_choice", "period"),
        ({"period": "year"}, "missing_field", "year"),
        ({"period": "year", "year": 2019}, "outside_plan", "period"),
        ({"period": "by_deadline"}, "missing_field", "deadline"),
        ({"period": "by_deadline", "deadline": date(2027, 1, 1)}, "outside_plan", "period"),
        ({"times_per_period": 0}, "out_of_range", "times_per_period"),
        ({"target_percent": 101}, "out_of_range", "target_percent"),
        ({"requires": "drill"}, "not_countable", "requires"),
        ({"roles": ["training_institution"]}, "not_countable", "roles"),
        ({"quotation": ""}, "missing_field", "quotation"),
        ({"deadlin": date(2026, 1, 1)}, "unknown_field", "deadlin"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_entry_and_field(
    mandate_file: list[dict[str, Any]], change: dict[str, Any], code: str, field: str
) -> None:
    mandate_file.append({**GOOD, **change})
    with pytest.raises(CourseDataError) as caught:
        mandates()
    assert caught.value.code == code
    details = caught.value.details
    assert (details["file"], details["entry"], details["field"]) == ("mandates/national-2024.toml", "T1", field)
