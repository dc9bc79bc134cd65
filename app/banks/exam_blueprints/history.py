"""What happened to a version of a blueprint, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.audit.models import AuditEvent
from app.audit.service import timeline
from app.banks.exam_blueprints.models import BlueprintState, ExamBlueprint
from app.banks.words import person


def history(row: ExamBlueprint) -> list[tuple[datetime, str, str]]:
    """Return (moment, sentence, by whom) of everything that happened to *row*, oldest first."""
    return [(event.at, _sentence(event), person(event.actor_name)) for event in timeline("exam_blueprint", row.id)]


def _sentence(event: AuditEvent) -> str:
    if event.kind == "BlueprintSaved":
        changes: dict[str, str] = {
            "created": _("照考试规则新建草稿"),
            "edited": _("照上一版修改，形成草稿"),
            "rewritten": _("修改草稿"),
        }
        return changes[event.data["change"]]
    if event.data["state"] == BlueprintState.IN_USE:
        return str(_("启用"))
    reason = event.data["reason"]
    return str(_("停用：%(reason)s", reason=reason) if reason else _("由新的一版接替"))
