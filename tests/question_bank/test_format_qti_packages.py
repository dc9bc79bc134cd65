"""QTI packages: what their manifests say, what they lack, and what in them means harm."""

import stat
import zipfile
from io import BytesIO

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, archives, recognise
from question_bank.formats.qti import resources
from question_bank.formats.xml_elements import root_name
from tests.question_bank.qti import GOOD, QTI, package, resource
from tests.question_bank.samples import single_choice, true_false


def refusal_of(data: bytes) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refusal:
        QTI.read(data, "general")
    return refusal.value


def test_every_item_of_a_package_is_read_or_named_with_its_file_and_line() -> None:
    bomb = f"<!DOCTYPE a [<!ENTITY a 'b'>]>\n{GOOD}"
    broken = GOOD.replace("</itemBody>", "")
    data = package(("items/1.xml", GOOD), ("items/2.xml", bomb), ("items/3.xml", broken), ("items/4.xml", "<html/>"))
    reading = QTI.read(data, "general")
    assert [(row.row, row.part, row.line) for row in reading.rows] == [(1, "items/1.xml", 1)]
    assert [(error.row, error.part, error.code, error.line) for error in reading.errors] == [
        (2, "items/2.xml", "document_type", 1),
        (3, "items/3.xml", "malformed_xml", 4),
        (4, "items/4.xml", "wrong_root", 1),
    ]


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("../outside.xml", "unsafe_reference"),
        ("%2e%2e/outside.xml", "unsafe_reference"),
        ("/etc/passwd", "unsafe_reference"),
        ("file:///etc/passwd", "unsafe_reference"),
        ("http://example.org/item.xml", "unsafe_reference"),
        ("..\\outside.xml", "unsafe_reference"),
        ("", "unsafe_reference"),
        ("http://[", "unsafe_reference"),
        ("missing.xml", "file_not_in_archive"),
    ],
)
def test_a_reference_that_leaves_the_package_is_named_and_not_followed(href: str, code: str) -> None:
    (error,) = QTI.read(package(manifest=resource(href)), "general").errors
    assert (error.code, error.line, error.part) == (code, 3, "imsmanifest.xml")


def test_references_are_relative_to_the_manifest_and_may_be_encoded() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("course/imsmanifest.xml", resource("my%20item.xml"))
        archive.writestr("course/my item.xml", GOOD)
    assert len(QTI.read(target.getvalue(), "general").rows) == 1


def test_what_is_no_item_is_listed_as_ignored() -> None:
    manifest = resource("items/1.xml").replace(
        "</resources>", "<resource type='imsqti_test_xmlv2p1' href='t.xml'/></resources>"
    )
    assert QTI.read(package(("items/1.xml", GOOD), manifest=manifest), "general").ignored == ("t.xml",)


@pytest.mark.parametrize("name", ["../x.xml", "/x.xml", "a/../../x.xml", "a\\x.xml", "C:/x.xml"])
def test_an_archive_with_a_path_trick_is_refused(name: str) -> None:
    data = package(("items/1.xml", GOOD), ("placeholder", "x"))
    tricked = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(tricked, "w") as archive:
        for entry in source.namelist():
            info = zipfile.ZipInfo("x")
            info.filename = name if entry == "placeholder" else entry
            archive.writestr(info, source.read(entry))
    assert refusal_of(tricked.getvalue()).code == "unsafe_entry"
    assert recognise(tricked.getvalue()).code == "qti21"


def test_an_archive_with_a_link_or_a_name_twice_or_a_password_is_refused() -> None:
    link = zipfile.ZipInfo("items/link.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = BytesIO(package(("items/1.xml", GOOD)))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal_of(target.getvalue()).code == "unsafe_entry"
    twice = BytesIO(package(("items/1.xml", GOOD)))
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("items/1.xml", GOOD)
    assert refusal_of(twice.getvalue()).code == "entry_twice"
    locked = bytearray(package(("items/1.xml", GOOD)))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal_of(bytes(locked)).code == "encrypted_archive"


def test_a_zip_bomb_is_refused_by_the_size_that_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    data = package(("items/1.xml", " " * 5_000_000))
    (error,) = QTI.read(data, "general").errors
    assert (error.code, error.part) == ("file_too_large", "imsmanifest.xml")
    monkeypatch.setattr(archives, "MOST_UNPACKED_BYTES", 4_999_999)
    assert refusal_of(data).code == "unpacks_too_large"
    monkeypatch.setattr(archives, "MOST_ENTRIES", 1)
    assert refusal_of(data).code == "too_many_entries"


def test_a_package_without_manifest_or_with_a_malformed_one_is_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("items/1.xml", GOOD)
    assert refusal_of(target.getvalue()).code == "no_manifest"
    refusal = refusal_of(package(manifest="<manifest>\n<resources>\n</manifest>"))
    assert (refusal.code, refusal.data["line"], refusal.data["part"]) == ("malformed_xml", 3, "imsmanifest.xml")
    assert refusal_of(package()).code == "no_rows"
    assert refusal_of(b"PK\x03\x04 cut off").code == "broken_archive"


def test_metadata_of_other_makers_is_read() -> None:
    lom = (
        "<metadata><imsmd:lom xmlns:imsmd='http://www.imsglobal.org/xsd/imsmd_v1p2'><imsmd:general>"
        "<imsmd:keyword><imsmd:langstring xml:lang='zh'>重点</imsmd:langstring></imsmd:keyword></imsmd:general>"
        "<imsmd:educational><imsmd:difficulty><imsmd:value>very difficult</imsmd:value></imsmd:difficulty>"
        "</imsmd:educational><imsmd:classification><imsmd:taxonpath><imsmd:taxon><imsmd:entry><imsmd:langstring>法律"
        "</imsmd:langstring></imsmd:entry></imsmd:taxon></imsmd:taxonpath></imsmd:classification></imsmd:lom></metadata>"
    )
    manifest = resource("items/1.xml").replace("/></resources>", f">{lom}</resource></resources>")
    (question,) = QTI.read(package(("items/1.xml", GOOD), manifest=manifest), "general").questions
    assert (question.tags, question.difficulty, question.knowledge_point) == (("重点",), 3, "法律")


@pytest.mark.parametrize("code", ["qti21", "qti22", "qti30"])
def test_a_single_choice_between_right_and_wrong_stays_what_it_is(code: str) -> None:
    pair = true_false().options
    own = (single_choice("s-1", options=pair, key=("A",)), true_false("s-2"))
    reading = FORMATS[code].read(FORMATS[code].write(own), "general")
    assert [question.kind for question in reading.questions] == ["single_choice", "true_false"]


@pytest.mark.parametrize(
    ("code", "root"), [("qti21", "assessmentItem"), ("qti22", "assessmentItem"), ("qti30", "qti-assessment-item")]
)
def test_each_version_is_written_in_its_own_names(code: str, root: str) -> None:
    data = FORMATS[code].write([single_choice()])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert root_name(archive.read("items/00001.xml")) == root
    assert recognise(data).code == code
    assert FORMATS[code].write([single_choice()]) == data


@pytest.mark.parametrize(
    "root", ["assessmentTest", "manifest", "qti-assessment-test", "qti-assessment-section", "qti-assessment-stimulus"]
)
def test_other_documents_of_qti_are_refused_by_name(root: str) -> None:
    data = f"<?xml version='1.0'?>\n<{root}/>".encode()
    assert recognise(data).code.startswith("qti")
    assert (refusal_of(data).code, refusal_of(data).data["root"], refusal_of(data).data["line"]) == (
        "wrong_root",
        root,
        2,
    )


def test_version_one_is_refused_by_its_name() -> None:
    refusal = refusal_of(b"<?xml version='1.0'?>\n<questestinterop><assessment/></questestinterop>")
    assert (refusal.code, refusal.data["line"], refusal.data["value"]) == ("qti_1_not_read", 2, "questestinterop")
    data = package(manifest=resource("a.xml", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"))
    assert (refusal_of(data).code, refusal_of(data).data["line"]) == ("qti_1_not_read", 3)
    assert recognise(data) is QTI


def test_items_are_looked_for_from_the_bases_that_the_manifest_names() -> None:
    manifest = resource("1.xml").replace("<resources>", "<resources xml:base='items/'>")
    assert len(QTI.read(package(("items/1.xml", GOOD), manifest=manifest), "general").rows) == 1


def test_a_file_that_is_named_many_times_is_read_once_and_that_is_told() -> None:
    names = ["1.xml", "1.xml", "2.xml", "./1.xml", "gone.xml", "/etc/passwd", "/etc/passwd"]
    listed = "".join(f"\n<resource type='imsqti_item_xmlv2p1' href='{name}'/>" for name in names)
    reading = QTI.read(
        package(
            ("1.xml", GOOD),
            ("2.xml", GOOD.replace("氢", "氧")),
            manifest=f"<manifest><resources>{listed}</resources></manifest>",
        ),
        "general",
    )
    assert [(row.row, row.part) for row in reading.rows] == [(1, "1.xml"), (2, "2.xml")]
    assert [(one.row, one.data) for one in reading.remarks if one.code == "item_listed_again"] == [(1, {"count": 2})]
    assert [(error.row, error.code) for error in reading.errors] == [
        (3, "file_not_in_archive"),
        (4, "unsafe_reference"),
        (5, "unsafe_reference"),
    ]


def test_items_that_are_too_much_in_all_are_named_and_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    whole = archives.Archive.read

    def counting(self: archives.Archive, name: str, most: int) -> bytes:
        opened.append(name)
        return whole(self, name, most)

    monkeypatch.setattr(archives.Archive, "read", counting)
    monkeypatch.setattr(resources, "MOST_WORK", 1_000)
    data = package(*((f"items/{n}.xml", GOOD.replace("氢", f"氢{n}")) for n in range(9)))
    reading = QTI.read(data, "general")
    count = len(reading.rows)
    assert 0 < count < 7
    assert [(error.code, error.part, error.line) for error in reading.errors] == [
        ("package_too_large", "imsmanifest.xml", line) for line in range(count + 2, 11)
    ]
    assert len({name for name in opened if name.startswith("items/")}) == count + 1


@pytest.mark.parametrize("href", ["items\\1.xml", ".\\Items\\1.XML", "ITEMS/1.XML", "Items/1.xml"])
def test_addresses_with_backslashes_or_in_other_letters_are_found(href: str) -> None:
    reading = QTI.read(package(("items/1.xml", GOOD), manifest=resource(href)), "general")
    assert ([row.part for row in reading.rows], reading.errors, reading.ignored) == (["items/1.xml"], (), ())


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("ITEMS/1.xml", "file_not_in_archive"),
        ("..\\items\\1.xml", "unsafe_reference"),
        ("\\items\\1.xml", "unsafe_reference"),
        ("\\\\host\\items\\1.xml", "unsafe_reference"),
        ("C:\\items\\1.xml", "unsafe_reference"),
        ("items%5C1.xml", "unsafe_reference"),
    ],
)
def test_an_address_that_means_two_files_or_one_elsewhere_is_refused(href: str, code: str) -> None:
    data = package(("items/1.xml", GOOD), ("Items/1.xml", GOOD), manifest=resource(href))
    assert [error.code for error in QTI.read(data, "general").errors] == [code]
