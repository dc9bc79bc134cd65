"""The file formats. A new format is one file or folder here and one line in FORMATS."""

from collections.abc import Mapping
from dataclasses import fields

from question_bank.errors import FileRefusedError
from question_bank.formats.aiken import Aiken
from question_bank.formats.csv import Csv
from question_bank.formats.gift import Gift
from question_bank.formats.limits import refuse_large
from question_bank.formats.moodle_xml import MoodleXml
from question_bank.formats.protocol import Format, Reading, Remark, RowError, RowQuestion
from question_bank.formats.qti import QTI_FORMATS
from question_bank.formats.strangers import name_of, refusal_of
from question_bank.formats.xlsx import Xlsx
from question_bank.questions import Question

# In the order in which they are tried: the strict ones before those that take almost any text.
_ALL: tuple[Format, ...] = (Xlsx(), *QTI_FORMATS, MoodleXml(), Csv(), Aiken(), Gift())

FORMATS: Mapping[str, Format] = {form.code: form for form in _ALL}


def recognise(data: bytes) -> Format:
    """Return the format of *data*, by its content.

    Raises FileRefusedError: "empty_file", "file_too_large", "office_file" (value: JSON, PDF and the like), and those of
    strangers.refusal_of.
    """
    refuse_large(data)
    if name := name_of(data):
        raise FileRefusedError("office_file", value=name)
    for form in _ALL:
        if form.recognises(data):
            return form
    raise refusal_of(data)


def left_out(form: Format, question: Question) -> tuple[str, ...]:
    """Return the fields of *question* that *form* would lose, in order; ("kind",) if it cannot be written at all.

    Beside the fields of a question: "weights", "feedback" (of options) and "pictures". A field that holds its default
    is not lost: it comes back as it was. The bank is never lost, for questions are always read into a bank that is
    named.
    """
    if question.kind not in form.kinds or not form.carries(question):
        return ("kind",)
    lost = (field for field in fields(Question) if field.name not in form.fields and field.name != "bank")
    options = [*question.options, *(option for part in question.parts for option in part.options)]
    more = {
        "weights": any(option.weight for option in options),
        "feedback": any(option.feedback for option in options),
        "pictures": bool(question.pictures),
    }
    own = (field.name for field in lost if getattr(question, field.name) != field.default)
    return (*own, *(name for name, has in more.items() if has and name not in form.fields))


__all__ = ["FORMATS", "Format", "Reading", "Remark", "RowError", "RowQuestion", "left_out", "recognise"]
