"""GIFT that breaks the rules, asks for what we have no kind for, or means harm: named with its line, and soon."""

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading

GIFT = FORMATS["gift"]


def read(text: str) -> Reading:
    return GIFT.read(text.encode(), "general")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("{=加拿大->渥太华 =意大利 -> 罗马 =日本->东京}", "matching"),
        ("{=加拿大->渥太华 =意大利}", "matching"),
        ("{>3 ALL VERTICAL\n甲\n乙\n丙}", "ordering"),
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
        ("乙{#}", "malformed_answers", 4),
        ("乙{#三}", "not_a_number", 4),
        ("乙{#5..1}", "not_a_number", 4),
        ("乙{#5:-1}", "not_a_number", 4),
        ("乙{#5:}", "not_a_number", 4),
        ("乙{#1.6e-19:1e-21}", "not_a_number", 4),
        ("乙{#1e-20..2e-20}", "not_a_number", 4),
        ("乙{#3,14}", "not_a_number", 4),
        ("乙{=%0%a =A}", "no_right_answer", 4),
        ("乙{#1234567890123456}", "not_a_number", 4),
        ("乙{#=%300%5}", "unreadable_weight", 4),
        ("乙{=%0%a =%0%b}", "no_right_answer", 4),
        ("乙{多余 ~a =b}", "malformed_answers", 4),
        ("乙{~%200%a ~b}", "unreadable_weight", 4),
        ("乙{=a ~}", "missing_text", 4),
        ("乙{~%33,3%a ~%66,7%b}", "unreadable_weight", 4),
        ("乙{~% 50 %a ~%+50%b}", "unreadable_weight", 4),
        ("乙{=%50,%a =b}", "unreadable_weight", 4),
        ("乙{~a ~b}", "no_right_answer", 4),
        ("乙{~a}", "wrong_option_count", 4),
        ("乙{=0" + "".join(f" ~{n}" for n in range(1, 27)) + "}", "wrong_option_count", 4),
        ("{=a ~b}", "missing_text", 4),
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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲{" + "~" * 1_000_000 + "}", "wrong_option_count"),
        ("甲{" + "#" * 1_000_000 + "}", "not_a_number"),
        ("甲{=" + "=" * 1_000_000 + "}", "wrong_option_count"),
        ("甲{#" + "=1" * 1_000_000 + "}", "wrong_option_count"),
        ("[html]" + "<div>" * 400_000 + "{}", "kind_not_supported"),
        ("[html]" + "<math><msup>" * 100_000 + "{}", "kind_not_supported"),
        ("{" * 1_000_000, "closing_brace_missing"),
        ("// " + "[id:" * 250_000 + "\n甲{", "closing_brace_missing"),
        ("[html]" + "<a '" * 250_000 + "{}", "kind_not_supported"),
        ("甲" + " " * 1_000_000 + "乙{", "closing_brace_missing"),
        ("甲{T" + " " * 1_000_000 + "x}", "too_long"),
        ("// " + "[id:\\" * 250_000 + "\n甲{", "closing_brace_missing"),
    ],
)
def test_endless_signs_are_named_like_any_other_fault(text: str, code: str) -> None:
    (error,) = read(text).errors
    assert error.code == code


@pytest.mark.parametrize("block", ["乙\n" * 100_001, "// " + "[tag:a]" * 1_001 + "\n乙{T}"])
def test_an_endless_block_is_refused_with_its_line(block: str) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read(f"甲{{T}}\n\n{block}")
    assert (refusal.value.code, refusal.value.data["line"]) == ("element_too_large", 3)
