"""How long until something begins, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.core.clock import local_day


def countdown(at: datetime, now: datetime) -> str:
    """Return in words how long it is from *now* until *at* (aware): days, hours or minutes, rounded up."""
    minutes = -(-int((at - now).total_seconds()) // 60)
    days = (local_day(at) - local_day(now)).days
    if minutes <= 0:
        return str(_("现在"))
    if days > 1:
        return str(_("还有 %(days)s 天", days=days))
    if days == 1 and minutes >= 12 * 60:
        return str(_("明天"))
    if minutes >= 60 and minutes % 60 == 0:
        return str(_("还有 %(hours)s 小时", hours=minutes // 60))
    if minutes >= 60:
        return str(_("还有 %(hours)s 小时 %(minutes)s 分钟", hours=minutes // 60, minutes=minutes % 60))
    return str(_("还有 %(minutes)s 分钟", minutes=minutes))
