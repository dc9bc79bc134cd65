"""What all rooms know of one training session (一期一档): trainees, hours, exams, certificates, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import sqlalchemy as sa

from app.certification.models import Certificate
from app.certification.queries import by_attempt
from app.core.db import db
from app.sittings.queries import NOTHING, ExamResult, results
from app.training.models import Enrolment, EnrolmentState, Exemption, SessionState, TrainingSession
from app.training.queries import exemptions, phase

AWAITED = ("admitted", "in_progress")


@dataclass(frozen=True)
class Trainee:
    """One enrolment, reduced to what the progress of the session is counted from."""

    enrolment_id: int
    enterprise_id: int
    is_withdrawn: bool
    hours: Decimal


@dataclass(frozen=True)
class ClassRecord:
    """A session on a day, with everything that its page counts. All groups hold enrolment ids, the withdrawn left out.

    is_over: the last day of training has passed.
    """

    session: TrainingSession
    today: date
    everybody: tuple[Trainee, ...]
    exams: dict[int, ExamResult]
    exempted: dict[int, Exemption]
    certificates: dict[int, Certificate]

    @property
    def hours(self) -> Decimal:
        """The hours that the course asks for."""
        return self.session.course_version.hours

    @property
    def resits(self) -> int:
        """How many further attempts the exam rule allows after the first."""
        return int(self.session.course_version.definition["exam_rule"]["resits"])

    @property
    def is_over(self) -> bool:
        return self.today > self.session.ends_on

    @cached_property
    def enrolled(self) -> tuple[Trainee, ...]:
        return tuple(each for each in self.everybody if not each.is_withdrawn)

    @cached_property
    def enterprises(self) -> int:
        """How many enterprises the trainees come from."""
        return len({each.enterprise_id for each in self.enrolled})

    @cached_property
    def short(self) -> frozenset[int]:
        """Who lacks hours."""
        return frozenset(each.enrolment_id for each in self.enrolled if each.hours < self.hours)

    @cached_property
    def missing(self) -> frozenset[int]:
        """Who has neither an exam result nor an exemption: they keep the session open (逢培必考)."""
        return frozenset(
            each.enrolment_id
            for each in self.enrolled
            if not self.exam(each.enrolment_id).is_examined and each.enrolment_id not in self.exempted
        )

    @cached_property
    def exempt(self) -> frozenset[int]:
        """Whom an exemption (免考), not a result, lets the session close for."""
        return frozenset(
            each.enrolment_id
            for each in self.enrolled
            if each.enrolment_id in self.exempted and not self.exam(each.enrolment_id).is_examined
        )

    @cached_property
    def waiting(self) -> frozenset[int]:
        """Who is admitted to a sitting that is still to come or under way."""
        return self._with_state(*AWAITED)

    @cached_property
    def to_examine(self) -> frozenset[int]:
        """Who has the hours, lacks a result and waits for no sitting."""
        return self.missing - self.short - self.waiting

    @cached_property
    def passed(self) -> frozenset[int]:
        return self._with_state("passed")

    @cached_property
    def failed(self) -> frozenset[int]:
        return self._with_state("failed")

    @cached_property
    def to_resit(self) -> frozenset[int]:
        """Who failed and has an attempt left."""
        return frozenset(each for each in self.failed if self.exam(each).attempts <= self.resits)

    @cached_property
    def certified(self) -> frozenset[int]:
        """Whose passed attempt bears a certificate, whatever its state."""
        return frozenset(each for each in self.passed if self.exam(each).attempt_id in self.certificates)

    @property
    def has_exams(self) -> bool:
        """Whether anybody was admitted to any sitting yet."""
        return any(each.state != "none" for each in self.exams.values())

    def exam(self, enrolment_id: int) -> ExamResult:
        """Return where one enrolment stands with its exam."""
        return self.exams.get(enrolment_id, NOTHING)

    def certificate_of(self, enrolment_id: int) -> Certificate | None:
        """Return the certificate that one enrolment has earned, or None."""
        attempt_id = self.exam(enrolment_id).attempt_id
        return None if attempt_id is None else self.certificates.get(attempt_id)

    def next_step(self) -> str:
        """Return what the session waits for.

        "closed", "cancelled", "import" (nobody is enrolled), "begin" (before the first day), "attend" (hours are
        missing), "examine" (somebody can be examined), "examine_rest" (the same after a first sitting or after the last
        day: the session cannot be closed), "wait" (a sitting is to come), "resit" or "close".
        """
        if self.session.state is not SessionState.SCHEDULED:
            return self.session.state.value
        if not self.enrolled:
            return "import"
        if phase(self.session, self.today) == "coming":
            return "begin"
        if self.to_examine and (self.is_over or not self.short - set(self.exempted)):
            return "examine_rest" if self.has_exams else "examine"
        if self.missing & self.short:
            return "attend"
        if self.waiting:
            return "wait"
        return "resit" if self.to_resit else "close"

    def _with_state(self, *states: str) -> frozenset[int]:
        return frozenset(each.enrolment_id for each in self.enrolled if self.exam(each.enrolment_id).state in states)


def class_record(session: TrainingSession, today: date) -> ClassRecord:
    """Gather what is known of *session*; four queries, however many trainees it has."""
    exams = results(session.id)
    attempts = [each.attempt_id for each in exams.values() if each.state == "passed" and each.attempt_id is not None]
    return ClassRecord(
        session=session,
        today=today,
        everybody=_everybody(session.id),
        exams=exams,
        exempted=exemptions(session.id),
        certificates=by_attempt(attempts),
    )


def _everybody(session_id: int) -> tuple[Trainee, ...]:
    query = (
        sa.select(Enrolment.id, Enrolment.enterprise_id, Enrolment.state, Enrolment.credited_hours)
        .where(Enrolment.training_session_id == session_id)
        .order_by(Enrolment.id)
    )
    return tuple(
        Trainee(row.id, row.enterprise_id, row.state is EnrolmentState.WITHDRAWN, row.credited_hours)
        for row in db.session.execute(query)
    )
