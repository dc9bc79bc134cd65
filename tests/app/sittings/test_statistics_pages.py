"""Statistics on the board of a sitting, and the list of questions that need attention."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.banks import service as banks
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.sittings.models import SittingState
from app.sittings.statistics import compute_statistics
from tests import sample
from tests.app.banks.samples import entered
from tests.app.sittings.sat import REVIEWER, banked, content, sat
from tests.app.sittings.test_statistics import QUESTIONS, TABLE
from tests.page import Browser
from tests.queries import counted


def closed(people: int = 40, *, computed: bool = True) -> Any:
    """Return a closed sitting of the table, with its statistics."""
    banked(*QUESTIONS)
    sitting = sat(QUESTIONS, TABLE[:people])
    sitting.state = SittingState.CLOSED
    db.session.commit()
    if computed:
        compute_statistics({"sitting_id": sitting.id}, now())
        db.session.commit()
    return sitting


def board(app: Flask, sitting: Any, role: Role, scope: str) -> str:
    page = entered(app, "reader", role, scope).open(f"/sittings/{sitting.id}")
    section = page.html.find("section", attrs={"aria-labelledby": "statistics"})
    return section.get_text(" ", strip=True) if section else ""


@pytest.mark.parametrize(
    ("role", "scope"), [(Role.EXAM_SITE, "KD01"), (Role.INSTITUTION, "PX01"), (Role.REGULATOR, "330000")]
)
def test_a_closed_sitting_tells_its_figures_in_words(app: Flask, role: Role, scope: str) -> None:
    words = board(app, closed(), role, scope)
    assert "按 40 份有作答的答卷" in words
    assert "1.5 分，标准差 1.1 分" in words
    assert "0.61，偏低" in words
    assert "0.7 分：因为抽到的题不同" in words


def test_a_small_sitting_says_that_it_is_too_small(app: Flask) -> None:
    words = board(app, closed(29), Role.EXAM_SITE, "KD01")
    assert "有作答的答卷 29 份，不足 30 份，不作统计" in words
    assert "信度" not in words


def test_a_sitting_whose_job_has_not_run_says_so(app: Flask) -> None:
    assert "还没有结果" in board(app, closed(computed=False), Role.EXAM_SITE, "KD01")


def test_an_open_sitting_shows_no_statistics(app: Flask) -> None:
    sitting = closed()
    sitting.state = SittingState.OPEN
    db.session.commit()
    assert board(app, sitting, Role.EXAM_SITE, "KD01") == ""


def flawed(*codes: str, bank: str = "") -> None:
    """Put approved questions into the bank and have thirty people of mixed strength sit them.

    Everybody takes A on the first question, though B is the key; the others are answered by the strong.
    """
    contents = [content(code) for code in codes]
    banked(*contents)
    given = [{code: "A" if code == codes[0] else "BC"[person % 2] for code in codes} for person in range(40)]
    compute_statistics({"sitting_id": sat(contents, given).id}, now())
    db.session.commit()


def listed(browser: Browser, query: str = "") -> list[str]:
    page = browser.open(f"/banks/attention{query}")
    return [row.get_text(" ", strip=True) for row in page.html.select("tbody tr")]


def test_the_list_names_each_question_with_its_reasons_the_worst_first(app: Flask) -> None:
    flawed("a-1", "b-1", "c-1")
    rows = listed(entered(app, "city", Role.REGULATOR, "330100"))
    assert [row.split(" · ")[0].rsplit(" ", 1)[1] for row in rows] == ["a-1", "b-1", "c-1"]
    assert "过难 得分率 0.0%，低于 25.0%（40 人作答）" in rows[0]
    assert "干扰项无人选 40 人作答，错误选项 C、D 几乎无人选（最多 0 人）" in rows[0]
    assert "通用题库" in rows[0]
    assert "干扰项无人选 40 人作答，错误选项 A、D 几乎无人选" in rows[1]


def test_a_key_that_the_best_miss_heads_the_list(app: Flask) -> None:
    """The stronger half takes A, the weaker half the key."""
    contents = [content(code) for code in ("a-1", "b-1", "c-1")]
    banked(*contents)
    given = [{"a-1": "A", "b-1": "B", "c-1": "B"}] * 10 + [{"a-1": "B", "b-1": "C", "c-1": "C"}] * 30
    compute_statistics({"sitting_id": sat(contents, given).id}, now())
    db.session.commit()
    [first, *_others] = listed(entered(app, "city", Role.REGULATOR, "330100"))
    assert "答案存疑 成绩最好的 10 人中，10 人选了错误选项 A，只有 0 人选了正确选项 B。请核对答案" in first
    assert "区分度为负 区分度 -1.00" in first


def test_the_list_filters_by_bank_and_reason_and_searches(app: Flask) -> None:
    flawed("a-1", "b-1")
    sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", created_at=now()))
    db.session.commit()
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    assert len(listed(browser, "?reason=too_hard")) == 1
    assert len(listed(browser, "?reason=distractor_unused&bank=general")) == 2
    assert listed(browser, "?reason=drifted") == []
    assert len(listed(browser, "?q=b-1")) == 1
    assert "矿山题库" not in browser.open("/banks/attention")


def test_the_list_says_when_figures_come_and_from_how_many(app: Flask) -> None:
    page = entered(app, "admin", Role.ADMINISTRATOR).open("/banks/attention")
    assert "没有需要关注的试题" in page
    assert "每场考试结束后自动计算" in page
    assert "至少有 30 人作答" in page


def test_under_thirty_answers_nothing_is_listed(app: Flask) -> None:
    contents = [content(code) for code in ("a-1", "b-1")]
    banked(*contents)
    compute_statistics({"sitting_id": sat(contents, [{"a-1": "A", "b-1": "B"}] * 29).id}, now())
    db.session.commit()
    assert listed(entered(app, "admin", Role.ADMINISTRATOR)) == []


def test_a_retired_question_needs_no_attention_any_more(app: Flask) -> None:
    flawed("a-1", "b-1")
    question = db.session.scalars(sa.select(Question).where(Question.code == "a-1")).one()
    seen = question.versions[0].digest
    banks.move(question, QuestionState.RETIRED, seen=seen, actor=REVIEWER, now=now(), reason="答案有误")
    db.session.commit()
    rows = listed(entered(app, "admin", Role.ADMINISTRATOR))
    assert len(rows) == 1 and "b-1" in rows[0]


def test_the_list_leads_to_the_question_and_to_a_workbook(app: Flask) -> None:
    flawed("a-1", "b-1")
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    page = browser.open("/banks/attention")
    assert "试题 a-1" in page.click(description="示例题干a-1", index=0)
    response = browser.web.get("/banks/attention?format=xlsx")
    assert response.content_type.startswith("application/vnd.openxmlformats")


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.INSTITUTION, "PX01"), (Role.EXAM_SITE, "KD01"), (Role.ENTERPRISE, "913301000000000000"), (Role.TRAINEE, "")],
)
def test_nobody_else_sees_the_list(app: Flask, role: Role, scope: str) -> None:
    flawed("a-1", "b-1")
    page = entered(app, "other", role, scope).open("/banks/attention", status=403)
    assert "示例题干" not in page


def test_signed_out_readers_are_sent_to_sign_in(app: Flask) -> None:
    assert "/sign-in" in Browser(app).web.get("/banks/attention", status=302).headers["Location"]


def test_the_list_asks_the_database_as_often_for_many_questions_as_for_few(app: Flask) -> None:
    def asked() -> int:
        with counted() as statements:
            browser.open("/banks/attention")
        return len([each for each in statements if not each.startswith("BEGIN")])

    flawed("a-1", "b-1")
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    few = asked()
    contents = [content(f"x-{number}") for number in range(20)]
    for one in contents:
        bank = db.session.scalars(sa.select(Bank)).one()
        banks.create(bank, one, actor=REVIEWER, now=now())
    compute_statistics({"sitting_id": sat(contents, [{"x-0": "A"}] * 30).id}, now())
    db.session.commit()
    assert len(listed(browser)) == 22
    assert asked() == few
    assert few <= 10


def figures(app: Flask, code: str) -> str:
    """Return what the section on the page of a question says."""
    question_id = db.session.scalar(sa.select(Question.id).where(Question.code == code))
    page = entered(app, f"reader-{code}", Role.REGULATOR, "330100").open(f"/questions/{question_id}")
    return str(page.html.find("section", attrs={"aria-labelledby": "figures"}).get_text(" ", strip=True))


def test_the_page_of_a_question_shows_its_figures(app: Flask) -> None:
    banked(*QUESTIONS, content("q4"))
    compute_statistics({"sitting_id": sat(QUESTIONS, TABLE).id}, now())
    db.session.commit()
    said = figures(app, "q2")
    for words in (
        "作答人数 40",
        "50.0%",
        "0.70",
        "22 秒",
        "成绩最好的 10 人",
        "B ✓ 正确答案 20 50.0% 10 100%",
        "干扰项无人选",
    ):
        assert words in said, words
    assert "这一版还没有出现在已结束的考试中" in figures(app, "q4")


def test_the_page_of_a_question_shows_nothing_under_the_minimum(app: Flask) -> None:
    banked(*QUESTIONS)
    compute_statistics({"sitting_id": sat(QUESTIONS, TABLE[:12]).id}, now())
    db.session.commit()
    said = figures(app, "q2")
    assert "12 人作答，不足 30 人，暂不显示数据" in said
    assert "%" not in said
