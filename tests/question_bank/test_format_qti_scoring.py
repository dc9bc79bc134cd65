"""QTI: scoring as makers of items write it out, and what of it parts and weights of ours can say."""

from dataclasses import replace

import pytest

from question_bank.formats import FORMATS
from question_bank.formats.qti import processing as processing_module
from question_bank.questions import Part, Question
from tests.question_bank.qti import (
    CORRECT,
    MAP,
    MATCH,
    VARIABLE,
    base,
    declaration,
    entry,
    interaction,
    item,
    mapping,
    match,
    modal,
    one,
    outcome,
    put,
    read,
    remarks,
    rules,
    when,
)
from tests.question_bank.samples import case_study, multiple_choice

MAPPED = "<setOutcomeValue identifier='SCORE'><mapResponse identifier='R'/></setOutcomeValue>"
GIVEN = f"<not><isNull>{VARIABLE}</isNull></not>"


def weights(question: Question) -> list[str]:
    return [option.weight for option in question.options]


def maximum(points: str) -> str:
    return outcome("SCORE", "float", more=f"normalMaximum='{points}'")


def many(processing: str, mapped: str, correct: str = "H|C", more: str = "") -> str:
    return item(declaration(correct, mapped, "multiple") + more, interaction(most=0), processing)


def test_a_maximum_below_what_right_choices_earn_says_nothing_about_them() -> None:
    mapped = mapping({"H": "1", "C": "1"}, "lowerBound='0'", default="-2")
    assert weights(one(many(MAP, mapped, more=maximum("1")))) == ["50", "-100", "50"]


@pytest.mark.parametrize("processing", [MATCH, rules(when(match(), put("SCORE", "1")))])
def test_that_only_all_right_choices_together_earn_marks_is_told(processing: str) -> None:
    text = many(processing, "")
    assert (one(text).key, weights(one(text))) == (("A", "C"), ["", "", ""])
    assert "all_or_nothing_left_out" in remarks(text)


def test_of_one_right_choice_a_wrong_one_beside_it_costs_nothing() -> None:
    """Ticked with the right one, a wrong choice spoils the match; but the question asks for one choice here."""
    text = many(rules(when(match(), put("SCORE", "1"), otherwise=put("SCORE", "0"))), "", "H")
    assert (one(text).kind, one(text).key, weights(one(text))) == ("single_choice", ("A",), ["", "", ""])
    assert {"one_right_answer"} <= remarks(text).keys()
    costs = put("SCORE", "-0.5")
    chosen = when(f"<member>{base('He', 'identifier')}{VARIABLE}</member>", costs)
    alone = many(rules(when(match(), put("SCORE", "1")), chosen), "", "H")
    assert weights(one(alone)) == ["100", "-50", "0"]


def test_all_or_nothing_is_not_told_where_choices_earn_marks_alone_or_nothing_is_said() -> None:
    mapped = mapping({"H": "1", "C": "1"})
    texts = [many(MAP, mapped), many(MATCH, "", "H"), many("", ""), item(declaration("He"), interaction())]
    for text in texts:
        assert "all_or_nothing_left_out" not in remarks(text)


@pytest.mark.parametrize("code", ["qti21", "qti22", "qti30"])
def test_what_we_wrote_ourselves_does_not_tell_that_it_is_all_or_nothing(code: str) -> None:
    told = replace(multiple_choice().options[0], feedback="近了")
    second = replace(multiple_choice(), code="general-0002", options=(told, *multiple_choice().options[1:]))
    part = Part("multiple_choice", "小题？", multiple_choice().options, multiple_choice().key)
    case = replace(case_study(), parts=(part, *case_study().parts))
    reading = FORMATS[code].read(FORMATS[code].write([multiple_choice(), second, case]), "general")
    assert len(reading.rows) == 3
    assert "all_or_nothing_left_out" not in {remark.code for remark in reading.remarks}


def test_bounds_of_a_mapping_hold_in_rules_as_well() -> None:
    text = many(rules(MAPPED), mapping({"H": "1", "C": "1", "He": "-1"}, "lowerBound='0'"))
    assert weights(one(text)) == ["50", "-50", "50"]
    assert "scoring_not_followed" not in remarks(text)
    text = many(rules(MAPPED), mapping({"H": "1", "C": "1"}, "lowerBound='0' upperBound='1'"))
    assert (one(text).key, weights(one(text))) == (("A", "C"), ["", "", ""])
    assert "scoring_not_followed" in remarks(text)


def test_a_bonus_for_all_right_choices_is_told_and_the_choices_share_the_marks() -> None:
    processing = rules(MAPPED, when(match(), put("SCORE", "5")))
    mapped = mapping({"H": "2", "C": "2", "He": "-2"}, "lowerBound='0'")
    text = many(processing, mapped, more=maximum("5"))
    assert weights(one(text)) == ["50", "-50", "50"]
    assert "scoring_not_followed" in remarks(text)


def test_rules_that_take_the_total_between_two_outcomes_are_followed() -> None:
    within = "".join(
        when(
            f"<{test}><variable identifier='SCORE'/><variable identifier='{name}'/></{test}>",
            f"<setOutcomeValue identifier='SCORE'><variable identifier='{name}'/></setOutcomeValue>",
        )
        for test, name in (("gt", "MAXSCORE"), ("lt", "MINSCORE"))
    )
    added = "<setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/><mapResponse identifier='R'/></sum>"
    ends = outcome("MAXSCORE", "float", default="2") + outcome("MINSCORE", "float", default="0")
    text = many(
        rules(when(GIVEN, f"{added}</setOutcomeValue>"), within),
        mapping({"H": "1", "C": "1", "He": "-0.5"}, ""),
        more=ends,
    )
    assert weights(one(text)) == ["50", "-25", "50"]
    assert "scoring_not_followed" not in remarks(text)


def test_rules_behind_the_end_of_a_run_are_not_followed() -> None:
    processing = rules(when(match(), put("SCORE", "1"), "<exitResponse/>"), put("SCORE", "0"))
    question = one(item(declaration("H"), interaction(), processing))
    assert (question.key, weights(question)) == (("A",), ["", "", ""])
    assert "scoring_not_followed" not in remarks(item(declaration("H"), interaction(), processing))


def test_feedback_of_the_first_attempt_is_found_by_the_number_of_attempts() -> None:
    attempts = f"<lt><variable identifier='numAttempts'/>{base('3', 'integer')}</lt>"
    processing = rules(
        when(match(), put("SCORE", "1")),
        when(f"<and>{attempts}<not>{match()}</not></and>", put("FEEDBACK", "hint", "identifier")),
    )
    told = modal("hint", "再想想") + modal("never", "总的")
    question = one(item(declaration("H") + outcome("FEEDBACK"), interaction(), processing + told))
    assert question.explanation == "总的\n答错时：再想想"


TOLERANT = when(GIVEN, "<setOutcomeValue identifier='SCORE'><mapTolResponse identifier='R'/></setOutcomeValue>")
PATTERN = when(f"<patternMatch pattern='[A-Z]+'>{VARIABLE}</patternMatch>", put("SCORE", "1"))
BODY = f"<p>约克{entry()}</p>"
STATED = [("York", "100"), ("Yorke", "50")]


@pytest.mark.parametrize(
    ("processing", "case_sensitive", "expected", "matters"),
    [
        (TOLERANT, "false", STATED, False),
        (TOLERANT, "true", STATED, True),
        (TOLERANT + "<setOutcomeValue identifier='SCORE'><own/></setOutcomeValue>", "false", STATED, False),
        (PATTERN, "false", [("York", "100"), ("Yorke", "0")], True),
    ],
)
def test_where_rules_cannot_be_followed_the_mapping_counts_that_they_look_up(
    processing: str, case_sensitive: str, expected: list[tuple[str, str]], matters: bool
) -> None:
    mapped = mapping({"York": "2", "Yorke": "1"}, entry=f"caseSensitive='{case_sensitive}'")
    text = item(declaration("York", mapped, base="string"), BODY, rules(processing))
    question = one(text)
    assert [(option.text, option.weight) for option in question.options] == expected
    assert question.is_case_sensitive == matters
    assert "scoring_not_followed" in remarks(text)


def city(name: str) -> str:
    return declaration("", mapping({"北京": "1", "天津": "1"}), base="string", name=name)


def added(name: str, test: str) -> str:
    value = f"<sum><variable identifier='SCORE'/><mapResponse identifier='{name}'/></sum>"
    return when(test, f"<setOutcomeValue identifier='SCORE'>{value}</setOutcomeValue>")


def filled(name: str) -> str:
    return f"<not><isNull><variable identifier='{name}'/></isNull></not>"


SAME = "<stringMatch caseSensitive='false'><variable identifier='R1'/><variable identifier='R2'/></stringMatch>"
ONCE = f"<and>{filled('R1')}<not>{SAME}</not></and>"
EACH = rules(added("R2", filled("R2")), added("R1", ONCE))
TWICE = rules(added("R2", filled("R2")), added("R1", filled("R1")))
FULL = f"<gte><variable identifier='SCORE'/>{base('2', 'float')}</gte>"
ALL = rules(
    added("R2", filled("R2")),
    added("R1", filled("R1")),
    when(FULL, put("SCORE", "1"), otherwise=put("SCORE", "0")),
)


@pytest.mark.parametrize(("processing", "is_told"), [(EACH, True), (TWICE, False), (ALL, True)])
def test_parts_whose_marks_depend_on_each_other_are_told(processing: str, is_told: bool) -> None:
    text = item(city("R1") + city("R2"), f"<p>直辖市{entry('R1')}、{entry('R2')}</p>", processing)
    assert [[option.text for option in part.options] for part in one(text).parts] == [["北京", "天津"]] * 2
    assert ("scoring_not_followed" in remarks(text)) == is_told


def test_feedback_on_texts_that_may_be_given_once_is_about_right_and_wrong() -> None:
    full = when(FULL, put("FEEDBACK", "all", "identifier"), otherwise=put("FEEDBACK", "some", "identifier"))
    processing = EACH.replace("</responseProcessing>", f"{full}</responseProcessing>")
    told = modal("all", "全对") + modal("some", "未全对")
    question = one(
        item(city("R1") + city("R2") + outcome("FEEDBACK"), f"<p>{entry('R1')}、{entry('R2')}</p>", processing + told)
    )
    assert question.explanation == "答对时：全对\n答错时：未全对"


PRINTED = "<printedVariable identifier='{}'/>"


def test_points_that_feedback_prints_are_left_out_and_told() -> None:
    told = modal("x", f"得分{PRINTED.format('SCORE')}分。")
    text = item(declaration("H"), interaction(), rules(when(match(), put("SCORE", "1"))) + told)
    assert one(text).explanation == "得分分。"
    assert remarks(text)["markup_removed"] == {"elements": ("printedvariable",)}


@pytest.mark.parametrize(
    ("body", "told"), [(PRINTED.format("SCORE"), ""), ("", modal("x", PRINTED.format("T"))), (PRINTED.format("T"), "")]
)
def test_other_variables_that_are_printed_make_a_template(body: str, told: str) -> None:
    text = item(declaration("H") + outcome("SCORE", "float"), f"<p>{body}</p>{interaction()}", f"<a/>{told}")
    (error,) = read(text).errors
    assert error.data["form"] == "template"


def test_a_number_is_read_as_the_rules_have_it_where_its_points_are_an_outcome_of_their_own() -> None:
    points = "<setOutcomeValue identifier='{}'><variable identifier='{}'/></setOutcomeValue>"
    equal = f"<equal toleranceMode='absolute' tolerance='2 2'>{VARIABLE}{CORRECT}</equal>"
    processing = rules(when(equal, points.format("SCORE_R", "MAXSCORE_R")), points.format("SCORE", "SCORE_R"))
    outcomes = outcome("SCORE_R", "float") + outcome("MAXSCORE_R", "float", default="3")
    question = one(item(declaration("300", base="float") + outcomes, BODY, processing))
    assert [(option.text, option.weight) for option in question.options] == [("300±2", "")]


RAW = "<setOutcomeValue identifier='RAW'><mapResponse identifier='R'/></setOutcomeValue>"
LOOKED_UP = rules(RAW, "<lookupOutcomeValue identifier='SCORE'><variable identifier='RAW'/></lookupOutcomeValue>")
MATCHED = (
    "<matchTable defaultValue='0'><matchTableEntry sourceValue='1' targetValue='0.5'/>"
    "<matchTableEntry sourceValue='2' targetValue='2'/></matchTable>"
)
STEPS = (
    "<interpolationTable defaultValue='0'><interpolationTableEntry sourceValue='2' targetValue='2'/>"
    "<interpolationTableEntry sourceValue='1' includeBoundary='false' targetValue='1'/></interpolationTable>"
)


@pytest.mark.parametrize(
    ("table", "expected", "is_told"),
    [
        (MATCHED, ["100", "25", "0"], False),
        (STEPS, ["100", "0", "50"], False),
        ("", ["", "", ""], True),
        (MATCHED.replace("'0.5'", "'halb'"), ["", "", ""], True),
    ],
)
def test_points_that_are_looked_up_in_a_table_are_followed(table: str, expected: list[str], is_told: bool) -> None:
    score = f"<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'>{table}</outcomeDeclaration>"
    declared = declaration("H", mapping({"H": "2", "He": "1", "C": "1.5"})) + score + outcome("RAW", "float")
    text = item(declared, interaction(), LOOKED_UP)
    assert (one(text).key, weights(one(text))) == (("A",), expected)
    assert ("scoring_not_followed" in remarks(text)) == is_told


@pytest.mark.parametrize(("default", "is_told"), [("0", False), ("-1", False), ("0.5", True)])
def test_points_for_any_text_are_told(default: str, is_told: bool) -> None:
    text = item(declaration("", mapping({"York": "1"}, "", default), base="string"), BODY, rules(MAPPED))
    assert [option.text for option in one(text).options] == ["York"]
    assert ("scoring_not_followed" in remarks(text)) == is_told


@pytest.mark.parametrize(("second", "told"), [("1", None), ("3", {"value": "1, 3"})])
def test_parts_that_are_worth_different_points_are_told(second: str, told: dict[str, str] | None) -> None:
    declared = declaration("", mapping({"a": "1"}), base="string", name="R1")
    declared += declaration("", mapping({"b": second}), base="string", name="R2")
    text = item(declared, f"<p>{entry('R1')}、{entry('R2')}</p>", MAP)
    assert remarks(text).get("points_left_out") == told


def test_feedback_is_found_where_misprints_are_forgiven() -> None:
    full = f"<gte><variable identifier='SCORE'/>{base('2', 'float')}</gte>"
    processing = rules(
        TOLERANT, when(full, put("FEEDBACK", "full", "identifier"), otherwise=put("FEEDBACK", "less", "identifier"))
    )
    declared = declaration("", mapping({"York": "2"}), base="string") + outcome("FEEDBACK")
    question = one(item(declared, BODY, processing + modal("full", "对了") + modal("less", "不对")))
    assert question.explanation == "答对时：对了\n答错时：不对"


@pytest.mark.parametrize(("weight", "codes"), [("0", []), ("-1", []), ("1", ["key_not_offered"])])
def test_a_mapping_may_name_a_choice_that_is_not_offered_unless_it_is_right(weight: str, codes: list[str]) -> None:
    reading = read(item(declaration("", mapping({"H": "1", "X": weight})), interaction(), MAP))
    assert [error.code for error in reading.errors] == codes
    assert [question.key for question in reading.questions] == [("A",)] * (1 - len(codes))


def test_entries_of_tables_count_as_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = "<matchTableEntry sourceValue='2' targetValue='2'/>" * 60
    table = f"<matchTable defaultValue='0'>{entries}</matchTable>"
    score = f"<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'>{table}</outcomeDeclaration>"
    text = item(declaration("H", mapping({"H": "2"})) + score, interaction(), LOOKED_UP)
    assert "scoring_not_followed" not in remarks(text)
    monkeypatch.setattr(processing_module, "_MOST_STEPS_OF_ITEM", 100)
    assert "scoring_not_followed" in remarks(text)


def decision(name: str, is_right: bool) -> str:
    chosen = f"<member>{base(name, 'identifier')}{VARIABLE}</member>"
    one_point = f"<sum><variable identifier='SCORE'/>{base('1', 'float')}</sum>"
    add = f"<setOutcomeValue identifier='SCORE'>{one_point}</setOutcomeValue>"
    return when(chosen if is_right else f"<not>{chosen}</not>", add)


def test_where_each_decision_earns_a_point_wrong_choices_cost_what_right_ones_earn() -> None:
    processing = rules(decision("H", True), decision("He", False), decision("C", True))
    text = item(declaration("H|C", cardinality="multiple"), interaction(most=0), processing)
    assert (one(text).key, weights(one(text))) == (("A", "C"), ["50", "-50", "50"])
    assert "scoring_not_followed" in remarks(text)
    assert "key_and_mapping_differ" not in remarks(text)


def test_feedback_on_what_was_chosen_and_on_what_was_not_is_told_apart() -> None:
    def each(name: str) -> str:
        chosen = f"<member>{base(name, 'identifier')}{VARIABLE}</member>"
        return when(chosen, put(f"F{name}", "T", "identifier"), otherwise=put(f"F{name}", "F", "identifier"))

    processing = rules(when(match(), put("SCORE", "1")), each("H"), each("He"))
    told = (
        modal("T", "是氢", outcome_name="FH")
        + modal("F", "漏了氢", outcome_name="FH")
        + modal("T", "氦不是", outcome_name="FHe")
        + modal("F", "氦确实不是", outcome_name="FHe")
    )
    declared = declaration("H|C", cardinality="multiple") + outcome("FH") + outcome("FHe")
    question = one(item(declared, interaction(most=0), processing + told))
    assert [option.feedback for option in question.options] == ["是氢", "氦不是", ""]
    assert question.explanation == "未选“氢”时：漏了氢\n未选“氦”时：氦确实不是"


@pytest.mark.parametrize(("nothing", "expected"), [("-1", ["100", "50", "-50"]), ("1", ["", "", ""])])
def test_what_no_response_costs_is_not_added_and_what_it_earns_is_taken_off(nothing: str, expected: list[str]) -> None:
    near = f"<match>{VARIABLE}{base('He', 'identifier')}</match>"
    processing = rules(put("SCORE", nothing), when(near, put("SCORE", "1")), when(match(), put("SCORE", "2")))
    assert weights(one(item(declaration("H"), interaction(), processing))) == expected


@pytest.mark.parametrize(("base_type", "right", "wrong"), [("boolean", "true", "false"), ("integer", "1", "2")])
def test_choices_are_identifiers_whatever_their_declaration_calls_them(base_type: str, right: str, wrong: str) -> None:
    body = interaction({wrong: "甲", right: "乙"})
    assert one(item(declaration(right, base=base_type), body)).key == ("B",)
    assert one(item(declaration(right, base=base_type), body, rules(when(match(), put("SCORE", "1"))))).key == ("B",)
