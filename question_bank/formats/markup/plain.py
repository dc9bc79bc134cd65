"""HTML to plain text, as a reader would see it. In time linear in the length."""

import html
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Protocol

MOST_CHARACTERS = 400_000
_BLOCKS = frozenset({
    "p", "div", "pre", "ul", "ol", "li", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr",
    "section", "article", "dl", "dt", "dd", "center",
})  # fmt: skip
PICTURES = frozenset({"img", "picture", "object", "embed", "video", "audio", "iframe", "svg", "canvas", "map"})
SILENT = frozenset({"script", "style", "head", "title", "svg", "object", "video", "audio", "iframe", "canvas"})
_RAISED = {
    "sup": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}
_SIGN = {"sup": "^", "sub": "_"}
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:._-]*)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_NONE: Mapping[str, str] = {}
_WITH_ATTRIBUTES = frozenset({"img", "object", "embed"})
_ATTRIBUTE = re.compile(r"([A-Za-z][A-Za-z-]{0,40})\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|img|a|ul|ol|li|table|tr|td|th|pre|code|font|hr|h[1-6])\b[^<>]{0,400}>"
    r"|&(?:nbsp|lt|gt|amp|quot|#[0-9]{1,7});",
    re.IGNORECASE,
)  # fmt: skip


class Sink(Protocol):
    """Who is told of the pieces of an HTML text."""

    def text(self, source: str) -> None:
        """Take text between tags, its references not yet resolved."""

    def start(self, name: str, attributes: Mapping[str, str], tag: str) -> None:
        """Open the element *name* (lower case), written as *tag*; attributes only of those that show a picture."""

    def end(self, name: str) -> None:
        """Close the element *name*."""


class PlainText:
    """Collects the text of a run of elements as a reader would see it: blocks on lines of their own, blanks joined."""

    def __init__(self) -> None:
        """Start empty."""
        self._parts: list[str] = []
        self._preserving = 0
        self._silent = 0
        self._raised: list[int] = []

    def text(self, source: str) -> None:
        """Add text; blanks are joined unless a pre element is open."""
        if self._silent:
            return
        text = unescaped(source)
        if not self._preserving:
            text = _BLANKS.sub(" ", text)
            if text.startswith(" ") and (not self._last() or self._last().endswith(("\n", " "))):
                text = text[1:]
        if text:
            self._parts.append(text)

    def start(self, name: str, attributes: Mapping[str, str], tag: str = "") -> None:
        """Open the element *name*."""
        if name in PICTURES and not self._silent:
            self._parts.append(in_place_of(attributes.get("alt", "")))
        self._silent += name in SILENT
        self._break(name)
        if name == "br" and not self._silent:
            self._end_line()
            self._parts.append("\n")
        elif name == "li" and not self._silent:
            self._parts.append("· ")
        self._preserving += name == "pre"
        if name in _SIGN:
            self._raised.append(len(self._parts))

    def end(self, name: str) -> None:
        """Close the element *name*."""
        self._silent = max(0, self._silent - (name in SILENT))
        self._preserving = max(0, self._preserving - (name == "pre"))
        if name in _SIGN and self._raised:
            place = self._raised.pop()
            raised = "".join(self._parts[place:])
            self._parts[place:] = [_raised(name, raised)]
        if name in ("td", "th"):
            self._parts.append(" ")
        self._break(name)

    def result(self) -> str:
        """Return the text, trimmed."""
        return "".join(self._parts).strip()

    def _break(self, name: str) -> None:
        if name in _BLOCKS and not self._silent:
            self._end_line()
            if (last := self._last()) and not last.endswith("\n"):
                self._parts.append("\n")

    def _end_line(self) -> None:
        if self._parts and not self._preserving:
            self._parts[-1] = self._parts[-1].rstrip(" ")

    def _last(self) -> str:
        return next((part for part in reversed(self._parts[-4:]) if part), "")


def in_place_of(alternative: str) -> str:
    """Return what stands where a picture cannot: "[图：alternative]"."""
    described = " ".join(alternative.split())
    return f"[图：{described}]" if described else "[图]"


def _raised(name: str, text: str) -> str:
    table = _RAISED[name]
    if text and all(ord(character) in table for character in text):
        return text.translate(table)
    return f"{_SIGN[name]}({text})" if text.strip() else ""


def plain_text(source: str) -> str:
    """Return the HTML *source* as plain text; at most MOST_CHARACTERS of it are read."""
    made = PlainText()
    follow(source[:MOST_CHARACTERS], made)
    return made.result()


def follow(source: str, sink: Sink) -> None:
    """Tell *sink* of the pieces of the HTML *source*.

    A tag that is never closed is text, a comment that is never closed reaches to the end.
    """
    place = 0
    last_close = source.rfind(">")
    while 0 <= (sign := source.find("<", place)) < last_close:
        if sign > place:
            sink.text(source[place:sign])
        place = _after_markup(sink, source, sign)
    if place < len(source):
        sink.text(source[place:])


def _after_markup(sink: Sink, source: str, sign: int) -> int:
    """Follow what begins with the "<" at *sign* and return where it ends."""
    if tag := _TAG.match(source, sign):
        _tell(sink, tag)
        return tag.end()
    if source.startswith(("<!", "<?"), sign):
        close = "-->" if source.startswith("<!--", sign) else ">"
        end = source.find(close, sign)
        return end + len(close) if end >= 0 else len(source)
    sink.text("<")
    return sign + 1


def _tell(sink: Sink, tag: re.Match[str]) -> None:
    closing, name, rest = tag.groups()
    name = name.lower()
    if closing:
        sink.end(name)
        return
    sink.start(name, _attributes(rest) if name in _WITH_ATTRIBUTES else _NONE, tag[0])
    if rest.endswith("/") and name not in ("p", "div"):
        sink.end(name)


def _attributes(rest: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(rest)
    return {one[1].lower(): unescaped(one[2] or one[3] or one[4] or "") for one in found}


def unescaped(text: str) -> str:
    """Return *text* with character references resolved; what is none stays as it is."""
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text) if "&" in text else text


def looks_like_html(text: str) -> bool:
    """Say whether *text*, of no stated format, holds tags or character references."""
    return bool(_LOOKS_LIKE_HTML.search(text))


def line_ends_shown(text: str) -> str:
    """Return HTML of Moodle's own format, in which line ends count, as HTML: but for those beside a tag."""
    lines = [line.strip(" \t") for line in text.strip().split("\n")]
    shown = lines[:1]
    for before, line in pairwise(lines):
        shown += (" " if before.endswith(">") or line.startswith("<") else "<br>", line)
    return "".join(shown)
