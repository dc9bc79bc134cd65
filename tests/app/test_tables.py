"""Lists: counted and paged to their end, or as far as the list wants."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.core.actors import Role
from app.core.db import db
from app.core.tables import Column, Page, Table, bounded_count
from tests import sample


@pytest.fixture
def people(app: Flask) -> list[str]:
    names = [f"用户{number:02d}" for number in range(7)]
    for name in names:
        sample.user(f"login-{name}", Role.REGULATOR, "330000", name=name)
    db.session.commit()
    return names


def table(count_limit: int | None) -> Table:
    columns = (Column("name", "姓名", lambda row: row.name, User.name),)
    return Table("people", columns, default_sort="name", per_page=2, count_limit=count_limit)


def page(number: str, count_limit: int | None) -> Page:
    return table(count_limit).page(sa.select(User), {"page": number})


def test_a_short_list_is_counted_and_paged_to_its_end(people: list[str]) -> None:
    last = page("99", None)
    assert [row.name for row in last.rows] == people[6:]
    assert (last.number, last.pages, last.counted, last.is_cut) == (4, 4, "7", False)
    assert page("4", 7) == page("4", None)


def test_a_long_list_is_counted_and_paged_as_far_as_it_wants(people: list[str]) -> None:
    last = page("99", 5)
    assert [row.name for row in last.rows] == people[4:6]
    assert (last.number, last.pages, last.counted, last.is_cut) == (3, 3, "5+", True)


@pytest.mark.parametrize(("limit", "counted"), [(None, (7, False)), (7, (7, False)), (6, (6, True)), (0, (0, True))])
def test_counting_ends_at_the_limit(people: list[str], limit: int | None, counted: tuple[int, bool]) -> None:
    assert bounded_count(sa.select(User.id).order_by(User.id), limit) == counted
