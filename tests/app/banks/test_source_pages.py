"""The pages of legal documents: lists, and what the page of one tells of its questions and marks."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from app.banks.models import Bank, Question
from app.banks.models_documents import LegalDocument
from app.core.actors import Role
from app.core.clock import start_of_day, today
from app.core.db import db
from app.sittings import shortage
from tests.app.banks.samples import entered, true_false
from tests.app.banks.test_pages import approved as approved_questions
from tests.app.banks.test_pages import statements_of
from tests.app.banks.test_pages import waiting as waiting_questions
from tests.conftest import Clock
from tests.page import Browser

LAW = "示例安全法（2021年修正）"


def approved(bank: Bank, code: str = "a-1", **changes: Any) -> Question:
    content = true_false(code, f"{code}：示例判断题的题干。", **{"source_document": LAW, **changes})
    return approved_questions(bank, content)[0]


def law() -> LegalDocument:
    db.session.rollback()
    return db.session.scalars(sa.select(LegalDocument).where(LegalDocument.name == LAW)).one()


def form_of(page: Any, *fields: str) -> Any:
    return next(one for one in page.forms.values() if all(field in one.fields for field in fields))


def looked_at(browser: Browser, **values: Any) -> Any:
    """Fill in the mark of LAW and go to the page that says what it would do."""
    form = form_of(browser.open(f"/banks/sources/{law().id}/mark"), "standing")
    for name, value in {"note": "示例说明", **values}.items():
        if name == "articles":
            for box in form.fields["articles"]:
                box.checked = box._value in value
        else:
            form[name] = value
    return browser.submit(form)


def confirmed(browser: Browser, page: Any) -> Any:
    form = form_of(page, "step", "note")
    response = form.submit("step", value="do")
    while response.status_int in (302, 303):
        response = response.follow()
    return response


def mark_panel(page: Any) -> list[str]:
    """Return what the page of a document says of each mark, in order."""
    return [mark.get_text(" ", strip=True) for mark in page.html.select(".record")]


def test_documents_are_listed_with_their_questions_by_state(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1")
    approved(bank, "a-2", source_document=f"《{LAW}》")
    waiting_questions(bank, true_false("a-3", "待审定的示例题干。", source_document=LAW))
    approved(bank, "a-4", source_document="其他示例法")
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = browser.open("/banks/sources")
    row = next(row for row in page.html.select("tbody tr") if LAW in row.get_text())
    assert [cell.get_text(strip=True) for cell in row.find_all("td")][3:] == ["2", "1", "0", "0"]
    names = [row.find("a").get_text() for row in browser.open("/banks/sources?sort=-approved").html.select("tbody tr")]
    assert names == [LAW, "其他示例法"]
    assert LAW not in browser.open("/banks/sources?q=%E5%85%B6%E4%BB%96")


def test_the_page_of_a_document_lists_its_questions(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1", source_article="第九条")
    approved(bank, "a-2", source_document="其他示例法")
    page = entered(app, "city", Role.REGULATOR, "330100").open(f"/banks/sources/{law().id}")
    assert "a-1" in page and "第九条" in page
    assert "a-2：" not in page
    assert "标记为已修改或已废止" not in page


def test_the_page_of_a_document_shows_every_mark_in_order(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1", source_article="第九条")
    approved(bank, "a-2", source_article="第十条")
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, scope="some", articles=["第九条"], note="第九条增加学时"))
    confirmed(browser, looked_at(browser, scope="some", articles=["第十条"], note="第十条提高罚款"))
    ahead = (today() + timedelta(days=30)).isoformat()
    confirmed(browser, looked_at(browser, standing="repealed", changed_on=ahead, note="由新法替代"))
    page = browser.open(f"/banks/sources/{law().id}")
    said = mark_panel(page)
    assert ["第九条增加学时" in said[0], "第十条提高罚款" in said[1], "由新法替代" in said[2]] == [True] * 3
    assert "尚未施行" in said[2] and "尚未施行" not in said[1]
    assert f"将自 {ahead} 起废止" in page.html.find(class_="state").get_text()
    assert f"将自 {ahead} 起废止" in browser.open("/banks/sources")
    reader = entered(app, "city", Role.REGULATOR, "330100").open(f"/banks/sources/{law().id}")
    assert len(mark_panel(reader)) == 3 and "撤回这条记录" not in reader


def test_sources_that_end_within_90_days_are_listed(app: Flask, bank: Bank) -> None:
    for code, days in (("over", -1), ("soon", 90), ("later", 91)):
        approved(bank, code, source_to=(today() + timedelta(days=days)).isoformat())
    browser = entered(app, "city", Role.REGULATOR, "330100")

    def codes(query: str) -> list[str]:
        rows = browser.open(f"/banks/sources/ending{query}").html.select("tbody tr")
        return [row.find_all("td")[1].get_text(strip=True) for row in rows]

    assert codes("") == ["over", "soon"]
    assert codes("?end=over") == ["over"]
    assert codes("?end=soon") == ["soon"]
    question = db.session.scalars(sa.select(Question).where(Question.code == "over")).one()
    assert "不会被抽入试卷" in browser.open(f"/questions/{question.id}")


def test_each_list_can_be_taken_along_as_a_workbook(app: Flask, bank: Bank) -> None:
    approved(bank, "a-1", source_article="第九条", source_to=today().isoformat())
    approved(bank, "a-2", source_document="其他示例法")
    browser = entered(app, "city", Role.REGULATOR, "330100")

    def rows(address: str) -> list[tuple[Any, ...]]:
        book = load_workbook(io.BytesIO(browser.web.get(address).body))
        return list(book.worksheets[0].values)[1:]

    assert rows("/banks/sources?format=xlsx&q=2021") == [(LAW, "现行有效", None, 1, 0, 0, 0)]
    assert [row[0] for row in rows(f"/banks/sources/{law().id}?format=xlsx&state=approved")] == ["a-1"]
    assert [row[1] for row in rows("/banks/sources/ending?format=xlsx")] == ["a-1"]


def test_an_unknown_document_is_said_in_words(app: Flask) -> None:
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    assert "没有找到这份法规文件" in browser.open("/banks/sources/9", status=404)
    browser.open("/sittings/shortages?document=9", status=404)
    assert "还没有试题写明依据" in browser.open("/banks/sources")


@pytest.mark.parametrize("address", ["/banks/sources", "/banks/sources/{id}", "/banks/sources/ending"])
def test_lists_ask_the_database_as_often_for_many_questions_as_for_few(app: Flask, bank: Bank, address: str) -> None:
    soon = today().isoformat()
    approved(bank, "a-1", source_to=soon)
    browser = entered(app, "admin", Role.ADMINISTRATOR)
    few = statements_of(browser, address.format(id=law().id))
    for number in range(12):
        approved(bank, f"b-{number}", source_document=f"示例法{number % 5}", source_to=soon)
        approved(bank, f"c-{number}", source_to=soon)
    assert statements_of(browser, address.format(id=law().id)) == few
    assert few <= 11


def test_the_page_of_a_marked_document_links_to_the_sittings_without_weighing_them(
    app: Flask, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    confirmed(browser, looked_at(browser, standing="changed"))
    monkeypatch.setattr(shortage, "_short", lambda *_: pytest.fail("weighs every sitting"))
    page = browser.open(f"/banks/sources/{law().id}")
    assert page.html.find("a", href=f"/sittings/shortages?document={law().id}")


def test_a_mark_whose_day_has_come_is_not_said_to_lie_ahead(app: Flask, bank: Bank, clock: Clock) -> None:
    approved(bank)
    browser = entered(app, "province", Role.REGULATOR, "330000")
    day = today() + timedelta(days=1)
    confirmed(browser, looked_at(browser, standing="changed", changed_on=day.isoformat()))
    withdraw = f"/banks/sources/{law().id}/marks/{law().marks[0].id}/withdraw"
    assert "这条记录尚未施行" in browser.open(withdraw)
    clock.set(start_of_day(day))
    page = browser.open(f"/banks/sources/{law().id}")
    assert f"自 {day} 起修改" in mark_panel(page)[0]
    assert "尚未施行" not in mark_panel(page)[0] and "将自" not in mark_panel(page)[0]
    assert "这条记录的试题尚未暂停" in browser.open(withdraw)
