"""XML to elements that know their line: one question at a time, and nothing that a document type could do.

Document types are refused before anything in them is looked at, so there are no entities to expand and no other files
to fetch; where the files of a format only name one, it is passed over (document_types). Only the elements that are
asked for are built, and each is dropped when the next one is asked for.
"""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from question_bank.errors import FileRefusedError
from question_bank.formats.document_types import without_named
from question_bank.formats.texts import beginning, decoded

MOST_ELEMENTS = 20_000
MOST_CHARACTERS = 4_000_000
MOST_DEPTH = 100
MOST_TAG_BYTES = 1024 * 1024
"""How long one tag or comment may be; the parser keeps an unfinished one in memory."""
MOST_FILE_CHARACTERS = 3 * 1024 * 1024
"""How much of a file that stands in an element is kept: enough for 2 MiB in base64."""
_XML = "http://www.w3.org/XML/1998/namespace "
_CHUNK = 64 * 1024
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "gb2312": "gb18030", "gbk": "gb18030",
    "gb18030": "gb18030", "utf-16": "", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be", "iso-8859-1": "iso-8859-1", "iso-8859-2": "iso-8859-2", "iso-8859-15": "iso-8859-15",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252", "koi8-r": "koi8-r", "big5": "big5",
    "shift_jis": "shift_jis", "euc-jp": "euc-jp", "euc-kr": "euc-kr",
}  # fmt: skip
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_OTHER_THAN_ELEMENTS = (("<?", "?>"), ("<!--", "-->"), ("<!", ">"))
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")


@dataclass
class Element:
    """An element. name: without prefix. attributes: by name without prefix. line: of its start tag, from 1.

    base: xml:base of this element and those around it, joined. is_cut: whether its text was too long to be kept.
    """

    name: str
    attributes: dict[str, str]
    line: int
    children: "list[Element | str]" = field(default_factory=list)
    base: str = ""
    is_cut: bool = False

    def elements(self, *names: str) -> "list[Element]":
        """Return the child elements that have one of *names*, all of them if none are given."""
        found = (child for child in self.children if isinstance(child, Element))
        return [child for child in found if not names or child.name in names]

    def first(self, name: str) -> "Element | None":
        """Return the first child element called *name*."""
        return next(iter(self.elements(name)), None)

    def every(self, *names: str) -> "Iterator[Element]":
        """Yield every element below this one that has one of *names* (all, if none are given), in document order."""
        waiting = self.elements()[::-1]
        while waiting:
            one = waiting.pop()
            if not names or one.name in names:
                yield one
            waiting += one.elements()[::-1]

    def text(self) -> str:
        """Return all text in this element."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def markup(self) -> str:
        """Return what stands in this element as XML: for files that write HTML into it as it is."""
        return "".join(
            html.escape(child, quote=False) if isinstance(child, str) else child.tagged() for child in self.children
        )

    def tagged(self) -> str:
        """Return this element as XML."""
        attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in self.attributes.items())
        return (
            f"<{self.name}{attributes}>{self.markup()}</{self.name}>"
            if self.children
            else f"<{self.name}{attributes}/>"
        )


def root_name(data: bytes) -> str:
    """Return the name of the root element of *data* without prefix, "" if it is no XML; never raises."""
    # In encodings that are not guessed from the bytes, names of elements are the same bytes as in ASCII.
    text = (beginning(data) or data[:_CHUNK].decode("iso-8859-1")).lstrip()
    while text.startswith(("<?", "<!")):
        _, close = next(pair for pair in _OTHER_THAN_ELEMENTS if text.startswith(pair[0]))
        if close == ">" and "[" in text.partition(">")[0]:  # a document type with declarations in it
            close = "]>"
        text = text.partition(close)[2].lstrip()
    root = _ROOT.match(text)
    return root[1] if root else ""


def elements_of(
    data: bytes,
    roots: Collection[str],
    wanted: Collection[str],
    files: Collection[str] = (),
    may_name_type: bool = False,
) -> Iterator[Element]:
    """Yield the elements of *data* that have a name in *wanted*, each when it ends; those inside others stay there.

    roots: names that the root element may have. files: elements that hold a file in base64: their text is not counted,
    and cut off where it is longer than that of any picture. may_name_type: whether a document type that declares
    nothing is passed over.
    Raises FileRefusedError, always with the line: "malformed_xml", "wrong_root", "document_type", "xml_too_deep",
    "element_too_large", and what texts.decoded raises.
    """
    builder = _Builder(roots, wanted, files)
    text = decoded(data, _declared(data))
    source = (without_named(text) if may_name_type else text).encode()
    for start in range(0, max(len(source), 1), _CHUNK):
        builder.feed(source[start : start + _CHUNK], start + _CHUNK >= len(source))
        yield from builder.taken()


def _joined(base: str, own: str) -> str:
    return own if own.startswith("/") or not base else f"{base.rstrip('/')}/{own}" if own else base


def _declared(data: bytes) -> str:
    """Return the encoding that *data* names, "" if none. One that we do not know is never guessed to be GB18030."""
    match = _DECLARED.match(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    return _ENCODINGS.get(match[1].decode().lower(), "utf-8") if match else ""


class _Builder:
    """Follows the events of the parser."""

    def __init__(self, roots: Collection[str], wanted: Collection[str], files: Collection[str]) -> None:
        self._roots, self._wanted, self._files = roots, wanted, files
        self._ready: list[Element] = []
        self._open: list[Element] = []
        self._bases: list[str] = [""]
        self._elements = self._characters = self._file_characters = 0
        self._silent_for = 0
        # The text is UTF-8 by now, whatever its declaration says.
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._document_type

    def feed(self, data: bytes, is_last: bool) -> None:
        """Take the next bytes."""
        self._silent_for += len(data)
        if self._silent_for > MOST_TAG_BYTES:
            self._refuse("element_too_large")
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise FileRefusedError("malformed_xml", line=error.lineno, column=error.offset + 1, reason=reason) from None

    def taken(self) -> list[Element]:
        """Return the elements that are complete, each once."""
        ready, self._ready = self._ready, []
        return ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._silent_for = 0
        self._bases.append(_joined(self._bases[-1], attributes.pop(f"{_XML}base", "")))
        depth = len(self._bases) - 1
        if depth == 1 and local not in self._roots:
            self._refuse("wrong_root", root=local[:80], expected=tuple(self._roots))
        if depth > MOST_DEPTH:
            self._refuse("xml_too_deep", most=MOST_DEPTH)
        if not (self._open or local in self._wanted):
            return
        own = {key.rpartition(" ")[2]: text for key, text in attributes.items()}
        element = Element(local, own, self._line(), base=self._bases[-1])
        if not self._open:
            self._elements = self._characters = 0
        else:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._file_characters = 0
        self._count(1, sum(map(len, attributes.values())))

    def _end(self, _name: str) -> None:
        self._bases.pop()
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._ready.append(element)

    def _text(self, text: str) -> None:
        self._silent_for = 0
        if not self._open:
            return
        element = self._open[-1]
        if element.name in self._files:
            self._file_characters += len(text)
            element.is_cut = element.is_cut or self._file_characters > MOST_FILE_CHARACTERS
            if element.is_cut:
                element.children.clear()
                return
        else:
            self._count(0, len(text))
        element.children.append(text)

    def _count(self, elements: int, characters: int) -> None:
        self._elements += elements
        self._characters += characters
        if self._elements > MOST_ELEMENTS or self._characters > MOST_CHARACTERS:
            self._refuse("element_too_large")

    def _document_type(self, *_: object) -> None:
        self._refuse("document_type")

    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _refuse(self, code: str, **data: object) -> None:
        raise FileRefusedError(code, line=self._line(), **data)
