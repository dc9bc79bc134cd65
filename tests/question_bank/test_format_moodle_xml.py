"""Moodle XML: question types, fractions, feedback, categories; and XML that means harm."""

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading, recognise, xml_elements
from question_bank.questions import Question

MOODLE = FORMATS["moodle_xml"]
STEM = "<questiontext format='html'><text><![CDATA[<p>示例</p>]]></text></questiontext>"


def answers(*pairs: tuple[str, str]) -> str:
    return "".join(f"<answer fraction='{weight}'><text>{text}</text></answer>" for weight, text in pairs)


def multichoice(inner: str, single: str = "true", stem: str = STEM) -> str:
    return f"<question type='multichoice'>{stem}<single>{single}</single>{inner}</question>"


def read(*questions: str) -> Reading:
    inner = "\n".join(questions)
    return MOODLE.read(f"<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n{inner}\n</quiz>".encode(), "general")


def one(text: str) -> Question:
    reading = read(text)
    assert reading.errors == ()
    (question,) = reading.questions
    return question


def remarks(text: str) -> dict[str, dict[str, object]]:
    return {remark.code: remark.data for remark in read(text).remarks}


def refusal_of(data: bytes) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refusal:
        MOODLE.read(data, "general")
    return refusal.value


def test_single_choice_with_feedback_of_every_sort() -> None:
    text = multichoice(
        "<answer fraction='0' format='html'><text>甲</text><feedback><text>不对</text></feedback></answer>"
        "<answer fraction='100.0000000' format='html'><text>&lt;span&gt;乙&lt;/span&gt;</text></answer>"
        "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"
        "<incorrectfeedback><text>再看第一条</text></incorrectfeedback>"
        "<generalfeedback><text><![CDATA[<p>总的<br>说明</p>]]></text></generalfeedback>"
    )
    question = one(text)
    assert (question.kind, question.key, question.stem) == ("single_choice", ("B",), "示例")
    assert [(option.text, option.feedback) for option in question.options] == [("甲", "不对"), ("乙", "")]
    assert question.explanation == "总的\n说明\n答错时：再看第一条"
    assert remarks(text)["standard_feedback_left_out"] == {"value": "Your answer is correct."}
    assert "markup_removed" not in remarks(text)


@pytest.mark.parametrize(
    ("single", "pairs", "kind", "key", "weights"),
    [
        ("false", [("50", "甲"), ("-50", "乙"), ("50", "丙")], "multiple_choice", "AC", ["50", "-50", "50"]),
        ("0", [("50", "甲"), ("0", "乙"), ("50", "丙")], "multiple_choice", "AC", ["", "", ""]),
        ("", [("33.3", "甲"), ("33", "乙"), ("33.3", "丙")], "multiple_choice", "ABC", ["33.3", "33", "33.3"]),
        ("true", [("100", "甲"), ("50", "乙"), ("0", "丙")], "single_choice", "A", ["100", "50", "0"]),
        ("1", [("100", "甲"), ("100", "乙"), ("0", "丙")], "single_choice", "AB", ["100", "100", "0"]),
        ("true", [("50", "甲"), ("0", "乙")], "single_choice", "A", ["", ""]),
        ("false", [("100", "甲"), ("-100", "乙")], "single_choice", "A", ["100", "-100"]),
        ("0", [("100", "甲"), ("100", "乙"), ("0", "丙")], "multiple_choice", "AB", ["", "", ""]),
        ("0", [("33.33333333333333", "甲"), ("66.7", "乙")], "multiple_choice", "AB", ["33.33333", "66.7"]),
    ],
)
def test_fractions_become_weights_where_the_key_does_not_say_all(
    single: str, pairs: list[tuple[str, str]], kind: str, key: str, weights: list[str]
) -> None:
    question = one(multichoice(answers(*pairs), single))
    assert (question.kind, question.key) == (kind, tuple(key))
    assert [option.weight for option in question.options] == weights


def test_what_is_scaled_or_taken_for_a_single_choice_is_told() -> None:
    assert "weights_scaled" in remarks(multichoice(answers(("50", "甲"), ("0", "乙"))))
    assert "one_right_answer" in remarks(multichoice(answers(("100", "甲"), ("0", "乙")), "false"))


def test_real_markup_makes_a_question_in_html_and_plain_texts_of_it_are_escaped() -> None:
    stem = "<questiontext format='html'><text><![CDATA[<p>H<sub>2</sub>O</p><h3>题</h3>]]></text></questiontext>"
    right = "<answer fraction='100' format='plain_text'><text>1 &lt; 2</text></answer>"
    question = one(multichoice(f"{right}{answers(('0', '乙'))}", stem=stem))
    assert (question.markup, question.stem) == ("html", "<p>H<sub>2</sub>O</p><p><strong>题</strong></p>")
    assert question.options[0].text == "1 &lt; 2"


def test_html_that_stands_in_the_xml_as_it_is_is_read_as_html() -> None:
    stem = "<questiontext format='html'><text><p>H<sub>2</sub>O<br/>x &lt; 1</p></text></questiontext>"
    question = one(multichoice(answers(("100", "甲"), ("0", "乙")), stem=stem))
    assert question.stem == "<p>H<sub>2</sub>O<br>x &lt; 1</p>"


NUMERICAL = "<question type='numerical'><questiontext><text>示例</text></questiontext>{}</question>"


def number(text: str, tolerance: str = "0", fraction: str = "100", feedback: str = "") -> str:
    told = f"<feedback><text>{feedback}</text></feedback><tolerance>{tolerance}</tolerance>"
    return f"<answer fraction='{fraction}'><text>{text}</text>{told}</answer>"


@pytest.mark.parametrize(
    ("inner", "texts", "weights"),
    [
        (number("23", "0.1"), ["23±0.1"], [""]),
        (number("23"), ["23"], [""]),
        (number("-2.5E-3", "1e-4"), ["-0.0025±0.0001"], [""]),
        (number("1") + number("2", "1", "50"), ["1", "2±1"], ["100", "50"]),
        ("<answer fraction='100'>23<tolerance>1</tolerance></answer>", ["23±1"], [""]),
        ("<answer><text>5</text><fraction>1</fraction></answer>", ["5"], [""]),
        (number("5", "", "50"), ["5"], [""]),
    ],
)
def test_numbers_with_tolerance(inner: str, texts: list[str], weights: list[str]) -> None:
    question = one(NUMERICAL.format(inner))
    assert question.kind == "numeric"
    assert [option.text for option in question.options] == texts
    assert [option.weight for option in question.options] == weights


def test_the_first_unit_in_which_the_numbers_stand_is_kept_and_others_are_named() -> None:
    units = "".join(
        f"<unit><multiplier>{value}</multiplier><unit_name>{name}</unit_name></unit>"
        for value, name in (("1000", "mm"), ("1.0", "m"), ("0.001", "km"))
    )
    text = NUMERICAL.format(f"{number('3')}<units>{units}</units>")
    assert one(text).unit == "m"
    assert remarks(text)["units_left_out"] == {"units": ("mm", "km")}


@pytest.mark.parametrize(("graded", "told"), [("1", True), ("2", True), ("0", False)])
def test_that_a_wrong_unit_costs_marks_is_told(graded: str, told: bool) -> None:
    rule = f"<unitgradingtype>{graded}</unitgradingtype><unitpenalty>0.1000000</unitpenalty>"
    given = remarks(NUMERICAL.format(number("3") + rule)).get("unit_penalty_left_out")
    assert given == ({"value": "0.1000000"} if told else None)


@pytest.mark.parametrize(("shuffle", "told"), [("false", True), ("0", True), ("true", False), ("1", False)])
def test_that_options_keep_their_order_is_told(shuffle: str, told: bool) -> None:
    inner = f"<shuffleanswers>{shuffle}</shuffleanswers>{answers(('100', '甲'), ('0', '乙'))}"
    assert ("fixed_order_left_out" in remarks(multichoice(inner))) is told


def test_feedback_for_any_number_goes_to_the_explanation() -> None:
    text = NUMERICAL.format(number("3") + number("*", "0", "0", "再算"))
    assert one(text).explanation == "其他答案：再算"
    assert "any_number_left_out" in remarks(NUMERICAL.format(number("3") + number("*", "0", "10")))


@pytest.mark.parametrize(("usecase", "matters"), [("1", True), ("0", False), ("", False)])
def test_short_answers_with_wild_cards(usecase: str, matters: bool) -> None:
    inner = f"<usecase>{usecase}</usecase>" + answers(("100", "*beta*"), ("80", "a\\*b"), ("0", "*"))
    question = one(f"<question type='shortanswer'>{STEM}{inner}</question>")
    assert (question.kind, question.is_case_sensitive) == ("short_answer", matters)
    assert [option.text for option in question.options] == ["*beta*", "a\\*b", "*"]
    assert [option.weight for option in question.options] == ["100", "80", "0"]


def test_wordings_that_differ_in_capitals_are_two_only_where_capitals_matter() -> None:
    inner = answers(("100", "Beta"), ("50", "beta"))
    loose = f"<question type='shortanswer'>{STEM}{inner}</question>"
    strict = f"<question type='shortanswer'>{STEM}<usecase>1</usecase>{inner}</question>"
    assert [option.text for option in one(loose).options] == ["Beta"]
    assert "answer_twice" in remarks(loose)
    assert [option.text for option in one(strict).options] == ["Beta", "beta"]


def test_feedback_of_true_and_false_stays_with_the_answers() -> None:
    told = "<answer fraction='{}'><text>{}</text><feedback><text>{}</text></feedback></answer>"
    inner = told.format("0", "false", "再看") + told.format("100", "true", "好")
    question = one(f"<question type='truefalse'>{STEM}{inner}</question>")
    assert (question.key, [option.feedback for option in question.options]) == (("A",), ["好", "再看"])


@pytest.mark.parametrize(
    ("pairs", "key"),
    [
        ([("100", "true"), ("0", "false")], "A"),
        ([("0", "true"), ("100", "false")], "B"),
        ([("100", "false"), ("0", "true")], "B"),
        ([("0", "Wahr"), ("100", "Falsch")], "B"),
    ],
)
def test_true_and_false_in_either_order(pairs: list[tuple[str, str]], key: str) -> None:
    question = one(f"<question type='truefalse'>{STEM}{answers(*pairs)}</question>")
    assert (question.kind, question.key) == ("true_false", (key,))
    assert [option.text for option in question.options] == ["正确", "错误"]


@pytest.mark.parametrize(
    ("word", "fraction", "key"),
    [("true", "100", "A"), ("false", "100", "B"), ("true", "0", "B"), ("False", "0", "A")],
)
def test_one_answer_of_true_and_false_says_what_the_other_is(word: str, fraction: str, key: str) -> None:
    question = one(f"<question type='truefalse'>{STEM}{answers((fraction, word))}</question>")
    assert (question.kind, question.key) == ("true_false", (key,))


def test_categories_tags_and_idnumbers_are_kept() -> None:
    category = "<question type='category'><category><text>$course$/top/法律/A//B</text></category></question>"
    tags = "<idnumber>L-1</idnumber><tags><tag><text>重点</text></tag><tag><text>2024 版</text></tag></tags>"
    reading = read(category, multichoice(answers(("100", "甲"), ("0", "乙")) + tags))
    (question,) = reading.questions
    assert (question.code, question.knowledge_point, question.tags) == ("L-1", "法律/A/B", ("2024_版", "重点"))
    assert "tag_changed" in {remark.code for remark in reading.remarks}
    assert reading.rows[0].row == 1


def test_files_hints_and_points_that_are_left_out_are_told() -> None:
    stem = (
        "<questiontext format='html'><text><![CDATA[听<a href='@@PLUGINFILE@@/a.mp3'>这个</a>]]></text>"
        f"<file name='a.mp3' encoding='base64'>{'QUJD' * 2_000_000}</file></questiontext>"
        "<defaultgrade>10.0</defaultgrade>"
    )
    text = multichoice(answers(("100", "甲"), ("0", "乙")) + "<hint><text>想想</text></hint>", stem=stem)
    assert one(text).stem == "听这个"
    assert {"markup_removed", "file_left_out", "hint_left_out", "points_left_out"} <= set(remarks(text))
    assert "points_left_out" not in remarks(
        multichoice(answers(("100", "甲"), ("0", "乙")) + "<defaultgrade>1.0000000</defaultgrade>")
    )


@pytest.mark.parametrize("markup", ["plain_text", "markdown", "moodle_auto_format"])
def test_text_that_is_no_html_is_taken_as_it_is_written(markup: str) -> None:
    stem = f"<questiontext format='{markup}'><text>1 &lt; 2\n**甲**</text></questiontext>"
    question = one(multichoice(answers(("100", "甲"), ("0", "乙")), stem=stem))
    assert question.stem == "1 < 2\n**甲**"


@pytest.mark.parametrize(
    "kind", ["matching", "match", "essay", "description", "cloze", "multianswer", "calculated", "ddwtos", "random", ""]
)
def test_types_that_are_not_supported_are_named_with_their_line(kind: str) -> None:
    reading = read(multichoice(answers(("100", "甲"), ("0", "乙"))), f"<question type='{kind}'>{STEM}</question>")
    assert [(error.code, error.data["value"], error.row, error.line) for error in reading.errors] == [
        ("kind_not_supported", kind, 2, 4)
    ]
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (answers(("100", "甲"), ("oops", "乙")), "unreadable_weight"),
        (answers(("100", "甲"), ("1e9", "乙")), "unreadable_weight"),
        (answers(("100", "甲"), ("101", "乙")), "unreadable_weight"),
        ("<answer><text>甲</text></answer><answer fraction='0'><text>乙</text></answer>", "no_right_answer"),
        (answers(("", "甲"), ("0", "乙")), "unreadable_weight"),
        (answers(("100", "甲")), "wrong_option_count"),
        ("", "wrong_option_count"),
        (answers(("0", "甲"), ("0", "乙")), "no_right_answer"),
        (answers(("100", "甲"), ("0", "甲")), "options_alike"),
        (answers(("100", "甲"), ("0", "")), "missing_text"),
    ],
)
def test_a_question_that_breaks_the_rules_is_named_with_its_line(inner: str, code: str) -> None:
    reading = read(multichoice(inner))
    assert [(error.code, error.line) for error in reading.errors] == [(code, 3)]


def test_blank_answers_that_earn_nothing_are_left_out_and_told() -> None:
    text = multichoice(answers(("100", "甲"), ("0", "&lt;p&gt;&lt;br&gt;&lt;/p&gt;"), ("0", "乙"), ("-50", " ")))
    question = one(text)
    assert [(option.text, option.weight) for option in question.options] == [("甲", ""), ("乙", "")]
    assert remarks(text)["blank_answers_left_out"] == {"count": 2}
    text = f"<question type='shortanswer'>{STEM}{answers(('100', '甲'), ('0', ''))}</question>"
    assert [option.text for option in one(text).options] == ["甲"]
    assert remarks(text)["blank_answers_left_out"] == {"count": 1}


@pytest.mark.parametrize("weight", ["100", "50"])
def test_a_blank_answer_that_earns_something_is_an_error(weight: str) -> None:
    reading = read(multichoice(answers(("100", "甲"), (weight, ""), ("0", "乙"))))
    assert [error.code for error in reading.errors] == ["missing_text"]


def test_an_answer_that_is_nothing_but_a_picture_is_kept() -> None:
    text = multichoice(answers(("100", "甲"), ("0", "&lt;img src='x.png'&gt;"), ("0", "乙")))
    assert [option.text for option in one(text).options] == ["甲", "[图]", "乙"]
    assert "blank_answers_left_out" not in remarks(text)


def test_a_question_without_stem_is_named() -> None:
    (error,) = read(multichoice(answers(("100", "甲"), ("0", "乙")), stem="")).errors
    assert (error.code, error.column) == ("missing_text", "题干")


BOMB = '<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("<quiz>\n<question>\n</quiz>", "malformed_xml", 3),
        ("<quiz>\n<question type=multichoice>\n</question></quiz>", "malformed_xml", 2),
        ("<quiz>\n&nbsp;</quiz>", "malformed_xml", 2),
        ("<quiz>\n\n", "malformed_xml", 3),
        ("\n\n<?xml version='1.0'?><quiz/>", "malformed_xml", 3),
        (f"<?xml version='1.0'?>\n{BOMB}<quiz><question>&b;</question></quiz>", "document_type", 2),
        ("<!DOCTYPE quiz SYSTEM 'file:///etc/passwd'>\n<quiz/>", "document_type", 1),
        ("<!DOCTYPE quiz [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><quiz>&x;</quiz>", "document_type", 1),
        ("\n<html><body/></html>", "wrong_root", 2),
        (f"<quiz>\n{'<a>' * 101}", "xml_too_deep", 2),
        ("<quiz>\n</quiz>", "no_rows", 1),
    ],
)
def test_xml_that_is_malformed_or_means_harm_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    refusal = refusal_of(text.encode())
    assert (refusal.code, refusal.data["line"]) == (code, line)


def test_a_question_of_endless_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_elements, "MOST_ELEMENTS", 50)
    assert refusal_of(f"<quiz>\n<question>{'<a/>' * 60}</question></quiz>".encode()).code == "element_too_large"
    monkeypatch.setattr(xml_elements, "MOST_CHARACTERS", 50)
    assert refusal_of(f"<quiz>\n<question>{'长' * 60}</question></quiz>".encode()).code == "element_too_large"


def test_a_tag_or_comment_without_end_is_refused_before_it_is_kept() -> None:
    for start in ("<quiz>\n<question ", "<quiz>\n<!-- "):
        refusal = refusal_of((start + "a='1' " * 400_000).encode())
        assert refusal.code in ("element_too_large", "malformed_xml")
        assert refusal.data["line"] == 2


def test_an_encoding_that_the_parser_does_not_know_is_read_by_its_declaration() -> None:
    text = f"<?xml version='1.0' encoding='GB2312'?><quiz>{multichoice(answers(('100', '甲'), ('0', '乙')))}</quiz>"
    assert MOODLE.read(text.encode("gb18030"), "general").questions[0].stem == "示例"


@pytest.mark.parametrize(
    ("declared", "codec", "stem"),
    [
        ("Big5", "big5", "題目"),
        ("Shift_JIS", "shift_jis", "示例"),
        ("windows-1251", "cp1251", "Пример"),
        ("ISO-8859-15", "iso-8859-15", "10 € à Genève"),
        ("x-unknown", "utf-8", "示例"),
        ("utf-8", "utf-16", "示例"),
    ],
)
def test_a_declared_encoding_is_followed(declared: str, codec: str, stem: str) -> None:
    said = f"<questiontext><text>{stem}</text></questiontext>"
    text = f"<?xml version='1.0' encoding='{declared}'?><quiz>"
    text += multichoice(answers(("100", "a"), ("0", "b")), stem=said) + "</quiz>"
    assert MOODLE.read(text.encode(codec), "general").questions[0].stem == stem


def test_an_encoding_that_is_not_known_is_refused_and_not_guessed() -> None:
    refusal = refusal_of("<?xml version='1.0' encoding='x-mac'?>\n<quiz>示例</quiz>".encode("gb18030"))
    assert (refusal.code, refusal.data["line"]) == ("unreadable_text", 2)


@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>\n<!-- <html> -->\n", "<!DOCTYPE quiz>", "\ufeff"])
def test_moodle_xml_is_recognised_by_its_root(before: str) -> None:
    assert recognise(f"{before}<quiz></quiz>".encode()) is MOODLE
