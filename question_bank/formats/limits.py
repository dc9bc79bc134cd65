"""How much a file of questions may hold, whatever its format. Beyond this it is refused before it is taken apart."""

from question_bank.errors import FileRefusedError

MOST_ROWS = 20_000
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 200 * 1024 * 1024


def refuse_large(data: bytes) -> None:
    """Raise FileRefusedError ("empty_file", "file_too_large") for what is not worth reading."""
    if not data:
        raise FileRefusedError("empty_file", line=1)
    if len(data) > MOST_BYTES:
        raise FileRefusedError("file_too_large", bytes=len(data), most=MOST_BYTES)


def readable(data: bytes) -> bytes:
    """Return *data*, which was just written, unless it is larger than what is read again ("file_too_large")."""
    refuse_large(data)
    return data


def refuse_many(count: int) -> None:
    """Raise FileRefusedError ("too_many_rows") for more questions than one file may hold."""
    if count > MOST_ROWS:
        raise FileRefusedError("too_many_rows", most=MOST_ROWS)
