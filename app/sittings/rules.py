"""The exam rule that a course version froze, and the blueprint that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.training.models import CourseVersion
from courses.sectors import GENERAL
from question_bank.blueprint import Blueprint, Stratum


def rule_of(course: CourseVersion) -> dict[str, Any]:
    """Return the frozen exam rule of *course*: the fields of courses.exam_rules.ExamRule as JSON values."""
    rule: dict[str, Any] = course.definition["exam_rule"]
    return rule


def blueprint_of(rule: Mapping[str, Any], sector_code: str) -> Blueprint:
    """Return the blueprint of *rule* for a course in *sector_code*.

    The strata "general" draw from the general bank, the strata "sector" from the bank of the course's sector.
    """
    strata = tuple(_stratum(each, sector_code) for each in rule["strata"])
    return Blueprint(strata, marking_rule=rule["marking"])


def banks_of(blueprint: Blueprint) -> list[str]:
    """Return the codes of the banks that *blueprint* draws from, sorted."""
    return sorted({stratum.bank for stratum in blueprint.strata})


def _stratum(values: Mapping[str, Any], sector_code: str) -> Stratum:
    bank = GENERAL if values["bank"] == "general" else sector_code
    return Stratum(bank, values["kind"], values["count"], Decimal(values["points_each"]))
