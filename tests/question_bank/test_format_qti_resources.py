"""QTI packages: which files are items, whatever the maker of the package calls them."""

import zipfile
from io import BytesIO

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import Reading, recognise
from question_bank.formats.document_types import without_named
from tests.question_bank.drawn import picture
from tests.question_bank.qti import GOOD, QTI, package, resource

OTHER = GOOD.replace("氢", "氧")
TEST = "<assessmentTest identifier='t'><testPart identifier='p'/></assessmentTest>"


def manifest(*resources: str) -> str:
    return f"<manifest><resources>{''.join(resources)}</resources></manifest>"


def of_type(kind: str, href: str, *files: str) -> str:
    listed = "".join(f"<file href='{name}'/>" for name in files)
    return f"<resource type='{kind}' href='{href}'>{listed}</resource>"


def read(*entries: tuple[str, str], listed: str) -> Reading:
    return QTI.read(package(*entries, manifest=listed), "general")


def parts(reading: Reading) -> list[str]:
    return [row.part for row in reading.rows]


def test_items_that_only_a_test_lists_among_its_files_are_read() -> None:
    listed = manifest(of_type("imsqti_test_xmlv2p2", "test.xml", "test.xml", "a/1.xml", "a/2.xml", "a/sign.png"))
    reading = read(("test.xml", TEST), ("a/1.xml", GOOD), ("a/2.xml", OTHER), ("a/sign.png", "x"), listed=listed)
    assert parts(reading) == ["a/1.xml", "a/2.xml"]
    assert reading.ignored == ("test.xml",)


def test_an_item_that_is_listed_twice_is_read_once() -> None:
    listed = manifest(
        of_type("imsqti_test_xmlv2p1", "test.xml", "test.xml", "1.xml"), of_type("imsqti_item_xmlv2p1", "1.xml")
    )
    reading = read(("test.xml", TEST), ("1.xml", GOOD), listed=listed)
    assert parts(reading) == ["1.xml"]


@pytest.mark.parametrize("kind", ["imsqti_item_xmlv2p2", "imsqti_apipitem_xmlv2p1", "imsqti_xmlv2p1", "webcontent", ""])
def test_an_item_is_one_whatever_its_resource_is_called(kind: str) -> None:
    assert parts(read(("1.xml", GOOD), listed=manifest(of_type(kind, "1.xml")))) == ["1.xml"]


def test_items_beside_those_that_the_manifest_lists_are_named() -> None:
    reading = read(("1.xml", GOOD), ("draft.xml", OTHER), ("notes.xml", "<p/>"), listed=resource("1.xml"))
    assert (parts(reading), reading.ignored) == (["1.xml"], ("draft.xml",))


def test_items_are_looked_for_where_the_manifest_lists_none() -> None:
    listed = manifest(of_type("imsqti_test_xmlv2p1", "test.xml"))
    reading = read(("test.xml", TEST), ("a/1.xml", GOOD), listed=listed)
    assert (parts(reading), reading.ignored) == (["a/1.xml"], ("test.xml",))


def test_a_file_whose_name_is_encoded_in_the_archive_as_well_is_found() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("imsmanifest.xml", resource("my%20item.xml"))
        archive.writestr("my%20item.xml", GOOD)
    assert parts(QTI.read(target.getvalue(), "general")) == ["my%20item.xml"]


def test_a_pool_of_blackboard_is_refused_as_what_it_is() -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read(("res1.dat", "<questestinterop/>"), listed=manifest(of_type("assessment/x-bb-qti-pool", "res1.dat")))
    assert (refusal.value.code, refusal.value.data["line"]) == ("qti_1_not_read", 1)


TYPE = "<?xml version='1.0'?>\n<!-- [ -->\n<!DOCTYPE {}>\n"
NAMED = [
    "assessmentItem",
    "assessmentItem SYSTEM 'imsqti_v2p1.dtd'",
    'assessmentItem PUBLIC "-//W3C//DTD MathML 2.0//EN" "http://www.w3.org/Math/DTD/mathml2/mathml2.dtd"',
]


@pytest.mark.parametrize("named", NAMED)
def test_a_document_type_that_declares_nothing_is_passed_over(named: str) -> None:
    text = TYPE.format(named) + GOOD.replace("氢", "a&nbsp;&times;&lt;b<![CDATA[&times;]]>")
    (row,) = QTI.read(text.encode(), "general").rows
    assert (row.line, row.question.options[0].text) == (4, "a ×<b&times;")
    assert recognise(text.encode()) is QTI


def test_lines_are_counted_from_the_top_where_a_document_type_is_passed_over() -> None:
    with pytest.raises(FileRefusedError) as refusal:
        QTI.read((TYPE.format("assessmentItem\n SYSTEM\n 'x'") + GOOD.replace("氢", "&ours;")).encode(), "general")
    assert (refusal.value.code, refusal.value.data["line"]) == ("malformed_xml", 8)


@pytest.mark.parametrize(
    "declared", ["a [<!ENTITY x 'y'>]", "a SYSTEM 'file:///etc/passwd' [<!ENTITY % x SYSTEM 'b'> %x;]", "a []"]
)
def test_a_document_type_that_declares_something_is_refused(declared: str) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        QTI.read((TYPE.format(declared) + GOOD).encode(), "general")
    assert (refusal.value.code, refusal.value.data["line"]) == ("document_type", 3)


@pytest.mark.parametrize("endless", ["<!-- ", "<![CDATA[ ", "&a", "<?a ", "<!DOCTYPE a '", "\n"])
def test_a_document_type_is_looked_for_once(endless: str) -> None:
    text = TYPE.format("a") + endless * 200_000
    assert len(without_named(text)) == len(text) - len("<!DOCTYPE a>")
    assert without_named(endless * 200_000) == endless * 200_000


class _Unflagged(zipfile.ZipInfo):
    """An entry whose name is written as Chinese tools of old do: in GBK, with no word about it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 (zipfile's name)
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


@pytest.mark.parametrize("entry", [zipfile.ZipInfo, _Unflagged])
@pytest.mark.parametrize("name", ["题目/第1题.xml", "題目/誠.xml"])
def test_names_of_files_in_chinese_are_found_however_the_archive_writes_them(
    entry: type[zipfile.ZipInfo], name: str
) -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("imsmanifest.xml", resource(name))
        archive.writestr(entry(name), GOOD)
    assert parts(QTI.read(target.getvalue(), "general")) == [name]


def test_an_item_in_an_encoding_of_the_west_is_recognised_and_read() -> None:
    western = GOOD.translate(str.maketrans("氢氦碳哪一种？标题", "éèàüöäßñç"))
    text = f"<?xml version='1.0' encoding='ISO-8859-1'?>\n{western}"
    assert recognise(text.encode("iso-8859-1")) is QTI
    assert QTI.read(text.encode("iso-8859-1"), "general").questions[0].options[0].text == "é"


def test_pictures_that_are_called_items_are_none() -> None:
    shown = GOOD.replace("<itemBody>", "<itemBody><p><img src='media/a.png' alt='阀门'/></p>")
    resources = [of_type("imsqti_item_xmlv2p1", name) for name in ("1.xml", "media/a.png", "media/b.csv")]
    entries: list[tuple[str, str | bytes]] = [("1.xml", shown), ("media/a.png", picture()), ("media/b.csv", "1;2")]
    reading = QTI.read(package(*entries, manifest=manifest(*resources)), "general")
    assert (parts(reading), reading.errors, reading.ignored) == (["1.xml"], (), ("media/b.csv",))
    assert len(reading.pictures) == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("2.xml", "1;2", "malformed_xml"),
        ("2.qti", "<assessmentItem>", "malformed_xml"),
        ("2.png", None, "file_not_in_archive"),
    ],
)
def test_an_item_that_is_broken_or_missing_stays_one(name: str, content: str | None, code: str) -> None:
    listed = manifest(of_type("imsqti_item_xmlv2p1", "1.xml"), of_type("imsqti_item_xmlv2p1", name))
    entries = [("1.xml", GOOD), *([(name, content)] if content else [])]
    reading = read(*entries, listed=listed)
    assert [(error.row, error.code) for error in reading.errors] == [(2, code)]
