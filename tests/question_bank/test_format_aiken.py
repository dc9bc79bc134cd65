"""Aiken: the strict lines, and the line number of whatever breaks them."""

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading, left_out, recognise
from tests.question_bank.samples import single_choice

AIKEN = FORMATS["aiken"]
GOOD = "示例一\nA. 甲\nB. 乙\nANSWER: B\n\n"


def read(text: str) -> Reading:
    return AIKEN.read(text.encode(), "general")


@pytest.mark.parametrize("mark", [". ", ") ", ".\t", ".", ")"])
def test_options_follow_a_point_or_a_bracket(mark: str) -> None:
    (question,) = read(f"示例\nA{mark}甲\nB{mark}乙\nC{mark}丙\nANSWER: C").questions
    assert (question.stem, question.key) == ("示例", ("C",))
    assert [option.text for option in question.options] == ["甲", "乙", "丙"]


def test_a_stem_may_run_over_several_lines_and_empty_lines_count_for_nothing() -> None:
    reading = read("第一行\nU.S. law\n\nA. 甲\n\nB. 乙\nANSWER:A\n示例二\nA) 正确\nB) 错误\nANSWER: B")
    assert [question.stem for question in reading.questions] == ["第一行\nU.S. law", "示例二"]
    assert [question.kind for question in reading.questions] == ["single_choice", "true_false"]
    assert [row.line for row in reading.rows] == [1, 8]
    assert reading.questions[1].key == ("B",)


@pytest.mark.parametrize("answer", ["ANSWER: B", "ANSWER:B", "ANSWER: B.", "ANSWER: B) b"])
def test_blanks_may_be_missing_and_more_may_follow_the_letter(answer: str) -> None:
    (question,) = read(f"U.S. law\nA)a (No space)\nB)b <b> & c\n{answer}\n").questions
    assert (question.stem, question.key) == ("U.S. law", ("B",))
    assert [option.text for option in question.options] == ["a (No space)", "b <b> & c"]


def test_files_with_faults_give_the_questions_between_them() -> None:
    reading = read(
        "Too few\nA) Only\nANSWER: A\n\nA) Not started\n\nANSWER: Not started\n\nGood\nA) x\nB) y\nANSWER: A\n\n"
        "Not finished\nA) x\nB) y\n\nSecond\nA)x\nB)y\nANSWER: B"
    )
    assert [question.stem for question in reading.questions] == ["Good", "Second"]
    assert [(error.line, error.code) for error in reading.errors] == [
        (1, "wrong_option_count"),
        (5, "missing_text"),
        (18, "answer_missing"),
    ]


def test_true_and_false_in_the_other_order_keep_their_meaning() -> None:
    (question,) = read("示例\nA. False\nB. True\nANSWER: B").questions
    assert (question.kind, question.key) == ("true_false", ("A",))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("示例二\nA. 甲\nB. 乙\n", "answer_missing", 6),
        ("示例二\nA. 甲\nB. 乙\n示例三\nA. 甲\nB. 乙\nANSWER: A", "answer_missing", 9),
        ("示例二\nA. 甲\nC. 乙\nANSWER: A", "option_letters_out_of_order", 8),
        ("示例二\nA. 甲\nA. 乙\nANSWER: A", "option_letters_out_of_order", 8),
        ("B)甲\nA)乙\nB)丙\nANSWER: A", "option_letters_out_of_order", 6),
        ("示例二\nA. 甲\nB. 乙\nANSWER: AB", "answer_line_malformed", 9),
        ("示例二\nA. 甲\nB. 乙\nAnswer: A", "answer_line_malformed", 9),
        ("示例二\nA. 甲\nB. 乙\nANSWER:", "answer_line_malformed", 9),
        ("示例二\nA. 甲\nB. 乙\nANSWER: D", "key_not_offered", 9),
        ("示例二\nANSWER: A", "options_missing", 7),
        ("A. 甲\nB. 乙\nANSWER: A", "missing_text", 6),
        ("示例二\nA. 甲\nANSWER: A", "wrong_option_count", 6),
        ("示例二\nA. 甲\nB. 甲\nANSWER: A", "options_alike", 6),
        ("只有一段话", "answer_missing", 6),
        ("没有选项\n\n示例三\nA. 甲\nB. 乙\nANSWER: A", "options_missing", 6),
        ("反馈：对\n \n\n示例三\n第二行\nA. 甲\nB. 乙\nANSWER: A", "options_missing", 6),
    ],
)
def test_what_breaks_the_rules_is_named_with_line_and_reason(text: str, code: str, line: int) -> None:
    reading = read(GOOD + text)
    assert (reading.errors[0].code, reading.errors[0].line) == (code, line)
    assert reading.questions[0].stem == "示例一"
    assert [question.stem for question in reading.questions[1:]] in ([], ["示例三"], ["示例三\n第二行"])


def test_nothing_but_empty_lines_is_refused() -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read("\n\n")
    assert refusal.value.code == "no_rows"


@pytest.mark.parametrize("stem", ["A. 示例", "B) 示例", "A.示例", "U.S. law", "ANSWER: A", "answer：x"])
def test_a_stem_that_would_be_read_as_something_else_is_not_written(stem: str) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        AIKEN.write([single_choice(stem=stem)])
    assert (refusal.value.code, refusal.value.data["field"]) == ("not_carried", "stem")
    assert left_out(AIKEN, single_choice(stem=stem)) == ("kind",)


def test_html_is_written_as_plain_text() -> None:
    own = single_choice(stem="<p>H<sub>2</sub>O &lt; 1</p>", markup="html")
    assert AIKEN.read(AIKEN.write([own]), "general").questions[0].stem == "H2O < 1"


@pytest.mark.parametrize("text", [GOOD, "示例\nA) a\nB) b\n", "{示例}\nA. a\nB. b\nANSWER: A"])
def test_aiken_is_recognised_by_its_content(text: str) -> None:
    assert recognise(text.encode()) is AIKEN


def test_endless_lines_are_one_fault() -> None:
    (error,) = read("示例\n" * 100_000 + "A. 甲\nB. 乙\nANSWER: A").errors
    assert (error.code, error.line) == ("too_long", 1)


def test_endless_options_are_one_fault() -> None:
    (error,) = read("示例\n" + "A. 甲\n" * 100_000 + "ANSWER: A").errors
    assert (error.code, error.line) == ("option_letters_out_of_order", 3)
