"""Import of questions: good rows, each sentence for bad ones, all or nothing, undo."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import Workbook, load_workbook

from app.banks import importing, importing_words, service
from app.banks.importing import QUESTIONS
from app.banks.importing_findings import findings
from app.banks.models import Bank, Picture, Question, QuestionState, QuestionVersion
from app.core import imports
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError, worded
from question_bank.formats import FORMATS
from question_bank.kinds import KINDS
from tests.app.banks.files import count, dry_run, loaded, picture_bytes, with_picture
from tests.app.banks.samples import LI, WANG, row, single_choice, true_false, workbook_of
from tests.queries import counted


def sentences(content: bytes) -> list[tuple[int, str, str]]:
    found = importing_words.errors(dry_run(content).errors, "xlsx")
    return [(one["row"], one["column"], one["sentence"]) for one in found]


def test_the_library_template_itself_can_be_imported(app: Flask, bank: Bank) -> None:
    imported = loaded(FORMATS["xlsx"].template())
    assert imported.summary["questions"] == len(KINDS)
    assert set(db.session.scalars(sa.select(QuestionVersion.kind))) == set(KINDS)


def test_imported_questions_are_drafts_of_whoever_imported_them(app: Flask, bank: Bank) -> None:
    imported = loaded(workbook_of([row("示例题干甲（　　）。", 难度="难", 知识点="示例知识点", 法规依据="示例法规")]))
    question = db.session.scalars(sa.select(Question)).one()
    version = question.versions[0]
    assert (question.state, question.import_id) == (QuestionState.DRAFT, imported.id)
    assert (version.author_id, version.author_name, version.difficulty) == (WANG.user_id, WANG.name, 3)
    assert (version.knowledge_point, version.source_document) == ("示例知识点", "示例法规")
    assert version.payload["key"] == ["B"]


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"题型": "论述题"}, "题型", "不认识题型“论述题”"),
        ({"题干": None}, "题干", "此项必填"),
        ({"答案": None}, "答案", "此项必填"),
        ({"答案": "F"}, "答案", "答案中的 F 不在选项里"),
        ({"答案": "AB"}, "答案", "答案有 2 个选项"),
        ({"答案": "第二项"}, "答案", "答案“第二项”无法识别"),
        ({"题型": "多选题", "答案": "A"}, "答案", "答案有 1 个选项"),
        ({"选项B": None}, "选项B", "选项B是空的"),
        ({"选项B": None, "选项C": None, "答案": "A"}, "选项A", "有 1 个选项；应有 2 至 26 个"),
        ({"选项C": "示例乙"}, "选项C", "选项C与前面的选项相同"),
        ({"题型": "判断题", "答案": "正确"}, "选项A", "判断题的选项只能是“正确”和“错误”"),
        ({"难度": "极难"}, "难度", "“极难”无法识别"),
        ({"编号": "示例一"}, "编号", "“示例一”不能作编号"),
        ({"版本": "0"}, "版本", "“0”超出允许的范围"),
        ({"题库": "mines"}, "题库", "题库是“mines”，而本次导入到“general”"),
        ({"题干": "长" * 4001}, "题干", "共 4001 字，超过上限 4000 字"),
        ({"标签": "签" * 65}, "标签", "共 65 字，超过上限 64 字"),
        ({"解析": "=A1"}, "解析", "单元格里是公式"),
        ({"选项A": date(2024, 1, 1)}, "选项A", "单元格是日期格式"),
        ({"解析": "#N/A"}, "解析", "单元格是错误值（#N/A）"),
    ],
)
def test_a_bad_row_is_named_with_column_and_reason(
    app: Flask, bank: Bank, changes: dict[str, Any], column: str, words: str
) -> None:
    good = row("示例题干甲（　　）。")
    found = sentences(workbook_of([good, row("示例题干乙（　　）。", **changes)]))
    assert [(number, place) for number, place, _words in found] == [(3, column)]
    assert words in found[0][2]


def test_a_percentage_is_not_guessed(app: Flask, bank: Bank) -> None:
    book = load_workbook(io.BytesIO(workbook_of([row("示例题干甲（　　）。", 选项A=0.8)])))
    headings = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].cell(2, headings.index("选项A") + 1).number_format = "0%"
    buffer = io.BytesIO()
    book.save(buffer)
    assert "单元格是百分数格式（存为 0.8）" in sentences(buffer.getvalue())[0][2]


def test_a_question_of_the_bank_or_of_an_earlier_row_is_refused_naming_it(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice("sc-1"), actor=LI, now=now())
    there = {f"选项{letter}": f"示例{word}" for letter, word in zip("ABCD", "甲乙丙丁", strict=True)}
    rows = [
        row("下列哪一项是示例(  )", **there),
        row("示例题干甲（　　）。"),
        row("示例题干甲( )", 编号="another"),
        row("示例题干乙（　　）。", 编号="sc-1"),
    ]
    found = sentences(workbook_of(rows))
    assert [number for number, _column, _words in found] == [2, 4, 5]
    assert "sc-1" in found[0][2]
    assert "第 3 行" in found[1][2]
    assert "编号“sc-1”已被另一道试题使用" in found[2][2]


def test_nothing_is_loaded_while_one_row_is_wrong(app: Flask, bank: Bank) -> None:
    imported = dry_run(workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。", 答案="F")]))
    assert (imported.rows_total, imported.rows_wrong) == (2, 1)
    with pytest.raises(ServiceError, match="import_has_errors"):
        imports.load(QUESTIONS, imported, actor=WANG, now=now())
    assert count() == 0


def test_wrong_rows_are_left_out_when_the_user_says_so(app: Flask, bank: Bank) -> None:
    imported = dry_run(workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。", 答案="F")]))
    imports.load(QUESTIONS, imported, leave_out_wrong=True, actor=WANG, now=now())
    assert (imported.summary["left_out"], count()) == (1, 1)


def without_column(name: str) -> bytes:
    book = load_workbook(io.BytesIO(workbook_of([row("示例题干甲（　　）。")])))
    headings = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].delete_cols(headings.index(name) + 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def twice_the_column() -> bytes:
    book = Workbook()
    sheet = book.create_sheet("试题", 0)
    sheet.append(["题型", "题干", "答案", "答案"])
    sheet.append(["判断题", "示例题干", "正确", "正确"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"\x00\x01\x02 nothing at all", "没有认出文件的格式"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧版 .xls 文件或加了密码"),
        (b"x" * (20 * 1024 * 1024 + 1), "文件超过 20 MB"),
    ],
)
def test_a_file_in_no_known_format_is_refused_in_words(app: Flask, bank: Bank, content: bytes, words: str) -> None:
    with pytest.raises(ServiceError) as refused:
        dry_run(content)
    assert words in worded(refused.value)


def test_a_workbook_that_lacks_or_repeats_a_column_or_has_no_rows_is_refused(app: Flask, bank: Bank) -> None:
    for content, words in (
        (without_column("题干"), "缺少列“题干”"),
        (twice_the_column(), "列“答案”出现了两次"),
        (workbook_of([]), "文件里没有数据行"),
    ):
        with pytest.raises(ServiceError) as refused:
            dry_run(content)
        assert words in worded(refused.value)


def test_similar_stems_are_pointed_out_and_loaded_all_the_same(app: Flask, bank: Bank) -> None:
    service.create(
        bank, true_false("tf-1", "生产经营单位的主要负责人对本单位安全生产工作全面负责。"), actor=LI, now=now()
    )
    near = row("生产经营单位的主要负责人对本单位的安全生产工作全面负责。", 题型="判断题", 答案="正确")
    near |= {"选项A": None, "选项B": None, "选项C": None}
    content = workbook_of([near, row("完全不同的示例题干（　　）。")])
    reading = importing.read_file(content, "general")
    similar = findings(reading, importing.as_rows(reading)[0], "general")["similar"]
    assert [(one["row"], one["other"]) for one in similar] == [(2, "tf-1")]
    assert sentences(content) == []


def test_an_import_is_undone_as_a_whole(app: Flask, bank: Bank) -> None:
    service.create(bank, single_choice(), actor=LI, now=now())
    imported = loaded(workbook_of([row("示例题干甲（　　）。"), row("示例题干乙（　　）。")]))
    imports.undo(QUESTIONS, imported, actor=WANG, now=now())
    assert list(db.session.scalars(sa.select(Question.code))) == ["sc-1"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionVersion)) == 1


def test_an_import_that_somebody_has_built_on_is_not_undone(app: Flask, bank: Bank) -> None:
    full = {"解析": "示例", "知识点": "示例", "法规依据": "示例法规", "条款": "第一条"}
    imported = loaded(workbook_of([row("示例题干甲（　　）。", **full)]))
    question = db.session.scalars(sa.select(Question)).one()
    seen = question.versions[0].digest
    service.move(question, QuestionState.IN_REVIEW, seen=seen, actor=WANG, now=now())
    service.move(question, QuestionState.APPROVED, seen=seen, actor=LI, now=now())
    with pytest.raises(ServiceError, match="question_import_in_use"):
        imports.undo(QUESTIONS, imported, actor=WANG, now=now())
    assert count() == 1


def test_loading_writes_in_bulk(app: Flask, bank: Bank) -> None:
    content = workbook_of([row(f"第{number}道示例题干（　　）。") for number in range(120)])
    with counted() as statements:
        loaded(content)
    assert count() == 120
    assert len(statements) < 30


def test_pictures_come_along_and_are_kept_once(app: Flask, bank: Bank) -> None:
    imported = loaded(with_picture())
    version = db.session.scalars(sa.select(QuestionVersion)).one()
    digest = hashlib.sha256(picture_bytes()).hexdigest()
    assert f"picture:{digest}" in version.payload["stem"]
    assert list(db.session.scalars(sa.select(Picture.digest))) == [digest]
    imports.undo(QUESTIONS, imported, actor=WANG, now=now())
    loaded(with_picture())
    assert list(db.session.scalars(sa.select(Picture.digest))) == [digest]
