"""Lists of questions: exact whichever way they are found, in a handful of statements, from indexes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.banks import finding, queries, service
from app.banks.finding import Wish
from app.banks.models import Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from question_bank.search_text import search_text, search_words
from tests import sample
from tests.app.banks.at_scale import POINTS, SOURCES, bank_of, content, filled, heard, plans
from tests.app.banks.samples import WANG, drafts, entered

Expected = list[str]
ORDERS = ("code", "kind", "difficulty", "current_version", "state")


def quoted(address: str) -> str:
    return quote(address, safe="/?&=")


@pytest.fixture
def narrow_window(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let a few rows be looked through, so that a bank of a hundred behaves as one of 100,000."""

    def narrow(rows: int) -> None:
        monkeypatch.setattr(finding, "WINDOW", rows)
        monkeypatch.setattr(finding, "WHOLE", rows)
        monkeypatch.setattr(finding, "WIDEST_WINDOW", rows)

    return narrow


@pytest.mark.parametrize("window", [2500, 30, 7])
def test_every_list_gives_the_same_pages_however_it_is_found(
    app: Flask, narrow_window: Callable[[int], None], window: int
) -> None:
    bank = bank_of()
    filled(bank_of("mines"), 20)
    filled(bank, 120)
    narrow_window(window)
    rows = db.session.scalars(sa.select(Question).where(Question.bank_id == bank.id)).all()
    tags = {row.code: row.versions[0].payload["tags"] for row in rows}
    draw = random.Random(7)
    for _try in range(60):
        wish = any_wish(draw, bank.id)
        expected = sorted_codes([row for row in rows if meets(row, wish, tags[row.code])], wish)
        found = finding.find(wish, 1, 10)
        assert codes(found.ids) == expected[:10], wish
        assert found.total <= len(expected) if found.is_more else found.total == len(expected), wish
        for number in range(2, min(4, finding.page_count(len(expected), 10)) + 1):
            page = finding.find(wish, number, 10)
            assert codes(page.ids) == expected[10 * (number - 1) : 10 * number], (wish, number)


def any_wish(draw: random.Random, bank_id: int) -> Wish:
    equal: dict[str, Any] = {}
    for name, values in (
        ("state", list(QuestionState)),
        ("kind", ["true_false", "single_choice"]),
        ("difficulty", [1, 2, 3]),
        ("knowledge_point", POINTS),
        ("source_document", SOURCES),
        ("author_id", [WANG.user_id, 999]),
    ):
        if draw.random() < 0.25:
            equal[name] = draw.choice(values)
    tag = draw.choice(["", "", "", "重点", "nowhere"])
    words = search_words(draw.choice(["", "", "安全", "1 生产", "general-01", "编号9", "全5", "没有"]))
    return Wish({"bank_id": bank_id}, equal, tag, words, draw.choice(ORDERS), draw.random() < 0.5)


def meets(row: Question, wish: Wish, tags: list[str]) -> bool:
    text = search_text(row.code, row.versions[0].stem)
    return (
        all(getattr(row, name) == value for name, value in wish.equal.items())
        and (not wish.tag or wish.tag in tags)
        and all(word in text for word in wish.words)
    )


def sorted_codes(rows: list[Question], wish: Wish) -> Expected:
    def key(row: Question) -> tuple[Any, str]:
        value = getattr(row, wish.order)
        return (value.value if isinstance(value, QuestionState) else value), row.code

    return [row.code for row in sorted(rows, key=key, reverse=wish.descending)]


def codes(ids: Any) -> Expected:
    found = dict(db.session.execute(sa.select(Question.id, Question.code).where(Question.id.in_(ids))).all())
    return [found[one] for one in ids]


def test_a_page_behind_the_last_gives_the_last(app: Flask, narrow_window: Callable[[int], None]) -> None:
    bank = bank_of()
    filled(bank, 60)
    for window in (2500, 10):
        narrow_window(window)
        for wish in (
            Wish({"bank_id": bank.id}),
            Wish({"bank_id": bank.id}, {"kind": "true_false"}),
            Wish({"bank_id": bank.id}, words=("生产",)),
        ):
            found = finding.find(wish, 99, 10)
            assert found.number == finding.page_count(found.total, 10), (window, wish)
            assert 0 < len(found.ids) <= 10


def test_late_pages_are_closed_and_the_list_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = bank_of()
    filled(bank, 60)
    monkeypatch.setattr(finding, "MOST_PAGES", 2)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    page = browser.open("/banks/general?page=9")
    assert "第 2 / 2 页" in page
    assert "60 条" in page
    assert "请用查找或筛选缩小范围" in page
    assert "请用查找或筛选缩小范围" not in browser.open("/banks/general")


def test_a_list_that_was_not_counted_to_its_end_says_so(app: Flask, narrow_window: Callable[[int], None]) -> None:
    bank = bank_of()
    filled(bank, 90)
    narrow_window(80)
    assert "53+ 条" in entered(app, "admin", Role.ADMINISTRATOR).open(quoted("/banks/general?q=安全"))


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?state=approved",
        "?kind=true_false",
        "?difficulty=2",
        "?knowledge_point=示例知识点甲",
        "?source=示例法规一",
        "?tag=重点",
        "?kind=true_false&state=draft&difficulty=1",
        "?kind=true_false&knowledge_point=示例知识点甲&tag=重点",
        "?sort=-difficulty",
        "?sort=kind&state=draft",
        "?sort=version",
        "?sort=state",
        "?q=安全",
        "?q=没有这样的词",
        "?q=安全 1&kind=true_false&sort=-code",
        "?page=3",
    ],
)
def test_lists_read_indexes_and_never_a_whole_table(
    app: Flask, narrow_window: Callable[[int], None], asked: str
) -> None:
    """What the database explains of itself, with the window full and with what lies behind it gathered."""
    filled(bank_of("mines"), 50)
    filled(bank_of(), 200)
    narrow_window(20)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    browser.open("/banks/general")
    with heard() as statements:
        browser.open(quoted(f"/banks/general{asked}"))
    for plan in plans(statements):
        assert not reads_all(plan), plan
    assert len(statements) <= 16


def test_one_authors_questions_are_found_among_all_from_an_index(
    app: Flask, narrow_window: Callable[[int], None]
) -> None:
    bank = bank_of()
    filled(bank, 100)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    reader = sample.actor_of(db.session.scalars(sa.select(User).where(User.login == "admin")).one())
    own = [content(number) for number in range(100, 103)]
    service.add_drafts(drafts(own), {bank.code: bank.id}, actor=reader, now=now())
    db.session.commit()
    narrow_window(20)
    for state in ("", "&state=draft"):
        with heard() as statements:
            page = browser.open(f"/banks/general?author={reader.user_id}{state}")
        assert [row.a.get_text() for row in page.html.select("tbody tr")] == [one.stem for one in own]
        assert "（本人）" in page.html.find("option", attrs={"selected": True, "value": str(reader.user_id)}).get_text()
        assert len(statements) <= 16
        for plan in plans(statements):
            assert not reads_all(plan), plan
    assert "103 条" in browser.open("/banks/general?state=&author=x").html.find("h2").get_text()


def reads_all(plan: str) -> bool:
    """Whether a plan reads every row of a table of questions; the rows of a subquery in memory are no table.

    question_count is none of them: it has a row for each kind, state and difficulty of a bank, not for each question.
    """
    way = "Seq Scan on" if db.engine.dialect.name == "postgresql" else "SCAN"
    table = "question(?:_version|_tag|_search|_band)?"
    return re.search(rf"\b{way} {table}\b(?! VIRTUAL TABLE INDEX 0:M)", plan) is not None


@pytest.mark.parametrize(
    "address", ["/banks/review", "/banks/review?q=安全", "/banks/review?kind=true_false", "/banks"]
)
def test_overview_and_queue_read_no_whole_table(app: Flask, address: str) -> None:
    filled(bank_of(), 200)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    browser.open(quoted(address))
    with heard() as statements:
        browser.open(quoted(address))
    assert len(statements) <= 16
    for plan in plans(statements):
        assert not reads_all(plan), plan


def test_a_question_page_reads_no_whole_table(app: Flask) -> None:
    filled(bank_of(), 200)
    question = db.session.scalars(sa.select(Question.id).order_by(Question.id)).first()
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    browser.open(f"/questions/{question}")
    with heard() as statements:
        browser.open(f"/questions/{question}")
    assert len(statements) <= 16
    for plan in plans(statements):
        assert not reads_all(plan), plan


def test_filters_offer_what_the_bank_uses_and_take_what_the_address_asks(app: Flask) -> None:
    bank = bank_of()
    filled(bank, 12)
    assert queries.knowledge_points(bank) == sorted(POINTS)
    assert queries.source_documents(bank, most=1) == ["示例法规一"]
    assert queries.tags(bank) == ["major_hazard_criteria", "重点"]
    assert queries.tags(bank_of("mines")) == []
    page = entered(app, "admin", Role.ADMINISTRATOR).open(quoted("/banks/general?knowledge_point=别处的知识点"))
    assert "没有符合条件的记录" in page
    assert page.html.find("option", attrs={"value": "别处的知识点"}).has_attr("selected")
