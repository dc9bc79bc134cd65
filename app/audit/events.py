"""What is written down: one frozen dataclass for every kind of change.

`subject` is (type, id); the remaining fields become the event's data. Never put personal data in an event:
name a person by id.
"""

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


@dataclass(frozen=True)
class UserAdded(Event):
    role: str
    scope: str
    subject_type = "user"


@dataclass(frozen=True)
class PasswordSet(Event):
    subject_type = "user"


@dataclass(frozen=True)
class SignedIn(Event):
    way: str
    subject_type = "user"


@dataclass(frozen=True)
class RosterImported(Event):
    filename_digest: str
    enterprises: int
    people: int
    appointments: int
    subject_type = "import"


@dataclass(frozen=True)
class ImportUndone(Event):
    import_kind: str
    subject_type = "import"


@dataclass(frozen=True)
class EnterpriseSaved(Event):
    change: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class AppointmentEnded(Event):
    person_id: int
    role: str
    last_day: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class PersonBarred(Event):
    decision_number: str
    subject_type = "person"


@dataclass(frozen=True)
class InstitutionStatusChanged(Event):
    status: str
    reason: str
    document_number: str
    subject_type = "institution"


@dataclass(frozen=True)
class BodyAdded(Event):
    code: str
    subject_type = "institution"


@dataclass(frozen=True)
class QuestionsImported(Event):
    bank: str
    questions: int
    subject_type = "import"


@dataclass(frozen=True)
class QuestionMoved(Event):
    state: str
    version: int
    reason: str = ""
    subject_type = "question"


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
class ExemptionRecorded(Event):
    reason: str
    document_number: str
    subject_type = "enrolment"


@dataclass(frozen=True)
class TrainingSessionClosed(Event):
    trainees: int
    subject_type = "training_session"


@dataclass(frozen=True)
class SittingRequested(Event):
    training_session_id: int
    candidates: int
    is_resit: bool
    seed_commitment: str
    subject_type = "sitting"


@dataclass(frozen=True)
class SittingMoved(Event):
    state: str
    subject_type = "sitting"


@dataclass(frozen=True)
class SeedRevealed(Event):
    seed: str
    subject_type = "sitting"


@dataclass(frozen=True)
class AttemptStarted(Event):
    paper_digest: str
    deadline_at: str
    subject_type = "attempt"


@dataclass(frozen=True)
class AttemptFinished(Event):
    by: str
    score: str
    passed: bool
    answers_digest: str
    subject_type = "attempt"


@dataclass(frozen=True)
class CertificateIssued(Event):
    number: str
    attempt_id: int
    subject_type = "certificate"


@dataclass(frozen=True)
class CertificateStatusChanged(Event):
    status: str
    reason: str
    document_number: str
    subject_type = "certificate"


@dataclass(frozen=True)
class SigningKeyMade(Event):
    kid: str
    subject_type = "signing_key"


@dataclass(frozen=True)
class PersonalDataShown(Event):
    purpose: str
    subject_type = "person"


@dataclass(frozen=True)
class PersonSaved(Event):
    subject_type = "person"


@dataclass(frozen=True)
class CoursesLoaded(Event):
    """Courses of the reference data were added or their end was taken over; subject_id: the last of them."""

    versions: int
    subject_type = "course_version"


@dataclass(frozen=True)
class AttendanceRemoved(Event):
    """A stretch that was recorded wrongly was taken away; what it said stays here."""

    enrolment_id: int
    starts_at: str
    ends_at: str
    subject_type = "training_session"


@dataclass(frozen=True)
class ExamSiteAdded(BodyAdded):
    subject_type = "exam_site"


@dataclass(frozen=True)
class QuestionSaved(Event):
    change: str
    version: int
    subject_type = "question"


@dataclass(frozen=True)
class QuestionsApproved(Event):
    questions: int
    subject_type = "bank"


@dataclass(frozen=True)
class StarterQuestionsLoaded(Event):
    questions: int
    subject_type = "bank"


@dataclass(frozen=True)
class BarWithdrawn(Event):
    decision_number: str
    reason: str
    subject_type = "person"


@dataclass(frozen=True)
class AppointmentAdded(Event):
    person_id: int
    role: str
    since: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class SittingOpened(Event):
    pool_digest: str
    seed_commitment: str
    subject_type = "sitting"


@dataclass(frozen=True)
class SectorChanged(Event):
    ended: str
    begun: str
    on: str
    subject_type = "enterprise"


@dataclass(frozen=True)
class EnterpriseClosed(Event):
    on: str
    subject_type = "enterprise"
