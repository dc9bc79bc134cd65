"""The page that shows two versions side by side."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.banks import service
from app.banks.models import Bank, Question, QuestionState
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from question_bank.options import lettered
from question_bank.questions import Question as Content
from tests.app.banks.samples import LI, SOURCED, WANG, entered, single_choice, true_false
from tests.app.banks.test_lifecycle import edit, move
from tests.app.banks.test_pages import approved, statements_of
from tests.page import Browser


def edited(bank: Bank, **changes: Any) -> Question:
    """A question approved at version 1 and edited to version 2, then to version 3."""
    question = approved(bank)[0]
    edit(question, WANG, stem="下列哪一项是改过的示例（　　）。")
    move(question, QuestionState.IN_REVIEW, WANG)
    edit(question, WANG, **{"stem": "下列哪一项是改过的示例（　　）。", "key": ("C",), **changes})
    db.session.commit()
    return question


def rows(page: Any) -> dict[str, tuple[str, str]]:
    """Return the rows that say they changed: name -> what stands on either side."""
    found = page.html.find("section", attrs={"aria-labelledby": "changed"})
    cells = [row.find_all(["th", "td"]) for row in found.select("tbody tr")] if found else []
    return {
        name.contents[0].strip(): (left.get_text(strip=True), right.get_text(strip=True)) for name, left, right in cells
    }


def opened(app: Flask, question: Question, query: str = "") -> Any:
    return entered(app, "city", Role.REGULATOR, "330100").open(f"/questions/{question.id}/compare{query}")


def test_by_default_the_last_approved_version_stands_against_the_current_one(app: Flask, bank: Bank) -> None:
    page = opened(app, edited(bank))
    assert "第 1 版与第 3 版" in page.html.h1.get_text()
    assert rows(page)["答案"] == ("B", "C")
    assert rows(page).keys() == {"题干", "答案"}


def test_what_was_taken_out_and_put_in_is_marked_within_the_text(app: Flask, bank: Bank) -> None:
    section = opened(app, edited(bank)).html.find("section", attrs={"aria-labelledby": "changed"})
    cells = section.find("tbody").find("tr").find_all("td")
    assert [one.get_text() for one in cells[0].find_all(["ins", "del"])] == []
    assert [one.get_text() for one in cells[1].find_all("ins")] == ["改过的"]
    assert "有改动" in section.get_text()


def test_any_two_versions_can_be_chosen(app: Flask, bank: Bank) -> None:
    question = edited(bank)
    browser = entered(app, "city", Role.REGULATOR, "330100")
    page = browser.open(f"/questions/{question.id}/compare?from=2&to=3")
    assert rows(page).keys() == {"答案"}
    form = next(one for one in page.forms.values() if "from" in one.fields)
    form["from"], form["to"] = "3", "1"
    assert rows(browser.submit(form))["答案"] == ("C", "B")
    assert "两版内容相同" in browser.open(f"/questions/{question.id}/compare?from=2&to=2")
    browser.open(f"/questions/{question.id}/compare?from=9", status=404)
    browser.open(f"/questions/{question.id}/compare?to=x", status=404)
    browser.open("/questions/999999/compare", status=404)


def test_codes_are_shown_as_words(app: Flask, bank: Bank) -> None:
    question = service.create(bank, true_false(), actor=WANG, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    edit(question, WANG, key=("B",), difficulty=3, tags=("major_hazard_criteria",))
    db.session.commit()
    assert rows(opened(app, question)) == {
        "答案": ("正确", "错误"),
        "难度": ("中", "难"),
        "标签": ("—", "重大事故隐患判定标准"),
    }


def test_rich_text_is_compared_as_it_reads_and_shown_as_it_looks(app: Flask, bank: Bank) -> None:
    first = single_choice(stem="<p>示例<b>题干</b></p>", markup="html")
    question = service.create(bank, first, actor=WANG, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    edit(question, WANG, stem="<p>示例题干</p>")
    db.session.commit()
    page = opened(app, question)
    assert "只有格式不同" in page and "只有格式或图片不同：题干" in page
    assert "显示效果" in page


def test_what_is_accepted_in_writing_is_not_called_an_option(app: Flask, bank: Bank) -> None:
    first = Content(
        "n-1", 1, "general", "numeric", "示例通道宽多少米？", lettered(["1.2"]), ("A",), unit="米", **SOURCED
    )
    question = service.create(bank, first, actor=WANG, now=now())
    move(question, QuestionState.IN_REVIEW, WANG)
    edit(question, WANG, options=lettered(["1.2", "1.2..1.3"]), key=("A", "B"))
    db.session.commit()
    assert rows(opened(app, question)) == {"可接受答案2": ("—", "1.2..1.3"), "得满分的可接受答案": ("1", "1、2")}
    move(question, QuestionState.IN_REVIEW, WANG)
    move(question, QuestionState.APPROVED, LI)
    edit(question, WANG, options=lettered(["1.2", "1.4"]))
    move(question, QuestionState.IN_REVIEW, WANG)
    db.session.commit()
    assert "修改了：可接受答案" in entered(app, "province", Role.REGULATOR, "330000").open("/banks/review")


def test_a_question_of_one_version_says_so(app: Flask, bank: Bank) -> None:
    question = approved(bank)[0]
    page = opened(app, question)
    assert "只有一个版本" in page


def test_more_versions_cost_no_more_statements(app: Flask, bank: Bank) -> None:
    question = edited(bank)
    browser: Browser = entered(app, "admin", Role.ADMINISTRATOR)
    few = statements_of(browser, f"/questions/{question.id}/compare")
    for number in range(5):
        move(question, QuestionState.IN_REVIEW, WANG)
        edit(question, WANG, stem=f"第{number}次改过的示例题干（　　）。")
    db.session.commit()
    assert statements_of(browser, f"/questions/{question.id}/compare") == few <= 6
