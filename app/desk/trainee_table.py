"""The trainees of one class file as a table: found by name, enterprise or the end of the document number."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from app.core.tables import Column, Filter, Table
from app.desk.class_record import ClassRecord
from app.desk.class_words import exam_tag
from app.registry.models import Enterprise, Person
from app.training.models import Classroom, Enrolment, EnrolmentState

PER_PAGE = 100
GROUPS = (
    ("missing", _l("没有考试结果")),
    ("short", _l("学时未满")),
    ("waiting", _l("待考")),
    ("passed", _l("合格")),
    ("failed", _l("不合格")),
    ("exempt", _l("免考")),
)


def trainee_query(session_id: int) -> sa.Select[Any]:
    """Return the enrolments of a session with person, enterprise and classroom, the withdrawn last."""
    return (
        sa.select(Enrolment)
        .join(Enrolment.person)
        .join(Enrolment.enterprise)
        .join(Enrolment.classroom)
        .options(
            contains_eager(Enrolment.person).load_only(Person.name, Person.document_last4),
            contains_eager(Enrolment.enterprise).load_only(Enterprise.name),
            contains_eager(Enrolment.classroom).load_only(Classroom.name),
        )
        .where(Enrolment.training_session_id == session_id)
        .order_by(sa.case((Enrolment.state == EnrolmentState.WITHDRAWN, 1), else_=0))
    )


def trainee_table(record: ClassRecord) -> Table:
    """Return the table of the trainees of *record*."""
    asked = f"{record.hours:g}"
    return Table(
        record.session.code,
        columns=(
            Column("name", _l("姓名"), lambda row: row.person.name, Person.name),
            Column("enterprise", _l("任职单位"), lambda row: row.enterprise.name, Enterprise.name),
            Column("classroom", _l("课堂"), lambda row: row.classroom.name, Classroom.name),
            Column(
                "hours",
                _l("学时"),
                lambda row: f"{row.credited_hours:g} / {asked}",
                Enrolment.credited_hours,
                is_number=True,
            ),
            Column("exam", _l("考试"), lambda row: exam_tag(record, row)[0]),
            Column("certificate", _l("证书编号"), lambda row: _number(record, row)),
        ),
        search=(Person.name, Enterprise.name, Person.document_last4),
        search_label=_l("姓名、企业、证件后四位"),
        filters=_filters(record),
        tie_break=Enrolment.id,
        per_page=PER_PAGE,
    )


def _filters(record: ClassRecord) -> tuple[Filter, ...]:
    rooms = [(str(each.id), each.name) for each in record.session.classrooms]
    by_room = Filter("classroom", _l("课堂"), rooms, lambda room: Enrolment.classroom_id == int(room))
    by_exam = Filter("exam", _l("进度"), GROUPS, lambda name: Enrolment.id.in_(getattr(record, name)))
    return (by_room, by_exam) if len(rooms) > 1 else (by_exam,)


def _number(record: ClassRecord, row: Enrolment) -> str:
    certificate = record.certificate_of(row.id)
    return certificate.number if certificate else ""
