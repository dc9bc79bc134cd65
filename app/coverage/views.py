"""Coverage for regulators and administrators: the own territory only, and from every figure the way to its sentence."""

from __future__ import annotations

import io

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.access import actor, requires
from app.core.actors import Role
from app.core.charts import shown_percent
from app.core.clock import local_day, now, today
from app.core.errors import NotFound
from app.core.tables import XLSX
from app.coverage import clause as clauses_page
from app.coverage import lists, queries, report, words
from app.coverage.clauses import mandate_table
from app.coverage.figures import survey, years_of_plans
from app.coverage.front import front
from app.coverage.permissions import known_mandate, known_year, territory_asked
from app.coverage.places import crumbs
from courses.mandates import Mandate, binding

bp = Blueprint("coverage", __name__)
bp.add_app_template_filter(shown_percent, "percent")
OVERSEERS = (Role.REGULATOR, Role.ADMINISTRATOR)


@bp.context_processor
def _words() -> dict[str, object]:
    """Give the pages the words of coverage: titles, periods, targets, statuses."""
    return {"words": words}


def this_year() -> int:
    """Return the present year, or the nearest one in which a plan binds."""
    years = years_of_plans()
    return min(max(today().year, years[0]), years[-1])


@bp.get("/coverage")
@requires(*OVERSEERS)
def overview() -> str:
    region = territory_asked(actor(), request.args.get("region"))
    year = known_year(request.args.get("year", this_year(), type=int))
    years = years_of_plans()
    moment = now()
    found = survey(region, years, local_day(moment))
    return render_template(
        "coverage/overview.html",
        front=front(found, year, years),
        region=region,
        year=year,
        years=years,
        cut_off=found.cut_off(year),
        seen_at=moment if found.cut_off(year) == found.today else None,
        crumbs=crumbs(actor(), region, year),
    )


@bp.get("/coverage/<int:year>/<region>.xlsx")
@requires(*OVERSEERS)
def workbook(year: int, region: str) -> Response:
    """Download the whole year, one row a mandate and region."""
    region, year = territory_asked(actor(), region), known_year(year)
    content = report.workbook(survey(region, [year], today()), year)
    name = f"coverage-{year}-{region}.xlsx"
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/coverage/mandates")
@requires(*OVERSEERS)
def mandates() -> AnyResponse:
    """Send the reader to the mandates of the own territory in the present year."""
    region = territory_asked(actor(), None)
    return redirect(url_for("coverage.mandates_of", year=this_year(), region=region))


@bp.get("/coverage/<int:year>/<region>/mandates")
@requires(*OVERSEERS)
def mandates_of(year: int, region: str) -> Response | str:
    region, year = territory_asked(actor(), region), known_year(year)
    found = binding(region, year, include_below=True)
    table = mandate_table(found, request.args)
    if table.export_asked(request.args):
        return mandate_table(found, request.args, for_export=True).export_of(found, request.args)
    return render_template(
        "coverage/mandates.html",
        table=table,
        page=table.page_of(found, request.args),
        counted=sum(each.is_counted for each in found),
        total=len(found),
        region=region,
        year=year,
        years=years_of_plans(),
        crumbs=crumbs(actor(), region, year, (words._("任务条款"), None)),
    )


@bp.get("/coverage/mandates/<code>")
@requires(*OVERSEERS)
def mandate(code: str) -> str:
    """Show the record of a mandate with its figures of every year."""
    region = territory_asked(actor(), request.args.get("region"))
    found = known_mandate(code, region)
    years = years_of_plans()
    alive = [year for year in years if found.period.is_alive_in(year)]
    surveyed = survey(region, alive, today())
    return render_template(
        "coverage/mandate.html",
        mandate=found,
        facts=clauses_page.facts(found),
        conflicts=clauses_page.conflict_words(found),
        lines=[surveyed.line(found, year) for year in alive],
        trend=clauses_page.through_the_years(surveyed, found, years) if found.is_counted else None,
        region=region,
        today=today(),
        crumbs=crumbs(actor(), region, this_year(), *_mandate_crumbs(found, this_year(), region)),
    )


@bp.get("/coverage/<int:year>/<region>/<code>")
@requires(*OVERSEERS)
def cell(year: int, region: str, code: str) -> str:
    """Show one mandate in one year and region: sentence, figures, the clauses beside it, the places below."""
    found = _asked(year, region, code)
    surveyed = survey(region, [year], today())
    page = clauses_page.clause(surveyed, found, year)
    enterprises = queries.enterprise_names(region)
    rows = lists.enterprise_rows(page.line, enterprises)
    return render_template(
        "coverage/cell.html",
        page=page,
        mandate=found,
        facts=clauses_page.facts(found),
        region=region,
        year=year,
        years=[each for each in years_of_plans() if found.period.is_alive_in(each)],
        cut_off=surveyed.cut_off(year),
        worst=[row for row in rows if row.missing][:5],
        enterprises=len(rows),
        crumbs=crumbs(actor(), region, year, (found.code, None)),
    )


@bp.get("/coverage/<int:year>/<region>/<code>/enterprises")
@requires(*OVERSEERS)
def enterprises(year: int, region: str, code: str) -> Response | str:
    found = _asked(year, region, code)
    line = survey(region, [year], today()).line(found, year)
    rows = lists.enterprise_rows(line, queries.enterprise_names(region))
    if lists.ENTERPRISES.export_asked(request.args):
        return lists.ENTERPRISES.export_of(rows, request.args)
    return render_template(
        "coverage/enterprises.html",
        table=lists.ENTERPRISES,
        page=lists.ENTERPRISES.page_of(rows, request.args),
        open_rows=sum(row.missing > 0 for row in rows),
        rows=len(rows),
        mandate=found,
        region=region,
        year=year,
        cut_off=line.cut_off,
        crumbs=crumbs(actor(), region, year, *_cell_crumbs(found, year, region), (words._("企业名单"), None)),
    )


@bp.get("/coverage/<int:year>/<region>/<code>/names", defaults={"enterprise_id": None})
@bp.get("/coverage/<int:year>/<region>/<code>/enterprises/<int:enterprise_id>")
@requires(*OVERSEERS)
def names(year: int, region: str, code: str, enterprise_id: int | None) -> Response | str:
    """List the persons behind the figure, of the whole territory or of one enterprise in it."""
    found = _asked(year, region, code)
    known = queries.enterprise_names(region)
    if enterprise_id is not None and enterprise_id not in known:
        raise NotFound("not_found")
    surveyed = survey(region, [year], today())
    line = surveyed.line(found, year)
    asked = [each for each in line.standings if enterprise_id in (None, each.duty.enterprise_id)]
    people = queries.names(region, found.roles)
    rows = lists.name_rows(asked, surveyed.outcomes(year), people, known)
    table = lists.names_table(rows, request.args.get("status"))
    if table.export_asked(request.args):
        return table.export_of(rows, request.args)
    return render_template(
        "coverage/names.html",
        table=table,
        page=table.page_of(rows, request.args),
        open_rows=sum(row.status not in ("covered", "represented") for row in rows),
        rows=len(rows),
        mandate=found,
        enterprise=known[enterprise_id][0] if enterprise_id is not None else None,
        region=region,
        year=year,
        cut_off=line.cut_off,
        oversees=actor().oversees,
        crumbs=crumbs(actor(), region, year, *_cell_crumbs(found, year, region), (words._("名单"), None)),
    )


def _asked(year: int, region: str, code: str) -> Mandate:
    """Return the mandate that the address names, after asking whether the actor may see it there."""
    territory_asked(actor(), region)
    return known_mandate(code, region, known_year(year))


def _cell_crumbs(found: Mandate, year: int, region: str) -> tuple[tuple[str, str | None], ...]:
    return ((found.code, url_for("coverage.cell", year=year, region=region, code=found.code)),)


def _mandate_crumbs(found: Mandate, year: int, region: str) -> tuple[tuple[str, str | None], ...]:
    return (
        (words._("任务条款"), url_for("coverage.mandates_of", year=year, region=region)),
        (found.code, None),
    )
