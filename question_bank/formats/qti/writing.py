"""Writing QTI content packages: one item a question, with what QTI has no place for in the manifest's metadata."""

import html
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

from question_bank.errors import FileRefusedError
from question_bank.formats.extras import tags_of
from question_bank.formats.limits import readable, refuse_many
from question_bank.formats.qti.dialects import Dialect
from question_bank.formats.qti.packages import CATALOG
from question_bank.formats.qti.resources import MANIFEST
from question_bank.formats.qti.writing_items import item, kept
from question_bank.pictures import Picture
from question_bank.questions import Question

_IN_KEYWORDS = ("version", "source_document", "source_article", "source_from", "source_to", "markup", "unit")
_DIFFICULTIES = {1: "easy", 2: "medium", 3: "difficult"}
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_WHEN = (1980, 1, 1, 0, 0, 0)


def written(
    questions: Iterable[Question], dialect: Dialect, pictures: Mapping[str, Picture], with_metadata: bool = True
) -> bytes:
    """Return *questions* as a package in *dialect*; the same questions give the same bytes.

    Raises FileRefusedError: "too_many_rows", "picture_missing".
    """
    listed = list(questions)
    refuse_many(len(listed))
    shown = _shown(listed, pictures)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, "\n".join(_manifest(listed, dialect, shown, with_metadata)).encode())
        for number, question in enumerate(listed, start=1):
            text = item(number, question, dialect, lambda digest: f"../{_file(shown[digest])}")
            _add(archive, _name(number), text.encode())
        for picture in shown.values():
            _add(archive, _file(picture), picture.data)
    return readable(target.getvalue())


def _shown(questions: Iterable[Question], pictures: Mapping[str, Picture]) -> dict[str, Picture]:
    """Return the pictures that *questions* show, each once."""
    shown: dict[str, Picture] = {}
    for question in questions:
        for digest in question.pictures:
            if digest not in pictures:
                raise FileRefusedError("picture_missing", question=question.code, digest=digest)
            shown[digest] = pictures[digest]
    return shown


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _name(number: int) -> str:
    return f"items/{number:05}.xml"


def _file(picture: Picture) -> str:
    return f"images/{picture.digest}{picture.suffix}"


def _manifest(
    questions: list[Question], dialect: Dialect, pictures: Mapping[str, Picture], with_metadata: bool
) -> Iterator[str]:
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
        yield from (f'      <file href="{_file(pictures[digest])}"/>' for digest in question.pictures)
        yield "    </resource>"
    yield "  </resources>"
    yield "</manifest>\n"


def _lom(question: Question) -> Iterator[str]:
    """Yield IEEE 1484.12.3 metadata: identifier and keywords, difficulty, and the knowledge point as a taxon."""
    yield f"<lom:lom><lom:general><lom:identifier><lom:catalog>{CATALOG}</lom:catalog>"
    yield f"<lom:entry>{_escaped(question.code)}</lom:entry></lom:identifier>"
    for tag in tags_of(question, _IN_KEYWORDS, kept(question)):
        yield f"<lom:keyword><lom:string>{_escaped(tag)}</lom:string></lom:keyword>"
    yield "</lom:general><lom:educational><lom:difficulty><lom:source>LOMv1.0</lom:source>"
    yield f"<lom:value>{_DIFFICULTIES[question.difficulty]}</lom:value></lom:difficulty></lom:educational>"
    if question.knowledge_point:
        yield "<lom:classification><lom:taxonPath><lom:taxon><lom:entry>"
        yield f"<lom:string>{_escaped(question.knowledge_point)}</lom:string>"
        yield "</lom:entry></lom:taxon></lom:taxonPath></lom:classification>"
    yield "</lom:lom>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
