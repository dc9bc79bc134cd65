"""Coverage: the traps of the register one by one, the laws that every count obeys, and a recount by another way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.coverage import Achievement, Count, Duty, Window, binds, count, standing, standings, tally, windows
from courses.errors import CourseDataError, CourseError
from courses.mandates import Mandate, Period, mandate

YEAR_END = date(2024, 12, 31)
PLAN = (date(2024, 1, 1), date(2026, 12, 31))


def _duty(person: int = 1, enterprise: int = 1, sectors: str = "mines", **changes: object) -> Duty:
    duty = Duty(person, enterprise, "principal", frozenset(sectors.split()), "330106", date(2023, 5, 1))
    return replace(duty, **changes)  # type: ignore[arg-type]


def _pass(person: int = 1, sector: str = "mines", day: date = date(2024, 6, 1), **changes: object) -> Achievement:
    achievement = Achievement(person, "principal", sector, day, day, day, None, None, 48.0)
    return replace(achievement, **changes)  # type: ignore[arg-type]


def _status(each: Mandate, duty: Duty, *achievements: Achievement, year: int = 2024, cut_off: date = YEAR_END) -> str:
    return standing(each, year, duty, achievements, cut_off).status


# windows


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("every_year", 1), ("every_half_year", 2), ("every_two_months", 6), ("every_month", 12)],
)
def test_what_recurs_divides_the_calendar_year_without_gap_or_overlap(kind: str, expected: int) -> None:
    found = windows(Period(kind, *PLAN), 2024)
    assert len(found) == expected
    assert (found[0].start, found[-1].end) == (date(2024, 1, 1), YEAR_END)
    for earlier, later in pairwise(found):
        assert later.start == earlier.end + timedelta(days=1)


def test_halves_are_calendar_halves() -> None:
    first, second = windows(Period("every_half_year", *PLAN), 2025)
    assert first == Window(date(2025, 1, 1), date(2025, 6, 30))
    assert second == Window(date(2025, 7, 1), date(2025, 12, 31))


def test_two_months_end_on_leap_day_in_a_leap_year() -> None:
    assert windows(Period("every_two_months", *PLAN), 2024)[0].end == date(2024, 2, 29)


@pytest.mark.parametrize("kind", ["cumulative", "undated"])
def test_what_accumulates_reaches_from_the_plans_start_to_the_years_end(kind: str) -> None:
    assert windows(Period(kind, *PLAN), 2025) == (Window(date(2024, 1, 1), date(2025, 12, 31)),)


def test_a_deadline_closes_its_window() -> None:
    period = Period("by_deadline", date(2024, 1, 1), date(2025, 6, 30))
    assert windows(period, 2024) == (Window(date(2024, 1, 1), date(2024, 12, 31)),)
    assert windows(period, 2025) == (Window(date(2024, 1, 1), date(2025, 6, 30)),)
    assert windows(period, 2026) == ()


def test_a_duty_that_begins_in_march_has_its_first_window_clipped() -> None:
    found = windows(Period("every_two_months", date(2024, 4, 10), PLAN[1]), 2024)
    assert found[0] == Window(date(2024, 4, 10), date(2024, 4, 30))


@given(
    st.sampled_from(["every_year", "every_half_year", "every_two_months", "every_month"]),
    st.dates(*PLAN),
    st.dates(*PLAN),
    st.dates(*PLAN),
)
def test_each_day_of_a_recurring_period_lies_in_exactly_one_window(kind: str, one: date, two: date, day: date) -> None:
    period = Period(kind, min(one, two), max(one, two))
    holding = [each for each in windows(period, day.year) if each.contains(day)]
    assert len(holding) == (1 if period.starts <= day <= period.ends else 0)


# whom a mandate binds


@pytest.mark.parametrize(
    ("code", "duty", "expected"),
    [
        ("N30b-1", _duty(sectors="coal_mines"), True),
        ("N30b-1", _duty(sectors="hospitals"), False),
        ("N30b-1", _duty(role="safety_manager"), False),
        ("S2-1", _duty(sectors="coal_mines", region="370406"), False),
        ("S2-1", _duty(sectors="tailings_ponds", region="370406"), True),
        ("S2-1", _duty(sectors="tailings_ponds", region="370405"), False),
        ("S2-2", _duty(sectors="confined_space", region="370406"), False),
        ("S2-2", _duty(sectors="confined_space industry_trade", region="370406"), True),
        ("Z3-1", _duty(region="330106"), True),
        ("Z3-1", _duty(region="310101"), False),
        ("Z2", _duty(sectors=""), True),
        ("N31b", _duty(sectors="museums", role="fire_responsible"), True),
        ("Z4-2", _duty(sectors="museums", role="fire_responsible"), False),
    ],
)
def test_a_mandate_binds_by_role_sector_and_region(code: str, duty: Duty, expected: bool) -> None:
    assert binds(mandate(code), duty) is expected


def test_a_sector_that_is_not_in_the_data_is_refused() -> None:
    with pytest.raises(CourseDataError, match="unknown_sector"):
        binds(mandate("N30b-1"), _duty(sectors="moon_mines"))


def test_what_is_measured_by_report_is_never_counted_from_the_registry() -> None:
    with pytest.raises(CourseError) as caught:
        count(mandate("Z1"), 2024, [_duty(role="employee")], [], YEAR_END)
    assert caught.value.code == "reported_not_counted"


# trap 1: one person, several enterprises


def test_one_pass_serves_every_enterprise_of_its_sector() -> None:
    duties = [_duty(enterprise=1), _duty(enterprise=2, sectors="coal_mines")]
    found = count(mandate("Z3-1"), 2024, duties, [_pass()], YEAR_END)
    assert (found.due, found.covered, found.attendances) == (1, 1, 1)


def test_one_pass_does_not_serve_an_enterprise_of_another_sector() -> None:
    duties = [_duty(enterprise=1), _duty(enterprise=2, sectors="metal_smelting")]
    found = count(mandate("Z2"), 2024, duties, [_pass()], YEAR_END)
    assert (found.due, found.passed, found.covered) == (1, 0, 0)
    both = count(mandate("Z2"), 2024, duties, [_pass(), _pass(sector="metal_smelting")], YEAR_END)
    assert (both.due, both.covered, both.attendances) == (1, 1, 2)


def test_a_pass_in_another_role_does_not_serve() -> None:
    duty = _duty(sectors="museums", role="fire_responsible")
    passed = _pass(sector="museums", role="fire_manager", day=date(2025, 3, 1))
    assert _status(mandate("N31b"), duty, passed, year=2025, cut_off=date(2025, 12, 31)) == "not_trained"


@pytest.mark.parametrize(
    ("enterprise", "course", "serves"),
    [
        ("coal_mines", "mines", True),
        ("coal_mines", "coal_mines", True),
        ("mines", "coal_mines", False),
        ("coal_mines", "non_coal_mines", False),
        ("coal_mines", "general", False),
        ("coal_mines coal_mines confined_space", "confined_space", False),
    ],
)
def test_a_course_serves_its_own_sector_and_those_inside_it(enterprise: str, course: str, serves: bool) -> None:
    status = _status(mandate("Z3-1"), _duty(sectors=enterprise), _pass(sector=course))
    assert status == ("covered" if serves else "not_trained")


def test_a_course_of_32_hours_does_not_serve_a_sector_of_48() -> None:
    each = replace(mandate("Z2"), sectors=frozenset({"industry_trade"}))
    assert _status(each, _duty(sectors="metal_smelting"), _pass(sector="industry_trade")) == "not_trained"


def test_a_general_course_serves_where_the_mandate_names_no_sector() -> None:
    assert _status(mandate("Z2"), _duty(sectors="catering"), _pass(sector="general")) == "covered"


# trap 2: any or all


def test_all_principals_of_an_enterprise_must_be_covered_by_default() -> None:
    found = count(mandate("Z3-1"), 2024, [_duty(1), _duty(2)], [_pass(1)], YEAR_END)
    assert (found.due, found.covered) == (2, 1)


def test_where_any_principal_is_enough_the_one_who_came_furthest_answers_for_the_enterprise() -> None:
    each = replace(mandate("Z3-1"), coverage_of="any")
    duties = [_duty(1), _duty(2), _duty(3, enterprise=2)]
    found = standings(each, 2024, duties, [_pass(2)], YEAR_END)
    assert [one.status for one in found] == ["represented", "covered", "not_trained"]
    assert tally(found) == Count(2, 1, 1, 1, 0, 1, 1)


def test_where_any_is_enough_the_covered_one_answers_before_one_who_passed_without_training() -> None:
    each = replace(mandate("N30b-1"), coverage_of="any")
    trained = _pass(1, examined_on=None, passed_on=None)
    untrained = _pass(2, trained_on=None, certified_on=date(2024, 6, 2))
    found = standings(each, 2024, [_duty(1), _duty(2)], [trained, untrained], YEAR_END)
    assert [one.status for one in found] == ["covered", "represented"]


# trap 3: replacement in mid-year


def test_the_predecessors_pass_does_not_cover_the_incumbent() -> None:
    incumbent = _duty(person=2, appointed_on=date(2024, 9, 1))
    found = count(mandate("Z3-1"), 2024, [incumbent], [_pass(person=1)], YEAR_END)
    assert (found.due, found.covered, found.attendances) == (1, 0, 0)


def test_the_incumbent_keeps_a_pass_from_before_the_appointment() -> None:
    assert _status(mandate("Z3-1"), _duty(appointed_on=date(2024, 9, 1)), _pass(day=date(2024, 3, 1))) == "covered"


def test_a_window_that_was_over_before_the_appointment_does_not_bind_the_incumbent() -> None:
    each = replace(mandate("Z3-1"), period=Period("every_half_year", *PLAN))
    duty = _duty(appointed_on=date(2024, 7, 1))
    assert _status(each, duty, _pass(day=date(2024, 8, 1))) == "covered"
    assert _status(each, replace(duty, appointed_on=date(2024, 6, 30)), _pass(day=date(2024, 8, 1))) == "not_trained"


def test_who_is_appointed_after_the_cut_off_is_not_due() -> None:
    assert _status(mandate("Z3-1"), _duty(appointed_on=date(2024, 7, 1)), cut_off=date(2024, 6, 30)) == "not_due"


@pytest.mark.parametrize(
    ("appointed_on", "expected"), [(date(2024, 12, 31), "not_due"), (date(2025, 1, 1), "not_trained")]
)
def test_a_duty_of_the_newly_appointed_binds_those_of_the_year_only(appointed_on: date, expected: str) -> None:
    each = next(one for one in (mandate(f"N22a-{n}") for n in range(1, 6)) if one.newly_appointed_only)
    duty = _duty(sectors="grain_reserves", role=next(iter(each.roles)), appointed_on=appointed_on)
    assert _status(each, duty, year=2025, cut_off=date(2025, 12, 31)) == expected


# trap 5: nobody due


def test_nobody_due_is_none_and_not_a_hundred_percent() -> None:
    assert count(mandate("Z3-1"), 2024, [_duty(sectors="hospitals")], [_pass()], YEAR_END).percent is None


def test_a_year_in_which_the_mandate_is_not_alive_has_nobody_due() -> None:
    assert count(mandate("Z3-1"), 2025, [_duty()], [], date(2025, 12, 31)) == Count(0, 0, 0, 0, 0, 0, 0)


def test_before_the_first_window_begins_nobody_is_due() -> None:
    assert count(mandate("N22a-1"), 2024, [_duty(sectors="grain_reserves")], [], date(2023, 12, 31)).due == 0


# trap 6: five different counts


@pytest.mark.parametrize(
    ("requires", "changes", "expected"),
    [
        ("training", {"examined_on": None, "passed_on": None}, "covered"),
        ("training", {"trained_on": None}, "not_trained"),
        ("exam", {"examined_on": None, "passed_on": None}, "not_examined"),
        ("exam", {"passed_on": None}, "failed"),
        ("exam", {}, "covered"),
        ("exam", {"trained_on": None}, "not_trained"),
        ("certificate", {}, "not_certified"),
        ("certificate", {"certified_on": date(2024, 6, 9)}, "covered"),
        ("certificate", {"certified_on": date(2025, 1, 9)}, "not_certified"),
    ],
)
def test_the_status_names_the_stage_that_is_missing(requires: str, changes: dict[str, object], expected: str) -> None:
    each = replace(mandate("Z3-1"), requires=requires)
    assert _status(each, _duty(), _pass(**changes)) == expected  # type: ignore[arg-type]


def test_a_pass_without_its_training_does_not_complete_another_enrolments_training() -> None:
    trained = _pass(examined_on=None, passed_on=None)
    passed = _pass(trained_on=None)
    assert _status(mandate("Z3-1"), _duty(), trained, passed) == "not_trained"


def test_a_certificate_without_a_pass_in_the_window_is_not_counted() -> None:
    unfounded = _pass(passed_on=None, certified_on=date(2024, 6, 9))
    assert count(mandate("Z3-1"), 2024, [_duty()], [unfounded], YEAR_END).certified == 0


def test_who_passed_was_examined_even_if_the_exam_fell_before_the_window() -> None:
    across = _pass(day=date(2024, 1, 2), examined_on=date(2023, 12, 31))
    found = count(mandate("Z3-1"), 2024, [_duty()], [across], YEAR_END)
    assert (found.examined, found.passed) == (1, 1)


def test_persons_and_attendances_differ() -> None:
    found = count(mandate("Z3-1"), 2024, [_duty()], [_pass(passed_on=None), _pass(day=date(2024, 7, 1))], YEAR_END)
    assert found == Count(due=1, trained=1, examined=1, passed=1, certified=0, covered=1, attendances=2)


# trap 7: what accumulates and what starts again


def test_every_year_starts_again_on_the_first_of_january() -> None:
    assert _status(mandate("N30b-1"), _duty(), _pass(day=YEAR_END)) == "covered"
    later = date(2025, 1, 1)
    assert _status(mandate("N30b-1"), _duty(), _pass(day=YEAR_END), year=2025, cut_off=later) == "not_trained"


def test_full_coverage_in_three_years_accumulates() -> None:
    duty = _duty(sectors="water_conservancy")
    passed = _pass(sector="water_conservancy", day=date(2024, 2, 1))
    assert _status(mandate("N09a"), duty, passed, year=2026, cut_off=date(2026, 12, 31)) == "covered"


def test_every_half_year_needs_both_halves_and_counts_only_those_that_have_begun() -> None:
    each = replace(mandate("Z3-1"), period=Period("every_half_year", *PLAN))
    spring, autumn = _pass(day=date(2024, 3, 1)), _pass(day=date(2024, 10, 1))
    assert _status(each, _duty(), spring, cut_off=date(2024, 6, 30)) == "covered"
    assert _status(each, _duty(), spring, cut_off=date(2024, 7, 1)) == "not_trained"
    assert _status(each, _duty(), spring, autumn) == "covered"


def test_twice_a_year_needs_two_enrolments() -> None:
    each = replace(mandate("Z3-1"), period=Period("every_year", *PLAN, times=2))
    assert _status(each, _duty(), _pass()) == "not_trained"
    assert _status(each, _duty(), _pass(), _pass(day=date(2024, 7, 1))) == "covered"


def test_what_happens_after_the_cut_off_is_not_seen() -> None:
    assert _status(mandate("Z3-1"), _duty(), _pass(), cut_off=date(2024, 5, 31)) == "not_trained"
    assert _status(mandate("Z3-1"), _duty(), _pass(), cut_off=date(2024, 6, 1)) == "covered"


def test_training_before_the_window_counts_where_its_exam_falls_into_it() -> None:
    each = replace(mandate("Z3-1"), period=Period("every_year", *PLAN))
    assert _status(each, _duty(), _pass(day=date(2024, 1, 5), trained_on=date(2023, 12, 20))) == "covered"


# laws

SECTORS = ["coal_mines", "mines", "hospitals", "medical_institutions", "metal_smelting", "industry_trade"]
CONTAINING = {
    "coal_mines": {"coal_mines", "mines"},
    "mines": {"mines"},
    "hospitals": {"hospitals", "medical_institutions"},
    "medical_institutions": {"medical_institutions"},
    "metal_smelting": {"metal_smelting", "industry_trade"},
    "industry_trade": {"industry_trade"},
}
# the courses that serve, written out: a smelter is not served by 32 hours of industry and trade
SERVED_BY = CONTAINING | {"metal_smelting": {"metal_smelting"}}
ROLES = ["principal", "fire_responsible"]
REGIONS = ["330106", "330108", "370406"]
days = st.dates(date(2023, 11, 1), date(2026, 12, 31))
maybe_days = st.none() | days
enterprises = st.lists(
    st.tuples(st.frozensets(st.sampled_from(SECTORS), max_size=2), st.sampled_from(REGIONS)), min_size=1, max_size=5
)


@st.composite
def duty_lists(draw: st.DrawFn) -> list[Duty]:
    """Draw appointments over a few enterprises, each with one region and one set of sectors."""
    known = draw(enterprises)
    held = st.tuples(st.integers(1, 3), st.integers(0, len(known) - 1), st.sampled_from(["principal", *ROLES]), days)
    return [
        Duty(person, number, role, known[number][0], known[number][1], appointed)
        for person, number, role, appointed in draw(st.lists(held, max_size=12))
    ]


achievement_lists = st.lists(
    st.builds(
        Achievement,
        st.integers(1, 4),
        st.sampled_from(["principal", *ROLES]),
        st.sampled_from([*SECTORS, "general"]),
        maybe_days,
        maybe_days,
        maybe_days,
        maybe_days,
        st.none(),
        st.just(32.0),
    ),
    max_size=20,
)
periods = st.builds(
    Period,
    st.sampled_from(["cumulative", "every_year", "every_half_year", "every_two_months"]),
    st.just(PLAN[0]),
    st.just(PLAN[1]),
    st.integers(1, 2),
)
drawn_mandates = st.builds(
    lambda period, requires, sectors, region, new: replace(
        mandate("Z2"),
        period=period,
        requires=requires,
        sectors=sectors,
        region=region,
        roles=frozenset({"principal"}),
        newly_appointed_only=new,
    ),
    periods,
    st.sampled_from(["training", "exam", "certificate"]),
    st.sampled_from([frozenset(), frozenset({"mines"}), frozenset({"medical_institutions", "industry_trade"})]),
    st.sampled_from(["000000", "330000", "330106"]),
    st.booleans(),
)
years = st.sampled_from([2024, 2025])


@given(drawn_mandates, years, duty_lists(), achievement_lists, days, st.sampled_from(["any", "all"]))
def test_the_stages_narrow_in_order(
    each: Mandate, year: int, duties: list[Duty], achievements: list[Achievement], cut_off: date, of: str
) -> None:
    found = count(replace(each, coverage_of=of), year, duties, achievements, cut_off)
    assert 0 <= found.certified <= found.passed <= found.examined <= found.due
    assert found.covered <= found.trained <= found.due
    limit = {"training": found.trained, "exam": found.passed, "certificate": found.certified}[each.requires]
    assert found.covered <= limit
    assert (found.percent is None) == (found.due == 0)
    assert found.percent is None or 0.0 <= found.percent <= 100.0


@given(drawn_mandates, years, duty_lists(), achievement_lists, days, st.sampled_from(["any", "all"]), st.randoms())
def test_the_order_of_duties_and_achievements_changes_nothing(
    each: Mandate,
    year: int,
    duties: list[Duty],
    achievements: list[Achievement],
    cut_off: date,
    of: str,
    random: object,
) -> None:
    each = replace(each, coverage_of=of)
    shuffled_duties, shuffled = list(duties), list(achievements)
    random.shuffle(shuffled_duties)  # type: ignore[attr-defined]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert count(each, year, duties, achievements, cut_off) == count(each, year, shuffled_duties, shuffled, cut_off)


@given(drawn_mandates, years, duty_lists(), achievement_lists, days)
def test_regions_add_up_where_nobody_holds_duties_in_two(
    each: Mandate, year: int, duties: list[Duty], achievements: list[Achievement], cut_off: date
) -> None:
    # one number range of persons a region, so that nobody stands in two
    own = [replace(duty, person_id=duty.person_id + 10 * REGIONS.index(duty.region)) for duty in duties]
    known = [replace(one, person_id=one.person_id + 10 * place) for one in achievements for place in range(3)]
    whole = count(each, year, own, known, cut_off)
    parts = [count(each, year, [one for one in own if one.region == region], known, cut_off) for region in REGIONS]
    for field in ("due", "trained", "examined", "passed", "certified", "covered", "attendances"):
        assert getattr(whole, field) == sum(getattr(part, field) for part in parts)


@given(drawn_mandates, years, duty_lists(), achievement_lists, days)
def test_a_person_with_duties_in_two_regions_is_one_person_in_the_region_above(
    each: Mandate, year: int, duties: list[Duty], achievements: list[Achievement], cut_off: date
) -> None:
    whole = count(each, year, duties, achievements, cut_off)
    parts = [
        count(each, year, [one for one in duties if one.region == region], achievements, cut_off) for region in REGIONS
    ]
    assert max(part.due for part in parts) <= whole.due <= sum(part.due for part in parts)
    assert whole.covered <= sum(part.covered for part in parts)


@given(drawn_mandates, years, duty_lists(), achievement_lists, days)
def test_a_pass_in_a_sector_that_does_not_serve_changes_nothing(
    each: Mandate, year: int, duties: list[Duty], achievements: list[Achievement], cut_off: date
) -> None:
    foreign = [_pass(person, "fisheries", certified_on=date(2024, 6, 1)) for person in range(1, 8)]
    before = count(each, year, duties, achievements, cut_off)
    assert count(each, year, duties, achievements + foreign, cut_off) == before


@given(drawn_mandates, years, duty_lists(), achievement_lists, achievement_lists, days)
def test_one_more_achievement_never_takes_anything_away(
    each: Mandate,
    year: int,
    duties: list[Duty],
    achievements: list[Achievement],
    more: list[Achievement],
    cut_off: date,
) -> None:
    before = count(each, year, duties, achievements, cut_off)
    after = count(each, year, duties, achievements + more, cut_off)
    assert before.due == after.due
    for field in ("trained", "examined", "passed", "certified", "covered", "attendances"):
        assert getattr(before, field) <= getattr(after, field)


@given(drawn_mandates, years, duty_lists(), achievement_lists, days)
def test_the_list_of_one_person_agrees_with_the_figures(
    each: Mandate, year: int, duties: list[Duty], achievements: list[Achievement], cut_off: date
) -> None:
    alone = [standing(each, year, duty, achievements, cut_off) for duty in dict.fromkeys(duties)]
    assert alone == standings(each, year, duties, achievements, cut_off)
    due = {one.duty.person_id for one in alone if one.is_due}
    uncovered = {one.duty.person_id for one in alone if one.is_due and one.status != "covered"}
    found = count(each, year, duties, achievements, cut_off)
    assert (found.due, found.covered) == (len(due), len(due - uncovered))


# the recount: label each day by its window, compare labels, no index and no code shared with the library


def _label(period: Period, day: date | None, year: int, cut_off: date) -> object:
    if day is None or not period.starts <= day <= min(period.ends, date(year, 12, 31), cut_off):
        return None
    if period.kind == "cumulative":
        return "whole"
    months = {"every_year": 12, "every_half_year": 6, "every_two_months": 2}[period.kind]
    return (day.month - 1) // months + 1 if day.year == year else None


def _labels_due(each: Mandate, duty: Duty, year: int, cut_off: date) -> set[object]:
    in_sector = not each.sectors or any(CONTAINING[one] & each.sectors for one in duty.sectors)
    prefix = {"000000": "", "330000": "33", "330106": "330106"}[each.region]
    if duty.role != "principal" or not in_sector or not duty.region.startswith(prefix) or duty.appointed_on > cut_off:
        return set()
    if each.newly_appointed_only:
        return {_label(each.period, duty.appointed_on, year, cut_off)} - {None}
    held = (PLAN[0] + timedelta(days=n) for n in range(3 * 366))
    return {_label(each.period, day, year, cut_off) for day in held if day >= duty.appointed_on} - {None}


def _serves(each: Mandate, duty: Duty, one: Achievement) -> bool:
    if one.person_id != duty.person_id or one.role != duty.role:
        return False
    bound = [kind for kind in duty.sectors if not each.sectors or CONTAINING[kind] & each.sectors]
    return any(one.sector in SERVED_BY[kind] for kind in bound) or (not each.sectors and one.sector == "general")


def _is_covered(each: Mandate, duty: Duty, label: object, year: int, known: list[Achievement], cut_off: date) -> bool:
    done = 0
    for one in known:
        if not _serves(each, duty, one) or one.trained_on is None or one.trained_on > cut_off:
            continue
        labels = [_label(each.period, day, year, cut_off) for day in (one.trained_on, one.examined_on, one.passed_on)]
        certified = one.certified_on is not None and one.certified_on <= cut_off
        needed = {
            "training": label in labels,
            "exam": labels[2] == label,
            "certificate": labels[2] == label and certified,
        }
        done += needed[each.requires]
    return done >= each.period.times


@given(drawn_mandates, years, duty_lists(), achievement_lists, days)
def test_a_recount_by_day_labels_finds_the_same_persons_due_and_covered(
    each: Mandate, year: int, duties: list[Duty], achievements: list[Achievement], cut_off: date
) -> None:
    due: set[int] = set()
    uncovered: set[int] = set()
    for duty in duties:
        for label in _labels_due(each, duty, year, cut_off):
            due.add(duty.person_id)
            if not _is_covered(each, duty, label, year, achievements, cut_off):
                uncovered.add(duty.person_id)
    found = count(each, year, duties, achievements, cut_off)
    assert (found.due, found.covered) == (len(due), len(due - uncovered))
