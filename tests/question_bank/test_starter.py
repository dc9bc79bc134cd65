"""The starter bank: whole, sourced, and no two questions alike."""

from collections import Counter

import pytest

from question_bank.kinds import KINDS
from question_bank.lifecycle import missing_for_review
from question_bank.similarity import find_duplicates
from question_bank.starter import StarterError, load_starter, read_starter_file

STARTER = load_starter()


def test_every_code_is_unique_across_the_bank() -> None:
    assert len({question.code for question in STARTER}) == len(STARTER)


def test_every_question_has_explanation_knowledge_point_and_source() -> None:
    assert [question.code for question in STARTER if missing_for_review(question)] == []


def test_no_two_stems_are_alike() -> None:
    assert find_duplicates(STARTER, 0.75) == ()


def test_the_general_bank_has_thirty_questions_and_five_sectors_fifteen() -> None:
    counts = Counter(question.bank for question in STARTER)
    assert counts["general"] >= 30
    assert sum(count >= 15 for bank, count in counts.items() if bank != "general") >= 5


def test_every_bank_has_every_kind() -> None:
    for bank in {question.bank for question in STARTER}:
        assert {question.kind for question in STARTER if question.bank == bank} == set(KINDS)


def test_keys_do_not_favour_a_letter() -> None:
    keys = Counter(question.key[0] for question in STARTER if question.kind == "single_choice")
    assert max(keys.values()) <= 0.45 * sum(keys.values())


TRUE_FALSE = """
bank = "mines"
[[question]]
code = "m-1"
kind = "true_false"
knowledge_point = "示例"
difficulty = 1
stem = "示例题干"
key = false
explanation = "示例解析"
source_document = "示例法"
source_article = "第一条"
"""


def test_a_true_false_question_needs_no_options() -> None:
    (question,) = read_starter_file("sample.toml", TRUE_FALSE)
    assert (question.bank, question.key, question.options) == ("mines", ("B",), KINDS["true_false"].fixed_options)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('bank = "mines"', "bank =", "not_toml"),
        ('bank = "mines"', 'bank = "mines"\ntitle = "x"', "wrong_layout"),
        ('source_article = "第一条"', "", "missing_fields"),
        ("key = false", 'key = "也许"', "invalid_question"),
        ("difficulty = 1", "difficulty = 9", "invalid_question"),
        ("difficulty = 1", 'difficulty = 1\noptions = ["错误", "正确"]', "invalid_question"),
        ('kind = "true_false"', 'kind = "essay"', "invalid_question"),
    ],
)
def test_a_wrong_file_is_refused_by_name(old: str, new: str, code: str) -> None:
    with pytest.raises(StarterError) as refusal:
        read_starter_file("sample.toml", TRUE_FALSE.replace(old, new))
    assert refusal.value.code == code
    assert refusal.value.data["file"] == "sample.toml"
