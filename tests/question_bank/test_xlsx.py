"""The .xlsx format: what is written comes back equal, and what cannot be read is named by row, column and reason."""

import zipfile
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image

from question_bank.errors import FileRefusedError, QuestionBankError
from question_bank.formats import FORMATS, Reading, recognise, xlsx_parts
from question_bank.formats import xlsx as module
from question_bank.kinds import KINDS
from question_bank.questions import Question
from tests.question_bank.drawn import picture
from tests.question_bank.samples import multiple_choice, question_lists, quick, single_choice, true_false

XLSX = FORMATS["xlsx"]
HEADINGS = [
    "题型",
    "题干",
    "选项A",
    "选项B",
    "选项C",
    "选项D",
    "答案",
    "解析",
    "难度",
    "知识点",
    "标签",
    "法规依据",
    "条款",
]
ROW = ["单选题", "示例题干", "甲", "乙", "丙", "丁", "B", "示例解析", "难", "示例知识点", "x、y", "示例法", "第一条"]


def workbook(*rows: list[Any]) -> bytes:
    """Return a workbook whose first sheet holds *rows*."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def changed(**cells: Any) -> list[Any]:
    """Return ROW with other values under the headings named."""
    return [cells.get(name, value) for name, value in zip(HEADINGS, ROW, strict=True)]


def read(*rows: list[Any]) -> Reading:
    return XLSX.read(workbook(*rows), "general")


def refusal_of(data: bytes) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refusal:
        XLSX.read(data, "general")
    return refusal.value


@quick
@given(questions=question_lists())
def test_what_is_written_comes_back_equal(questions: list[Question]) -> None:
    for bank in {question.bank for question in questions}:
        own = [question for question in questions if question.bank == bank]
        reading = XLSX.read(XLSX.write(own), bank)
        assert reading.questions == tuple(own)
        assert reading.errors == ()
        assert reading.ignored == ()


def test_texts_that_look_like_formulas_numbers_or_errors_stay_texts() -> None:
    stems = [
        "=1+1",
        "+86",
        "-3",
        "@SUM",
        "0012",
        "#N/A",
        "TRUE",
        "1e5",
        "2021-09-01",
        "80%",
        "_x0041_",
        "第一行\n第二行\t末",
    ]
    questions = [single_choice(f"s-{number}", stem=stem) for number, stem in enumerate(stems)]
    written = XLSX.write(questions)
    assert [question.stem for question in XLSX.read(written, "general").questions] == stems
    cells = load_workbook(BytesIO(written)).worksheets[0]["B"]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_usual_layout_is_read_with_every_field() -> None:
    (question,) = read(HEADINGS, ROW).questions
    assert [option.text for option in question.options] == ["甲", "乙", "丙", "丁"]
    assert (question.kind, question.key, question.difficulty, question.tags) == ("single_choice", ("B",), 3, ("x", "y"))
    assert (question.explanation, question.knowledge_point) == ("示例解析", "示例知识点")
    assert (question.source_document, question.source_article) == ("示例法", "第一条")


def test_other_headings_and_a_title_above_them_are_understood() -> None:
    reading = read(
        ["某单位题库（示例）"],
        ["序号", "试题类型", "题目内容*", "A", "B", "C", "D", "正确答案（必填）", "难易程度", "法规依据 (文件)"],
        [1, "单选", "示例题干一", "甲", "乙", "丙", "丁", "b", "较难", "示例法"],
        [],
        [2, "多项选择题", "示例题干二", "甲", "乙", "丙", None, "A，C", None, None],
        [3, "判断", "示例题干三", None, None, None, None, "×", 1, None],
    )
    assert reading.errors == ()
    assert [row.row for row in reading.rows] == [3, 5, 6]
    assert [(q.kind, q.key, q.difficulty) for q in reading.questions] == [
        ("single_choice", ("B",), 3),
        ("multiple_choice", ("A", "C"), 2),
        ("true_false", ("B",), 1),
    ]
    assert reading.questions[0].source_document == "示例法"
    assert reading.ignored == ("序号",)


def test_a_code_made_from_the_content_is_the_same_every_time() -> None:
    first, again = read(HEADINGS, ROW).questions[0], read(HEADINGS, changed(解析="另一解析")).questions[0]
    other = read(HEADINGS, changed(题干="另一题干")).questions[0]
    assert first.code == again.code != other.code
    assert first.code.startswith("general-")


def test_true_false_options_that_are_spelt_out_are_followed_in_their_order() -> None:
    reading = read(
        HEADINGS,
        ["判断题", "示例甲", "错误", "正确", None, None, "B", *ROW[7:]],
        ["判断题", "示例乙", "对", "错", None, None, "B", *ROW[7:]],
        ["判断题", "示例丙", "错误", "正确", None, None, "错误", *ROW[7:]],
        ["判断题", "示例丁", "也许", "正确", None, None, "A", *ROW[7:]],
    )
    assert [question.key for question in reading.questions] == [("A",), ("B",), ("B",)]
    assert [(error.row, error.column) for error in reading.errors] == [(5, "选项A")]


def test_numbers_in_cells_become_the_text_that_was_seen() -> None:
    (question,) = read(HEADINGS, changed(题干=2021, 选项A=48, 选项B=0.5, 选项C=-3, 难度=2)).questions
    assert question.stem == "2021"
    assert [option.text for option in question.options] == ["48", "0.5", "-3", "丁"]


def test_characters_that_excel_writes_as_codes_are_read_as_characters() -> None:
    (question,) = read(HEADINGS, changed(题干="第一行_x000D_\n第二行", 选项A="_x005F_x0041_")).questions
    assert question.stem == "第一行\n第二行"
    assert question.options[0].text == "_x0041_"


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"题型": "论述题"}, "题型", "unknown_kind"),
        ({"题型": None}, "题型", "unknown_kind"),
        ({"题干": None}, "题干", "missing_text"),
        ({"题干": "题" * 4001}, "题干", "too_long"),
        ({"选项B": None}, "选项B", "option_gap"),
        ({"选项B": "甲"}, "选项B", "options_alike"),
        ({"答案": None}, "答案", "missing_text"),
        ({"答案": "戊"}, "答案", "unreadable_key"),
        ({"答案": "F"}, "答案", "key_not_offered"),
        ({"答案": "AB"}, "答案", "wrong_key_count"),
        ({"难度": "极难"}, "难度", "unreadable_value"),
        ({"题干": "=A1"}, "题干", "formula"),
        ({"选项A": "#REF!"}, "选项A", "error_value"),
        ({"选项A": date(2021, 9, 1)}, "选项A", "date_value"),
        ({"标签": "签" * 65}, "标签", "too_long"),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_reason(cells: dict[str, Any], column: str, code: str) -> None:
    reading = read(HEADINGS, changed(题干="另一示例"), changed(**cells))
    assert [(error.row, error.column, error.code) for error in reading.errors] == [(3, column, code)]
    assert len(reading.rows) == 1


def test_a_percentage_is_refused_because_its_value_is_not_what_was_seen() -> None:
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(changed(选项A=0.8))
    book.active["C2"].number_format = "0%"
    target = BytesIO()
    book.save(target)
    (error,) = XLSX.read(target.getvalue(), "general").errors
    assert (error.row, error.column, error.code, error.data) == (2, "选项A", "percentage", {"value": "0.8"})


def test_a_truth_value_in_a_cell_for_percentages_is_a_truth_value() -> None:
    book = Workbook()
    book.active.append([*HEADINGS, "权重A"])
    book.active.append([*ROW, True])
    book.active.cell(2, len(ROW) + 1).number_format = "0%"
    target = BytesIO()
    book.save(target)
    (error,) = XLSX.read(target.getvalue(), "general").errors
    assert (error.code, error.column) == ("unreadable_weight", "权重A")


def test_days_may_be_dates_and_weights_percentages_of_the_spreadsheet() -> None:
    book = Workbook()
    book.active.append([*HEADINGS, "依据生效日", "权重A", "权重B"])
    book.active.append([*ROW, date(2021, 9, 1), -0.5, 1])
    for cell in ("O2", "P2"):
        book.active[cell].number_format = "0.0%"
    target = BytesIO()
    book.save(target)
    (question,) = XLSX.read(target.getvalue(), "general").questions
    assert question.source_from == "2021-09-01"
    assert [option.weight for option in question.options] == ["-50", "100", "0", "0"]


def test_all_problems_of_a_row_are_told_together() -> None:
    reading = read(HEADINGS, changed(答案="戊", 难度="极难", 选项A=None))
    assert {(error.column, error.code) for error in reading.errors} == {
        ("答案", "unreadable_key"),
        ("难度", "unreadable_value"),
        ("选项A", "option_gap"),
    }


def test_errors_use_the_headings_of_the_file() -> None:
    (error,) = read(["类型", "题目", "A", "B", "标准答案"], ["单选", "示例", "甲", "乙", "丙"]).errors
    assert error.column == "标准答案"


def test_the_same_question_twice_in_a_file_is_named_with_the_first_row() -> None:
    (error,) = read(HEADINGS, ROW, changed(题干="另一题干"), ROW).errors
    assert (error.row, error.code, error.data["first_row"]) == (4, "question_twice", 2)


def test_a_row_for_another_bank_is_refused() -> None:
    (error,) = read([*HEADINGS, "题库"], [*ROW, "mines"], [*changed(题干="另一题干"), "general"]).errors
    assert (error.row, error.column, error.code) == (2, "题库", "other_bank")


def test_a_missing_column_and_a_repeated_one_are_named() -> None:
    missing = refusal_of(workbook(HEADINGS[:6], ROW[:6]))
    assert (missing.code, missing.data["columns"]) == ("missing_column", ("答案",))
    repeated = refusal_of(workbook([*HEADINGS, "正确答案"], [*ROW, "B"]))
    assert (repeated.code, repeated.data["column"]) == ("column_twice", "答案")


def test_an_empty_sheet_has_no_columns_and_headings_alone_no_rows() -> None:
    assert refusal_of(workbook()).code == "missing_column"
    assert refusal_of(workbook(HEADINGS)).code == "no_rows"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("题型,题干,答案\n单选题,示例,A\n".encode(), "text_file_not_workbook"),
        ("题型,题干,答案\r\n单选题,示例,A\r\n".encode("gb18030"), "text_file_not_workbook"),
        ("题型\t题干\t答案\n".encode("utf-16"), "text_file_not_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_or_encrypted_workbook"),
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_workbook"),
        (b"PK\x03\x04 cut off", "not_a_workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_it_is(data: bytes, code: str) -> None:
    assert refusal_of(data).code == code


def archive(**parts: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name.replace("__", "/") + ".xml", content)
    return target.getvalue()


def replaced(data: bytes, name: str, change: Any) -> bytes:
    """Return the workbook *data* with the content of the part *name* passed through *change*."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in source.namelist():
            content = source.read(entry)
            written.writestr(entry, change(content) if entry == name else content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_zip_bomb_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNPACKED_BYTES", 100_000)
    bomb = archive(xl__workbook=bytes(150_000))
    assert len(bomb) < 1000
    assert refusal_of(bomb).code == "unpacks_too_large"


def test_a_file_over_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    assert refusal_of(workbook(HEADINGS, ROW)).code == "file_too_large"


def test_a_part_that_declares_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'
    assert refusal_of(replaced(workbook(HEADINGS, ROW), SHEET, lambda _: bomb)).code == "broken_workbook"


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[: len(content) // 2],
        lambda _: b"",
        lambda _: b"<worksheet>",
        lambda content: content.replace(b'r="2"', b'r="9999999999"'),
        lambda content: content.replace(b't="inlineStr"><is><t>B</t></is>', b't="s"><v>99999</v>'),
    ],
)
def test_a_damaged_workbook_is_refused_and_does_not_hang(change: Any) -> None:
    assert refusal_of(replaced(workbook(HEADINGS, ROW), SHEET, change)).code == "broken_workbook"


def test_pictures_on_a_sheet_are_named_among_what_was_not_read() -> None:
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(ROW)
    book.active.add_image(Image(BytesIO(picture())), "B2")
    target = BytesIO()
    book.save(target)
    reading = XLSX.read(target.getvalue(), "general")
    assert len(reading.rows) == 1
    assert set(reading.ignored) == {"xl/media/image1.png", "xl/drawings/drawing1.xml"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_found_wherever_it_stands(encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{encoding}'?><!--{' ' * 100_000}-->"
    bomb = f"{head}<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>".encode(encoding)
    refusal = refusal_of(replaced(workbook(HEADINGS, ROW), SHEET, lambda _: bomb))
    assert (refusal.code, refusal.data["reason"]) == ("broken_workbook", "document type declaration")
    renamed = replaced(workbook(HEADINGS, ROW), "xl/theme/theme1.xml", lambda _: bomb)
    assert refusal_of(renamed).data["reason"] == "document type declaration"


def test_cells_and_parts_without_end_are_refused_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    row = b'<row r="3">' + b"<c/>" * 70_000 + b"</row></sheetData>"
    wide = replaced(workbook(HEADINGS, ROW), SHEET, lambda content: content.replace(b"</sheetData>", row))
    assert refusal_of(wide).data["reason"] == "too many cells"
    monkeypatch.setattr(xlsx_parts, "MOST_ELEMENTS", 50)
    assert refusal_of(workbook(HEADINGS, ROW)).data["reason"] == "too many elements"
    monkeypatch.setattr(xlsx_parts, "MOST_PARTS", 3)
    assert refusal_of(workbook(HEADINGS, ROW)).data["reason"] == "too many parts"


def test_a_workbook_of_damaged_parts_is_refused() -> None:
    assert refusal_of(archive(xl__workbook=b"<workbook/>")).code == "broken_workbook"


def test_more_rows_than_allowed_are_refused_before_they_are_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    rows = [changed(题干=f"示例{number}") for number in range(6)]
    assert refusal_of(workbook(HEADINGS, *rows)).code == "too_many_rows"
    assert len(read(HEADINGS, *rows[:5]).rows) == 5
    with pytest.raises(FileRefusedError) as refusal:
        XLSX.write([single_choice(f"s-{number}") for number in range(6)])
    assert refusal.value.code == "too_many_rows"


def test_the_limit_is_twenty_thousand_rows() -> None:
    assert module.MOST_ROWS == 20_000


def test_the_template_shows_every_kind_and_reads_without_errors() -> None:
    reading = XLSX.read(XLSX.template(), "general")
    assert reading.errors == ()
    assert {question.kind for question in reading.questions} == set(KINDS)
    assert all("示例" in question.stem for question in reading.questions)
    assert reading.ignored == ("填写说明",)


def test_the_columns_are_written_in_the_customary_order() -> None:
    sheet = load_workbook(BytesIO(XLSX.write([multiple_choice(), true_false()]))).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert headings[:3] == ["题型", "题干", "选项A"]
    expected = ["选项H", "答案", "解析", "难度", "知识点", "标签", "法规依据", "条款", "编号", "版本", "题库"]
    assert headings[9:] == expected
    assert all(first != second for first, second in pairwise(headings))
    assert sheet.freeze_panes == "A2"


def test_formats_are_recognised_by_content() -> None:
    assert recognise(workbook(HEADINGS)).code == "xlsx"
    with pytest.raises(QuestionBankError) as refusal:
        recognise(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert refusal.value.code == "unknown_format"
