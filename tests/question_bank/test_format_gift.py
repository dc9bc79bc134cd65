"""GIFT as its description and its own examples have it: escapes, weights, feedback, categories, kinds not supported."""

import base64
import hashlib
from dataclasses import replace

import pytest

from question_bank.formats import FORMATS, Reading, left_out, recognise
from question_bank.questions import Option, Question
from tests.question_bank.drawn import picture

GIFT = FORMATS["gift"]


def read(text: str) -> Reading:
    return GIFT.read(text.encode(), "general")


def one(text: str) -> Question:
    reading = read(text)
    assert reading.errors == ()
    (question,) = reading.questions
    return question


def texts(question: Question) -> list[str]:
    return [option.text for option in question.options]


def remarks(text: str) -> dict[str, dict[str, object]]:
    return {remark.code: remark.data for remark in read(text).remarks}


def test_single_choice_on_one_line() -> None:
    question = one("Who's buried in Grant's tomb?{~Grant ~Jefferson =no one}")
    assert (question.kind, question.key, texts(question)) == ("single_choice", ("C",), ["Grant", "Jefferson", "no one"])
    assert question.stem == "Who's buried in Grant's tomb?"


def test_blank_answers_that_earn_nothing_are_left_out_and_told() -> None:
    text = "Who's buried?{~=Grant ~a ~b}"
    question = one(text)
    assert (question.kind, question.key, texts(question)) == ("single_choice", ("A",), ["Grant", "a", "b"])
    assert remarks(text)["blank_answers_left_out"] == {"count": 1}
    assert [error.code for error in read("Who's buried?{=Grant ~a ~%50%}").errors] == ["missing_text"]
    assert [error.code for error in read("Who's buried?{= ~a ~b}").errors] == ["missing_text"]
    assert texts(one("Who's buried?{=Grant =%0% =%50%Lee}")) == ["Grant", "Lee"]


@pytest.mark.parametrize("after", ["in Grant's tomb.", ".", '";'])
def test_text_behind_the_answers_leaves_a_blank_in_the_stem(after: str) -> None:
    assert one(f"Grant is {{~buried =entombed ~living}} {after}").stem == f"Grant is _____ {after}"


@pytest.mark.parametrize(
    ("answer", "key"), [("T", "A"), ("TRUE", "A"), ("true", "A"), ("F", "B"), ("False", "B"), (" FALSE ", "B")]
)
def test_true_and_false(answer: str, key: str) -> None:
    question = one(f"::示例:: 示例判断 {{{answer}}}")
    assert (question.kind, question.key, question.stem) == ("true_false", (key,), "示例判断")


@pytest.mark.parametrize(
    ("answer", "feedback"),
    [
        ("FALSE#不是。#答得好。", ["不是。", "答得好。"]),
        ("TRUE#不是。#答得好。", ["答得好。", "不是。"]),
        ("T#不是。", ["", "不是。"]),
        ("F##答得好。", ["", "答得好。"]),
        ("FALSE#a = b 不成立#1 = 1", ["a = b 不成立", "1 = 1"]),
    ],
)
def test_feedback_of_true_and_false_belongs_to_the_answers(answer: str, feedback: list[str]) -> None:
    question = one(f"42 是答案。{{\n{answer}\n####总的说明。}}")
    assert [option.feedback for option in question.options] == feedback
    assert question.explanation == "总的说明。"


def weights(question: Question) -> list[str]:
    return [option.weight for option in question.options]


def test_weights_and_feedback_are_kept() -> None:
    question = one("谁？{\n~无人 # 错\n~%50%甲 # 对\n~%50%乙\n~%-50%丙\n####说明}")
    assert (question.kind, question.key) == ("multiple_choice", ("B", "C"))
    assert weights(question) == ["0", "50", "50", "-50"]
    assert [option.feedback for option in question.options] == ["错", "对", "", ""]
    assert question.explanation == "说明"


@pytest.mark.parametrize(
    ("answers", "kind", "key", "expected"),
    [
        ("~错 ~%50%半对 =对", "single_choice", "C", ["0", "50", "100"]),
        ("~%70%甲 ~%30%乙 ~丙", "multiple_choice", "AB", ["70", "30", "0"]),
        ("~%33%甲 ~%33%乙 ~%34%丙", "multiple_choice", "ABC", ["33", "33", "34"]),
        ("=甲 =乙 ~丙", "single_choice", "AB", ["100", "100", "0"]),
        ("=甲 ~%100%乙 ~%12.5%丙", "single_choice", "AB", ["100", "100", "12.5"]),
        ("~%50%甲 ~%50%乙 ~丙", "multiple_choice", "AB", ["", "", ""]),
        ("~%33.33333%甲 ~%33.33333%乙 ~%33.33334%丙 ~丁", "multiple_choice", "ABC", ["", "", "", ""]),
        ("=甲 ~乙", "single_choice", "A", ["", ""]),
        ("~%100%甲 ~%-50%乙", "single_choice", "A", ["100", "-50"]),
        ("~%33.333333333333336%甲 ~%66.66666666666667%乙 ~丙", "multiple_choice", "AB", ["33.33333", "66.66667", "0"]),
    ],
)
def test_weights_stand_where_the_key_does_not_say_all(answers: str, kind: str, key: str, expected: list[str]) -> None:
    question = one(f"示例{{{answers}}}")
    assert (question.kind, question.key, weights(question)) == (kind, tuple(key), expected)


def test_a_best_answer_below_all_is_scaled_up_and_that_is_told() -> None:
    text = "示例{~%50%甲 ~%25%乙 =%50%丙}"
    assert (one(text).key, weights(one(text))) == (("A", "C"), ["100", "50", "100"])
    assert remarks(text)["weights_scaled"] == {"best": "50"}


def test_one_right_answer_among_many_boxes_is_a_single_choice() -> None:
    assert one("示例{~%100%甲 ~乙}").kind == "single_choice"
    assert "one_right_answer" in remarks("示例{~%100%甲 ~乙}")


def test_escaped_signs_are_characters() -> None:
    question = one(r"::a\:b:: 1 \= 1 \{x\} \~ \# c\:d \\ \n新行 {~ \=1 = \=2 # \# 注 ~\\n}")
    assert question.stem == "1 = 1 {x} ~ # c:d \\ \n新行"
    assert texts(question) == ["=1", "=2", "\\n"]
    assert question.options[1].feedback == "# 注"


def test_comments_are_passed_over_wherever_they_stand() -> None:
    reading = read("// 开头\n\n// 注\n示例甲{\n// {注}\n~a\n  // 注\n=b}\n\n//末尾")
    assert [texts(question) for question in reading.questions] == [["a", "b"]]
    assert reading.rows[0].line == 3


@pytest.mark.parametrize(
    ("text", "stem", "key"),
    [
        ("::t:: // 注\n示例 // 不是注\n{ // 注\n// 注\nF // 注\n// 注\n}", "示例 // 不是注", ("B",)),
        ("示例{ // 注\n~a =b // 不是注\n}", "示例", ("B",)),
        ("::t:: // 什么意思？{T}", "// 什么意思？", ("A",)),
        ("::t:: // 什么意思？{\nT\n}", "// 什么意思？", ("A",)),
        ("::t::// 什么意思？\n{T // 注#没有反馈}", "// 什么意思？", ("A",)),
    ],
)
def test_a_comment_may_follow_a_title_a_brace_or_true_and_false(text: str, stem: str, key: tuple[str, ...]) -> None:
    question = one(text)
    assert (question.stem, question.key) == (stem, key)
    assert {option.feedback for option in question.options} == {""}


@pytest.mark.parametrize(
    ("text", "stem"), [("::示例{T}", "示例"), ("::{a}::b::c{T}", "b::c"), (":: ::示例{T}", "示例")]
)
def test_titles_are_no_part_of_the_stem(text: str, stem: str) -> None:
    assert one(text).stem == stem


def test_categories_become_knowledge_points() -> None:
    text = "甲{T}\n\n$CATEGORY: $course$/top/法律/责任\n\n乙{T}\n\n$CATEGORY: tom//s\n丙{F}\n\n"
    text += "$CATEGORY: $course$/top\n\n丁{T}"
    assert [question.knowledge_point for question in read(text).questions] == ["", "法律/责任", "tom/s", ""]


def test_files_that_were_joined_with_their_byte_order_marks_are_read_as_one() -> None:
    reading = read("\ufeff\ufeff// 注\n::t::甲{T}\n\n\ufeff// 注\n\ufeff::t::乙{F}")
    assert [question.stem for question in reading.questions] == ["甲", "乙"]


def test_a_category_too_long_for_a_knowledge_point_is_cut_to_its_last_part() -> None:
    text = f"$CATEGORY: {'长' * 80}/末\n\n甲{{T}}"
    assert one(text).knowledge_point == "末"
    assert "category_shortened" in remarks(text)


@pytest.mark.parametrize(
    ("text", "stem", "code"),
    [
        ("[html]<p>甲<a href\\=x>乙</a></p>{T}", "甲乙", "markup_removed"),
        ("<p>甲<br>乙</p>{T}", "甲\n乙", "no_source"),
        ('[html]看图<img src\\="x.png" alt\\="阀门">{T}', "看图[图：阀门]", "picture_left_out"),
        ("[plain]<b>甲</b>{T}", "<b>甲</b>", "default_difficulty"),
        ("[markdown]**甲**{T}", "**甲**", "markdown_kept"),
        ("[moodle]1 < 2{T}", "1 < 2", "no_source"),
        ("[甲]乙{T}", "[甲]乙", "no_source"),
    ],
)
def test_format_markers_are_followed_and_what_they_lose_is_told(text: str, stem: str, code: str) -> None:
    assert one(text).stem == stem
    assert code in remarks(text)


def test_answers_inherit_the_markup_of_the_question_or_name_their_own() -> None:
    question = one("[html]<i>甲</i>{~a&lt;b\n=[plain]<b>\n~[moodle]c#[html]<u>注</u>\n####[plain]1 < 2\\n3}")
    assert question.markup == "html"
    assert question.stem == "<i>甲</i>"
    assert texts(question) == ["a&lt;b", "&lt;b&gt;", "c"]
    assert question.options[2].feedback == "<u>注</u>"
    assert question.explanation == "1 &lt; 2<br>3"


@pytest.mark.parametrize(
    ("answers", "expected", "given", "feedback"),
    [
        ("#1822:5", ["1822±5"], [""], [""]),
        ("#1822", ["1822"], [""], [""]),
        ("#3.141..3.142", ["3.141..3.142"], [""], [""]),
        ("#-5..-1", ["-5..-1"], [""], [""]),
        ("#1.5e3:1E1", ["1500±10"], [""], [""]),
        ("# .5", ["0.5"], [""], [""]),
        ("#0.33333333333333333:1e-20", ["0.333333333333"], [""], [""]),
        ("#2e-12", ["0.000000000002"], [""], [""]),
        ("#\n=1822:0#对\n=%50%1822:2#近", ["1822", "1822±2"], ["100", "50"], ["对", "近"]),
        ("#=1 =2", ["1", "2"], ["", ""], ["", ""]),
        ("#1 =%50%2", ["1", "2"], ["100", "50"], ["", ""]),
    ],
)
def test_numbers_with_tolerance_and_weights(
    answers: str, expected: list[str], given: list[str], feedback: list[str]
) -> None:
    question = one(f"示例{{{answers}}}")
    assert (question.kind, texts(question), weights(question)) == ("numeric", expected, given)
    assert [option.feedback for option in question.options] == feedback


def test_feedback_for_any_other_number_goes_to_the_explanation() -> None:
    assert one("示例{#3:2~#完全错}").explanation == "答错时：完全错"
    assert one("示例{#=3:2 =%0%*#完全错}").explanation == "其他答案：完全错"
    assert "any_number_left_out" in remarks("示例{#=3:2 =%10%*#近}")


@pytest.mark.parametrize(
    ("answers", "expected", "given"),
    [
        ("=no one =nobody", ["no one", "nobody"], ["", ""]),
        ("=%50%四 =4", ["四", "4"], ["50", "100"]),
        ("=青蛙#好\n=%50%猫\n=%0%*#错", ["青蛙", "猫", "*"], ["100", "50", "0"]),
        ("柏林", ["柏林"], [""]),
        ("t", ["t"], [""]),
        ("=a\\=b =x\\\\*y", ["a=b", "x\\*y"], ["", ""]),
        ("=a#b -> c =d", ["a", "d"], ["", ""]),
        ("=Gift =gift =礼物", ["Gift", "礼物"], ["", ""]),
    ],
)
def test_short_answers_with_weights_and_wild_cards(answers: str, expected: list[str], given: list[str]) -> None:
    question = one(f"示例{{{answers}}}")
    assert (question.kind, texts(question), weights(question)) == ("short_answer", expected, given)


def test_pictures_that_stand_in_the_text_come_in() -> None:
    data = base64.b64encode(picture()).decode().replace("=", "\\=")
    reading = read(f'[html]看图<img src\\="data\\:image/png;base64,{data}" alt\\="阀门">{{T}}')
    digest = hashlib.sha256(picture()).hexdigest()
    assert reading.questions[0].stem == f'看图<img src="picture:{digest}" alt="阀门">'
    assert {one.data for one in reading.pictures.values()} == {picture()}


def test_a_question_that_stands_there_twice_comes_in_twice_and_that_is_told() -> None:
    reading = read("甲{=a ~b}\n\n乙{T}\n\n甲{=a ~b}\n\n甲{=a ~b}")
    codes = [question.code for question in reading.questions]
    assert codes[2:] == [f"{codes[0]}-2", f"{codes[0]}-3"]
    told = [(one.row, one.data["first_row"]) for one in reading.remarks if one.code == "question_twice"]
    assert told == [(3, 1), (4, 1)]


def test_a_category_behind_a_comment_is_a_category() -> None:
    text = "// question: 0  name: Switch category\n$CATEGORY: $course$/top/法律\n\n\n甲{T}"
    assert one(text).knowledge_point == "法律"


def test_code_and_tags_are_read_from_comments_as_moodle_writes_them() -> None:
    question = one("// question: 7  name: 示例 [id:L-7] [tag:重点] [tag:a\\]b]\n::示例::甲{T}")
    assert (question.code, question.tags) == ("L-7", ("a]b", "重点"))


@pytest.mark.parametrize(
    ("comment", "code", "tags"),
    [
        ("// [id:  L-7  ] [tag: 甲 ]", "L-7", ("甲",)),
        ("// [tag:a[b] [tag:c\\d] [tag:", "", ("a[b", "c\\d")),
        ("// [tag:甲\n// 乙] [id:]", "", ()),
        ("// 甲] [[tag:乙]]", "", ("乙",)),
    ],
)
def test_brackets_in_comments_are_read_as_moodle_reads_them(comment: str, code: str, tags: tuple[str, ...]) -> None:
    question = one(f"{comment}\n甲{{T}}")
    assert (question.code if code else "", question.tags) == (code, tags)


@pytest.mark.parametrize("tag", ["a[b", "a]b", "a\\b", "a\\", "x[id:y", "[tag:z]"])
def test_a_tag_of_any_signs_comes_back(tag: str) -> None:
    own = replace(one("甲{T}"), tags=(tag,))
    assert GIFT.read(GIFT.write([own]), "general").questions == (own,)


def test_short_answers_that_moodle_would_take_for_pairs_are_not_written() -> None:
    own = replace(one("甲{=a =b}"), options=(Option("A", "a", feedback="见 x->y"), Option("B", "b")))
    assert left_out(GIFT, own) == ("kind",)


def test_an_identifier_that_is_no_code_or_is_another_questions_is_replaced_and_told() -> None:
    reading = read("// [id:甲 1]\n甲{T}\n\n// [id:7]\n乙{T}\n\n// [id:7]\n丙{T}")
    assert [question.code.startswith("general-") for question in reading.questions] == [True, False, True]
    assert [remark.line for remark in reading.remarks if remark.code == "code_replaced"] == [1, 7]


def test_a_tag_that_looks_like_a_field_of_ours_stays_a_tag() -> None:
    written = GIFT.write([one("// [id:s-1] [tag:bikao:tag=bikao:version=9]\n甲{T}")])
    assert GIFT.read(written, "general").questions[0].tags == ("bikao:version=9",)


@pytest.mark.parametrize(
    "text",
    ["甲{=a ~b}", "::t::甲{T}", "$CATEGORY: x\n\n甲{#1}", "// 注\n甲{\n=a\n~b", "<p>甲</p>{=a ~b}", "[例 1]甲{ TRUE }"],
)
def test_gift_is_recognised_by_its_content(text: str) -> None:
    assert recognise(text.encode()) is GIFT


@pytest.mark.parametrize("text", ["<?xml version='1.0'?><a>{T}</a>", "<item>{=a}</item>", '[{"a": {"T": 1}}]'])
def test_xml_and_json_are_not_taken_for_gift(text: str) -> None:
    assert not GIFT.recognises(text.encode())
