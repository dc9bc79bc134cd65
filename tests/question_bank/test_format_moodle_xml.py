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
        "<answer fraction='100.0000000' format='html'><text>&lt;i&gt;乙&lt;/i&gt;</text></answer>"
        "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"
        "<incorrectfeedback><text>再看第一条</text></incorrectfeedback>"
        "<generalfeedback><text><![CDATA[<p>总的<br>说明</p>]]></text></generalfeedback>"
    )
    question = one(text)
    assert (question.kind, question.key, question.stem) == ("single_choice", ("B",), "示例")
    assert [option.text for option in question.options] == ["甲", "乙"]
    assert question.explanation == "总的\n说明\n答错时：再看第一条\n“甲”：不对"
    assert remarks(text)["standard_feedback_left_out"] == {"value": "Your answer is correct."}
    assert remarks(text)["markup_removed"] == {"elements": ("i",)}


@pytest.mark.parametrize("single", ["false", "0"])
def test_several_right_answers_and_their_fractions(single: str) -> None:
    text = multichoice(answers(("50", "甲"), ("-50", "乙"), ("50", "丙")), single)
    assert (one(text).kind, one(text).key) == ("multiple_choice", ("A", "C"))
    assert remarks(text)["penalties_left_out"] == {"weights": "A 50%, B -50%, C 50%"}


def test_fractions_that_no_key_can_say_are_told() -> None:
    text = multichoice(answers(("100", "甲"), ("50", "乙"), ("0", "丙")))
    assert one(text).key == ("A",)
    assert remarks(text)["weights_differ"] == {"weights": "A 100%, B 50%"}
    half = multichoice(answers(("50", "甲"), ("0", "乙")))
    assert one(half).key == ("A",)
    assert "weights_differ" in remarks(half)


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


def test_categories_tags_and_idnumbers_are_kept() -> None:
    category = "<question type='category'><category><text>$course$/top/法律/A//B</text></category></question>"
    tags = "<idnumber>L-1</idnumber><tags><tag><text>重点</text></tag><tag><text>2024 版</text></tag></tags>"
    reading = read(category, multichoice(answers(("100", "甲"), ("0", "乙")) + tags))
    (question,) = reading.questions
    assert (question.code, question.knowledge_point, question.tags) == ("L-1", "法律/A/B", ("2024_版", "重点"))
    assert "tag_changed" in {remark.code for remark in reading.remarks}
    assert reading.rows[0].row == 1


def test_pictures_files_hints_and_points_that_are_left_out_are_told() -> None:
    stem = (
        "<questiontext format='html'><text><![CDATA[看<img src='@@PLUGINFILE@@/a.png' alt='阀门'>]]></text>"
        f"<file name='a.png' encoding='base64'>{'QUJD' * 2_000_000}</file></questiontext>"
        "<defaultgrade>10.0</defaultgrade>"
    )
    text = multichoice(answers(("100", "甲"), ("0", "乙")) + "<hint><text>想想</text></hint>", stem=stem)
    assert one(text).stem == "看[图：阀门]"
    assert {"picture_left_out", "file_left_out", "hint_left_out", "points_left_out"} <= set(remarks(text))
    assert "points_left_out" not in remarks(
        multichoice(answers(("100", "甲"), ("0", "乙")) + "<defaultgrade>1.0000000</defaultgrade>")
    )


@pytest.mark.parametrize("markup", ["plain_text", "markdown", "moodle_auto_format"])
def test_text_that_is_no_html_is_taken_as_it_is_written(markup: str) -> None:
    stem = f"<questiontext format='{markup}'><text>1 &lt; 2\n**甲**</text></questiontext>"
    question = one(multichoice(answers(("100", "甲"), ("0", "乙")), stem=stem))
    assert question.stem == "1 < 2\n**甲**"


@pytest.mark.parametrize(
    "kind", ["numerical", "shortanswer", "matching", "essay", "description", "cloze", "calculated", "ddwtos", ""]
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
        ("<answer><text>甲</text></answer><answer fraction='0'><text>乙</text></answer>", "unreadable_weight"),
        (answers(("100", "甲")), "wrong_option_count"),
        ("", "wrong_option_count"),
        (answers(("0", "甲"), ("0", "乙")), "no_right_answer"),
        (answers(("100", "甲"), ("100", "乙")), "several_right_answers"),
        (answers(("100", "甲"), ("0", "甲")), "options_alike"),
        (answers(("100", "甲"), ("0", "")), "missing_text"),
    ],
)
def test_a_question_that_breaks_the_rules_is_named_with_its_line(inner: str, code: str) -> None:
    reading = read(multichoice(inner))
    assert [(error.code, error.line) for error in reading.errors] == [(code, 3)]


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


@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>\n<!-- <html> -->\n", "<!DOCTYPE quiz>", "\ufeff"])
def test_moodle_xml_is_recognised_by_its_root(before: str) -> None:
    assert recognise(f"{before}<quiz></quiz>".encode()) is MOODLE
