"""Stimuli: passages in files of their own that items of a package share."""

from collections.abc import Mapping

import pytest

from question_bank.formats import Reading
from question_bank.formats.qti import stimuli
from question_bank.formats.qti.resources import Package
from tests.question_bank.drawn import picture
from tests.question_bank.qti import QTI, declaration, interaction, item, package, read

PASSAGE = (
    "<qti-assessment-stimulus xmlns='http://www.imsglobal.org/xsd/imsqtiasi_v3p0' identifier='S' title='材料'>\n"
    "<qti-stylesheet href='s.css' type='text/css'/><qti-stimulus-body><p>某厂<b>动火</b>。</p>{}</qti-stimulus-body>"
    "<qti-catalog-info/></qti-assessment-stimulus>"
)
REFERENCE = "<assessmentStimulusRef identifier='S' href='{}'/>"
RESOURCE = "\n<resource type='{}' href='{}'/>"
WORDS = PASSAGE.format("")


def asked(href: str = "../texts/p.xml", body: str = "", more: str = "") -> str:
    return item(declaration("He") + REFERENCE.format(href) + more, body + interaction())


def reading(files: Mapping[str, str | bytes], *others: str) -> Reading:
    """Return what a package of *files* gives; others: those beside the items that the manifest lists."""
    items = "".join(
        RESOURCE.format("imsqti_item_xmlv3p0", name) for name, text in files.items() if "<itemBody" in str(text)
    )
    rest = "".join(RESOURCE.format("imsqti_stimulus_xmlv3p0", name) for name in others)
    return QTI.read(
        package(*files.items(), manifest=f"<manifest>\n<resources>{items}{rest}</resources></manifest>"), "general"
    )


def test_a_passage_stands_before_the_question() -> None:
    found = reading({"items/1.xml": asked(), "texts/p.xml": WORDS}, "texts/p.xml")
    assert found.errors == ()
    assert [question.stem for question in found.questions] == ["<div><p>某厂<b>动火</b>。</p></div><div>哪一种？</div>"]
    assert found.ignored == ()


def test_a_passage_stands_where_the_body_wants_it_and_in_every_item_that_names_it() -> None:
    dock = "<p>看材料。</p><div class='qti-shared-stimulus' data-stimulus-idref='S'></div>"
    found = reading({"items/1.xml": asked(body=dock), "items/2.xml": asked(), "texts/p.xml": WORDS})
    assert [question.stem.index("动火") > question.stem.index("看材料") for question in found.questions[:1]] == [True]
    assert all("某厂<b>动火</b>。" in question.stem for question in found.questions)
    assert len(found.questions) == 2


@pytest.mark.parametrize(("place", "name"), [("texts/p.xml", "../texts/p.xml"), ("items/p.xml", "p.xml")])
@pytest.mark.parametrize("address", ["img/a%20b.png", "./img/a b.png"])
def test_its_pictures_are_looked_for_beside_the_passage(place: str, name: str, address: str) -> None:
    text = PASSAGE.format(f"<p><img src='{address}' alt='图'/></p>")
    folder = place.partition("/")[0]
    files: dict[str, str | bytes] = {
        "items/q.xml": asked(name),
        place: text,
        f"{folder}/img/a b.png": picture("PNG", (3, 3)),
    }
    found = reading(files, f"{folder}/img/a%20b.png")
    (question,) = found.questions
    assert len(question.pictures) == 1
    assert found.ignored == ()


def test_a_passage_that_is_not_at_hand_is_named() -> None:
    for text in (asked("p.xml"), asked("../../p.xml"), asked("http://example.org/p.xml"), asked("")):
        (error,) = reading({"items/1.xml": text}).errors
        assert (error.code, error.data["form"]) == ("kind_not_supported", "stimulus")
    (error,) = read(asked()).errors
    assert error.data["form"] == "stimulus"


def test_a_passage_that_is_broken_is_named_with_its_file_and_line() -> None:
    found = reading({"items/1.xml": asked(), "texts/p.xml": WORDS.replace("</qti-stimulus-body>", "")})
    (error,) = found.errors
    assert (error.code, error.part, error.line) == ("malformed_xml", "texts/p.xml", 2)


def test_passages_that_are_named_too_often_are_read_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stimuli, "_MOST_CHARACTERS_IN_ALL", len(WORDS.encode()) + 500)
    files = {f"items/{number}.xml": asked(body=f"<p>{number}</p>") for number in range(4)}
    found = reading({**files, "texts/p.xml": WORDS})
    assert len(found.questions) == 2
    assert {(error.code, error.part) for error in found.errors} == {("element_too_large", "texts/p.xml")}


def test_a_broken_passage_is_read_once_however_many_items_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read_names: list[str] = []
    whole = Package.read

    def counting(self: Package, name: str, most: int) -> bytes:
        read_names.append(name)
        return whole(self, name, most)

    monkeypatch.setattr(Package, "read", counting)
    files = {f"items/{number}.xml": asked(body=f"<p>{number}</p>") for number in range(4)}
    found = reading({**files, "texts/p.xml": WORDS.replace("</qti-stimulus-body>", "")})
    assert [error.code for error in found.errors] == ["malformed_xml"] * 4
    assert read_names == ["texts/p.xml"]
