"""What every event has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """The base. subject_type: the kind of record; subject_id: its primary key."""

    subject_id: int
    subject_type = ""

    @classmethod
    def kind(cls) -> str:
        """Return the stable name of this kind of event, from the class name."""
        return cls.__name__
