"""Where the reader is: the way from the own territory down to the region, and the years to choose from."""

from __future__ import annotations

from flask import url_for

from app.core.actors import NATION, Actor
from app.coverage.words import _, region_words
from courses import regions

Crumbs = list[tuple[str, str | None]]


def crumbs(actor: Actor, region: str, year: int, *further: tuple[str, str | None]) -> Crumbs:
    """Return the breadcrumb from the actor's territory to *region*, then *further*; the last is the page itself."""
    steps = [code for code in _steps(region) if actor.oversees(code)]
    way: Crumbs = [(_region_crumb(code), url_for("coverage.overview", year=year, region=code)) for code in steps]
    way += further
    return [*way[:-1], (way[-1][0], None)]


def _steps(region: str) -> list[str]:
    return [NATION, *(each.code for each in regions.path(region))] if region != NATION else [NATION]


def _region_crumb(code: str) -> str:
    return _("全国") if code == NATION else region_words(code)
