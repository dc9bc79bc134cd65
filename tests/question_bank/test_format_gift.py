"""GIFT as its description and its own examples have it: escapes, weights, feedback, categories, kinds not supported."""

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading, recognise
from question_bank.questions import Question

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


@pytest.mark.parametrize("after", ["in Grant's tomb.", ".", '";'])
def test_text_behind_the_answers_leaves_a_blank_in_the_stem(after: str) -> None:
    assert one(f"Grant is {{~buried =entombed ~living}} {after}").stem == f"Grant is _____ {after}"


@pytest.mark.parametrize(
    ("answer", "key"), [("T", "A"), ("TRUE", "A"), ("true", "A"), ("F", "B"), ("FALSE", "B"), (" FALSE ", "B")]
)
def test_true_and_false(answer: str, key: str) -> None:
    question = one(f"::示例:: 示例判断 {{{answer}}}")
    assert (question.kind, question.key, question.stem) == ("true_false", (key,), "示例判断")


def test_feedback_of_true_and_false_is_kept_with_what_it_is_about() -> None:
    question = one("42 是答案。{\nFALSE#不是。#答得好。\n####总的说明。}")
    assert question.explanation == "总的说明。\n答错时：不是。\n答对时：答得好。"


def test_weights_make_the_key_and_feedback_is_kept() -> None:
    question = one("谁？{\n~无人 # 错\n~%50%甲 # 对\n~%50%乙\n~%-50%丙\n####说明}")
    assert (question.kind, question.key) == ("multiple_choice", ("B", "C"))
    assert question.explanation == "说明\n“无人”：错\n“甲”：对"
    noted = remarks("谁？{~无人 ~%50%甲 ~%50%乙 ~%-50%丙}")
    assert noted["penalties_left_out"] == {"weights": "B 50%, C 50%, D -50%"}


@pytest.mark.parametrize(
    ("answers", "key", "weights"),
    [
        ("~错 ~%50%半对 =对", ("C",), "B 50%, C 100%"),
        ("~%70%甲 ~%30%乙 ~丙", ("A", "B"), "A 70%, B 30%"),
        ("~%33%甲 ~%33%乙 ~%34%丙", ("A", "B", "C"), "A 33%, B 33%, C 34%"),
    ],
)
def test_weights_that_no_key_can_say_are_told(answers: str, key: tuple[str, ...], weights: str) -> None:
    assert one(f"示例{{{answers}}}").key == key
    assert remarks(f"示例{{{answers}}}")["weights_differ"] == {"weights": weights}


def test_thirds_are_equal_weights() -> None:
    text = "示例{~%33.33333%甲 ~%33.33333%乙 ~%33.33334%丙 ~丁}"
    assert one(text).key == ("A", "B", "C")
    assert "weights_differ" not in remarks(text)


def test_one_right_answer_among_many_boxes_is_a_single_choice() -> None:
    assert one("示例{~%100%甲 ~乙}").kind == "single_choice"
    assert "one_right_answer" in remarks("示例{~%100%甲 ~乙}")


def test_escaped_signs_are_characters() -> None:
    question = one(r"::a\:b:: 1 \= 1 \{x\} \~ \# c\:d \\ \n新行 {~ \=1 = \=2 # \# 注 ~\\n}")
    assert question.stem == "1 = 1 {x} ~ # c:d \\ \n新行"
    assert texts(question) == ["=1", "=2", "\\n"]
    assert question.explanation == "“=2”：# 注"


def test_comments_are_passed_over_wherever_they_stand() -> None:
    reading = read("// 开头\n\n// 注\n示例甲{\n// {注}\n~a\n  // 注\n=b}\n\n//末尾")
    assert [texts(question) for question in reading.questions] == [["a", "b"]]
    assert reading.rows[0].line == 3


def test_categories_become_knowledge_points() -> None:
    text = "甲{T}\n\n$CATEGORY: $course$/top/法律/责任\n\n乙{T}\n\n$CATEGORY: tom//s\n丙{F}\n\n"
    text += "$CATEGORY: $course$/top\n\n丁{T}"
    assert [question.knowledge_point for question in read(text).questions] == ["", "法律/责任", "tom/s", ""]


def test_a_category_too_long_for_a_knowledge_point_is_cut_to_its_last_part() -> None:
    text = f"$CATEGORY: {'长' * 80}/末\n\n甲{{T}}"
    assert one(text).knowledge_point == "末"
    assert "category_shortened" in remarks(text)


@pytest.mark.parametrize(
    ("text", "stem", "code"),
    [
        ("[html]<p>甲<b>乙</b></p>{T}", "甲乙", "markup_removed"),
        ("<p>甲<b>乙</b></p>{T}", "甲乙", "markup_removed"),
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
    question = one("[html]<i>甲</i>{~a&lt;b =[plain]<b> ~[moodle]c#[html]<u>注</u>}")
    assert texts(question) == ["a<b", "<b>", "c"]
    assert question.explanation == "“c”：注"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("{#1822:5}", "numeric"),
        ("{#3.141..3.142}", "numeric"),
        ("{#\n=1822:0\n=%50%1822:2}", "numeric"),
        ("{=no one =nobody}", "short_answer"),
        ("{=%50%四 =4}", "short_answer"),
        ("{=加拿大->渥太华 =意大利 -> 罗马 =日本->东京}", "matching"),
        ("{}", "essay"),
        ("{####说明}", "essay"),
        ("", "description"),
    ],
)
def test_kinds_that_are_not_supported_are_named_with_their_line(text: str, form: str) -> None:
    reading = read(f"甲{{T}}\n\n示例{text}")
    (error,) = reading.errors
    assert (error.code, error.data["form"], error.line, error.row) == ("kind_not_supported", form, 3, 2)
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    ("block", "code", "line"),
    [
        ("乙{\n~a\n=b", "closing_brace_missing", 4),
        ("乙 ~a =b}", "opening_brace_missing", 4),
        ("乙\n}~a =b{", "opening_brace_missing", 5),
        ("乙{~a =b}\n丙{~a =b}", "unescaped_sign", 5),
        ("乙{~a {x} =b}", "unescaped_sign", 4),
        ("乙{没有记号}", "malformed_answers", 4),
        ("乙{多余 ~a =b}", "malformed_answers", 4),
        ("乙{~%200%a ~b}", "unreadable_weight", 4),
        ("乙{=a ~}", "missing_text", 4),
        ("乙{=a =b ~c}", "several_right_answers", 4),
        ("乙{~a ~b}", "no_right_answer", 4),
        ("乙{~a}", "wrong_option_count", 4),
        ("乙{=a ~b ~c ~d ~e ~f ~g ~h ~i}", "wrong_option_count", 4),
        ("{=a ~b}", "missing_text", 4),
        ("甲{=a ~b}", "question_twice", 4),
    ],
)
def test_what_breaks_the_rules_is_named_with_line_and_reason(block: str, code: str, line: int) -> None:
    reading = read(f"甲{{=a ~b}}\n\n\n{block}\n\n末{{F}}")
    assert [(error.code, error.line) for error in reading.errors] == [(code, line)]
    assert [question.stem for question in reading.questions] == ["甲", "末"]


def test_a_file_of_comments_alone_has_no_questions() -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read("// 甲\n\n// 乙\n")
    assert refusal.value.code == "no_rows"


def test_code_and_tags_are_read_from_comments_as_moodle_writes_them() -> None:
    question = one("// question: 7  name: 示例 [id:L-7] [tag:重点] [tag:a\\]b]\n::示例::甲{T}")
    assert (question.code, question.tags) == ("L-7", ("a]b", "重点"))


def test_an_identifier_that_is_no_code_or_is_another_questions_is_replaced_and_told() -> None:
    reading = read("// [id:甲 1]\n甲{T}\n\n// [id:7]\n乙{T}\n\n// [id:7]\n丙{T}")
    assert [question.code.startswith("general-") for question in reading.questions] == [True, False, True]
    assert [remark.line for remark in reading.remarks if remark.code == "code_replaced"] == [1, 7]


def test_a_tag_that_looks_like_a_field_of_ours_stays_a_tag() -> None:
    written = GIFT.write([one("// [id:s-1] [tag:bikao:tag=bikao:version=9]\n甲{T}")])
    assert GIFT.read(written, "general").questions[0].tags == ("bikao:version=9",)


@pytest.mark.parametrize("text", ["甲{=a ~b}", "::t::甲{T}", "$CATEGORY: x\n\n甲{#1}", "// 注\n甲{\n=a\n~b"])
def test_gift_is_recognised_by_its_content(text: str) -> None:
    assert recognise(text.encode()) is GIFT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲{" + "~" * 1_000_000 + "}", "wrong_option_count"),
        ("甲{" + "#" * 1_000_000 + "}", "kind_not_supported"),
        ("{" * 1_000_000, "closing_brace_missing"),
        ("// " + "[id:" * 250_000 + "\n甲{", "closing_brace_missing"),
        ("[html]" + "<a '" * 250_000 + "{}", "kind_not_supported"),
    ],
)
def test_endless_signs_are_named_like_any_other_fault(text: str, code: str) -> None:
    (error,) = read(text).errors
    assert error.code == code
