"""Courses, training sessions, enrolment and attendance."""

from __future__ import annotations

from dataclasses import dataclass

from app.audit.events.base import Event


@dataclass(frozen=True)
class CoursesLoaded(Event):
    """Courses of the reference data were added or their end was taken over; subject_id: the last of them."""

    versions: int
    subject_type = "course_version"


@dataclass(frozen=True)
class TrainingSessionScheduled(Event):
    course: str
    mandate: str
    subject_type = "training_session"


@dataclass(frozen=True)
class TraineesEnrolled(Event):
    count: int
    subject_type = "training_session"


@dataclass(frozen=True)
class EnrolmentWithdrawn(Event):
    reason: str
    subject_type = "enrolment"


@dataclass(frozen=True)
class AttendanceRecorded(Event):
    records: int
    subject_type = "training_session"


@dataclass(frozen=True)
class AttendanceRemoved(Event):
    """A stretch that was recorded wrongly was taken away; what it said stays here."""

    enrolment_id: int
    starts_at: str
    ends_at: str
    subject_type = "training_session"


@dataclass(frozen=True)
class ExemptionRecorded(Event):
    reason: str
    document_number: str
    subject_type = "enrolment"


@dataclass(frozen=True)
class TrainingSessionClosed(Event):
    trainees: int
    subject_type = "training_session"
