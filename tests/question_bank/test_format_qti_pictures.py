"""Pictures in QTI packages: how they come in, which do not, and how they are packed."""

import hashlib
import zipfile
from io import BytesIO

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import Reading, illustrations
from question_bank.formats.qti import resources
from question_bank.pictures import checked
from tests.question_bank.drawn import picture
from tests.question_bank.qti import GOOD, QTI, declaration, interaction, item, package, resource
from tests.question_bank.samples import single_choice

SHOWN = item(declaration("He"), "<p>看<img src='{}' alt='阀门'/></p>" + interaction())


def with_picture(address: str, body: str = SHOWN, name: str = "items/img/a b.png", base_of: str = "") -> Reading:
    manifest = resource("items/1.xml", more=base_of)
    entries = (("items/1.xml", body.replace("{}", address)), (name, picture()))
    return QTI.read(package(*entries, manifest=manifest), "general")


DIGEST = hashlib.sha256(picture()).hexdigest()


@pytest.mark.parametrize("address", ["img/a%20b.png", "../items/img/a%20b.png", "./img/a b.png"])
def test_pictures_come_in_from_the_package(address: str) -> None:
    reading = with_picture(address)
    assert reading.questions[0].markup == "html"
    assert f'<img src="picture:{DIGEST}" alt="阀门">' in reading.questions[0].stem
    assert list(reading.pictures) == [DIGEST]


def test_objects_that_are_pictures_come_in_and_others_are_named() -> None:
    body = item(declaration("He"), "<object data='img/a%20b.png' type='image/png'><p>替代</p></object>" + interaction())
    assert list(with_picture("", body).pictures) == [DIGEST]
    other = item(declaration("He"), "<object data='x.html' type='text/html'>替代</object>" + interaction())
    reading = with_picture("", other)
    assert reading.questions[0].stem == "[图：替代]\n哪一种？"
    assert {"elements": ("object",)} in [remark.data for remark in reading.remarks]


def test_pictures_are_looked_for_from_the_base_that_the_item_names() -> None:
    body = SHOWN.replace("<assessmentItem ", "<assessmentItem xml:base='img/' ")
    assert list(with_picture("a%20b.png", body).pictures) == [DIGEST]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("../../etc/passwd", "picture_elsewhere"),
        ("/etc/passwd", "picture_elsewhere"),
        ("file:///etc/passwd", "picture_elsewhere"),
        ("http://example.org/a.png", "picture_elsewhere"),
        ("img/other.png", "missing"),
        ("1.xml", "picture_of_other_type"),
    ],
)
def test_a_picture_that_does_not_come_in_is_named(address: str, reason: str) -> None:
    reading = with_picture(address)
    assert reading.questions[0].stem == "看[图：阀门]\n哪一种？"
    assert [one.data["reason"] for one in reading.remarks if one.code == "picture_left_out"] == [reason]


def test_pictures_are_packed_once_and_listed_with_every_item() -> None:
    stem = f'<p>看<img src="picture:{DIGEST}" alt="阀门"></p>'
    own = [single_choice(f"s-{n}", stem=f"{stem}{n}", markup="html") for n in range(2)]
    data = QTI.write(own, pictures={DIGEST: checked(picture())})
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert [name for name in archive.namelist() if name.startswith("images/")] == [f"images/{DIGEST}.png"]
        assert archive.read("imsmanifest.xml").decode().count(f'<file href="images/{DIGEST}.png"/>') == 2
    assert QTI.read(data, "general").ignored == ()
    with pytest.raises(FileRefusedError) as refusal:
        QTI.write(own)
    assert (refusal.value.code, refusal.value.data["digest"]) == ("picture_missing", DIGEST)


def test_more_pictures_than_a_bank_has_are_named_and_no_longer_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(illustrations, "MOST_PIXELS_IN_ALL", 8)
    entries = [(f"items/{n}.xml", SHOWN.replace("{}", f"{n}.png").replace("看", f"看{n}")) for n in range(3)]
    shown = [(f"items/{n}.png", picture("PNG", (3, 2), colour)) for n, colour in enumerate(("red", "blue", "green"))]
    manifest = "<manifest><resources>{}</resources></manifest>".format(
        "".join(f"<resource type='imsqti_item_xmlv2p1' href='items/{n}.xml'/>" for n in range(3))
    )
    reading = QTI.read(package(*entries, *shown, manifest=manifest), "general")
    assert len(reading.pictures) == 1
    assert [one.data["reason"] for one in reading.remarks if one.code == "picture_left_out"] == [
        "too_many_pictures"
    ] * 2


def test_a_picture_whose_address_is_in_other_letters_is_shown() -> None:
    text = item(declaration("He"), "<p>看<img src='..\\Media\\P.PNG' alt='图'/></p>" + interaction())
    assert len(QTI.read(package(("items/1.xml", text), ("media/p.png", picture())), "general").pictures) == 1


def test_a_picture_that_a_text_shows_many_times_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read_names: list[str] = []
    whole = resources.Package.read

    def counting(self: resources.Package, name: str, most: int) -> bytes:
        read_names.append(name)
        return whole(self, name, most)

    monkeypatch.setattr(resources.Package, "read", counting)
    shown = "<p><img src='../p.png' alt='图'/><img src='./../p.png' alt='图'/></p>"
    text = item(declaration("He"), shown + interaction())
    reading = QTI.read(package(("items/1.xml", text), ("items/2.xml", GOOD), ("p.png", picture())), "general")
    assert len(reading.pictures) == 1
    assert read_names == ["p.png"]
