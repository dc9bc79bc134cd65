"""QTI 2.x and 3.0: scoring, feedback, what is not supported; packages that lack something or mean harm."""

import stat
import zipfile
from io import BytesIO

import pytest

from question_bank.errors import FileRefusedError
from question_bank.formats import FORMATS, Reading, archives, recognise
from question_bank.formats.xml_elements import root_name
from question_bank.questions import Question
from tests.question_bank.samples import single_choice, true_false

QTI = FORMATS["qti21"]
V21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
MATCH = "<responseProcessing template='http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct'/>"
MAP = "<responseProcessing template='http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response'/>"
TYPED = "<responseDeclaration identifier='R' baseType='{}'/>"
CHOICES = {"H": "氢", "He": "氦", "C": "碳"}


def declaration(correct: str = "", mapping: str = "", cardinality: str = "single") -> str:
    values = "".join(f"<value>{name}</value>" for name in correct.split())
    inner = f"<correctResponse>{values}</correctResponse>" if correct else ""
    start = f"<responseDeclaration identifier='R' cardinality='{cardinality}' baseType='identifier'>"
    return f"{start}{inner}{mapping}</responseDeclaration>"


def mapping(default: str = "0", **weights: str) -> str:
    entries = "".join(f"<mapEntry mapKey='{name}' mappedValue='{weight}'/>" for name, weight in weights.items())
    return f"<mapping lowerBound='0' upperBound='2' defaultValue='{default}'>{entries}</mapping>"


def interaction(choices: dict[str, str] | None = None, most: int = 1, prompt: str = "<prompt>哪一种？</prompt>") -> str:
    inner = "".join(f"<simpleChoice identifier='{n}'>{t}</simpleChoice>" for n, t in (choices or CHOICES).items())
    start = f"<choiceInteraction responseIdentifier='R' shuffle='true' maxChoices='{most}'>"
    return f"{start}{prompt}{inner}</choiceInteraction>"


def item(declared: str, body: str, after: str = MATCH, attributes: str = "") -> str:
    return (
        f"<assessmentItem xmlns='{V21}' identifier='i' title='t' timeDependent='false' {attributes}>\n"
        f"{declared}\n<itemBody>{body}</itemBody>\n{after}</assessmentItem>"
    )


def read(text: str) -> Reading:
    return QTI.read(text.encode(), "general")


def one(text: str) -> Question:
    reading = read(text)
    assert reading.errors == ()
    (question,) = reading.questions
    return question


def remarks(text: str) -> dict[str, dict[str, object]]:
    return {remark.code: remark.data for remark in read(text).remarks}


def test_a_single_choice_by_match_correct() -> None:
    question = one(item(declaration("He"), f"<p>看<b>表</b>：</p>{interaction()}<p>只选一种。</p>"))
    assert (question.kind, question.key) == ("single_choice", ("B",))
    assert question.stem == "看表：\n哪一种？\n只选一种。"
    assert [option.text for option in question.options] == ["氢", "氦", "碳"]


def test_a_multiple_response_by_mapping() -> None:
    text = item(declaration("H C", mapping("-2", H="1", C="1"), "multiple"), interaction(most=0), MAP)
    assert (one(text).kind, one(text).key) == ("multiple_choice", ("A", "C"))
    assert remarks(text)["penalties_left_out"] == {"weights": "A 50%, B -100%, C 50%"}


def test_mapped_values_that_no_key_can_say_are_told() -> None:
    many = item(declaration("", mapping(H="3", C="1"), "multiple"), interaction(most=0), MAP)
    assert one(many).key == ("A", "C")
    assert remarks(many)["weights_differ"] == {"weights": "A 75%, C 25%"}
    single = item(declaration("H", mapping(H="2", C="1")), interaction(), MAP)
    assert (one(single).key, remarks(single)["weights_differ"]) == (("A",), {"weights": "A 100%, C 50%"})


def test_the_template_decides_between_key_and_mapping_and_a_difference_is_told() -> None:
    declared = declaration("H", mapping(H="0", C="1"))
    assert one(item(declared, interaction(), MATCH)).key == ("A",)
    assert one(item(declared, interaction(), MAP)).key == ("C",)
    assert remarks(item(declared, interaction(), MAP))["key_and_mapping_differ"] == {"correct": "H"}


@pytest.mark.parametrize(
    ("rules", "key", "is_told"),
    [
        ("<responseProcessing><responseCondition><responseIf><match><variable identifier='R'/><correct identifier='R'/>"
         "</match></responseIf></responseCondition></responseProcessing>", "A", False),
        ("<responseProcessing><setOutcomeValue identifier='SCORE'><mapResponse identifier='R'/></setOutcomeValue>"
         "</responseProcessing>", "C", False),
        ("<responseProcessing><setOutcomeValue identifier='SCORE'><randomInteger min='0' max='9'/></setOutcomeValue>"
         "</responseProcessing>", "A", True),
        ("", "A", False),
    ],
)  # fmt: skip
def test_scoring_that_is_spelt_out_is_followed_or_told(rules: str, key: str, is_told: bool) -> None:
    text = item(declaration("H", mapping(C="1")), interaction(), rules)
    assert one(text).key == (key,)
    assert ("scoring_not_followed" in remarks(text)) == is_told


@pytest.mark.parametrize(("texts", "key"), [(("True", "False"), "B"), (("错误", "正确"), "A"), (("对", "错"), "B")])
def test_two_choices_that_say_true_and_false_are_true_or_false(texts: tuple[str, str], key: str) -> None:
    question = one(item(declaration("b"), interaction({"a": texts[0], "b": texts[1]})))
    assert (question.kind, question.key) == ("true_false", (key,))


def test_many_boxes_of_which_one_may_be_ticked_are_a_single_choice() -> None:
    assert one(item(declaration("H", cardinality="multiple"), interaction(most=1))).kind == "single_choice"


def modal(name: str, text: str, shown: str = "show") -> str:
    return f"<modalFeedback outcomeIdentifier='F' identifier='{name}' showHide='{shown}'><p>{text}</p></modalFeedback>"


def test_one_modal_feedback_is_the_explanation() -> None:
    assert one(item(declaration("H"), interaction(), MATCH + modal("x", "因为轻"))).explanation == "因为轻"


def test_several_feedbacks_are_kept_with_what_they_are_about() -> None:
    choices = {
        "H": "氢<feedbackInline outcomeIdentifier='F' identifier='H' showHide='show'>对了</feedbackInline>",
        "He": "氦",
    }
    body = (
        interaction(choices)
        + "<feedbackBlock outcomeIdentifier='F' identifier='He' showHide='show'>不轻</feedbackBlock>"
    )
    after = MATCH + modal("correct", "好") + modal("x1", "总的", "hide")
    question = one(item(declaration("H"), body, after))
    assert question.explanation == "总的\n“氦”：不轻\n答对时：好\n“氢”：对了"
    assert question.stem == "哪一种？"


def test_pictures_and_markup_and_notes_for_scorers() -> None:
    body = "<rubricBlock view='scorer'><p>评分</p></rubricBlock><p>看图<img src='a.png' alt='阀门'/> 10<sup>3</sup></p>"
    text = item(declaration("H"), body + interaction(prompt=""))
    assert one(text).stem == "看图[图：阀门] 10³"
    assert {"picture_left_out", "markup_removed"} <= set(remarks(text))


THREE = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t" adaptive="false"
 time-dependent="false">
 <qti-response-declaration identifier="R" cardinality="multiple" base-type="identifier">
  <qti-correct-response><qti-value>a</qti-value><qti-value>c</qti-value></qti-correct-response>
  <qti-mapping default-value="0"><qti-map-entry map-key="a" mapped-value="2"/>
   <qti-map-entry map-key="c" mapped-value="1"/>
  </qti-mapping>
 </qti-response-declaration>
 <qti-item-body>
  <qti-choice-interaction response-identifier="R" max-choices="0">
   <qti-prompt>示例</qti-prompt>
   <qti-simple-choice identifier="a">甲</qti-simple-choice>
   <qti-simple-choice identifier="b">乙</qti-simple-choice>
   <qti-simple-choice identifier="c">丙</qti-simple-choice>
  </qti-choice-interaction>
 </qti-item-body>
 <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response"/>
 <qti-modal-feedback outcome-identifier="F" identifier="x" show-hide="show">
  <qti-content-body><p>说明</p></qti-content-body>
 </qti-modal-feedback>
</qti-assessment-item>"""


def test_an_item_of_version_three() -> None:
    question = one(THREE)
    assert (question.kind, question.key, question.stem) == ("multiple_choice", ("A", "C"), "示例")
    assert question.explanation == "说明"
    assert "weights_differ" in remarks(THREE)
    assert recognise(THREE.encode()).code == "qti30"


@pytest.mark.parametrize(
    ("body", "declared", "attributes", "form"),
    [
        ("<textEntryInteraction responseIdentifier='R'/>", TYPED.format("float"), "", "numeric"),
        ("<textEntryInteraction responseIdentifier='R'/>", TYPED.format("string"), "", "short_answer"),
        ("<extendedTextInteraction responseIdentifier='R'/>", "", "", "essay"),
        ("<matchInteraction responseIdentifier='R'/>", "", "", "matchInteraction"),
        ("<p>只有文字</p>", "", "", "description"),
        (interaction() + interaction(), declaration("H"), "", "composite"),
        (interaction(), declaration("H"), "adaptive='true'", "adaptive"),
        (interaction(), "<templateDeclaration identifier='T'/>" + declaration("H"), "", "template"),
        (interaction(), "<assessmentStimulusRef identifier='S' href='s.xml'/>" + declaration("H"), "", "stimulus"),
    ],
)  # fmt: skip
def test_items_that_are_not_supported_are_named(body: str, declared: str, attributes: str, form: str) -> None:
    (error,) = read(item(declared, body, attributes=attributes)).errors
    assert (error.code, error.data["form"], error.line) == ("kind_not_supported", form, 1)


@pytest.mark.parametrize(
    ("declared", "body", "code"),
    [
        ("", interaction(), "response_declaration_missing"),
        (declaration("X"), interaction(), "key_not_offered"),
        (declaration("H", mapping(X="1")), interaction(), "key_not_offered"),
        (declaration("H", mapping(H="viel")), interaction(), "unreadable_weight"),
        (declaration("H", mapping(H="1e99999999")), interaction(), "unreadable_weight"),
        (declaration(), interaction(), "no_right_answer"),
        (declaration("H He"), interaction(), "several_right_answers"),
        (declaration("H", cardinality="ordered"), interaction(), "cardinality_not_read"),
        (declaration("H"), interaction({"H": "氢"}), "wrong_option_count"),
        (declaration("H"), interaction({"H": "氢", "He": " "}), "missing_text"),
        (declaration("H"), interaction().replace("'He'", "'H'"), "choice_identifier_twice"),
        (declaration("H"), interaction(prompt=""), "missing_text"),
    ],
)
def test_an_item_that_breaks_the_rules_is_named_with_its_line(declared: str, body: str, code: str) -> None:
    (error,) = read(item(declared, body)).errors
    assert error.code == code
    assert 1 <= error.line <= 3


def package(*entries: tuple[str, str], manifest: str | None = None) -> bytes:
    """Return a package of *entries* (name, content); the manifest lists those that lie in the folder items."""
    resources = "".join(
        f"\n<resource identifier='r{n}' type='imsqti_item_xmlv2p1' href='{name}'/>"
        for n, (name, _) in enumerate(entries)
        if name.startswith("items/")
    )
    made = (
        manifest
        or f"<manifest xmlns='http://www.imsglobal.org/xsd/imscp_v1p1'><resources>{resources}</resources></manifest>"
    )
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", made)
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


GOOD = item(declaration("He"), interaction())


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


def resource(href: str, kind: str = "imsqti_item_xmlv2p1") -> str:
    return f"<manifest>\n<resources>\n<resource type='{kind}' href='{href}'/></resources></manifest>"


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


@pytest.mark.parametrize("root", ["assessmentTest", "manifest", "questestinterop"])
def test_other_documents_of_qti_are_refused_by_name(root: str) -> None:
    data = f"<?xml version='1.0'?>\n<{root}/>".encode()
    assert recognise(data) is QTI
    assert (refusal_of(data).code, refusal_of(data).data["root"], refusal_of(data).data["line"]) == (
        "wrong_root",
        root,
        2,
    )
