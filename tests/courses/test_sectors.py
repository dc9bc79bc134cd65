"""Sectors and roles: codes that the rest relies on, containment, the high-risk mark, and refusal of wrong data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from courses import sectors as sectors_module
from courses import tables
from courses.errors import CourseDataError
from courses.roles import principal_form, principal_forms, role, roles
from courses.sectors import is_within, lineage, sector, sectors

HIGH_RISK_ROOTS = {"mines", "hazardous_chemicals", "fireworks", "metal_smelting"}


@pytest.fixture
def sector_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Let a test write the sector file's entries, and forget them afterwards."""
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(tables, "read_table", lambda name: {"sector": written})
    sectors_module.sectors.cache_clear()
    yield written
    sectors_module.sectors.cache_clear()


def _entry(code: str, **more: object) -> dict[str, Any]:
    names = {"name_zh": "示例", "name_en": "Sample", "authority_zh": "示例部门", "authority_en": "sample department"}
    return {"code": code, "kind": "sector", **names, **more}


@pytest.mark.parametrize("code", ["dust_explosion", "confined_space"])
def test_dust_and_confined_space_are_traits_and_no_sectors(code: str) -> None:
    assert sector(code).kind == "trait"


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("coal_mines", "mines"),
        ("tailings_ponds", "mines"),
        ("tailings_ponds", "non_coal_mines"),
        ("hospitals", "medical_institutions"),
        ("museums", "cultural_heritage"),
        ("fisheries", "marine"),
        ("mines", "mines"),
    ],
)
def test_a_sector_lies_within_what_contains_it(inner: str, outer: str) -> None:
    assert is_within(inner, outer)


@pytest.mark.parametrize(
    ("inner", "outer"), [("mines", "coal_mines"), ("coal_mines", "non_coal_mines"), ("museums", "heritage_units")]
)
def test_containment_runs_one_way_only(inner: str, outer: str) -> None:
    assert not is_within(inner, outer)


def test_lineage_runs_from_the_inside_out() -> None:
    assert lineage("tailings_ponds") == ("tailings_ponds", "non_coal_mines", "mines")


def test_high_risk_are_the_five_kinds_of_order_3_with_what_they_contain_and_nothing_else() -> None:
    marked = {code for code, each in sectors().items() if each.is_high_risk}
    assert marked == {code for code in sectors() if HIGH_RISK_ROOTS & set(lineage(code))}


def test_an_unknown_sector_is_named_in_the_error() -> None:
    with pytest.raises(CourseDataError) as caught:
        is_within("mines", "moon_mines")
    assert caught.value.code == "unknown_sector"
    assert caught.value.details == {"sector": "moon_mines"}


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([_entry("a"), _entry("a")], "duplicate_code"),
        ([_entry("a", parent="b")], "unknown_sector"),
        ([_entry("a", parent="b"), _entry("b", parent="a")], "sector_cycle"),
        ([_entry("a", kind="planet")], "unknown_choice"),
        ([_entry("a", name_zh="")], "missing_field"),
        ([_entry("a", high_risk="yes")], "wrong_type"),
        ([_entry("a", parnet="b")], "unknown_field"),
        ([_entry("a", high_risk=True), _entry("b", parent="a")], "high_risk_not_inherited"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_entry(
    sector_file: list[dict[str, Any]], entries: list[dict[str, Any]], code: str
) -> None:
    sector_file.extend(entries)
    with pytest.raises(CourseDataError) as caught:
        sectors()
    assert caught.value.code == code
    assert caught.value.details["file"] == "sectors.toml"
    assert caught.value.details["entry"] in {"a", "b"}


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CourseDataError) as caught:
        tables.read_table("no-such.toml")
    assert (caught.value.code, caught.value.details["file"]) == ("unreadable_file", "no-such.toml")


def test_institutions_and_enterprises_are_no_persons() -> None:
    assert {code for code, each in roles().items() if each.subject != "person"} == {
        "training_institution",
        "enterprise",
    }


def test_a_principal_takes_four_forms() -> None:
    assert set(principal_forms()) == {"legal_representative", "actual_controller", "chair", "manager"}


def test_unknown_roles_and_forms_are_refused() -> None:
    with pytest.raises(CourseDataError, match="unknown_role"):
        role("captain")
    with pytest.raises(CourseDataError, match="unknown_principal_form"):
        principal_form("captain")
