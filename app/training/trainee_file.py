"""Importing trainees (.xlsx): the columns, everything that can be wrong with a row, loading and undoing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from app.audit import events
from app.audit.service import record
from app.core import jobs
from app.core.actors import Actor
from app.core.clock import today
from app.core.db import db, portions
from app.core.errors import ServiceError
from app.core.imports import Import, ImportColumn, ImportKind, NumberedRow, Row, RowError
from app.registry.bars import bars_of, decision_against
from app.registry.documents import checked, checked_credit_code, checked_name
from app.registry.models import Appointment, Bar, DocumentKind, Enterprise, Person
from app.registry.service import checked_phone, people_by_numbers
from app.training.enrolling import (
    Seat,
    enrol,
    enrolled_count,
    held_on,
    is_taught,
    open_session,
    sectors_at_stake,
    teaching,
)
from app.training.models import Attendance, Classroom, Enrolment, EnrolmentState, Exemption, TrainingSession
from courses.roles import roles

T = TypeVar("T")
CODE = "trainees"
COLUMNS = (
    ImportColumn("name", ("姓名",), example="章示例"),
    ImportColumn("kind", ("证件类型",), is_required=False, example="居民身份证"),
    ImportColumn("number", ("证件号码", "身份证号码", "身份证号"), example="330102199001010018"),
    ImportColumn("phone", ("手机", "手机号码", "联系电话"), is_required=False),
    ImportColumn("credit_code", ("统一社会信用代码", "信用代码"), example="91330100000000001C"),
    ImportColumn("role", ("岗位", "人员类别"), is_required=False, example="主要负责人"),
    ImportColumn("classroom", ("课堂", "教室"), is_required=False),
)
TITLES = {column.key: column.names[0] for column in COLUMNS}
DOCUMENT_KINDS = {
    "居民身份证": DocumentKind.IDENTITY_CARD,
    "身份证": DocumentKind.IDENTITY_CARD,
    "港澳台居民居住证": DocumentKind.RESIDENCE_PERMIT,
    "居住证": DocumentKind.RESIDENCE_PERMIT,
    "外国人永久居留身份证": DocumentKind.FOREIGN_PERMIT,
    "护照": DocumentKind.PASSPORT,
}
FIELD_COLUMNS = {"document_number": "number", "credit_code": "credit_code", "name": "name", "phone": "phone"}
REPORTED_EVERY = 100


@dataclass(frozen=True)
class Trainee:
    """One row as far as it can be read: None where a text has the wrong shape or names something unknown."""

    row: int
    name: str | None
    number: str | None
    phone: str | None
    credit_code: str | None
    role_code: str | None
    classroom: Classroom | None


@dataclass(frozen=True)
class Registered:
    """What the database knows of the people and enterprises that a file names."""

    people: Mapping[str, Person]
    enterprises: Mapping[str, Enterprise]
    appointments: frozenset[tuple[int, int, str]]
    bars: Mapping[int, list[Bar]]
    enrolled: frozenset[int]


def check(rows: Sequence[NumberedRow], context: Mapping[str, Any]) -> list[RowError]:
    """Return everything that is wrong with *rows* for the session context["session_id"]; nothing is written.

    Raises ServiceError("session_not_open") if the session takes nobody any more.
    """
    session = open_session(context["session_id"])
    trainees, errors = read(rows, session)
    known, twins = _registered(trainees, session), _twins(trainees)
    free, unread = session.capacity - enrolled_count(session.id), {error.row for error in errors}
    for trainee in trainees:
        found = list(_faults(trainee, session, known))
        if trainee.row in twins:
            found.append(_error(trainee.row, "number", "trainee_twice", other=twins[trainee.row]))
        takes_place = not found and trainee.row not in unread
        free -= takes_place
        if takes_place and free < 0:
            found.append(_error(trainee.row, "number", "session_full", capacity=session.capacity))
        errors += found
    return errors


def read(rows: Sequence[NumberedRow], session: TrainingSession) -> tuple[list[Trainee], list[RowError]]:
    """Return every row as far as it can be read, and everything that cannot be read."""
    errors: list[RowError] = []
    return [_trainee(number, row, session, errors) for number, row in rows], errors


def _twins(trainees: Iterable[Trainee]) -> dict[int, int]:
    """Return for each row whose document number stands in another row too the first such row."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for trainee in trainees:
        if trainee.number is not None:
            rows_of[trainee.number].append(trainee.row)
    return {
        row: next(each for each in rows if each != row) for rows in rows_of.values() if len(rows) > 1 for row in rows
    }


def load(
    rows: Sequence[NumberedRow], context: Mapping[str, Any], imported: Import, actor: Actor, now: datetime
) -> dict[str, int]:
    """Enrol everybody in *rows*, all of which `check` has passed, and note a phone number where none was known."""
    session = open_session(context["session_id"])
    trainees, _errors = read(rows, session)
    known = _registered(trainees, session)
    for number, trainee in enumerate(trainees, start=1):
        if number % REPORTED_EVERY == 0:
            jobs.report(number, len(trainees))
        seat = _seat(trainee, session, known)
        if seat.person.phone is None:
            seat.person.phone = trainee.phone
        enrol(session, seat, import_id=imported.id, now=now)
    record(events.TraineesEnrolled(session.id, count=len(trainees)), actor=actor, now=now)
    return {"trainees": len(trainees)}


def undo(imported: Import, actor: Actor, now: datetime) -> None:
    """Take back the enrolments of one file; who had withdrawn before is withdrawn again.

    Raises ServiceError("import_in_use") once attendance, an exemption or a place in a sitting rests on one of them.
    """
    open_session(imported.context["session_id"])
    enrolments = list(db.session.scalars(sa.select(Enrolment).where(Enrolment.import_id == imported.id)))
    ids = [each.id for each in enrolments]
    attended = sa.select(Attendance.id).where(
        Attendance.enrolment_id.in_(ids), Attendance.recorded_at >= imported.loaded_at
    )
    exempted = sa.select(Exemption.id).where(Exemption.enrolment_id.in_(ids))
    if db.session.scalar(attended.limit(1)) or db.session.scalar(exempted.limit(1)):
        raise ServiceError("import_in_use")
    try:
        with db.session.begin_nested():
            _take_back(enrolments, imported)
    except IntegrityError as error:  # a sitting has admitted one of them: its foreign key refuses
        raise ServiceError("import_in_use") from error
    record(events.ImportUndone(imported.id, import_kind=CODE), actor=actor, now=now)


def _take_back(enrolments: Iterable[Enrolment], imported: Import) -> None:
    for enrolment in enrolments:
        if imported.loaded_at is not None and enrolment.created_at < imported.loaded_at:
            enrolment.state, enrolment.import_id = EnrolmentState.WITHDRAWN, None
        else:
            db.session.delete(enrolment)
    db.session.flush()


def _trainee(number: int, row: Row, session: TrainingSession, errors: list[RowError]) -> Trainee:
    """Read one row; whatever cannot be read is added to *errors*."""

    def value(key: str, reader: Callable[[], T]) -> T | None:
        try:
            return reader()
        except ServiceError as error:
            errors.append(_error(number, FIELD_COLUMNS.get(error.field or "", key), error.code, **error.data))
            return None

    kind = value("kind", lambda: _kind(row["kind"]))
    document = value("number", lambda: checked(kind, row["number"], on=today()))
    return Trainee(
        row=number,
        name=value("name", lambda: checked_name(row["name"])),
        number=document[1] if document else None,
        phone=value("phone", lambda: checked_phone(row["phone"])),
        credit_code=value("credit_code", lambda: checked_credit_code(row["credit_code"])),
        role_code=_role_code(row["role"], session.course_version.role_code),
        classroom=_classroom(row["classroom"], session.classrooms),
    )


def _kind(word: str) -> DocumentKind | None:
    """Raises ServiceError("document_kind_unknown"); None where the file leaves it open."""
    if word and word not in DOCUMENT_KINDS:
        raise ServiceError("document_kind_unknown", field="kind")
    return DOCUMENT_KINDS.get(word)


def _role_code(word: str, default: str) -> str | None:
    if not word:
        return default
    return next((code for code, each in roles().items() if word in (code, each.name_zh, each.name_en)), None)


def _classroom(name: str, classrooms: Sequence[Classroom]) -> Classroom | None:
    if not name:
        return next(each for each in classrooms if each.is_main)
    return next((each for each in classrooms if each.name == name), None)


def _registered(trainees: Sequence[Trainee], session: TrainingSession) -> Registered:
    day = today()
    people = people_by_numbers(trainee.number for trainee in trainees if trainee.number)
    codes = {trainee.credit_code for trainee in trainees if trainee.credit_code}
    enterprises = sa.select(Enterprise).options(selectinload(Enterprise.memberships))
    person_ids = [person.id for person in people.values()]
    appointments = _in_chunks(sa.select(Appointment).where(held_on(day)), Appointment.person_id, person_ids)
    enrolled = sa.select(Enrolment.person_id).where(
        Enrolment.training_session_id == session.id, Enrolment.state == EnrolmentState.ENROLLED
    )
    return Registered(
        people,
        {each.credit_code: each for each in _in_chunks(enterprises, Enterprise.credit_code, codes)},
        frozenset((each.person_id, each.enterprise_id, each.role_code) for each in appointments),
        bars_of(person_ids),
        frozenset(db.session.scalars(enrolled)),
    )


def _in_chunks(query: sa.Select[Any], column: Any, values: Iterable[Any]) -> Iterator[Any]:
    for wanted in portions(values):
        yield from db.session.scalars(query.where(column.in_(wanted)))


def _faults(trainee: Trainee, session: TrainingSession, known: Registered) -> Iterator[RowError]:
    """What is wrong with one row, as far as it could be read, seen by itself."""
    person, enterprise = known.people.get(trainee.number or ""), known.enterprises.get(trainee.credit_code or "")
    taught = session.course_version.role_code
    if trainee.role_code != taught:
        yield _error(trainee.row, "role", "trainee_role_differs", role=roles()[taught].name_zh)
    if trainee.classroom is None:
        yield _error(trainee.row, "classroom", "classroom_unknown")
    if trainee.credit_code is not None and enterprise is None:
        yield _error(trainee.row, "credit_code", "trainee_enterprise_unknown")
    if enterprise is not None and not is_taught(enterprise, session.course_version.sector_code, today()):
        yield _error(trainee.row, "credit_code", "trainee_sector", **teaching(session.course_version.sector_code))
    if trainee.number is not None and person is None:
        yield _error(trainee.row, "number", "trainee_unknown")
    if person is not None:
        yield from _faults_of_person(trainee, person, session, known)
    if person is not None and enterprise is not None:
        yield from _faults_of_seat(trainee, person, enterprise, session, known)


def _faults_of_person(
    trainee: Trainee, person: Person, session: TrainingSession, known: Registered
) -> Iterator[RowError]:
    if trainee.name not in (None, person.name):
        yield _error(trainee.row, "name", "person_name_differs")
    if person.id in known.enrolled:
        yield _error(trainee.row, "number", "trainee_row_enrolled")


def _faults_of_seat(
    trainee: Trainee, person: Person, enterprise: Enterprise, session: TrainingSession, known: Registered
) -> Iterator[RowError]:
    course, day = session.course_version, today()
    if (person.id, enterprise.id, course.role_code) not in known.appointments:
        yield _error(trainee.row, "credit_code", "trainee_not_appointed")
    decision = decision_against(
        known.bars.get(person.id, []), course.role_code, sectors_at_stake(enterprise, course.sector_code, day), day
    )
    if decision is not None:
        yield _error(trainee.row, "number", "trainee_barred", decision=decision)


def _seat(trainee: Trainee, session: TrainingSession, known: Registered) -> Seat:
    """The seat of a row that `check` has passed in this transaction, under the session's lock."""
    if not (trainee.number and trainee.credit_code and trainee.classroom and trainee.role_code):
        raise ServiceError("import_has_errors", count=1)
    person, enterprise = known.people[trainee.number], known.enterprises[trainee.credit_code]
    return Seat(person, enterprise, trainee.role_code, trainee.classroom)


def _error(row: int, column: str, code: str, **data: Any) -> RowError:
    return RowError(row, TITLES.get(column, column), code, data)


TRAINEES = ImportKind(CODE, COLUMNS, check, load, undo)
