"""Files that are no file of questions, though parts of them look like one: each is refused by its name."""

import sqlite3
from pathlib import Path

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, recognise
from tests.question_bank.recognising import recognised

HTML = "<body>\nA. 甲\nB. 乙\nANSWER: A\n{=甲 ~乙}</body>"
PAIR = '{"题干": "什么是 {安全}？{=a ~b}",\n"答案": "A"}'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (PAIR, "JSON"),
        (f"[{PAIR}, {PAIR}]", "JSON"),
        (f'{{\n "questions": [\n {PAIR}\n ]\n}}', "JSON"),
        (f"{PAIR}\n{PAIR}\n", "JSON"),
        ("{}", "JSON"),
        ("\ufeff [ ]\n", "JSON"),
        ("---\nquestions:\n  - stem: x {=a}\n    answer: A\n", "YAML"),
        ("# 题库\n- question: 甲？\n  A: 一\n  answer: A\n{T}", "YAML"),
        ("questions:\n- stem: x {a}\n", "YAML"),
        ("questions:\n  - stem: x\n    options: [a, b]\n", "YAML"),
        ("# 题库\nquestions:\n- stem: x\n  options: {A: 一, B: 二}\n", "YAML"),
        ("- {stem: 问, answer: A}\n", "YAML"),
        (f"<!DOCTYPE html>\n<html>{HTML}</html>", "HTML"),
        (f"<!-- saved from url -->\n<HTML>{HTML}</HTML>", "HTML"),
        (f"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>{HTML}</html>", "HTML"),
        (HTML, "HTML"),
        (f"From: x\nMIME-Version: 1.0\n\n{HTML}", "MHTML"),
        ("%PDF-1.4\n1 0 obj <</A {=1}>>\nA. x\nB. y\n", "PDF"),
        ("{\\rtf1\\ansi\nA. x\\par\nB. y\\par}", "RTF"),
        ("% 题库\n\\documentclass{article}\nx {=a}\n", "LaTeX"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_of_another_sort_is_refused_by_its_name(text: str, name: str, encoding: str) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        recognise(text.encode(encoding))
    assert (refusal.value.code, refusal.value.data) == ("office_file", {"value": name})


def test_a_database_is_refused_by_its_name(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "q.db") as base:
        base.execute("create table q (题干 text, 答案 text)")
    base.close()
    with pytest.raises(FileRefusedError) as refusal:
        recognise((tmp_path / "q.db").read_bytes())
    assert refusal.value.data == {"value": "SQLite"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[html]<p>甲</p>{=a ~b}", "gift"),
        ("[甲] is what? {=a ~b}", "gift"),
        ('"x" is {~a =b}', "gift"),
        ("What {T}", "gift"),
        ("<table><tr><td>甲</td></tr></table>{=a ~b}", "gift"),
        ("- 甲: 乙 {=a ~b}", "gift"),
        ("下列正确的是:\n- 甲\n- 乙 {T}", "gift"),
        ("---\n甲？\nA. 一\nB. 二\nANSWER: A\n", "aiken"),
        ("Content:\n- A: b\nA. 一\nB. 二\nANSWER: A\n", "aiken"),
        ("Content:\n- A: b\nANSWER: A\n", "aiken"),
        ("# 题\n下列说法:\n- 甲: 乙\n- 丙: 丁\n{=对 ~错}\n", "gift"),
        ("说明:\n- 题库: 甲\n题干,选项A,选项B,答案\n问,一,二,A\n", "csv"),
        ("Which:\nA. 一\nB. 二\nANSWER: A\n", "aiken"),
    ],
)
def test_questions_that_begin_a_little_like_something_else_are_questions(text: str, code: str) -> None:
    assert recognised(text.encode()) == code


@pytest.mark.parametrize("code", sorted(FORMATS))
def test_no_template_is_taken_for_a_stranger(code: str) -> None:
    assert recognised(FORMATS[code].template()).removesuffix("22").removesuffix("30")[:3] == code[:3]
