"""QTI: what of a body is text for candidates, and how its lines are read."""

import html

import pytest

from tests.question_bank.qti import QTI, declaration, entry, interaction, item, modal, one, read, remarks, rules
from tests.question_bank.samples import single_choice


def with_body(body: str, more: str = "") -> str:
    return item(declaration("H"), body + interaction(), more)


@pytest.mark.parametrize(
    ("body", "stem"),
    [
        ("<p>\n  <b>看</b>\n  表 </p>", "<p><b>看</b> 表</p>"),
        ("<p> 一<br/> 二 <br/>\n三</p><ul>\n<li> 甲 </li>\n</ul>", "<p>一<br>二<br>三</p><ul><li>甲</li></ul>"),
        ("<div>\n 表 \n<p> <i>一</i> </p>\n 后 </div>", "<div>表<p><i>一</i></p>后</div>"),
        ("<p>甲<b> 乙 </b>丙</p>", "<p>甲<b> 乙 </b>丙</p>"),
        ("<pre><b> 一</b>\n  二 </pre>", "<pre><b> 一</b>\n  二 </pre>"),
    ],
)
def test_blanks_at_the_ends_of_lines_are_no_text(body: str, stem: str) -> None:
    assert one(with_body(body)).stem == f"{stem}<div>哪一种？</div>"


def test_feedback_in_a_line_does_not_join_the_words_around_it() -> None:
    told = "<feedbackInline outcomeIdentifier='F' identifier='x' showHide='show'>好</feedbackInline>"
    assert one(with_body(f"<p>one {told}two</p>")).stem == "one two\n哪一种？"


def test_a_blank_stands_in_its_line() -> None:
    text = item(declaration("300", base="float"), f"\n光速是\n{entry()}\n千米每秒\n")
    assert one(text).stem == "光速是 _____ 千米每秒"


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        ("<rubricBlock view='scorer'><p>评分</p></rubricBlock>", "rubricBlock"),
        ("<p><infoControl title='更多'>细节</infoControl></p>", "infoControl"),
    ],
)
def test_text_for_others_or_for_those_who_ask_is_left_out_and_told(body: str, left_out: str) -> None:
    assert one(with_body(body)).stem == "哪一种？"
    assert remarks(with_body(body))["markup_removed"] == {"elements": (left_out,)}


def test_a_rubric_for_candidates_and_an_empty_one_are_not_told() -> None:
    text = with_body("<rubricBlock view='tutor'/><rubricBlock view='candidate'><p>须知</p></rubricBlock>")
    assert one(text).stem == "须知\n哪一种？"
    assert "markup_removed" not in remarks(text)


def test_what_stands_in_an_object_says_what_it_shows() -> None:
    text = with_body("<p><object data='a.png' type='image/png'> 一只\n 阀门</object></p>")
    assert one(text).stem == "[图：一只 阀门]\n哪一种？"


def test_text_that_another_file_would_bring_in_makes_a_stimulus() -> None:
    include = "<include xmlns='http://www.w3.org/2001/XInclude' href='passage.xml'/>"
    (error,) = read(with_body(f"<p>{include}</p>")).errors
    assert error.data["form"] == "stimulus"
    (error,) = read(with_body("", f"<a/>{modal('x', include)}")).errors
    assert error.data["form"] == "stimulus"


def test_an_interaction_inside_another_is_no_interaction_of_its_own() -> None:
    body = "<customInteraction responseIdentifier='R'><portableCustomInteraction/></customInteraction>"
    (error,) = read(item(declaration("H"), body)).errors
    assert (error.data["form"], error.data["value"]) == ("customInteraction", "customInteraction")


NUMBERED = ["（1）", "（2）", "（3）"]
FIRST, THIRD = (interaction(name=name, prompt="") for name in ("R1", "R3"))


@pytest.mark.parametrize(
    ("body", "stem", "parts"),
    [
        (f"案情{FIRST}第二问{THIRD}完", "案情\n（1）\n完", ["（1）", "第二问"]),
        (f"<div><p>一</p>{FIRST}<p>二</p><p>{entry('R2')}元</p></div>", "一\n（1）", ["（1）", "二\n_____元"]),
        (f"<p>一{entry('R2')}</p><p>二</p><p>三{entry('R4')}</p>", "标题", ["一_____", "二\n三_____"]),
        (f"<p>一{entry('R2')}二{entry('R4')}三</p>", "一（1）_____二（2）_____三", ["（1）", "（2）"]),
        (f"{FIRST}<p>二</p><div>{entry('R2')}、{entry('R4')}</div>", "（1）\n二\n（2）_____、（3）_____", NUMBERED),
        (f"<p>{entry('R2')}、{entry('R4')}</p><p>二</p>{FIRST}", "（1）_____、（2）_____\n二\n（3）", NUMBERED),
    ],
)  # fmt: skip
def test_text_between_two_parts_is_about_the_second(body: str, stem: str, parts: list[str]) -> None:
    bases = {"R1": "identifier", "R2": "float", "R3": "identifier", "R4": "float"}
    declared = "".join(
        declaration("1" if base == "float" else "H", base=base, name=name)
        for name, base in bases.items()
        if f"'{name}'" in body
    )
    question = one(item(declared, body))
    assert (question.stem, [part.stem for part in question.parts]) == (stem, parts)


@pytest.mark.parametrize(
    ("body", "stem"),
    [
        ("<div><![CDATA[<p>看<b>表</b>&amp;图</p>]]></div>", "<div><p>看<b>表</b>&amp;图</p></div>"),
        ("<div class='html'>看&lt;b&gt;表&lt;/b&gt;</div>", "<div>看<b>表</b></div>"),
        ("<p>&lt;p&gt;<b>甲</b>&lt;/p&gt;</p>", "<p>&lt;p&gt;<b>甲</b>&lt;/p&gt;</p>"),
        ("<p>写 &lt;p&gt;<b>一</b></p>", "<p>写 &lt;p&gt;<b>一</b></p>"),
    ],
)
def test_html_that_stands_in_a_body_as_text_is_read_as_html(body: str, stem: str) -> None:
    assert one(with_body(body)).stem == f"{stem}<div>哪一种？</div>"


def test_html_in_choices_and_prompts_is_read_as_html_and_other_tags_stay_text() -> None:
    choices = {"H": "&lt;p class='a'&gt;氢&lt;/p&gt;", "He": "&lt;p&gt;", "C": "&lt;b&gt;碳&lt;/b&gt;"}
    question = one(item(declaration("H"), interaction(choices, prompt="<prompt><![CDATA[ <p>哪种</p> ]]></prompt>")))
    assert (question.stem, question.markup) == ("哪种", "plain")
    assert [option.text for option in question.options] == ["氢", "<p>", "<b>碳</b>"]


@pytest.mark.parametrize("text", ["<p>甲</p>", "<div>\n<p>甲</p></div>", "<p>", "&lt;p>甲&lt;/p>"])
@pytest.mark.parametrize("markup", ["plain", "html"])
def test_tags_that_are_the_text_of_a_question_come_back(text: str, markup: str) -> None:
    said = text if markup == "plain" else f"<p><b>甲</b></p><p>{html.escape(text, quote=False)}</p>"
    own = single_choice(stem=said, explanation=said, markup=markup)
    (question,) = QTI.read(QTI.write([own]), "general").questions
    assert (question.stem, question.explanation) == (own.stem, own.explanation)


DRAWN = (
    "<templateDeclaration identifier='T' cardinality='single' baseType='integer'/><templateProcessing>"
    "<setTemplateValue identifier='T'><randomInteger min='1' max='9'/></setTemplateValue>{}</templateProcessing>"
)


def with_template(body: str = "", processing: str = "", told: str = "") -> str:
    return item(DRAWN.format(processing) + declaration("H"), body + interaction(), f"<responseProcessing/>{told}")


def test_an_item_that_draws_a_value_which_nothing_names_is_as_it_stands() -> None:
    assert one(with_template("<p>T</p>")).key == ("A",)


@pytest.mark.parametrize(
    "text",
    [
        with_template("<p><printedVariable identifier='T'/></p>"),
        with_template("<templateBlock templateIdentifier='X' identifier='x' showHide='show'>甲</templateBlock>"),
        with_template("<p><math xmlns='http://www.w3.org/1998/Math/MathML'><mi> T </mi></math></p>"),
        with_template(processing="<setCorrectResponse identifier='R'><variable identifier='T'/></setCorrectResponse>"),
        with_template(told=modal("x", "<printedVariable identifier='T'/>")),
        with_template().replace("<responseProcessing/>", rules("<equal tolerance='T'/>")),
    ],
)
def test_an_item_that_depends_on_a_value_which_it_draws_is_named(text: str) -> None:
    (error,) = read(text).errors
    assert error.data["form"] == "template"


ROW = "<tr><th>{}</th><td>{}</td></tr>"


@pytest.mark.parametrize(
    ("body", "stems"),
    [
        (
            f"<ol><li>一{entry('R2')}</li></ol><ul><li>二{entry('R4')}</li></ul>",
            ["<ol><li>一_____</li></ol>", "<ul><li>二_____</li></ul>"],
        ),
        (f"<ol><li>一{entry('R2')}</li><li>二{entry('R4')}</li></ol>", ["一_____", "二_____"]),
        (
            f"<table>{ROW.format('一', entry('R2'))}{ROW.format('二', entry('R4'))}</table>",
            [f"<table><tbody>{ROW.format(name, '_____')}</tbody></table>" for name in "一二"],
        ),
    ],
)
def test_a_part_in_a_list_or_a_table_keeps_it(body: str, stems: list[str]) -> None:
    declared = declaration("1", base="float", name="R2") + declaration("1", base="float", name="R4")
    assert [part.stem for part in one(item(declared, f"<p>看表</p>{body}")).parts] == stems
