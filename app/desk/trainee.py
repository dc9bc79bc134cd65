"""The trainee's home: what is due until when and why, the next exam, hours, results, certificates. One big button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.accounts.access import actor, admitted_sitting, requires
from app.certification.models import Certificate
from app.certification.queries import of_person
from app.core.actors import Role
from app.core.clock import SHANGHAI, local_day, now
from app.core.db import db
from app.coverage.words import plan_words, title
from app.desk.blueprint import bp
from app.desk.duties import Due, dues_of
from app.registry.models import Person
from app.sittings.models import Attempt, AttemptState, Candidate, Sitting
from app.sittings.queries import AWAITED, ExamResult, result_of
from app.sittings.waiting import countdown
from app.training.models import Enrolment, EnrolmentState, SessionState, TrainingSession
from courses.mandates import mandate


@dataclass(frozen=True)
class NextExam:
    """The sitting that comes next for a person; attempt_id is set once it has been begun.

    address: of the candidate's page of the sitting, which leads on to where an exam under way was left.
    """

    sitting: Sitting
    attempt_id: int | None

    @property
    def address(self) -> str:
        return url_for("sittings.lobby", sitting_id=self.sitting.id)


@bp.get("/me")
@requires(Role.TRAINEE, admitted=True)
def trainee() -> Response | str:
    only = admitted_sitting()
    if only is not None:
        return redirect(url_for("sittings.lobby", sitting_id=only))
    person = db.session.scalar(sa.select(Person).where(Person.user_id == actor().user_id))
    if person is None:
        return render_template("desk/trainee_unknown.html")
    certificates = of_person(person.id)
    enrolments = [(each, result_of(each)) for each in _enrolments(person)]
    coming, dues = _next_exam(person), dues_of(person, certificates, local_day(now()))
    return render_template(
        "desk/trainee.html",
        person=person,
        headline=_headline(coming, enrolments, dues),
        coming=coming,
        enrolments=enrolments,
        dues=dues,
        is_pending=coming is not None or any(_is_under_way(*each) for each in enrolments),
        is_issuing=any(_is_issuing(result, certificates) for _enrolment, result in enrolments),
        certificates=certificates,
        title_of=title,
        plan_of=plan_words,
        serves={each.id: _served(each) for each, _result in enrolments},
        today=local_day(now()),
    )


def _enrolments(person: Person) -> list[Enrolment]:
    """The courses under way, and the latest one that is over; never the withdrawn."""
    query = (
        sa.select(Enrolment)
        .join(Enrolment.training_session)
        .where(Enrolment.person_id == person.id, Enrolment.state == EnrolmentState.ENROLLED)
        .options(joinedload(Enrolment.training_session).joinedload(TrainingSession.course_version))
        .order_by(TrainingSession.starts_on.desc(), Enrolment.id.desc())
        .limit(5)
    )
    found = list(db.session.scalars(query))
    under_way = [each for each in found if each.training_session.state is SessionState.SCHEDULED]
    return under_way or found[:1]


def _is_under_way(enrolment: Enrolment, result: ExamResult) -> bool:
    """Whether a course still asks something of the person: hours, the exam or its resit."""
    return enrolment.training_session.state is SessionState.SCHEDULED and result.state != "passed"


def _is_issuing(result: ExamResult, certificates: Sequence[Certificate]) -> bool:
    """Whether an exam is passed whose certificate is not there yet."""
    return result.state == "passed" and result.attempt_id not in {each.attempt_id for each in certificates}


def _next_exam(person: Person) -> NextExam | None:
    query = (
        sa.select(Sitting, Attempt.id)
        .join(Candidate, Candidate.sitting_id == Sitting.id)
        .join(Enrolment, Candidate.enrolment_id == Enrolment.id)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(
            Enrolment.person_id == person.id,
            Enrolment.state == EnrolmentState.ENROLLED,
            Sitting.state.in_(AWAITED),
            sa.or_(Attempt.id.is_(None), Attempt.state == AttemptState.OPEN),
            sa.or_(Attempt.id.is_not(None), Sitting.entry_until >= now()),
        )
        .options(joinedload(Sitting.exam_site), joinedload(Sitting.training_session))
        .order_by(Attempt.id.is_(None), Sitting.starts_at, Sitting.id)
        .limit(1)
    )
    row = db.session.execute(query).first()
    return None if row is None else NextExam(row[0], row[1])


def _headline(coming: NextExam | None, enrolments: list[tuple[Enrolment, ExamResult]], dues: list[Due]) -> str:
    """Say what matters most to this person now."""
    if coming is not None:
        return _exam_headline(coming)
    for enrolment, result in enrolments:
        required = enrolment.training_session.course_version.hours
        if not result.is_examined and enrolment.credited_hours < required:
            return str(_("培训还差 %(hours)s 学时", hours=f"{float(required - enrolment.credited_hours):g}"))
        if not result.is_examined:
            return str(_("学时已满，等待安排考试"))
        if result.state == "failed":
            return str(_("考试未合格，等待安排补考") if result.attempts < 2 else _("补考未合格，须重新培训"))
    open_dues = [due for due in dues if not due.is_done]
    if open_dues:
        return str(_("%(day)s 前要完成 %(count)s 项培训考试", day=open_dues[0].until.isoformat(), count=len(open_dues)))
    return str(_("今年的培训考试任务已完成") if dues else _("目前没有要完成的培训任务"))


def _exam_headline(coming: NextExam) -> str:
    if coming.attempt_id is not None:
        return str(_("考试正在进行，请继续答题"))
    starts_at, moment = coming.sitting.starts_at, now()
    if starts_at <= moment:
        return str(_("考试入场中，可以开始答题"))
    if local_day(starts_at) == local_day(moment):
        time = starts_at.astimezone(SHANGHAI).strftime("%H:%M")
        return str(_("今天 %(time)s 考试，%(countdown)s", time=time, countdown=countdown(starts_at, moment)))
    time = format_datetime(starts_at, "yyyy-MM-dd HH:mm")
    return str(_("%(time)s 考试，%(countdown)s", time=time, countdown=countdown(starts_at, moment)))


def _served(enrolment: Enrolment) -> str:
    """The clause for which the class is held, in its own words; empty where it names none."""
    code = enrolment.training_session.mandate_code
    return mandate(code).quotation if code else ""
