"""For the exam site: its sittings, the board of one, opening and closing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Response as Download
from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks.exam_blueprints.words import shortfall_sentences
from app.core.actors import Actor, Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.tables import Column, Filter, Table
from app.institutions.models import ExamSite, Institution
from app.sittings import running, wording_statistics
from app.sittings.blueprint import bp
from app.sittings.board import board_of
from app.sittings.models import Candidate, Sitting, SittingState
from app.sittings.permissions import own_sitting, sitting_in_scope, visible_sittings
from app.sittings.shortage import shortage_of
from app.sittings.statistics import statistics_of
from app.sittings.wording import SITTING_STATES
from app.training.models import TrainingSession

REFRESH_SECONDS = 10


@bp.get("/sittings")
@requires(Role.EXAM_SITE, Role.INSTITUTION)
def sittings() -> str | Download:
    table, query = sittings_table(), sittings_query(actor())
    if table.export_asked(request.args):
        return table.export(query, request.args)
    page = table.page(query, request.args)
    return render_template("sittings/sittings.html", table=table, page=page, states=SITTING_STATES)


@bp.get("/sittings/<int:sitting_id>")
@requires(Role.EXAM_SITE, Role.INSTITUTION, Role.REGULATOR)
def board(sitting_id: int) -> str:
    sitting = sitting_in_scope(sitting_id, actor())
    return render_template(
        "sittings/board.html",
        sitting=sitting,
        board=board_of(sitting, now()),
        found=statistics_of(sitting) if sitting.state is SittingState.CLOSED else None,
        sitting_words=wording_statistics,
        states=SITTING_STATES,
        at=now(),
        short=shortage_of(sitting, now()) if actor().role is Role.REGULATOR else None,
        shortfall=shortfall_sentences,
        runs_it=actor().works_for(Role.EXAM_SITE, sitting.exam_site.code),
        cancels_it=sitting.state is SittingState.SCHEDULED
        and actor().works_for(Role.INSTITUTION, sitting.training_session.institution.code),
        lists=actor().role in (Role.EXAM_SITE, Role.INSTITUTION),
        refresh=None if "pause" in request.args else REFRESH_SECONDS,
    )


@bp.post("/sittings/<int:sitting_id>/open")
@requires(Role.EXAM_SITE)
def open_sitting(sitting_id: int) -> Response:
    return _move(sitting_id, running.open_sitting, _("已开考。到开考时间，考生即可开始答题。"))


@bp.post("/sittings/<int:sitting_id>/close")
@requires(Role.EXAM_SITE)
def close_sitting(sitting_id: int) -> Response:
    return _move(sitting_id, running.close_sitting, _("考试已结束，抽题种子已公开。"))


def sittings_query(acting: Actor) -> sa.Select[Any]:
    """Return the sittings that *acting* may see, with the number of candidates of each."""
    candidates = sa.select(sa.func.count(Candidate.id)).where(Candidate.sitting_id == Sitting.id).scalar_subquery()
    return (
        sa.select(Sitting, candidates.label("candidates"))
        .join(Sitting.exam_site)
        .join(Sitting.training_session)
        .join(TrainingSession.institution)
        .options(
            contains_eager(Sitting.exam_site),
            contains_eager(Sitting.training_session).contains_eager(TrainingSession.institution),
        )
        .where(visible_sittings(acting))
    )


def sittings_table() -> Table:
    return Table(
        "sittings",
        columns=(
            Column("starts_at", _l("开考时间"), lambda row: moment(row[0].starts_at), Sitting.starts_at),
            Column("code", _l("场次"), lambda row: row[0].code, Sitting.code),
            Column("title", _l("所属培训班"), lambda row: row[0].training_session.title, TrainingSession.title),
            Column("site", _l("考试点"), lambda row: row[0].exam_site.name, ExamSite.name),
            Column("candidates", _l("考生"), lambda row: row[1], is_number=True),
            Column("state", _l("状态"), lambda row: str(SITTING_STATES[row[0].state][0]), Sitting.state),
        ),
        search=(Sitting.code, TrainingSession.title, Institution.name),
        search_label=_l("场次、培训班、培训机构"),
        filters=(
            Filter(
                "state",
                _l("状态"),
                [(state.value, word) for state, (word, _mark) in SITTING_STATES.items()],
                lambda value: Sitting.state == value,
            ),
        ),
        default_sort="-starts_at",
        tie_break=Sitting.id,
    )


def moment(value: datetime) -> str:
    """Return a time of day in Shanghai as a table shows it."""
    return str(format_datetime(value, "yyyy-MM-dd HH:mm"))


def _move(sitting_id: int, move: Callable[..., None], done: str) -> Response:
    """Open or close the site's own sitting; a refusal is shown on the board, where its reason can be seen."""
    sitting = own_sitting(sitting_id, actor())
    try:
        move(sitting, actor=actor(), now=now())
        db.session.commit()
        flash(done)
    except ServiceError as error:
        db.session.rollback()
        flash(worded(error), "stop")
    return redirect(url_for("sittings.board", sitting_id=sitting_id))
