"""Moodle XML (docs.moodle.org, "Moodle XML format"): categories, and the question types that we have kinds for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from question_bank.formats import extras
from question_bank.formats.accepted import put_back
from question_bank.formats.collecting import collected
from question_bank.formats.found import Found, error_at
from question_bank.formats.illustrations import Album
from question_bank.formats.moodle_xml.answers import READERS, UnreadableError
from question_bank.formats.moodle_xml.texts import Texts
from question_bank.formats.moodle_xml.writing import written
from question_bank.formats.protocol import NO_PICTURES, Note, Reading, RowError
from question_bank.formats.samples import sample_questions
from question_bank.formats.xml_elements import Element, elements_of, root_name
from question_bank.pictures import Picture
from question_bank.questions import Question

_ONE_POINT = re.compile(r"(?:0*1(?:\.0*)?)?")
# Names that other formats have for the same.
_FORMS = {"matching": "matching", "match": "matching", "multianswer": "cloze"}


class MoodleXml:
    """The Moodle XML format. The name of a question is not kept; marks for a question belong to the blueprint."""

    code = "moodle_xml"
    suffix = ".xml"
    media_type = "application/xml"
    kinds = frozenset({"true_false", "single_choice", "multiple_choice", "numeric", "short_answer"})
    fields = frozenset(
        {"code", "version", "kind", "stem", "options", "key", "explanation", "knowledge_point", "difficulty", "tags",
         "source_document", "source_article", "source_from", "source_to", "markup", "unit", "is_case_sensitive",
         "weights", "feedback", "pictures"}
    )  # fmt: skip

    def recognises(self, data: bytes) -> bool:
        """Say whether the root element of *data* is a quiz."""
        return root_name(data) == "quiz"

    def carries(self, question: Question) -> bool:
        """Say that nothing but its kind keeps a question from being written."""
        return question.kind in self.kinds

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data*. Malformed XML and document types are refused as a whole, with the line."""
        album = Album()
        elements = elements_of(data, ["quiz"], ["question"], files=["file", "image_base64"])
        return collected(_questions(elements, album), bank, album=album)

    def write(self, questions: Iterable[Question], *, pictures: Mapping[str, Picture] = NO_PICTURES) -> bytes:
        """Return a Moodle XML file: knowledge points as categories, codes as idnumber, the rest as tags."""
        return written(questions, pictures)

    def template(self) -> bytes:
        """Return one sample question a kind."""
        return written((one for one in sample_questions() if one.kind in self.kinds), {}, with_fields=False)


def _questions(elements: Iterable[Element], album: Album) -> Iterator[Found | RowError]:
    category = ""
    row = 0
    for element in elements:
        kind = element.attributes.get("type", "")
        if kind == "category":
            name = element.first("category")
            category = name.text().strip() if name else ""
            continue
        row += 1
        texts = Texts(element, album)
        found = _stated(element, texts, row, kind, category)
        reader = READERS.get(kind)
        try:
            yield _read(element, texts, found, reader) if reader else found
        except UnreadableError as error:
            yield error_at(found, error.code, "key", value=error.text[:80])


def _read(element: Element, texts: Texts, found: Found, reader: Callable[[Element, Texts, Found], Found]) -> Found:
    fields = dict(found.fields)
    own = extras.placed(fields)
    read = put_back(reader(element, texts, replace(found, fields=fields)), own)
    return replace(read, notes=(*read.notes, *texts.unused_files()))


def _stated(element: Element, texts: Texts, row: int, kind: str, category: str) -> Found:
    """Return what all question types have in common."""
    stem = texts.stem()
    general = texts.said(element.first("generalfeedback"))
    fields, notes = _fields(element, category)
    notes += _left_out(element)
    return Found(row, element.line, _FORMS.get(kind, kind), kind, stem, (), general, (), fields, notes)


def _fields(element: Element, category: str) -> tuple[dict[str, str], tuple[Note, ...]]:
    tags, tag_notes = extras.fields_of(tag.text().strip() for tag in element.every("tag"))
    number = element.first("idnumber")
    code, code_notes = extras.code_from(number.text().strip() if number else "")
    point, point_notes = extras.point_of(category)
    return {"knowledge_point": point, **tags, **code}, tag_notes + code_notes + point_notes


def _left_out(element: Element) -> tuple[Note, ...]:
    hints = len(element.elements("hint"))
    grade = element.first("defaultgrade")
    hint: tuple[Note, ...] = (("hint_left_out", {"count": hints}),) if hints else ()
    worth = grade.text().strip() if grade else ""
    points: tuple[Note, ...] = (("points_left_out", {"value": worth[:20]}),) if not _ONE_POINT.fullmatch(worth) else ()
    return (*hint, *points)
