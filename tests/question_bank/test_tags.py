"""Tags as people write them: the one that a rule asks for is known by its Chinese term."""

from __future__ import annotations

import pytest

from question_bank.formats import FORMATS
from question_bank.tags import MAJOR_HAZARD_CRITERIA, tags_in, tags_text
from tests.question_bank.samples import single_choice


@pytest.mark.parametrize("term", ["重大事故隐患判定标准", "重大事故隐患", "major_hazard_criteria"])
def test_the_tag_of_the_rule_is_known_by_its_term(term: str) -> None:
    assert tags_in(f"重点、{term}；重点") == (MAJOR_HAZARD_CRITERIA, "重点")


def test_other_tags_stay_as_they_are_written() -> None:
    assert tags_in(" 重大火灾隐患,b a ") == ("a", "b", "重大火灾隐患")
    assert tags_in("") == ()


@pytest.mark.parametrize("code", ["xlsx", "csv"])
def test_a_spreadsheet_says_the_term_and_reads_it(code: str) -> None:
    form = FORMATS[code]
    question = single_choice(tags=(MAJOR_HAZARD_CRITERIA, "重点"))
    assert form.read(form.write([question]), question.bank).questions == (question,)
    assert tags_text(question.tags) == "重大事故隐患判定标准 重点"


def test_whatever_file_brings_the_term_the_question_counts() -> None:
    text = "题型,题干,答案,标签\n判断题,示例题。,正确,重大事故隐患判定标准\n"
    (question,) = FORMATS["csv"].read(text.encode(), "general").questions
    assert question.tags == (MAJOR_HAZARD_CRITERIA,)
    gift = "// [tag:重大事故隐患判定标准]\n示例题。{T}\n"
    (question,) = FORMATS["gift"].read(gift.encode(), "general").questions
    assert question.tags == (MAJOR_HAZARD_CRITERIA,)
