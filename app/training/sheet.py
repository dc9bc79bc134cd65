"""The attendance sheet of one day and classroom: what it offers and what somebody wrote on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from app.core.clock import SHANGHAI
from app.core.errors import ServiceError
from app.training.attending import Stretch
from app.training.models import Attendance, Classroom, Enrolment

USUAL = (("09:00", "12:00"), ("14:00", "17:00"))
"""Morning and afternoon as the sheet offers them: together 8 hours of 45 minutes, the most that a day credits."""
TIME_OF_DAY = re.compile(r"(?P<hour>[0-9]{1,2})[:：]?(?P<minute>[0-9]{2})")

Recorded = Mapping[int, list[tuple[Attendance, Classroom]]]


@dataclass(frozen=True)
class Cell:
    """One stretch of one row: *key* ends the names of its fields; start and end are texts like 09:00."""

    key: str
    is_present: bool
    start: str
    end: str


@dataclass(frozen=True)
class SheetRow:
    """One trainee of the sheet with the cells to fill in and what is recorded for the day already."""

    enrolment: Enrolment
    cells: tuple[Cell, ...]
    recorded: tuple[tuple[Attendance, Classroom], ...]


def blank(enrolments: Iterable[Enrolment], recorded: Recorded, day: date, *, all_present: bool) -> list[SheetRow]:
    """Return the sheet before anybody wrote on it. all_present: tick every stretch that is free for the trainee."""
    rows = []
    for enrolment in enrolments:
        own = tuple(recorded.get(enrolment.id, ()))
        cells = tuple(
            Cell(_key(enrolment, number), all_present and _is_free(own, day, start, end), start, end)
            for number, (start, end) in enumerate(USUAL)
        )
        rows.append(SheetRow(enrolment, cells, own))
    return rows


def filled(enrolments: Iterable[Enrolment], recorded: Recorded, written: Mapping[str, str]) -> list[SheetRow]:
    """Return the sheet as somebody filled it in, right or wrong. written: the form's fields by name."""
    return [
        SheetRow(
            enrolment,
            tuple(_cell(_key(enrolment, number), usual, written) for number, usual in enumerate(USUAL)),
            tuple(recorded.get(enrolment.id, ())),
        )
        for enrolment in enrolments
    ]


def stretches(rows: Iterable[SheetRow], day: date) -> tuple[list[Stretch], list[ServiceError]]:
    """Return the ticked stretches of *rows* on *day*, in Asia/Shanghai, and what cannot be read.

    A time of day is written 09:00, 9:00 or, from a phone's number pad, 0900. Any other text is a
    ServiceError("attendance_times") with field "row-<enrolment id>", one a row.
    """
    found: list[Stretch] = []
    unread: dict[str, ServiceError] = {}
    for row in rows:
        field = f"row-{row.enrolment.id}"
        for cell in row.cells:
            if cell.is_present:
                try:
                    found.append(Stretch(row.enrolment.id, _at(day, cell.start, field), _at(day, cell.end, field)))
                except ServiceError as error:
                    unread[field] = error
    return found, list(unread.values())


def _key(enrolment: Enrolment, number: int) -> str:
    return f"{enrolment.id}-{number}"


def _cell(key: str, usual: tuple[str, str], written: Mapping[str, str]) -> Cell:
    start, end = written.get(f"start-{key}", usual[0]), written.get(f"end-{key}", usual[1])
    return Cell(key, f"present-{key}" in written, start.strip()[:8], end.strip()[:8])


def _at(day: date, text: str, field: str) -> datetime:
    found = TIME_OF_DAY.fullmatch(text)
    if found is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise ServiceError("attendance_times", field=field)
    return datetime.combine(day, time(int(found["hour"]), int(found["minute"])), SHANGHAI)


def _is_free(own: Iterable[tuple[Attendance, Classroom]], day: date, start: str, end: str) -> bool:
    begins, ends = _at(day, start, ""), _at(day, end, "")
    return not any(stretch.starts_at < ends and begins < stretch.ends_at for stretch, _classroom in own)
