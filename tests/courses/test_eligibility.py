"""Eligibility: every reason against sitting and certifying, bars, and 逢培必考 at the close of a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.eligibility import (
    OUTCOMES,
    AttemptFacts,
    Bar,
    CertificationFacts,
    EnrolmentFacts,
    SittingFacts,
    add_months,
    is_barred,
    may_be_certified,
    may_close,
    may_sit,
)
from courses.errors import CourseError

TODAY = date(2024, 9, 1)
PASSED = AttemptFacts("passed", date(2024, 8, 20))
FAILED = AttemptFacts("failed", date(2024, 8, 20))
FIVE_YEARS = Bar("all_trades", None, date(2022, 3, 1), date(2027, 3, 1), "示例决定〔2022〕1号")
FOR_LIFE = Bar("one_trade", "mines", date(2020, 1, 1), None, "示例决定〔2020〕2号")

READY_TO_SIT = SittingFacts(
    on=TODAY,
    sector="metal_smelting",
    required_hours=48,
    credited_hours=48,
    is_training_finished=True,
    attempts=(),
    resits=1,
    pass_valid_months=12,
    institution_code="91330100MA00000001",
    exam_site_code="91330100MA00000002",
)
READY_TO_CERTIFY = CertificationFacts(
    on=TODAY,
    sector="metal_smelting",
    required_hours=48,
    credited_hours=48,
    is_training_finished=True,
    attempts=(PASSED,),
    resits=1,
    pass_valid_months=12,
    institution_code="91330100MA00000001",
    exam_site_code="91330100MA00000002",
)


def _codes(refusals: tuple[object, ...]) -> list[str]:
    return [getattr(each, "code", "") for each in refusals]


def test_a_trained_person_may_sit_and_a_passed_one_may_be_certified() -> None:
    assert may_sit(READY_TO_SIT) == ()
    assert may_be_certified(READY_TO_CERTIFY) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_training_finished": False}, "training_not_finished"),
        ({"credited_hours": 47.5}, "hours_short"),
        ({"credited_hours": float("nan")}, "hours_short"),
        ({"bars": (FIVE_YEARS,)}, "barred"),
        ({"is_institution_suspended": True}, "institution_suspended"),
        ({"exam_site_code": "91330100ma00000001 "}, "same_organisation"),
        ({"attempts": (FAILED, FAILED)}, "resit_used"),
    ],
)
def test_what_hinders_the_exam_hinders_the_certificate(change: dict[str, object], code: str) -> None:
    assert _codes(may_sit(replace(READY_TO_SIT, **change))) == [code]
    assert code in _codes(may_be_certified(replace(READY_TO_CERTIFY, **change)))


@pytest.mark.parametrize(
    ("attempts", "codes"),
    [
        ((FAILED,), []),
        ((PASSED,), ["already_passed"]),
        ((AttemptFacts("open", TODAY),), ["attempt_open"]),
        ((AttemptFacts("pending", TODAY),), ["attempt_open"]),
        ((AttemptFacts("void", TODAY), AttemptFacts("void", TODAY), FAILED), []),
        ((FAILED, PASSED), ["already_passed"]),
        ((AttemptFacts("passed", date(2023, 8, 1)),), []),
    ],
)
def test_earlier_attempts_decide_who_may_sit_again(attempts: tuple[AttemptFacts, ...], codes: list[str]) -> None:
    assert _codes(may_sit(replace(READY_TO_SIT, attempts=attempts))) == codes


@pytest.mark.parametrize(
    ("attempts", "codes"),
    [
        ((), ["no_exam"]),
        ((AttemptFacts("void", TODAY),), ["no_exam"]),
        ((FAILED,), ["failed"]),
        ((AttemptFacts("pending", TODAY),), ["exam_pending"]),
        ((FAILED, AttemptFacts("open", TODAY)), ["exam_pending"]),
        ((FAILED, PASSED), []),
        ((AttemptFacts("passed", date(2023, 9, 1)),), ["pass_expired"]),
        ((AttemptFacts("passed", date(2023, 9, 2)),), []),
        ((FAILED, FAILED, PASSED), ["resit_used"]),
    ],
)
def test_only_a_pass_that_counts_certifies(attempts: tuple[AttemptFacts, ...], codes: list[str]) -> None:
    assert _codes(may_be_certified(replace(READY_TO_CERTIFY, attempts=attempts))) == codes


def test_one_attempt_is_certified_once() -> None:
    assert _codes(may_be_certified(replace(READY_TO_CERTIFY, is_certified=True))) == ["already_certified"]


def test_every_reason_is_named_at_once_with_its_figures() -> None:
    refusals = may_sit(replace(READY_TO_SIT, credited_hours=10, is_training_finished=False, attempts=(FAILED, FAILED)))
    assert _codes(refusals) == ["training_not_finished", "hours_short", "resit_used"]
    assert dict(refusals[1].data) == {"required": 48, "credited": 10}


@pytest.mark.parametrize(
    ("bar", "sector", "on", "expected"),
    [
        (FIVE_YEARS, "fisheries", date(2022, 2, 28), False),
        (FIVE_YEARS, "fisheries", date(2022, 3, 1), True),
        (FIVE_YEARS, "fisheries", date(2027, 2, 28), True),
        (FIVE_YEARS, "fisheries", date(2027, 3, 1), False),
        (FOR_LIFE, "mines", date(2070, 1, 1), True),
        (FOR_LIFE, "non_coal_mines", date(2024, 1, 1), True),
        (FOR_LIFE, "metal_smelting", date(2024, 1, 1), False),
    ],
)
def test_five_year_bars_bind_all_trades_and_lifetime_bars_one(bar: Bar, sector: str, on: date, expected: bool) -> None:
    assert is_barred([bar], sector, on) is expected


@pytest.mark.parametrize(("scope", "sector"), [("one_trade", None), ("all_trades", "mines"), ("some_trades", None)])
def test_a_bar_whose_scope_and_sector_disagree_is_refused(scope: str, sector: str | None) -> None:
    with pytest.raises(CourseError) as refused:
        Bar(scope, sector, TODAY, None, "示例决定〔2024〕3号")
    assert refused.value.code == "wrong_bar"


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(CourseError) as refused:
        AttemptFacts("excellent", TODAY)
    assert refused.value.code == "unknown_outcome"


def test_a_session_stays_open_for_those_without_result_or_reasoned_exemption() -> None:
    missing = may_close(
        [
            EnrolmentFacts(enrolment="examined", has_exam_result=True),
            EnrolmentFacts(enrolment="exempt", has_exam_result=False, exemption_reason="住院，另行安排"),
            EnrolmentFacts(enrolment="blank", has_exam_result=False, exemption_reason="  "),
            EnrolmentFacts(enrolment="absent", has_exam_result=False),
            EnrolmentFacts(enrolment="gone", has_exam_result=False, is_withdrawn=True),
        ]
    )
    assert [each.enrolment for each in missing] == ["blank", "absent"]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 5), 1, date(2025, 1, 5)),
        (date(2024, 5, 5), 0, date(2024, 5, 5)),
    ],
)
def test_months_end_where_the_shorter_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
attempts = st.lists(st.builds(AttemptFacts, st.sampled_from(sorted(OUTCOMES)), days), max_size=5).map(tuple)
bars = st.lists(st.sampled_from([FIVE_YEARS, FOR_LIFE]), max_size=2).map(tuple)
codes = st.sampled_from(["91330100MA00000001", "91330100MA00000002"])
certification = st.builds(
    CertificationFacts,
    on=days,
    sector=st.sampled_from(["mines", "non_coal_mines", "metal_smelting", "hospitals"]),
    required_hours=st.sampled_from([8.0, 48.0]),
    credited_hours=st.floats(0, 60),
    is_training_finished=st.booleans(),
    attempts=attempts,
    resits=st.integers(0, 2),
    pass_valid_months=st.integers(1, 36),
    institution_code=codes,
    exam_site_code=codes,
    is_institution_suspended=st.booleans(),
    is_certified=st.booleans(),
    bars=bars,
)


@given(certification)
def test_no_path_certifies_without_a_passed_exam_that_still_counts(facts: CertificationFacts) -> None:
    counts = any(
        each.outcome == "passed" and each.on <= facts.on < add_months(each.on, facts.pass_valid_months)
        for each in facts.attempts
    )
    if not counts:
        assert may_be_certified(facts)


@given(certification)
def test_whoever_is_certified_was_trained_by_others_in_full_and_is_not_barred(facts: CertificationFacts) -> None:
    if not may_be_certified(facts):
        assert facts.is_training_finished
        assert facts.credited_hours >= facts.required_hours
        assert facts.institution_code != facts.exam_site_code
        assert not facts.is_institution_suspended
        assert not is_barred(facts.bars, facts.sector, facts.on)
        assert sum(each.outcome == "failed" for each in facts.attempts) <= facts.resits


@given(certification)
def test_taking_the_pass_away_always_leaves_a_refusal(facts: CertificationFacts) -> None:
    unpassed = tuple(each for each in facts.attempts if each.outcome != "passed")
    refused = _codes(may_be_certified(replace(facts, attempts=unpassed)))
    assert {"no_exam", "exam_pending", "failed"} & set(refused)


@given(st.lists(st.builds(EnrolmentFacts, enrolment=st.text(), has_exam_result=st.booleans()), max_size=6))
def test_a_session_closes_only_when_everybody_was_examined(enrolments: list[EnrolmentFacts]) -> None:
    assert (may_close(enrolments) == ()) is all(each.has_exam_result for each in enrolments)


@pytest.mark.parametrize(
    ("role", "sectors", "since", "until", "forbidden"),
    [
        ("principal", {"coal_mines"}, date(2025, 6, 1), None, True),
        ("principal", {"construction"}, date(2025, 6, 1), None, False),
        ("safety_manager", {"mines"}, date(2025, 6, 1), None, False),
        ("principal", {"mines"}, date(2020, 1, 1), date(2025, 1, 1), False),
        ("principal", {"mines"}, date(2020, 1, 1), date(2025, 1, 2), True),
        ("principal", {"mines"}, date(2030, 1, 1), None, False),
        ("principal", {"no_such_sector"}, date(2025, 6, 1), None, False),
    ],
)
def test_a_bar_forbids_the_office_of_its_trade_while_it_binds(
    role: str, sectors: set[str], since: date, until: date | None, forbidden: bool
) -> None:
    bar = Bar("one_trade", "mines", date(2025, 1, 1), date(2030, 1, 1), "示例〔2025〕1 号")
    assert bar.forbids(role, sectors, since, until) is forbidden
