"""Sittings of release 0.1.0 after the upgrade: no exposure, and a record that a replay can speak about."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.core.db import db
from app.sittings.models import Sitting
from app.sittings.replay import replay
from tests.app.test_migrations import upgraded, upgraded_once

__all__ = ["upgraded", "upgraded_once"]


def test_a_sitting_of_the_release_before_has_no_exposure(upgraded: Flask) -> None:
    assert db.session.scalars(sa.select(Sitting.exposure)).all() == [{}]


def test_a_broken_record_of_the_release_before_is_named_not_raised(upgraded: Flask) -> None:
    """The sample's seed opens with no key, and its paper is none."""
    assert {each.field for each in replay(1)} >= {"seed", "blueprint", "paper"}
