"""What is pointed out when a question is saved or looked at, and refused by nobody."""

from __future__ import annotations

import pytest
from flask import Flask

from app.banks import documents, remarks, service, suggesting
from app.banks.models import Bank
from app.core.clock import now, today
from app.core.db import db
from courses.knowledge_points import points
from question_bank.options import Option
from question_bank.sources import Standing
from tests import sample
from tests.app.banks.samples import WANG, single_choice, true_false
from tests.app.banks.test_writing import NEW, fill, form_of, press, writer
from tests.question_bank import samples

THIRDS = tuple(Option(letter, f"示例{letter}", "33.33333") for letter in "ABC")
UNEVEN = (Option("A", "示例甲", "60"), Option("B", "示例乙", "90"), Option("C", "示例丙", "-50"))


def save(app: Flask, **values: str) -> str:
    """Save a question with these fields; return what the page behind says in its notes."""
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/true_false")), stem="示例判断题。", truth="A", **values)
    page = press(browser, form, "save")
    assert "草稿已保存" in page
    return " ".join(note.get_text() for note in page.html.select(".note"))


def test_a_document_that_no_question_rested_on_is_pointed_out_with_those_named_alike(app: Flask, bank: Bank) -> None:
    old = "中华人民共和国示例法"
    service.create(bank, single_choice(source_document=old), actor=WANG, now=now())
    db.session.commit()
    said = save(app, source_document="示例法（2025年修订）")
    assert "第一次作为法规依据出现" in said and old in said


@pytest.mark.parametrize("spelled", ["中华人民共和国示例法", "《中华人民共和国 示例法》", ""])
def test_a_known_document_and_none_are_not_pointed_out(app: Flask, bank: Bank, spelled: str) -> None:
    service.create(bank, single_choice(source_document="中华人民共和国示例法"), actor=WANG, now=now())
    db.session.commit()
    assert "第一次作为法规依据" not in save(app, source_document=spelled)


def test_a_knowledge_point_outside_the_syllabus_is_pointed_out(app: Flask, bank: Bank) -> None:
    assert "不在本行业的课程大纲里" in save(app, knowledge_point="随手写的知识点")


@pytest.mark.parametrize("name", [points("general")[0].name_zh, ""])
def test_a_knowledge_point_of_the_syllabus_and_none_are_not_pointed_out(app: Flask, bank: Bank, name: str) -> None:
    assert "课程大纲" not in save(app, knowledge_point=name)


def test_documents_are_suggested_those_of_the_bank_first_but_no_repealed_ones(app: Flask, bank: Bank) -> None:
    for number, name in enumerate(("丙示例法", "乙示例法", "甲示例法"), start=1):
        content = true_false(f"tf-{number}", f"第{number}道示例判断题。", source_document=name)
        service.create(bank, content, actor=WANG, now=now())
    mines = sample.added(Bank(code="mines", name_zh="矿山题库", name_en="Mines", sector_code="mines", created_at=now()))
    service.create(mines, true_false("m-1", "矿山的示例判断题。", source_document="0 示例法"), actor=WANG, now=now())
    documents.register(["没有试题的示例法"], now=now())
    db.session.commit()
    ids = documents.register(["乙示例法"], now=now())
    document = documents.document_by_id(ids["乙示例法"])
    document.standing, document.changed_on = Standing.REPEALED, today()
    db.session.commit()
    expected = [*sorted(["丙示例法", "甲示例法"]), "0 示例法"]
    assert [one.value for one in suggesting.source_documents(bank)] == expected
    page = writer(app).open(f"{NEW}/true_false")
    field = page.html.find(id="source_document")
    offered = [option["value"] for option in page.html.select(f"#{field['list']} option")]
    assert offered == expected


def test_weights_that_do_not_add_up_are_shown_as_they_are_marked(app: Flask, bank: Bank) -> None:
    (found,) = remarks.scaled(samples.multiple_choice(key="AB", weighted=UNEVEN))
    assert (found.total, found.shares) == ("150", (("A", "40.0"), ("B", "60.0")))
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/multiple_choice")), stem="示例多选题（　　）。", key=["A", "B"])
    fill(form, option_A="甲", option_B="乙", option_C="丙", weight_A="60", weight_B="90")
    page = press(browser, form, "preview")
    shown = page.html.find("section", attrs={"aria-labelledby": "preview"}).get_text()
    assert "合计 150%" in shown and "A 40.0%、B 60.0%" in shown
    assert "合计 150%" in press(browser, form_of(page), "save")


def test_thirds_that_are_rounded_and_other_kinds_add_up(app: Flask) -> None:
    for content in (
        samples.multiple_choice(key="ABC", weighted=THIRDS),
        samples.multiple_choice(),
        samples.single_choice(options=(Option("A", "甲", "100"), Option("B", "乙", "50")), key=("A",)),
    ):
        assert remarks.scaled(content) == []


def test_a_part_is_named_by_its_number(app: Flask) -> None:
    case = samples.case_study()
    uneven = samples.Part("multiple_choice", "示例小题", UNEVEN, ("A", "B"))
    (found,) = remarks.scaled(samples.case_study(parts=(*case.parts, uneven)))
    with app.test_request_context():
        assert remarks.scaled_words(found).startswith("第 4 小题：")
