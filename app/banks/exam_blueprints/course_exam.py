"""What a course's exam rule asks of its blueprint, and the blueprint that follows from the rule alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from app.core.errors import NotFound, ServiceError, worded
from app.core.i18n import localised
from courses import catalogue
from courses.catalogue import CourseDefinition
from courses.errors import CourseDataError
from courses.exam_rules import DEFAULT_MAJOR_HAZARD_PERCENT, exam_rule
from courses.sectors import GENERAL
from question_bank.blueprint import Blueprint, MinimumShare, Stratum, holds_share
from question_bank.questions import MAJOR_HAZARD_CRITERIA

PRINCIPAL = "principal"
"""The role whose papers hold a share on 重大事故隐患判定标准: 主要负责人 in each of its forms.

消防安全责任人 is a role of its own in courses/data/roles.toml, appointed and counted apart, and not asked for it.
"""


@dataclass(frozen=True)
class CourseExam:
    """One course's exam, as far as a blueprint has to keep to it.

    sector, role: codes. rule: the fields of courses.exam_rules.ExamRule as JSON values, of the catalogue or as a
    course version froze them; those that were frozen before major_hazard_percent came have its default.
    """

    sector: str
    role: str
    rule: Mapping[str, Any]

    @property
    def major_hazard_percent(self) -> int:
        """Least share of questions on 重大事故隐患判定标准 in percent; 0 where none is asked for."""
        percent: int = self.rule.get("major_hazard_percent", DEFAULT_MAJOR_HAZARD_PERCENT)
        return percent if self.role == PRINCIPAL else 0

    def derived(self) -> Blueprint:
        """Return the blueprint of the rule: "general" draws from the general bank, "sector" from the course's own."""
        return Blueprint(
            strata=tuple(self._stratum(each) for each in self.rule["strata"]),
            marking_rule=self.rule["marking"],
            minimum_shares=self._shares(),
        )

    def misfits(self, blueprint: Blueprint) -> list[ServiceError]:
        """Return every reason why the exam cannot be drawn by *blueprint*; empty if it keeps to the rule."""
        rule, percent = self.rule, self.major_hazard_percent
        found = []
        if blueprint.count != rule["question_count"]:
            found.append(ServiceError("blueprint_count", count=blueprint.count, needed=rule["question_count"]))
        if blueprint.points != rule["total_points"]:
            points = f"{blueprint.points.normalize():f}"
            found.append(ServiceError("blueprint_points", points=points, needed=rule["total_points"]))
        if blueprint.marking_rule != rule["marking"]:
            found.append(ServiceError("blueprint_marking"))
        if percent and not holds_share(blueprint, MAJOR_HAZARD_CRITERIA, percent):
            found.append(self.share_misfit(blueprint.count))
        return found

    def share_needed(self, count: int) -> int:
        """Return how many of *count* questions have to be on 重大事故隐患判定标准; 0 where no share is asked for."""
        percent = self.major_hazard_percent
        return MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(percent)).needed(count) if percent else 0

    def share_misfit(self, count: int) -> ServiceError:
        """Return the refusal of a paper of *count* questions that has fewer of them."""
        percent, needed = self.major_hazard_percent, self.share_needed(count)
        return ServiceError("blueprint_share", field="hazard_percent", percent=percent, needed=needed)

    def _shares(self) -> tuple[MinimumShare, ...]:
        percent = self.major_hazard_percent
        return (MinimumShare(MAJOR_HAZARD_CRITERIA, Decimal(percent)),) if percent else ()

    def _stratum(self, values: Mapping[str, Any]) -> Stratum:
        bank = GENERAL if values["bank"] == "general" else self.sector
        return Stratum(bank, values["kind"], values["count"], Decimal(values["points_each"]))


def unfit(number: int, misfits: Iterable[ServiceError]) -> ServiceError:
    """Return the refusal of version *number* for all of *misfits*, which are sentences and follow one another."""
    return ServiceError("blueprint_unfit", number=number, reasons=localised("", " ").join(map(worded, misfits)))


def course_in_catalogue(code: str) -> CourseDefinition:
    """Return the newest version of the course *code*. Raises NotFound("blueprint_course_unknown")."""
    try:
        return catalogue.course(code)
    except CourseDataError as error:
        raise NotFound("blueprint_course_unknown", course=code[:80]) from error


def exam_of(course: CourseDefinition) -> CourseExam:
    """Return the exam of *course* under the rule that its sessions freeze."""
    return CourseExam(course.sector, course.role, asdict(exam_rule(course.exam_rule, on=course.valid_from)))
