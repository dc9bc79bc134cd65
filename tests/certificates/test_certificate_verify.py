"""Each way in which a certificate can be false has its own verdict, found with no network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.address import address, address_prefix
from certificates.errors import CertificateError
from certificates.signing import sign
from certificates.verify import Verdict, check, compare

TODAY = date(2026, 11, 22)


def test_an_untouched_code_is_genuine_as_far_as_one_can_say_offline(qr_text, host_url, keys, claims):
    result = check(qr_text, host_url, keys, TODAY)
    assert (result.verdict, result.claims, result.reason) == (Verdict.GENUINE_OFFLINE, claims, "")


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        (date(2026, 5, 19), Verdict.NOT_YET_ISSUED),
        (date(2026, 5, 20), Verdict.GENUINE_OFFLINE),
        (date(2029, 5, 19), Verdict.GENUINE_OFFLINE),
        (date(2029, 5, 20), Verdict.EXPIRED),
    ],
)
def test_the_first_and_the_last_day_are_valid_days(qr_text, host_url, keys, today, verdict):
    result = check(qr_text, host_url, keys, today)
    assert result.verdict is verdict
    assert result.is_authentic


@pytest.mark.parametrize(
    "host",
    [
        "https://zs.example-gov.cn",
        "https://zs.example.gov.cn.example.com",
        "https://zs.example.gov.cn@example.com",
        "https://zs.example.gov.cn:8443",
        "https://ZS.example.gov.cn",
        "http://zs.example.gov.cn",
        "https://example.com/https://zs.example.gov.cn",
    ],
)
def test_our_payload_behind_another_address_is_spoofed(qr_text, host_url, keys, host):
    result = check(qr_text.replace(host_url, host), host_url, keys, TODAY)
    assert result.verdict is Verdict.SPOOFED_ADDRESS
    assert result.claims is None


@pytest.mark.parametrize("inserted", ["/v/x/../", "/v//", "/w/"])
def test_another_path_on_the_official_host_is_spoofed_too(qr_text, host_url, keys, inserted):
    assert check(qr_text.replace("/v/", inserted), host_url, keys, TODAY).verdict is Verdict.SPOOFED_ADDRESS


def test_another_certificates_payload_under_a_valid_token_is_altered(qr_text, host_url, keys):
    result = check(qr_text.replace("/v/aa", "/v/ba"), host_url, keys, TODAY)
    assert (result.verdict, result.reason) == (Verdict.ALTERED, "bad_signature")


@given(st.integers(min_value=30), st.sampled_from("ABCDEFxyz019-_"))
def test_no_changed_character_behind_the_mark_stays_genuine(qr_text, host_url, keys, place, character):
    start = qr_text.index("#") + 1
    place = start + place % (len(qr_text) - start)
    changed = qr_text[:place] + character + qr_text[place + 1 :]
    assert check(changed, host_url, keys, TODAY).is_authentic == (changed == qr_text)


def test_a_code_signed_by_somebody_else_is_of_another_issuer(claims, prefix, other_key, host_url, facts, keys):
    forged = sign(replace(claims, holder_name="某某某"), prefix, other_key)
    assert check(address(host_url, facts.token, forged), host_url, keys, TODAY).verdict is Verdict.OTHER_ISSUER
    elsewhere = "https://zs.example.org"
    strange = sign(claims, address_prefix(elsewhere, facts.token), other_key)
    assert check(address(elsewhere, facts.token, strange), host_url, keys, TODAY).verdict is Verdict.OTHER_ISSUER


def test_a_claim_made_for_another_host_is_not_accepted_on_this_one(claims, prefix, key, host_url, facts, keys):
    text = sign(replace(claims, issuer="zs.example.org"), prefix, key)
    assert check(address(host_url, facts.token, text), host_url, keys, TODAY).verdict is Verdict.ALTERED


def test_a_certificate_dated_outside_the_life_of_its_key_is_told_apart(qr_text, host_url, key):
    retired = key.record.retired(datetime(2026, 5, 1, tzinfo=UTC))
    result = check(qr_text, host_url, [retired], TODAY)
    assert result.verdict is Verdict.KEY_NOT_IN_USE
    assert not result.is_authentic


def test_a_key_retired_after_the_day_of_issue_still_verifies(qr_text, host_url, key):
    retired = key.record.retired(datetime(2026, 6, 1, tzinfo=UTC))
    assert check(qr_text, host_url, [retired], TODAY).verdict is Verdict.GENUINE_OFFLINE


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("https://zs.example.gov.cn/v/aaaqeayeaudaocajbifqydiob4", Verdict.NOT_SIGNED),
        ("https://zs.example.gov.cn/v/aaaqeayeaudaocajbifqydiob4#", Verdict.ALTERED),
        ("https://example.com/menu#top", Verdict.NOT_A_CERTIFICATE),
        ("WIFI:S:guest;;", Verdict.NOT_A_CERTIFICATE),
        ("", Verdict.NOT_A_CERTIFICATE),
        ("#", Verdict.NOT_A_CERTIFICATE),
    ],
)
def test_other_codes_are_named_for_what_they_are(text, verdict, host_url, keys):
    assert check(text, host_url, keys, TODAY).verdict is verdict


@given(st.text())
def test_no_code_makes_the_check_stumble(host_url, keys, text):
    assert not check(text, host_url, keys, TODAY).is_authentic


def test_a_wrong_official_host_is_a_fault_of_the_caller(qr_text, keys):
    with pytest.raises(CertificateError, match="host_invalid"):
        check(qr_text, "zs.example.gov.cn", keys, TODAY)


def test_the_signed_claims_agree_with_the_facts(facts, claims):
    assert compare(facts, claims.printed()) == ()


@pytest.mark.parametrize(
    ("field", "printed"),
    [
        ("holder_name", "章示近"),
        ("score", "96"),
        ("hours", "48"),
        ("valid_until", "2032-05-19"),
        ("number", "ZJ-2026-0004822-O"),
        ("number", "not a number"),
        ("score", "full"),
        ("document_last4", "3018"),
    ],
)
def test_an_edited_paper_differs_in_the_edited_field_only(facts, field, printed):
    paper = {"holder_name": "章示远", "score": "86", "enterprise_name": facts.enterprise_name, field: printed}
    assert compare(facts, paper) == (field,)


def test_width_case_spaces_and_dots_are_no_difference(facts):
    person = replace(facts, holder_name="阿卜杜拉·示例")
    paper = {
        "holder_name": "阿卜杜拉 • 示例",
        "score": "８６.0",
        "number": "zj 2026 0004821 q",
        "role_en": "PRINCIPAL responsible  person",
    }
    assert compare(person, paper) == ()


def test_an_unknown_field_is_not_passed_over(facts):
    with pytest.raises(CertificateError, match="unknown_field"):
        compare(facts, {"nickname": "x"})
