"""The snapshot keeps what was certified, refuses what cannot be true, and masks what the public must not see."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.certificate import CertificateFacts, masked_document, masked_name, normalise_name, score_text
from certificates.errors import CertificateError


def test_facts_survive_a_round_trip_through_json_text(facts):
    odd = replace(facts, score=Decimal("86.5"), holder_name="阿卜杜拉·示例")
    assert CertificateFacts.from_payload(json.loads(json.dumps(odd.to_payload()))) == odd


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "zj-2026-0004821-q"),
        ("holder_name", ""),
        ("holder_name", " 章示远"),
        ("holder_name", "章示远\n"),
        ("holder_name", "章\u202e示远"),
        ("document_last4", "30175"),
        ("document_last4", "301x"),
        ("hours", 0),
        ("score", Decimal("101")),
        ("score", Decimal("-1")),
        ("score", Decimal("86.333")),
        ("score", Decimal("NaN")),
        ("pass_score", Decimal("100.5")),
        ("exam_on", date(2026, 5, 21)),
        ("valid_until", date(2026, 5, 19)),
    ],
)
def test_a_fact_that_cannot_be_true_is_refused_by_name(facts, field, value):
    with pytest.raises(CertificateError) as caught:
        replace(facts, **{field: value})
    assert (caught.value.code, caught.value.data["field"]) == ("fact_invalid", field)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"score": "eighty"}, "score"),
        ({"exam_on": "18.05.2026"}, "exam_on"),
        ({"hours": "16"}, "hours"),
        ({"hours": True}, "hours"),
        ({"holder_name": 7}, "holder_name"),
        ({"nickname": "x"}, "nickname"),
    ],
)
def test_a_payload_of_another_shape_is_refused_by_field(facts, change, field):
    with pytest.raises(CertificateError) as caught:
        CertificateFacts.from_payload({**facts.to_payload(), **change})
    assert (caught.value.code, caught.value.data["field"]) == ("fact_invalid", field)


def test_a_missing_field_is_named(facts):
    payload = facts.to_payload()
    del payload["issuer_name"]
    with pytest.raises(CertificateError, match="issuer_name"):
        CertificateFacts.from_payload(payload)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("章示远", "章*远"),
        ("章远", "章*"),
        ("章", "*"),
        ("示例修远", "示**远"),
        ("阿卜杜拉·买买提", "阿***·**提"),
        ("阿卜杜拉•买买提", "阿***·**提"),
        ("𠮷示𠮷", "𠮷*𠮷"),
        ("葛\U000e0100示远", "葛\U000e0100*远"),
        ("Sample Person", "S***** *****n"),
    ],
)
def test_a_masked_name_keeps_the_first_and_last_character_only(name, masked):
    assert masked_name(name) == masked


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FEF), min_size=3, max_size=12))
def test_masking_hides_everything_between_the_ends(name):
    assert masked_name(name) == name[0] + "*" * (len(name) - 2) + name[-1]


def test_a_masked_document_shows_four_characters(facts):
    assert facts.masked_document == "**************3017"
    assert masked_document("passport", "417X") == "****417X"


def test_kinds_of_middle_dot_and_width_are_one_spelling():
    assert normalise_name("阿卜杜拉・买买提") == normalise_name("阿卜杜拉•买买提 ") == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("points", "text"), [("86", "86"), ("86.50", "86.5"), ("100", "100"), ("0.00", "0"), ("1E+2", "100")]
)
def test_scores_are_written_without_idle_zeros(points, text):
    assert score_text(Decimal(points)) == text
