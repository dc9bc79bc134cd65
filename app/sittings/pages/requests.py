"""For the institution: ask for a sitting, print its notices, cancel it. And the public page of its draw."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.accounts.access import actor, public, requires
from app.audit.service import timeline
from app.banks.exam_blueprints.words import share_words
from app.core.actors import Role
from app.core.clock import SHANGHAI, now, today
from app.core.db import db
from app.core.errors import NotFound, ServiceError, worded
from app.core.forms import refusals_on
from app.core.limits import limiter
from app.institutions.models import ExamSite
from app.sittings import requesting
from app.sittings.blueprint import bp
from app.sittings.forms import SittingForm
from app.sittings.models import Attempt, Candidate, Sitting, SittingState
from app.sittings.permissions import requested_sitting
from app.sittings.wording import SITTING_STATES, reason
from app.training.models import Enrolment, SessionState, TrainingSession
from app.training.permissions import own_session
from question_bank.blueprint import Blueprint
from question_bank.canonical import digest_of
from question_bank.draw_weighted import algorithm_for


@bp.route("/sessions/<int:session_id>/sittings/new", methods=["GET", "POST"])
@requires(Role.INSTITUTION)
def request_sitting(session_id: int) -> Response | str:
    session = own_session(session_id, actor())
    if session.state is not SessionState.SCHEDULED:
        return _refused(ServiceError("session_not_open"), url_for("desk.class_file", session_id=session_id))
    form = SittingForm()
    everywhere = _sites()
    sites = [site for site in everywhere if not requesting.is_same_organisation(session, site)]
    sites.sort(key=lambda site: not site.region_code.startswith(session.region_code[:4]))
    form.offer(sites)
    if request.method == "GET":
        form.starts_at.data = _usual_start(session)
    if form.validate_on_submit():
        with refusals_on(form):
            site = next(one for one in sites if str(one.id) == form.exam_site.data)
            sitting = requesting.request_sitting(
                session.id,
                site,
                form.starting_moment(),
                entry_minutes=form.entry_minutes.data or requesting.ENTRY_MINUTES,
                actor=actor(),
                now=now(),
            )
            db.session.commit()
            flash(_("考试已安排。请打印考试通知单发给学员。"))
            return redirect(url_for("sittings.notice", sitting_id=sitting.id))
    asked = form.starts_at.data or _usual_start(session)
    found = requesting.weigh_anywhere(session, asked.replace(tzinfo=SHANGHAI))
    return render_template(
        "sittings/request.html",
        session=session,
        form=form,
        found=found,
        reason=reason,
        no_sites=not sites,
        own_sites=[site.name for site in everywhere if site not in sites],
    )


@bp.get("/sittings/<int:sitting_id>/notice")
@requires(Role.INSTITUTION)
def notice(sitting_id: int) -> str:
    """The notices (考试通知单) with the admission numbers, one a candidate, to be printed."""
    sitting = requested_sitting(sitting_id, actor())
    query = (
        sa.select(Candidate)
        .where(Candidate.sitting_id == sitting.id)
        .options(
            joinedload(Candidate.enrolment).joinedload(Enrolment.person),
            joinedload(Candidate.enrolment).joinedload(Enrolment.enterprise),
        )
        .order_by(Candidate.id)
    )
    candidates = db.session.scalars(query).all()
    return render_template(
        "sittings/notice.html", sitting=sitting, candidates=candidates, states=SITTING_STATES, rule=sitting.rule
    )


@bp.route("/sittings/<int:sitting_id>/cancel", methods=["GET", "POST"])
@requires(Role.INSTITUTION)
def cancel(sitting_id: int) -> Response | str:
    """Say what cancelling does, and do it once that is confirmed."""
    sitting = requested_sitting(sitting_id, actor())
    if request.method == "GET":
        if sitting.state is not SittingState.SCHEDULED:
            return _refused(ServiceError("sitting_begun"), url_for("sittings.notice", sitting_id=sitting_id))
        return render_template("sittings/cancel.html", sitting=sitting, candidates=_count(sitting))
    try:
        requesting.cancel(sitting, actor=actor(), now=now())
    except ServiceError as error:
        return _refused(error, url_for("sittings.notice", sitting_id=sitting_id))
    db.session.commit()
    flash(_("考试已取消，准考证号作废。可以重新申请考试。"))
    return redirect(url_for("sittings.notice", sitting_id=sitting_id))


def _count(sitting: Sitting) -> int:
    query = sa.select(sa.func.count(Candidate.id)).where(Candidate.sitting_id == sitting.id)
    return db.session.scalar(query) or 0


@bp.get("/fairness/<code>")
@public
@limiter.limit("60/minute")
def fairness(code: str) -> str:
    """What anybody may know of a sitting's draw: the commitment from the start, the seed once it is over.

    frozen: the digests of the pool with their moments, two where it was frozen anew at the opening.
    """
    query = sa.select(Sitting).where(Sitting.code == code).options(joinedload(Sitting.exam_site))
    sitting = db.session.scalar(query)
    if sitting is None:
        raise NotFound("not_found")
    seed = sitting.seed if sitting.state is SittingState.CLOSED else None
    blueprint = Blueprint.from_payload(sitting.blueprint) if sitting.blueprint else None
    return render_template(
        "sittings/fairness.html",
        sitting=sitting,
        seed=seed,
        blueprint=blueprint,
        shares=[share_words(share, blueprint.count) for share in blueprint.minimum_shares] if blueprint else [],
        algorithm=_algorithm(sitting, blueprint) if blueprint else None,
        exposure_digest=digest_of(sitting.exposure) if sitting.exposure else None,
        frozen=_frozen_pools(sitting),
        states=SITTING_STATES,
    )


def _algorithm(sitting: Sitting, blueprint: Blueprint) -> str:
    """Return the name of the draw that the papers of *sitting* bear; before there are any, the one they will bear."""
    drawn = sa.select(Attempt.paper["algorithm"].as_string()).join(Candidate, Attempt.candidate_id == Candidate.id)
    named = db.session.scalar(drawn.where(Candidate.sitting_id == sitting.id).order_by(Attempt.id).limit(1))
    return named or algorithm_for(blueprint, has_exposure=bool(sitting.exposure))


def _frozen_pools(sitting: Sitting) -> list[tuple[datetime, str]]:
    """Return (moment, digest) of each pool that *sitting* had, as the audit chain tells, the present one last."""
    found: dict[str, datetime] = {}
    for event in timeline("sitting", sitting.id):
        digest = event.data.get("pool_digest")
        if digest:
            found.setdefault(digest, event.at)
    return [(moment, digest) for digest, moment in found.items()]


def _refused(error: ServiceError, address: str) -> Response:
    """Say why beside the record instead of on a page of its own."""
    db.session.rollback()
    flash(worded(error), "stop")
    return redirect(address)


def _sites() -> list[ExamSite]:
    query = sa.select(ExamSite).where(ExamSite.is_active).order_by(ExamSite.region_code, ExamSite.code)
    return list(db.session.scalars(query))


def _usual_start(session: TrainingSession) -> datetime:
    """The afternoon of the session's last day, or tomorrow's if that is over; without zone, as the form shows it."""
    afternoon = datetime.combine(max(session.ends_on, today()), time(14, 30), SHANGHAI)
    if afternoon <= now():
        afternoon += timedelta(days=1)
    return afternoon.replace(tzinfo=None)
