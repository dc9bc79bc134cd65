"""HTML to plain text and to the HTML of a question: what a reader would see, what is told, nothing that takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.markup import rich
from question_bank.formats.markup.mathml import linear
from question_bank.formats.markup.plain import MOST_CHARACTERS, line_ends_shown, plain_text
from question_bank.formats.markup.rich import LONGEST
from question_bank.formats.markup.said import Said, escaped, joined, said_in_html
from question_bank.formats.markup.writing import xhtml
from question_bank.rich_text import HTML, sanitised
from tests.question_bank.rich import html_texts
from tests.question_bank.samples import thorough


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>甲</p>\n<p>乙</p>", "甲\n乙"),
        ("甲<br>乙<BR/>丙", "甲\n乙\n丙"),
        ("  甲 \n 乙\t丙&nbsp;丁 ", "甲 乙 丙 丁"),
        ("<pre> 甲\n  乙</pre>", "甲\n  乙"),
        ("甲<!-- 注 <b> -->乙", "甲乙"),
        ("甲<script>alert('<b>')</script><style>p{}</style>乙", "甲乙"),
        (
            "1 < 2 &amp; 3 &gt; 2 &lt;b&gt; &#20013; &#x4e2d; &copy; &unknown; &",
            "1 < 2 & 3 > 2 <b> 中 中 © &unknown; &",
        ),
        ('<a title="a > b">甲</a>', "甲"),
        ("甲<b乙", "甲<b乙"),
        ("<img alt=\"\">甲<img src=x alt='阀 &amp; 门'>", "[图]甲[图：阀 & 门]"),
        ("甲<video><source src=x>看不到</video>乙", "甲[图]乙"),
        ("<div><span style='color:red'>甲</span></div><section>乙</section>", "甲\n乙"),
        ("甲<hr>乙", "甲\n乙"),
        ("<p>甲<p>乙", "甲\n乙"),
        ("&#99999999999999999999;", "\ufffd"),
    ],
)
def test_html_without_real_markup_reads_as_a_browser_shows_it(source: str, text: str) -> None:
    said = said_in_html(source)
    assert (said.plain, said.is_rich) == (text, False)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("10<sup>-3</sup> m<sup>3</sup> H<sub>2</sub>O x<sup>a b</sup>", "10⁻³ m³ H₂O x^(a b)"),
        ("<ul><li>甲</li><li>乙</li></ul>", "· 甲\n· 乙"),
        ("<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", "甲 乙\n丙"),
        ("&#0;&#xD800;", "\ufffd\ufffd"),
    ],
)
def test_html_as_plain_text_says_what_signs_can(source: str, text: str) -> None:
    assert plain_text(source) == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p><b>甲</b></p>", "<p><b>甲</b></p>"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("<ul><li>甲<li>乙</ul>", "<ul><li>甲</li><li>乙</li></ul>"),
        ("<h2 class=x>甲</h2>乙", "<p><strong>甲</strong></p>乙"),
        ("<del>甲</del><tt>乙</tt>", "<s>甲</s><code>乙</code>"),
        ("<b onclick='x()'>甲</b>", "<b>甲</b>"),
        ("<b>甲<i>乙</b>丙", "<b>甲<i>乙</i></b>丙"),
        ("</b><b>甲", "<b>甲</b>"),
        ("<table><td rowspan=2 style=x>甲</table>", '<table><tbody><tr><td rowspan="2">甲</td></tr></tbody></table>'),
        ("<b>1 < 2</b>", "<b>1 &lt; 2</b>"),
    ],
)
def test_real_markup_is_kept_as_a_question_may_hold_it(source: str, expected: str) -> None:
    said = said_in_html(source)
    assert (said.html, said.is_rich) == (expected, True)
    assert sanitised(said.html) == said.html


def test_what_is_taken_out_is_told_if_it_mattered() -> None:
    assert said_in_html("<p>甲<br>乙</p><div><span>丙</span><font>丁</font></div>").notes == ()
    notes = dict(said_in_html("<p><b>甲</b><a href=x>乙</a><form><input></form><script>x</script></p>").notes)
    assert notes == {"markup_removed": {"elements": ("a", "form", "input", "script")}}


@thorough
@given(html_texts())
def test_the_html_of_a_question_passes_unchanged_but_for_its_pictures(source: str) -> None:
    without = said_in_html(source)
    if "<img" not in source:
        assert without.written(HTML) == source
    assert sanitised(without.html) == without.html


@thorough
@given(html_texts(with_pictures=False))
def test_html_written_as_xml_reads_back_as_the_same(source: str) -> None:
    assert sanitised(xhtml(source)) == source


@thorough
@given(st.text(st.sampled_from("<>/!-&;#\"'=abp n\n[]"), max_size=60))
def test_any_text_gives_a_text(source: str) -> None:
    said = said_in_html(source)
    assert said.plain == said.plain.strip()
    assert sanitised(said.html) == said.html


def test_texts_are_joined_with_what_they_are_about() -> None:
    plain = joined([("", Said("总的")), ("答错时", Said("再看")), ("答对时", Said())])
    assert (plain.plain, plain.is_rich) == ("总的\n答错时：再看", False)
    rich = joined([("", said_in_html("<b>甲</b>")), ("答错时", Said("1 < 2\n乙"))])
    assert rich.html == "<b>甲</b><div>答错时：1 &lt; 2<br>乙</div>"
    assert joined([("", Said("一"))]) == Said("一")


def test_plain_text_becomes_html_that_shows_the_same() -> None:
    assert escaped('1 < 2 & "x"\n乙') == '1 &lt; 2 &amp; "x"<br>乙'


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("<math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>", "E=mc<sup>2</sup>"),
        ("<m:math><m:mfrac><m:mn>1</m:mn><m:mi>x</m:mi></m:mfrac></m:math>", "1/x"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
        ("<math><msqrt><mn>2</mn></msqrt></math>", "√(2)"),
        ("<math><semantics><mi>x</mi><annotation>\\x</annotation></semantics></math>", "x"),
        ("甲<math><mi>x</mi></math>乙", "甲x乙"),
        ("<math><mi>x</math>", "<math><mi>x</math>"),
        ("<mathematics>", "<mathematics>"),
    ],
)
def test_formulas_stand_on_a_line(source: str, line: str) -> None:
    assert linear(source)[0] == line


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        '<a "',
        "<a '<b \"",
        "&#",
        "<",
        "<>",
        "<sup>",
        "<li>",
        "<svg>",
        "<pre>",
        "< >",
        "<img src=x>",
        "<math>",
        "<math><msup>",
        "</b>",
        "<b></i>",
    ],
)
def test_endless_pieces_are_read_to_the_limit_and_that_is_told(piece: str) -> None:
    said = said_in_html(piece * (MOST_CHARACTERS // len(piece)) + "<i>" * 9)
    assert "text_cut_off" in dict(said.notes) or len(said.plain) > LONGEST


def test_what_is_too_long_for_a_question_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rich, "sanitised", None)
    for source in ("<b>a</b>" * 9_000, "&amp;<br>" * 5_000, "a" * 30_000 + "<br>", "a" * 30_000):
        said = said_in_html(source)
        assert len(said.html) > LONGEST
        assert len(joined([("", said), ("", said)]).html) > LONGEST


def test_what_is_long_by_attributes_and_references_alone_is_taken_apart() -> None:
    source = "<p style='font-family:宋体;margin:0cm 0cm 0.0001pt'><b lang='EN-US'>&#27696;&#27687;</b></p>" * 500
    said = said_in_html(source)
    assert (len(source) > 2 * LONGEST, said.plain) == (True, "\n".join(["氰氧"] * 500))
    assert said.html == "<p><b>氰氧</b></p>" * 500


@pytest.mark.parametrize("piece", ["<b>", "<ul><li>", "<div>x", "</p>", "<b></i>", "< "])
def test_the_tree_is_kept_shallow_however_deep_the_source_is(piece: str) -> None:
    made = said_in_html(piece * 2_000).html
    depth = deepest = 0
    for tag in made.replace("<br>", "").split("<")[1:]:
        depth += -1 if tag.startswith("/") else 1
        deepest = max(deepest, depth)
    assert deepest <= 60


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>甲</p>\n\n<p>乙</p>\n", "甲\n乙"),
        ("甲\n乙 <b>丙</b>", "甲\n乙 丙"),
        ("甲\n <b>丙</b>\n乙\n丁", "甲 丙 乙\n丁"),
        ("甲\n\n乙<br>", "甲\n\n乙"),
    ],
)
def test_line_ends_of_moodles_own_format_count_but_for_those_beside_tags(source: str, text: str) -> None:
    assert said_in_html(line_ends_shown(source)).plain == text
