"""Duties and achievements, as they are read from the tables."""

from __future__ import annotations

from datetime import UTC, date

from flask import Flask

from app.certification.models import CertificateState
from app.core.db import db
from app.coverage.queries import achievements, duties
from app.training.models import EnrolmentState
from tests import sample
from tests.app.coverage.roster import School, appoint, change, head, join

YEAR_END = date(2025, 12, 31)
HANGZHOU = "330100"


def test_an_appointment_counts_from_its_first_day_until_the_day_before_its_end(app: Flask) -> None:
    works = sample.enterprise()
    head(works, since=date(2025, 3, 1), until=date(2025, 6, 1))
    held = [bool(duties(HANGZHOU, date(2025, *day))) for day in ((2, 28), (3, 1), (5, 31), (6, 1))]
    assert held == [False, True, True, False]


def test_a_closed_enterprise_and_one_not_yet_open_have_no_duties(app: Flask) -> None:
    closed, later = sample.enterprise("示例停业企业"), sample.enterprise("示例新设企业")
    closed.closed_on, later.opened_on = date(2025, 6, 1), date(2025, 6, 1)
    head(closed)
    head(later)
    before, after = duties(HANGZHOU, date(2025, 5, 31)), duties(HANGZHOU, date(2025, 6, 1))
    assert [each.enterprise_id for each in before] == [closed.id]
    assert [each.enterprise_id for each in after] == [later.id]


def test_sectors_are_those_of_the_cut_off(app: Flask) -> None:
    works = sample.enterprise(sectors=())
    join(works, "metal_smelting", date(2023, 1, 1), date(2025, 7, 1))
    join(works, "hazardous_chemicals", date(2025, 7, 1))
    head(works)
    assert [each.sectors for each in duties(HANGZHOU, date(2025, 6, 30))] == [frozenset({"metal_smelting"})]
    assert [each.sectors for each in duties(HANGZHOU, YEAR_END)] == [frozenset({"hazardous_chemicals"})]


def test_only_enterprises_of_the_territory_have_duties_there(app: Flask) -> None:
    for region in ("330102", "330203", "370406"):
        head(sample.enterprise(region=region))
    found = [len(duties(region, YEAR_END)) for region in ("000000", "330000", "330100", "330102", "330106")]
    assert found == [3, 2, 1, 1, 0]


def test_two_forms_of_one_principal_are_one_duty_since_the_earlier_day(app: Flask) -> None:
    works = sample.enterprise()
    who = head(works, since=date(2024, 5, 1))
    appoint(who, works, since=date(2025, 2, 1)).form = "manager"
    db.session.flush()
    assert [each.appointed_on for each in duties(HANGZHOU, YEAR_END)] == [date(2024, 5, 1)]


def test_each_stage_bears_its_day_in_shanghai(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    taught = school.teach(head(works), works, date(2025, 5, 10))
    attempt = school.examine(taught, date(2025, 5, 13), hour=1)
    assert attempt.finished_at is not None and attempt.finished_at.astimezone(UTC).date() == date(2025, 5, 12)
    school.certify(attempt, date(2025, 5, 14))
    (found,) = achievements(HANGZHOU, YEAR_END)
    days = found.trained_on, found.examined_on, found.passed_on, found.certified_on
    assert days == (date(2025, 5, 10), date(2025, 5, 13), date(2025, 5, 13), date(2025, 5, 14))
    hours = float(taught.credited_hours)
    assert (found.role, found.sector, found.hours) == ("principal", "metal_smelting", hours)


def test_nobody_is_trained_before_the_hours_are_complete_or_without_presence(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    school.teach(head(works), works, date(2025, 5, 10), share=0.5)
    sample.enrolment(school.session("metal-smelting-principal-campaign"), head(works), works)
    assert [each.trained_on for each in achievements(HANGZHOU, YEAR_END)] == [None, None]


def test_a_resit_keeps_the_day_of_the_first_exam_and_passes_on_its_own(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    taught = school.teach(head(works), works, date(2025, 5, 10))
    school.examine(taught, date(2025, 5, 12), score=60)
    school.examine(taught, date(2025, 6, 2), score=85, number=2)
    (found,) = achievements(HANGZHOU, YEAR_END)
    assert (found.examined_on, found.passed_on) == (date(2025, 5, 12), date(2025, 6, 2))


def test_a_withdrawn_enrolment_is_no_achievement(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    school.teach(head(works), works, date(2025, 5, 10)).state = EnrolmentState.WITHDRAWN
    db.session.flush()
    assert achievements(HANGZHOU, YEAR_END) == []


def test_a_class_held_elsewhere_counts_for_whoever_answers_here(app: Flask) -> None:
    here, there = sample.enterprise(), sample.enterprise(region="330203")
    who, school = head(here), School()
    school.teach(who, there, date(2025, 5, 10))
    assert [each.person_id for each in achievements(HANGZHOU, YEAR_END)] == [who.id]


def certified_on(day: date) -> date | None:
    (found,) = achievements(HANGZHOU, day)
    return found.certified_on


def test_a_revoked_certificate_takes_the_pass_with_it_on_every_day_and_the_exam_stays_sat(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    change(school.graduate(head(works), works, date(2025, 5, 14)), CertificateState.REVOKED, date(2026, 2, 1))
    assert certified_on(YEAR_END) is None
    (found,) = achievements(HANGZHOU, YEAR_END)
    assert (found.examined_on, found.passed_on) == (date(2025, 5, 13), None)


def test_another_pass_stands_beside_the_one_whose_certificate_is_revoked(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    paper = school.graduate(head(works), works, date(2025, 5, 14))
    change(paper, CertificateState.REVOKED, date(2025, 6, 1))
    school.certify(school.examine(paper.attempt.enrolment, date(2025, 7, 2), number=2), date(2025, 7, 3))
    (found,) = achievements(HANGZHOU, YEAR_END)
    days = found.examined_on, found.passed_on, found.certified_on
    assert days == (date(2025, 5, 13), date(2025, 7, 2), date(2025, 7, 3))


def test_a_suspended_certificate_leaves_the_exam_passed(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    change(school.graduate(head(works), works, date(2025, 5, 14)), CertificateState.SUSPENDED, date(2025, 8, 1))
    (found,) = achievements(HANGZHOU, YEAR_END)
    assert (found.passed_on, found.certified_on) == (date(2025, 5, 13), None)


def test_a_suspended_certificate_does_not_count_while_the_suspension_lasts(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    paper = school.graduate(head(works), works, date(2025, 5, 14))
    change(paper, CertificateState.SUSPENDED, date(2025, 8, 1))
    change(paper, CertificateState.VALID, date(2025, 10, 1))
    change(paper, CertificateState.SUSPENDED, date(2026, 1, 5))
    counted = [
        certified_on(date(*day)) is not None for day in ((2025, 7, 31), (2025, 8, 1), (2025, 10, 1), (2026, 1, 5))
    ]
    assert counted == [True, False, True, False]


def test_a_replaced_certificate_goes_on_through_its_successor_since_its_own_day(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    paper = school.graduate(head(works), works, date(2025, 5, 14))
    change(paper, CertificateState.REPLACED, date(2026, 2, 1))
    heir = school.certify(paper.attempt, date(2026, 2, 1))
    assert certified_on(date(2026, 2, 1)) == certified_on(YEAR_END) == date(2025, 5, 14)
    change(heir, CertificateState.REVOKED, date(2026, 2, 9))
    assert [certified_on(YEAR_END), certified_on(date(2026, 2, 10))] == [None, None]


def test_a_suspended_successor_does_not_fall_back_to_what_it_replaced(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    paper = school.graduate(head(works), works, date(2025, 5, 14))
    change(paper, CertificateState.REPLACED, date(2025, 6, 1))
    change(school.certify(paper.attempt, date(2025, 6, 1)), CertificateState.SUSPENDED, date(2025, 9, 1))
    assert [certified_on(date(2025, 8, 31)), certified_on(date(2025, 9, 1))] == [date(2025, 5, 14), None]


def test_an_expired_certificate_counts_no_more(app: Flask) -> None:
    works, school = sample.enterprise(), School()
    passed = school.examine(school.teach(head(works), works, date(2025, 5, 12)), date(2025, 5, 13))
    school.certify(passed, date(2025, 5, 14), valid_until=date(2025, 9, 30))
    assert [certified_on(date(2025, 9, 30)), certified_on(date(2025, 10, 1))] == [date(2025, 5, 14), None]
