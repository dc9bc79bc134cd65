"""HTML to plain text: what a reader would see, what is told, and nothing that takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.markup import MOST_CHARACTERS, plain_text
from tests.question_bank.samples import thorough


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>甲</p>\n<p>乙</p>", "甲\n乙"),
        ("甲<br>乙<BR/>丙", "甲\n乙\n丙"),
        ("  甲 \n 乙\t丙&nbsp;丁 ", "甲 乙 丙 丁"),
        ("10<sup>-3</sup> m<sup>3</sup> H<sub>2</sub>O x<sup>a b</sup>", "10⁻³ m³ H₂O x^(a b)"),
        ("<ul><li>甲</li><li>乙</li></ul>", "· 甲\n· 乙"),
        ("<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", "甲 乙\n丙"),
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
        ("&#0;&#xD800;&#99999999999999999999;", "\ufffd\ufffd&#99999999999999999999;"),
    ],
)
def test_html_reads_as_a_browser_shows_it(source: str, text: str) -> None:
    assert plain_text(source)[0] == text


def test_what_is_left_out_is_told_and_plain_paragraphs_are_not() -> None:
    assert plain_text("<p>甲<br>乙</p><div><span>丙</span></div>")[1] == ()
    notes = dict(plain_text("<p><b>甲</b><img src=x><img src=y><em>乙</em></p>")[1])
    assert notes == {"markup_removed": {"elements": ("b", "em")}, "picture_left_out": {"count": 2}}


@thorough
@given(st.text(st.sampled_from("<>/!-&;#\"'=ab p\n[]"), max_size=60))
def test_any_text_gives_a_text(source: str) -> None:
    text, _ = plain_text(source)
    assert text == text.strip()


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", '<a "', "<a '<b \"", "&#", "<", "<>", "<sup>", "<li>", "<svg>", "<pre>", "< >"]
)
def test_endless_pieces_are_read_to_the_limit_and_that_is_told(piece: str) -> None:
    notes = dict(plain_text(piece * (MOST_CHARACTERS // len(piece)) + "<i>" * 9)[1])
    assert "text_cut_off" in notes
