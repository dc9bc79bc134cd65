"""QTI as makers write it who stretch the rules, and rules that no maker would write."""

import pytest

from question_bank.questions import Question
from tests.question_bank.qti import (
    VARIABLE,
    base,
    declaration,
    entry,
    interaction,
    item,
    mapping,
    match,
    one,
    outcome,
    put,
    read,
    remarks,
    rules,
    when,
)

SAME = "<match><variable identifier='MANY'/><variable identifier='MANY'/></match>"
TYPED = f"<p>填写{entry()}。</p>"


def answers(question: Question) -> list[tuple[str, str]]:
    return [(option.text, option.weight) for option in question.options]


@pytest.mark.parametrize(
    "test",
    [
        f"<patternMatch pattern='a'>{VARIABLE}{base('York')}</patternMatch>",
        "<patternMatch pattern='a'/>",
        f"<not>{VARIABLE}{VARIABLE}</not>",
        "<isNull/>",
        "<gt><index n='1'/><containerSize/></gt>",
        "<match/>",
    ],
)
def test_an_operator_with_other_than_its_arguments_is_not_followed(test: str) -> None:
    text = item(declaration("York", base="string"), TYPED, rules(when(test, put("SCORE", "1"))))
    assert answers(one(text)) == [("York", "")]
    assert "scoring_not_followed" in remarks(text)


@pytest.mark.parametrize("value", ["1e999", "1e-999"])
def test_numbers_that_rules_make_endless_are_not_followed(value: str) -> None:
    points = f"<setOutcomeValue identifier='SCORE'><product>{base(value, 'float') * 900}</product></setOutcomeValue>"
    text = item(declaration("He"), interaction(), rules(when(match(), points)))
    assert one(text).key == ("B",)
    assert "scoring_not_followed" in remarks(text)


def test_points_of_parts_may_be_as_large_as_they_are_written() -> None:
    declared = declaration("H", name="R1") + declaration("He", name="R2")
    processing = rules(when(match("R1"), put("SCORE", "1e999")), when(match("R2"), put("SCORE", "1")))
    text = item(declared, interaction(name="R1") + interaction(name="R2"), processing)
    assert remarks(text)["points_left_out"] == {"value": "1.00000e+999, 1"}


def test_rules_that_set_no_outcome_say_nothing() -> None:
    mapped = mapping({"蓝": "100", "Azure": "100"}, entry="caseSensitive='false'")
    text = item(declaration("蓝|Azure", mapped, base="string"), TYPED, rules(when(match())))
    question = one(text)
    assert (answers(question), question.is_case_sensitive) == ([("蓝", ""), ("Azure", "")], False)
    assert "scoring_not_followed" not in remarks(text)


def test_points_are_those_of_the_parts_where_rules_set_no_total() -> None:
    def near(name: str, tolerance: str) -> str:
        accepted = f"<variable identifier='{name}'/><correct identifier='{name}'/>"
        return f"<equal toleranceMode='absolute' tolerance='{tolerance}'>{accepted}</equal>"

    declared = "".join(
        declaration(value, base="float", name=name) + outcome(f"SCORE_{name}", "float")
        for name, value in (("R1", "7"), ("R2", "9"))
    )
    processing = rules(
        when(near("R1", "1 1"), put("SCORE_R1", "1")),
        when(near("R2", "2"), put("SCORE_R2", "1")),
    )
    text = item(declared, f"<p>甲{entry('R1')}，乙{entry('R2')}。</p>", processing)
    assert [answers_of.options[0].text for answers_of in one(text).parts] == ["7±1", "9±2"]
    assert "scoring_not_followed" not in remarks(text)


def test_operators_that_smooth_what_was_typed_are_passed_through() -> None:
    def wrapped(*kinds: str) -> str:
        inner = VARIABLE
        for kind in kinds:
            inner = f"<customOperator definition='depcp:{kind}'>{inner}</customOperator>"
        return inner

    def processing(*kinds: str) -> str:
        tests = (
            f"<stringMatch caseSensitive='false'>{wrapped(*kinds)}{base(word)}</stringMatch>"
            for word in ("York", "Jork")
        )
        return rules(*(when(test, put("SCORE", "1")) for test in tests))

    declared = declaration("York", base="string")
    question = one(item(declared, TYPED, processing("ToAscii", "Trim")))
    assert (answers(question), question.is_case_sensitive) == ([("York", ""), ("Jork", "")], False)
    assert "scoring_not_followed" in remarks(item(declared, TYPED, processing("ToAscii", "Trim")))
    assert "scoring_not_followed" not in remarks(item(declared, TYPED, processing("Trim")))
    assert answers(one(item(declared, TYPED, processing("Reverse")))) == [("York", "")]


def test_what_only_shows_beside_a_word_and_what_teachers_are_told_is_no_text() -> None:
    told = "<span data-role='tooltip-content' aria-hidden='true'>出自<b>别处</b></span>"
    choices = {"H": f"氢{told}", "He": "氦"}
    rationales = (
        "<choiceRationales responseIdentifier='R'><rationale identifier='H'>正确</rationale></choiceRationales>"
    )
    body = f"<teacherInstructions>朗读</teacherInstructions><p>看<span>表</span>{told}。</p>{interaction(choices)}"
    text = item(declaration("H"), body + rationales)
    question = one(text)
    assert (question.stem, [option.text for option in question.options]) == ("看表。\n哪一种？", ["氢", "氦"])
    left_out = remarks(text)["markup_removed"]["elements"]
    assert left_out == ("choiceRationales", "teacherInstructions", "tooltip-content")
    assert read(text).errors == ()


def test_numbers_in_digits_of_another_base_are_told() -> None:
    def text(base_of: str) -> str:
        typed = f"<textEntryInteraction responseIdentifier='R' base='{base_of}'/>"
        return item(declaration("9", base="integer"), f"<p>{typed}</p>")

    assert "scoring_not_followed" in remarks(text("7"))
    assert "scoring_not_followed" not in remarks(text("10"))


def grown() -> str:
    """Return rules that double a list forty times."""
    twice = "<multiple><variable identifier='LIST'/><variable identifier='LIST'/></multiple>"
    return f"<setOutcomeValue identifier='LIST'>{twice}</setOutcomeValue>" * 40


@pytest.mark.parametrize(
    "processing",
    [
        grown() + when(match(), put("SCORE", "1")),
        when(f"<and>{SAME * 200}</and>", put("SCORE", "1")),
    ],
)
def test_members_of_lists_count_as_steps(processing: str) -> None:
    values = "".join(f"<value>{number}</value>" for number in range(3000))
    listed = f"<outcomeDeclaration identifier='MANY' cardinality='multiple' baseType='float'><defaultValue>{values}"
    declared = declaration("He") + outcome("LIST", cardinality="multiple", default="a")
    text = item(f"{declared}{listed}</defaultValue></outcomeDeclaration>", interaction(), rules(processing))
    assert one(text).key == ("B",)
    assert "scoring_not_followed" in remarks(text)
