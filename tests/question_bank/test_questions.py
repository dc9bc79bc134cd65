"""Questions: checked when made, equal after storage, and every wrong field named."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from question_bank.errors import InvalidQuestionError, InvalidResponseError
from question_bank.kinds import KINDS
from question_bank.options import Option, lettered
from question_bank.questions import Question
from tests.question_bank.samples import (
    case_study,
    multiple_choice,
    numeric,
    questions,
    quick,
    single_choice,
    true_false,
)


def problems_of(**changes: object) -> set[tuple[str, str]]:
    """Return (field, code) of what is wrong with a sample single-choice question after *changes*."""
    with pytest.raises(InvalidQuestionError) as refusal:
        single_choice(**changes)  # type: ignore[arg-type]
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def weights(*texts: str) -> tuple[Option, ...]:
    return tuple(replace(option, weight=text) for option, text in zip(single_choice().options, texts, strict=True))


@quick
@given(question=questions())
def test_a_question_survives_storage_with_the_same_digest(question: Question) -> None:
    stored = json.loads(json.dumps(question.to_payload(), ensure_ascii=False))
    again = Question.from_payload(stored)
    assert again == question
    assert again.digest == question.digest


def test_a_question_that_uses_nothing_new_keeps_the_digest_that_it_was_stored_with() -> None:
    """Papers and pools name questions by digest, so what was digested in the first release stays as it was."""
    assert single_choice().digest == "96249f481710fa5471103d41d29d45e4f5f0b74b3f620bc237112e042071f502"


def test_questions_that_differ_in_anything_have_different_digests() -> None:
    changes: list[dict[str, object]] = [
        {}, {"version": 2}, {"stem": "另一题"}, {"key": ("C",)}, {"explanation": "解析"}, {"knowledge_point": "点"},
        {"difficulty": 3}, {"tags": ("x",)}, {"source_document": "法"}, {"source_article": "条"}, {"bank": "mines"},
        {"markup": "html"}, {"source_from": "2026-01-01"}, {"source_to": "2026-01-01"}, {"unit": "米"},
        {"options": weights("0", "100", "50", "0")},
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
        ({"options": lettered([str(number) for number in range(27)])}, ("options", "wrong_option_count")),
        ({"options": weights("100", "", "0", "0")}, ("options", "bad_weight")),
        ({"options": weights("100", "1.50", "0", "0")}, ("options", "bad_weight")),
        ({"options": weights("101", "0", "0", "0")}, ("options", "bad_weight")),
        ({"options": weights("100", "0", "0", "0")}, ("key", "key_against_weights")),
        ({"markup": "markdown"}, ("markup", "unknown_markup")),
        ({"markup": "html", "stem": "<p>题<script>x()</script></p>"}, ("stem", "unsafe_markup")),
        ({"markup": "html", "stem": '<p onclick="x()">题</p>'}, ("stem", "unsafe_markup")),
        ({"markup": "html", "stem": "<p></p>"}, ("stem", "missing_text")),
        ({"markup": "html", "explanation": "一<b>二"}, ("explanation", "unsafe_markup")),
        ({"source_from": "2026-1-1"}, ("source_from", "bad_day")),
        ({"source_from": "2026-02-01", "source_to": "2026-01-31"}, ("source_to", "days_in_wrong_order")),
        ({"unit": "米" * 21}, ("unit", "too_long")),
        ({"parts": case_study().parts}, ("parts", "parts_without_case")),
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


def test_options_that_differ_in_capitals_are_two() -> None:
    assert [one.text for one in single_choice(options=lettered(["CO", "Co", "co"])).options] == ["CO", "Co", "co"]


def test_feedback_may_be_as_long_as_an_explanation() -> None:
    def told(length: int) -> tuple[Option, ...]:
        return tuple(replace(one, feedback="反" * length) for one in single_choice().options)

    assert single_choice(options=told(4000)).options[0].feedback == "反" * 4000
    assert ("options", "too_long") in problems_of(options=told(4001))


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


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"key": ("A",)}, ("key", "case_without_key", None, None)),
        ({"parts": case_study().parts[:1]}, ("parts", "wrong_part_count", None, None)),
        (
            {"parts": (*case_study().parts, replace(case_study().parts[0], key=("D",)))},
            ("parts", "key_not_offered", 4, "key"),
        ),
        (
            {"parts": (replace(case_study().parts[0], stem=""), case_study().parts[1])},
            ("parts", "missing_text", 1, "stem"),
        ),
        (
            {"parts": (replace(case_study().parts[0], kind="case_study"), case_study().parts[1])},
            ("parts", "unknown_kind", 1, "kind"),
        ),
    ],
)
def test_what_is_wrong_with_a_part_is_named_with_its_number(
    changes: dict[str, object], expected: tuple[object, ...]
) -> None:
    with pytest.raises(InvalidQuestionError) as refusal:
        case_study(**changes)  # type: ignore[arg-type]
    named = [(one.field, one.code, one.data.get("part"), one.data.get("field")) for one in refusal.value.problems]
    assert expected in named


def test_a_payload_with_a_part_of_the_wrong_shape_is_refused_by_part() -> None:
    payload = case_study().to_payload()
    payload["parts"][1]["score"] = 3  # type: ignore[index]
    with pytest.raises(InvalidQuestionError) as refusal:
        Question.from_payload(payload)
    assert [(one.field, one.code, one.data) for one in refusal.value.problems] == [
        ("parts", "unknown_field", {"part": 2, "field": "score"})
    ]


@pytest.mark.parametrize("accepted", ["", "abc", "1±", "5..1", "1e5", "±1", "1.5.2"])
def test_a_numeric_answer_is_a_number_or_an_interval(accepted: str) -> None:
    with pytest.raises(InvalidQuestionError):
        numeric(accepted=accepted)


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
    offered = question.options if question.rules.offers_options else ()
    assert question.rules.read_answer(offered, question.rules.key_to_text(question)) == (question.options, question.key)


@pytest.mark.parametrize("text", ["ABD", "a,b,d", "A、B、D", "A B D", "ＡＢＤ", "D;B;A", "A.B.D"])
def test_keys_are_read_as_banks_write_them(text: str) -> None:
    assert KINDS["multiple_choice"].read_answer((), text)[1] == ("A", "B", "D")


@pytest.mark.parametrize("text", ["", "甲", "AA", "AB1", "1"])
def test_an_unreadable_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuestionError) as refusal:
        KINDS["multiple_choice"].read_answer((), text)[1]
    assert refusal.value.problems[0].code == "unreadable_key"


def test_true_and_false_are_read_in_the_usual_words() -> None:
    kind = KINDS["true_false"]
    assert {kind.read_answer((), word)[1] for word in ["正确", "对", "√", "T", "true", "Ａ", "是", "1"]} == {("A",)}
    assert {kind.read_answer((), word)[1] for word in ["错误", "错", "×", "F", "False", "b", "否", "0"]} == {("B",)}
    with pytest.raises(InvalidQuestionError):
        kind.read_answer((), "也许")


def test_responses_are_read_as_browsers_send_them() -> None:
    question = multiple_choice()
    read = question.rules.parse_response
    assert read(question, ["D", "A"]) == read(question, "AD") == read(question, "a, d") == ("A", "D")
    assert read(question, None) == read(question, "") == read(question, []) == ()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("甲", "unreadable_response"),
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
