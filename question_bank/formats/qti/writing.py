"""Writing QTI content packages: one item a question, with what QTI has no place for in the manifest's metadata."""

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO

from question_bank.errors import FileRefusedError
from question_bank.formats.extras import tags_of
from question_bank.formats.limits import readable, refuse_many
from question_bank.formats.qti.dialects import Dialect
from question_bank.formats.qti.packages import CATALOG, MANIFEST
from question_bank.questions import Question

_KINDS = ("true_false", "single_choice", "multiple_choice")
_IN_KEYWORDS = ("version", "source_document", "source_article", "kind")
_DIFFICULTIES = {1: "easy", 2: "medium", 3: "difficult"}
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_WHEN = (1980, 1, 1, 0, 0, 0)
# Blanks that a reader of XHTML joins, so that the text has to stand in a pre element.
_NEEDS_PRE = re.compile(r"[\t\xa0\f]| {2}|^ | $|\n", re.MULTILINE)


def written(questions: Iterable[Question], dialect: Dialect, with_metadata: bool = True) -> bytes:
    """Return *questions* as a package in *dialect*; the same questions give the same bytes.

    Raises FileRefusedError: "too_many_rows", "not_carried".
    """
    listed = list(questions)
    refuse_many(len(listed))
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, "\n".join(_manifest(listed, dialect, with_metadata)))
        for number, question in enumerate(listed, start=1):
            if question.kind not in _KINDS:
                raise FileRefusedError("not_carried", question=question.code, field="kind", value=question.kind)
            _add(archive, _name(number), "\n".join(_item(number, question, dialect)))
    return readable(target.getvalue())


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode())


def _name(number: int) -> str:
    return f"items/{number:05}.xml"


def _manifest(questions: list[Question], dialect: Dialect, with_metadata: bool) -> Iterator[str]:
    schema, version = dialect.schema
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<manifest xmlns="{dialect.package_namespace}" xmlns:lom="{_LOM}" identifier="questions">'
    yield f"  <metadata><schema>{schema}</schema><schemaversion>{version}</schemaversion></metadata>"
    yield "  <organizations/>"
    yield "  <resources>"
    for number, question in enumerate(questions, start=1):
        yield f'    <resource identifier="item-{number}" type="{dialect.resource_type}" href="{_name(number)}">'
        if with_metadata:
            yield f"      <metadata>{''.join(_lom(question))}</metadata>"
        yield f'      <file href="{_name(number)}"/>'
        yield "    </resource>"
    yield "  </resources>"
    yield "</manifest>\n"


def _lom(question: Question) -> Iterator[str]:
    """Yield IEEE 1484.12.3 metadata: identifier and keywords, difficulty, and the knowledge point as a taxon."""
    yield f"<lom:lom><lom:general><lom:identifier><lom:catalog>{CATALOG}</lom:catalog>"
    yield f"<lom:entry>{_escaped(question.code)}</lom:entry></lom:identifier>"
    for tag in tags_of(question, _IN_KEYWORDS):
        yield f"<lom:keyword><lom:string>{_escaped(tag)}</lom:string></lom:keyword>"
    yield "</lom:general><lom:educational><lom:difficulty><lom:source>LOMv1.0</lom:source>"
    yield f"<lom:value>{_DIFFICULTIES[question.difficulty]}</lom:value></lom:difficulty></lom:educational>"
    if question.knowledge_point:
        yield "<lom:classification><lom:taxonPath><lom:taxon><lom:entry>"
        yield f"<lom:string>{_escaped(question.knowledge_point)}</lom:string>"
        yield "</lom:entry></lom:taxon></lom:taxonPath></lom:classification>"
    yield "</lom:lom>"


def _item(number: int, question: Question, dialect: Dialect) -> Iterator[str]:
    name, attribute = dialect.element, dialect.attribute
    item, declaration, outcome = name("assessmentItem"), name("responseDeclaration"), name("outcomeDeclaration")
    many = question.kind == "multiple_choice"
    values = "".join(f"<{name('value')}>{letter}</{name('value')}>" for letter in question.key)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<{item} xmlns="{dialect.namespace}" identifier="item-{number}" title="{question.code}" adaptive="false" '
        f'{attribute("timeDependent")}="false">'
    )
    yield (
        f'  <{declaration} identifier="RESPONSE" cardinality="{"multiple" if many else "single"}" '
        f'{attribute("baseType")}="identifier">'
    )
    yield f"    <{name('correctResponse')}>{values}</{name('correctResponse')}>"
    yield f"  </{declaration}>"
    yield f'  <{outcome} identifier="SCORE" cardinality="single" {attribute("baseType")}="float"/>'
    yield f'  <{outcome} identifier="FEEDBACK" cardinality="single" {attribute("baseType")}="identifier"/>'
    yield from _body(question, dialect)
    yield f'  <{name("responseProcessing")} template="{dialect.templates}/match_correct"/>'
    if question.explanation:
        # An outcome that is never set differs from every identifier, so what is hidden on a match is always shown.
        yield (
            f'  <{name("modalFeedback")} {attribute("outcomeIdentifier")}="FEEDBACK" identifier="HIDDEN" '
            f'{attribute("showHide")}="hide">{_block(question.explanation)}</{name("modalFeedback")}>'
        )
    yield f"</{item}>\n"


def _body(question: Question, dialect: Dialect) -> Iterator[str]:
    name, attribute = dialect.element, dialect.attribute
    many = question.kind == "multiple_choice"
    shuffles = str(question.rules.shuffles_options).lower()
    yield f"  <{name('itemBody')}>"
    yield f"    {_block(question.stem)}"
    yield (
        f'    <{name("choiceInteraction")} {attribute("responseIdentifier")}="RESPONSE" shuffle="{shuffles}" '
        f'{attribute("maxChoices")}="{0 if many else 1}">'
    )
    choice = name("simpleChoice")
    for option in question.options:
        yield f'      <{choice} identifier="{option.key}">{_block(option.text)}</{choice}>'
    yield f"    </{name('choiceInteraction')}>"
    yield f"  </{name('itemBody')}>"


def _block(text: str) -> str:
    element = "pre" if _NEEDS_PRE.search(text) else "p"
    return f"<{element}>{_escaped(text)}</{element}>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
