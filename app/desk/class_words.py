"""The class file in words: its title, its steps, the tag of each trainee, what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.audit.models import AuditEvent
from app.core.clock import local_day
from app.core.db import db
from app.desk.class_record import ClassRecord
from app.registry.models import Person
from app.sittings.models import Sitting
from app.training.models import Enrolment, EnrolmentState, Exemption

HISTORY_LIMIT = 100
HEADLINES = {
    "closed": _l("已结班：%(enrolled)s 人参训，%(passed)s 人合格"),
    "closed_with_exempt": _l("已结班：%(enrolled)s 人参训，%(passed)s 人合格，%(exempt)s 人免考"),
    "cancelled": _l("培训班已取消"),
    "import": _l("还没有学员"),
    "begin": _l("%(enrolled)s 人已报名，%(day)s 开班"),
    "attend": _l("还有 %(short)s 人学时未满"),
    "examine": _l("%(to_examine)s 人学时已满，可以申请考试"),
    "examine_rest": _l("还有 %(missing)s 人未考试，暂不能结班"),
    "wait": _l("%(waiting)s 人等待考试"),
    "resit": _l("%(to_resit)s 人不合格，可以补考"),
    "close": _l("每名学员都有考试结果或免考记录，可以结班"),
}


@dataclass(frozen=True)
class Step:
    """One stage of the session. state: "done", "now" or "" (to come); share: done and total for a meter, or None."""

    title: Any
    detail: str
    state: str
    share: tuple[int, int] | None = None


def headline(record: ClassRecord) -> str:
    """Return the title of the page: where the session stands, in the words of its institution."""
    figures = {
        "enrolled": len(record.enrolled),
        "passed": len(record.passed),
        "short": len(record.short & record.missing),
        "to_examine": len(record.to_examine),
        "missing": len(record.missing),
        "waiting": len(record.waiting),
        "to_resit": len(record.to_resit),
        "exempt": len(record.exempt),
        "day": record.session.starts_on.isoformat(),
    }
    step = record.next_step()
    return str(HEADLINES["closed_with_exempt" if step == "closed" and record.exempt else step]) % figures


def steps(record: ClassRecord) -> list[Step]:
    """Return the five stages of a session, each with how far it is."""
    total, full = len(record.enrolled), len(record.enrolled) - len(record.short)
    examined = total - len(record.missing)
    done = [
        bool(total),
        bool(total) and not record.short,
        bool(total) and not record.missing,
        bool(record.passed) and record.certified == record.passed and not record.missing,
        record.session.closed_at is not None,
    ]
    details: list[tuple[Any, str, tuple[int, int] | None]] = [
        (_l("报名"), _("%(count)s 人，来自 %(enterprises)s 家企业", count=total, enterprises=record.enterprises), None),
        (_l("培训与考勤"), _("%(full)s / %(total)s 人学时已满", full=full, total=total), (full, total)),
        (_l("考试"), _examined(record, examined, total), (examined, total)),
        (_l("发证"), _certified(record), None),
        (_l("结班归档"), _("每名学员都有考试结果或免考记录后可结班"), None),
    ]
    current = done.index(False) if False in done else -1
    return [
        Step(title, detail, "done" if done[number] else ("now" if number == current else ""), share)
        for number, (title, detail, share) in enumerate(details)
    ]


def _examined(record: ClassRecord, examined: int, total: int) -> str:
    exempt = len(record.exempt)
    if not exempt:
        return str(_("%(count)s / %(total)s 人已有结果或免考", count=examined, total=total))
    return str(
        _(
            "%(count)s / %(total)s 人已有结果或免考，其中 %(exempt)s 人免考",
            count=examined,
            total=total,
            exempt=exempt,
        )
    )


def _certified(record: ClassRecord) -> str:
    return str(_("已发 %(issued)s 份，%(failed)s 人不合格", issued=len(record.certified), failed=len(record.failed)))


def exam_tag(record: ClassRecord, row: Enrolment) -> tuple[str, str, str]:
    """Return a trainee's exam in a word, its mark ("ok", "warn", "stop", "info" or "") and a line below, or ""."""
    if row.state is EnrolmentState.WITHDRAWN:
        return str(_("已退训")), "", ""
    result, exemption = record.exam(row.id), record.exempted.get(row.id)
    if exemption is not None and not result.is_examined:
        return str(_("已免考")), "info", exemption.document_number
    if result.is_examined:
        return _scored(record, row.id)
    if row.id in record.short:
        return (str(_("学时不足")), "warn", "") if record.is_over else (str(_("培训中")), "", "")
    words = {
        "admitted": (str(_("待考")), "info", ""),
        "in_progress": (str(_("正在考试")), "info", ""),
        "absent": (str(_("缺考")), "stop", ""),
    }
    return words.get(result.state, (str(_("未考试")), "stop" if record.is_over else "", ""))


def _scored(record: ClassRecord, enrolment_id: int) -> tuple[str, str, str]:
    result = record.exam(enrolment_id)
    score = f"{result.score:g}"
    by_resit = result.attempts > 1
    if result.state == "passed":
        word = _("%(score)s 分（补考）", score=score) if by_resit else _("%(score)s 分", score=score)
        return str(word), "ok", ""
    word = _("%(score)s 分，补考不合格", score=score) if by_resit else _("%(score)s 分，不合格", score=score)
    return str(word), "stop", str(_("可补考")) if enrolment_id in record.to_resit else ""


Sentence = Callable[[dict[str, Any], str], str]
SENTENCES: dict[str, Sentence] = {
    "TrainingSessionScheduled": lambda data, name: _("已安排培训班"),
    "TraineesEnrolled": lambda data, name: _("加入学员 %(count)s 人", count=data["count"]),
    "AttendanceRecorded": lambda data, name: _("记录考勤 %(count)s 段", count=data["records"]),
    "AttendanceRemoved": lambda data, name: _("删除 %(name)s 的一段考勤", name=name),
    "EnrolmentWithdrawn": lambda data, name: _("%(name)s 退训：%(reason)s", name=name, reason=data["reason"]),
    "ExemptionRecorded": lambda data, name: _(
        "%(name)s 免考：%(reason)s（%(number)s）", name=name, reason=data["reason"], number=data["document_number"]
    ),
    "SittingRequested": lambda data, name: (
        _("申请补考，%(count)s 人", count=data["candidates"])
        if data["is_resit"]
        else _("申请考试，%(count)s 人", count=data["candidates"])
    ),
    "SittingOpened": lambda data, name: _("考试点开考"),
    "SittingMoved": lambda data, name: str(MOVES.get(data["state"], "")),
    "SeedRevealed": lambda data, name: _("考试结束，公布抽题种子"),
    "TrainingSessionClosed": lambda data, name: _("结班，%(count)s 人", count=data["trainees"]),
}
MOVES: dict[str, LazyString] = {"open": _l("考试点开考"), "closed": _l("考试结束"), "cancelled": _l("考试取消")}


def history(session_id: int) -> list[tuple[datetime, str, str]]:
    """Return what happened to the session, its trainees and its sittings: moment, sentence, who; the latest first."""
    enrolments = sa.select(Enrolment.id).where(Enrolment.training_session_id == session_id)
    sittings = sa.select(Sitting.id).where(Sitting.training_session_id == session_id)
    about = sa.or_(
        sa.and_(AuditEvent.subject_type == "training_session", AuditEvent.subject_id == session_id),
        sa.and_(AuditEvent.subject_type == "enrolment", AuditEvent.subject_id.in_(enrolments)),
        sa.and_(AuditEvent.subject_type == "sitting", AuditEvent.subject_id.in_(sittings)),
    )
    found = list(
        db.session.scalars(sa.select(AuditEvent).where(about).order_by(AuditEvent.id.desc()).limit(HISTORY_LIMIT))
    )
    names = _names({_enrolment_id(event) for event in found})
    told = ((each[0], _told(each, names)) for each in _gathered(found))
    return [(event.at, sentence, event.actor_name) for event, sentence in told if sentence]


def _gathered(found: list[AuditEvent]) -> Iterator[list[AuditEvent]]:
    """Attendance that one person recorded in one go, room after room, is one line of the history."""

    def act(event: AuditEvent) -> tuple[object, ...]:
        if event.kind != "AttendanceRecorded":
            return (event.id,)
        return event.kind, event.actor_name, local_day(event.at)

    for _key, events in groupby(found, key=act):
        yield list(events)


def _told(gathered: list[AuditEvent], names: dict[int, str]) -> str:
    event = gathered[0]
    sentence, data = SENTENCES.get(event.kind), dict(event.data)
    if event.kind == "AttendanceRecorded":
        data["records"] = sum(each.data["records"] for each in gathered)
    return str(sentence(data, names.get(_enrolment_id(event), ""))) if sentence else ""


def _enrolment_id(event: AuditEvent) -> int:
    """The trainee an event is about, 0 if it is about none."""
    if event.subject_type == "enrolment":
        return event.subject_id
    return int(event.data.get("enrolment_id", 0))


def exempted(record: ClassRecord) -> list[tuple[str, Exemption]]:
    """Return who of the trainees is exempted from the exam, by name, with the exemption: what a regulator checks."""
    names = _names(set(record.exempted))
    everybody = {each.enrolment_id for each in record.enrolled}
    return [(names[key], each) for key, each in sorted(record.exempted.items()) if key in everybody]


def _names(enrolment_ids: set[int]) -> dict[int, str]:
    query = sa.select(Enrolment.id, Person.name).join(Enrolment.person).where(Enrolment.id.in_(enrolment_ids))
    return {row.id: row.name for row in db.session.execute(query)}
