"""Exam rules: the figures that regulators know, strata that sum up, versions, and refusal of wrong data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from courses import exam_rules as exam_rules_module
from courses import tables
from courses.errors import CourseDataError
from courses.exam_rules import ExamStratum, exam_rule, exam_rules


@pytest.fixture
def rule_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Let a test write the rule file's entries, and forget them afterwards."""
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(tables, "read_table", lambda name: {"rule": written})
    exam_rules_module._by_code.cache_clear()
    yield written
    exam_rules_module._by_code.cache_clear()


def _rule(**more: object) -> dict[str, Any]:
    return {
        "code": "sample",
        "version": 1,
        "title_zh": "示例",
        "title_en": "Sample",
        "duration_minutes": 30,
        "question_count": 10,
        "total_points": 20,
        "pass_percent": 80,
        "resits": 1,
        "pass_valid_months": 12,
        "marking": "proportional",
        "valid_from": date(2024, 1, 1),
        "source": "样本",
        "strata": [{"bank": "general", "kind": "true_false", "count": 10, "points_each": 2}],
        **more,
    }


@pytest.mark.parametrize(
    ("code", "minutes", "questions"), [("national", 120, 100), ("campaign", 60, 25), ("transport", 90, 75)]
)
def test_each_rule_has_its_time_and_size_and_passes_at_80_points(code: str, minutes: int, questions: int) -> None:
    rule = exam_rule(code)
    assert (rule.duration_minutes, rule.question_count) == (minutes, questions)
    assert (rule.total_points, rule.pass_points, rule.resits, rule.pass_valid_months) == (100, 80.0, 1, 12)


def test_the_campaign_exam_draws_sixteen_general_and_nine_sector_questions() -> None:
    strata = exam_rule("campaign").strata
    assert sum(each.count for each in strata if each.bank == "general") == 16
    assert ExamStratum("sector", "multiple_choice", 3, 6) in strata


@pytest.mark.parametrize("rule", exam_rules(), ids=lambda rule: f"{rule.code}-{rule.version}")
def test_strata_sum_up_to_questions_and_points(rule: exam_rules_module.ExamRule) -> None:
    assert sum(each.count for each in rule.strata) == rule.question_count
    assert sum(each.count * each.points_each for each in rule.strata) == rule.total_points
    assert rule.source


def test_the_share_of_major_hazard_questions_is_ten_percent_unless_the_rule_says_otherwise(
    rule_file: list[dict[str, Any]],
) -> None:
    rule_file += [_rule(), _rule(version=2, major_hazard_percent=0, valid_from=date(2025, 1, 1))]
    assert [each.major_hazard_percent for each in exam_rules()] == [10, 0]


@pytest.mark.parametrize("kind", ["numeric", "short_answer", "case_study"])
@pytest.mark.parametrize("marking", ["proportional", "all_or_nothing", "plus_minus"])
def test_a_rule_may_ask_for_every_kind_of_question_and_marking(
    rule_file: list[dict[str, Any]], kind: str, marking: str
) -> None:
    strata = [{"bank": "sector", "kind": kind, "count": 10, "points_each": 2}]
    rule_file.append(_rule(strata=strata, marking=marking))
    assert (exam_rule("sample").strata[0].kind, exam_rule("sample").marking) == (kind, marking)


def test_the_version_in_force_on_a_day_is_found(rule_file: list[dict[str, Any]]) -> None:
    rule_file += [_rule(), _rule(version=2, pass_percent=90, valid_from=date(2025, 1, 1))]
    assert exam_rule("sample", on=date(2024, 12, 31)).version == 1
    assert exam_rule("sample", on=date(2025, 1, 1)).version == 2
    assert exam_rule("sample").pass_percent == 90
    assert exam_rule("sample", version=1).pass_percent == 80


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"code": "none"}, "unknown_exam_rule"),
        ({"code": "sample", "version": 7}, "unknown_exam_rule_version"),
        ({"code": "sample", "on": date(2023, 12, 31)}, "exam_rule_not_valid"),
    ],
)
def test_what_is_not_there_is_refused(rule_file: list[dict[str, Any]], asked: dict[str, Any], code: str) -> None:
    rule_file.append(_rule())
    with pytest.raises(CourseDataError) as refused:
        exam_rule(**asked)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"question_count": 11}, "question_count_mismatch"),
        ({"total_points": 21}, "points_mismatch"),
        ({"strata": []}, "question_count_mismatch"),
        ({"marking": "lenient"}, "unknown_choice"),
        ({"pass_percent": 101}, "out_of_range"),
        ({"major_hazard_percent": 101}, "out_of_range"),
        ({"major_hazard_percent": -1}, "out_of_range"),
        ({"major_hazard_percent": "10"}, "wrong_type"),
        ({"source": ""}, "missing_field"),
        ({"duration": 3}, "unknown_field"),
        ({"valid_from": "2024-01-01"}, "wrong_type"),
        ({"strata": [{"bank": "mine", "kind": "true_false", "count": 10, "points_each": 2}]}, "unknown_choice"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_and_entry(
    rule_file: list[dict[str, Any]], change: dict[str, Any], code: str
) -> None:
    rule_file.append(_rule(**change))
    with pytest.raises(CourseDataError) as refused:
        exam_rules()
    assert refused.value.code == code
    assert refused.value.details["file"] == "exam_rules.toml"
    assert str(refused.value.details["entry"]).startswith("sample v1")


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({}, "duplicate_code"),
        ({"version": 2}, "versions_out_of_order"),
        ({"version": 2, "valid_from": date(2023, 1, 1)}, "versions_out_of_order"),
    ],
)
def test_versions_that_contradict_each_other_are_refused(
    rule_file: list[dict[str, Any]], second: dict[str, Any], code: str
) -> None:
    rule_file += [_rule(), _rule(**second)]
    with pytest.raises(CourseDataError) as refused:
        exam_rules()
    assert refused.value.code == code
