"""For those who keep the banks: the sittings to come that would fall short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.banks import documents, queries
from app.banks.exam_blueprints.words import shortfall_sentences
from app.banks.permissions import READERS
from app.core.actors import Role
from app.core.clock import now
from app.core.i18n import listed
from app.core.tables import Column, Table
from app.sittings.blueprint import bp
from app.sittings.pages.boards import moment
from app.sittings.shortage import Shortage, shortages


@bp.get("/sittings/shortages")
@requires(*READERS)
def shortages_list() -> Response | str:
    """List what would fall short in the reader's territory, and say how many do elsewhere; the banks are shared.

    ?document=: the legal document whose change led here.
    """
    chosen = request.args.get("document", type=int)
    found = shortages(now())
    own = [each for each in found if actor().oversees(each.sitting.training_session.region_code)]
    table = _table()
    if table.export_asked(request.args):
        return table.export_of(own, request.args)
    return render_template(
        "sittings/shortages.html",
        document=None if chosen is None else documents.document_by_id(chosen),
        table=table,
        page=table.page_of(own, request.args),
        total=len(own),
        elsewhere=len(found) - len(own),
        opens_boards=actor().role is Role.REGULATOR,
        missing=missing,
    )


@bp.get("/sittings/shortages/after/<int:question_id>")
@requires(*READERS)
def after_withdrawal(question_id: int) -> Response:
    """Lead back to a question that left the pool, saying whether a sitting falls short without it."""
    question = queries.question_by_id(question_id)
    found = shortages(now(), touching={version.id for version in question.versions})
    if found:
        words = _("缺了这道试题，%(count)s 场待开的考试题目不够。", count=len(found))
        link = Markup('<a href="{}">{}</a>').format(url_for("sittings.shortages_list"), _("看缺题的考试"))
        flash(Markup("{} {}").format(words, link), "warn")
    return redirect(url_for("banks.question", question_id=question_id))


@bp.app_context_processor
def _short_sittings() -> dict[str, object]:
    """Let a page of the banks say which sittings to come would fall short."""
    return {"short_sittings": short_sittings}


@dataclass(frozen=True)
class Short:
    """Sittings that would fall short. own: those of the reader's territory; elsewhere: how many there are in others."""

    own: list[Shortage]
    elsewhere: int


def short_sittings(gone: Mapping[int, date]) -> Short:
    """Return the sittings to come that would fall short without the questions that are *gone* (see shortages)."""
    found = shortages(now(), touching=gone, gone=gone)
    own = [each for each in found if actor().oversees(each.sitting.training_session.region_code)]
    return Short(own, len(found) - len(own))


def missing(shortage: Shortage) -> str:
    """Return what a sitting lacks, one clause a stratum."""
    return listed(shortfall_sentences(shortage.blueprint, shortage.report), clauses=True)


def _table() -> Table:
    return Table(
        "short-sittings",
        columns=(
            Column(
                "starts_at",
                _l("开考时间"),
                lambda row: moment(row.sitting.starts_at),
                lambda row: row.sitting.starts_at,
            ),
            Column("code", _l("场次"), lambda row: row.sitting.code),
            Column("institution", _l("培训机构"), _institution, _institution),
            Column("site", _l("考试点"), _site, _site),
            Column("count", _l("缺题"), lambda row: row.missing, lambda row: row.missing, is_number=True),
            Column("missing", _l("缺什么"), missing),
        ),
        search=(lambda row: row.sitting.code, _institution, _site),
        search_label=_l("场次、培训机构或考试点"),
    )


def _start(row: Shortage) -> datetime:
    return row.sitting.starts_at


def _institution(row: Shortage) -> str:
    return row.sitting.training_session.institution.name


def _site(row: Shortage) -> str:
    return row.sitting.exam_site.name
