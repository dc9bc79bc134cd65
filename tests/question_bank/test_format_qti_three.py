"""Items of QTI 3.0: what its own spelling, defaults and elements mean."""

import pytest

from question_bank.questions import Question
from tests.question_bank.qti import one, read, remarks

V30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
SCORE = "<qti-outcome-declaration identifier='SCORE' cardinality='single' base-type='float'/>"
KEY = "<qti-correct-response><qti-value>{}</qti-value></qti-correct-response>"
ENTRY = "<p>干粉灭火器每<qti-text-entry-interaction response-identifier='R'/>检查一次。</p>"
CHOICES = (
    "<qti-choice-interaction response-identifier='R' max-choices='1'>{}"
    "<qti-simple-choice identifier='A'>甲</qti-simple-choice>"
    "<qti-simple-choice identifier='B'>乙</qti-simple-choice></qti-choice-interaction>"
)


def declaration(inner: str = KEY.format("A"), base: str = "identifier", name: str = "R") -> str:
    start = f"<qti-response-declaration identifier='{name}' cardinality='single' base-type='{base}'>"
    return f"{start}{inner}</qti-response-declaration>"


def mapping(*entries: str) -> str:
    return f"<qti-mapping default-value='0'>{''.join(entries)}</qti-mapping>"


def entry(key: str, value: str, more: str = "") -> str:
    return f"<qti-map-entry map-key='{key}' mapped-value='{value}' {more}/>"


def item(declared: str, body: str, after: str = "", attributes: str = "") -> str:
    processing = after or f"<qti-response-processing template='{TEMPLATES}/match_correct.xml'/>"
    return (
        f"<qti-assessment-item xmlns='{V30}' identifier='i' title='标题' time-dependent='false' {attributes}>\n"
        f"{declared}{SCORE}\n<qti-item-body>{body}</qti-item-body>\n{processing}</qti-assessment-item>"
    )


def mapped(*entries: str, after: str = f"<qti-response-processing template='{TEMPLATES}/map_response'/>") -> Question:
    return one(item(declaration(KEY.format("Halon") + mapping(*entries), "string"), ENTRY, after))


@pytest.mark.parametrize(
    ("stated", "matters"),
    [("", False), ("case-sensitive='false'", False), ("case-sensitive='0'", False), ("case-sensitive='1'", True)],
)
def test_case_of_a_mapped_answer_matters_only_where_the_item_says_so(stated: str, matters: bool) -> None:
    question = mapped(entry("Halon", "2", stated), entry("CO2", "1", stated))
    assert [(option.text, option.weight) for option in question.options] == [("Halon", "100"), ("CO2", "50")]
    assert question.is_case_sensitive is matters


def test_answers_that_differ_in_case_alone_are_told_apart() -> None:
    question = mapped(entry("Halon", "1"), entry("halon", "0.5"))
    assert [(option.text, option.weight) for option in question.options] == [("Halon", "100"), ("halon", "50")]
    assert question.is_case_sensitive


def test_a_mapping_gives_the_marks_where_there_are_no_rules() -> None:
    question = mapped(entry("Halon", "4"), entry("CO2", "1"), after="<qti-response-processing/>")
    assert [(option.text, option.weight) for option in question.options] == [("Halon", "100"), ("CO2", "25")]


def test_a_reading_above_characters_stands_behind_them() -> None:
    ruby = "<p><ruby>硚<rt>qiáo</rt></ruby>口？<ruby>砼<rp>(</rp><rt>tóng</rt><rp>)</rp></ruby></p>"
    text = item(declaration(), ruby + CHOICES.format(""))
    assert one(text).stem == "硚（qiáo）口？砼(tóng)"
    assert "ruby" in remarks(text)["markup_removed"]["elements"]  # type: ignore[operator]


def test_paragraphs_that_hold_nothing_for_the_candidate_leave_no_trace() -> None:
    body = (
        "<p>哪<b>一</b>项？</p>"
        + CHOICES.format("<qti-prompt> </qti-prompt>")
        + "<p> <qti-feedback-inline outcome-identifier='F' identifier='A' show-hide='show'>对</qti-feedback-inline></p>"
    )
    assert one(item(declaration(), body)).stem == "<p>哪<b>一</b>项？</p>"


@pytest.mark.parametrize(
    ("body", "stem"),
    [
        ("<aside>旁注</aside><details><summary>提要</summary>内容</details><p>哪项？</p>", "旁注\n提要\n内容\n哪项？"),
        ("<p>何谓<q>三同时</q>？</p>", "何谓“三同时”？"),
        ("<p><sub xmlns='http://www.w3.org/2010/10/synthesis' alias='毫米汞柱'>mmHg</sub>是什么？</p>", "mmHg是什么？"),
        (
            "<p><span class='x qti-underline'>甲</span><span class='qti-italic'>乙</span><span>丙</span></p>",
            "<p><u>甲</u><i>乙</i>丙</p>",
        ),
    ],
)
def test_elements_of_the_body_become_what_a_question_can_hold(body: str, stem: str) -> None:
    text = item(declaration(), body + CHOICES.format(""))
    assert one(text).stem == stem
    assert "markup_removed" not in remarks(text)


def test_help_for_some_candidates_and_texts_for_others_are_no_part_of_the_question() -> None:
    inside = "<qti-card support='glossary-on-screen'><qti-html-content>释义</qti-html-content></qti-card>"
    catalog = f"<qti-catalog-info><qti-catalog id='c'>{inside}</qti-catalog></qti-catalog-info>"
    rubrics = "".join(
        f"<qti-rubric-block view='{view}' use='instructions'><qti-content-body>{view}</qti-content-body>{catalog}"
        "</qti-rubric-block>"
        for view in ("candidate", "scorer", "proctor tutor", "author candidate")
    )
    companion = "<qti-companion-materials-info><qti-calculator/></qti-companion-materials-info>"
    text = item(declaration() + companion, rubrics + "<p>哪项？</p>" + CHOICES.format(""))
    assert one(text).stem == "candidate\nauthor candidate\n哪项？"
    told = {name for one in read(text).remarks if one.code == "markup_removed" for name in one.data["elements"]}  # type: ignore[attr-defined]
    assert told == {"catalogInfo", "companionMaterialsInfo", "rubricBlock"}


@pytest.mark.parametrize(
    ("body", "attributes", "form"),
    [
        (CHOICES.format(""), "adaptive='1'", "adaptive"),
        (
            "<qti-custom-interaction response-identifier='R'><qti-portable-custom-interaction response-identifier='R'/>"
            "</qti-custom-interaction>",
            "",
            "customInteraction",
        ),
        (
            "<qti-position-object-stage><qti-position-object-interaction response-identifier='R'/>"
            "</qti-position-object-stage>",
            "",
            "positionObjectInteraction",
        ),
    ],
)
def test_what_is_not_supported_is_named_once(body: str, attributes: str, form: str) -> None:
    (error,) = read(item(declaration(), body, attributes=attributes)).errors
    assert (error.code, error.data["form"]) == ("kind_not_supported", form)


@pytest.mark.parametrize(
    ("shuffle", "fixed", "words", "is_told"),
    [
        ("", "", ("甲", "乙"), False),
        ("shuffle='true'", "fixed='false'", ("甲", "乙"), False),
        ("shuffle='false'", "", ("甲", "乙"), True),
        ("shuffle='true'", "fixed='true'", ("甲", "以上都不对"), True),
        ("shuffle='false'", "fixed='true'", ("对", "错"), False),
    ],
)
def test_choices_that_keep_their_places_are_told(
    shuffle: str, fixed: str, words: tuple[str, str], is_told: bool
) -> None:
    choices = CHOICES.format("<qti-prompt>哪项？</qti-prompt>").replace("max-choices='1'", f"max-choices='1' {shuffle}")
    choices = choices.replace(">甲<", f">{words[0]}<")
    choices = choices.replace("identifier='B'>乙<", f"identifier='B' {fixed}>{words[1]}<")
    assert ("fixed_order_left_out" in remarks(item(declaration(), choices))) is is_told
