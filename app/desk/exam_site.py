"""The exam site's home: today's sittings, what is open, what comes in the next days."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import render_template

from app.accounts.access import actor, requires
from app.core import clock
from app.core.actors import Role
from app.core.db import db
from app.desk.blueprint import bp
from app.sittings.models import Sitting, SittingState
from app.sittings.pages.boards import sittings_query
from app.sittings.wording import SITTING_STATES

DAYS_AHEAD = 14


@bp.get("/exam-site")
@requires(Role.EXAM_SITE)
def exam_site() -> str:
    today = clock.today()
    begins, ends = clock.start_of_day(today), clock.end_of_day(today)
    query = sittings_query(actor()).order_by(Sitting.starts_at, Sitting.id)
    in_hand = sa.or_(Sitting.starts_at.between(begins, ends), Sitting.state == SittingState.OPEN)
    coming = sa.and_(Sitting.starts_at >= ends, Sitting.starts_at < ends + timedelta(days=DAYS_AHEAD))
    return render_template(
        "desk/exam_site.html",
        todays=db.session.execute(query.where(in_hand, Sitting.state != SittingState.CANCELLED)).all(),
        coming=db.session.execute(query.where(coming, Sitting.state != SittingState.CANCELLED)).all(),
        states=SITTING_STATES,
        today=today,
        days=DAYS_AHEAD,
    )
