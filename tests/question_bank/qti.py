"""Items and packages of QTI, put together for tests."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from question_bank.formats import FORMATS, Reading
from question_bank.questions import Question

QTI = FORMATS["qti21"]
V21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates"
MATCH = f"<responseProcessing template='{TEMPLATES}/match_correct'/>"
MAP = f"<responseProcessing template='{TEMPLATES}/map_response'/>"
CHOICES = {"H": "氢", "He": "氦", "C": "碳"}
VARIABLE, CORRECT = "<variable identifier='R'/>", "<correct identifier='R'/>"


def declaration(
    correct: str = "", mapping: str = "", cardinality: str = "single", base: str = "identifier", name: str = "R"
) -> str:
    """Return a response declaration; correct: values with "|" between."""
    values = "".join(f"<value>{one}</value>" for one in correct.split("|") if one)
    inner = f"<correctResponse>{values}</correctResponse>" if correct else ""
    start = f"<responseDeclaration identifier='{name}' cardinality='{cardinality}' baseType='{base}'>"
    return f"{start}{inner}{mapping}</responseDeclaration>"


def mapping(weights: Mapping[str, str], attributes: str = "lowerBound='0'", default: str = "0", entry: str = "") -> str:
    entries = "".join(f"<mapEntry mapKey='{key}' mappedValue='{value}' {entry}/>" for key, value in weights.items())
    return f"<mapping {attributes} defaultValue='{default}'>{entries}</mapping>"


def interaction(
    choices: Mapping[str, str] | None = None, most: int = 1, prompt: str = "<prompt>哪一种？</prompt>", name: str = "R"
) -> str:
    inner = "".join(f"<simpleChoice identifier='{n}'>{t}</simpleChoice>" for n, t in (choices or CHOICES).items())
    start = f"<choiceInteraction responseIdentifier='{name}' shuffle='true' maxChoices='{most}'>"
    return f"{start}{prompt}{inner}</choiceInteraction>"


def entry(name: str = "R") -> str:
    return f"<textEntryInteraction responseIdentifier='{name}'/>"


def outcome(name: str, base: str = "identifier", cardinality: str = "single", default: str = "", more: str = "") -> str:
    start = f"<outcomeDeclaration identifier='{name}' baseType='{base}' cardinality='{cardinality}' {more}>"
    value = f"<defaultValue><value>{default}</value></defaultValue>" if default else ""
    return f"{start}{value}</outcomeDeclaration>"


def rules(*inner: str) -> str:
    return f"<responseProcessing>{''.join(inner)}</responseProcessing>"


def put(name: str, value: str, base: str = "float") -> str:
    return f"<setOutcomeValue identifier='{name}'><baseValue baseType='{base}'>{value}</baseValue></setOutcomeValue>"


def when(test: str, *inner: str, otherwise: str = "") -> str:
    other = f"<responseElse>{otherwise}</responseElse>" if otherwise else ""
    return f"<responseCondition><responseIf>{test}{''.join(inner)}</responseIf>{other}</responseCondition>"


def match(name: str = "R") -> str:
    return f"<match><variable identifier='{name}'/><correct identifier='{name}'/></match>"


def base(value: str, kind: str = "string") -> str:
    return f"<baseValue baseType='{kind}'>{value}</baseValue>"


def modal(name: str, text: str, shown: str = "show", outcome_name: str = "FEEDBACK") -> str:
    start = f"<modalFeedback outcomeIdentifier='{outcome_name}' identifier='{name}' showHide='{shown}'>"
    return f"{start}<p>{text}</p></modalFeedback>"


def item(declared: str, body: str, after: str = MATCH, attributes: str = "") -> str:
    score = "<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'/>"
    return (
        f"<assessmentItem xmlns='{V21}' identifier='i' title='标题' timeDependent='false' {attributes}>\n"
        f"{declared}{score if 'SCORE' not in declared else ''}\n<itemBody>{body}</itemBody>\n{after}</assessmentItem>"
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


def package(*entries: tuple[str, str | bytes], manifest: str | None = None) -> bytes:
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


def resource(href: str, kind: str = "imsqti_item_xmlv2p1", more: str = "") -> str:
    return f"<manifest>\n<resources>\n<resource type='{kind}' href='{href}' {more}/></resources></manifest>"


GOOD = item(declaration("He"), interaction())
