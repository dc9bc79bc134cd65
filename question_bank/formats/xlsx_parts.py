"""The parts of a workbook before a library takes them apart: nothing in them may make it work without end."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from question_bank.errors import FileRefusedError
from question_bank.formats.archives import BROKEN

MOST_PARTS = 10_000
MOST_ELEMENTS = 2_500_000
"""How many elements all parts may have together: 20,000 rows of 30 cells need 2,400,000."""
MOST_OTHERS = 100_000
"""How many elements a part may have beside its rows: formats, names, rules, of which a library builds every one."""
MOST_SHEETS = 1_000
_BUILT = frozenset({"worksheet", "styleSheet", "workbook", "Relationships", "Types"})
_MOST_CELLS_OF_ROW = 16_384  # as many as Excel has columns
_MOST_DEPTH = 200
_PICTURES = ("xl/media/", "xl/drawings/drawing", "xl/charts/chart")
_CHUNK = 256 * 1024
_MOST_PIECE_BYTES = 1024 * 1024
"""How long one tag, comment or text may be; a cell holds 32,767 characters."""
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""What may stand before the first tag: blanks, a byte order mark, and the zeros of UTF-16."""
MOST_MERGED = 20_000
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main workbook"


@dataclass(frozen=True)
class Merged:
    """Cells merged into one, which holds what they say: *column* and *first* row are its, *last* the lowest row."""

    column: int
    first: int
    last: int


def refuse_harm(archive: zipfile.ZipFile, most_unpacked: int) -> Mapping[str, Sequence[Merged]]:
    """Return the merged cells of each part, by its name.

    Raises FileRefusedError for a workbook that means harm: "unpacks_too_large", "broken_workbook" (reason), and for one
    that cannot be read: "strict_workbook", "encrypted_archive" (name). A workbook never declares a document type, and
    every entity bomb must. Any part may be called anything, so none is passed over.
    """
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > most_unpacked:
        raise FileRefusedError("unpacks_too_large", bytes=unpacked, most=most_unpacked)
    if len(entries) > MOST_PARTS:
        raise FileRefusedError("broken_workbook", reason="too many parts")
    counted = 0
    merged: dict[str, Sequence[Merged]] = {}
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise FileRefusedError("encrypted_archive", name=entry.filename[:200])
        part = _Part(counted)
        _follow(archive, entry, part)
        counted, merged[entry.filename] = part.elements, part.merged
    return merged


def pictures_in(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Return the names of pictures, drawings and charts that lie on the sheets: they are not read."""
    return tuple(name for name in archive.namelist() if name.startswith(_PICTURES))


def _follow(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, part: "_Part") -> None:
    """Follow an entry if it is XML. What is malformed is named by who reads it.

    The parser looks at an unfinished tag again with each chunk, so one without end would take it for ever.
    """
    silent_for = 0
    try:
        with archive.open(entry) as opened:
            chunk = opened.read(_CHUNK)
            start = chunk.lstrip(_BEFORE_XML)
            if start and not start.startswith(b"<"):
                return
            while chunk:
                before = part.elements
                part.parser.Parse(chunk, False)
                silent_for = silent_for + len(chunk) if part.elements == before else 0
                if silent_for > _MOST_PIECE_BYTES:
                    raise FileRefusedError("broken_workbook", reason="a text or tag too long")
                chunk = opened.read(_CHUNK)
    except (*BROKEN, expat.ExpatError):
        return


class _Part:
    """Counts the elements of a part."""

    def __init__(self, counted: int) -> None:
        self.elements = counted
        self.merged: list[Merged] = []
        self._open: list[str] = []
        self._cells = self._row = self._others = self._sheets = 0
        self._is_built = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _type(self, *_: object) -> None:
        raise FileRefusedError("broken_workbook", reason="document type declaration")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if not self._open:
            self._is_built = name.rpartition(" ")[2] in _BUILT
        elif self._is_built and not (len(self._open) > 1 and self._open[1].endswith(" sheetData")):
            self._others += 1
        self._open.append(name)
        if name.endswith(" sheet"):
            self._sheets += 1
        if name == _STRICT:
            raise FileRefusedError("strict_workbook")
        if name.endswith(" row"):
            self._cells = 0
            self._follow_rows(attributes.get("r", ""))
        if name.endswith(" mergeCell"):
            self._merge(attributes.get("ref", ""))
        self._cells += 1
        if self.elements > MOST_ELEMENTS or self._others > MOST_OTHERS or len(self._open) > _MOST_DEPTH:
            raise FileRefusedError("broken_workbook", reason="too many elements")
        if self._sheets > MOST_SHEETS:
            raise FileRefusedError("broken_workbook", reason="too many sheets")
        if self._cells > 4 * _MOST_CELLS_OF_ROW and any(one.endswith(" row") for one in self._open):
            raise FileRefusedError("broken_workbook", reason="too many cells")

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _follow_rows(self, number: str) -> None:
        """Refuse rows that stand out of order: they would be passed over."""
        row = int(number) if number.isascii() and number.isdigit() else self._row + 1
        if row <= self._row:
            raise FileRefusedError("broken_workbook", reason="rows out of order")
        self._row = row

    def _merge(self, reference: str) -> None:
        if len(self.merged) >= MOST_MERGED:
            raise FileRefusedError("broken_workbook", reason="too many merged cells")
        if found := _RANGE.fullmatch(reference):
            self.merged.append(Merged(column_index_from_string(found[1]), int(found[2]), int(found[3])))
