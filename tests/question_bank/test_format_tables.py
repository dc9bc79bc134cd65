"""Tables with all columns: weights, feedback, new kinds, HTML, and case studies over several rows."""

import base64
import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given

from question_bank.errors import InvalidQuestionError
from question_bank.formats import FORMATS, Reading
from question_bank.formats.rows import question_from, row_of
from question_bank.questions import Question
from tests.question_bank.drawn import picture
from tests.question_bank.rich import full_questions
from tests.question_bank.samples import case_study, multiple_choice, numeric, quick, short_answer, single_choice

CSV = FORMATS["csv"]


def table(*rows: dict[str, str]) -> str:
    """Return a table with the columns that *rows* fill, and the required ones."""
    names = list(dict.fromkeys(("题型", "题干", "答案", *(name for row in rows for name in row))))
    target = StringIO()
    writer = csv.DictWriter(target, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def read(*rows: dict[str, str]) -> Reading:
    return CSV.read(table(*rows).encode(), "general")


def one(**cells: str) -> Question:
    reading = read(cells)
    assert reading.errors == ()
    (question,) = reading.questions
    return question


CHOICE = {"题型": "单选题", "题干": "示例", "选项A": "甲", "选项B": "乙", "选项C": "丙", "答案": "A"}


def headings(*questions: Question) -> list[str]:
    return next(csv.reader(StringIO(CSV.write(questions).decode("utf-8-sig"))))


def test_weights_and_feedback_have_columns_of_their_own() -> None:
    question = one(**CHOICE, 权重A="100", 权重B="50%", 权重C="-33.333330", 反馈B="近了")
    assert [option.weight for option in question.options] == ["100", "50", "-33.33333"]
    assert [option.feedback for option in question.options] == ["", "近了", ""]


def test_weights_that_say_what_the_key_says_are_not_kept() -> None:
    assert [one.weight for one in one(**CHOICE, 权重A="100").options] == ["", "", ""]
    many = one(**{**CHOICE, "题型": "多选题", "答案": "AB"}, 权重A="50", 权重B="50", 权重C="0")
    assert [option.weight for option in many.options] == ["", "", ""]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"权重A": "一半"}, "权重A", "unreadable_weight"),
        ({"权重A": "101"}, "权重A", "unreadable_weight"),
        ({"权重A": "50"}, "答案", "key_against_weights"),
        ({"权重D": "50"}, "权重D", "option_missing"),
        ({"反馈D": "不对"}, "反馈D", "option_missing"),
        ({"格式": "docx"}, "格式", "unreadable_value"),
        ({"依据生效日": "去年"}, "依据生效日", "bad_day"),
        ({"依据生效日": "2024-01-01", "依据失效日": "2023-01-01"}, "依据失效日", "days_in_wrong_order"),
    ],
)
def test_a_bad_cell_of_these_is_named_by_its_column(cells: dict[str, str], column: str, code: str) -> None:
    (error,) = read({**CHOICE, **cells}).errors
    assert (error.row, error.line, error.column, error.code) == (2, 2, column, code)


def test_columns_up_to_z_are_read_and_written_only_where_they_are_needed() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    cells = {f"选项{letter}": f"示例{letter}" for letter in letters}
    question = one(题型="单选题", 题干="示例", 答案="Z", **cells)
    assert (len(question.options), question.key) == (26, ("Z",))
    assert "选项Z" in headings(question)
    assert headings(single_choice()) == headings(single_choice(), multiple_choice(options=8))
    assert "选项I" not in headings(single_choice())


def test_further_columns_stand_behind_the_customary_ones_where_they_are_needed() -> None:
    more = headings(numeric(source_from="2021-09-01"), short_answer(is_case_sensitive=True), single_choice())
    assert more[20:] == ["单位", "区分大小写", "依据生效日"]
    assert headings(single_choice())[20:] == []


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ("30", ["30"]),
        ("12.5±0.5", ["12.5±0.5"]),
        ("12.5 +/- 0.5", ["12.5±0.5"]),
        ("10～15", ["10..15"]),
        ("10..15|20", ["10..15", "20"]),
        ("10 | 20", ["10", "20"]),
    ],
)
def test_numbers_are_read_as_people_write_them(answer: str, texts: list[str]) -> None:
    question = one(题型="数值题", 题干="示例", 答案=answer, 单位="米")
    assert ([option.text for option in question.options], question.unit) == (texts, "米")


def test_accepted_answers_may_stand_in_the_columns_of_options() -> None:
    cells = {"选项A": "灭火器", "选项B": "消防栓", "权重A": "100", "权重B": "50", "反馈B": "不是"}
    question = one(题型="填空题", 题干="示例", 答案="A", 区分大小写="是", **cells)
    assert [(one.text, one.weight) for one in question.options] == [("灭火器", "100"), ("消防栓", "50")]
    assert question.is_case_sensitive


@pytest.mark.parametrize("day", ["2021-09-01", "2021/9/1", "2021年9月1日", "2021.09.01"])
def test_days_are_read_in_their_usual_forms(day: str) -> None:
    assert one(**CHOICE, 依据生效日=day).source_from == "2021-09-01"


def test_a_unit_of_what_is_no_number_is_left_out_and_that_is_told() -> None:
    reading = read({**CHOICE, "单位": "某某公司"})
    assert reading.questions[0].unit == ""
    assert [(one.row, one.code, one.data) for one in reading.remarks] == [(2, "unit_left_out", {"value": "某某公司"})]


def test_html_is_read_as_html_only_where_the_row_says_so() -> None:
    assert one(**{**CHOICE, "题干": "<b>示例</b>"}).stem == "<b>示例</b>"
    question = one(**{**CHOICE, "题干": "<b onclick=x>示例</b><script>x</script>", "选项A": "1 &lt; 2"}, 格式="html")
    assert (question.markup, question.stem, question.options[0].text) == ("html", "<b>示例</b>", "1 &lt; 2")
    assert one(**CHOICE, 格式="HTML").markup == "html"


def test_what_is_taken_out_of_html_is_told_with_its_row() -> None:
    reading = read(CHOICE, {**CHOICE, "题干": "<a href=x>乙</a><img src=x alt=阀门>", "格式": "html"})
    assert reading.questions[1].stem == "乙[图：阀门]"
    assert {(one.row, one.code) for one in reading.remarks} == {(3, "markup_removed"), (3, "picture_left_out")}


def test_pictures_may_stand_in_the_text_but_not_be_named() -> None:
    data = base64.b64encode(picture()).decode()
    shown = read({**CHOICE, "题干": f"看<img src='data:image/png;base64,{data}'>", "格式": "html"})
    assert len(shown.pictures) == 1
    named = read({**CHOICE, "题干": f"看<img src='picture:{'0' * 64}' alt='阀门'>", "格式": "html"})
    assert named.questions[0].stem == "看[图：阀门]"


@pytest.mark.parametrize(
    ("key", "kind"), [("B", "single_choice"), ("BC", "multiple_choice"), ("A、C", "multiple_choice")]
)
@pytest.mark.parametrize("named", ["不定项选择题", "选择题"])
def test_the_key_tells_the_kind_of_a_choice_that_does_not_say(named: str, key: str, kind: str) -> None:
    assert one(**{**CHOICE, "题型": named, "答案": key}).kind == kind


CASE = {"题型": "案例题", "题干": "案情", "编号": "C-1"}
PART = {**CHOICE, "题干": "小题一", "所属案例": "C-1"}
SECOND = {"题型": "数值题", "题干": "小题二", "答案": "30", "单位": "日", "所属案例": "C-1"}


def test_the_parts_of_a_case_stand_in_the_rows_that_name_it() -> None:
    reading = read(CHOICE, CASE, PART, SECOND)
    assert reading.errors == ()
    assert [row.row for row in reading.rows] == [2, 3]
    case = reading.questions[1]
    assert (case.kind, case.code, case.stem) == ("case_study", "C-1", "案情")
    assert [(part.kind, part.stem, part.unit) for part in case.parts] == [
        ("single_choice", "小题一", ""),
        ("numeric", "小题二", "日"),
    ]
    assert reading.remarks == ()


def test_parts_may_point_to_the_case_above_and_that_is_told() -> None:
    bare = {name: text for name, text in CASE.items() if name != "编号"}
    above = {"所属案例": "上一案例"}
    reading = read(bare, PART | above, SECOND | above, {**bare, "题干": "另案"}, PART | above, SECOND | above)
    assert [case.stem for case in reading.questions] == ["案情", "另案"]
    assert [len(case.parts) for case in reading.questions] == [2, 2]
    told = [(one.row, one.data["case_row"]) for one in reading.remarks if one.code == "part_of_case"]
    assert told == [(3, 2), (4, 2), (6, 5), (7, 5)]


def test_parts_may_stand_apart_from_their_case_but_not_above_it() -> None:
    reading = read(CASE, CHOICE, PART, {**CASE, "编号": "C-2"}, SECOND, {**PART, "所属案例": "C-2"},
                   {**SECOND, "所属案例": "C-2"})  # fmt: skip
    assert [row.row for row in reading.rows] == [2, 3, 5]
    early = read({**PART}, CASE, PART, SECOND)
    assert [(error.row, error.column, error.code) for error in early.errors] == [(2, "所属案例", "case_not_found")]
    assert len(early.questions[0].parts) == 2


def test_a_part_that_is_wrong_is_named_and_its_case_as_well() -> None:
    reading = read(CASE, PART, {**SECOND, "答案": "三十"}, {**CHOICE, "题干": "另一"})
    assert [(error.row, error.column, error.code) for error in reading.errors] == [
        (2, "所属案例", "part_not_read"),
        (4, "答案", "not_a_number"),
    ]
    assert [row.row for row in reading.rows] == [5]
    unreadable = read(CASE, PART, {**SECOND, "题型": "论述题"})
    assert [(error.row, error.code) for error in unreadable.errors] == [(2, "part_not_read"), (4, "unknown_kind")]
    assert unreadable.errors[0].data["rows"] == (4,)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([CASE, PART], "wrong_part_count"),
        ([{**CASE, "答案": "A"}, PART, SECOND], "case_without_key"),
        ([CASE, PART, {**CASE, "编号": "C-2", "所属案例": "C-1"}], "unknown_kind"),
    ],
)
def test_a_case_that_breaks_the_rules_is_named(rows: list[dict[str, str]], code: str) -> None:
    assert code in {error.code for error in read(*rows).errors}


def test_a_part_follows_its_case_in_markup() -> None:
    reading = read({**CASE, "题干": "<b>案情</b>", "格式": "html"}, {**PART, "题干": "1 &lt; 2"}, SECOND)
    assert (reading.questions[0].markup, reading.questions[0].parts[0].stem) == ("html", "1 &lt; 2")
    mixed = read(CASE, {**PART, "题干": "<b>一</b>", "格式": "html"}, SECOND | {"题干": "1 < 2\n三"})
    assert (mixed.questions[0].stem, mixed.questions[0].parts[1].stem) == ("案情", "1 &lt; 2<br>三")


def test_feedback_of_true_and_false_follows_the_order_of_the_row() -> None:
    question = one(题型="判断题", 题干="示例", 选项A="错误", 选项B="正确", 答案="B", 反馈A="再看", 反馈B="好")
    assert [(option.text, option.feedback) for option in question.options] == [("正确", "好"), ("错误", "再看")]


@quick
@given(full_questions())
def test_a_row_holds_all_of_a_question(question: Question) -> None:
    assert question_from(row_of(question), question.bank) == question


def test_a_row_with_unreadable_parts_is_refused() -> None:
    for text in ("[", "[1]", '[{"kind": "numeric"}]', '{"a": 1}'):
        with pytest.raises(InvalidQuestionError) as refusal:
            question_from({"kind": "案例题", "stem": "案情", "parts": text}, "general")
        assert refusal.value.problems[0].code in ("unreadable_value", "wrong_part_count")


def test_pictures_are_written_as_what_they_show() -> None:
    stem = f'看<img src="picture:{"0" * 64}" alt="阀 &amp; 门">和<img src="picture:{"1" * 64}">'
    written = CSV.write([replace(single_choice(), stem=stem, markup="html")])
    assert CSV.read(written, "general").questions[0].stem == "看[图：阀 &amp; 门]和[图]"


def test_a_case_needs_as_many_rows_as_it_has_parts_and_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = CSV.write([case_study()]).decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 1 + len(case_study().parts)
