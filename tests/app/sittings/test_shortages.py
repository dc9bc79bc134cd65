"""Sittings to come that would fall short once questions left the pool."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import sources
from app.banks.models import Question, QuestionState
from app.banks.models_documents import LegalDocument
from app.core.actors import SYSTEM, Role
from app.core.clock import local_day, now, today
from app.core.db import db
from app.core.errors import ServiceError
from app.sittings import running
from app.sittings.models import Sitting
from app.sittings.requesting import cancel
from app.sittings.shortage import shortages
from question_bank.sources import Standing
from tests.app.banks.samples import entered
from tests.app.banks.test_pages import OTHERS, state_of, statements_of
from tests.app.sittings.exam import OPERATOR, requested
from tests.conftest import Clock
from tests.queries import counted


def questions_of(bank_code: str, kind: str) -> list[Question]:
    query = sa.select(Question).join(Question.versions).where(Question.bank.has(code=bank_code)).order_by(Question.id)
    return [one for one in db.session.scalars(query).unique() if one.versions[0].kind == kind]


def needed(sitting: Sitting, bank: str, kind: str) -> int:
    return sum(one["count"] for one in sitting.blueprint["strata"] if (one["bank"], one["kind"]) == (bank, kind))


def leave(bank: str, kind: str, number: int) -> list[Question]:
    """Suspend questions until *number* of this kind are left in the bank; returns those suspended."""
    gone = questions_of(bank, kind)[number:]
    for question in gone:
        question.state = QuestionState.SUSPENDED
    db.session.commit()
    return gone


def short(**kwargs: Any) -> list[tuple[int, int]]:
    return [(one.sitting.id, one.missing) for one in shortages(now(), **kwargs)]


def test_a_sitting_whose_pool_still_fills_every_paper_is_not_listed(app: Flask) -> None:
    exam = requested()
    assert short() == []
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice"))
    assert short() == []


def test_a_sitting_that_lacks_questions_is_listed_as_opening_it_would_find(app: Flask) -> None:
    exam = requested()
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice") - 2)
    assert short() == [(exam.sitting.id, 2)]
    with pytest.raises(ServiceError, match="bank_short") as refused:
        running.open_sitting(exam.sitting, actor=OPERATOR, now=now())
    assert refused.value.data["missing"] == 2


def test_a_source_that_ends_before_the_day_of_the_sitting_counts_as_gone(app: Flask) -> None:
    exam = requested()
    day = local_day(exam.sitting.starts_at)
    for question in questions_of("general", "true_false"):
        question.source_to = day
    db.session.commit()
    assert short() == []
    for question in questions_of("general", "true_false"):
        question.source_to = day - timedelta(days=1)
    db.session.commit()
    assert short() == [(exam.sitting.id, needed(exam.sitting, "general", "true_false"))]


def test_only_sittings_that_can_still_be_opened_are_listed(app: Flask, clock: Clock) -> None:
    exam = requested()
    leave("general", "single_choice", 0)
    assert len(short()) == 1
    clock.set(exam.sitting.entry_until + timedelta(minutes=1))
    assert short() == []
    clock.set(exam.sitting.starts_at)
    cancel(exam.sitting, actor=SYSTEM, now=now())
    db.session.commit()
    assert short() == []


def test_one_question_matters_only_to_the_sittings_that_hold_it(app: Flask) -> None:
    exam = requested()
    gone = leave("general", "single_choice", 0)
    assert short(touching=[gone[0].versions[0].id]) == [
        (exam.sitting.id, needed(exam.sitting, "general", "single_choice"))
    ]
    assert short(touching=[10**9]) == []


def test_sittings_of_one_course_are_weighed_with_one_pool(app: Flask) -> None:
    exam = requested()
    leave("general", "single_choice", 0)
    with counted() as few:
        short()
    columns = [one.key for one in sa.inspect(Sitting).column_attrs if one.key not in ("id", "code")]
    for number in range(4):
        values = {key: getattr(exam.sitting, key) for key in columns}
        db.session.add(Sitting(code=f"KS-{number}", **values))
    db.session.commit()
    with counted() as many:
        assert len(short()) == 5
    assert len(many) == len(few)


def test_marking_a_document_leads_to_the_sittings_that_fall_short(app: Flask) -> None:
    exam = requested()
    document = db.session.scalars(
        sa.select(LegalDocument).join(Question).group_by(LegalDocument.id).order_by(sa.func.count().desc())
    ).first()
    assert document is not None
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice") - 1)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    sources.mark(document.id, sources.Notice(Standing.REPEALED, today(), "示例说明"), actor=SYSTEM, now=now())
    db.session.commit()
    page = browser.open(f"/sittings/shortages?document={document.id}")
    assert "1 场待开的考试缺题" in page
    row = page.html.select("tbody tr")[0].get_text()
    assert exam.sitting.code in row and exam.session.institution.name in row and exam.site.name in row
    assert "缺" in row
    assert document.name in page.html.find(class_="crumbs").get_text()


def most_cited() -> LegalDocument:
    by_questions = sa.func.count().desc()
    query = sa.select(LegalDocument).join(Question).group_by(LegalDocument.id).order_by(by_questions, LegalDocument.id)
    found = db.session.scalars(query).first()
    assert found is not None
    return found


def recorded(document: LegalDocument, day: date) -> int:
    notice = sources.Notice(Standing.REPEALED, day, "示例说明")
    count = sources.mark(document.id, notice, actor=SYSTEM, now=now())
    db.session.commit()
    return count


def test_a_repeal_to_come_counts_for_the_sittings_from_its_day_on(app: Flask, clock: Clock) -> None:
    exam = requested()
    day = local_day(exam.sitting.starts_at)
    clock.advance(days=-30)
    document = most_cited()
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice"))
    recorded(document, day + timedelta(days=1))
    assert short() == []
    recorded(document, day)
    assert [sitting_id for sitting_id, _missing in short()] == [exam.sitting.id]
    sources.withdraw(document.id, document.marks[-1].id, "示例", actor=SYSTEM, now=now())
    db.session.commit()
    assert short() == []


def test_what_a_mark_would_leave_short_is_foreseen_and_the_page_of_the_document_leads_there(
    app: Flask, clock: Clock
) -> None:
    exam = requested()
    day = local_day(exam.sitting.starts_at)
    clock.advance(days=-30)
    document = most_cited()
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice"))
    browser = entered(app, "province", Role.REGULATOR, "330000")
    elsewhere = entered(app, "elsewhere", Role.REGULATOR, "320000")

    def foreseen(reader: Any, on: date) -> str:
        page = reader.open(f"/banks/sources/{document.id}/mark")
        form = next(one for one in page.forms.values() if "standing" in one.fields)
        form["standing"], form["changed_on"], form["note"] = "repealed", on.isoformat(), "示例说明"
        return str(reader.submit(form).html.main.get_text(" ", strip=True))

    assert "没有待开的考试因此缺题" in foreseen(browser, day + timedelta(days=1))
    said = foreseen(browser, day)
    assert "因此缺题的考试 1 场" in said and exam.sitting.code in said
    said = foreseen(elsewhere, day)
    assert exam.sitting.code not in said and "另有 1 场其他地区的考试缺题" in said
    assert exam.sitting.code in foreseen(browser, today()), "a mark in effect at once is foreseen as well"
    assert short() == [], "nothing was marked yet"
    address = f"/banks/sources/{document.id}"
    assert "看受影响的考试" not in browser.open(address)
    recorded(document, day)
    link = browser.open(address).html.find("a", string="看受影响的考试")
    assert exam.sitting.code in browser.open(link["href"])


def test_withdrawing_one_question_says_so_where_it_leaves_a_sitting_short(app: Flask) -> None:
    exam = requested()
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice"))
    question = next(one for one in questions_of("general", "single_choice") if one.state is QuestionState.APPROVED)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    form = next(
        one for one in browser.open(f"/questions/{question.id}/suspend").forms.values() if "reason" in one.fields
    )
    form["reason"] = "示例原因"
    page = browser.submit(form)
    assert state_of(question.id) is QuestionState.SUSPENDED
    assert "1 场待开的考试题目不够" in page
    assert page.html.select('.note a[href="/sittings/shortages"]')
    true_or_false = questions_of("general", "true_false")[-1]
    form = next(
        one for one in browser.open(f"/questions/{true_or_false.id}/retire").forms.values() if "reason" in one.fields
    )
    form["reason"] = "示例原因"
    assert "考试题目不够" in browser.submit(form)  # the sitting is still short, and held this question too


def test_editing_an_approved_question_says_so_too(app: Flask) -> None:
    exam = requested()
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice"))
    question = next(one for one in questions_of("general", "single_choice") if one.state is QuestionState.APPROVED)
    browser = entered(app, "province", Role.REGULATOR, "330000")

    def edited(stem: str) -> Any:
        page = browser.open(f"/questions/{question.id}/edit")
        form = next(one for one in page.forms.values() if "stem" in one.fields)
        form["stem"] = stem
        return browser.submit(form)

    page = edited("改过的示例题干（　　）。")
    assert state_of(question.id) is QuestionState.DRAFT
    assert "草稿已保存" in page and "1 场待开的考试题目不够" in page
    assert "考试题目不够" not in edited("又改过的示例题干（　　）。"), "a draft leaves no pool"


def test_a_regulator_sees_the_sittings_of_the_own_territory_and_how_many_there_are_elsewhere(app: Flask) -> None:
    exam = requested()
    leave("general", "single_choice", 0)
    page = entered(app, "elsewhere", Role.REGULATOR, "320000").open("/sittings/shortages")
    assert exam.sitting.code not in page and "另有 1 场其他地区的考试缺题" in page
    page = entered(app, "city", Role.REGULATOR, "330100").open("/sittings/shortages")
    assert exam.sitting.code in page and "其他地区" not in page
    assert exam.sitting.code in entered(app, "admin", Role.ADMINISTRATOR).open("/sittings/shortages")


@pytest.mark.parametrize(("role", "scope"), OTHERS)
def test_nobody_else_sees_what_falls_short(app: Flask, role: Role, scope: str) -> None:
    browser = entered(app, "other", role, scope)
    browser.open("/sittings/shortages", status=403)
    browser.open("/sittings/shortages/after/1", status=403)


def test_without_sittings_the_page_says_so(app: Flask) -> None:
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    assert "没有受影响的考试" in browser.open("/sittings/shortages")
    assert statements_of(browser, "/sittings/shortages") <= 5


def test_the_page_of_a_sitting_tells_the_regulator_what_it_lacks(app: Flask) -> None:
    exam = requested()
    address = f"/sittings/{exam.sitting.id}"
    browser = entered(app, "county", Role.REGULATOR, exam.sitting.training_session.region_code)
    assert "开考时凑不齐试卷" not in browser.open(address)
    leave("general", "single_choice", needed(exam.sitting, "general", "single_choice") - 2)
    note = browser.open(address).html.find(class_="note warn")
    assert "这场考试缺 2 题" in note.get_text() and note.a["href"] == "/sittings/shortages"
    site = entered(app, "site", Role.EXAM_SITE, exam.sitting.exam_site.code)
    assert "开考时凑不齐试卷" not in site.open(address)


def test_the_heading_counts_what_falls_short_whatever_is_searched_for(app: Flask) -> None:
    requested()
    leave("general", "single_choice", 0)
    page = entered(app, "admin", Role.ADMINISTRATOR).open("/sittings/shortages?q=nothing")
    assert "1 场待开的考试缺题" in page.html.h1.get_text() and "没有符合条件的记录" in page
