"""The course catalogue in the database and on the page."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.training.models import CourseVersion
from app.training.reference import load_reference
from courses import catalogue
from courses.exam_rules import exam_rule
from tests import sample
from tests.app.training.conftest import Centre
from tests.page import Browser
from tests.queries import counted


def test_every_course_is_copied_with_its_syllabus_and_its_whole_exam_rule(app: Flask) -> None:
    assert load_reference(now=now()) == len(catalogue.courses())
    course = catalogue.course("mines-principal-initial")
    row = db.session.scalars(sa.select(CourseVersion).where(CourseVersion.code == course.code)).one()
    rule = exam_rule(course.exam_rule)
    assert row.hours == course.hours == sum(module["hours"] for module in row.definition["syllabus"])
    assert row.definition["exam_rule"]["pass_percent"] == rule.pass_percent
    assert sum(each["count"] for each in row.definition["exam_rule"]["strata"]) == rule.question_count


def test_loading_again_adds_nothing_and_rewrites_no_rule(app: Flask) -> None:
    load_reference(now=now())
    row = db.session.scalars(sa.select(CourseVersion).limit(1)).one()
    row.definition = {**row.definition, "source_zh": "样本"}
    db.session.commit()
    assert load_reference(now=now()) == 0
    db.session.commit()
    assert db.session.get_one(CourseVersion, row.id).definition["source_zh"] == "样本"


def test_the_catalogue_filters_by_sector_and_kind(app: Flask, centre: Centre) -> None:
    sample.course_version("mines-principal-initial")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    page = browser.open("/courses?sector=mines&kind=initial")
    assert "矿山企业主要负责人初次培训" in page.text
    assert "金属冶炼" not in page.html.find("tbody").get_text()


def test_a_course_page_says_the_exam_rule_in_words_and_offers_to_schedule(app: Flask, centre: Centre) -> None:
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    page = browser.open(f"/courses/{centre.course.id}")
    assert "60 分钟" in page.text
    assert "25 题，满分 100 分" in page.text
    assert "80 分" in page.text
    assert page.html.find("a", string="安排培训班")


def test_a_regulator_reads_a_course_but_is_offered_no_scheduling(app: Flask, centre: Centre) -> None:
    sample.user("wang", Role.REGULATOR, "330000")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("wang", sample.PASSWORD)
    page = browser.open(f"/courses/{centre.course.id}")
    assert page.html.find("a", string="安排培训班") is None
    browser.open(f"/courses/{centre.course.id}/schedule", status=403)


def test_an_unknown_course_is_not_found(app: Flask, centre: Centre) -> None:
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    browser.open("/courses/999999", status=404)


def test_the_catalogue_asks_the_database_as_often_for_all_courses_as_for_one(app: Flask, centre: Centre) -> None:
    browser = Browser(app)
    browser.sign_in("staff", sample.PASSWORD)
    with counted() as few:
        browser.open("/courses")
    for course in catalogue.courses():
        if course.code != centre.course.code:
            sample.course_version(course.code)
    db.session.commit()
    with counted() as many:
        browser.open("/courses")
    assert len(many) == len(few)
