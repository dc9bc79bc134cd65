"""Exam rules (考试规则): how long, how many questions, what passes; versioned, since authorities differ and change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from courses import tables
from courses.errors import CourseDataError
from courses.tables import Entry

FILE = "exam_rules.toml"
BANKS = frozenset({"general", "sector"})
KINDS = frozenset({"true_false", "single_choice", "multiple_choice", "numeric", "short_answer", "case_study"})
MARKINGS = frozenset({"proportional", "all_or_nothing", "plus_minus"})
DEFAULT_MAJOR_HAZARD_PERCENT = 10


@dataclass(frozen=True, slots=True)
class ExamStratum:
    """*count* questions of one *kind*, worth *points_each*, drawn from one *bank*.

    bank: "general", or "sector" for the bank of the course's own sector; kind: one of KINDS.
    """

    bank: str
    kind: str
    count: int
    points_each: int


@dataclass(frozen=True, slots=True)
class ExamRule:
    """One version of one exam rule.

    pass_percent: least share of total_points that passes, 1..100; resits: further attempts in the same course cycle;
    pass_valid_months: how long a pass counts; marking: "proportional" (any wrong option 0, a correct subset its share),
    "all_or_nothing" or "plus_minus" (a wrong option costs, never below 0); source: the text or practice that the
    figures rest on; major_hazard_percent: of the questions of a principal's paper, the least share on
    重大事故隐患判定标准, 0..100.
    """

    code: str
    version: int
    title_zh: str
    title_en: str
    duration_minutes: int
    question_count: int
    total_points: int
    pass_percent: int
    resits: int
    pass_valid_months: int
    marking: str
    strata: tuple[ExamStratum, ...]
    valid_from: date
    source: str
    major_hazard_percent: int = DEFAULT_MAJOR_HAZARD_PERCENT

    @property
    def pass_points(self) -> float:
        """The least points that pass: 80 percent of 100 are 80.0."""
        return self.total_points * self.pass_percent / 100


def exam_rules() -> tuple[ExamRule, ...]:
    """Return every version of every rule, by code and then by version.

    Raises CourseDataError if an entry is wrong: "missing_field", "wrong_type", "unknown_choice", "unknown_field",
    "out_of_range", "duplicate_code", "question_count_mismatch", "points_mismatch", "versions_out_of_order".
    """
    return tuple(version for versions in _by_code().values() for version in versions)


def exam_rule(code: str, version: int | None = None, on: date | None = None) -> ExamRule:
    """Return one version of the rule *code*: the one asked for, else the newest in force *on* a day, else the newest.

    Raises CourseDataError: "unknown_exam_rule", "unknown_exam_rule_version", "exam_rule_not_valid" (none in force yet).
    """
    versions = _by_code().get(code)
    if not versions:
        raise CourseDataError("unknown_exam_rule", exam_rule=code)
    if version is not None:
        found = [each for each in versions if each.version == version]
        if not found:
            raise CourseDataError("unknown_exam_rule_version", exam_rule=code, version=version)
        return found[0]
    in_force = [each for each in versions if on is None or each.valid_from <= on]
    if not in_force:
        raise CourseDataError("exam_rule_not_valid", exam_rule=code, on=on)
    return in_force[-1]


@cache
def _by_code() -> Mapping[str, tuple[ExamRule, ...]]:
    found: dict[str, tuple[ExamRule, ...]] = {}
    for each in _rules():
        earlier = found.get(each.code, ())
        _check_order(earlier, each)
        found[each.code] = (*earlier, each)
    return MappingProxyType(dict(sorted(found.items())))


def _rules() -> Iterator[ExamRule]:
    for position, values in enumerate(tables.read_table(FILE).get("rule", []), start=1):
        name = f"{values.get('code', f'#{position}')} v{values.get('version', '?')}"
        entry = Entry(FILE, name, values)
        rule = _read(entry)
        entry.finish()
        _check_sums(rule)
        yield rule


def _read(entry: Entry) -> ExamRule:
    return ExamRule(
        code=entry.text("code"),
        version=entry.within("version", 1, 10_000),
        title_zh=entry.text("title_zh"),
        title_en=entry.text("title_en"),
        duration_minutes=entry.within("duration_minutes", 1, 480),
        question_count=entry.within("question_count", 1, 500),
        total_points=entry.within("total_points", 1, 1000),
        pass_percent=entry.within("pass_percent", 1, 100),
        resits=entry.within("resits", 0, 10),
        pass_valid_months=entry.within("pass_valid_months", 1, 120),
        marking=entry.choice("marking", MARKINGS),
        strata=tuple(_stratum(entry, values) for values in entry.optional("strata", list) or ()),
        valid_from=entry.day("valid_from"),
        source=entry.text("source"),
        major_hazard_percent=entry.within("major_hazard_percent", 0, 100, DEFAULT_MAJOR_HAZARD_PERCENT),
    )


def _stratum(rule: Entry, values: Mapping[str, Any]) -> ExamStratum:
    entry = Entry(FILE, f"{rule.name} strata", values)
    stratum = ExamStratum(
        bank=entry.choice("bank", BANKS),
        kind=entry.choice("kind", KINDS),
        count=entry.within("count", 1, 500),
        points_each=entry.within("points_each", 1, 100),
    )
    entry.finish()
    return stratum


def _check_sums(rule: ExamRule) -> None:
    name = f"{rule.code} v{rule.version}"
    count = sum(each.count for each in rule.strata)
    points = sum(each.count * each.points_each for each in rule.strata)
    if count != rule.question_count:
        raise CourseDataError("question_count_mismatch", file=FILE, entry=name, strata=count, rule=rule.question_count)
    if points != rule.total_points:
        raise CourseDataError("points_mismatch", file=FILE, entry=name, strata=points, rule=rule.total_points)


def _check_order(earlier: tuple[ExamRule, ...], each: ExamRule) -> None:
    """Versions stand in the file from old to new, each beginning after the one before."""
    if not earlier:
        return
    name = f"{each.code} v{each.version}"
    if each.version == earlier[-1].version:
        raise CourseDataError("duplicate_code", file=FILE, entry=name, field="version")
    if each.version < earlier[-1].version or each.valid_from <= earlier[-1].valid_from:
        raise CourseDataError("versions_out_of_order", file=FILE, entry=name)
