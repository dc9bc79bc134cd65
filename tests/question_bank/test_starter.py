"""The starter bank: whole, sourced, spread over kinds, keys and difficulties, and no two questions alike."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest

from question_bank.kinds import KINDS
from question_bank.lifecycle import missing_for_review
from question_bank.questions import DIFFICULTIES, MAJOR_HAZARD_CRITERIA, Question
from question_bank.similarity import find_duplicates, normalised, similarity
from question_bank.starter import StarterError, load_starter, read_starter_file, sources_in_force

STARTER = load_starter()
BANKS = sorted({question.bank for question in STARTER})
SECTORS = {
    "mines",
    "metal_smelting",
    "hazardous_chemicals",
    "dust_explosion",
    "confined_space",
    "construction",
    "road_transport",
    "fisheries",
    "hospitals",
    "heritage_units",
    "large_commercial_complexes",
}
CHOICE_KINDS = {"true_false", "single_choice", "multiple_choice"}


def of(bank: str, *kinds: str) -> list[Question]:
    """Return the questions of *bank*, of all kinds or of *kinds*."""
    return [one for one in STARTER if one.bank == bank and (not kinds or one.kind in kinds)]


def tagged(bank: str) -> list[Question]:
    return [question for question in of(bank) if MAJOR_HAZARD_CRITERIA in question.tags]


def test_every_code_is_unique_across_the_bank() -> None:
    assert len({question.code for question in STARTER}) == len(STARTER)


def test_the_bank_holds_six_hundred_questions_a_hundred_fifty_of_them_general_and_forty_a_sector() -> None:
    counts = Counter(question.bank for question in STARTER)
    assert set(counts) == {"general"} | SECTORS
    assert sum(counts.values()) >= 600
    assert counts["general"] >= 150
    assert min(counts[sector] for sector in SECTORS) >= 40


def test_every_question_is_ready_for_review() -> None:
    assert [question.code for question in STARTER if missing_for_review(question)] == []


def test_every_part_of_a_case_study_has_its_explanation() -> None:
    cases = [question for question in STARTER if question.kind == "case_study"]
    assert [case.code for case in cases if not all(part.explanation for part in case.parts)] == []


def test_documents_with_a_day_are_cited_and_carry_it() -> None:
    since = sources_in_force()
    assert set(since) <= {question.source_document for question in STARTER}
    assert {one.source_from for one in STARTER if one.source_document in since} == set(since.values())
    assert {one.source_from for one in STARTER if one.source_document not in since} == {""}


@pytest.mark.parametrize("bank", BANKS)
def test_everything_is_said_in_chinese(bank: str) -> None:
    for question in of(bank):
        for text in (question.stem, question.explanation, question.source_document, question.knowledge_point):
            assert re.search(r"[\u4e00-\u9fff]", text), question.code


def test_no_two_stems_are_alike() -> None:
    assert find_duplicates(STARTER, 0.7) == ()


_ARTICLE = re.compile(r"第[一二三四五六七八九十百]+条(?:之[一二三四])?")


def articles(question: Question) -> set[str]:
    """Return the articles that *question* cites, without paragraph and item; the whole citation where it has none."""
    return set(_ARTICLE.findall(question.source_article)) or {question.source_article}


def right_texts(question: Question) -> str:
    return "".join(sorted(option.text for option in question.options if option.key in question.key))


def statement(question: Question) -> str:
    """Return what the question says once it is answered rightly: stem and right options."""
    return question.plain_stem + ("" if question.kind == "true_false" else right_texts(question))


def pairs_on_one_article() -> Iterator[tuple[Question, Question]]:
    """Yield the pairs of questions, of one bank or of two, that cite the same article of the same document."""
    for first, second in combinations(STARTER, 2):
        if first.source_document == second.source_document and articles(first) & articles(second):
            yield first, second


def test_no_two_questions_state_the_same_sentence_of_an_article() -> None:
    """As far as letters tell: two statements on one article share less than two fifths of their pairs of characters."""
    alike = [
        (first.code, second.code)
        for first, second in pairs_on_one_article()
        if similarity(statement(first), statement(second)) >= 0.4
    ]
    assert alike == []


def test_no_two_questions_on_one_citation_have_the_same_right_answer() -> None:
    answers = Counter(
        (question.source_document, question.source_article, normalised(right_texts(question)))
        for question in STARTER
        if question.kind not in ("true_false", "case_study")
    )
    assert [answer for answer, count in answers.items() if count > 1] == []


_PLACE = re.compile(r"[前后][一二两三四五]项|选项[A-H]|(?<![A-Za-z0-9])[A-H](?:、[A-H])*(?:项|是|为|适用)")


def test_no_explanation_points_at_an_option_by_its_place() -> None:
    """A paper shuffles the options: the first three of the file are not the first three on the paper."""
    texts = [
        (one.code, text) for one in STARTER for text in (one.explanation, *(part.explanation for part in one.parts))
    ]
    assert [code for code, text in texts if _PLACE.search(text)] == []


@pytest.mark.parametrize("bank", BANKS)
def test_every_bank_has_the_three_choice_kinds_and_every_difficulty(bank: str) -> None:
    assert {question.kind for question in of(bank)} >= CHOICE_KINDS
    difficulties = Counter(question.difficulty for question in of(bank))
    assert set(difficulties) == set(DIFFICULTIES)
    assert max(difficulties.values()) <= 0.75 * sum(difficulties.values())


def test_the_general_bank_has_every_kind_and_four_sectors_a_case_study() -> None:
    counts = Counter(question.kind for question in of("general"))
    assert set(counts) == set(KINDS)
    assert (counts["numeric"] >= 6, counts["short_answer"] >= 6, counts["case_study"] >= 4) == (True, True, True)
    with_case = {question.bank for question in STARTER if question.kind == "case_study"}
    assert with_case >= {"mines", "metal_smelting", "hazardous_chemicals", "large_commercial_complexes"}


def test_the_general_bank_can_fill_every_choice_kind_of_a_paper_with_judging_standards() -> None:
    kinds = Counter(question.kind for question in tagged("general"))
    assert sum(kinds.values()) >= 14
    assert min(kinds[kind] for kind in CHOICE_KINDS) >= 2


@pytest.mark.parametrize("sector", sorted(SECTORS))
def test_every_sector_has_questions_on_its_judging_standard_in_more_than_one_kind(sector: str) -> None:
    kinds = Counter(question.kind for question in tagged(sector))
    assert sum(kinds.values()) >= 5
    assert len(kinds) >= 2


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize(("kind", "most"), [("true_false", 0.6), ("single_choice", 0.45), ("multiple_choice", 0.45)])
def test_keys_do_not_favour_an_answer(bank: str, kind: str, most: float) -> None:
    keys = Counter("".join(question.key) for question in of(bank, kind))
    assert max(keys.values()) <= most * sum(keys.values())


def test_every_multiple_choice_has_a_wrong_option() -> None:
    """Selecting every option must never pay."""
    parts = [part for question in STARTER for part in question.parts]
    for choices in (STARTER, parts):
        multiples = [one for one in choices if one.kind == "multiple_choice"]
        assert [one.stem for one in multiples if len(one.key) == len(one.options)] == []


@pytest.mark.parametrize("bank", BANKS)
def test_the_right_option_is_not_given_away_by_its_length(bank: str) -> None:
    """Whoever always takes the longest option must not pass."""
    singles = of(bank, "single_choice")
    longest = [one for one in singles if max(one.options, key=lambda option: len(option.text)).key in one.key]
    assert len(longest) <= 0.6 * len(singles)


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


CASE = """
bank = "mines"
[[question]]
code = "m-2"
kind = "case_study"
knowledge_point = "示例"
difficulty = 3
stem = "示例案例"
explanation = "示例解析"
source_document = "示例法"
source_article = "第一条"
[[question.part]]
kind = "numeric"
stem = "多少人？"
key = "9±1"
unit = "人"
explanation = "九人上下"
[[question.part]]
kind = "multiple_choice"
stem = "哪些？"
options = ["甲", "乙", "丙"]
key = "AC"
explanation = "甲和丙"
[[question.part]]
kind = "true_false"
stem = "对吗？"
key = true
explanation = "对"
"""


def test_a_case_study_is_written_with_its_parts() -> None:
    (case,) = read_starter_file("sample.toml", CASE)
    assert (case.options, case.key) == ((), ())
    assert [part.kind for part in case.parts] == ["numeric", "multiple_choice", "true_false"]
    assert [part.key for part in case.parts] == [("A",), ("A", "C"), ("A",)]
    assert (case.parts[0].options[0].text, case.parts[0].unit) == ("9±1", "人")
    assert case.parts[2].options == KINDS["true_false"].fixed_options


def test_the_wordings_of_a_short_answer_stand_in_one_key() -> None:
    text = TRUE_FALSE.replace('"true_false"', '"short_answer"').replace("key = false", 'key = "全员|全员安全"')
    (question,) = read_starter_file("sample.toml", text)
    assert ([option.text for option in question.options], question.key) == (["全员", "全员安全"], ("A", "B"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "numeric"', 'kind = "case_study"'),
        ('key = "9±1"', 'key = "九"'),
        ('key = "AC"', 'key = "AD"'),
        ('explanation = "甲和丙"', 'explanation = "甲和丙"\nsource = "x"'),
        ('stem = "多少人？"', ""),
    ],
)
def test_a_case_study_with_a_wrong_part_is_refused(old: str, new: str) -> None:
    with pytest.raises(StarterError) as refusal:
        read_starter_file("sample.toml", CASE.replace(old, new))
    assert (refusal.value.code, refusal.value.data["question"]) == ("invalid_question", "m-2")


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
