"""Workbooks as people keep them: merged cells, several sheets, number formats, raised and struck-out text."""

import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.xml.constants import SHARED_STRINGS

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading, recognise, xlsx_parts, xlsx_rows
from tests.question_bank.test_xlsx import refusal_of, replaced

XLSX = FORMATS["xlsx"]
HEADINGS = ["题型", "题干", "选项A", "选项B", "答案"]
ROW = ["单选题", "示例", "甲", "乙", "A"]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*sheets: tuple[str, list[list[Any]]], change: Callable[[Workbook], object] = lambda book: None) -> bytes:
    """Return a workbook of *sheets*, each a title and rows, passed through *change*."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def read(*sheets: tuple[str, list[list[Any]]], change: Callable[[Workbook], object] = lambda book: None) -> Reading:
    return XLSX.read(workbook(*sheets, change=change), "general")


def merge(*ranges: str) -> Callable[[Workbook], object]:
    return lambda book: [book.worksheets[0].merge_cells(one) for one in ranges]


def options(*values: Any, formats: tuple[str, ...]) -> Reading:
    """Return the reading of a question whose options are *values*, shown in *formats*."""

    def shown(book: Workbook) -> None:
        for cell, number_format in zip(book.worksheets[0][2][2:], formats, strict=False):
            cell.number_format = number_format

    return read(("试题", [HEADINGS, ["单选题", "示例", *values, "A"]]), change=shown)


def test_what_is_merged_downwards_counts_for_every_row() -> None:
    reading = read(
        (
            "试题",
            [
                ["示例题库"],
                [*HEADINGS, "法规依据"],
                [*ROW, "示例法"],
                [None, "示例二", "甲", "乙", "B", None],
                ["判断题", "示例三", None, None, "对", None],
            ],
        ),
        change=merge("A1:F1", "A3:A4", "F3:F4"),
    )
    assert reading.errors == ()
    assert [(one.kind, one.source_document) for one in reading.questions] == [
        ("single_choice", "示例法"),
        ("single_choice", "示例法"),
        ("true_false", ""),
    ]


def test_headings_of_two_rows_with_merged_cells_are_understood() -> None:
    rows = [["题型", "题干", "选项", None, "答案"], [None, None, "A", "B", None], ROW]
    reading = read(("试题", rows), change=merge("A1:A2", "B1:B2", "C1:D1", "E1:E2"))
    assert (reading.errors, len(reading.rows), reading.ignored) == ((), 1, ())


def test_every_sheet_with_questions_is_read_and_places_name_the_sheet() -> None:
    bare = HEADINGS[1:]
    reading = read(
        ("填写说明", [["请按模板填写"]]),
        ("单选题", [bare, ["示例一", "甲", "乙", "A"], ["示例二", "甲", "乙", "戊"]]),
        ("判断题", [["题干", "答案"], ["示例三", "对"], ["示例三", "错"]]),
        ("填写示例", [HEADINGS, ROW]),
    )
    assert [(one.part, one.row, one.line, one.question.kind) for one in reading.rows] == [
        ("单选题", 1, 2, "single_choice"),
        ("判断题", 3, 2, "true_false"),
    ]
    assert [(one.part, one.row, one.line, one.code) for one in reading.errors] == [
        ("单选题", 2, 3, "unreadable_key"),
        ("判断题", 4, 3, "question_twice"),
    ]
    assert reading.errors[1].data["first_row"] == "判断题!2"
    assert reading.ignored == ("填写说明", "填写示例")


def test_parts_of_a_case_on_one_of_several_sheets_are_placed_by_their_sheet() -> None:
    case = [
        ["题型", "题干", "选项A", "选项B", "答案", "所属案例"],
        ["案例题", "案情"],
        [*ROW, "上一案例"],
        ["判断题", "小题二", None, None, "也许", "上一案例"],
    ]
    reading = read(("单选题", [HEADINGS, ROW]), ("案例题", case))
    assert [(one.part, one.row, one.line, one.code) for one in reading.errors] == [
        ("案例题", 2, 2, "part_not_read"),
        ("案例题", 4, 4, "unreadable_key"),
    ]
    assert reading.errors[0].data["rows"] == ("案例题!4",)


def test_a_table_without_kinds_on_a_sheet_that_names_none_has_them_inferred() -> None:
    bare = [HEADINGS[1:], ROW[1:], ["示例二", "甲", "乙", "AB"], ["示例三", None, None, "对"]]
    reading = read(("Sheet1", bare), ("判断题", [["题干", "答案"], ["示例四", "错"]]))
    assert [(one.part, one.question.kind) for one in reading.rows] == [
        ("Sheet1", "single_choice"),
        ("Sheet1", "multiple_choice"),
        ("Sheet1", "true_false"),
        ("判断题", "true_false"),
    ]
    told = [(one.part, one.line, one.data) for one in reading.remarks if one.code == "kind_inferred"]
    assert told == [
        ("Sheet1", 2, {"value": "单选题"}),
        ("Sheet1", 3, {"value": "多选题"}),
        ("Sheet1", 4, {"value": "判断题"}),
    ]


def test_a_row_above_the_headings_that_lacks_the_kind_is_not_taken_for_them() -> None:
    reading = read(("试题", [["题目", "答案"], HEADINGS, ROW]))
    assert ([one.kind for one in reading.questions], reading.errors) == (["single_choice"], ())


def test_hidden_sheets_are_not_read_and_hidden_rows_are() -> None:
    def hide(book: Workbook) -> None:
        book.worksheets[0].sheet_state = "hidden"
        book.worksheets[1].row_dimensions[3].hidden = True

    reading = read(("字典", [HEADINGS, ROW]), ("试题", [HEADINGS, ROW, [*ROW[:1], "示例二", *ROW[2:]]]), change=hide)
    assert [row.row for row in reading.rows] == [2, 3]
    assert reading.ignored == ("字典",)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (3.0, "General", "3"),
        (1e-7, "General", "0.0000001"),
        (1e16, "General", "10000000000000000"),
        (1.5, "0.00", "1.50"),
        (2.345, "0.00_ ", "2.35"),
        (-0.5, "0.0", "-0.5"),
        (7, "000", "007"),
        (1234567, "#,##0", "1,234,567"),
        (1234.5, "#,##0.00", "1,234.50"),
        (3, "@", "3"),
    ],
)
def test_a_number_is_read_as_its_cell_shows_it(value: float, number_format: str, text: str) -> None:
    reading = options(value, "乙", formats=(number_format,))
    assert reading.errors == ()
    assert reading.questions[0].options[0].text == text


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (0.5, "# ?/?", "number_format"),
        (5, "¥#,##0.00", "number_format"),
        (12345, "0.00E+00", "number_format"),
        (0.8, "0%", "percentage"),
        (date(2021, 1, 2), "m/d", "date_value"),
    ],
)
def test_a_number_that_is_shown_as_something_else_is_refused(value: Any, number_format: str, code: str) -> None:
    (error,) = options(value, "乙", formats=(number_format,)).errors
    assert (error.row, error.column, error.code) == (2, "选项A", code)


def test_text_that_is_struck_out_is_refused() -> None:
    def strike(book: Workbook) -> None:
        book.worksheets[0]["D2"].font = Font(strike=True)

    (error,) = read(("试题", [HEADINGS, ROW]), change=strike).errors
    assert (error.row, error.column, error.code, error.data) == (2, "选项B", "struck_out", {"value": "乙"})


def with_shared(*items: str, stem: int = 0, headings: list[Any] = HEADINGS, row: list[Any] = ROW) -> bytes:
    """Return a workbook with shared strings, as spreadsheets write it; what stands in B2 is one of *items*."""
    stem_cell = re.compile(rb'<c r="B2"[^>]*?(?:/>|>.*?</c>)')
    data = workbook(("试题", [headings, [cell or "示例" for cell in row]]))
    data = replaced(data, SHEET, lambda xml: stem_cell.sub(b'<c r="B2" t="s"><v>%d</v></c>' % stem, xml))
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'.encode()
    target = BytesIO(replaced(data, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", part)))
    with zipfile.ZipFile(target, "a") as archive:
        strings = "".join(f"<si>{item}</si>" for item in items)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
    return target.getvalue()


def test_what_is_raised_or_lowered_in_a_cell_stays_so() -> None:
    raised = '<r><rPr><vertAlign val="superscript"/></rPr><t>-6</t></r>'
    bold = '<r><rPr><b/></rPr><t xml:space="preserve"> m&lt;3&#10;H</t></r>'
    lowered = '<r><rPr><vertAlign val="subscript"/></rPr><t>2</t></r>'
    question = XLSX.read(with_shared(f"<r><t>10</t></r>{raised}{bold}{lowered}"), "general").questions[0]
    assert (question.markup, question.stem) == ("html", "10<sup>-6</sup> m&lt;3<br>H<sub>2</sub>")
    assert [option.text for option in question.options] == ["甲", "乙"]


def test_what_is_raised_stays_so_where_options_are_taken_apart() -> None:
    runs = '<r><t>A. 1&lt;2;x</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r><r><t>&#10;B. 乙</t></r>'
    data = with_shared(runs, headings=["题型", "选项", "题干", "答案"], row=["单选题", None, "示例", "A"])
    (question,) = XLSX.read(data, "general").questions
    assert [option.text for option in question.options] == ["1&lt;2;x<sup>2</sup>", "乙"]


def test_other_decoration_and_readings_of_words_leave_plain_text() -> None:
    item = '<r><rPr><b/></rPr><t>示</t></r><r><t>例</t></r><rPh sb="0" eb="1"><t>shi</t></rPh>'
    question = XLSX.read(with_shared("<t>另一</t>", item, stem=1), "general").questions[0]
    assert (question.markup, question.stem) == ("plain", "示例")


def test_a_piece_of_a_cell_that_is_struck_out_is_refused() -> None:
    item = "<r><t>示例</t></r><r><rPr><strike/></rPr><t>作废</t></r>"
    (error,) = XLSX.read(with_shared(item), "general").errors
    assert (error.column, error.code) == ("题干", "struck_out")


def test_codes_for_characters_are_read_once() -> None:
    assert XLSX.read(with_shared("<t>_x005F_x0041_</t>"), "general").questions[0].stem == "_x0041_"


def test_text_that_a_cell_brings_along_keeps_what_is_raised() -> None:
    inline = (
        b'<c r="B2" t="inlineStr"><is><r><t>m</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>3</t></r></is></c>'
    )
    stem_cell = re.compile(rb'<c r="B2"[^>]*>.*?</c>')
    data = replaced(workbook(("试题", [HEADINGS, ROW])), SHEET, lambda xml: stem_cell.sub(inline, xml))
    assert XLSX.read(data, "general").questions[0].stem == "m<sup>3</sup>"


def test_a_formula_that_many_cells_share_is_named_and_not_worked_out() -> None:
    shared = b'<c r="B2"><f t="shared" si="0" ref="B2:B9">%s1</f><v>1</v></c>' % (b"A1+" * 50_000)
    stem_cell = re.compile(rb'<c r="B2"[^>]*>.*?</c>')
    follow = b"".join(
        b'<row r="%d"><c r="B%d"><f t="shared" si="0"/></c></row>' % (number, number) for number in range(3, 3_000)
    )
    data = replaced(
        workbook(("试题", [HEADINGS, ROW])),
        SHEET,
        lambda xml: stem_cell.sub(shared, xml).replace(b"</sheetData>", follow + b"</sheetData>"),
    )
    assert {error.code for error in XLSX.read(data, "general").errors} == {"formula"}


def test_a_picture_that_wps_put_into_a_cell_is_named_as_that() -> None:
    (error,) = read(("试题", [HEADINGS, ["单选题", "示例", '=_xlfn.DISPIMG("ID_1",1)', "乙", "B"]])).errors
    assert (error.column, error.code) == ("选项A", "picture_in_cell")


def test_a_workbook_with_macros_is_read_as_any_other() -> None:
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    data = workbook(("试题", [HEADINGS, ROW]))
    changed = replaced(data, "[Content_Types].xml", lambda xml: xml.replace(plain, macros))
    assert changed != data
    assert len(XLSX.read(changed, "general").rows) == 1


def test_a_strict_workbook_is_refused_with_what_it_is() -> None:
    strict = replaced(
        workbook(("试题", [HEADINGS, ROW])),
        "xl/workbook.xml",
        lambda xml: xml.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    )
    assert recognise(strict) is XLSX
    assert refusal_of(strict).code == "strict_workbook"


HARM = {
    "attribute": b'<x a="' + b"x" * 3_000_000 + b'"/>',
    "comment": b"<!--" + b"x" * 3_000_000 + b"-->",
    "text": b"<x>" + b"x" * 3_000_000 + b"</x>",
}


@pytest.mark.parametrize("what", HARM)
@pytest.mark.parametrize("before", [b"", b" " * 1_000])
def test_a_tag_or_text_without_end_is_refused_before_it_is_read(what: str, before: bytes) -> None:
    harm = replaced(workbook(("试题", [HEADINGS, ROW])), SHEET, lambda _: before + b"<x>" + HARM[what] + b"</x>")
    assert refusal_of(harm).data["reason"] == "a text or tag too long"


def below_rows(xml: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(b"</sheetData>", b"</sheetData>" + xml)


def test_what_stands_beside_the_rows_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook(("试题", [HEADINGS, ROW]), ("另一", [HEADINGS, ROW]))
    monkeypatch.setattr(xlsx_parts, "MOST_MERGED", 3)
    merged = b"<mergeCells>" + b'<mergeCell ref="A9:A10"/>' * 4 + b"</mergeCells>"
    assert refusal_of(replaced(data, SHEET, below_rows(merged))).data["reason"] == "too many merged cells"
    monkeypatch.setattr(xlsx_parts, "MOST_SHEETS", 1)
    assert refusal_of(data).data["reason"] == "too many sheets"
    monkeypatch.setattr(xlsx_parts, "MOST_OTHERS", 50)
    rules = b"<conditionalFormatting/>" * 60
    assert refusal_of(replaced(data, SHEET, below_rows(rules))).data["reason"] == "too many elements"


def test_rows_out_of_order_are_refused_since_they_would_be_lost() -> None:
    data = workbook(("试题", [HEADINGS, ROW, [*ROW[:1], "示例二", *ROW[2:]]]))
    turned = replaced(data, SHEET, lambda xml: xml.replace(b'<row r="3"', b'<row r="2"'))
    assert refusal_of(turned).data["reason"] == "rows out of order"


def test_sheets_that_share_a_part_are_read_once() -> None:
    data = workbook(("试题", [HEADINGS, ROW]), ("另一", [HEADINGS, ROW]))
    shared = replaced(data, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet2.xml", b"sheet1.xml"))
    assert len(XLSX.read(shared, "general").rows) == 1


def test_nothing_outside_the_archive_is_read() -> None:
    data = workbook(("试题", [HEADINGS, ROW]))
    outside = replaced(
        data, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"/xl/worksheets/sheet1.xml", b"../../../etc/hosts")
    )
    assert refusal_of(outside).code == "no_rows"


def test_one_text_that_stands_in_every_cell_is_counted_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_rows, "MOST_CHARACTERS", 50_000)
    data = with_shared(f"<t>{'题' * 4_000}</t>")
    rows = b"".join(b'<row r="%d"><c r="B%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(3, 16))
    assert len(XLSX.read(data, "general").rows) == 1
    many = replaced(data, SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert refusal_of(many).code == "unpacks_too_large"


def test_a_workbook_whose_parts_are_encrypted_is_refused_with_that() -> None:
    data = bytearray(workbook(("试题", [HEADINGS, ROW])))
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 1)
    assert refusal_of(bytes(data)).code == "encrypted_archive"


def test_a_workbook_that_was_broken_off_is_recognised_as_such() -> None:
    data = workbook(("试题", [HEADINGS, ROW]))
    for end in (len(data) // 2, len(data) - 30):
        with pytest.raises(FileRefusedError) as refusal:
            recognise(data[:end])
        assert refusal.value.code == "broken_archive"


def archive(*names: str) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name in names:
            written.writestr(name, "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "value"),
    [
        (archive("mimetype", "content.xml"), "office_file", "OpenDocument"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "office_file", ".xlsb"),
        (archive("[Content_Types].xml", "word/document.xml"), "office_file", ".docx"),
        ("<html><table><tr><td>题型</td></tr></table>".encode("gb18030"), "office_file", "HTML"),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "office_file", "XML 2003"),
        (archive("readme.txt"), "unknown_format", None),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old_or_encrypted_workbook", None),
    ],
)
def test_files_of_other_programs_are_refused_with_what_they_are(data: bytes, code: str, value: str | None) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        recognise(data)
    assert (refusal.value.code, refusal.value.data.get("value")) == (code, value)
