"""The story: a roster becomes coverage. Everything goes through the services; each step says what it did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app import worker
from app.accounts import service as accounts
from app.accounts.models import User
from app.banks import reference as banks
from app.banks.models_statistics import AttentionReason
from app.certification.models import Certificate
from app.certification.service import change_state
from app.cli.demo import classes, crowd, exams
from app.cli.demo.classes import Plan
from app.cli.demo.clock import StoryClock, told_by
from app.cli.demo.told import OPEN_TITLE, PASSWORD, Story, recall
from app.core import imports
from app.core.actors import NATION, SYSTEM, Actor, Role
from app.core.clock import Clock, local_day, now
from app.core.db import db
from app.coverage.figures import years_of_plans
from app.institutions.models import ExamSite
from app.institutions.service import add_exam_site, add_institution
from app.registry.models import Enterprise
from app.registry.roster.kind import ROSTER
from app.sittings.closing import close
from app.sittings.models import Sitting
from app.sittings.queries import results
from app.sittings.requesting import request_sitting
from app.sittings.running import open_sitting
from app.training import reference as training
from app.training.models import Enrolment, TrainingSession

SAMPLES = Path(__file__).resolve().parents[3] / "docs" / "sample"
ROSTER_OF_2024 = SAMPLES / "roster.xlsx"
CHANGES_OF_2025 = SAMPLES / "roster-2025-07.xlsx"  # a principal is replaced in mid-year
BUILDERS_OF_2026 = SAMPLES / "roster-2026-construction.xlsx"
REPLACED_ON = date(2025, 7, 1)
ENTRY_DAYS = 30
Say = Callable[[str], None]
__all__ = ["PASSWORD", "Story", "is_told", "tell"]

PLANS = (
    Plan("mines-principal-campaign", "Z3-1", "2024 年矿山企业主要负责人集中培训（示例）", date(2024, 6, 11)),
    Plan(
        "hospitals-fire-responsible-campaign", "Z3-2", "2024 年医院消防安全责任人集中培训（示例）", date(2024, 10, 15)
    ),
    Plan(
        "metal-smelting-principal-campaign", "Z4-1", "2025 年金属冶炼企业主要负责人集中培训（示例）", date(2025, 5, 13)
    ),
    Plan(
        "heritage-units-fire-responsible-campaign",
        "Z4-2",
        "2025 年文保单位消防安全责任人集中培训（示例）",
        date(2025, 9, 16),
    ),
    Plan(
        "large-commercial-complexes-fire-responsible-campaign",
        "Z5-1",
        "2026 年大型商业综合体消防安全责任人集中培训（示例）",
        date(2026, 5, 19),
    ),
)
NEXT_TITLE = "金属冶炼企业主要负责人再培训（示例）"
WAITING_TITLE = "粉尘涉爆企业主要负责人集中培训（示例）"
CODES = {"institution": "PX3301", "exam_site": "KD3301"}


def is_told() -> bool:
    """Whether this database holds the story already, to its end."""
    return accounts.user_by_login("admin") is not None and db.session.scalar(sa.select(Sitting.id).limit(1)) is not None


def tell(say: Say) -> Story:
    """Do the main job once and say each step. Needs an empty, migrated database. Commits."""
    present: Clock = current_app.extensions["clock"]
    with told_by(StoryClock()) as clock:
        load_reference_data(say)
        _import_roster(ROSTER_OF_2024, say)
        people = _bodies_and_users(say)
        sessions = [_class(plan, people, clock, say) for plan in PLANS if plan.starts_on < REPLACED_ON]
        clock.move(REPLACED_ON, "09:00")
        _import_roster(CHANGES_OF_2025, say)
        sessions += [_class(plan, people, clock, say) for plan in PLANS if plan.starts_on >= REPLACED_ON]
        _large_class(people, clock, say)
        _revoke_one(sessions[0], people["regulator"], clock, say)
        session = _class_to_come(people, clock, local_day(present()), say)
    _open_sitting_to_come(session, people, say)
    return recall()


def load_reference_data(say: Say) -> None:
    """Load courses, banks and the starter questions, and approve these by a second person. Commits."""
    courses = training.load_reference(now=now())
    author = accounts.add_user("author", "示例命题人", PASSWORD, Role.REGULATOR, "330000", actor=SYSTEM, now=now())
    reviewer = accounts.add_user("reviewer", "示例审题人", PASSWORD, Role.REGULATOR, "330000", actor=SYSTEM, now=now())
    codes = [bank.code for bank in banks.load_banks(now())]
    questions = banks.load_starter_questions(_actor(author), now())
    approved = banks.approve_all(codes, _actor(reviewer), now())
    db.session.commit()
    loaded = f"{courses} courses and {questions} questions in {len(codes)} banks"
    say(f"Loaded {loaded}; {approved} questions approved by a second person.")


def _import_roster(file: Path, say: Say) -> None:
    checked = imports.check_file(ROSTER, file.name, file.read_bytes(), {"territory": NATION}, actor=SYSTEM, now=now())
    imports.load(ROSTER, checked, actor=SYSTEM, now=now())
    db.session.commit()
    counted = ", ".join(f"{checked.summary[noun]} {noun}" for noun in ("enterprises", "people", "appointments"))
    say(f"Imported {file.name}, {checked.rows_total} rows: {counted}.")


def _bodies_and_users(say: Say) -> dict[str, Actor]:
    """Add the training institution, the exam site of another organisation, and an account for each role."""
    regulator = accounts.add_user(
        "province", "示例省级监管员", PASSWORD, Role.REGULATOR, "330000", actor=SYSTEM, now=now()
    )
    institution = add_institution(
        CODES["institution"],
        "91330100MA2700001X",
        "杭州市示例安全培训中心",
        "330100",
        "杭州市示例路 1 号",
        actor=_actor(regulator),
        now=now(),
    )
    site = add_exam_site(
        CODES["exam_site"],
        "91330100MA27000021",
        "杭州示例第二考试点",
        "330100",
        "杭州市示例路 2 号",
        seats=60,
        actor=_actor(regulator),
        now=now(),
    )
    added = {
        "regulator": regulator,
        "institution": _user("teacher", "示例教务员", Role.INSTITUTION, institution.code),
        "exam_site": _user("site", "示例监考员", Role.EXAM_SITE, site.code),
    }
    _user("city", "示例市级监管员", Role.REGULATOR, "330100")
    _user("county", "示例区级监管员", Role.REGULATOR, "330106")
    enterprise = db.session.scalars(sa.select(Enterprise).order_by(Enterprise.id).limit(1)).one()
    _user("enterprise", "示例企业经办人", Role.ENTERPRISE, enterprise.credit_code)
    _user("admin", "示例管理员", Role.ADMINISTRATOR, "")
    db.session.commit()
    say(f"Added {institution.name} and {site.name}, two organisations: who teaches does not examine.")
    return {role: _actor(user) for role, user in added.items()}


def _user(login: str, name: str, role: Role, scope: str) -> User:
    return accounts.add_user(login, name, PASSWORD, role, scope, actor=SYSTEM, now=now())


def _class(plan: Plan, people: dict[str, Actor], clock: StoryClock, say: Say) -> TrainingSession:
    """Tell one class to its end: enrolment, attendance, exam, resit, certificates, closing."""
    session, enrolments = _taught(plan, people, clock, say)
    names = [enrolment.person.name for enrolment in enrolments]
    failing = frozenset(names[1:3]) if len(names) > 4 else frozenset()
    _examined(session, 1, exams.all_know_but(failing), people, clock, say)
    if failing:
        _examined(session, 8, exams.all_know_but(frozenset(names[1:2])), people, clock, say)
    _closed(session, people, clock, say)
    return session


def _large_class(people: dict[str, Actor], clock: StoryClock, say: Say) -> None:
    """Tell a class by a blueprint of its own, after whose exam questions have statistics."""
    clock.move(crowd.PLAN.starts_on - timedelta(days=21), "09:00")
    _import_roster(BUILDERS_OF_2026, say)
    crowd.put_blueprint_in_use(_actor_of("author"), _actor_of("reviewer"), clock())
    session, enrolments = _taught(crowd.PLAN, people, clock, say)
    _examined(session, 1, crowd.of(len(enrolments)).answer, people, clock, say)
    _closed(session, people, clock, say)
    counted = db.session.scalar(sa.select(sa.func.count(sa.distinct(AttentionReason.question_version_id))))
    say(f"  its statistics are there: {counted} questions need attention.")


def _taught(
    plan: Plan, people: dict[str, Actor], clock: StoryClock, say: Say
) -> tuple[TrainingSession, list[Enrolment]]:
    session = classes.scheduled(plan, people["institution"], clock)
    enrolments = classes.attended(session, people["institution"], clock)
    clause = f" for clause {session.mandate_code}" if session.mandate_code else ""
    say(f"{plan.title}: {len(enrolments)} enrolled{clause}, {session.course_version.hours} hours credited.")
    return session, enrolments


def _examined(
    session: TrainingSession,
    days_later: int,
    answering: exams.Answering,
    people: dict[str, Actor],
    clock: StoryClock,
    say: Say,
) -> None:
    sitting = classes.sitting_asked(session, _site(), days_later, people["institution"], clock)
    classes.opened(sitting, people["exam_site"], clock)
    attempts = exams.sit(sitting, clock, answering)
    classes.over(sitting, people["exam_site"], clock)
    before = db.session.scalar(sa.select(sa.func.count(Certificate.id))) or 0
    worker.run_all()
    issued = (db.session.scalar(sa.select(sa.func.count(Certificate.id))) or 0) - before
    passed = sum(bool(attempt.passed) for attempt in attempts)
    kind = "resit" if sitting.is_resit else "exam"
    day = local_day(sitting.starts_at)
    say(f"  {kind} of {day}: {len(attempts)} sat, {passed} passed, {issued} certificates issued as PDF.")


def _closed(session: TrainingSession, people: dict[str, Actor], clock: StoryClock, say: Say) -> None:
    clock.move(local_day(clock()) + timedelta(days=1), "09:00")
    close(session, actor=people["institution"], now=clock())
    db.session.commit()
    say(f"  closed on {local_day(clock())}: every trainee has an exam result.")


def _site() -> ExamSite:
    return db.session.scalars(sa.select(ExamSite).where(ExamSite.code == CODES["exam_site"])).one()


def _revoke_one(session: TrainingSession, regulator: Actor, clock: StoryClock, say: Say) -> None:
    attempts = [result.attempt_id for result in results(session.id).values() if result.state == "passed"]
    query = sa.select(Certificate).where(Certificate.attempt_id.in_(attempts)).order_by(Certificate.id.desc()).limit(1)
    certificate = db.session.scalars(query).one()
    reason, document = "示例：经查报名材料不实", "示例监〔2026〕1 号"
    change_state(certificate, "revoke", reason, document, actor=regulator, now=clock())
    db.session.commit()
    say(f"Revoked {certificate.number} with reason and document number; it stays verifiable as revoked.")


def _class_to_come(people: dict[str, Actor], clock: StoryClock, today: date, say: Say) -> TrainingSession:
    """A class whose training is over and whose exam a visitor can sit, one whose exam is asked for, one to begin."""
    plan = class_to_come("hazardous-chemicals-principal-campaign", OPEN_TITLE, today - timedelta(days=3))
    session, enrolments = _taught(plan, people, clock, say)
    trainee = enrolments[0].person.user
    if trainee is None:
        raise RuntimeError("a trainee without an account")
    accounts.set_password(trainee, PASSWORD, actor=SYSTEM, now=clock())
    db.session.commit()
    waiting = class_to_come("dust-explosion-principal-campaign", WAITING_TITLE, today - timedelta(days=2))
    waits, _enrolments = _taught(waiting, people, clock, say)
    sitting = classes.sitting_asked(waits, _site(), 5, people["institution"], clock)
    say(f"  its exam is to come, on {local_day(sitting.starts_at)}.")
    following = class_to_come("metal-smelting-principal-refresher", NEXT_TITLE, today + timedelta(days=14))
    classes.scheduled(following, people["institution"], clock)
    say(f"{following.title}: scheduled for {following.starts_on}.")
    return session


def class_to_come(course: str, title: str, starts_on: date) -> Plan:
    """Return a class that serves the lasting clause of the plans on every training, or none once they have ended."""
    return Plan(course, "Z2" if starts_on.year in years_of_plans() else None, title, starts_on)


def _open_sitting_to_come(session: TrainingSession, people: dict[str, Actor], say: Say) -> None:
    minutes = ENTRY_DAYS * 24 * 60
    sitting = request_sitting(session.id, _site(), now(), entry_minutes=minutes, actor=people["institution"], now=now())
    open_sitting(sitting, actor=people["exam_site"], now=now())
    db.session.commit()
    say(f"The exam of {session.title} is open for {ENTRY_DAYS} days: sit it yourself with one of the accounts below.")


def _actor_of(login: str) -> Actor:
    user = accounts.user_by_login(login)
    if user is None:
        raise RuntimeError(f"no account {login}")
    return _actor(user)


def _actor(user: User) -> Actor:
    grant = user.grants[0]
    return Actor(user.id, user.name, grant.role, grant.scope)
