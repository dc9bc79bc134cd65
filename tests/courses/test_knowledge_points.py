"""Knowledge points: every sector has its own, each within a module of its syllabus; wrong data are refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from courses import knowledge_points as knowledge_points_module
from courses import tables
from courses.catalogue import courses, syllabus
from courses.errors import CourseDataError
from courses.knowledge_points import LONGEST_NAME, points
from courses.sectors import GENERAL
from question_bank.starter import load_starter

TAUGHT = sorted({each.sector for each in courses()})


@pytest.fixture
def points_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Let a test write the file's sectors, and forget them afterwards."""
    courses()  # read before the file is replaced
    written: list[dict[str, Any]] = []
    real = tables.read_table
    monkeypatch.setattr(
        tables, "read_table", lambda name: {"sector": written} if name == "knowledge_points.toml" else real(name)
    )
    knowledge_points_module._by_sector.cache_clear()
    yield written
    knowledge_points_module._by_sector.cache_clear()


def _point(**more: object) -> dict[str, Any]:
    return {"module": "law", "zh": "示例知识点", "en": "Sample", **more}


@pytest.mark.parametrize("code", TAUGHT)
def test_every_module_of_every_sector_has_its_knowledge_points(code: str) -> None:
    assert {each.module.code for each in points(code)} == {module.code for module in syllabus(code)}


@pytest.mark.parametrize("code", TAUGHT)
def test_points_stand_in_the_order_of_the_syllabus_each_once(code: str) -> None:
    order = [module.code for module in syllabus(code)]
    places = [order.index(each.module.code) for each in points(code)]
    assert places == sorted(places)
    assert len({each.name_zh for each in points(code)}) == len(places)


def test_a_point_that_several_sectors_know_has_one_english_name() -> None:
    names = {(each.name_zh, each.name_en) for code in TAUGHT for each in points(code)}
    assert [name for name, count in Counter(zh for zh, _en in names).items() if count > 1] == []


def test_the_general_bank_knows_the_modules_that_most_sectors_share() -> None:
    """But the duties of the principal, which its courses teach with the law."""
    sharing = Counter(module.code for code in TAUGHT for module in syllabus(code))
    shared = {code for code, count in sharing.items() if count >= len(TAUGHT) / 2}
    assert shared - {each.module.code for each in points(GENERAL)} == {"duties"}
    assert "主要负责人职责" in {each.name_zh for each in points(GENERAL) if each.module.code == "law"}


def test_every_starter_question_is_about_a_knowledge_point_of_its_bank() -> None:
    known = {code: {each.name_zh for each in points(code)} for code in {question.bank for question in load_starter()}}
    strange = [(one.code, one.knowledge_point) for one in load_starter() if one.knowledge_point not in known[one.bank]]
    assert strange == []


def test_a_sector_without_courses_has_no_points() -> None:
    assert points("tobacco") == ()


def test_an_unknown_sector_is_refused() -> None:
    with pytest.raises(CourseDataError) as refused:
        points("nowhere")
    assert refused.value.code == "unknown_sector"


def test_the_order_of_the_syllabus_wins_over_that_of_the_file(points_file: list[dict[str, Any]]) -> None:
    later, sooner = _point(module="emergency"), _point(zh="第一模块的知识点")
    points_file.append({"code": "fisheries", "points": [later, sooner]})
    assert [each.name_zh for each in points("fisheries")] == ["第一模块的知识点", "示例知识点"]
    assert points("fisheries")[0].module == syllabus("fisheries")[0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"module": "reactor"}, "unknown_module"),
        ({"module": "excavation"}, "unknown_module"),
        ({"module": ""}, "missing_field"),
        ({"zh": "知" * (LONGEST_NAME + 1)}, "name_too_long"),
        ({"zh": 7}, "wrong_type"),
        ({"en": ""}, "missing_field"),
        ({"hours": 3}, "unknown_field"),
    ],
)
def test_a_wrong_point_is_refused_with_file_and_entry(
    points_file: list[dict[str, Any]], change: dict[str, Any], code: str
) -> None:
    points_file.append({"code": "fisheries", "points": [_point(**change)]})
    with pytest.raises(CourseDataError) as refused:
        points("fisheries")
    assert refused.value.code == code
    assert refused.value.details["file"] == "knowledge_points.toml"
    assert str(refused.value.details["entry"]).startswith("fisheries points")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ([{"code": "nowhere", "points": []}], "unknown_sector"),
        ([{"code": "fisheries", "points": [_point(), _point(module="crew")]}], "duplicate_name"),
        ([{"code": "fisheries"}, {"code": "fisheries"}], "duplicate_code"),
        ([{"code": "fisheries", "point": [_point()]}], "unknown_field"),
        ([{"points": [_point()]}], "missing_field"),
    ],
)
def test_a_wrong_list_of_points_is_refused(
    points_file: list[dict[str, Any]], written: list[dict[str, Any]], code: str
) -> None:
    points_file += written
    with pytest.raises(CourseDataError) as refused:
        points("fisheries")
    assert (refused.value.code, refused.value.details["file"]) == (code, "knowledge_points.toml")


def test_two_sectors_may_know_the_same_point(points_file: list[dict[str, Any]]) -> None:
    points_file += [{"code": code, "points": [_point()]} for code in ("fisheries", "mines")]
    assert points("fisheries")[0].name_zh == points("mines")[0].name_zh
