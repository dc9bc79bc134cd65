"""The reviewer's queue: order, filters, what each row says, the way from one question to the next."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.banks import comments, queries, service
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Actor, Role
from app.core.clock import now
from app.core.db import db
from tests import sample
from tests.app.banks.samples import LI, WANG, entered, single_choice, true_false
from tests.app.banks.test_lifecycle import edit, move
from tests.app.banks.test_pages import approved, posted, state_of, statements_of, waiting
from tests.conftest import Clock
from tests.page import Browser


def submitted(bank: Bank, code: str, clock: Clock, **changes: Any) -> Question:
    """A question by WANG that was sent to review a minute after the one before."""
    clock.advance(minutes=1)
    return waiting(bank, true_false(code, f"{code}：示例判断题的题干。", **changes))[0]


def reviewer(app: Flask) -> Browser:
    return entered(app, "province", Role.REGULATOR, "330000")


def reviewer_actor() -> Actor:
    """Who `reviewer` has signed in as."""
    return sample.actor_of(db.session.scalars(sa.select(User).where(User.login == "province")).one())


def codes(page: Any) -> list[str]:
    return [row.find("a").get_text() for row in page.html.select(".queue tbody tr")]


def test_what_was_sent_first_stands_first_however_old_the_question(app: Flask, bank: Bank, clock: Clock) -> None:
    early = service.create(bank, true_false("a-1"), actor=WANG, now=now())
    submitted(bank, "b-1", clock)
    clock.advance(minutes=1)
    move(early, QuestionState.IN_REVIEW, WANG)
    db.session.commit()
    browser = reviewer(app)
    assert codes(browser.open("/banks/review")) == ["b-1", "a-1"]
    assert codes(browser.open("/banks/review?sort=-since")) == ["a-1", "b-1"]


def test_the_queue_is_filtered_by_bank_kind_tag_and_author(app: Flask, bank: Bank, clock: Clock) -> None:
    mines = sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", created_at=now()))
    submitted(bank, "a-1", clock, tags=("major_hazard_criteria",))
    submitted(mines, "m-1", clock)
    waiting(bank, single_choice("s-1"))
    browser = reviewer(app)
    own = service.create(bank, true_false("o-1", "本人的示例题干。"), actor=reviewer_actor(), now=now())
    move(own, QuestionState.IN_REVIEW, WANG)
    db.session.commit()

    def shown(query: str) -> set[str]:
        return set(codes(browser.open(f"/banks/review?{query}")))

    assert shown("bank=mines") == {"m-1"}
    assert shown("kind=single_choice") == {"s-1"}
    assert shown("tag=major_hazard_criteria") == {"a-1"}
    assert shown(f"author={reviewer_actor().user_id}") == {"o-1"}
    assert shown("author=101") == {"o-1", "a-1", "m-1", "s-1"}  # nobody that is offered: no filter
    assert shown("q=a-1") == {"a-1"}


def test_each_row_says_what_changed_and_how_many_comments_there_are(app: Flask, bank: Bank) -> None:
    question = approved(bank)[0]
    edit(question, WANG, stem="改过的示例题干（　　）。", key=("C",))
    comments.comment(question, "示例评论", actor=LI, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    waiting(bank, true_false("n-1", "新写的示例判断题。"))
    page = reviewer(app).open("/banks/review")
    text = page.html.find(class_="queue").get_text()
    assert "与审定过的第 1 版相比，修改了：题干、答案" in text
    assert "1 条意见" in text and "新题" in text
    link = next(a["href"] for a in page.html.select(".marks a") if "compare" in a["href"])
    assert link == f"/questions/{question.id}/compare?to=2&from=1"


def test_who_wrote_an_earlier_draft_is_told_that_another_person_approves(app: Flask, bank: Bank) -> None:
    browser = reviewer(app)
    question = service.create(bank, true_false(), actor=reviewer_actor(), now=now())
    edit(question, LI, stem="别人改过的示例题干。")
    move(question, QuestionState.IN_REVIEW, LI)
    db.session.commit()
    page = browser.open("/banks/review")
    assert "由另一人审定" in page and not page.html.find_all(attrs={"name": "one"})


def test_a_decision_in_the_walk_leads_to_the_next_question(app: Flask, bank: Bank, clock: Clock) -> None:
    first, second, third = (submitted(bank, code, clock) for code in ("a-1", "a-2", "a-3"))
    browser = reviewer(app)
    page = browser.web.get("/banks/review/next?queue=").follow()
    assert "a-1" in page.html.h1.get_text()
    page = browser.submit(browser.form(page, "/approve"))
    assert "a-2" in page.html.h1.get_text() and "试题 a-1 已审定通过" in page
    page = browser.open(page.html.find("a", string="退回修改")["href"])
    form = next(one for one in page.forms.values() if "reason" in one.fields)
    form["reason"] = "选项C表述不准确"
    page = browser.submit(form)
    assert "a-3" in page.html.h1.get_text()
    page = browser.open(page.html.find("a", string="跳过，看下一题")["href"], status=302).follow()
    assert "后面没有您可以审定的试题了" in page and codes(page) == ["a-3"]
    assert [state_of(one.id) for one in (first, second, third)] == [
        QuestionState.APPROVED,
        QuestionState.DRAFT,
        QuestionState.IN_REVIEW,
    ]


def test_a_comment_does_not_end_the_walk(app: Flask, bank: Bank, clock: Clock) -> None:
    submitted(bank, "a-1", clock)
    browser = reviewer(app)
    page = browser.web.get("/banks/review/next?queue=kind%3Dtrue_false").follow()
    form = next(one for one in page.forms.values() if "text" in one.fields)
    form["text"] = "示例意见"
    page = browser.submit(form)
    assert "正在逐题审定" in page and "kind%3Dtrue_false" in page.request.url


def test_the_walk_keeps_the_filters_and_passes_over_ones_own(app: Flask, bank: Bank, clock: Clock) -> None:
    mines = sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", created_at=now()))
    browser = reviewer(app)
    own = service.create(mines, true_false("m-0", "本人的示例题干。"), actor=reviewer_actor(), now=now())
    move(own, QuestionState.IN_REVIEW, WANG)
    submitted(mines, "m-1", clock)
    submitted(bank, "a-1", clock)
    submitted(mines, "m-2", clock)
    page = browser.open("/banks/review?bank=mines")
    page = browser.web.get(page.html.find("a", string="逐题审定")["href"]).follow()
    assert "m-1" in page.html.h1.get_text()
    page = browser.submit(browser.form(page, "/approve"))
    assert "m-2" in page.html.h1.get_text()
    assert codes(browser.open(page.html.find("a", string="回到待审定列表")["href"])) == ["m-0", "m-2"]


def test_deciding_from_the_list_comes_back_to_the_list_with_its_filters(app: Flask, bank: Bank, clock: Clock) -> None:
    first, second = submitted(bank, "a-1", clock), submitted(bank, "a-2", clock)
    waiting(bank, single_choice("s-1"))
    browser = reviewer(app)
    page = browser.open("/banks/review?kind=true_false")
    form = browser.form(page, "/banks/review/approve")
    form.fields["question"][0].checked = True
    assert codes(browser.submit(form)) == ["a-2"]
    page = browser.open(page.html.select(f'a[href*="/{second.id}/return"]')[0]["href"])
    form = next(one for one in page.forms.values() if "reason" in one.fields)
    form["reason"] = "示例原因"
    page = browser.submit(form)
    assert "没有符合条件的记录" in page
    assert state_of(first.id) is QuestionState.APPROVED


@pytest.mark.parametrize("value", ["x", "%00", "bank=nowhere&_external=1&sort=since", "after=1", "%3D%3D&&"])
def test_a_made_up_place_in_the_queue_breaks_nothing(app: Flask, bank: Bank, clock: Clock, value: str) -> None:
    submitted(bank, "a-1", clock)
    browser = reviewer(app)
    address = "/banks/review/next?after=99999&queue=" + value.replace("&", "%26")
    assert browser.web.get(address, expect_errors=True).status_int in (302, 400)


def test_only_reviewers_walk_the_queue(app: Flask, bank: Bank) -> None:
    waiting(bank)
    browser = entered(app, "county", Role.REGULATOR, "330102")
    browser.open("/banks/review/next", status=403)
    posted(browser, "/banks/review/approve", {}, 403)


def test_many_waiting_questions_cost_no_more_statements(app: Flask, bank: Bank, clock: Clock) -> None:
    def add(code: str) -> None:
        question = approved(bank, true_false(code, f"{code}：示例判断题的题干。"))[0]
        edit(question, WANG, stem=f"{code}：改过的示例题干。")
        comments.comment(question, "示例评论", actor=LI, now=now())
        move(question, QuestionState.IN_REVIEW, WANG)
        db.session.commit()

    add("a-1")
    browser = reviewer(app)
    few = statements_of(browser, "/banks/review")
    for number in range(12):
        add(f"b-{number}")
    assert statements_of(browser, "/banks/review") == few <= 12


def test_the_walk_goes_back_as_well(app: Flask, bank: Bank, clock: Clock) -> None:
    submitted(bank, "a-1", clock)
    second = submitted(bank, "a-2", clock)
    browser = reviewer(app)
    page = browser.open(f"/questions/{second.id}?queue=kind%3Dtrue_false")
    page = browser.web.get(page.html.find("a", string="上一题")["href"]).follow()
    assert "a-1" in page.html.h1.get_text() and "kind%3Dtrue_false" in page.request.url
    page = browser.web.get(page.html.find("a", string="上一题")["href"]).follow()
    assert "a-1" in page.html.h1.get_text() and "前面没有您可以审定的试题了" in page


def test_the_heading_counts_the_whole_queue_whatever_the_filter(app: Flask, bank: Bank, clock: Clock) -> None:
    submitted(bank, "a-1", clock)
    page = reviewer(app).open("/banks/review?kind=single_choice")
    assert "1 道试题待审定" in page.html.h1.get_text()
    assert "0 道符合条件" in page.html.find(class_="state").get_text()


def test_what_is_refused_is_said_above_the_list_and_the_ticks_stay(app: Flask, bank: Bank, clock: Clock) -> None:
    first = submitted(bank, "a-1", clock)
    submitted(bank, "a-2", clock)
    browser = reviewer(app)
    form = browser.form(browser.open("/banks/review?kind=true_false"), "/banks/review/approve")
    assert "没有选择试题" in browser.submit(form, status=409).html.find(role="alert").get_text()
    for box in form.fields["question"]:
        box.checked = True
    edit(queries.question_by_id(first.id), WANG, stem="改过的示例题干。")
    db.session.commit()
    page = browser.submit(form, status=409)
    assert "在您打开页面之后被修改过" in page.html.find(role="alert").get_text()
    assert codes(page) == ["a-2"] and page.html.find("input", attrs={"name": "question"}).has_attr("checked")
    assert browser.open("/banks/review/approve?kind=numeric", status=302).location.endswith("/review?kind=numeric")


def test_each_row_says_knowledge_point_tags_and_source(app: Flask, bank: Bank, clock: Clock) -> None:
    submitted(bank, "a-1", clock, tags=("major_hazard_criteria", "易错"))
    text = reviewer(app).open("/banks/review").html.find(class_="queue").get_text()
    assert "示例法规 第一条" in text and "知识点：示例知识点" in text
    assert "重大事故隐患判定标准" in text and "易错" in text
