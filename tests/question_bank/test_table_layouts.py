"""Tables as other products and people lay them out: headings, options in one cell, letters before options, sheets."""

import csv
from io import StringIO

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading
from question_bank.options import lettered
from question_bank.questions import Question
from tests.question_bank.samples import single_choice

CSV = FORMATS["csv"]
HEADINGS = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案"]
ROW = ["多选题", "示例", "甲", "乙", "丙", "丁", "AC"]


def read(*rows: list[str]) -> Reading:
    target = StringIO()
    csv.writer(target).writerows(rows)
    return CSV.read(target.getvalue().encode(), "general")


def one(*rows: list[str]) -> Question:
    reading = read(*rows)
    assert reading.errors == ()
    (question,) = reading.questions
    return question


def texts(question: Question) -> list[str]:
    return [option.text for option in question.options]


@pytest.mark.parametrize(
    "headings",
    [
        ["试题类型", "试题内容", "A", "B", "C", "D", "标准答案"],
        ["题目类型", "问题", "选项1", "选项2", "选项3", "选项4", "正确答案："],
        ["类型", "题目", "选项一", "选项二", "选项三", "选项四", "参考答案"],
        ["题 型", "题干*", "选项（A）", "选项_B", "选项-C", "选项.D", "答案（必填）"],
        ["\ufeff题型", "题干\u200b", "A项", "b选项", "备选答案C", "option_d", "正确选项"],
        ["Question Type", "Question Text", "Option 1", "Option 2", "option_c", "option_d", "correct_answer"],
        ["题目类型", "题面", "选项A", "选项B", "选项C", "选项D", "correct option"],
    ],
)
def test_headings_are_known_by_their_other_names(headings: list[str]) -> None:
    question = one(headings, ROW)
    assert (question.stem, texts(question), question.key) == ("示例", ["甲", "乙", "丙", "丁"], ("A", "C"))


def test_a_heading_that_may_mean_something_else_counts_only_where_no_other_does() -> None:
    more = ["类型", "来源", "法规依据", "章节"]
    question = one([*HEADINGS, *more], [*ROW, "法规", "某人", "示例法", "第一章"])
    assert (question.kind, question.source_document, question.knowledge_point) == (
        "multiple_choice",
        "示例法",
        "第一章",
    )
    assert read([*HEADINGS, *more], [*ROW, "法规", "某人", "示例法", "第一章"]).ignored == ("类型", "来源")
    assert one([*HEADINGS, "来源"], [*ROW, "示例法"]).source_document == "示例法"
    assert one([*HEADINGS, "知识点", "分类"], [*ROW, "动火", "甲类"]).knowledge_point == "动火"


def test_the_difficulty_index_is_not_taken_for_a_difficulty() -> None:
    reading = read([*HEADINGS, "难度系数"], [*ROW, "0.3"])
    assert (reading.questions[0].difficulty, reading.ignored) == (2, ("难度系数",))


@pytest.mark.parametrize(
    "joined",
    [
        "A.甲\nB.乙\nC.丙",
        "A、甲  B、乙  C、丙",
        "A:甲|B:乙|C:丙",
        "（A）甲；（B）乙；（C）丙",
        "ａ．甲；ｂ．乙；ｃ．丙",
        "甲\n乙\n丙",
        "甲|乙|丙",
        "甲；乙；丙；",
        "甲$;$乙$;$丙",
        "A-甲|B-乙|C-丙",
    ],
)
def test_options_in_one_cell_are_taken_apart(joined: str) -> None:
    headings = ["题型", "题干", "选项", "答案"]
    question = one(headings, ["多选题", "示例", joined, "AC"])
    assert (texts(question), question.key) == (["甲", "乙", "丙"], ("A", "C"))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["甲,乙,丙", ""], "options_not_told_apart"),
        (["甲", ""], "options_not_told_apart"),
        (["A.甲 B.乙 D.丁", ""], "options_not_told_apart"),
        (["A、B类\nB、C类", ""], "option_letter_unclear"),
        (["甲|乙", "丙"], "options_in_both"),
    ],
)
def test_options_in_one_cell_that_cannot_be_told_apart_are_refused(cells: list[str], code: str) -> None:
    (error,) = read(["题型", "题干", "选项", "选项C", "答案"], ["单选题", "示例", *cells, "A"]).errors
    assert (error.row, error.line, error.code) == (2, 2, code)


@pytest.mark.parametrize("nothing", ["", "\\", "/", "无"])
def test_a_sign_for_no_options_is_none(nothing: str) -> None:
    assert one(["题型", "题干", "选项", "答案"], ["判断题", "示例", nothing, "对"]).key == ("A",)


def test_answers_of_other_blanks_are_not_lost_in_silence() -> None:
    headings = ["题干", "题型", "选择项1", "选择项2", "解析", "答案1", "答案2", "得分1", "得分2"]
    reading = read(
        ["标题", "示例题库"],
        headings,
        ["示例一", "单选题", "甲", "乙", "", "A", "", "1", ""],
        ["示例二", "填空题", "", "", "", "甲", "", "1", ""],
        ["__和__", "填空题", "", "", "", "甲", "乙", "1", "1"],
    )
    assert [question.kind for question in reading.questions] == ["single_choice", "short_answer"]
    assert [(error.row, error.column, error.code) for error in reading.errors] == [(5, "答案2", "several_blanks")]
    assert reading.ignored == ("得分1", "得分2")


@pytest.mark.parametrize(
    ("word", "difficulty"), [("非常容易", 1), ("初级", 1), ("中级", 2), ("Normal", 2), ("很难", 3)]
)
def test_difficulties_of_finer_scales_are_understood(word: str, difficulty: int) -> None:
    assert one([*HEADINGS, "难度"], [*ROW, word]).difficulty == difficulty


def test_accepted_answers_may_stand_in_one_cell() -> None:
    question = one(["题型", "题干", "选项", "答案"], ["填空题", "示例", "甲|乙", "AB"])
    assert (question.kind, texts(question)) == ("short_answer", ["甲", "乙"])


def test_errors_about_an_option_in_one_cell_name_that_cell() -> None:
    (error,) = read(["题型", "题干", "备选答案", "答案"], ["单选题", "示例", "甲|甲", "A"]).errors
    assert (error.column, error.code) == ("备选答案", "options_alike")


@pytest.mark.parametrize("sign", [".", "．", "、", "：", ")", "） "])
def test_letters_before_options_are_taken_off(sign: str) -> None:
    own = [f"{letter}{sign}{text}" for letter, text in zip("ABCD", "甲乙丙丁", strict=True)]
    assert texts(one(HEADINGS, [*ROW[:2], *own, "AC"])) == ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize(
    "own", [["A级", "B级", "C级", "D级"], ["B.甲", "A.乙", "D.丙", "C.丁"], ["A.甲", "乙", "丙", "丁"]]
)
def test_texts_that_only_look_like_it_stay(own: list[str]) -> None:
    assert texts(one(HEADINGS, [*ROW[:2], *own, "AC"])) == own


def test_a_letter_that_may_belong_to_the_text_is_refused() -> None:
    (error,) = read(HEADINGS, [*ROW[:2], "A、B类", "B、C类", "C、D类", "D、E类", "AC"]).errors
    assert (error.column, error.code, error.data) == ("选项A", "option_letter_unclear", {"key": "A"})


def test_letters_that_belong_to_the_texts_come_back() -> None:
    for own in (["A. 甲", "B. 乙", "丙"], ["A、B类", "B、C类", "C、D类"]):
        question = single_choice(options=lettered(own))
        assert CSV.read(CSV.write([question]), question.bank).questions == (question,)


def test_rows_without_a_question_are_passed_over() -> None:
    reading = read(
        ["序号", *HEADINGS, "难度"],
        ["1", *ROW, "易"],
        ["2", "单选题", *[""] * 6, "易"],
        ["", "一、判断题（每题 1 分）"],
        ["3", "判断题", "示例", *[""] * 4, "对"],
        ["序号", *HEADINGS, "难度"],
        ["4", "判断题", "示例二", *[""] * 4, "错"],
        ["5"],
    )
    assert reading.errors == ()
    assert [row.row for row in reading.rows] == [2, 5, 7]


def test_headings_may_stand_below_many_lines_of_notes() -> None:
    notes = [[f"说明{number}"] for number in range(29)]
    assert one(*notes, HEADINGS, ROW).key == ("A", "C")
    with pytest.raises(FileRefusedError):
        read(*notes, ["又一行"], HEADINGS, ROW)


def test_letters_of_options_may_stand_in_a_second_row_of_headings() -> None:
    reading = read(["题型", "题干", "选项", "", "", "", "答案", "备注"], ["", "", "A", "B", "C", "D"], ROW)
    assert reading.errors == ()
    assert (texts(reading.questions[0]), reading.rows[0].row) == (["甲", "乙", "丙", "丁"], 3)
    assert reading.ignored == ("备注",)


def test_a_first_question_is_not_taken_for_headings() -> None:
    assert texts(one(HEADINGS, ["单选题", "哪一个是选项", "题型", "题干", "答案", "难度", "A"]))[0] == "题型"


@pytest.mark.parametrize("named", ["单选题（每题1分）", "一、单选题", "1.单选题", "单选 题", "【单选题】"])
def test_what_stands_around_a_kind_does_not_matter(named: str) -> None:
    assert one(HEADINGS, [named, *ROW[1:6], "A"]).kind == "single_choice"


@pytest.mark.parametrize(
    ("answer", "key"),
    [("✅", "A"), ("V", "A"), ("正确。", "A"), ("对的", "A"), ("✕", "B"), ("❌", "B"), ("不正确", "B")],
)
def test_true_and_false_are_read_as_people_mark_them(answer: str, key: str) -> None:
    assert one(["题型", "题干", "答案"], ["判断题", "示例", answer]).key == (key,)


def test_answers_of_several_blanks_are_not_taken_for_wordings_of_one() -> None:
    (error,) = read(["题型", "题干", "答案"], ["填空题", "__和__", "甲||乙"]).errors
    assert (error.column, error.code) == ("答案", "several_blanks")


def test_a_row_with_more_cells_than_headings_is_refused() -> None:
    reading = read(["题型", "题干", "答案", "解析"], ["判断题", "示例", "对", "前半", "后半"])
    assert [(error.row, error.column, error.code, error.data) for error in reading.errors] == [
        (2, "解析", "cell_beyond", {"value": "后半"})
    ]
    assert read(["题型", "题干", "答案"], ["判断题", "示例", "对", "", ""]).errors == ()


def test_blanks_before_quotes_do_not_matter() -> None:
    reading = CSV.read('题型, 题干, 答案\n判断题, "甲, 乙", 对\n'.encode(), "general")
    assert reading.questions[0].stem == "甲, 乙"


@pytest.mark.parametrize(
    ("named", "key", "kind"),
    [
        ("single", "A", "single_choice"),
        ("choice", "A", "single_choice"),
        ("choice", "AC", "multiple_choice"),
        ("Multiple", "AC", "multiple_choice"),
    ],
)
def test_kinds_as_other_programs_name_them(named: str, key: str, kind: str) -> None:
    assert one(HEADINGS, [named, *ROW[1:6], key]).kind == kind
    for word in ("judge", "judgment", "Judgement"):
        assert one(HEADINGS, [word, "示例", "", "", "", "", "错误"]).kind == "true_false"
    assert one(HEADINGS, ["blank", "示例", "", "", "", "", "甲"]).kind == "short_answer"


@pytest.mark.parametrize(
    ("kind", "key", "letters"),
    [
        ("单选题", "铜 线", ("B",)),
        ("单选题", "ａ.铁丝", ("A",)),
        ("单选题", "铝、铁合金", ("C",)),
        ("多选题", "铁丝；铜 线", ("A", "B")),
        ("多选题", "D、100米\nA、铁丝\n", ("A", "D")),
        ("选择题", "100米,铝、铁合金", ("C", "D")),
        ("选择题", "铁丝", ("A",)),
    ],
)
def test_a_key_may_say_what_the_right_options_say(kind: str, key: str, letters: tuple[str, ...]) -> None:
    offered = ["铁丝", "铜 线", "铝、铁合金", "100米"]
    question = one(HEADINGS, [kind, "示例", *offered, key])
    assert (question.key, texts(question)) == (letters, offered)
    without_kinds = one(HEADINGS[1:], ["示例", *offered, key])
    assert (without_kinds.kind, without_kinds.key) == (question.kind, letters)


@pytest.mark.parametrize(
    ("offered", "key"),
    [
        (["3", "4", "5", "6"], "4"),
        (["甲", "乙", "丙", "丁"], "2"),
        (["甲", "乙", "丙", "丁"], "甲、戊"),
        (["甲", "乙", "丙", "丁"], "甲、甲"),
        (["甲", "乙", "丙", "丁"], "A.乙"),
    ],
)
def test_a_key_that_may_mean_another_option_is_refused(offered: list[str], key: str) -> None:
    (error,) = read(HEADINGS, ["多选题", "示例", *offered, key]).errors
    assert (error.code, error.column) == ("unreadable_key", "答案")


def test_words_for_right_and_wrong_stay_those_of_true_and_false() -> None:
    assert one(HEADINGS, ["判断题", "示例", "错误", "正确", "", "", "错误"]).key == ("B",)
    assert one(HEADINGS[1:], ["示例", "错误", "正确", "", "", "错误"]).key == ("B",)
    assert one(HEADINGS[1:], ["示例", "对", "错", "说不清", "", "对"]).key == ("A",)
