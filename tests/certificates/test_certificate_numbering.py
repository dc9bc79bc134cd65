"""Numbers survive being typed on a phone and never accept a single wrong character; tokens need real randomness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.errors import CertificateError
from certificates.numbering import (
    CertificateNumber,
    format_number,
    normalise_number,
    parse_number,
    require_token,
    token_from_bytes,
)

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
prefixes = st.from_regex(r"[A-Z][A-Z0-9]{1,7}", fullmatch=True)
numbers = st.builds(CertificateNumber, prefixes, st.integers(2000, 2099), st.integers(1, 9_999_999))


def test_a_number_is_printed_in_four_parts():
    # Check character computed by hand from ISO/IEC 7064, MOD 37,36, over ZJ20260004821.
    assert format_number("ZJ", 2026, 4821) == "ZJ-2026-0004821-Q"


@given(numbers)
def test_every_number_reads_back(number):
    assert parse_number(str(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "zj-2026-0004821-q",
        " ZJ 2026 0004821 Q ",
        "ZJ20260004821Q",
        "ＺＪ－２０２６－０００４８２１－Ｑ",
        "ZJ—2026—0004821—Q",
        "zj‑2026‑ooo4821‑q",
        "ZJ.2026.0004821.Q",
        "ZJ-2026-00048 2I-Q",
    ],
)
def test_a_number_typed_on_a_phone_is_the_same_number(typed):
    assert normalise_number(typed) == "ZJ-2026-0004821-Q"


@given(numbers, st.data())
def test_one_wrong_character_is_never_accepted(number, data):
    text = str(number)
    place = data.draw(st.sampled_from([n for n, character in enumerate(text) if character != "-"]))
    wrong = data.draw(st.sampled_from(_CHARACTERS).filter(lambda character: character != text[place]))
    changed = text[:place] + wrong + text[place + 1 :]
    try:
        accepted = parse_number(changed)
    except CertificateError:
        return
    # O for 0, I and L for 1 within the digits are read as the digit that was meant.
    assert accepted == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number_empty"),
        (" - ", "number_empty"),
        ("4821", "number_shape"),
        ("浙江-2026-0004821-Q", "number_shape"),
        ("ZJ-20X6-0004821-Q", "number_shape"),
        ("7J-2026-0004821-Q", "number_prefix"),
        ("ZJ-1999-0004821-Q", "number_year"),
        ("ZJ-2026-0000000-Q", "number_serial"),
        ("ZJ-2026-0004821-7", "number_check"),
        ("ZJ-2026-0004812-Q", "number_check"),
    ],
)
def test_what_is_wrong_with_a_number_has_its_own_code(typed, code):
    with pytest.raises(CertificateError) as caught:
        parse_number(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("prefix", "year", "serial", "code"),
    [
        ("z", 2026, 1, "number_prefix"),
        ("ABCDEFGHI", 2026, 1, "number_prefix"),
        ("ZJ", 2100, 1, "number_year"),
        ("ZJ", 2026, 0, "number_serial"),
        ("ZJ", 2026, 10_000_000, "number_serial"),
    ],
)
def test_a_number_outside_its_ranges_is_not_made(prefix, year, serial, code):
    with pytest.raises(CertificateError) as caught:
        format_number(prefix, year, serial)
    assert caught.value.code == code


@given(st.binary(min_size=16, max_size=40), st.binary(min_size=16, max_size=40))
def test_tokens_differ_when_their_bytes_differ_and_fit_an_address(one, other):
    assert (token_from_bytes(one) == token_from_bytes(other)) == (one == other)
    assert require_token(token_from_bytes(one)).isalnum()


def test_a_guessable_token_is_refused():
    with pytest.raises(CertificateError, match="token_bytes"):
        token_from_bytes(b"\0" * 15)
    with pytest.raises(CertificateError, match="token_shape"):
        require_token("1")
