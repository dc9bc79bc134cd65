"""QTI: texts and numbers that are typed, and items that ask several things."""

import pytest

from question_bank.formats.qti.patterns import pattern_of, pieces_of, wording_of
from question_bank.kinds.short_answer import fits
from question_bank.questions import Question
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

BODY = f"<p>这颗约克的{entry()}。</p>"


def answers(question: Question) -> list[tuple[str, str]]:
    return [(option.text, option.weight) for option in question.options]


def score(test: str, points: str = "1") -> str:
    return when(test, put("SCORE", points))


def text(processing: str, correct: str = "York", mapped: str = "") -> Question:
    return one(item(declaration(correct, mapped, base="string"), BODY, processing))


def test_a_blank_in_the_text_shows_where_the_answer_belongs() -> None:
    question = text(MATCH)
    assert (question.kind, question.stem, answers(question)) == ("short_answer", "这颗约克的_____。", [("York", "")])


@pytest.mark.parametrize(
    ("processing", "correct", "mapped", "expected", "matters"),
    [
        (MATCH, "York", "", [("York", "")], True),
        (MATCH, "约克", "", [("约克", "")], False),
        ("", "York", "", [("York", "")], False),
        (MAP, "York", mapping({"York": "1", "york": "0.5"}), [("York", "100"), ("york", "50")], True),
        (
            MAP,
            "York",
            mapping({"York": "2", "Yorke": "1"}, entry="caseSensitive='false'"),
            [("York", "100"), ("Yorke", "50")],
            False,
        ),
        (
            MAP,
            "",
            mapping({"a": "1", "b": "1", "c": "0"}, entry="caseSensitive='false'"),
            [("a", "100"), ("b", "100"), ("c", "0")],
            False,
        ),
        (MAP, "a*b", mapping({"a*b": "1"}), [("a\\*b", "")], True),
        (
            rules(score(f"<stringMatch caseSensitive='false'>{VARIABLE}{CORRECT}</stringMatch>")),
            "York",
            "",
            [("York", "")],
            False,
        ),
        (
            rules(
                score(f"<stringMatch caseSensitive='true'>{base('a')}{VARIABLE}</stringMatch>"),
                score(f"<match>{VARIABLE}{base('b')}</match>", "0.5"),
            ),
            "",
            "",
            [("a", "100"), ("b", "50")],
            True,
        ),
        (
            rules(score(f"<substring caseSensitive='false'>{base('king')}{VARIABLE}</substring>")),
            "king",
            "",
            [("*king*", ""), ("king", "")],
            False,
        ),
        (rules(score(f"<patternMatch pattern='a.*b\\.c'>{VARIABLE}</patternMatch>")), "", "", [("a*b.c", "")], True),
        (
            rules(score(f"<or><match>{VARIABLE}{base('a')}</match><match>{VARIABLE}{base('b')}</match></or>")),
            "a",
            "",
            [("a", ""), ("b", "")],
            True,
        ),
        (
            rules(score(f"<member>{VARIABLE}<multiple>{base('甲')}{base('乙')}</multiple></member>")),
            "甲",
            "",
            [("甲", ""), ("乙", "")],
            False,
        ),
    ],
)
def test_accepted_texts_with_weights_and_case(
    processing: str, correct: str, mapped: str, expected: list[tuple[str, str]], matters: bool
) -> None:
    question = text(processing, correct, mapped)
    assert (answers(question), question.is_case_sensitive) == (expected, matters)


def test_rules_that_cannot_be_followed_leave_the_correct_response_and_that_is_told() -> None:
    processing = rules(score(f"<patternMatch pattern='[0-9]+'>{VARIABLE}</patternMatch>"))
    written = item(declaration("12", base="string"), BODY, processing)
    assert answers(one(written)) == [("12", "")]
    assert "scoring_not_followed" in remarks(written)


def equal(attributes: str, other: str = CORRECT) -> str:
    return f"<equal {attributes}>{VARIABLE}{other}</equal>"


def number(value: str) -> str:
    return base(value, "float")


def between(least: str, most: str, low: str = "gte", high: str = "lte") -> str:
    return f"<and><{low}>{VARIABLE}{number(least)}</{low}><{high}>{VARIABLE}{number(most)}</{high}></and>"


REVERSED = f"<and><lte>{number('12')}{VARIABLE}</lte><gte>{number('13')}{VARIABLE}</gte></and>"
ROUNDED = f"<equalRounded roundingMode='decimalPlaces' figures='1'>{VARIABLE}{CORRECT}</equalRounded>"
COMPUTED = f"<divide>{number('25')}{number('2')}</divide>"
EITHER = [("12.5", ""), ("13", "")]


@pytest.mark.parametrize(
    ("processing", "expected"),
    [
        (MATCH, [("12.5", "")]),
        ("", [("12.5", "")]),
        (rules(score(match())), [("12.5", "")]),
        (rules(score(equal("toleranceMode='exact'"))), [("12.5", "")]),
        (rules(score(equal("toleranceMode='absolute' tolerance='0.1 0.1'"))), [("12.5±0.1", "")]),
        (rules(score(equal("toleranceMode='absolute' tolerance='0.10'"))), [("12.5±0.10", "")]),
        (rules(score(equal("toleranceMode='absolute' tolerance='1 2'", number("12")))), [("11..14", "")]),
        (rules(score(equal("toleranceMode='relative' tolerance='8 8'"))), [("12.5±1", "")]),
        (rules(score(equal("toleranceMode='relative' tolerance='10'", number("-10")))), [("-10±1", "")]),
        (rules(score(ROUNDED)), [("12.5±0.05", "")]),
        (rules(score(equal("toleranceMode='absolute' tolerance='0.5'", COMPUTED))), [("12.5±0.5", "")]),
        (rules(score(f"<member>{VARIABLE}<multiple>{number('12.5')}{number('13')}</multiple></member>")), EITHER),
        (rules(score(between("12", "13"))), [("12..13", "")]),
        (rules(score(between("12", "13", "gt", "lt"))), [("12..13", "")]),
        (rules(score(REVERSED)), [("12..13", "")]),
        (
            rules(
                score(equal("toleranceMode='exact'"), "2"),
                score(equal("toleranceMode='absolute' tolerance='1 1'"), "1"),
            ),
            [("12.5", ""), ("12.5±1", "")],
        ),
        (
            rules(
                score(equal("toleranceMode='absolute' tolerance='1 1'"), "1"),
                score(equal("toleranceMode='exact'"), "2"),
            ),
            [("12.5±1", "50"), ("12.5", "100")],
        ),
    ],
)
def test_accepted_numbers(processing: str, expected: list[tuple[str, str]]) -> None:
    question = one(item(declaration("12.5", base="float"), BODY, processing))
    assert question.kind == "numeric"
    assert answers(question) == expected


def test_numbers_in_a_mapping_and_with_exponents() -> None:
    declared = declaration("1.5E3", mapping({"1500": "2", "150": "1"}), base="float")
    assert answers(one(item(declared, BODY, MAP))) == [("1500", "100"), ("150", "50")]
    assert one(item(declaration("7", base="integer"), BODY)).kind == "numeric"


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (declaration("viel", base="float"), "not_a_number"),
        (declaration("12345678901234567", base="float"), "not_a_number"),
        (declaration("", mapping({"x": "1"}), base="float"), "not_a_number"),
        (declaration(base="float"), "no_right_answer"),
        (declaration(base="string"), "no_right_answer"),
        (declaration("", mapping({"x": "0"}), base="string"), "no_right_answer"),
        (declaration("", mapping({f"x{n}": "1" for n in range(27)}), base="string"), "wrong_option_count"),
        (declaration("", mapping({f"x{n}": "1" for n in range(300)}), base="string"), "wrong_option_count"),
        (declaration("x", cardinality="record", base="string"), "cardinality_not_read"),
        ("", "response_declaration_missing"),
    ],
)
def test_an_entry_that_breaks_the_rules_is_named(declared: str, code: str) -> None:
    (error,) = read(item(declared, BODY, MAP)).errors
    assert (error.code, error.line) == (code, error.line or 1)


def test_feedback_on_typed_answers_belongs_to_them_or_to_right_and_wrong() -> None:
    declared = declaration("York", mapping({"York": "1", "Yorke": "0.5"}), base="string") + outcome("FEEDBACK")
    processing = rules(
        "<setOutcomeValue identifier='SCORE'><mapResponse identifier='R'/></setOutcomeValue>",
        put("FEEDBACK", "no", "identifier"),
        when(match(), put("FEEDBACK", "yes", "identifier")),
        when(f"<match>{VARIABLE}{base('Yorke')}</match>", put("FEEDBACK", "near", "identifier")),
    )
    question = one(item(declared, BODY, processing + modal("yes", "好") + modal("near", "拼错") + modal("no", "再看")))
    assert [option.feedback for option in question.options] == ["", "拼错"]
    assert question.explanation == "答对时：好\n答错时：再看"


def several(*parts: str, body: str, processing: str = "", told: str = "") -> str:
    return item("".join(parts), body, processing + told)


TWO = (declaration("4", base="float", name="R1"), declaration("北京|南京", base="string", name="R2"))


def test_blanks_in_one_text_are_numbered_and_are_the_parts_of_a_case() -> None:
    question = one(several(*TWO, body=f"<p>有{entry('R1')}个，首都{entry('R2')}。</p>"))
    assert (question.kind, question.stem) == ("case_study", "有（1）_____个，首都（2）_____。")
    assert [(part.kind, part.stem) for part in question.parts] == [("numeric", "（1）"), ("short_answer", "（2）")]
    assert [[option.text for option in part.options] for part in question.parts] == [["4"], ["北京", "南京"]]


def test_text_around_one_interaction_is_about_that_part() -> None:
    body = (
        "<p>案情。</p>"
        + interaction(name="R1", prompt="<prompt>第一问</prompt>")
        + f"<div><p>第二问</p><p>{entry('R2')}元</p></div>"
    )
    declared = declaration("He", name="R1") + TWO[1]
    question = one(several(declared, body=body))
    assert question.stem == "案情。"
    assert [part.stem for part in question.parts] == ["第一问", "第二问\n_____元"]
    assert [part.kind for part in question.parts] == ["single_choice", "short_answer"]


def test_a_case_without_text_of_its_own_has_the_title_for_a_stem() -> None:
    body = interaction(name="R1") + interaction({"a": "真", "b": "假"}, name="R2")
    question = one(several(declaration("He", name="R1"), declaration("a", name="R2"), body=body))
    assert question.stem == "标题"


def test_every_part_of_a_case_is_marked_by_what_the_rules_say_about_it() -> None:
    declared = (
        declaration("", mapping({"H": "1", "C": "1", "He": "-1"}), "multiple", name="R1"),
        declaration("7", base="integer", name="R2"),
        outcome("FEEDBACK", cardinality="multiple"),
    )
    both = "<multiple><variable identifier='FEEDBACK'/><baseValue baseType='identifier'>{}</baseValue></multiple>"
    total = "<sum><variable identifier='S1'/><variable identifier='S2'/></sum>"
    told = "<setOutcomeValue identifier='FEEDBACK'>{}</setOutcomeValue>".format
    processing = rules(
        "<setOutcomeValue identifier='S1'><mapResponse identifier='R1'/></setOutcomeValue>",
        when(match("R2"), put("S2", "3"), told(both.format("good")), otherwise=told(both.format("bad"))),
        f"<setOutcomeValue identifier='SCORE'>{total}</setOutcomeValue>",
        when(
            f"<equal toleranceMode='exact'><variable identifier='SCORE'/>{base('5', 'float')}</equal>",
            told(both.format("all")),
            otherwise=told(both.format("notall")),
        ),
    )
    declared += (outcome("S1", "float"), outcome("S2", "float"))
    shown = modal("good", "七对") + modal("bad", "七错") + modal("all", "全对") + modal("notall", "未全对")
    question = one(several(*declared, body=interaction(name="R1", most=0) + entry("R2"), processing=processing + shown))
    first, second = question.parts
    assert [option.weight for option in first.options] == ["50", "-50", "50"]
    assert (second.options[0].text, second.explanation) == ("7", "答对时：七对\n答错时：七错")
    assert question.explanation == "答对时：全对\n答错时：未全对"


def test_a_part_that_breaks_the_rules_is_named_with_its_number() -> None:
    (error,) = read(several(TWO[0], declaration(base="string", name="R2"), body=entry("R1") + entry("R2"))).errors
    assert (error.code, error.data["part"]) == ("no_right_answer", 2)
    (error,) = read(several(*(declaration("1", base="float", name=f"R{n}") for n in range(21)),
                            body="".join(entry(f"R{n}") for n in range(21)))).errors  # fmt: skip
    assert (error.code, error.data["count"]) == ("wrong_part_count", 21)


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("abc", ["abc"]),
        ("a.*b", ["a", "b"]),
        (".*a.*", ["", "a", ""]),
        (r"a\.b\*", ["a.b*"]),
        ("a+", None),
        ("[ab]", None),
        ("a|b", None),
        ("a.b", None),
        ("(a)", None),
        ("\\d", None),
    ],
)
def test_patterns_that_say_anything_are_wild_cards_and_others_are_not_followed(
    pattern: str, pieces: list[str] | None
) -> None:
    assert pieces_of(pattern) == pieces


@pytest.mark.parametrize("accepted", ["a*b", "*", "a\\*b", "1.5+[x]{y}", "a-b", "\\", "**"])
def test_wordings_come_back_from_their_patterns(accepted: str) -> None:
    assert wording_of(pieces_of(pattern_of(accepted)) or []) == accepted


def test_a_pattern_is_matched_in_linear_time() -> None:
    assert not fits(["a"] * 20_000, "a" * 19_999)
    assert fits(["a"] * 20_000, "a" * 20_000)


def test_what_a_text_costs_is_kept_where_rules_keep_the_total_from_being_below_0() -> None:
    declared = "".join(
        declaration("氢", mapping({"氢": "1", **more}, ""), "single", base="string", name=name)
        for name, more in (("R", {}), ("S", {"氧": "-1", "氦": "0.5"}))
    )
    total = "".join(f"<mapResponse identifier='{name}'/>" for name in "RS")
    floor = when("<lt><variable identifier='SCORE'/><baseValue baseType='float'>0</baseValue></lt>", put("SCORE", "0"))
    summed = f"<setOutcomeValue identifier='SCORE'><sum>{total}</sum></setOutcomeValue>"
    text = item(declared, f"<p>一{entry('R')}</p><p>二{entry('S')}</p>", rules(summed, floor))
    first, second = one(text).parts
    assert [option.weight for option in second.options] == ["100", "-100", "50"]
    assert [option.weight for option in first.options] == [""]
    assert remarks(text)["bounds_not_followed"] == {"lower": "0", "upper": ""}
    text = item(declared, f"<p>一{entry('R')}</p><p>二{entry('S')}</p>", rules(summed))
    assert [option.weight for option in one(text).parts[1].options] == ["100", "-100", "50"]
    assert "bounds_not_followed" not in remarks(text)


def test_what_a_choice_costs_is_kept_where_rules_keep_the_total_from_being_below_0() -> None:
    mapped = mapping({"He": "1", "H": "-1"}, "")
    declared = "".join(declaration("He", mapped, "single", name=name) for name in "RS")
    total = "".join(f"<mapResponse identifier='{name}'/>" for name in "RS")
    floor = when("<lt><variable identifier='SCORE'/><baseValue baseType='float'>0</baseValue></lt>", put("SCORE", "0"))
    summed = f"<setOutcomeValue identifier='SCORE'><sum>{total}</sum></setOutcomeValue>"
    text = item(declared, f"{interaction(name='R')}{interaction(name='S')}", rules(summed, floor))
    for part in one(text).parts:
        assert sorted(option.weight for option in part.options) == ["-100", "0", "100"]
    assert remarks(text)["bounds_not_followed"] == {"lower": "0", "upper": ""}
