"""Only the very text that was signed, behind the very address it was signed for, is believed."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from decimal import Decimal

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates import payload
from certificates.address import address_prefix
from certificates.errors import CertificateError
from certificates.keys import P256_ORDER
from certificates.payload import Claims
from certificates.signing import key_id_of, sign, verify

texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
days = st.dates(min_value=date(1970, 1, 1))
any_claims = st.builds(
    Claims,
    issuer=texts,
    holder_name=texts,
    document_last4=texts,
    number=texts,
    sector_code=texts,
    course_code=texts,
    role_code=texts,
    score=st.integers(0, 100_000).map(lambda hundredths: Decimal(hundredths) / 100),
    exam_on=days,
    issued_on=days,
    valid_until=days,
    nonce=st.binary(min_size=8, max_size=8),
)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(any_claims)
def test_claims_read_back_from_their_bytes(some):
    assert payload.decode(payload.encode(some)) == some


@given(any_claims)
@settings(max_examples=30)
def test_what_was_signed_is_verified(key, keys, prefix, some):
    assert verify(sign(some, prefix, key), prefix, keys) == some


def test_any_reader_of_cose_can_check_the_signature(signed, prefix, key):
    """Sig_structure of RFC 9052 section 4.4, written out byte by byte, as a page's script must do."""
    message = cbor2.loads(_bytes(signed))
    protected, _, body, raw = message.value
    head = b"\x84\x6aSignature1" + bytes([0x40 + len(protected)]) + protected
    aad, content = prefix.encode(), b"\x58" + bytes([len(body)]) + body
    to_be_signed = head + b"\x58" + bytes([len(aad)]) + aad + content
    signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.record.public_key.verify(signature, to_be_signed, ec.ECDSA(hashes.SHA256()))
    assert (message.tag, cbor2.loads(protected)) == (18, {1: -7, 4: bytes.fromhex(key.record.kid)})


def test_the_same_claims_are_always_signed_alike(claims, prefix, key, signed):
    assert sign(claims, prefix, key) == signed


def test_every_flip_of_one_bit_is_refused(signed, prefix, keys):
    data = _bytes(signed)
    for place in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(CertificateError):
            verify(_text(bytes(flipped)), prefix, keys)


def test_every_change_of_one_character_of_the_text_is_refused(signed, prefix, keys):
    for place, character in enumerate(signed):
        wrong = "A" if character != "A" else "B"
        with pytest.raises(CertificateError):
            verify(signed[:place] + wrong + signed[place + 1 :], prefix, keys)


@given(st.text(max_size=60))
def test_no_text_makes_verification_stumble(prefix, keys, text):
    with pytest.raises(CertificateError):
        verify(text, prefix, keys)


@given(st.binary(max_size=200))
def test_no_bytes_make_verification_stumble(prefix, keys, data):
    with pytest.raises(CertificateError):
        verify(_text(data), prefix, keys)


@pytest.mark.parametrize(
    "data",
    [
        b"\x81" * 2000,
        b"\x9b" + b"\xff" * 8,
        b"\x5b\x7f" + b"\xff" * 7,
        b"\xd8\x1c\x81\xd8\x1d\x00",
        b"\xc4\x82\x1b\x7f" + b"\xff" * 7 + b"\x01",
        b"\xd8\x23\x61(",
        b"\x00" * 10_000,
    ],
    ids=["nesting", "array length", "string length", "circle", "exponent", "pattern", "length"],
)
def test_hostile_cbor_is_not_readable(prefix, keys, data):
    with pytest.raises(CertificateError, match="not_readable"):
        verify(_text(data), prefix, keys)


def test_the_same_payload_behind_another_host_is_a_wrong_address(signed, prefix, keys):
    with pytest.raises(CertificateError) as caught:
        verify(signed, prefix.replace("zs.example.gov.cn", "zs.example-gov.cn"), keys)
    assert caught.value.code == "wrong_address"
    assert caught.value.data["issuer"] == "zs.example.gov.cn"


def test_the_same_payload_under_another_token_is_a_bad_signature(signed, prefix, keys):
    other = prefix.replace("/v/aa", "/v/ba")
    assert other != prefix
    with pytest.raises(CertificateError, match="bad_signature"):
        verify(signed, other, keys)


def test_a_key_that_is_not_ours_is_unknown(claims, prefix, other_key, keys):
    with pytest.raises(CertificateError) as caught:
        verify(sign(claims, prefix, other_key), prefix, keys)
    assert (caught.value.code, caught.value.data["kid"]) == ("unknown_key", other_key.record.kid)


def test_the_algorithm_of_the_message_must_be_that_of_the_key(signed, prefix, keys, key):
    message = cbor2.loads(_bytes(signed))
    protected = cbor2.dumps({1: -8, 4: bytes.fromhex(key.record.kid)}, canonical=True)
    changed = cbor2.dumps(cbor2.CBORTag(18, [protected, *message.value[1:]]), canonical=True)
    with pytest.raises(CertificateError, match="wrong_algorithm"):
        verify(_text(changed), prefix, keys)


def test_the_mirrored_signature_is_refused(signed, prefix, keys):
    data = _bytes(signed)
    mirrored = (P256_ORDER - int.from_bytes(data[-32:], "big")).to_bytes(32, "big")
    with pytest.raises(CertificateError, match="bad_signature"):
        verify(_text(data[:-32] + mirrored), prefix, keys)


@pytest.mark.parametrize("spoil", [lambda text: text + "=", lambda text: text + "A", lambda text: text + "\n"])
def test_a_second_spelling_of_the_text_is_refused(spoil, signed, prefix, keys):
    with pytest.raises(CertificateError) as caught:
        verify(spoil(signed), prefix, keys)
    assert caught.value.code in ("not_readable", "not_canonical")


def test_trailing_bytes_are_refused(signed, prefix, keys):
    with pytest.raises(CertificateError, match="not_canonical"):
        verify(_text(_bytes(signed) + b"\0"), prefix, keys)


@pytest.mark.parametrize("change", [{13: 1}, {0: 2}, {10: -1}, {3: 10**9}, {2: ""}, {6: b"short"}, {1: 5}, {5: True}])
def test_claims_outside_the_table_are_refused(claims, change):
    values = {**cbor2.loads(payload.encode(claims)), **change}
    with pytest.raises(CertificateError, match="payload_invalid"):
        payload.decode(cbor2.dumps(values, canonical=True))


def test_an_integer_written_longer_than_needed_is_refused(claims):
    data = payload.encode(claims)
    assert data[1:3] == b"\x00\x01"
    with pytest.raises(CertificateError, match="not_canonical"):
        payload.decode(data[:1] + b"\x00\x18\x01" + data[3:])


def test_a_nonce_of_another_length_makes_no_claims(facts, host_url):
    with pytest.raises(CertificateError, match="nonce"):
        payload.claims_of(facts, host_url, b"1234")


def test_the_signed_message_names_its_key(signed, key):
    assert key_id_of(signed) == key.record.kid


def test_the_identity_number_is_not_in_the_code(facts, signed):
    assert replace(facts).document_last4.encode() in _bytes(signed)
    assert b"identity_card" not in _bytes(signed)


@pytest.mark.parametrize(
    "host_url",
    [
        "http://zs.example.gov.cn",
        "https://zs.example.gov.cn/",
        "https://zs.example.gov.cn@example.com",
        "https://ZS.example.gov.cn",
        "https://zs.ехample.gov.cn",
        "ftp://zs.example.gov.cn",
        "zs.example.gov.cn",
        "https://",
    ],
)
def test_a_host_that_could_mislead_is_refused(host_url, facts):
    with pytest.raises(CertificateError, match="host_invalid"):
        address_prefix(host_url, facts.token)


@pytest.mark.parametrize("host_url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://192.168.1.20"])
def test_a_demonstration_on_the_local_network_needs_no_certificate_of_its_own(host_url, facts):
    assert address_prefix(host_url, facts.token) == f"{host_url}/v/{facts.token}#"
