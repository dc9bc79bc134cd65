"""HTML of questions in QTI: whatever stands in whatever, the item keeps to the content models, and it comes back."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats import FORMATS
from question_bank.formats.qti.items import ROOTS
from question_bank.formats.xml_elements import Element, elements_of
from question_bank.questions import Question
from question_bank.rich_text import ELEMENTS, sanitised, text_of
from tests.question_bank.rich import PICTURES
from tests.question_bank.samples import quick, single_choice

every_version = pytest.mark.parametrize("code", ["qti21", "qti22", "qti30"])
PICTURE = f'<img src="picture:{next(iter(PICTURES))}" alt="图">'

IN_LINES = {"br", "img", "em", "code", "span", "sub", "sup", "i", "b", "strong"}
BLOCKS = {"pre", "p", "div", "ol", "ul", "blockquote", "table"}
FLOW = IN_LINES | BLOCKS
CHILDREN = dict.fromkeys((*IN_LINES, "p", "pre", "caption"), IN_LINES) | {
    "br": set(), "img": set(), "div": FLOW, "li": FLOW, "td": FLOW, "th": FLOW, "blockquote": BLOCKS, "ol": {"li"},
    "ul": {"li"}, "tr": {"td", "th"}, "thead": {"tr"}, "tbody": {"tr"}, "table": {"caption", "thead", "tbody"},
}  # fmt: skip
WITHOUT_TEXT = {"blockquote", "ol", "ul", "tr", "thead", "tbody", "table", "br", "img"}
NEVER_EMPTY = {"tr", "thead", "tbody", "table"}
NAMES = sorted(ELEMENTS - {"br", "img"})


def faults(element: Element) -> list[str]:
    """Return what the content models of QTI 2.1 and later say against *element* and what stands in it."""
    name, children = element.name, [child.name for child in element.elements()]
    found = [f"{child} in {name}" for child in children if child not in CHILDREN[name]]
    if name in WITHOUT_TEXT and any(isinstance(child, str) and child.strip(" \t\r\n") for child in element.children):
        found.append(f"text in {name}")
    if name in NEVER_EMPTY and not children:
        found.append(f"empty {name}")
    if name == "table" and (
        "tbody" not in children
        or children != sorted(children, key=["caption", "thead", "tbody"].index)
        or max(children.count("caption"), children.count("thead")) > 1
    ):
        found.append(f"table of {children}")
    return found + [fault for child in element.elements() for fault in faults(child)]


def item_with(code: str, question: Question) -> str:
    """Return the item of a package with *question*, which reads back equal."""
    data = FORMATS[code].write([question], pictures=PICTURES)
    assert list(FORMATS[code].read(data, "general").questions) == [question]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read("items/00001.xml").decode()


def texts_of(item: str) -> list[Element]:
    """Return the elements of *item* that hold the texts of its question."""
    (root,) = elements_of(item.encode(), ROOTS, ROOTS)
    return [one for one in root.every("div") if one.attributes.get("class") == "bikao-text"]


def rich(stem: str) -> Question:
    question = single_choice("s-1", stem=sanitised(stem), markup="html", explanation=sanitised(stem))
    return replace(question, options=tuple(replace(one, feedback=sanitised(stem)) for one in question.options))


trees = st.recursive(
    st.sampled_from(["甲", "乙 丙", " ", "<br>", PICTURE, ""]),
    lambda inner: st.builds(
        lambda name, held: f"<{name}>{''.join(held)}</{name}>", st.sampled_from(NAMES), st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


@every_version
@quick
@given(source=trees)
def test_html_of_any_shape_keeps_to_the_content_models_and_comes_back(code: str, source: str) -> None:
    stem = sanitised(source)
    while stem != (stem := sanitised(stem)):
        pass
    if text_of(stem, "html").strip():
        found = texts_of(item_with(code, rich(stem)))
        assert len(found) >= 6
        assert [fault for one in found for fault in faults(one)] == []


@every_version
@pytest.mark.parametrize(
    ("stem", "written"),
    [
        ("<b><p>甲</p>乙</b>", '<div class="bikao-as-b"><p>甲</p>乙</div>'),
        ("<u>甲<ul><li>乙</li></ul></u>", '<div class="bikao-as-u">甲<ul><li>乙</li></ul></div>'),
        ("<li>甲</li>", '<div class="bikao-as-li">甲</div>'),
        ("<ul>甲<b>乙</b><li>丙</li></ul>", '<ul><li class="bikao-loose">甲<b>乙</b></li><li>丙</li></ul>'),
        ("<ol><li>甲</li><ol><li>乙</li></ol></ol>", '<li class="bikao-loose"><ol><li>乙</li></ol></li></ol>'),
        (
            "<table><thead><tr><th>甲</th></tr></thead></table>",
            '</thead><tbody class="bikao-filler"><tr><td/></tr></tbody></table>',
        ),
        ("<table><tr><td>甲</td></tr><tr></tr></table>", '<tr><td class="bikao-filler"/></tr></tbody></table>'),
        (
            "<table><caption><p>甲</p></caption><tr><td>乙</td></tr></table>",
            '<caption><span class="bikao-as-p">甲</span></caption>',
        ),
        ("<blockquote><p>甲</p></blockquote>", "<blockquote><p>甲</p></blockquote>"),
        ("<blockquote>甲<p>乙</p></blockquote>", '<blockquote><div class="bikao-text">甲<p>乙</p></div></blockquote>'),
    ],
)
def test_what_has_no_place_in_the_schemas_is_written_otherwise(code: str, stem: str, written: str) -> None:
    item = item_with(code, rich(stem))
    assert written in item
    assert [fault for one in texts_of(item) for fault in faults(one)] == []


@every_version
def test_quotations_as_deep_as_any_text_goes_come_back(code: str) -> None:
    item_with(code, rich("<blockquote>" * 45 + "甲" + "</blockquote>" * 45))
