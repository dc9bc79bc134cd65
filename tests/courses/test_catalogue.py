"""The catalogue: every sector's courses, their hours and exams, look-up by sector, and refusal of wrong data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from courses import catalogue as catalogue_module
from courses import tables
from courses.catalogue import CourseDefinition, course, courses, for_sector, syllabus
from courses.errors import CourseDataError
from courses.sectors import sector

PRINCIPALS = [
    "mines",
    "metal_smelting",
    "hazardous_chemicals",
    "dust_explosion",
    "confined_space",
    "construction",
    "road_transport",
    "fisheries",
]
FIRE = ["hospitals", "heritage_units", "large_commercial_complexes"]


@pytest.fixture
def course_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Let a test write the one course file, of fisheries, and forget it afterwards."""
    written: list[dict[str, Any]] = []
    real = tables.read_table
    table = {"sector": "fisheries", "course": written}
    monkeypatch.setattr(catalogue_module, "_files", lambda: ("courses/sample.toml",))
    monkeypatch.setattr(tables, "read_table", lambda name: table if name == "courses/sample.toml" else real(name))
    catalogue_module._by_key.cache_clear()
    yield written
    catalogue_module._by_key.cache_clear()


def _course(**more: object) -> dict[str, Any]:
    return {
        "code": "sample-initial",
        "version": 1,
        "title_zh": "示例课程",
        "title_en": "Sample course",
        "role": "principal",
        "kind": "initial",
        "hours": 32,
        "exam_rule": "national",
        "valid_from": date(2024, 1, 1),
        "source_zh": "样本",
        "modules": [
            {"code": "law", "zh": "法律", "en": "Law", "hours": 12},
            {"code": "risk", "zh": "风险", "en": "Risk", "hours": 20},
        ],
        **more,
    }


@pytest.mark.parametrize(
    ("code", "role"), [*((code, "principal") for code in PRINCIPALS), *((code, "fire_responsible") for code in FIRE)]
)
def test_each_sector_has_an_initial_a_refresher_and_a_campaign_course(code: str, role: str) -> None:
    own = [each for each in courses() if each.sector == code and each.role == role]
    assert {each.kind for each in own} == {"initial", "refresher", "campaign"}


@pytest.mark.parametrize("each", courses(), ids=lambda each: each.code)
def test_hours_follow_the_risk_of_the_sector_and_modules_sum_up(each: CourseDefinition) -> None:
    is_high_risk = sector(each.sector).is_high_risk
    expected = {"initial": {48 if is_high_risk else 32}, "refresher": {16 if is_high_risk else 12}}
    assert each.hours in expected.get(each.kind, set(range(8, 17)))
    assert sum(module.hours for module in each.syllabus) == each.hours


@pytest.mark.parametrize("each", courses(), ids=lambda each: each.code)
def test_every_course_teaches_major_hazards_and_says_what_its_hours_rest_on(each: CourseDefinition) -> None:
    assert any("重大" in module.title_zh and "隐患" in module.title_zh for module in each.syllabus)
    assert "本系统设置" in each.source_zh


def test_no_two_modules_of_the_initial_courses_are_worded_alike() -> None:
    titles = [module.title_zh for each in courses() if each.kind == "initial" for module in each.syllabus]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("each", courses(), ids=lambda each: each.code)
def test_the_exam_rule_follows_the_kind_of_course(each: CourseDefinition) -> None:
    if each.kind != "initial":
        assert each.exam_rule == "campaign"
    else:
        assert each.exam_rule == ("transport" if each.sector == "road_transport" else "national")


def test_a_sector_inside_another_finds_the_courses_of_the_outer_one() -> None:
    found = for_sector("non_coal_mines", role="principal", kind="campaign", on=date(2024, 6, 1))
    assert [each.code for each in found] == ["mines-principal-campaign"]


def test_a_hospital_finds_its_own_course_before_that_of_all_medical_institutions() -> None:
    found = [each.sector for each in for_sector("hospitals", kind="campaign")]
    assert found == ["hospitals", "medical_institutions"]


def test_a_sector_without_courses_finds_none_and_an_unknown_one_is_refused() -> None:
    assert for_sector("customs") == ()
    with pytest.raises(CourseDataError) as refused:
        for_sector("moon_mining")
    assert refused.value.code == "unknown_sector"


def test_no_course_is_open_before_its_first_day() -> None:
    assert for_sector("mines", on=date(2023, 12, 31)) == ()


def test_the_newest_version_answers_unless_another_is_asked_for(course_file: list[dict[str, Any]]) -> None:
    course_file += [
        _course(valid_to=date(2025, 1, 1)),
        _course(version=2, title_zh="示例课程（修订）", valid_from=date(2025, 1, 1)),
    ]
    assert course("sample-initial").version == 2
    assert course("sample-initial", 1).title_zh == "示例课程"
    assert [each.version for each in for_sector("fisheries", on=date(2024, 12, 31))] == [1]
    assert [each.version for each in for_sector("fisheries", on=date(2025, 1, 1))] == [2]


@pytest.mark.parametrize(
    ("code", "version", "error"), [("none", None, "unknown_course"), ("sample-initial", 3, "unknown_course_version")]
)
def test_an_unknown_course_is_refused(
    course_file: list[dict[str, Any]], code: str, version: int | None, error: str
) -> None:
    course_file.append(_course())
    with pytest.raises(CourseDataError) as refused:
        course(code, version)
    assert refused.value.code == error


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"hours": 33}, "hours_mismatch"),
        ({"hours": 12, "modules": [{"code": "law", "zh": "法律", "en": "Law", "hours": 12}]}, "hours_below_minimum"),
        ({"modules": [{"code": "law", "zh": "法律", "en": "Law", "hours": 16}] * 2}, "duplicate_code"),
        ({"exam_rule": "oral"}, "unknown_exam_rule"),
        ({"valid_from": date(2020, 1, 1)}, "exam_rule_not_valid"),
        ({"valid_to": date(2024, 1, 1)}, "ends_before_it_begins"),
        ({"role": "astronaut"}, "unknown_choice"),
        ({"kind": "evening"}, "unknown_choice"),
        ({"sector": "moon_mining"}, "unknown_sector"),
        ({"title_zh": ""}, "missing_field"),
        ({"teacher": "示例"}, "unknown_field"),
    ],
)
def test_a_wrong_course_is_refused_with_file_and_entry(
    course_file: list[dict[str, Any]], change: dict[str, Any], code: str
) -> None:
    course_file.append(_course(**change))
    with pytest.raises(CourseDataError) as refused:
        courses()
    assert refused.value.code == code
    assert refused.value.details["file"] == "courses/sample.toml"
    assert str(refused.value.details["entry"]).startswith("sample-initial v1")


def test_the_same_version_twice_is_refused(course_file: list[dict[str, Any]]) -> None:
    course_file += [_course(), _course()]
    with pytest.raises(CourseDataError) as refused:
        courses()
    assert refused.value.code == "duplicate_code"


def test_the_syllabus_of_a_sector_begins_with_its_first_training(course_file: list[dict[str, Any]]) -> None:
    """What later courses teach again keeps its first name; what only an older version taught is not taught any more."""
    law, risk = ({"code": code, "zh": code, "en": code, "hours": 16} for code in ("law", "risk"))
    again = [{**law, "zh": "更新", "hours": 4}, {"code": "cases", "zh": "案例", "en": "Cases", "hours": 8}]
    course_file += [
        _course(code="a-refresher", kind="refresher", hours=12, modules=again),
        _course(modules=[law, {**risk, "code": "old"}]),
        _course(version=2, modules=[law, risk]),
    ]
    assert [(module.code, module.title_zh) for module in syllabus("fisheries")] == [
        ("law", "law"),
        ("risk", "risk"),
        ("cases", "案例"),
    ]
    assert syllabus("tobacco") == ()
