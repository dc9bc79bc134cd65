"""What is written down: one frozen dataclass for every kind of change, a module for every subject.

`subject` is (type, id); the remaining fields become the event's data. Never put personal data in an event:
name a person by id. The name of a class is stored in the chain: it is never changed.
"""

from app.audit.events.accounts import PasswordSet, SignedIn, UserAdded
from app.audit.events.banks import (
    BlueprintMoved,
    BlueprintSaved,
    QuestionCommented,
    QuestionDraftDiscarded,
    QuestionMoved,
    QuestionsApproved,
    QuestionSaved,
    QuestionsSubmitted,
    StarterQuestionsLoaded,
)
from app.audit.events.base import Event
from app.audit.events.certification import CertificateIssued, CertificateStatusChanged, SigningKeyMade
from app.audit.events.imports import ImportUndone, QuestionsImported, RosterImported
from app.audit.events.institutions import BodyAdded, ExamSiteAdded, InstitutionStatusChanged
from app.audit.events.legal_documents import (
    LegalDocumentMarked,
    LegalDocumentMarkTookEffect,
    LegalDocumentMarkWithdrawn,
)
from app.audit.events.registry import (
    AppointmentAdded,
    AppointmentEnded,
    BarWithdrawn,
    EnterpriseClosed,
    EnterpriseSaved,
    PersonalDataShown,
    PersonBarred,
    PersonSaved,
    SectorChanged,
)
from app.audit.events.sittings import (
    AttemptFinished,
    AttemptStarted,
    SeedRevealed,
    SittingMoved,
    SittingOpened,
    SittingRequested,
)
from app.audit.events.training import (
    AttendanceRecorded,
    AttendanceRemoved,
    CoursesLoaded,
    EnrolmentWithdrawn,
    ExemptionRecorded,
    TraineesEnrolled,
    TrainingSessionClosed,
    TrainingSessionScheduled,
)

__all__ = [
    "AppointmentAdded",
    "AppointmentEnded",
    "AttemptFinished",
    "AttemptStarted",
    "AttendanceRecorded",
    "AttendanceRemoved",
    "BarWithdrawn",
    "BlueprintMoved",
    "BlueprintSaved",
    "BodyAdded",
    "CertificateIssued",
    "CertificateStatusChanged",
    "CoursesLoaded",
    "EnrolmentWithdrawn",
    "EnterpriseClosed",
    "EnterpriseSaved",
    "Event",
    "ExamSiteAdded",
    "ExemptionRecorded",
    "ImportUndone",
    "InstitutionStatusChanged",
    "LegalDocumentMarkTookEffect",
    "LegalDocumentMarkWithdrawn",
    "LegalDocumentMarked",
    "PasswordSet",
    "PersonBarred",
    "PersonSaved",
    "PersonalDataShown",
    "QuestionCommented",
    "QuestionDraftDiscarded",
    "QuestionMoved",
    "QuestionSaved",
    "QuestionsApproved",
    "QuestionsImported",
    "QuestionsSubmitted",
    "RosterImported",
    "SectorChanged",
    "SeedRevealed",
    "SignedIn",
    "SigningKeyMade",
    "SittingMoved",
    "SittingOpened",
    "SittingRequested",
    "StarterQuestionsLoaded",
    "TraineesEnrolled",
    "TrainingSessionClosed",
    "TrainingSessionScheduled",
    "UserAdded",
]
