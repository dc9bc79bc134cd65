"""Import of questions on the pages: upload, report, load, undo, and who may."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from app import worker
from app.banks import copies, service
from app.banks.models import Bank, Picture, Question, QuestionBand, QuestionVersion
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.jobs import Job
from tests import sample
from tests.app.banks.files import GIFT, count, picture_bytes, sent, upload, with_picture
from tests.app.banks.samples import LI, entered, row, single_choice, workbook_of


def test_a_file_goes_the_whole_way_through_the_pages(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。")]))
    assert "检查通过：2 题都可以导入" in page
    assert count() == 0
    browser.submit(browser.form(page, "/load"))
    worker.run_all()
    page = browser.open(page.request.path)
    assert "已导入 2 题" in page
    assert "示例题干甲" in browser.open("/banks/general?state=draft")
    asked = browser.open(page.request.path + "/confirm-undo")
    assert "删除这次导入的 2 道试题？" in asked and count() == 2
    page = browser.submit(browser.form(asked, "/undo"))
    assert "这次导入已撤销" in page
    assert count() == 0


def test_the_report_lists_each_wrong_row_and_what_was_not_read(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    content = with_column("阅卷人", workbook_of([row("示例题干甲（　　）。", 答案="F")]))
    page = upload(browser, content)
    assert "1 题有错，没有导入任何数据" in page
    assert "答案中的 F 不在选项里" in page
    unread = page.html.find(class_="after").get_text()
    assert "阅卷人" in unread
    assert "填写说明" not in unread


def with_column(name: str, content: bytes) -> bytes:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    sheet.cell(1, sheet.max_column + 1).value = name
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_file_in_no_known_format_is_refused_beside_the_field_at_once(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = sent(browser, b"\x00\x01\x02 nothing at all", "questions.xlsx")
    assert "没有认出文件的格式" in page.html.find(id="file-error").get_text()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_the_format_is_found_by_content_whatever_the_name(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    text = "题型,题干,答案\n判断题,示例判断题,正确\n".encode("gb18030")
    page = upload(browser, text, "questions.xlsx")
    assert "检查通过：1 题都可以导入" in page


def test_what_a_file_states_otherwise_is_told_question_by_question(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, GIFT.encode(), "示例.txt")
    assert "1 题有错，没有导入任何数据" in page
    error = page.html.find("table").get_text(" ")
    assert "第 2 题" in error and "文件第 4 行" in error
    assert "没有写明难度，按“中”读入。（2 题）" in page
    notes = page.html.find(attrs={"aria-labelledby": "remarks"}).get_text(" ")
    assert "第 3 题" in notes and "标签“示 例”含空格" in notes
    listed = browser.web.get(page.request.path + "/findings.xlsx").body
    sheet = load_workbook(io.BytesIO(listed)).worksheets[0]
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {"错误", "提示"}


def test_weights_feedback_and_typed_answers_arrive_in_the_database(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, GIFT.encode(), "示例.txt")
    browser.submit(browser.form(page, "/load"))
    worker.run_all()
    payloads = {one["kind"]: one for one in db.session.scalars(sa.select(QuestionVersion.payload))}
    assert set(payloads) == {"single_choice", "numeric"}
    assert [option.get("weight") for option in payloads["single_choice"]["options"]] == ["100", "50", "0"]
    assert payloads["single_choice"]["options"][0]["feedback"] == "对了"
    assert payloads["numeric"]["options"][0]["text"] == "3±0.5"


def test_a_load_that_fails_leaves_no_trace(app: Flask, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half way through its batches something breaks: no question, picture or index row stays, and the job says so."""
    monkeypatch.setattr(service, "WRITTEN_AT_ONCE", 1)
    written = copies.add
    calls: list[int] = []

    def failing(*args: Any, **kwargs: Any) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("the disk is full")
        written(*args, **kwargs)

    monkeypatch.setattr(copies, "add", failing)
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, with_picture().replace(b"</quiz>", SECOND_QUESTION + b"</quiz>"), "示例.xml")
    job = browser.submit(browser.form(page, "/load"))
    worker.run_all()
    assert "处理没有完成" in browser.open(job.request.path)
    assert len(calls) == 2
    for model in (Question, QuestionVersion, Picture, QuestionBand):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert "还没有写入任何数据" in browser.open(page.request.path)


SECOND_QUESTION = (
    '<question type="truefalse"><name><text>n</text></name><questiontext><text>示例第二题。</text></questiontext>'
    '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>'
).encode()


def test_the_report_shows_how_each_question_was_read(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    rows = [
        row(f"第{number}道示例题干（　　）。", 答案="C", 法规依据="示例新法", 知识点="示例点") for number in range(23)
    ]
    page = upload(browser, workbook_of(rows))
    panel = page.html.find(attrs={"aria-labelledby": "read"})
    assert "共 23 题，显示前 20 题" in panel.get_text()
    read = panel.find_all("section")
    assert len(read) == 20
    assert "第 2 行" in read[0].get_text()
    (right,) = read[0].find_all(class_="right")
    assert right.find(class_="letter").get_text() == "C" and "正确答案" in right.get_text()
    assert "示例新法" in read[0].get_text() and "示例点" in read[0].get_text()


def test_pictures_of_the_report_are_its_owners_and_no_question_has_them_yet(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, with_picture(), "示例.xml")
    address = page.html.find(class_="read").find("img")["src"]
    assert browser.web.get(address).body == picture_bytes()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 0
    browser.open(address[:-64] + "0" * 64, status=404)
    entered(app, "li", Role.REGULATOR, "330000").open(address, status=404)


def test_names_that_nobody_has_used_are_pointed_out_and_a_missing_source_is_counted(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=LI, now=now())
    db.session.commit()
    rows = [
        row("示例题干甲（　　）。", 法规依据="《示例法规》", 知识点="大纲外的点"),
        row("示例题干乙（　　）。", 法规依据="另一示例法规"),
        row("示例题干丙（　　）。"),
    ]
    page = upload(entered(app, "wang", Role.REGULATOR, "330100"), workbook_of(rows))
    notes = " ".join(one.get_text() for one in page.html.find_all(class_="warn"))
    assert "下列法规依据第一次出现，请核对名称：另一示例法规（1 题）" in notes
    assert "大纲外的点（1 题）" in notes
    assert "没有法规依据；补上以后才能送审。（1 题）" in page


def test_errors_that_a_load_finds_later_stand_on_the_page_of_the_import(app: Flask, bank: Bank) -> None:
    """The same question comes into the bank between check and load: the page lists it, and nothing was written."""
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。")]))
    other = entered(app, "li", Role.REGULATOR, "330000")
    loaded = upload(other, workbook_of([row("示例题干乙（　　）。")]))
    other.submit(other.form(loaded, "/load"))
    job = browser.submit(browser.form(page, "/load"))
    worker.run_all()
    assert "文件中有 1 处错误" in browser.open(job.request.path)
    assert count() == 1
    page = browser.open(page.request.path)
    assert "1 题有错，没有导入任何数据" in page
    listed = page.html.find("table").get_text(" ")
    assert "第 3 行" in listed and "题库中已有相同的试题" in listed and "示例题干乙" in listed
    assert "示例题干乙" in browser.open(page.html.find("table").find("a")["href"])


def test_what_was_left_out_stays_listed_after_loading(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。", 答案="F")]))
    browser.submit(browser.form(page, "/load"))
    worker.run_all()
    page = browser.open(page.request.path)
    assert "已导入 1 题" in page
    assert "答案中的 F 不在选项里" in page.html.find("table").get_text()


def test_what_was_approved_of_an_import_is_named_when_undoing_is_refused(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, workbook_of([row("示例题干甲（　　）。", 编号="first"), row("示例题干乙（　　）。")]))
    browser.submit(browser.form(page, "/load"))
    worker.run_all()
    before = browser.open(page.request.path + "/confirm-undo")
    version = db.session.scalars(sa.select(QuestionVersion).join(Question).where(Question.code == "first")).one()
    version.approved_at, version.approved_by_id, version.approved_by_name = now(), LI.user_id, LI.name
    db.session.commit()
    refused = browser.submit(browser.form(before, "/undo"))
    assert count() == 2
    assert "这次导入不能整体撤销" in refused and "1 道试题已经审定过" in refused
    assert [one.get_text() for one in refused.html.find(class_="alike").find_all("a")] == ["first"]
    assert not [one for one in refused.forms.values() if one.action.endswith("/undo")]


def test_a_report_can_be_left_and_found_again(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, workbook_of([row("示例题干甲（　　）。")]), "我的题.xlsx")
    listed = browser.open("/banks/imports")
    assert "我的题.xlsx" in listed
    assert page.request.path in str(listed.html)


@pytest.mark.parametrize("address", ["/banks/general/import", "/banks/general/export", "/banks/imports"])
def test_institutions_neither_import_nor_export(app: Flask, bank: Bank, address: str) -> None:
    sample.institution("PX01")
    db.session.commit()
    entered(app, "teacher", Role.INSTITUTION, "PX01").open(address, status=403)


def test_nobody_sees_an_import_of_somebody_else(app: Flask, bank: Bank) -> None:
    page = upload(entered(app, "wang", Role.REGULATOR, "330000"), workbook_of([row("示例题干甲（　　）。")]))
    entered(app, "li", Role.REGULATOR, "330000").open(page.request.path, status=404)


def test_the_questions_of_one_import_are_listed_and_sent_to_review_together(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=LI, now=now())
    db.session.commit()
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。")]))
    browser.submit(browser.form(page, "/load"))
    worker.run_all()
    page = browser.open(page.request.path)
    links = {one.get_text(): one["href"] for one in page.html.find("main").find_all("a")}
    listed = browser.open(links["看这次导入的试题"])
    assert "示例题干甲" in listed and "下列哪一项" not in listed and "2 条" in listed
    assert "2 道试题不能送审" in browser.open(links["送审这次导入的全部 2 题"])
    foreign = entered(app, "li", Role.REGULATOR, "330000").open(links["看这次导入的试题"])
    assert "下列哪一项" in foreign


def test_a_check_that_runs_or_was_refused_is_found_again(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    job = sent(browser, b"<quiz>\n<question></quiz>", "坏文件.xml")
    assert "坏文件.xml" in job and bank.name_zh in job.html.find(class_="crumbs").get_text()
    listed = browser.open("/banks/imports").html.find("table")
    assert "排队中" in listed.get_text() and listed.find("a")["href"] == job.request.path
    worker.run_all()
    listed = browser.open("/banks/imports").html.find("table").get_text(" ")
    assert "坏文件.xml" in listed and bank.name_zh in listed and "没有完成" in listed
    assert "开始标签与结束标签不成对" in listed
    other = entered(app, "li", Role.REGULATOR, "330000").open("/banks/imports")
    assert "坏文件.xml" not in other


def test_a_refused_load_is_listed_until_its_file_is_loaded(app: Flask, bank: Bank) -> None:
    browser = entered(app, "wang", Role.REGULATOR, "330100")
    page = upload(browser, workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。")]))
    other = entered(app, "li", Role.REGULATOR, "330000")
    loaded = upload(other, workbook_of([row("示例题干乙（　　）。")]))
    other.submit(other.form(loaded, "/load"))
    browser.submit(browser.form(page, "/load"))
    worker.run_all()
    refused = browser.open("/banks/imports").html.find(id="unfinished").find_parent("section")
    assert refused.find("a")["href"] == page.request.path and "没有完成" in refused.get_text()
    page = browser.open(page.request.path)
    browser.submit(browser.form(page, "/load"))
    worker.run_all()
    assert browser.open("/banks/imports").html.find(id="unfinished") is None


def test_what_reads_alike_is_named_by_its_place_in_the_file_or_linked_with_its_bank(app: Flask, bank: Bank) -> None:
    there = service.create(bank, single_choice("sc-1", stem="企业负责人对安全工作（　　）。"), actor=LI, now=now())
    db.session.commit()
    address = f"/questions/{there.id}"
    rows = [
        row("示例甲乙丙丁戊己庚辛（　　）。"),
        row("企业负责人对安全工作应（　　）。"),
        row("示例甲乙丙丁戊己庚辛壬（　　）。"),
    ]
    page = upload(entered(app, "wang", Role.REGULATOR, "330100"), workbook_of(rows))
    pairs = page.html.find(attrs={"aria-labelledby": "similar"}).find("tbody").find_all("tr")
    assert ["第 3 行" in pairs[0].get_text(), "第 4 行" in pairs[1].get_text()] == [True, True]
    assert pairs[0].find("a")["href"] == address and bank.name_zh in pairs[0].get_text()
    assert "考试用题库" in pairs[0].get_text()
    assert "本文件第 2 行" in pairs[1].get_text() and pairs[1].find("a") is None
