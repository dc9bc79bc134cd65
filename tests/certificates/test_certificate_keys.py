"""A key record binds its algorithm and its name; the private half never slips into text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from certificates.errors import CertificateError
from certificates.keys import KeyRecord, dump_keys, generate, load_keys, load_signing_key

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_same_random_bytes_give_the_same_key_and_others_another():
    assert generate(b"a" * 48, JANUARY) == generate(b"a" * 48, JANUARY)
    assert generate(b"a" * 48, JANUARY)[0].kid != generate(b"b" * 48, JANUARY)[0].kid


def test_too_few_random_bytes_make_no_key():
    with pytest.raises(CertificateError, match="random_bytes"):
        generate(b"a" * 32, JANUARY)


def test_public_records_round_trip_through_their_file(key, other_key):
    records = (key.record, other_key.record.retired(JANUARY + timedelta(days=30)))
    assert set(load_keys(dump_keys(records))) == set(records)
    assert "PRIVATE" not in dump_keys(records)


@pytest.mark.parametrize("text", ["", "[]", '{"keys": 1}', '{"keys": [1]}', '{"keys": [{}]}'])
def test_a_file_that_is_no_key_file_is_refused(text):
    with pytest.raises(CertificateError, match="key_invalid"):
        load_keys(text)


@pytest.mark.parametrize(
    "change",
    [{"algorithm": "none"}, {"kid": "0" * 16}, {"public_key_pem": "-----"}, {"not_before": datetime(2026, 1, 1)}],  # noqa: DTZ001
)
def test_a_record_that_contradicts_itself_is_refused(key, change):
    with pytest.raises(CertificateError, match="key_invalid"):
        replace(key.record, **change)


def test_a_private_half_of_another_key_is_refused(key):
    _, strange = generate(b"c" * 48, JANUARY)
    with pytest.raises(CertificateError, match="pair"):
        load_signing_key(key.record, strange)
    with pytest.raises(CertificateError, match="private_key"):
        load_signing_key(key.record, "nothing")


def test_the_private_half_is_not_in_the_repr(key):
    assert repr(key) == f"SigningKey(kid='{key.record.kid}')"


def test_days_of_use_are_counted_in_china(key):
    record = replace(key.record, not_before=datetime(2026, 1, 1, 17, tzinfo=UTC))
    retired = record.retired(datetime(2026, 2, 1, 15, 59, tzinfo=UTC))
    assert not retired.signed_on(date(2026, 1, 1))
    assert retired.signed_on(date(2026, 1, 2))
    assert retired.signed_on(date(2026, 2, 1))
    assert not retired.signed_on(date(2026, 2, 2))
    assert record.signed_on(date(2030, 1, 1))


def test_a_record_survives_its_payload(key):
    assert KeyRecord.from_payload(key.record.to_payload()) == key.record
