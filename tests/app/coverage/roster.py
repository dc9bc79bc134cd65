"""Sample trainees who come as far as a test says, on the days that it says."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.certification.models import Certificate, CertificateEvent, CertificateState, SigningKey
from app.core.clock import SHANGHAI, now
from app.core.db import db
from app.registry.models import Appointment, Enterprise, Person, SectorMembership
from app.sittings.models import Attempt, AttemptState, Candidate, FinishedBy
from app.training.models import Attendance, AttendanceMethod, CourseVersion, Enrolment, TrainingSession
from tests import sample

SMELTING = "metal-smelting-principal-campaign"


def noon(day: date, hour: int = 12) -> datetime:
    """Return an hour of *day* in Shanghai."""
    return datetime.combine(day, time(hour), SHANGHAI)


class School:
    """One institution with a session a course and year, made when first needed."""

    def __init__(self) -> None:
        self.institution, self.site = sample.institution(), sample.exam_site()
        self.versions: dict[str, CourseVersion] = {}
        self.sessions: dict[tuple[str, int], TrainingSession] = {}
        self.key = sample.added(
            SigningKey(kid="示例", algorithm="ed25519", public_key="-", private_key="-", created_at=now())
        )
        self.serial = 0

    def session(self, course: str, year: int = 2025) -> TrainingSession:
        if course not in self.versions:
            self.versions[course] = sample.course_version(course)
        if (course, year) not in self.sessions:
            self.sessions[course, year] = sample.training_session(self.institution, self.versions[course])
        return self.sessions[course, year]

    def teach(
        self,
        who: Person,
        where: Enterprise,
        on: date,
        *,
        course: str = SMELTING,
        share: float = 1.0,
        session: TrainingSession | None = None,
    ) -> Enrolment:
        """Enrol *who* and let the hours be complete on *on*; share: of the hours that the course asks for."""
        session = session or self.session(course, on.year)
        hours = session.course_version.hours * int(share * 100) / 100
        row = sample.enrolment(session, who, where, hours=hours)
        for back in (1, 0):
            starts = noon(on - timedelta(days=back), 9)
            db.session.add(
                Attendance(
                    enrolment_id=row.id,
                    classroom_id=row.classroom_id,
                    starts_at=starts,
                    ends_at=starts + timedelta(hours=8),
                    method=AttendanceMethod.SIGNATURE,
                    recorded_at=now(),
                )
            )
        db.session.flush()
        return row

    def examine(self, of: Enrolment, on: date, score: int = 90, number: int = 1, hour: int = 12) -> Attempt:
        """Let the trainee hand in at *hour* of *on* in Shanghai; 80 of 100 and more have passed."""
        finished = noon(on, hour)
        within = sample.sitting(of.training_session, self.site, starts_at=finished - timedelta(hours=1))
        self.serial += 1
        candidate: Candidate = sample.added(
            Candidate(
                sitting=within, enrolment=of, admission_number=f"{900_000_000 + self.serial}", created_at=finished
            )
        )
        row: Attempt = sample.added(
            Attempt(
                candidate=candidate,
                enrolment=of,
                number=number,
                state=AttemptState.FINISHED,
                paper={},
                paper_digest="0" * 64,
                started_at=finished - timedelta(minutes=50),
                deadline_at=finished + timedelta(minutes=10),
                finished_at=finished,
                finished_by=FinishedBy.CANDIDATE,
                score=Decimal(score),
                maximum=Decimal(100),
                passed=score >= 80,
                marks=[],
                answers_digest="0" * 64,
            )
        )
        return row

    def certify(
        self,
        passed: Attempt,
        on: date,
        state: CertificateState = CertificateState.VALID,
        valid_until: date | None = None,
    ) -> Certificate:
        self.serial += 1
        row: Certificate = sample.added(
            Certificate(
                number=f"示例证{self.serial:06d}",
                token=f"token-{self.serial}",
                attempt_id=passed.id,
                person_id=passed.enrolment.person_id,
                region_code="330100",
                facts={},
                holder_name=passed.enrolment.person.name,
                signed="-",
                signing_key_id=self.key.id,
                template="standard",
                issued_on=on,
                valid_until=valid_until or on.replace(year=on.year + 3),
                issued_at=noon(on),
                state=state,
                state_at=noon(on),
            )
        )
        return row

    def graduate(self, who: Person, where: Enterprise, on: date, *, course: str = SMELTING) -> Certificate:
        """Train, examine and certify *who* within three days that end on *on*."""
        taught = self.teach(who, where, on - timedelta(days=2), course=course)
        return self.certify(self.examine(taught, on - timedelta(days=1)), on)


def change(certificate: Certificate, state: CertificateState, on: date) -> None:
    """Write that the certificate came into *state* on *on*; its state now is that."""
    certificate.state, certificate.state_at = state, noon(on)
    event = CertificateEvent(
        certificate_id=certificate.id,
        state=state,
        reason="示例",
        document_number="示例1号",
        by_name="示例",
        at=noon(on),
    )
    sample.added(event)


def head(
    where: Enterprise, role: str = "principal", since: date = date(2023, 1, 1), until: date | None = None, **kwargs: str
) -> Person:
    """Appoint somebody new."""
    who = sample.person(with_account=False, **kwargs)
    appoint(who, where, role, since, until)
    return who


def appoint(
    who: Person, where: Enterprise, role: str = "principal", since: date = date(2023, 1, 1), until: date | None = None
) -> Appointment:
    row = sample.appointment(who, where, role, since)
    row.valid_to = until
    db.session.flush()
    return row


def join(where: Enterprise, sector: str, since: date, until: date | None = None) -> None:
    """Give the enterprise a membership from *since* until the first day that no longer counts."""
    sample.added(SectorMembership(enterprise_id=where.id, sector_code=sector, valid_from=since, valid_to=until))
