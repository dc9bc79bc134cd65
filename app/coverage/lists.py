"""The lists behind a figure: enterprises, and the names in them; every row comes from the standings counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.core.i18n import localised
from app.core.tables import Column, Filter, Table
from app.coverage.figures import Line
from app.coverage.records import SUSPENDED, Outcome, Voided, shown_status
from app.coverage.words import STATUS_WORDS, _, reason_words, region_words
from certificates.certificate import masked_document
from courses import roles
from courses.coverage import Count, Standing, tally

Names = Mapping[int, tuple[str, str, str]]
Enterprises = Mapping[int, tuple[str, str]]


@dataclass(frozen=True)
class EnterpriseRow:
    """One enterprise under one mandate: its persons counted, and why some are missing."""

    enterprise_id: int
    name: str
    region: str
    count: Count
    reason: str

    @property
    def missing(self) -> int:
        return self.count.due - self.count.covered


@dataclass(frozen=True)
class NameRow:
    """One person in one enterprise under one mandate.

    outcome: the enrolment that covers the person or came furthest; proof: what it shows, in words.
    """

    name: str
    document: str
    enterprise_id: int
    enterprise: str
    region: str
    role: str
    appointed_on: date
    status: str
    proof: str
    outcome: Outcome | None


def enterprise_rows(line: Line, enterprises: Enterprises) -> list[EnterpriseRow]:
    """Return one row for each enterprise in which somebody is due, where most are missing first."""
    found: defaultdict[int, list[Standing]] = defaultdict(list)
    for each in line.standings:
        if each.is_due:
            found[each.duty.enterprise_id].append(each)
    rows = [_enterprise_row(number, own, line, enterprises) for number, own in found.items()]
    return sorted(rows, key=lambda row: (-row.missing, row.name, row.enterprise_id))


def _enterprise_row(number: int, own: Sequence[Standing], line: Line, enterprises: Enterprises) -> EnterpriseRow:
    name, region = enterprises[number]
    part = Line(line.mandate, region, line.year, line.cut_off, tuple(own))
    return EnterpriseRow(number, name, region_words(region), tally(own), reason_words(part.reasons))


def name_rows(
    standings: Iterable[Standing], outcomes: Mapping[int, Sequence[Outcome]], names: Names, enterprises: Enterprises
) -> list[NameRow]:
    """Return one row for each standing, the missing first, then by enterprise and name."""
    rows = [_name_row(each, outcomes.get(each.duty.person_id, ()), names, enterprises) for each in standings]
    return sorted(rows, key=lambda row: (_rank(row), row.enterprise, row.name, row.document))


def _name_row(standing: Standing, own: Sequence[Outcome], names: Names, enterprises: Enterprises) -> NameRow:
    duty, best = standing.duty, evidence(standing, own)
    name, kind, last4 = names[duty.person_id]
    enterprise, region = enterprises[duty.enterprise_id]
    role = roles.role(duty.role)
    return NameRow(
        name=name,
        document=masked_document(kind, last4),
        enterprise_id=duty.enterprise_id,
        enterprise=enterprise,
        region=region_words(region),
        role=localised(role.name_zh, role.name_en),
        appointed_on=duty.appointed_on,
        status=shown_status(standing),
        proof=proof_words(best),
        outcome=best,
    )


def evidence(standing: Standing, own: Sequence[Outcome]) -> Outcome | None:
    """Return the enrolment that came furthest for the duty, or one in the same role that is under way, or None.

    Compared by identity: the standing holds the very achievements of these outcomes, and two may be equal.
    """
    served = [each for each in own if any(each.achievement is attended for attended in standing.attended)]
    if served:
        return max(served, key=lambda each: (_progress(each), each.enrolment_id))
    under_way = [
        each for each in own if each.achievement.role == standing.duty.role and not each.achievement.trained_on
    ]
    return under_way[-1] if under_way and standing.status == "not_trained" else None


def _progress(each: Outcome) -> int:
    reached = each.achievement
    return sum(
        day is not None for day in (reached.trained_on, reached.examined_on, reached.passed_on, reached.certified_on)
    )


def proof_words(outcome: Outcome | None) -> str:
    """Return what the records show: class, hours, result, certificate."""
    if outcome is None:
        return _("没有对应的培训")
    reached = outcome.achievement
    if reached.trained_on is None:
        hours = {"credited": f"{outcome.credited_hours:g}", "required": f"{outcome.required_hours:g}"}
        return _("在训，学时 %(credited)s / %(required)s", **hours)
    if outcome.score is None:
        return _("%(day)s 学时已满，没有考试成绩", day=reached.trained_on.isoformat())
    day = outcome.result_on.isoformat() if outcome.result_on else ""
    if isinstance(reached, Voided):
        return _("%(day)s 考试 %(score)s 分；证明已撤销，不再算合格", day=day, score=f"{outcome.score:g}")
    if reached.passed_on is None:
        return _("%(day)s 考试 %(score)s 分，不合格", day=day, score=f"{outcome.score:g}")
    return _("%(day)s 考试 %(score)s 分，合格", day=day, score=f"{outcome.score:g}") + _paper_words(outcome)


def _paper_words(outcome: Outcome) -> str:
    paper = outcome.paper
    return _("；证明暂停中") if paper is not None and paper.state == SUSPENDED else ""


def _rank(row: NameRow) -> int:
    return list(STATUS_WORDS).index(row.status) if row.status not in {"covered", "represented"} else 10


ENTERPRISES = Table(
    "enterprises",
    columns=(
        Column("name", _l("企业"), lambda row: row.name, lambda row: row.name),
        Column("region", _l("地区"), lambda row: row.region, lambda row: row.region),
        Column("due", _l("应训人数"), lambda row: row.count.due, lambda row: row.count.due, is_number=True),
        Column("covered", _l("覆盖人数"), lambda row: row.count.covered, lambda row: row.count.covered, is_number=True),
        Column("missing", _l("未覆盖"), lambda row: row.missing, lambda row: row.missing, is_number=True),
        Column("reason", _l("原因"), lambda row: row.reason),
    ),
    search=(lambda row: row.name,),
    search_label=_l("企业名称"),
    filters=(
        Filter(
            "state",
            _l("状态"),
            (("open", _l("有人未覆盖")), ("done", _l("全部覆盖"))),
            lambda value: lambda row: (row.missing > 0) == (value == "open"),
        ),
    ),
)

NAME_COLUMNS = (
    Column("name", _l("姓名"), lambda row: row.name, lambda row: row.name),
    Column("status", _l("状态"), lambda row: str(STATUS_WORDS[row.status]), lambda row: _rank(row)),
    Column("enterprise", _l("企业"), lambda row: row.enterprise, lambda row: row.enterprise),
    Column("proof", _l("依据"), lambda row: row.proof),
    Column("document", _l("证件号码"), lambda row: row.document),
    Column("role", _l("人员类别"), lambda row: row.role),
    Column("appointed_on", _l("任职起"), lambda row: row.appointed_on.isoformat(), lambda row: row.appointed_on),
)


def names_table(rows: Iterable[NameRow], asked: str | None) -> Table:
    """Return the table of names; its filter offers the statuses that *rows* have, and the one that is *asked* for."""
    held = {asked, *(row.status for row in rows)}
    options = tuple((code, word) for code, word in STATUS_WORDS.items() if code in held)
    return Table(
        "names",
        columns=NAME_COLUMNS,
        search=(lambda row: row.name, lambda row: row.enterprise),
        search_label=_l("姓名或企业名称"),
        filters=(Filter("status", _l("状态"), options, lambda value: lambda row: row.status == value),),
    )
