"""How much a file of questions may hold, whatever its format. Beyond this it is refused before it is taken apart."""

from question_bank.errors import FileRefusedError

MOST_ROWS = 20_000
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 200 * 1024 * 1024


def refuse_large(data: bytes) -> None:
    """Raise FileRefusedError ("empty_file", "file_too_large") for what is not worth reading."""
    if not data:
        raise FileRefusedError("empty_file", line=1)
    refuse_size(len(data))


def refuse_size(count: int) -> None:
    """Raise FileRefusedError ("file_too_large") for a file of *count* bytes, if possible before it is read at all."""
    if count > MOST_BYTES:
        raise FileRefusedError("file_too_large", bytes=count, most=MOST_BYTES)


def readable(data: bytes) -> bytes:
    """Return *data*, which was just written, unless it is larger than what is read again ("file_too_large")."""
    refuse_large(data)
    return data


def refuse_many(count: int, line: int = 1) -> None:
    """Raise FileRefusedError ("too_many_rows") for more questions than one file may hold; line: of the last one."""
    if count > MOST_ROWS:
        raise FileRefusedError("too_many_rows", most=MOST_ROWS, line=line)
