"""What a reading says of a file, in sentences."""

from __future__ import annotations

import pytest
from flask import Flask

from app.banks import importing_words
from app.banks.importing import form_of, read_file
from app.banks.models import Bank
from app.core.errors import ServiceError, worded
from tests.question_bank.qti import MAP, declaration, interaction, item, mapping

REASONS = (
    "missing", "picture_elsewhere", "picture_empty", "picture_too_large", "picture_of_other_type",
    "picture_too_many_pixels", "picture_too_long", "picture_broken", "too_many_pictures",
)  # fmt: skip


def remarks(content: str) -> list[str]:
    reading = read_file(content.encode(), "general")
    return [importing_words.remark(one.code, one.data) for one in reading.remarks]


@pytest.mark.parametrize("reason", REASONS)
def test_why_a_picture_was_left_out_is_said_in_words(app: Flask, reason: str) -> None:
    with app.test_request_context():
        told = importing_words.remark("picture_left_out", {"reason": reason, "name": "示例.png"})
    assert "示例.png" in told
    assert reason not in told


def test_bounds_of_the_total_that_were_not_read_are_told(app: Flask) -> None:
    bounded = mapping({"H": "1", "He": "-1", "C": "1"}, "lowerBound='-1' upperBound='1'")
    with app.test_request_context():
        told = remarks(item(declaration("", bounded, "multiple"), interaction(most=0), MAP))
    assert "原文规定了总分的上下限（下限 -1，上限 1），没有读入；请核对权重。" in told


def test_a_file_of_qti_1_is_refused_by_name(app: Flask, bank: Bank) -> None:
    content = b"<questestinterop><assessment/></questestinterop>"
    assert form_of(content).code == "qti21"
    with pytest.raises(ServiceError) as refused:
        read_file(content, "general")
    assert "这是 QTI 1.x 文件（questestinterop），不能读取" in worded(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<quiz>\n<question></quiz>", "（开始标签与结束标签不成对）"),
        (b"<quiz>\n<question>", "（文件不完整，后面的内容缺失）"),
        (b"<quiz>a & b</quiz>", "（有不能这样写的字符，如单独的 & 或 <）"),
        ('题型,题干,答案\n判断题,"示例,正确\n'.encode(), "（引号没有成对）"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_chinese(app: Flask, bank: Bank, content: bytes, words: str) -> None:
    with pytest.raises(ServiceError) as refused:
        read_file(content, "general")
    assert words in worded(refused.value)


def test_rows_of_tables_are_called_rows_and_questions_of_texts_questions(app: Flask) -> None:
    with app.test_request_context():
        assert importing_words.place({"row": 3, "line": 3}, "csv") == "第 3 行"
        assert importing_words.place({"row": 3, "line": 7}, "csv") == "第 3 行（文本第 7 行）"
        assert importing_words.place({"row": 12, "line": 4, "file_part": "多选题"}, "xlsx") == "多选题、第 4 行"
        assert importing_words.place({"row": 3, "line": 7}, "gift") == "第 3 题、文件第 7 行"
        assert (
            importing_words.place({"row": 1, "line": 2, "file_part": "a.xml"}, "qti21") == "a.xml、第 1 题、文件第 2 行"
        )


def test_the_first_of_two_equal_questions_is_named_by_sheet_and_row(app: Flask) -> None:
    with app.test_request_context():
        told = importing_words.error("question_question_twice", {"first_row": "判断题!2", "question": "x"}, "xlsx")
        assert "与判断题、第 2 行是同一道试题" in told
        assert "与第 2 行是同一道试题" in importing_words.error("question_question_twice", {"first_row": 2}, "xlsx")
