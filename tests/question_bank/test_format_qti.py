"""QTI 2.x and 3.0, choices: how they are marked, what feedback is about, what is not supported."""

import pytest

from question_bank.formats import recognise
from question_bank.questions import Question
from tests.question_bank.qti import (
    GOOD,
    MAP,
    MATCH,
    QTI,
    TEMPLATES,
    VARIABLE,
    base,
    declaration,
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

FEEDBACK = outcome("FEEDBACK")
TYPED = "<responseDeclaration identifier='R' baseType='{}'/>"


def weights(question: Question) -> list[str]:
    return [option.weight for option in question.options]


def feedback(question: Question) -> list[str]:
    return [option.feedback for option in question.options]


def test_a_single_choice_by_match_correct() -> None:
    question = one(item(declaration("He"), f"<p>看表：</p>\n\t\t{interaction()}<p>只选一种。</p>"))
    assert (question.kind, question.key, question.markup) == ("single_choice", ("B",), "plain")
    assert question.stem == "看表：\n哪一种？\n只选一种。"
    assert [option.text for option in question.options] == ["氢", "氦", "碳"]


@pytest.mark.parametrize("name", ["match_correct", "match_correct.xml", "CC2_match_basic", "cc2_match.xml"])
def test_templates_of_a_match_are_known_by_their_names(name: str) -> None:
    text = item(
        declaration("H|C", mapping({"H": "5"}), "multiple"), interaction(most=0), MATCH.replace("match_correct", name)
    )
    assert one(text).key == ("A", "C")
    assert "scoring_not_followed" not in remarks(text)


def test_real_markup_in_the_body_makes_html() -> None:
    choices = {"H": "<p>H<sub>2</sub></p>", "He": "1 &lt; 2\n   行"}
    question = one(item(declaration("H"), f"<p>看<b>表</b>\n   和</p>{interaction(choices)}"))
    assert (question.markup, question.stem) == ("html", "<p>看<b>表</b> 和</p><div>哪一种？</div>")
    assert [option.text for option in question.options] == ["<p>H<sub>2</sub></p>", "1 &lt; 2 行"]


def test_a_multiple_response_by_mapping() -> None:
    text = item(declaration("H|C", mapping({"H": "1", "C": "1"}, default="-2"), "multiple"), interaction(most=0), MAP)
    assert (one(text).kind, one(text).key) == ("multiple_choice", ("A", "C"))
    assert weights(one(text)) == ["50", "-100", "50"]
    assert "bounds_not_followed" not in remarks(text)


@pytest.mark.parametrize(
    ("values", "bounds", "cardinality", "expected", "told"),
    [
        ({"H": "3", "C": "1"}, "lowerBound='0'", "multiple", ["75", "0", "25"], set()),
        ({"H": "1", "C": "1"}, "lowerBound='0' upperBound='2'", "multiple", ["", "", ""], set()),
        (
            {"H": "2", "C": "1"},
            "lowerBound='0' upperBound='2'",
            "multiple",
            ["100", "0", "50"],
            {"bounds_not_followed"},
        ),
        ({"H": "1", "He": "-1"}, "", "multiple", ["100", "-100", "0"], {"bounds_not_followed", "one_right_answer"}),
        ({"H": "1", "He": "-9", "C": "1"}, "lowerBound='0'", "multiple", ["50", "-100", "50"], {"penalty_cut"}),
        ({"H": "2", "C": "1"}, "", "single", ["100", "0", "50"], set()),
        ({"H": "2", "C": "2"}, "", "single", ["100", "0", "100"], set()),
        ({"H": "2"}, "", "single", ["", "", ""], set()),
    ],
)
def test_mapped_values_become_weights(
    values: dict[str, str], bounds: str, cardinality: str, expected: list[str], told: set[str]
) -> None:
    text = item(declaration("", mapping(values, bounds), cardinality), interaction(most=0), MAP)
    assert weights(one(text)) == expected
    assert set(remarks(text)) - {"default_difficulty", "no_source"} == told


def test_the_maximum_that_the_item_states_is_all_of_the_marks() -> None:
    declared = declaration("", mapping({"H": "2", "He": "-2", "C": "2"}), "multiple")
    score = "<outcomeDeclaration identifier='SCORE' baseType='float' cardinality='single' normalMaximum='5'/>"
    assert weights(one(item(declared + score, interaction(most=0), MAP))) == ["40", "-40", "40"]
    maximum = outcome("MAXSCORE", "float", default="8")
    assert weights(one(item(declared + maximum, interaction(most=0), MAP))) == ["25", "-25", "25"]


def test_a_best_choice_below_the_maximum_is_scaled_up_and_that_is_told_in_per_cent() -> None:
    score = "<outcomeDeclaration identifier='SCORE' baseType='float' cardinality='single' normalMaximum='4'/>"
    text = item(declaration("", mapping({"H": "3", "He": "1.5"})) + score, interaction(), MAP)
    assert weights(one(text)) == ["100", "50", "0"]
    assert remarks(text)["weights_scaled"] == {"best": "75"}


def test_the_template_decides_between_key_and_mapping_and_a_difference_is_told() -> None:
    declared = declaration("H", mapping({"H": "0", "C": "1"}))
    assert one(item(declared, interaction(), MATCH)).key == ("A",)
    assert one(item(declared, interaction(), MAP)).key == ("C",)
    assert remarks(item(declared, interaction(), MAP))["key_and_mapping_differ"] == {"correct": "H"}


NEVER_BELOW = when(f"<lt><variable identifier='SCORE'/>{base('0', 'float')}</lt>", put("SCORE", "0"))
SUM = "<setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/>{}</sum></setOutcomeValue>"
ONE_POINT = base("1", "float")


@pytest.mark.parametrize(
    ("processing", "key", "is_told"),
    [
        (rules(when(match(), put("SCORE", "1"))), "A", False),
        (
            rules(when("<not><isNull><variable identifier='R'/></isNull></not>", when(match(), SUM.format(ONE_POINT)))),
            "A",
            False,
        ),
        (rules("<setOutcomeValue identifier='SCORE'><mapResponse identifier='R'/></setOutcomeValue>"), "C", False),
        (rules(when(f"<match>{VARIABLE}{base('He', 'identifier')}</match>", put("SCORE", "3"))), "B", True),
        (
            rules("<responseProcessingFragment>", when(match(), put("SCORE", "1")), "</responseProcessingFragment>"),
            "A",
            False,
        ),
        (rules("<setOutcomeValue identifier='SCORE'><randomInteger min='0' max='9'/></setOutcomeValue>"), "A", True),
        (rules("<lookupOutcomeValue identifier='SCORE'>", ONE_POINT, "</lookupOutcomeValue>"), "A", True),
        (f"<responseProcessing template='{TEMPLATES}/map_response_point'/>", "A", True),
        ("<responseProcessing template='http://example.org/my_own'/>", "A", True),
        ("", "C", False),
    ],
)
def test_scoring_that_is_spelt_out_is_followed_or_told(processing: str, key: str, is_told: bool) -> None:
    text = item(declaration("H", mapping({"C": "1"})), interaction(), processing)
    assert one(text).key == (key,)
    assert bool({"scoring_not_followed", "key_and_mapping_differ"} & set(remarks(text))) == (is_told or key == "C")


def member(name: str) -> str:
    return f"<member>{base(name, 'identifier')}{VARIABLE}</member>"


@pytest.mark.parametrize(
    ("processing", "expected", "is_told"),
    [
        (rules(when(match(), put("SCORE", "7"))), ["", "", ""], False),
        (
            rules(when(member("H"), SUM.format(ONE_POINT)), when(member("C"), SUM.format(ONE_POINT))),
            ["", "", ""],
            False,
        ),
        (
            rules(when(member("H"), SUM.format(base("3", "float"))), when(member("C"), SUM.format(ONE_POINT))),
            ["75", "0", "25"],
            False,
        ),
        (
            rules(
                when(member("H"), SUM.format(ONE_POINT)),
                when(member("C"), SUM.format(ONE_POINT)),
                when(member("He"), SUM.format(base("-1", "float"))),
                NEVER_BELOW,
            ),
            ["50", "-50", "50"],
            False,
        ),
        (
            rules(
                when(member("H"), SUM.format(ONE_POINT)),
                when(member("C"), SUM.format(ONE_POINT)),
                when(match(), put("SCORE", "5")),
            ),
            ["", "", ""],
            True,
        ),
    ],
)
def test_rules_for_several_choices_are_tried_out(processing: str, expected: list[str], is_told: bool) -> None:
    text = item(declaration("H|C", cardinality="multiple"), interaction(most=0), processing)
    assert (one(text).key, weights(one(text))) == (("A", "C"), expected)
    assert ("scoring_not_followed" in remarks(text)) == is_told


def test_sets_of_choices_that_rules_name_are_the_key_and_a_second_set_is_told() -> None:
    def chosen(*names: str) -> str:
        values = "".join(base(name, "identifier") for name in names)
        return f"<match>{VARIABLE}<multiple>{values}</multiple></match>"

    first = when(chosen("H", "He"), put("SCORE", "1"))
    text = item(declaration(cardinality="multiple"), interaction(most=0), rules(first))
    assert one(text).key == ("A", "B")
    both = item(
        declaration(cardinality="multiple"),
        interaction(most=0),
        rules(first, when(chosen("He", "C"), put("SCORE", "1"))),
    )
    assert one(both).key == ("A", "B")
    assert "scoring_not_followed" in remarks(both)


@pytest.mark.parametrize(("texts", "key"), [(("True", "False"), "B"), (("错误", "正确"), "A"), (("对", "错"), "B")])
def test_two_choices_that_say_true_and_false_are_true_or_false(texts: tuple[str, str], key: str) -> None:
    question = one(item(declaration("b"), interaction({"a": f"{texts[0]} ", "b": texts[1]})))
    assert (question.kind, question.key) == ("true_false", (key,))


def test_many_boxes_of_which_one_may_be_ticked_are_a_single_choice() -> None:
    assert one(item(declaration("H", cardinality="multiple"), interaction(most=1))).kind == "single_choice"


def test_choices_inside_a_line_are_a_single_choice_with_a_blank() -> None:
    inner = "<inlineChoice identifier='Y'>约克</inlineChoice><inlineChoice identifier='L'>兰开斯特</inlineChoice>"
    body = f"<p>这个<inlineChoiceInteraction responseIdentifier='R'>{inner}</inlineChoiceInteraction>的太阳。</p>"
    question = one(item(declaration("Y"), body))
    assert (question.kind, question.stem, question.key) == ("single_choice", "这个_____的太阳。", ("A",))


def test_one_modal_feedback_is_the_explanation() -> None:
    assert one(item(declaration("H"), interaction(), MATCH + modal("x", "因为轻"))).explanation == "因为轻"


RIGHT_WRONG = modal("correct", "好") + modal("incorrect", "再看")
COPY = "<setOutcomeValue identifier='FEEDBACK'><variable identifier='R'/></setOutcomeValue>"
INSIDE = {
    name: f"{text}<feedbackInline outcomeIdentifier='FEEDBACK' identifier='{name}'>{name}!</feedbackInline>"
    for name, text in (("H", "氢"), ("He", "氦"), ("C", "碳"))
}


@pytest.mark.parametrize("processing", [MATCH, rules(when(match(), put("SCORE", "1")), COPY)])
def test_feedback_inside_choices_belongs_to_them(processing: str) -> None:
    question = one(item(declaration("H") + FEEDBACK, interaction(INSIDE), processing))
    assert ([option.text for option in question.options], feedback(question)) == (
        ["氢", "氦", "碳"],
        ["H!", "He!", "C!"],
    )


@pytest.mark.parametrize("processing", [MATCH, rules(when(match(), put("SCORE", "1")), COPY)])
def test_feedback_that_bears_the_name_of_a_choice_belongs_to_it(processing: str) -> None:
    block = "<feedbackBlock outcomeIdentifier='FEEDBACK' identifier='He' showHide='show'>不轻</feedbackBlock>"
    text = item(declaration("H") + FEEDBACK, interaction(INSIDE) + block, processing + modal("H", "正是"))
    assert feedback(one(text)) == ["H!\n正是", "He!\n不轻", "C!"]
    assert one(text).stem == "哪一种？"


@pytest.mark.parametrize(
    ("told", "expected", "explanation"),
    [
        (RIGHT_WRONG, ["", "", ""], "答对时：好\n答错时：再看"),
        (RIGHT_WRONG + modal("x", "总的", "hide"), ["", "", ""], "总的\n答对时：好\n答错时：再看"),
    ],
)
def test_feedback_on_right_and_wrong_goes_to_the_explanation(told: str, expected: list[str], explanation: str) -> None:
    processing = rules(
        when(
            match(),
            put("SCORE", "1"),
            put("FEEDBACK", "correct", "identifier"),
            otherwise=put("FEEDBACK", "incorrect", "identifier"),
        )
    )
    question = one(item(declaration("H") + FEEDBACK, interaction(), processing + told))
    assert (feedback(question), question.explanation) == (expected, explanation)
    named = one(item(declaration("H") + FEEDBACK, interaction(), MATCH + told))
    assert named.explanation == explanation


def test_feedback_is_placed_by_what_the_rules_show_whatever_its_name() -> None:
    processing = rules(
        when(match(), put("SCORE", "1"), put("F", "true", "boolean")),
        when(f"<match>{VARIABLE}{base('C', 'identifier')}</match>", put("G", "m1", "identifier")),
    )
    declared = declaration("H") + outcome("F", "boolean") + outcome("G")
    told = (
        modal("true", "好", outcome_name="F")
        + modal("true", "差", "hide", "F")
        + modal("m1", "碳不轻", outcome_name="G")
    )
    question = one(item(declared, interaction(), processing + told))
    assert (feedback(question), question.explanation) == (["", "", "碳不轻"], "答对时：好\n答错时：差")


def test_feedback_on_several_choices_says_what_was_chosen_or_not() -> None:
    declared = declaration("H|C", mapping({"H": "1", "C": "1"}), "multiple") + outcome(
        "FEEDBACK", cardinality="multiple"
    )
    processing = rules("<setOutcomeValue identifier='SCORE'><mapResponse identifier='R'/></setOutcomeValue>", COPY)
    told = modal("H", "选了氢") + modal("He", "选了氦") + modal("C", "漏了碳", "hide")
    question = one(item(declared, interaction(most=0), processing + told))
    assert feedback(question) == ["选了氢", "选了氦", ""]
    assert question.explanation == "未选“碳”时：漏了碳"


def test_notes_for_scorers_are_left_out_and_for_candidates_kept() -> None:
    block = "<rubricBlock view='{}'><p>{}</p></rubricBlock>"
    body = block.format("scorer", "评分") + block.format("candidate author", "须知")
    assert one(item(declaration("H"), body + interaction())).stem == "须知\n哪一种？"


THREE = """<?xml version="1.0" encoding="UTF-8"?>
<x:qti-assessment-item xmlns:x="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" adaptive="false"
 time-dependent="false">
 <x:qti-response-declaration identifier="R" cardinality="multiple" base-type="identifier">
  <x:qti-correct-response>
   <x:qti-value><![CDATA[a]]></x:qti-value><x:qti-value> c </x:qti-value>
  </x:qti-correct-response>
  <x:qti-mapping default-value="0" lower-bound="0"><x:qti-map-entry map-key="a" mapped-value="2"/>
   <x:qti-map-entry map-key="c" mapped-value="1"/>
  </x:qti-mapping>
 </x:qti-response-declaration>
 <x:qti-item-body>
  <x:qti-choice-interaction response-identifier="R" max-choices="0">
   <x:qti-prompt>示例</x:qti-prompt>
   <x:qti-simple-choice identifier="a">甲</x:qti-simple-choice>
   <x:qti-simple-choice identifier="b">乙</x:qti-simple-choice>
   <x:qti-simple-choice identifier="c">丙</x:qti-simple-choice>
  </x:qti-choice-interaction>
 </x:qti-item-body>
 <x:qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/>
 <x:qti-modal-feedback outcome-identifier="F" identifier="x" show-hide="show">
  <x:qti-content-body><p>说明</p></x:qti-content-body>
 </x:qti-modal-feedback>
</x:qti-assessment-item>"""


@pytest.mark.parametrize("text", [THREE, THREE.replace("<x:", "<").replace("</x:", "</").replace("xmlns:x=", "xmlns=")])
def test_an_item_of_version_three(text: str) -> None:
    question = one(text)
    assert (question.kind, question.key, question.stem) == ("multiple_choice", ("A", "C"), "示例")
    assert (question.explanation, weights(question)) == ("说明", ["66.66667", "0", "33.33333"])
    assert recognise(text.encode()).code == "qti30"


TEMPLATE = "<templateDeclaration identifier='T' cardinality='single' baseType='integer'/>"
PROCESSED = "<templateProcessing><setCorrectResponse identifier='R'><variable identifier='T'/></setCorrectResponse>"
PROCESSED += "</templateProcessing>"


@pytest.mark.parametrize(
    ("body", "declared", "attributes", "form"),
    [
        ("<extendedTextInteraction responseIdentifier='R'/>", "", "", "essay"),
        ("<matchInteraction responseIdentifier='R'/>", "", "", "matching"),
        ("<orderInteraction responseIdentifier='R'/>", "", "", "orderInteraction"),
        ("<hotspotInteraction responseIdentifier='R'/>", "", "", "hotspotInteraction"),
        ("<gapMatchInteraction responseIdentifier='R'/>", "", "", "gapMatchInteraction"),
        ("<hottextInteraction responseIdentifier='R'/>", "", "", "hottextInteraction"),
        ("<portableCustomInteraction responseIdentifier='R'/>", "", "", "portableCustomInteraction"),
        ("<p>只有文字</p>", "", "", "description"),
        (interaction() + "<uploadInteraction responseIdentifier='U'/>", declaration("H"), "", "composite"),
        (interaction(), declaration("H"), "adaptive='true'", "adaptive"),
        (f"<feedbackBlock identifier='x'>{interaction()}</feedbackBlock>", declaration("H"), "", "adaptive"),
        (interaction(), f"{TEMPLATE}{PROCESSED}{declaration('H')}", "", "template"),
        (interaction(), "<assessmentStimulusRef identifier='S' href='s.xml'/>" + declaration("H"), "", "stimulus"),
    ],
)
def test_items_that_are_not_supported_are_named(body: str, declared: str, attributes: str, form: str) -> None:
    (error,) = read(item(declared, body, attributes=attributes)).errors
    assert (error.code, error.data["form"], error.line) == ("kind_not_supported", form, 1)


def test_a_button_that_ends_the_attempt_asks_nothing() -> None:
    button = "<p><endAttemptInteraction responseIdentifier='HINT' title='提示'/></p>"
    hint = "<responseDeclaration identifier='HINT' cardinality='single' baseType='boolean'/>"
    assert one(item(declaration("H") + hint, interaction() + button)).key == ("A",)


@pytest.mark.parametrize(
    ("declared", "body", "code"),
    [
        ("", interaction(), "response_declaration_missing"),
        (declaration("X"), interaction(), "key_not_offered"),
        (declaration("H", mapping({"X": "1"})), interaction(), "key_not_offered"),
        (declaration("H", mapping({"H": "viel"})), interaction(), "unreadable_weight"),
        (declaration("H", mapping({"H": "1e999"})), interaction(), "unreadable_weight"),
        (declaration("H", mapping({"H": "1"}, default="viel")), interaction(), "unreadable_weight"),
        (declaration(), interaction(), "no_right_answer"),
        (declaration("H|He"), interaction(), "several_right_answers"),
        (declaration("H", cardinality="ordered"), interaction(), "cardinality_not_read"),
        (declaration("H", cardinality="record"), interaction(), "cardinality_not_read"),
        (declaration("H"), interaction({"H": "氢"}), "wrong_option_count"),
        (declaration("C0"), interaction({f"C{n}": f"{n}" for n in range(27)}), "wrong_option_count"),
        (declaration("H"), interaction({f"C{n}": f"{n}" for n in range(500)}), "wrong_option_count"),
        (declaration("H"), interaction({"H": "氢", "He": " "}), "missing_text"),
        (declaration("H"), interaction({"H": "氢", "He": "氢"}), "options_alike"),
        (declaration("H"), interaction().replace("'He'", "'H'"), "choice_identifier_twice"),
        (declaration("H"), interaction(prompt=""), "missing_text"),
    ],
)
def test_an_item_that_breaks_the_rules_is_named_with_its_line(declared: str, body: str, code: str) -> None:
    (error,) = read(item(declared, body)).errors
    assert error.code == code
    assert 1 <= error.line <= 3


def test_an_item_without_body_is_named() -> None:
    (error,) = read(item("", "").replace("itemBody", "other")).errors
    assert error.code == "item_body_missing"


def test_endless_rules_are_no_longer_followed_and_that_is_told() -> None:
    rule = when(match(), put("SCORE", "1"))
    text = item(declaration("H"), interaction({f"C{n}" if n else "H": f"{n}" for n in range(26)}), rules(rule * 2800))
    assert one(text).key == ("A",)
    assert "scoring_not_followed" in remarks(text)


def test_an_item_alone_is_recognised_and_read() -> None:
    assert recognise(GOOD.encode()) is QTI
