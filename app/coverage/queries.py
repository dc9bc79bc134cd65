"""Reading the records of a territory: six queries, whatever the number of rows, and no object a row in the session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.certification.models import Certificate, CertificateEvent, CertificateState
from app.core.actors import within_region
from app.core.clock import local_day
from app.core.db import db
from app.coverage.records import Membership, Outcome, Paper, Post, Records, Voided, is_revoked
from app.registry.models import Appointment, Enterprise, Person, SectorMembership
from app.sittings.models import Attempt, AttemptState
from app.training.models import Attendance, CourseVersion, Enrolment, EnrolmentState, TrainingSession
from courses.coverage import Achievement, Duty


def read(region: str, first: date, last: date) -> Records:
    """Return the records of the enterprises in *region* that matter on some day from *first* to *last*.

    region: six digits. Persons bring all their enrolments with them, wherever the class was held.
    """
    return Records(_posts(region, first, last), _memberships(region, first, last), _outcomes(region))


def duties(region: str, cut_off: date) -> list[Duty]:
    """Return the duties held in *region* at the end of *cut_off* (Shanghai)."""
    records = Records(_posts(region, cut_off, cut_off), _memberships(region, cut_off, cut_off), ())
    return records.duties(cut_off)


def achievements(region: str, cut_off: date) -> list[Achievement]:
    """Return how far each enrolment came of everybody who ever held a post in *region*, as seen on *cut_off*."""
    records = Records((), (), _outcomes(region))
    return [each.achievement for own in records.outcomes(cut_off).values() for each in own]


def names(region: str, roles: frozenset[str]) -> Mapping[int, tuple[str, str, str]]:
    """Return name, kind of document and its last four characters of everybody with a post of *roles* in *region*."""
    query = (
        sa.select(Person.id, Person.name, Person.document_kind, Person.document_last4)
        .where(Person.id.in_(_persons(region).where(Appointment.role_code.in_(sorted(roles)))))
        .order_by(Person.id)
    )
    return {row.id: (row.name, row.document_kind.value, row.document_last4) for row in db.session.execute(query)}


def enterprise_names(region: str) -> Mapping[int, tuple[str, str]]:
    """Return name and region code of every enterprise in *region*."""
    query = (
        sa.select(Enterprise.id, Enterprise.name, Enterprise.region_code)
        .where(within_region(Enterprise.region_code, region))
        .order_by(Enterprise.id)
    )
    return {row.id: (row.name, row.region_code) for row in db.session.execute(query)}


def _overlaps(since: Any, until: Any, first: date, last: date) -> sa.ColumnElement[bool]:
    """The half-open period shares a day with first..last."""
    return sa.and_(sa.or_(since.is_(None), since <= last), sa.or_(until.is_(None), until > first))


def _posts(region: str, first: date, last: date) -> tuple[Post, ...]:
    query = (
        sa.select(
            Appointment.person_id,
            Appointment.enterprise_id,
            Appointment.role_code,
            Enterprise.region_code,
            Appointment.valid_from,
            Appointment.valid_to,
            Enterprise.opened_on,
            Enterprise.closed_on,
        )
        .join(Enterprise, Enterprise.id == Appointment.enterprise_id)
        .where(
            within_region(Enterprise.region_code, region),
            _overlaps(Appointment.valid_from, Appointment.valid_to, first, last),
            _overlaps(Enterprise.opened_on, Enterprise.closed_on, first, last),
        )
        .order_by(Appointment.id)
    )
    return tuple(Post(*row) for row in db.session.execute(query))


def _memberships(region: str, first: date, last: date) -> tuple[Membership, ...]:
    query = (
        sa.select(
            SectorMembership.enterprise_id,
            SectorMembership.sector_code,
            SectorMembership.valid_from,
            SectorMembership.valid_to,
        )
        .join(Enterprise, Enterprise.id == SectorMembership.enterprise_id)
        .where(
            within_region(Enterprise.region_code, region),
            _overlaps(SectorMembership.valid_from, SectorMembership.valid_to, first, last),
        )
        .order_by(SectorMembership.id)
    )
    return tuple(Membership(*row) for row in db.session.execute(query))


def _persons(region: str) -> sa.Select[int]:
    """Whoever holds or held a post in *region*."""
    return (
        sa.select(Appointment.person_id)
        .join(Enterprise, Enterprise.id == Appointment.enterprise_id)
        .where(within_region(Enterprise.region_code, region))
    )


def _outcomes(region: str) -> tuple[Outcome, ...]:
    attempts, papers = _attempts(region), _papers(region)
    return tuple(_outcome(row, attempts.get(row.id, []), papers) for row in db.session.execute(_enrolments(region)))


def _enrolments(region: str) -> sa.Select[Any]:
    attended = (
        sa.select(Attendance.enrolment_id, sa.func.max(Attendance.ends_at, type_=Attendance.ends_at.type).label("last"))
        .group_by(Attendance.enrolment_id)
        .subquery()
    )
    return (
        sa.select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.role_code,
            Enrolment.credited_hours,
            TrainingSession.title,
            TrainingSession.mandate_code,
            CourseVersion.sector_code,
            CourseVersion.hours,
            attended.c.last,
        )
        .join(TrainingSession, TrainingSession.id == Enrolment.training_session_id)
        .join(CourseVersion, CourseVersion.id == TrainingSession.course_version_id)
        .outerjoin(attended, attended.c.enrolment_id == Enrolment.id)
        .where(Enrolment.state == EnrolmentState.ENROLLED, Enrolment.person_id.in_(_persons(region)))
        .order_by(Enrolment.id)
    )


def _of_territory(region: str) -> sa.Select[int]:
    return sa.select(Enrolment.id).where(
        Enrolment.state == EnrolmentState.ENROLLED, Enrolment.person_id.in_(_persons(region))
    )


def _attempts(region: str) -> Mapping[int, list[Any]]:
    """Finished attempts by enrolment, the first one first."""
    query = (
        sa.select(Attempt.id, Attempt.enrolment_id, Attempt.finished_at, Attempt.passed, Attempt.score)
        .where(Attempt.state == AttemptState.FINISHED, Attempt.enrolment_id.in_(_of_territory(region)))
        .order_by(Attempt.enrolment_id, Attempt.number)
    )
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.enrolment_id].append(row)
    return found


def _papers(region: str) -> Mapping[int, tuple[Paper, ...]]:
    """Certificates by attempt, in the order of issue."""
    changes = _changes(region)
    query = (
        sa.select(
            Certificate.id,
            Certificate.attempt_id,
            Certificate.number,
            Certificate.region_code,
            Certificate.issued_on,
            Certificate.valid_until,
            Certificate.state,
        )
        .where(Certificate.person_id.in_(_persons(region)))
        .order_by(Certificate.id)
    )
    found: defaultdict[int, tuple[Paper, ...]] = defaultdict(tuple)
    for row in db.session.execute(query):
        days = tuple(changes.get(row.id, ()))
        paper = Paper(row.id, row.number, row.region_code, row.issued_on, row.valid_until, row.state.value, days)
        found[row.attempt_id] = (*found[row.attempt_id], paper)
    return found


def _changes(region: str) -> Mapping[int, list[tuple[date, str]]]:
    """When certificates were suspended and came into force again, by certificate."""
    query = (
        sa.select(CertificateEvent.certificate_id, CertificateEvent.at, CertificateEvent.state)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(
            Certificate.person_id.in_(_persons(region)),
            CertificateEvent.state.in_([CertificateState.SUSPENDED, CertificateState.VALID]),
        )
        .order_by(CertificateEvent.id)
    )
    found: defaultdict[int, list[tuple[date, str]]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.certificate_id].append((local_day(row.at), row.state.value))
    return found


def _outcome(row: Any, attempts: list[Any], papers: Mapping[int, tuple[Paper, ...]]) -> Outcome:
    """Where the certificate of a pass is revoked (a stand-in sat the exam, say), the pass falls with it on every
    cut-off: the person counts as examined, and as passed only by another attempt. A suspension leaves the pass."""
    passes = [each for each in attempts if each.passed]
    passed = next((each for each in passes if not is_revoked(papers.get(each.id, ()))), None)
    proof = passed or (passes[-1] if passes else attempts[-1] if attempts else None)
    kind = Voided if passes and not passed else Achievement
    return Outcome(
        enrolment_id=row.id,
        session_title=row.title,
        required_hours=float(row.hours),
        credited_hours=float(row.credited_hours),
        attempt_id=proof.id if proof else None,
        score=float(proof.score) if proof else None,
        result_on=local_day(proof.finished_at) if proof else None,
        papers=papers.get(proof.id, ()) if proof else (),
        achievement=kind(
            person_id=row.person_id,
            role=row.role_code,
            sector=row.sector_code,
            trained_on=_trained_on(row),
            examined_on=local_day(attempts[0].finished_at) if attempts else None,
            passed_on=local_day(passed.finished_at) if passed else None,
            certified_on=None,
            mandate=row.mandate_code,
            hours=float(row.credited_hours),
        ),
    )


def _trained_on(row: Any) -> date | None:
    """The last day of presence, once the credited hours reach the course's; a class that ends at midnight ends today.

    Without a record of presence nothing shows when the hours were complete, so nobody is trained.
    """
    if row.last is None or row.credited_hours < row.hours:
        return None
    return local_day(row.last - timedelta(microseconds=1))
