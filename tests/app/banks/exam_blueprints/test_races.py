"""Two people at once, on PostgreSQL, where transactions run side by side: one does it, the other is told."""

from __future__ import annotations

import pytest
from flask import Flask

from app.banks.exam_blueprints import queries, service
from app.core.actors import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from tests import sample
from tests.app.banks.exam_blueprints.samples import COURSE, LI, WANG, ZHAO, fitting, saved, used
from tests.app.sittings.test_races import at_once

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)  # SQLite has one writer at a time


def codes(outcomes: list[object]) -> list[str]:
    return sorted(each.code if isinstance(each, ServiceError) else "done" for each in outcomes)


def test_two_people_begin_the_first_version_and_one_of_them_is_told(app: Flask) -> None:
    def save(by: Actor) -> int:
        return service.save(COURSE, fitting(), title=by.name, seen="", actor=by, now=now()).number

    assert codes(at_once(app, lambda: save(WANG), lambda: save(LI))) == ["blueprint_changed_meanwhile", "done"]
    assert [row.number for row in queries.versions(COURSE)] == [1]


def test_two_people_put_the_same_draft_in_use_once(app: Flask) -> None:
    sample.banks()
    seen = service.seen_of(saved())
    db.session.rollback()

    def put(by: Actor) -> int:
        return service.put_in_use(COURSE, 1, seen=seen, actor=by, now=now()).number

    assert codes(at_once(app, lambda: put(LI), lambda: put(ZHAO))) == ["blueprint_not_draft", "done"]


def test_a_draft_is_not_put_in_use_while_its_author_changes_it(app: Flask) -> None:
    sample.banks()
    used()
    draft = saved(fitting(question_order="by_stratum"))
    seen = service.seen_of(draft)
    db.session.rollback()

    def put() -> str:
        return service.put_in_use(COURSE, 2, seen=seen, actor=LI, now=now()).digest

    def change() -> str:
        return service.save(COURSE, fitting(), title="改过", seen=seen, actor=WANG, now=now()).digest

    outcomes = at_once(app, put, change)
    in_use = queries.in_use(COURSE)
    assert in_use is not None
    if isinstance(outcomes[0], ServiceError):
        assert outcomes[0].code == "blueprint_changed_meanwhile" and in_use.number == 1
    else:
        assert in_use.number == 2 and in_use.digest == outcomes[0] == draft.digest
