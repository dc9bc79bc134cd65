"""Sample records for tests, written straight to the tables: plainly sample names, valid codes.

Each function adds one record with sensible defaults and flushes; the test commits before it opens a page.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa
from stdnum.cn import ric, uscc

from app.accounts import service as accounts
from app.accounts.models import User
from app.banks import bulk, copies, documents
from app.banks.models import Bank, Question, QuestionState, QuestionVersion
from app.core.actors import SYSTEM, Actor, Role
from app.core.clock import now, today
from app.core.db import db
from app.core.personal import personal_data
from app.institutions.models import ExamSite, Institution
from app.registry.models import Appointment, DocumentKind, Enterprise, Person, Scale, SectorMembership
from app.sittings.models import Attempt, AttemptState, Candidate, FinishedBy, Sitting, SittingState
from app.training.models import Classroom, CourseVersion, Enrolment, Mode, TrainingSession
from app.training.reference import course_row
from courses import catalogue
from question_bank.starter import load_starter

PASSWORD = "sample-password-1"
HANGZHOU_SHANGCHENG = "330102"
AUTHOR = Actor(None, "示例作者", Role.REGULATOR, "330000")
_numbers = count(1)


def credit_code(serial: int | None = None) -> str:
    """Return a valid unified social credit code (GB 32100), a new one at each call."""
    body = f"91330100{next(_numbers) if serial is None else serial:09d}"
    return next(body + check for check in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc.is_valid(body + check))


def identity_number(serial: int | None = None) -> str:
    """Return a valid identity number (GB 11643), a new one at each call."""
    number = next(_numbers) if serial is None else serial
    body = f"330102{19700101 + (number // 1000) * 10000}{number % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")  # it wants a number with a place for the check digit


def mistyped(number: str) -> str:
    """Return the number with a wrong check digit; never 0, which after two zeros is taken for a rounded number."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def user(login: str, role: Role, scope: str = "", name: str = "示例用户") -> User:
    return accounts.add_user(login, name, PASSWORD, role, scope, actor=SYSTEM, now=now())


def actor_of(account: User) -> Actor:
    grant = account.grants[0]
    return Actor(account.id, account.name, grant.role, grant.scope)


def enterprise(
    name: str = "示例企业", sectors: tuple[str, ...] = ("metal_smelting",), region: str = HANGZHOU_SHANGCHENG
) -> Enterprise:
    row = Enterprise(credit_code=credit_code(), name=name, region_code=region, scale=Scale.MEDIUM, created_at=now())
    row.memberships = [SectorMembership(sector_code=code, valid_from=date(2024, 1, 1)) for code in sectors]
    found: Enterprise = added(row)
    return found


def person(name: str = "章示例", number: str | None = None, *, with_account: bool = True) -> Person:
    number = number or identity_number()
    index = personal_data().blind_index(number)
    row: Person = added(
        Person(
            name=name,
            document_kind=DocumentKind.IDENTITY_CARD,
            document_number=number,
            document_index=index,
            document_last4=number[-4:],
            created_at=now(),
        )
    )
    if with_account:
        row.user = accounts.trainee_account(index, name, now=now())
    return row


def appointment(who: Person, where: Enterprise, role: str = "principal", since: date = date(2024, 1, 1)) -> Appointment:
    form = "legal_representative" if role == "principal" else None
    row = Appointment(person=who, enterprise=where, role_code=role, form=form, valid_from=since, created_at=now())
    found: Appointment = added(row)
    return found


def institution(code: str = "PX01", region: str = "330100") -> Institution:
    name = f"示例安全培训中心{code}"
    row = Institution(code=code, credit_code=credit_code(), name=name, region_code=region, created_at=now())
    found: Institution = added(row)
    return found


def exam_site(code: str = "KD01", region: str = "330100", operator: str | None = None) -> ExamSite:
    row = ExamSite(
        code=code, credit_code=operator or credit_code(), name=f"示例考试点{code}", region_code=region, created_at=now()
    )
    found: ExamSite = added(row)
    return found


def course_version(code: str = "metal-smelting-principal-campaign") -> CourseVersion:
    """Copy a course of courses/data into the database, as the reference data loader does."""
    row = course_row(catalogue.course(code))
    found: CourseVersion = added(row)
    return found


def training_session(
    of: Institution | None = None, course: CourseVersion | None = None, capacity: int = 30
) -> TrainingSession:
    of = of or institution()
    course = course or course_version()
    row = TrainingSession(
        code=f"PX2026-{next(_numbers):04d}",
        title=f"示例培训班：{course.title_zh}",
        institution=of,
        course_version=course,
        mandate_code=None,
        mode=Mode.ONSITE,
        region_code=of.region_code,
        starts_on=today(),
        ends_on=today() + timedelta(days=2),
        capacity=capacity,
        created_at=now(),
    )
    row.classrooms = [Classroom(name="主课堂", place="示例教室", is_main=True)]
    found: TrainingSession = added(row)
    return found


def enrolment(
    session: TrainingSession,
    who: Person | None = None,
    where: Enterprise | None = None,
    *,
    hours: Decimal | None = None,
) -> Enrolment:
    """Enrol somebody; hours: credited hours, by default all that the course asks for."""
    row = Enrolment(
        training_session=session,
        person=who or person(),
        enterprise=where or enterprise(),
        role_code=session.course_version.role_code,
        classroom=session.classrooms[0],
        credited_hours=session.course_version.hours if hours is None else hours,
        created_at=now(),
    )
    found: Enrolment = added(row)
    return found


def sitting(session: TrainingSession, site: ExamSite | None = None, *, starts_at: datetime | None = None) -> Sitting:
    """A sitting whose blueprint nobody draws from: for tests of what comes after the exam."""
    starts_at = starts_at or now()
    row = Sitting(
        code=f"KS2026-{next(_numbers):04d}",
        training_session=session,
        exam_site=site or exam_site(),
        starts_at=starts_at,
        entry_until=starts_at + timedelta(minutes=30),
        duration_minutes=60,
        rule={"pass_percent": 80, "resits": 1, "pass_valid_months": 12},
        blueprint={},
        pool_digest="0" * 64,
        seed_commitment="0" * 64,
        seed="00" * 32,
        state=SittingState.CLOSED,
        created_at=now(),
    )
    found: Sitting = added(row)
    return found


def attempt(of: Enrolment, score: int = 90, *, within: Sitting | None = None, number: int = 1) -> Attempt:
    """A finished attempt with *score* out of 100; 80 and more have passed."""
    within = within or sitting(of.training_session)
    candidate: Candidate = added(
        Candidate(sitting=within, enrolment=of, admission_number=f"{next(_numbers):012d}", created_at=now())
    )
    row = Attempt(
        candidate=candidate,
        enrolment=of,
        number=number,
        state=AttemptState.FINISHED,
        paper={},
        paper_digest="0" * 64,
        started_at=now() - timedelta(minutes=40),
        deadline_at=now() + timedelta(minutes=20),
        finished_at=now(),
        finished_by=FinishedBy.CANDIDATE,
        score=Decimal(score),
        maximum=Decimal(100),
        passed=score >= 80,
        marks=[],
        answers_digest="0" * 64,
    )
    found: Attempt = added(row)
    return found


@cache
def starter_drafts(bank: str) -> tuple[copies.Draft, ...]:
    """Return the starter questions of the bank with that code, ready to be written."""
    return tuple(copies.draft_of(question) for question in load_starter() if question.bank == bank)


def banks(*codes: str, every: int = 1) -> list[Bank]:
    """Put the approved starter questions of these banks (default: general and metal smelting) into the database, or
    *every* so manieth of them."""
    found = []
    known = documents.register((question.source_document for question in load_starter()), now=now())
    for code in codes or ("general", "metal_smelting"):
        bank = added(Bank(code=code, name_zh=code, name_en=code, created_at=now()))
        bulk.write(starter_drafts(code)[::every], {code: bank.id}, known, import_id=None, actor=AUTHOR, now=now())
        found.append(bank)
    own = Question.bank_id.in_([bank.id for bank in found])
    signed(sa.select(Question.id).where(own))
    db.session.execute(sa.update(Question).where(own).values(state=QuestionState.APPROVED))
    return found


def signed(questions: sa.Select[Any] | None = None) -> None:
    """Have every version, or every one of *questions* (ids), approved by somebody without an account, so that its
    question may say so."""
    given = sa.true() if questions is None else QuestionVersion.question_id.in_(questions)
    query = sa.update(QuestionVersion).where(given)
    db.session.execute(query.values(approved_by_name="示例审定人", approved_at=now()))
