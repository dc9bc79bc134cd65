"""Fingerprint: what is the same question, for every kind."""

from dataclasses import replace

import pytest
from hypothesis import given

from question_bank.fingerprint import fingerprint
from question_bank.options import lettered
from question_bank.questions import Question
from tests.question_bank.samples import (
    case_study,
    multiple_choice,
    numeric,
    questions,
    quick,
    short_answer,
    single_choice,
    true_false,
)

ALL = (true_false(), single_choice(), multiple_choice(), numeric(), short_answer(), case_study())


def test_the_fingerprint_of_a_question_never_changes() -> None:
    """Databases hold it: another one would let every question in a second time."""
    assert fingerprint(single_choice()) == "c792beae5545318d1ed90c066a637ce25a8ee1d28fef10c534419c8ad8e70d8b"
    assert fingerprint(case_study()) == "8da1eb2ab0029f4ce8b376025a0a99d218fee9dd5cffe3d281916d40390bb6f8"


@pytest.mark.parametrize(
    "same",
    [
        {"code": "other", "version": 4, "bank": "mines"},
        {"stem": "  示例 单选题。 ".strip()},
        {"key": ("C",)},
        {"options": lettered(["示例丁", "示例丙。", "示例 乙", "示例甲"])},
        {"explanation": "示例", "difficulty": 3, "tags": ("重点",), "source_document": "示例法规"},
        {"markup": "html", "stem": "<p>示例<b>单选题</b></p>"},
    ],
)
def test_what_makes_no_other_question(same: dict[str, object]) -> None:
    assert fingerprint(replace(single_choice(), **same)) == fingerprint(single_choice())  # type: ignore[arg-type]


def picture(sign: str) -> str:
    return f'<p>下图表示（）</p><img src="picture:{sign * 64}" alt="示例">'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (single_choice(stem="净高3.5米"), single_choice(stem="净高35米")),
        (single_choice(), single_choice(options=lettered(["示例甲", "示例乙", "示例丙"]))),
        (numeric(), numeric(accepted="12.5±0.1")),
        (short_answer(), short_answer("s-sa", "灭火器")),
        (case_study(), case_study(parts=case_study().parts[:2])),
        (
            case_study(),
            case_study(parts=(replace(case_study().parts[0], stem="示例小题甲"), *case_study().parts[1:])),
        ),
        (single_choice(markup="html", stem=picture("a")), single_choice(markup="html", stem=picture("b"))),
    ],
)
def test_what_makes_another_question(first: Question, second: Question) -> None:
    assert fingerprint(first) != fingerprint(second)


def test_a_stem_may_be_asked_in_several_kinds() -> None:
    assert len({fingerprint(replace(one, stem="同一题干")) for one in ALL}) == len(ALL)


@quick
@given(questions())
def test_every_question_has_one(question: Question) -> None:
    assert len(fingerprint(question)) == 64
    assert fingerprint(Question.from_payload(question.to_payload())) == fingerprint(question)
