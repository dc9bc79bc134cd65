"""Knowledge points of the syllabus: offered where a question is written, and compared with what a bank has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import queries, service, suggesting, syllabus
from app.banks.models import Bank, BankPurpose, Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from courses.catalogue import syllabus as modules_of
from courses.knowledge_points import points
from tests import sample
from tests.app.banks import at_scale
from tests.app.banks.samples import WANG, drafts, entered, true_false
from tests.page import Browser
from tests.queries import counted

PAGE = "/banks/general/syllabus"
DUTIES, PENALTIES, CASES = "主要负责人职责", "行政处罚", "典型事故案例"


def questions(bank: Bank, *wanted: tuple[str, int, QuestionState]) -> None:
    """Put questions into *bank*: knowledge point, how many, in which state."""
    rows = [(point, state) for point, count, state in wanted for _number in range(count)]
    contents = [
        replace(
            true_false(f"{bank.code}-{number}", f"示例题干{bank.code}{number}。"), bank=bank.code, knowledge_point=point
        )
        for number, (point, _state) in enumerate(rows)
    ]
    service.add_drafts(drafts(contents), {bank.code: bank.id}, actor=WANG, now=now())
    sample.signed()
    for content, (_point, state) in zip(contents, rows, strict=True):
        db.session.execute(sa.update(Question).where(Question.code == content.code).values(state=state))
    db.session.commit()


def another(code: str, sector: str | None, purpose: BankPurpose = BankPurpose.LIVE) -> Bank:
    found: Bank = sample.added(
        Bank(code=code, name_zh=code, name_en=code, sector_code=sector, purpose=purpose, created_at=now())
    )
    return found


def reader(app: Flask) -> Browser:
    return entered(app, "reader", Role.REGULATOR, "330100")


def drawn(page: Any) -> dict[str, str]:
    """Return what the chart says of each module."""
    rows = page.html.select("table.bars tbody tr")
    return {row.th.get_text(strip=True): row.b.get_text(strip=True) for row in rows}


def missing(page: Any) -> dict[str, list[str]]:
    """Return the knowledge points without a question that the page names, by module."""
    names = [each.get_text(strip=True) for each in page.html.select("dl.facts dt")]
    values = [each.get_text(strip=True).split("、") for each in page.html.select("dl.facts dd")]
    return dict(zip(names, values, strict=True))


def test_points_of_the_syllabus_are_offered_first_each_with_its_module(app: Flask, bank: Bank) -> None:
    questions(bank, ("本题库用过的知识点", 1, QuestionState.DRAFT), (DUTIES, 1, QuestionState.DRAFT))
    offered = suggesting.knowledge_points(bank)
    values = [each.value for each in offered]
    assert values == [each.name_zh for each in points("general")] + ["本题库用过的知识点"]
    assert offered[0].label == f"{points('general')[0].name_zh} · {modules_of('general')[0].title_zh}"
    assert offered[-1].label == ""


def test_what_is_offered_stays_bounded(app: Flask, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    questions(bank, *((f"用过的知识点{number}", 1, QuestionState.DRAFT) for number in range(9)))
    monkeypatch.setattr(suggesting, "MOST", len(points("general")) + 4)
    assert len(suggesting.knowledge_points(bank)) == len(points("general")) + 4
    with counted() as statements:
        suggesting.knowledge_points(bank)
    assert len(statements) == 1


def test_the_form_of_a_question_offers_them_and_says_the_module(app: Flask, bank: Bank) -> None:
    page = reader(app).open("/banks/general/questions/new/true_false")
    option = page.html.select_one(f'#knowledge-points option[value="{DUTIES}"]')
    assert option is not None and option["label"].endswith(modules_of("general")[0].title_zh)


def test_a_bank_of_a_sector_is_offered_the_points_of_that_sector(app: Flask) -> None:
    for code, purpose in (("mines", BankPurpose.LIVE), ("mines_practice", BankPurpose.PRACTICE)):
        values = [each.value for each in suggesting.knowledge_points(another(code, "mines", purpose))]
        assert values == [each.name_zh for each in points("mines")]


def test_only_approved_questions_of_the_bank_itself_cover_the_syllabus(app: Flask, bank: Bank) -> None:
    others = [state for state in QuestionState if state is not QuestionState.APPROVED]
    questions(bank, (DUTIES, 2, QuestionState.APPROVED), *((PENALTIES, 1, state) for state in others))
    questions(another("mines", "mines"), (CASES, 1, QuestionState.APPROVED))
    found = syllabus.coverage(bank)
    counts = {each.point.name_zh: each.questions for module in found.modules for each in module.points}
    assert {name: count for name, count in counts.items() if count} == {DUTIES: 2}
    assert (found.points, found.missing, found.outside) == (len(points("general")), len(points("general")) - 1, 0)


def test_questions_on_other_points_are_counted_apart(app: Flask, bank: Bank) -> None:
    questions(
        bank,
        ("大纲没有的知识点", 3, QuestionState.APPROVED),
        ("", 1, QuestionState.APPROVED),
        ("大纲没有的知识点", 1, QuestionState.DRAFT),
        (DUTIES, 1, QuestionState.APPROVED),
    )
    assert syllabus.coverage(bank).outside == 4
    assert "另有 4 道已审定的试题" in reader(app).open(PAGE)


def test_the_page_draws_every_module_and_names_the_points_without_a_question(app: Flask, bank: Bank) -> None:
    questions(bank, (DUTIES, 3, QuestionState.APPROVED), (CASES, 1, QuestionState.APPROVED))
    page = reader(app).open(PAGE)
    law, cases = (module for module in modules_of("general") if module.code in ("law", "cases"))
    assert list(drawn(page)) == [module.title_zh for module in modules_of("general")]
    assert (drawn(page)[law.title_zh], drawn(page)[cases.title_zh]) == ("3 道", "1 道")
    of_law = [each.name_zh for each in points("general") if each.module == law and each.name_zh != DUTIES]
    assert missing(page)[law.title_zh] == of_law
    assert cases.title_zh not in missing(page)
    assert page.html.h1.get_text(strip=True) == f"{len(points('general')) - 2} 个知识点还没有试题"


def test_nothing_is_missing_once_every_point_has_a_question(app: Flask, bank: Bank) -> None:
    questions(bank, *((each.name_zh, 1, QuestionState.APPROVED) for each in points("general")))
    page = reader(app).open(PAGE)
    assert page.html.h1.get_text(strip=True) == "大纲的每个知识点都有试题"
    assert missing(page) == {} and "知识点不在大纲中" not in page


def test_every_count_leads_to_the_questions_that_it_counts(app: Flask, bank: Bank) -> None:
    questions(bank, (DUTIES, 2, QuestionState.APPROVED), (DUTIES, 1, QuestionState.DRAFT))
    browser = reader(app)
    (link,) = [each for each in browser.open(PAGE).html.select("table.stack a") if each.get_text() == DUTIES]
    assert parse_qs(urlsplit(link["href"]).query) == {"state": ["approved"], "knowledge_point": [DUTIES]}
    assert len(browser.open(link["href"]).html.select("td .said a")) == 2


def test_the_page_of_the_bank_leads_to_it_and_back(app: Flask, bank: Bank) -> None:
    browser = reader(app)
    assert browser.open("/banks/general").html.select_one(f'.head a[href="{PAGE}"]') is not None
    assert browser.open(PAGE).html.select_one('.crumbs a[href="/banks/general"]') is not None


def test_a_sector_without_a_syllabus_says_so(app: Flask) -> None:
    another("tobacco", "tobacco")
    db.session.commit()
    assert "还没有列出大纲的知识点" in reader(app).open("/banks/tobacco/syllabus")


def test_a_bank_that_is_not_there_is_not_found(app: Flask, bank: Bank) -> None:
    reader(app).open("/banks/nowhere/syllabus", status=404)


@pytest.mark.parametrize(("role", "scope"), [(Role.INSTITUTION, "PX01"), (Role.EXAM_SITE, "KD01"), (Role.TRAINEE, "")])
def test_only_those_who_read_questions_see_it(app: Flask, bank: Bank, role: Role, scope: str) -> None:
    questions(bank, (DUTIES, 1, QuestionState.APPROVED))
    assert DUTIES not in entered(app, "other", role, scope).open(PAGE, status=403)


def test_in_english_modules_and_points_are_named_in_english(app: Flask, bank: Bank) -> None:
    browser = reader(app)
    browser.web.set_cookie("language", "en")
    page = browser.open(PAGE)
    assert list(drawn(page)) == [module.title_en for module in modules_of("general")]
    assert points("general")[0].name_en in page and points("general")[0].name_zh not in page.html.get_text()


def test_counting_takes_two_statements_and_reads_one_index(app: Flask, bank: Bank) -> None:
    at_scale.filled(bank, 300)
    questions(bank, (DUTIES, 2, QuestionState.APPROVED))
    found = queries.bank_by_code("general")
    with at_scale.heard() as statements:
        syllabus.coverage(found)
    db.session.commit()
    assert len(statements) == 2
    assert "ix_question_bank_id_state_knowledge_point" in at_scale.plans(statements)[0]


def test_the_page_takes_no_more_statements_for_more_questions(app: Flask, bank: Bank) -> None:
    browser = reader(app)
    browser.open(PAGE)
    with counted() as few:
        browser.open(PAGE)
    questions(bank, *((each.name_zh, 2, QuestionState.APPROVED) for each in points("general")))
    with counted() as many:
        browser.open(PAGE)
    assert len(many) == len(few) <= 12
