"""Texts made of what means something in GIFT, Aiken and Moodle XML: written and read again, they are what they were."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats import FORMATS, recognise
from question_bank.options import Option
from question_bank.questions import Question
from tests.question_bank.samples import folded, multiple_choice, short_answer, single_choice, thorough, true_false

SIGNS = (
    "a", "甲", " ", "\n", "=", "~", "#", "####", "{", "}", "\\", "\\n", ":", "::", "//", "%", "%50%", "[html]",
    "[plain]", "[", "]", "<b>", "&lt;", "&", "<", "*", "A.", "ANSWER: A", "TRUE", "$CATEGORY: x", "..", '"', "]]>",
    "<![CDATA[", "@@PLUGINFILE@@/x", "->", "[id:", "[tag:",
)  # fmt: skip
signs = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=6).map("".join).filter(lambda text: text == text.strip())
texts = signs.filter(bool)
wordings = texts.map(lambda text: " ".join(text.split()))
a_tag = texts.map(lambda text: "".join(text.split()).replace(";", "")).filter(bool)
tags = st.lists(a_tag, max_size=2, unique=True).map(lambda own: tuple(sorted(own)))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question of any kind that offers or accepts texts, with feedback and tags, all of them made of signs."""
    feedback = signs | st.just("")
    base = draw(st.sampled_from([true_false(), single_choice(), multiple_choice(key="AB"), short_answer()]))
    offered = [one.text for one in base.options]
    if base.kind != "true_false":
        own = wordings if base.kind == "short_answer" else texts
        offered = draw(st.lists(own, min_size=len(offered), max_size=len(offered), unique_by=folded))
    options = tuple(Option("ABCD"[place], text, "", draw(feedback)) for place, text in enumerate(offered))
    return replace(base, options=options, stem=draw(texts), explanation=draw(feedback), tags=draw(tags))


@pytest.mark.parametrize("code", ["gift", "moodle_xml"])
@thorough
@given(question=questions())
def test_texts_of_any_signs_come_back(code: str, question: Question) -> None:
    if not FORMATS[code].carries(question):
        return
    written = FORMATS[code].write([question])
    assert recognise(written).code == code
    assert FORMATS[code].read(written, "general").questions == (question,)


@thorough
@given(question=questions())
def test_what_aiken_carries_comes_back_with_blanks_for_line_ends(question: Question) -> None:
    aiken = FORMATS["aiken"]
    if question.kind not in aiken.kinds or not aiken.carries(question):
        return
    (read,) = aiken.read(aiken.write([question]), "general").questions
    assert [text.split() for text in (read.stem, *(one.text for one in read.options))] == [
        text.split() for text in (question.stem, *(one.text for one in question.options))
    ]
    assert read.key == question.key
