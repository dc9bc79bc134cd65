"""What the pages of blueprints show: counts beside what is needed, the findings of a check, in words and bars."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from app.banks.exam_blueprints import words
from app.banks.exam_blueprints.availability import (
    MOST_COUNTED,
    Availability,
    Conditions,
    are_apart,
    conditions,
    counts,
)
from app.banks.exam_blueprints.checking import Check
from app.banks.exam_blueprints.course_exam import CourseExam
from app.banks.exam_blueprints.forms import BlueprintForm, StratumForm, whole
from app.banks.exam_blueprints.naming import misnamed
from app.banks.words import tag_name
from app.core.charts import Bar, Bars
from app.core.errors import worded
from app.core.i18n import listed
from question_bank.blueprint import Blueprint, MinimumShare, Stratum
from question_bank.errors import BlueprintError
from question_bank.points import points_from
from question_bank.questions import MAJOR_HAZARD_CRITERIA


@dataclass(frozen=True)
class Said:
    """One sentence and what it means: "ok", "shared" (enough alone), "stop" (too little), "" (nothing to say yet)."""

    words: str
    state: str = ""


@dataclass(frozen=True)
class Typed:
    """What can be said of a blueprint while it is typed.

    rows: one for each row, in order. remarks: of each share that is named, and of strata that share questions.
    """

    rows: list[Said]
    total: Said
    remarks: list[Said]

    def to_json(self) -> dict[str, object]:
        """Return it as the page's script takes it."""
        return {
            "rows": [[each.words, each.state] for each in self.rows],
            "total": [self.total.words, self.total.state],
            "remarks": [[each.words, each.state] for each in self.remarks],
        }


def said_of_typed(form: BlueprintForm, exam: CourseExam, day: date, check: Check | None = None) -> Typed:
    """Count what the rows of *form* have in the banks; rows that say too little are left open.

    check: of these rows, if there was one; they then tell what it found.
    """
    rows: list[StratumForm] = [row.form for row in form.strata]
    numbers = [whole(row.count.data) for row in rows]
    strata = [row.stratum(as_typed=True) for row in rows]
    shares = _shares(form)
    wanted = [conditions(each, also) for each in strata if each for also in [(), *((tag,) for tag, _percent in shares)]]
    counted = counts(list(dict.fromkeys(wanted)), day)
    meant = [(number, each) for number, each in zip(numbers, strata, strict=True) if each]
    there = {tag: sum(min(number, counted[conditions(each, (tag,))]) for number, each in meant) for tag, _ in shares}
    found = [_share_said(tag, percent, sum(numbers), there[tag]) for tag, percent in shares]
    found += _rule_said(form, exam, meant)
    together = _together(strata)
    said = [
        _row_said(row, each, counted, number in together)
        for number, (row, each) in enumerate(zip(rows, strata, strict=True))
    ]
    said = _with_misnamed(said, strata)
    if check is not None:
        said = _with_shortfalls(said, check)
    return Typed(said, total_said(sum(numbers), _points(rows), exam), found + _together_said(together))


def total_said(count: int, points: Decimal, exam: CourseExam) -> Said:
    """Say how many questions and points there are together, and how many the exam rule asks for."""
    needed, full = exam.rule["question_count"], exam.rule["total_points"]
    sentence = _(
        "合计 %(count)s 题、%(points)s 分；考试规则要求 %(needed)s 题、%(full)s 分。",
        count=count,
        points=words.plain(points),
        needed=needed,
        full=full,
    )
    return Said(sentence, "ok" if (count, points) == (needed, full) else "stop")


def available_said(needed: int, available: int, *, is_shared: bool = False) -> Said:
    """Say how many approved questions a stratum has, and how many it lacks by itself.

    is_shared: other strata can take some of them, so that having enough alone does not say that all have enough.
    """
    if available < needed:
        return Said(
            _("可用 %(available)s 题，缺 %(missing)s 题", available=available, missing=needed - available), "stop"
        )
    if available >= MOST_COUNTED:
        words = _("可用 %(available)s 题以上", available=MOST_COUNTED)
    else:
        words = _("可用 %(available)s 题", available=available)
    return Said(_("%(available)s，与其他层共用", available=words), "shared") if is_shared else Said(words, "ok")


def verdict(blueprint: Blueprint, found: Availability) -> Said:
    """Say in a list whether the banks have enough, from counts alone."""
    if found.missing:
        return Said(_("缺 %(missing)s 题", missing=found.missing), "stop")
    shares = zip(blueprint.minimum_shares, found.by_share, strict=True)
    if any(there < share.needed(blueprint.count) for share, there in shares):
        return Said(_("占比不够"), "stop")
    if found.are_apart and len(blueprint.minimum_shares) < 2:
        return Said(_("够"), "ok")
    return Said(_("各层够，待检查"))


def check_bars(blueprint: Blueprint, check: Check) -> Bars:
    """Return the chart of a check: what each stratum needs against what it has."""
    short = {each.stratum: each for each in check.report.shortfalls}
    rows = []
    for number, (stratum, there) in enumerate(zip(blueprint.strata, check.found.by_stratum, strict=True)):
        note = _("缺 %(missing)s 题", missing=short[number].missing) if number in short else ""
        label = f"{number + 1}. {words.stratum_name(stratum)}"
        share = stratum.count / there if there else 1.0
        rows.append(Bar(label, share, f"{stratum.count} / {there}", note))
    sentence = _("每层需要的题数占现有已审定试题的多少；占得越满，试卷之间越相像。")
    return Bars(sentence, _("分层"), _("需要 / 现有"), tuple(rows))


@dataclass(frozen=True)
class Findings:
    """What a full check found. headline: in one sentence; blocking: what blocks; outlook: what papers will be like."""

    headline: Said
    blocking: list[str]
    outlook: list[str]
    bars: Bars


def findings(blueprint: Blueprint, check: Check) -> Findings:
    """Return what *check* found for the page."""
    blocking = words.shortfall_sentences(blueprint, check.report, check.misnamed)
    good = Said(_("可以组卷：每份试卷都能抽满。"), "ok")
    headline = good if check.report.is_feasible else Said(_("还不能组卷，受限于："), "stop")
    short = {each.stratum for each in check.report.shortfalls}
    besides = [words.misnamed_sentence(*each) for each in check.misnamed.items() if each[0] not in short]
    said = [_("%(sentence)s。", sentence=each) for each in besides] + outlook(blueprint, check)
    return Findings(headline, blocking, said, check_bars(blueprint, check))


def outlook(blueprint: Blueprint, check: Check) -> list[str]:
    """Return what papers will be like, in sentences; nothing if they cannot be filled."""
    report = check.report
    if report.expected_overlap is None or report.mean_difficulty is None or report.difficulty_spread is None:
        return []
    said = [
        _(
            "任意两份试卷平均有 %(overlap)s 题相同（共 %(count)s 题）。",
            overlap=f"{report.expected_overlap:.1f}",
            count=blueprint.count,
        ),
        _(
            "试卷平均难度约 %(mean)s（1 为易，2 为中，3 为难），各份试卷之间的标准差约 %(spread)s。",
            mean=f"{report.mean_difficulty:.2f}",
            spread=f"{report.difficulty_spread:.2f}",
        ),
    ]
    if report.is_estimated:
        said.append(_("分层之间有共同的试题，或有占比、使用次数的要求，以上由 400 份试抽的试卷估计。"))
    if check.is_sample:
        said.append(_("题库很大，以上按其中一部分试题计算，实际相同的题更少；能否抽满的结论不受影响。"))
    return said


def _row_said(row: StratumForm, stratum: Stratum | None, counted: Mapping[Conditions, int], is_shared: bool) -> Said:
    if stratum is None:
        return Said(_("请先选择题库和题型"))
    if not whole(row.count.data):
        return Said(_("题数没有填对，这一层没有计入合计"), "stop")
    if not points_from(row.points.data or ""):
        return Said(_("每题分值没有填对，这一层的分数没有计入合计"), "stop")
    return available_said(whole(row.count.data), counted[conditions(stratum)], is_shared=is_shared)


def _with_misnamed(said: Sequence[Said], strata: Sequence[Stratum | None]) -> list[Said]:
    """Return *said* with what a row names that is not there in place of its count."""
    named = [number for number, each in enumerate(strata) if each]
    found = misnamed([each for each in strata if each])
    instead = {named[place]: Said(words.misnamed_words(each), "stop") for place, each in found.items()}
    return [instead.get(number, one) for number, one in enumerate(said)]


def _with_shortfalls(said: Sequence[Said], check: Check) -> list[Said]:
    """Return *said* with what each row lacks once all are filled together."""
    short = {each.stratum: each.missing for each in check.report.shortfalls if check.found.by_stratum[each.stratum]}
    return [
        Said(
            _("%(available)s，同时抽缺 %(missing)s 题", available=_alone(check, number), missing=short[number]), "stop"
        )
        if number in short and one.state != "stop"
        else one
        for number, one in enumerate(said)
    ]


def _alone(check: Check, number: int) -> str:
    return available_said(0, check.found.by_stratum[number]).words


def _together(strata: Sequence[Stratum | None]) -> set[int]:
    """Return the strata, from 0, that can take questions from others: counts by themselves do not tell of these."""
    rows = [(number, each) for number, each in enumerate(strata) if each]
    return {n for n, one in rows for m, two in rows if n != m and not are_apart(one, two)}


def _together_said(together: Collection[int]) -> list[Said]:
    if not together:
        return []
    numbers = listed(number + 1 for number in sorted(together))
    return [Said(_("第 %(numbers)s 层有共同的试题，能否同时抽满，以“检查能否组卷”为准。", numbers=numbers))]


def _shares(form: BlueprintForm) -> list[tuple[str, Decimal | None]]:
    """Return tag and percentage of the shares that are named, the percentage None while it is none."""
    named = [(MAJOR_HAZARD_CRITERIA, form.hazard_percent.data), (form.other_tag.data or "", form.other_percent.data)]
    return [(tag, points_from(percent or "")) for tag, percent in named if tag and (percent or tag != named[0][0])]


def _share_said(tag: str, percent: Decimal | None, count: int, there: int) -> Said:
    name = tag_name(tag)
    try:
        needed = MinimumShare(tag, percent or Decimal(0)).needed(count)
    except BlueprintError:
        return Said(_("%(tag)s：请填写 1 到 100 之间的百分数。", tag=name))
    sentence = _("%(tag)s：至少 %(needed)s 题，各分层最多能抽出 %(there)s 题。", tag=name, needed=needed, there=there)
    return Said(sentence, "ok" if there >= needed else "stop")


def _rule_said(form: BlueprintForm, exam: CourseExam, meant: Sequence[tuple[int, Stratum]]) -> list[Said]:
    """Say that the exam rule asks for a larger share than is typed; nothing while what is typed is no number."""
    count, typed = sum(number for number, _stratum in meant), points_from(form.hazard_percent.data or "")
    if not exam.major_hazard_percent or not count or (typed is None and form.hazard_percent.data):
        return []
    try:
        held = MinimumShare(MAJOR_HAZARD_CRITERIA, typed).needed(count) if typed else 0
    except BlueprintError:
        return []
    held = max(held, sum(number for number, stratum in meant if stratum.tags == (MAJOR_HAZARD_CRITERIA,)))
    return [] if held >= exam.share_needed(count) else [Said(worded(exam.share_misfit(count)), "stop")]


def _points(rows: Sequence[StratumForm]) -> Decimal:
    worth = ((whole(row.count.data), points_from(row.points.data or "")) for row in rows)
    return sum((count * points for count, points in worth if points), Decimal(0))


def strata_said(blueprint: Blueprint, found: Availability, check: Check | None = None) -> list[tuple[Stratum, Said]]:
    """Return each stratum with how many questions it has, and whether others want some of them."""
    together = _together(blueprint.strata)
    said = [
        available_said(stratum.count, there, is_shared=number in together)
        for number, (stratum, there) in enumerate(zip(blueprint.strata, found.by_stratum, strict=True))
    ]
    said = _with_misnamed(said, blueprint.strata)
    return list(zip(blueprint.strata, said if check is None else _with_shortfalls(said, check), strict=True))
