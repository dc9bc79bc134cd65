"""What a file is taken for."""

from question_bank.errors import FileRefusedError
from question_bank.formats import recognise


def recognised(data: bytes) -> str:
    """Return the code of the format that *data* is taken for, or of the refusal."""
    try:
        return recognise(data).code
    except FileRefusedError as refusal:
        return refusal.code
