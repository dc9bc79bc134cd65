"""The file formats. A new format is one file here and one line in FORMATS."""

from collections.abc import Mapping

from question_bank.errors import FileRefusedError
from question_bank.formats.protocol import Format, Reading, RowError, RowQuestion
from question_bank.formats.xlsx import Xlsx

_ALL: tuple[Format, ...] = (Xlsx(),)

FORMATS: Mapping[str, Format] = {form.code: form for form in _ALL}


def recognise(data: bytes) -> Format:
    """Return the format of *data*, by its content; raises FileRefusedError ("unknown_format")."""
    for form in _ALL:
        if form.recognises(data):
            return form
    raise FileRefusedError("unknown_format")


__all__ = ["FORMATS", "Format", "Reading", "RowError", "RowQuestion", "recognise"]
