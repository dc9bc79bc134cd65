"""Moodle XML (docs.moodle.org, "Moodle XML format"): categories, multichoice and truefalse questions."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from question_bank.formats import extras
from question_bank.formats.found import MANY, ONE, TRUE_FALSE, Answer, Found, Note, collected, error_at
from question_bank.formats.markup import looks_like_html, plain_text
from question_bank.formats.moodle_xml_writing import written
from question_bank.formats.protocol import Reading, RowError
from question_bank.formats.samples import sample_questions
from question_bank.formats.xml_elements import Element, elements_of, root_name
from question_bank.questions import Question

_FRACTION = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,12})?")
_ONE_POINT = re.compile(r"(?:0*1(?:\.0*)?)?")
_YES = ("true", "1")
# What Moodle puts there if the author writes nothing; it says nothing about the question.
_STANDARD_FEEDBACK = frozenset({
    "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.",
    "您的回答正确", "您的回答部分正确", "您的回答不正确", "你的答案正确。", "你的答案部分正确。", "你的答案不正确。",
})  # fmt: skip
_COMBINED = {"correctfeedback": "答对时", "partiallycorrectfeedback": "部分答对时", "incorrectfeedback": "答错时"}
_FORMS = {"numerical": "numeric", "shortanswer": "short_answer", "description": "description", "essay": "essay"}
Part = tuple[str, tuple[Note, ...]]


class MoodleXml:
    """The Moodle XML format. The name of a question is not kept; marks for a question belong to the blueprint."""

    code = "moodle_xml"
    suffix = ".xml"
    media_type = "application/xml"
    kinds = frozenset({"true_false", "single_choice", "multiple_choice"})
    fields = frozenset(
        {"code", "version", "kind", "stem", "options", "key", "explanation", "knowledge_point", "difficulty", "tags",
         "source_document", "source_article"}
    )  # fmt: skip

    def recognises(self, data: bytes) -> bool:
        """Say whether the root element of *data* is a quiz."""
        return root_name(data) == "quiz"

    def read(self, data: bytes, bank: str) -> Reading:
        """Return the questions in *data*. Malformed XML and document types are refused as a whole, with the line."""
        return collected(_questions(elements_of(data, ["quiz"], ["question"], skipped=["file"])), bank)

    def write(self, questions: Iterable[Question]) -> bytes:
        """Return a Moodle XML file: knowledge points as categories, codes as idnumber, the rest as tags."""
        return written(questions)

    def template(self) -> bytes:
        """Return one sample question a kind."""
        return written(sample_questions(), with_fields=False)


def _questions(elements: Iterable[Element]) -> Iterator[Found | RowError]:
    category = ""
    row = 0
    for element in elements:
        kind = element.attributes.get("type", "")
        if kind == "category":
            name = element.first("category")
            category = name.text().strip() if name else ""
            continue
        row += 1
        found = _stated(element, row, kind, category)
        reader = _READERS.get(kind)
        try:
            yield reader(element, found) if reader else found
        except ValueError as error:
            yield error_at(found, "unreadable_weight", "key", value=str(error)[:80])


def _stated(element: Element, row: int, kind: str, category: str) -> Found:
    """Return what all question types have in common."""
    stem, stem_notes = _said(element.first("questiontext"))
    general, general_notes = _said(element.first("generalfeedback"))
    fields, field_notes = _fields(element, category)
    notes = stem_notes + general_notes + field_notes + _left_out(element)
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
    files: tuple[Note, ...] = (("file_left_out", {"count": n}),) if (n := sum(1 for _ in element.every("file"))) else ()
    hint: tuple[Note, ...] = (("hint_left_out", {"count": hints}),) if hints else ()
    worth = grade.text().strip() if grade else ""
    points: tuple[Note, ...] = (("points_left_out", {"value": worth[:20]}),) if not _ONE_POINT.fullmatch(worth) else ()
    return (*files, *hint, *points)


def _choice(element: Element, found: Found) -> Found:
    single = element.first("single")
    is_one = single is None or single.text().strip().lower() in _YES
    answers, notes = _answers(element)
    feedback, more = _combined(element)
    form = ONE if is_one else MANY
    return replace(found, form=form, answers=answers, feedback=feedback, notes=found.notes + notes + more)


def _true_false(element: Element, found: Found) -> Found:
    """Return the question with its answers as 正确 and 错误; where they say neither, the first one is "true"."""
    answers, notes = _answers(element)
    if [answer.text.casefold() for answer in answers] == ["false", "true"]:
        answers = answers[::-1]
    named = tuple(replace(answer, text=word) for answer, word in zip(answers, ("正确", "错误"), strict=False))
    answers = named if len(answers) == len(named) else answers
    return replace(found, form=TRUE_FALSE, answers=answers, notes=found.notes + notes)


_READERS: Mapping[str, Callable[[Element, Found], Found]] = {"multichoice": _choice, "truefalse": _true_false}


def _answers(element: Element) -> tuple[tuple[Answer, ...], tuple[Note, ...]]:
    """Return the answers; raises ValueError for a fraction that is no number from -100 to 100."""
    answers: list[Answer] = []
    notes: tuple[Note, ...] = ()
    for one in element.elements("answer"):
        text, own = _said(one)
        feedback, more = _said(one.first("feedback"))
        answers.append(Answer(text, _weight(one.attributes.get("fraction", "")), feedback))
        notes += own + more
    return tuple(answers), notes


def _weight(text: str) -> Fraction:
    if not _FRACTION.fullmatch(text.strip()) or abs(weight := Fraction(text.strip()) / 100) > 1:
        raise ValueError(text)
    return weight


def _combined(element: Element) -> tuple[tuple[tuple[str, str], ...], tuple[Note, ...]]:
    told: list[tuple[str, str]] = []
    notes: tuple[Note, ...] = ()
    for name, about in _COMBINED.items():
        text, own = _said(element.first(name))
        if text in _STANDARD_FEEDBACK:
            notes += (("standard_feedback_left_out", {"value": text}),)
        elif text:
            told.append((about, text))
            notes += own
    return tuple(told), notes


def _said(element: Element | None) -> Part:
    """Return what <text> in *element* says, as plain text by its format attribute (HTML if it has none)."""
    if element is None:
        return "", ()
    inner = element.first("text")
    text = inner.text() if inner else "".join(child for child in element.children if isinstance(child, str))
    markup = element.attributes.get("format", "html")
    if markup == "html" or (markup == "moodle_auto_format" and looks_like_html(text)):
        return plain_text(text)
    return text.strip(), (("markdown_kept", {}),) if markup == "markdown" and text.strip() else ()
