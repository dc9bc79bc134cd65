"""The time in the story: three years of training told in a minute, every event at its own moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from flask import current_app

from app.core.clock import SHANGHAI, Clock


class StoryClock:
    """Stands where the story has come to."""

    def __init__(self) -> None:
        self.moment = at(date(2024, 3, 4), "09:00")

    def __call__(self) -> datetime:
        return self.moment

    def move(self, day: date, hour: str) -> datetime:
        """Go to *hour* ("09:00", in Shanghai) of *day* and return the moment."""
        self.moment = at(day, hour)
        return self.moment


def at(day: date, hour: str) -> datetime:
    """Return the aware moment of *hour* ("09:00", in Shanghai) on *day*."""
    return datetime.combine(day, time.fromisoformat(hour), SHANGHAI)


@contextmanager
def told_by(clock: StoryClock) -> Iterator[StoryClock]:
    """Let the application go by *clock* while the story is told."""
    own: Clock = current_app.extensions["clock"]
    current_app.extensions["clock"] = clock
    try:
        yield clock
    finally:
        current_app.extensions["clock"] = own
