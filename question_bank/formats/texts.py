"""Bytes of a text file to its text: UTF-8 with or without a mark, UTF-16, GB18030; any line ends."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from question_bank.errors import FileRefusedError
from question_bank.formats.limits import refuse_large

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BEGINNING = 64 * 1024
_CHARACTER = re.compile(rb"[\x81-\xfe](?:[\x30-\x39][\x81-\xfe][\x30-\x39]|[\x40-\xfe])")
_JUDGED = 20_000
"""How many characters beyond ASCII tell whether a file is Chinese."""
# The readers use these code points, which are no characters (Unicode 23.7), to stand for escaped signs.
_FORBIDDEN = re.compile("[\x00\ufdd0-\ufdef\ufffe\uffff]")


def decoded(data: bytes, declared: str = "") -> str:
    """Return the text in *data* with line feeds as line ends and without a byte order mark.

    declared: an encoding that the file itself names, "" if none; a byte order mark goes before it.
    Raises FileRefusedError: "empty_file", "file_too_large", "unreadable_text" (line, encodings that were tried),
    "forbidden_character" (line).
    """
    refuse_large(data)
    text = _strictly_decoded(data, declared).replace("\r\n", "\n").replace("\r", "\n")
    if found := _FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise FileRefusedError("forbidden_character", line=line, character=f"U+{ord(found[0]):04X}")
    return text


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of *text* without their ends, one by one: a list of millions of short ones fills the memory.

    Files that were joined have byte order marks before their first lines; these are left out as well.
    """
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end].lstrip("\ufeff")
        start = end + 1
    yield text[start:].lstrip("\ufeff")


def beginning(data: bytes) -> str:
    """Return the first part of *data* (64 KiB) as text, "" if it is none; never raises."""
    start = data[:_BEGINNING]
    mark, encoding = _encoding(start)
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            # An incremental decoder does not mind a character that is cut in two at the end.
            text = codecs.getincrementaldecoder(name)("strict").decode(start[mark:])
        except UnicodeDecodeError:
            continue
        return "" if "\x00" in text else text.replace("\r\n", "\n").replace("\r", "\n")
    return ""


def _encoding(data: bytes) -> tuple[int, str]:
    """Return the length of the byte order mark and the encoding; 0 and "" if the bytes do not tell."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return len(mark), encoding
    # Text in UTF-16 has line feeds, digits or blanks, whose other byte is zero; no other encoding has zero bytes.
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if even != odd and min(even, odd) * 8 <= max(even, odd) and max(even, odd) * 100 >= len(data):
        return 0, "utf-16-le" if odd > even else "utf-16-be"
    return 0, ""


def _strictly_decoded(data: bytes, declared: str) -> str:
    mark, encoding = _encoding(data)
    candidates = (encoding,) if encoding else (declared,) if declared else ("utf-8", "gb18030")
    furthest = 0
    for name in candidates:
        try:
            text = data[mark:].decode(name)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
            continue
        if name != "gb18030" or name == declared or (doubt := _where_no_chinese(data)) is None:
            return text
        furthest = max(furthest, doubt)
    line = data.count(b"\n", 0, mark + furthest) + 1
    raise FileRefusedError("unreadable_text", line=line, encodings=candidates)


def _where_no_chinese(data: bytes) -> int | None:
    """Return where *data*, valid GB18030 but no UTF-8, is hardly Chinese after all; None if it may be.

    Western text of old decodes as well: a letter with an accent and the one behind it become a character that nobody
    uses. Of the characters of Chinese text few have an ASCII letter for their second byte.
    """
    found = list(islice(_CHARACTER.finditer(data), _JUDGED))
    western = [one.start() for one in found if b"\x40" <= one[0][1:2] <= b"\x7e"]
    return western[0] if len(western) * 2 > len(found) else None
