"""How long a certificate holds and what its number begins with, from the data file."""

from __future__ import annotations

from datetime import date

import pytest

from courses.certificate_rules import certificate_rule, number_prefix
from courses.errors import CourseDataError


def test_a_certificate_holds_three_years_and_its_last_day_is_the_day_before() -> None:
    assert certificate_rule(date(2026, 5, 20)).valid_until(date(2026, 5, 20)) == date(2029, 5, 19)


def test_a_certificate_of_leap_day_ends_on_the_day_before_the_last_of_february() -> None:
    assert certificate_rule(date(2028, 2, 29)).valid_until(date(2028, 2, 29)) == date(2031, 2, 27)


def test_no_rule_governs_a_day_before_the_first_one() -> None:
    with pytest.raises(CourseDataError) as refused:
        certificate_rule(date(2020, 1, 1))
    assert refused.value.code == "certificate_rule_not_valid"


def test_a_rule_names_its_source() -> None:
    assert "三年" in certificate_rule(date(2026, 1, 1)).source


@pytest.mark.parametrize(("region", "prefix"), [("330102", "ZJ"), ("370406", "SD"), ("330000", "ZJ")])
def test_numbers_begin_with_the_letters_of_the_province(region: str, prefix: str) -> None:
    assert number_prefix(region) == prefix


def test_the_country_has_no_number_prefix() -> None:
    with pytest.raises(CourseDataError) as refused:
        number_prefix("000000")
    assert refused.value.code == "no_number_prefix"
