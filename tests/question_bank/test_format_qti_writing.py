"""What is written as QTI: by the schemas of each version, and back again."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from question_bank.formats import FORMATS
from question_bank.questions import Question
from tests.question_bank.rich import PICTURES
from tests.question_bank.samples import case_study, multiple_choice, single_choice

every_version = pytest.mark.parametrize("code", ["qti21", "qti22", "qti30"])
DIGEST = next(iter(PICTURES))


def written(code: str, question: Question) -> str:
    """Return the one item of a package with *question*, which reads back equal."""
    data = FORMATS[code].write([question], pictures=PICTURES)
    assert list(FORMATS[code].read(data, "general").questions) == [question]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read("items/00001.xml").decode()


def rich(stem: str) -> Question:
    question = single_choice("s-1", stem=stem, markup="html", explanation=stem)
    return replace(question, options=tuple(replace(one, feedback=stem) for one in question.options))


@every_version
def test_what_qti_has_no_element_for_is_written_by_class_and_comes_back(code: str) -> None:
    text = written(code, rich("<u>甲<u>乙</u></u><s>丙</s>"))
    assert "<u>" not in text
    assert "<s>" not in text
    assert '<span class="qti-underline">甲<span class="qti-underline">乙</span></span>' in text


@every_version
def test_a_quotation_holds_blocks(code: str) -> None:
    text = written(code, rich("<blockquote>引文<b>一</b></blockquote><blockquote><p>二</p></blockquote>"))
    assert '<blockquote><div class="bikao-text">引文<b>一</b></div></blockquote>' in text


@every_version
def test_every_picture_has_an_alternative_text(code: str) -> None:
    question = rich(f'看<img src="picture:{DIGEST}"><img src="picture:{DIGEST}" alt="阀门">')
    with zipfile.ZipFile(BytesIO(FORMATS[code].write([question], pictures=PICTURES))) as archive:
        text = archive.read("items/00001.xml").decode()
    assert text.count("<img ") == text.count(" alt=") == 2 * 6


@every_version
def test_weights_that_come_to_more_than_the_whole_come_back_and_are_the_whole_elsewhere(code: str) -> None:
    question = multiple_choice("m-1")
    shares = dict.fromkeys(question.key, "60")
    for feedback in ("", "说明"):
        options = (replace(one, weight=shares.get(one.key, "-20"), feedback=feedback) for one in question.options)
        text = written(code, replace(question, options=tuple(options)))
        assert re.search(f'normal-?[mM]aximum="{len(shares) * 6 / 10}', text)


@every_version
@pytest.mark.parametrize("feedback", ["", "说明"])
def test_costs_come_back_though_no_total_is_below_nothing(code: str, feedback: str) -> None:
    one, several = single_choice("s-1"), multiple_choice("m-1")
    right = {"s-1": "100", "m-1": "20"}
    for question in (one, several):
        options = tuple(
            replace(option, weight=right[question.code] if option.key in question.key else "-68", feedback=feedback)
            for option in question.options
        )
        written(code, replace(question, options=options))


@every_version
def test_points_begin_at_nothing_for_every_player(code: str) -> None:
    text = written(code, case_study("c-1"))
    kebab = "qti-" if code == "qti30" else ""
    assert text.count(f"<{kebab}value>0</{kebab}value>") == 1 + len(case_study("c-1").parts)
