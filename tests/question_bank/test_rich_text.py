"""Rich text: nothing that acts survives, what survives sanitises to itself, and its text can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.rich_text import PLAIN, pictures_in, sanitised, text_of, with_addresses
from tests.question_bank.samples import quick

DIGEST = "ab" * 32
PICTURE = f'<img src="picture:{DIGEST}" alt="示例图">'


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<img src="https://example.org/x.png">',
        f'<img src="picture:{DIGEST[:-1]}g">',
        '<a href="javascript:alert(1)">甲</a>',
        "<svg><script>alert(1)</script></svg>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        '<p style="position:fixed">甲</p>',
        "<form action=/x><input name=answer></form>",
        "<style>body{display:none}</style>",
        "<math><mtext></p><img src=x onerror=alert(1)></math>",
        '<td colspan="999">甲</td>',
    ],
)
def test_nothing_that_acts_or_reaches_out_survives(hostile: str) -> None:
    left = sanitised(f"<p>题干</p>{hostile}")
    for sign in ("script", "onerror", "http", "javascript", "style", "form", "input", "iframe", "999", "alert", "<img"):
        assert sign not in left


def test_what_a_question_needs_stays() -> None:
    source = (
        "<p>按<b>表</b>计算 10<sup>3</sup> H<sub>2</sub>O</p>"
        "<table><tbody><tr><td colspan=\"2\">甲</td></tr></tbody></table>"
        f"<ul><li>乙</li></ul>{PICTURE}"
    )  # fmt: skip
    assert sanitised(source) == source


fragments = st.lists(
    st.sampled_from(["<p>", "</p>", "<b>", "</b", "<td>", "<table>", "&lt;", "&", "<", '"', ">", "文", " ", "\n",
                     PICTURE, "<img src=", "alt='", "<!--", "-->", "<script>", "\xa0", "<ul><li>", "<br/>"]),
    max_size=20,
).map("".join)  # fmt: skip


@quick
@given(source=fragments | st.text(max_size=60))
def test_what_is_sanitised_sanitises_to_itself(source: str) -> None:
    once = sanitised(source)
    assert sanitised(once) == once


@quick
@given(text=st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" "), max_size=40))
def test_plain_text_is_read_as_it_stands(text: str) -> None:
    assert text_of(text, PLAIN) == text


def test_the_text_of_markup_is_what_a_reader_sees() -> None:
    source = f"<p>第一段 a&lt;b</p><p>第二段{PICTURE}</p><ul><li>甲</li><li>乙</li></ul>"
    assert text_of(source, "html") == "第一段 a<b\n第二段[图：示例图]\n甲\n乙"


def test_pictures_are_found_once_and_get_addresses() -> None:
    source = sanitised(f"<p>{PICTURE}{PICTURE}</p>")
    assert pictures_in(source) == (DIGEST,)
    shown = with_addresses(source, "/banks/pictures")
    assert shown.count(f'src="/banks/pictures/{DIGEST}"') == 2
    assert "picture:" not in shown
