"""What happened to a record, in the reader's words, from the audit chain."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.audit.models import AuditEvent
from app.audit.service import timeline
from app.core.imports import Import
from app.registry import words
from app.registry.models import Enterprise, Person
from app.registry.queries import people_by_id
from certificates.certificate import masked_name

Line = tuple[datetime, str, str]


def enterprise_history(enterprise: Enterprise, imported: Import | None) -> list[Line]:
    """Return (moment, sentence, by whom), newest first. imported: the roster that brought the enterprise."""
    rows = timeline("enterprise", enterprise.id)
    people = people_by_id({row.data["person_id"] for row in rows if "person_id" in row.data})
    lines = [(row.at, _enterprise_sentence(row, people), row.actor_name) for row in rows]
    if imported is not None:
        lines.insert(0, (enterprise.created_at, _("由名册“%(filename)s”导入", filename=imported.filename), ""))
    return lines[::-1]


def person_history(person: Person) -> list[Line]:
    """Return (moment, sentence, by whom), newest first."""
    return [(row.at, _person_sentence(row), row.actor_name) for row in reversed(timeline("person", person.id))]


def _enterprise_sentence(row: AuditEvent, people: dict[int, Person]) -> str:
    data = row.data
    person = people.get(data.get("person_id", 0))
    name = masked_name(person.name) if person else "—"
    said: str
    match row.kind:
        case "EnterpriseClosed":
            said = _("登记注销，自 %(day)s 起", day=data["on"])
        case "SectorChanged":
            ended, begun = (words.sector_name(data[key]) if data[key] else "—" for key in ("ended", "begun"))
            named = {"day": data["on"], "ended": ended, "begun": begun}
            said = _("行业领域自 %(day)s 起变更：结束 %(ended)s，新增 %(begun)s", **named)
        case "EnterpriseSaved":
            said = _("更正基本信息")
        case "AppointmentEnded":
            role = words.role_name(data["role"])
            said = _("登记 %(name)s 离任：%(role)s，最后一天 %(day)s", name=name, role=role, day=data["last_day"])
        case _other:
            role = words.role_name(data["role"])
            said = _("登记 %(name)s 任职：%(role)s，自 %(day)s 起", name=name, role=role, day=data["since"])
    return said


def _person_sentence(row: AuditEvent) -> str:
    data = row.data
    said: str
    match row.kind:
        case "PersonBarred":
            said = _("登记禁任，决定文号 %(number)s", number=data["decision_number"])
        case "BarWithdrawn":
            said = _(
                "更正：解除禁任，原决定文号 %(number)s。原因：%(reason)s",
                number=data["decision_number"],
                reason=data["reason"],
            )
        case "PersonalDataShown":
            said = _("查看完整证件号码")
        case _other:
            said = _("登记个人信息")
    return said
