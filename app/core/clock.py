"""The one clock. The server's time alone decides (register, trap 10); tests and the demo bring their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

SHANGHAI = ZoneInfo("Asia/Shanghai")
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present moment, aware UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the application's present moment, aware UTC."""
    clock: Clock = current_app.extensions["clock"]
    return clock()


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """Return the day in Asia/Shanghai on which *moment* (aware) falls; year-ends are counted so."""
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """Return the aware UTC moment at which *day* begins in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the aware UTC moment at which *day* is over in Asia/Shanghai (exclusive)."""
    return start_of_day(day + timedelta(days=1))
