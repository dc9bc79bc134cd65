"""Scheduling a session: who may, on which days, for which clause."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.audit.service import timeline
from app.core.actors import SYSTEM, Role
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Forbidden, ServiceError
from app.institutions.models import Standing
from app.institutions.service import change_standing
from app.training import scheduling
from app.training.forms import read_branches
from app.training.models import TrainingSession
from app.training.serving import served_by
from tests import sample
from tests.app.training.conftest import Centre
from tests.page import Browser
from tests.queries import counted


def refusal(centre: Centre, **changes: object) -> str:
    with pytest.raises(ServiceError) as caught:
        scheduling.schedule(centre.course, centre.plan(**changes), actor=centre.actor, now=now())
    return caught.value.code


def test_a_session_gets_classrooms_a_code_of_its_year_and_a_place_in_the_audit_chain(centre: Centre) -> None:
    first, second = centre.session(), centre.session()
    assert (first.code, second.code) == ("PX2026-0001", "PX2026-0002")
    assert [(each.name, each.is_main) for each in first.classrooms] == [("主课堂", True), ("江山", False)]
    assert [event.kind for event in timeline("training_session", first.id)] == ["TrainingSessionScheduled"]


@pytest.mark.parametrize(
    ("shift_start", "shift_end", "code"),
    [(-1, 1, "starts_in_past"), (2, 1, "ends_before_start"), (0, 0, "days_too_few"), (0, 366, "session_too_long")],
)
def test_days_that_cannot_be_are_refused(centre: Centre, shift_start: int, shift_end: int, code: str) -> None:
    start, end = today() + timedelta(days=shift_start), today() + timedelta(days=shift_end)
    assert refusal(centre, starts_on=start, ends_on=end) == code


def test_too_few_days_for_the_hours_pass_only_when_asked_for(centre: Centre) -> None:
    assert scheduling.hours_that_fit(today(), today()) == 8
    assert centre.session(ends_on=today(), accept_short=True).ends_on == today()


def test_a_suspended_institution_schedules_nothing(centre: Centre) -> None:
    centre.institution.standing = Standing.SUSPENDED
    assert refusal(centre) == "institution_suspended"


def test_only_institution_staff_schedule(centre: Centre) -> None:
    with pytest.raises(Forbidden):
        scheduling.schedule(centre.course, centre.plan(), actor=SYSTEM, now=now())


def test_a_version_that_has_ended_teaches_no_new_session(centre: Centre) -> None:
    centre.course.valid_to = today()
    assert refusal(centre) == "course_not_open"


def test_two_classrooms_do_not_share_a_name(centre: Centre) -> None:
    assert refusal(centre, branches=(scheduling.Place("主课堂", "示例路 3 号"),)) == "classroom_twice"


def test_a_session_serves_only_a_clause_that_binds_its_region_sector_and_role(centre: Centre) -> None:
    assert centre.session(mandate_code="Z4-3").mandate_code == "Z4-3"
    assert refusal(centre, mandate_code="Z3-3") == "mandate_not_served"  # mines
    assert refusal(centre, mandate_code="Z4-4") == "mandate_not_served"  # heritage units, fire responsible
    centre.institution.region_code = "370406"
    assert refusal(centre, mandate_code="Z4-3") == "mandate_not_served"  # Zhejiang's clause, Shandong's institution


def test_served_clauses_are_counted_ones_of_every_plan_that_binds_the_region(centre: Centre) -> None:
    codes = {each.code for each in served_by(centre.course, "330100", 2026)}
    assert {"Z2", "Z4-3"} <= codes
    assert "Z12-2" not in codes  # a drill is reported, not taught
    assert served_by(centre.course, "330100", 2030) == ()


def test_branch_classrooms_are_read_one_a_line() -> None:
    assert read_branches("江山 | 示例路 1 号\n\n龙游｜示例路 2 号\n") == (
        ("江山", "示例路 1 号"),
        ("龙游", "示例路 2 号"),
    )


@pytest.mark.parametrize(
    ("lines", "code"), [("江山", "branch_shape"), ("| 路", "branch_shape"), ("a|b\n" * 9, "branches_too_many")]
)
def test_branch_classrooms_without_name_or_place_or_too_many_are_refused(lines: str, code: str) -> None:
    with pytest.raises(ServiceError) as caught:
        read_branches(lines)
    assert caught.value.code == code


def test_staff_schedule_on_the_page_and_see_what_was_wrong(app: Flask, centre: Centre) -> None:
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    form = next(
        one for one in browser.open(f"/courses/{centre.course.id}/schedule").forms.values() if "title" in one.fields
    )
    form["title"], form["main_place"] = "示例第二期", "示例路 1 号"
    form["starts_on"] = form["ends_on"] = today().isoformat()
    form["branches"], form["mandate_code"] = "江山 | 示例路 2 号", "Z4-3"
    page = browser.submit(form)
    assert "少于课程的 16 学时" in page.text
    form = next(one for one in page.forms.values() if "title" in one.fields)
    assert form["branches"].value == "江山 | 示例路 2 号"
    form["ends_on"] = (today() + timedelta(days=1)).isoformat()
    form.submit()
    db.session.rollback()
    assert db.session.query(TrainingSession).one().title == "示例第二期"


def test_everything_wrong_with_a_plan_is_said_at_once_and_what_was_written_stays(app: Flask, centre: Centre) -> None:
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    address = f"/courses/{centre.course.id}/schedule"
    form = next(one for one in browser.open(address).forms.values() if "title" in one.fields)
    form["title"], form["main_place"], form["capacity"], form["branches"] = "示例第二期", "", "0", "江山"
    form["starts_on"], form["ends_on"] = today().isoformat(), (today() - timedelta(days=1)).isoformat()
    page = browser.submit(form)
    said = page.html.find(id="errors").get_text()
    assert all(part in said for part in ("请填写此项", "名额为 1 至 5000 人", "第 1 行应写成", "结束日期早于开班日期"))
    form = next(one for one in page.forms.values() if "title" in one.fields)
    assert (form["title"].value, form["branches"].value) == ("示例第二期", "江山")
    assert db.session.query(TrainingSession).count() == 0


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.REMOVED])
def test_an_institution_that_may_not_schedule_reads_why_instead_of_a_form(
    app: Flask, centre: Centre, standing: Standing
) -> None:
    regulator = sample.actor_of(sample.user("regulator", Role.REGULATOR, "330000"))
    change_standing(centre.institution, standing, "示例理由", "示例应急〔2026〕2 号", actor=regulator, now=now())
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    for address in (f"/courses/{centre.course.id}/schedule", f"/courses/{centre.course.id}"):
        page = browser.open(address)
        assert all(part in page.text for part in ("示例理由", "示例应急〔2026〕2 号"))
        assert all("title" not in one.fields for one in page.forms.values())


def test_each_sees_the_sessions_in_scope_only(app: Flask, centre: Centre) -> None:
    centre.session(title="杭州示例班")
    sample.training_session(sample.institution("PX02", "330300"), centre.course).title = "温州示例班"
    sample.user("hangzhou", Role.REGULATOR, "330100")
    sample.user("shandong", Role.REGULATOR, "370000")
    sample.user("zhejiang", Role.REGULATOR, "330000")
    db.session.commit()
    for login, sees in (
        ("staff", {"杭州示例班"}),
        ("hangzhou", {"杭州示例班"}),
        ("shandong", set()),
        ("zhejiang", {"杭州示例班", "温州示例班"}),
    ):
        browser = Browser(app)
        browser.sign_in(login, sample.PASSWORD)
        text = browser.open("/sessions").text
        assert {title for title in ("杭州示例班", "温州示例班") if title in text} == sees


def test_the_list_filters_by_where_a_session_stands_sector_and_month(app: Flask, centre: Centre) -> None:
    centre.session(title="今天开班")
    centre.session(title="下月开班", starts_on=today() + timedelta(days=40), ends_on=today() + timedelta(days=42))
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    for address, title in (
        ("?state=coming", "下月开班"),
        ("?state=running", "今天开班"),
        ("?month=2026-04", "下月开班"),
    ):
        body = browser.open(f"/sessions{address}").html.find("tbody").get_text()
        assert [one for one in ("今天开班", "下月开班") if one in body] == [title]
    assert "没有符合条件的记录" in browser.open("/sessions?sector=mines").text
    export = browser.web.get("/sessions?format=xlsx")
    assert export.content_type.startswith("application/vnd.openxmlformats")


def test_the_list_asks_the_database_as_often_for_many_sessions_as_for_one(app: Flask, centre: Centre) -> None:
    sample.enrolment(centre.session())
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    with counted() as few:
        browser.open("/sessions")
    for _number in range(20):
        sample.enrolment(centre.session(), sample.person(with_account=False))
    db.session.commit()
    with counted() as many:
        browser.open("/sessions")
    assert len(many) == len(few)
