from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.service import timeline
from app.core.actors import SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from app.registry import service
from app.registry.models import DocumentKind, Person
from tests import sample


def saved(name: str, number: str, phone: str | None = None) -> Person:
    return service.save_person(name, None, number, phone, actor=SYSTEM, now=now())


def test_a_document_is_one_person_however_it_is_typed(app: Flask) -> None:
    number = sample.identity_number()
    first = saved("章示例", number)
    second = saved(" 章示例 ", " " + number.translate(str.maketrans("0123456789", "０１２３４５６７８９")))
    assert first is second
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
    assert (first.document_kind, first.document_last4) == (DocumentKind.IDENTITY_CARD, number[-4:])
    assert service.person_by_number(number) is first


def test_a_number_under_another_name_is_refused(app: Flask) -> None:
    number = sample.identity_number()
    saved("章示例", number)
    with pytest.raises(ServiceError) as refused:
        saved("周样本", number)
    assert (refused.value.code, refused.value.field) == ("person_name_differs", "name")


def test_a_new_phone_replaces_the_old_one_and_is_written_down_without_the_number(app: Flask) -> None:
    number = sample.identity_number()
    person = saved("章示例", number, "13800000001")
    saved("章示例", number, "13800000002")
    saved("章示例", number)
    assert person.phone == "13800000002"
    events = timeline("person", person.id)
    assert [event.kind for event in events] == ["PersonSaved", "PersonSaved"]
    assert all("138" not in str(event.data) for event in events)


def test_a_wrong_phone_is_refused(app: Flask) -> None:
    with pytest.raises(ServiceError, match="phone_shape"):
        saved("章示例", sample.identity_number(), "手机")


def test_the_database_never_sees_the_number_in_clear(app: Flask) -> None:
    number = sample.identity_number()
    saved("章示例", number, "13800000001")
    row = db.session.execute(sa.text("SELECT document_number, phone FROM person")).one()
    assert number.encode() not in bytes(row[0]) and b"13800000001" not in bytes(row[1])


def test_many_numbers_are_looked_up_with_few_queries(app: Flask) -> None:
    numbers = [sample.identity_number() for _ in range(3)]
    people = [saved("章示例", number) for number in numbers]
    assert service.people_by_numbers([*numbers, "E12345678"]) == dict(zip(numbers, people, strict=True))
