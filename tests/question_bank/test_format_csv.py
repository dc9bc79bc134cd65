"""CSV: separators, quoting, and texts that a spreadsheet must not take for formulas."""

import csv
from io import StringIO

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading, recognise
from question_bank.formats import csv as module
from tests.question_bank.samples import single_choice

CSV = FORMATS["csv"]


def read(text: str) -> Reading:
    return CSV.read(text.encode(), "general")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("before", ["", "某单位题库（示例）\n\n"])
def test_every_separator_is_understood(separator: str, before: str) -> None:
    rows = [["题型", "题干", "A", "B", "答案", "备注"], ["单选", "甲,乙;丙", "a", "b", "B", "x"]]
    lines = [separator.join(f'"{cell}"' if cell == "甲,乙;丙" else cell for cell in row) for row in rows]
    text = before + "\n".join(lines)
    assert recognise(text.encode()) is CSV
    reading = read(text)
    assert reading.errors == ()
    (question,) = reading.questions
    assert (question.stem, question.key) == ("甲,乙;丙", ("B",))
    assert reading.ignored == ("备注",)


def test_the_separator_that_excel_announces_is_no_row() -> None:
    assert read("sep=;\n题型;题干;答案\n判断;示例;对").questions[0].key == ("A",)


def test_rows_are_counted_as_spreadsheets_do_and_lines_as_editors_do() -> None:
    reading = read('题型,题干,答案\n判断,"第一行\n第二行",对\n判断,示例,也许\n')
    assert [(row.row, row.line) for row in reading.rows] == [(2, 2)]
    assert reading.questions[0].stem == "第一行\n第二行"
    assert [(error.row, error.line, error.column, error.code) for error in reading.errors] == [
        (3, 4, "答案", "unreadable_key")
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('题型,题干,答案\n判断,甲,对\n判断,"乙,对\n', "malformed_csv", 3),
        ('题型,题干,答案\n判断,"甲"乙,对\n', "malformed_csv", 2),
        ("\n题型,题干\n判断,甲\n", "missing_column", 2),
        ("题型,题干,答案,正确答案\n判断,甲,对,对\n", "column_twice", 1),
        ("题型,题干,答案\n", "no_rows", 1),
    ],
)
def test_a_malformed_table_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read(text)
    assert (refusal.value.code, refusal.value.data["line"]) == (code, line)


def test_a_table_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    with pytest.raises(FileRefusedError) as refusal:
        read("题型,题干,答案\n" + "".join(f"判断,示例{number},对\n" for number in range(3)))
    assert refusal.value.code == "too_many_rows"


def test_texts_like_formulas_are_written_as_text_and_come_back() -> None:
    stems = ["=1+1", "+86 号", "-3", "@SUM(A1)", "'=1", "'示例", "''=", '=HYPERLINK("x")']
    written = CSV.write([single_choice(f"s-{number}", stem=stem) for number, stem in enumerate(stems)])
    cells = [row[1] for row in csv.reader(StringIO(written.decode("utf-8-sig")))][1:]
    assert cells == ["'=1+1", "'+86 号", "-3", "'@SUM(A1)", "''=1", "'示例", "'''=", '\'=HYPERLINK("x")']
    assert [question.stem for question in CSV.read(written, "general").questions] == stems


def test_lines_and_rows_beyond_any_table_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read("题型,题干,答案\n" + "," * 1_000_000)
    assert (refusal.value.code, refusal.value.data["line"]) == ("malformed_csv", 2)
    monkeypatch.setattr(module, "_MOST_LINES", 3)
    with pytest.raises(FileRefusedError) as refusal:
        read("题型,题干,答案\n" + ",\n" * 4)
    assert (refusal.value.code, refusal.value.data["line"]) == ("too_many_rows", 4)
