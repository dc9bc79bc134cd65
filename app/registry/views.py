"""The list of enterprises and the page of one. Changes, people and the roster stand beside this file."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.core.actors import Role
from app.core.db import db
from app.core.imports import Import
from app.registry import enterprise_views, people_views, permissions, queries, roster_views, words
from app.registry.blueprint import bp
from app.registry.history import enterprise_history
from app.registry.models import Enterprise

__all__ = ["bp", "enterprise_views", "people_views", "roster_views"]


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"registry_words": words}


@bp.get("/enterprises")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def enterprises() -> Response | str:
    table = queries.enterprises_table(actor())
    query = queries.enterprises(actor())
    if table.export_asked(request.args):
        return table.export(query, request.args)
    return render_template("registry/enterprises.html", table=table, page=table.page(query, request.args))


@bp.get("/enterprises/<int:enterprise_id>")
@requires(Role.REGULATOR, Role.ADMINISTRATOR)
def enterprise(enterprise_id: int) -> str:
    return _page(permissions.visible_enterprise(enterprise_id, actor()), may_change=True)


@bp.get("/own-enterprise")
@requires(Role.ENTERPRISE)
def own_enterprise() -> str:
    """The enterprise's own people, for its staff: nothing to change, for the registry belongs to the regulator."""
    return _page(permissions.own_enterprise(actor()), may_change=False)


def _page(found: Enterprise, *, may_change: bool) -> str:
    imported = db.session.get(Import, found.import_id) if found.import_id else None
    return render_template(
        "registry/enterprise.html",
        enterprise=found,
        offices=queries.offices_in(found),
        history=enterprise_history(found, imported) if may_change else [],
        may_change=may_change,
    )
