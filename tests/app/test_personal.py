"""Personal data: encrypted at rest, found by a blind index, masked."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import db
from app.core.personal import PersonalData, PersonalDataError, mask_phone
from tests import sample


def test_what_is_encrypted_opens_with_its_key_only() -> None:
    stored = PersonalData(bytes(32)).encrypt("330102199001011234")
    assert PersonalData(bytes(32)).decrypt(stored) == "330102199001011234"
    with pytest.raises(PersonalDataError):
        PersonalData(b"1" * 32).decrypt(stored)


def test_the_same_number_is_found_and_never_encrypted_the_same_way_twice() -> None:
    keys = PersonalData(bytes(32))
    assert keys.blind_index(" 33010219900101123x") == keys.blind_index("33010219900101123X")
    assert keys.encrypt("1") != keys.encrypt("1")


def test_the_database_never_holds_the_number(app: Flask) -> None:
    number = sample.identity_number()
    person = sample.person(number=number)
    db.session.commit()
    row = db.session.execute(sa.text("SELECT * FROM person")).one()
    stored = b"\x1f".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert number.encode() not in stored
    assert person.document_number == number


def test_a_phone_number_keeps_its_ends() -> None:
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("123") == "***"
