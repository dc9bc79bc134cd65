"""Questions: checked when made, equal after storage, and every wrong field named."""

import json

import pytest
from hypothesis import given

from question_bank.errors import InvalidQuestionError, InvalidResponseError
from question_bank.kinds import KINDS
from question_bank.options import Option, lettered
from question_bank.questions import Question
from tests.question_bank.samples import multiple_choice, questions, quick, single_choice, true_false


def problems_of(**changes: object) -> set[tuple[str, str]]:
    """Return (field, code) of what is wrong with a sample single-choice question after *changes*."""
    with pytest.raises(InvalidQuestionError) as refusal:
        single_choice(**changes)  # type: ignore[arg-type]
    return {(problem.field, problem.code) for problem in refusal.value.problems}


@quick
@given(question=questions())
def test_a_question_survives_storage_with_the_same_digest(question: Question) -> None:
    stored = json.loads(json.dumps(question.to_payload(), ensure_ascii=False))
    again = Question.from_payload(stored)
    assert again == question
    assert again.digest == question.digest


def test_questions_that_differ_in_anything_have_different_digests() -> None:
    changes: list[dict[str, object]] = [
        {}, {"version": 2}, {"stem": "另一题"}, {"key": ("C",)}, {"explanation": "解析"}, {"knowledge_point": "点"},
        {"difficulty": 3}, {"tags": ("x",)}, {"source_document": "法"}, {"source_article": "条"}, {"bank": "mines"},
    ]  # fmt: skip
    assert len({single_choice(**change).digest for change in changes}) == len(changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": "有汉字"}, ("code", "bad_code")),
        ({"code": ""}, ("code", "bad_code")),
        ({"version": 0}, ("version", "out_of_range")),
        ({"bank": "General"}, ("bank", "bad_code")),
        ({"kind": "essay"}, ("kind", "unknown_kind")),
        ({"stem": ""}, ("stem", "missing_text")),
        ({"stem": " 题干"}, ("stem", "untrimmed_text")),
        ({"stem": "题\x00干"}, ("stem", "control_character")),
        ({"stem": "题\ud800干"}, ("stem", "control_character")),
        ({"stem": "题" * 4001}, ("stem", "too_long")),
        ({"difficulty": 4}, ("difficulty", "out_of_range")),
        ({"tags": ("b", "a")}, ("tags", "tags_not_sorted")),
        ({"tags": ("a b",)}, ("tags", "bad_tag")),
        ({"options": lettered(["甲"])}, ("options", "wrong_option_count")),
        ({"options": lettered([str(number) for number in range(9)])}, ("options", "wrong_option_count")),
        ({"options": lettered(["甲", "乙", "甲 "])}, ("options", "options_alike")),
        ({"options": lettered(["甲", "乙", ""])}, ("options", "missing_text")),
        ({"options": (Option("B", "甲"), Option("A", "乙"))}, ("options", "option_letters_out_of_order")),
        ({"key": ()}, ("key", "wrong_key_count")),
        ({"key": ("A", "B")}, ("key", "wrong_key_count")),
        ({"key": ("E",)}, ("key", "key_not_offered")),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, object], expected: tuple[str, str]) -> None:
    assert expected in problems_of(**changes)


def test_every_wrong_field_is_named_at_once() -> None:
    assert {field for field, _ in problems_of(stem="", difficulty=0, key=("H",))} == {"stem", "difficulty", "key"}


def test_multiple_choice_needs_two_right_options_and_true_false_its_own() -> None:
    with pytest.raises(InvalidQuestionError):
        multiple_choice(key="A")
    with pytest.raises(InvalidQuestionError):
        true_false(options=lettered(["错误", "正确"]))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("version", "1", "wrong_type"),
        ("version", True, "wrong_type"),
        ("stem", 5, "wrong_type"),
        ("key", "B", "wrong_type"),
        ("options", ["甲", "乙"], "wrong_type"),
        ("options", [{"key": "A"}], "wrong_type"),
        ("weight", 3, "unknown_field"),
    ],
)
def test_a_payload_of_the_wrong_shape_is_refused_by_field(field: str, value: object, code: str) -> None:
    with pytest.raises(InvalidQuestionError) as refusal:
        Question.from_payload({**single_choice().to_payload(), field: value})
    assert [(problem.field, problem.code) for problem in refusal.value.problems] == [(field, code)]


def test_a_payload_without_a_required_field_is_refused() -> None:
    payload = single_choice().to_payload()
    del payload["stem"]
    with pytest.raises(InvalidQuestionError) as refusal:
        Question.from_payload(payload)
    assert [(problem.field, problem.code) for problem in refusal.value.problems] == [("stem", "missing_field")]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_names_and_its_own_code(kind: str) -> None:
    assert KINDS[kind].code == kind
    assert KINDS[kind].name_zh
    assert KINDS[kind].name_en


@quick
@given(question=questions())
def test_every_kind_reads_the_key_that_it_writes(question: Question) -> None:
    assert question.rules.key_from_text(question.rules.key_to_text(question.key)) == question.key


@pytest.mark.parametrize("text", ["ABD", "a,b,d", "A、B、D", "A B D", "ＡＢＤ", "D;B;A", "A.B.D"])
def test_keys_are_read_as_banks_write_them(text: str) -> None:
    assert KINDS["multiple_choice"].key_from_text(text) == ("A", "B", "D")


@pytest.mark.parametrize("text", ["", "甲", "AA", "ABZ", "1"])
def test_an_unreadable_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuestionError) as refusal:
        KINDS["multiple_choice"].key_from_text(text)
    assert refusal.value.problems[0].code == "unreadable_key"


def test_true_and_false_are_read_in_the_usual_words() -> None:
    kind = KINDS["true_false"]
    assert {kind.key_from_text(word) for word in ["正确", "对", "√", "T", "true", "Ａ", "是", "1"]} == {("A",)}
    assert {kind.key_from_text(word) for word in ["错误", "错", "×", "F", "False", "b", "否", "0"]} == {("B",)}
    with pytest.raises(InvalidQuestionError):
        kind.key_from_text("也许")


def test_responses_are_read_as_browsers_send_them() -> None:
    question = multiple_choice()
    read = question.rules.parse_response
    assert read(question, ["D", "A"]) == read(question, "AD") == read(question, "a, d") == ("A", "D")
    assert read(question, None) == read(question, "") == read(question, []) == ()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("Z", "unreadable_response"),
        ("E", "option_not_offered"),
        ("AB", "too_many_options"),
        (5, "unreadable_response"),
        ([1], "unreadable_response"),
        ({"A": 1}, "unreadable_response"),
        (["A", "A"], "unreadable_response"),
    ],
)
def test_an_impossible_response_is_refused(raw: object, code: str) -> None:
    question = single_choice()
    with pytest.raises(InvalidResponseError) as refusal:
        question.rules.parse_response(question, raw)
    assert refusal.value.code == code
